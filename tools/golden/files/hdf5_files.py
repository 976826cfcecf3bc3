"""HDF5 files for the tests of crates/formats: by Keras, by h5py, and shaped like attacks."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import hdf5_variants
import keras
import ml_dtypes
import numpy as np


def model(functional=False):
    keras.utils.clear_session()
    inputs = keras.Input((4,))
    x = keras.layers.Dense(3, activation="relu", name="first")(inputs)
    x = keras.layers.BatchNormalization()(x)
    outputs = keras.layers.Dense(2, activation="softmax", name="last")(x)
    made = keras.Model(inputs, outputs, name="digits")
    made.compile("adam", "categorical_crossentropy")
    made.optimizer.build(made.trainable_variables)
    start = 0
    for weight in made.weights:
        count = int(np.prod(weight.shape))
        weight.assign(np.arange(start, start + count).reshape(weight.shape) / 8)
        start += count
    return made


def by_keras(folder):
    made = model()
    made.save_weights(folder / "keras.weights.h5")
    made.save(folder / "keras.h5")
    keras.utils.clear_session()
    keras.config.set_dtype_policy("bfloat16")
    half = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    half.set_weights([np.array([[1, -2], [0.5, 3]], "float32"), np.array([0, 4], "float32")])
    half.save_weights(folder / "bfloat16.weights.h5")
    keras.config.set_dtype_policy("float32")


def types(file):
    for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        file["numbers/" + name] = np.arange(6, dtype="<" + name).reshape(2, 3)
    file["bool"] = np.array([True, False, True])
    file["scalar"] = np.int64(-7)
    file["nothing"] = np.zeros((0, 3), "<f4")
    file["texts"] = ["uno", "", "ñandú"]
    file["fixed"] = np.array([b"ab", b"c", b""], "S3")
    file.create_group("empty")
    # Names that are not ASCII put a group in the newer form.
    file["ñandú/añil"] = [1.0, 2.0]
    file["ñandú/../x"] = [3.0]
    file.attrs["text"] = "hola"
    file.attrs["long"] = "x" * 70_000
    file.attrs["list"] = ["a", "bc", "ñ"]
    file.attrs["fixed"] = np.array([b"kernel:0", b"bias:0"])
    file.attrs["bytes"] = np.bytes_(b"2.9.0")
    file.attrs["number"] = 2.5
    file.attrs["flag"] = True
    file.attrs["none"] = h5py.Empty("f4")
    file.attrs["no_names"] = np.array([])
    file.attrs["á"] = np.arange(3, dtype="<i8")
    compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    compact.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((2,))
    h5py.h5d.create(file.id, b"compact", h5py.h5t.IEEE_F32LE, space, compact)
    file["compact"][...] = [1.5, -2.5]


def many(file):
    """Names over two levels of a tree."""
    for i in range(270):
        name = i * 37 % 270
        file[f"d{name:03}"] = np.int8(name % 100)


ATTACKS = {}


def attack(function):
    ATTACKS[function.__name__] = function
    return function


@attack
def soft_link(file):
    file["a"] = np.zeros(2)
    file["layers/b"] = h5py.SoftLink("/a")


@attack
def external_link(file):
    file["layers/b"] = h5py.ExternalLink("other.h5", "/a")


@attack
def external_storage(file):
    file.create_dataset("layers/0", (4,), "<f4", external=[("passwords", 0, 16)])


@attack
def virtual_dataset(file):
    layout = h5py.VirtualLayout((4,), "<f4")
    layout[:] = h5py.VirtualSource("other.h5", "a", (4,))
    file.create_virtual_dataset("layers/0", layout)


@attack
def other_filter(file):
    file.create_dataset("layers/0", data=np.zeros(400, "i4"), scaleoffset=0)


@attack
def chunks_missing(file):
    file.create_dataset("layers/0", (40,), "<f4", chunks=(10,))[:10] = 1


@attack
def bomb(file):
    file.create_dataset("layers/0", data=np.zeros((9, 1 << 20), "<f8"), chunks=(3, 1 << 20), compression=9)


@attack
def never_written(file):
    file.create_dataset("layers/0", (65536, 65536), "<f8")


@attack
def cycle(file):
    file.create_group("a/b")
    file["a/b/c"] = file["a"]


@attack
def cycle_to_the_root(file):
    file.create_group("a")
    file["a/root"] = file["/"]


@attack
def second_link(file):
    file["a"] = np.zeros(2)
    file["b"] = file["a"]


@attack
def deep(file):
    file.create_group("/".join("abcdefghij" * 4))


@attack
def compound(file):
    file["layers/0"] = np.zeros(2, [("a", "<f4"), ("b", "<i4")])


@attack
def references(file):
    file.create_dataset("layers/0", (1,), h5py.ref_dtype)


@attack
def sequences(file):
    file.create_dataset("layers/0", (1,), h5py.vlen_dtype("<i4"))


@attack
def array_type(file):
    file["layers/0"] = np.zeros(2, [("a", "<f4", 3)])["a"]
    file.create_dataset("layers/1", (2,), np.dtype(("<f4", (3,))))


@attack
def named_type(file):
    file["layers/0"] = np.dtype("<f4")


@attack
def shared_type(file):
    file["t"] = np.dtype("<f4")
    file.create_dataset("a", (2,), file["t"])


@attack
def opaque(file):
    file["layers/0"] = np.zeros(2, ml_dtypes.bfloat16)


def attacks(folder):
    for name, make in ATTACKS.items():
        with h5py.File(folder / f"{name}.h5", "w") as file:
            make(file)
    # A copy of a file that is being written.
    with h5py.File(folder / "whole.h5", "w", libver="latest") as file:
        file["a"] = np.zeros(2)
        file.flush()
        (folder / "left_open.h5").write_bytes((folder / "whole.h5").read_bytes())
    (folder / "whole.h5").unlink()


def make(folder):
    (folder / "refused").mkdir(parents=True, exist_ok=True)
    by_keras(folder)
    with h5py.File(folder / "types.h5", "w") as file:
        types(file)
    with h5py.File(folder / "many.h5", "w") as file:
        many(file)
    attacks(folder / "refused")
    hdf5_variants.make(folder / "variants")
