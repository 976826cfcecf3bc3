"""Opens what crates/formats writes with h5py, NumPy, safetensors and Keras itself.

    cargo run -p neurona-formats --example samples -- FOLDER
    python tools/golden/files/check.py FOLDER > tools/golden/files/result.txt
"""

import os
import pathlib
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import keras
import numpy as np
import safetensors
import safetensors.numpy

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import hdf5_files

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def counted(*shape):
    return np.arange(np.prod(shape, dtype=int), dtype="f4").reshape(shape)


@check
def h5py_reads_every_type(folder):
    with h5py.File(folder / "types.h5", "r") as file:
        zeros = file["zeros"]
        for name, dataset in zeros.items():
            assert dataset.shape == (2, 3)
            assert dataset.dtype == ("V2" if name == "bfloat16" else name), (name, dataset.dtype)
            assert not dataset[...].astype("V").tobytes().strip(b"\0")
        assert len(zeros) == 13
        assert zeros["bfloat16"].attrs["dtype"] == "bfloat16"
        many = file["many"]
        assert len(many) == 700
        for i in range(700):
            assert many[f"{i * 31 % 700:03}"][()] == -i
        np.testing.assert_array_equal(file["counted"][...], counted(2, 3, 4))
        assert file["nothing"].shape == (0, 3)
        assert file["texts"].asstr()[...].tolist() == ["uno", "", "ñandú"]
        assert file["truths"][...].tolist() == [True, False, True]
        assert list(file["empty"]) == []
        assert list(file) == ["counted", "empty", "many", "nothing", "texts", "truths", "zeros", "ñandú"]
        assert file["ñandú/.."].asstr()[()] == "ñ"
        assert file.attrs["long"] == "ñ" * 100_000
        assert file.attrs["names"].tolist() == ["a", "bc"]
        assert file.attrs["none"].shape == (0,)
        assert file.attrs["número"].tolist() == [0, 1]


@check
def h5py_goes_on_writing(folder):
    copy = folder / "changed.h5"
    copy.write_bytes((folder / "types.h5").read_bytes())
    with h5py.File(copy, "r+") as file:
        del file["many/123"]
        del file.attrs["long"]
        file.attrs["names"] = ["other"]
        for i in range(300):
            file[f"many/new{i}"] = i
            file[f"empty/new{i}"] = i
    with h5py.File(copy, "r") as file:
        assert len(file["many"]) == 999 and len(file["empty"]) == 300
        assert file["many/new299"][()] == 299 and "long" not in file.attrs


@check
def keras_loads_the_weights_and_trains_on(folder):
    model = hdf5_files.model()
    model.load_weights(folder / "keras.weights.h5")
    for weight in model.weights:
        np.testing.assert_array_equal(weight.numpy(), counted(*weight.shape))
    variables = [variable.numpy() for variable in model.optimizer.variables]
    assert variables[0] == 5
    for variable in variables[2:]:
        np.testing.assert_array_equal(variable, counted(*variable.shape))
    model.fit(np.ones((4, 4)), np.eye(2)[[0, 1, 0, 1]], verbose=0)


def expect_arrays(arrays):
    assert set(arrays) == {"float32", "float64", "int32", "uint8", "bool", "scalar", "nothing"}
    for name in ["float32", "float64", "int32", "uint8", "bool"]:
        want = np.arange(6).reshape(2, 3).astype(name)
        assert arrays[name].dtype == want.dtype
        np.testing.assert_array_equal(arrays[name], want)
    assert arrays["scalar"].shape == () and arrays["scalar"] == -1.5
    assert arrays["nothing"].shape == (0, 3) and arrays["nothing"].dtype == "float32"


@check
def numpy_loads_every_type(folder):
    expect_arrays({path.stem: np.load(path) for path in folder.glob("*.npy")})
    with np.load(folder / "all.npz") as arrays:
        expect_arrays(dict(arrays))


@check
def safetensors_loads_every_type(folder):
    expect_arrays(safetensors.numpy.load_file(folder / "all.safetensors"))


@check
def zipfile_finds_every_checksum_right(folder):
    with zipfile.ZipFile(folder / "members.zip") as file:
        assert file.testzip() is None
        assert file.namelist() == ["config.json", "empty", "assets/ñ"]
        assert file.read("config.json") == b"{}" and file.read("assets/ñ") == b"x"
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in file.infolist())


def main():
    folder = pathlib.Path(sys.argv[1])
    print(f"keras {keras.__version__}, h5py {h5py.__version__}, hdf5 {h5py.version.hdf5_version},", end=" ")
    print(f"numpy {np.__version__}, safetensors {safetensors.__version__}")
    for function in CHECKS:
        function(folder)
        print("ok", function.__name__.replace("_", " "))


main()
