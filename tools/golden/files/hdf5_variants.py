"""HDF5 files as today's h5py and h5repack write them, for the tests of crates/formats: the same content in many forms.

`model` is a small Keras model in an old .h5 file; each form writes it in its own way. The content that is the same in all
of them is read back with h5py before a file is kept.
"""

import ctypes
from pathlib import Path

import h5py
import numpy as np

KERNEL = (np.arange(96, dtype="<f4").reshape(12, 8) - 40) / 8
BIAS = np.arange(8, dtype="<f4") / 4


def model(file, dtype="<f4", texts="vlen", **storage):
    """The groups, attributes and arrays of an old Keras file. `storage` is how arrays are stored."""
    def listed(names):
        return np.array(names, "S") if texts == "fixed" else np.array(names, h5py.string_dtype())

    file.attrs["backend"] = "tensorflow"
    file.attrs["keras_version"] = np.bytes_(b"2.15.0") if texts == "fixed" else "2.15.0"
    file.attrs["model_config"] = '{"class_name": "Sequential"}'
    weights = file.create_group("model_weights")
    weights.attrs["layer_names"] = listed(["dense"])
    dense = weights.create_group("dense")
    dense.attrs["weight_names"] = listed(["dense/kernel:0", "dense/bias:0"])
    options = dict(storage)
    bias = dict(storage)
    if "chunks" in options and options["chunks"] is not True:
        bias["chunks"] = (min(options["chunks"][0], 8),)
    if "maxshape" in options:
        bias["maxshape"] = options["maxshape"][:1]
    dense.create_dataset("dense/kernel:0", data=KERNEL.astype(dtype), **options)
    dense.create_dataset("dense/bias:0", data=BIAS.astype(dtype), **bias)


def check(path):
    with h5py.File(path) as file:
        dense = file["model_weights/dense"]
        names = [n.decode() if isinstance(n, bytes) else n for n in dense.attrs["weight_names"]]
        assert names == ["dense/kernel:0", "dense/bias:0"]
        np.testing.assert_array_equal(dense[names[0]][...].astype("f8"), KERNEL.astype("f8"))
        np.testing.assert_array_equal(dense[names[1]][...].astype("f8"), BIAS.astype("f8"))


def low(version):
    return {"libver": (version, "latest")}


BIG = {"chunks": (5, 3)}
FORMS = {
    # How the file is opened, and how arrays are stored.
    "latest": ({"libver": "latest"}, {}),
    "v108": ({"libver": ("v108", "v108")}, {}),
    "v110": ({"libver": ("v110", "v110")}, {}),
    "v114": ({"libver": ("v114", "v114")}, {}),
    "track_order": ({"track_order": True}, {}),
    "user_block": ({"userblock_size": 512}, {}),
    "user_block_4096_latest": ({"userblock_size": 4096, "libver": "latest"}, {}),
    "chunks": ({}, BIG),
    "deflate": ({}, {**BIG, "compression": "gzip"}),
    "all_filters": ({}, {**BIG, "compression": 9, "shuffle": True, "fletcher32": True}),
    "lzf": ({}, {**BIG, "compression": "lzf", "shuffle": True}),
    "fletcher32": ({}, {**BIG, "fletcher32": True}),
    "whole_chunk": ({"libver": "latest"}, {"chunks": (12, 8), "compression": "gzip"}),
    "whole_chunk_raw": ({"libver": "latest"}, {"chunks": (12, 8)}),
    "fixed_array": ({"libver": "latest"}, BIG),
    "fixed_array_filters": (
        {"libver": "latest"},
        {**BIG, "compression": 9, "shuffle": True, "fletcher32": True},
    ),
    "fixed_array_room": ({"libver": "latest"}, {**BIG, "maxshape": (20, 30)}),
    "extensible_array": ({"libver": "latest"}, {"chunks": (1, 1), "maxshape": (None, 8)}),
    "extensible_second": (
        {"libver": "latest"},
        {"chunks": (5, 3), "maxshape": (12, None), "compression": "gzip"},
    ),
    "tree_2": ({"libver": "latest"}, {"chunks": (1, 2), "maxshape": (None, None)}),
    "tree_2_filters": (
        {"libver": "latest"},
        {"chunks": (5, 3), "maxshape": (None, None), "compression": "gzip", "shuffle": True},
    ),
    "big_endian": ({}, {"dtype": ">f4"}),
    "float16": ({}, {"dtype": "<f2"}),
    "float64_big_endian_latest": ({"libver": "latest"}, {"dtype": ">f8", **BIG}),
    "fixed_texts": ({"libver": "latest"}, {"texts": "fixed"}),
}


def paged(path):
    """Indexes so long that they come in pages: more chunks than one page has."""
    with h5py.File(path, "w", libver="latest") as file:
        file.create_dataset("fixed", data=np.arange(1100, dtype="u1"), chunks=(1,))
        file.create_dataset("growing", data=np.arange(300, dtype="u1"), chunks=(1,), maxshape=(None,))


def implicit(path):
    """Chunks one after another, as when room is made for all of them at once."""
    with h5py.File(path, "w", libver="latest") as file:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((5, 3))
        plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        space = h5py.h5s.create_simple((12, 8))
        h5py.h5d.create(file.id, b"a", h5py.h5t.IEEE_F32LE, space, plan)
        file["a"][...] = KERNEL


def raw_edges(path):
    """Packed chunks, except those that the array's edges cut: the library's option `DONT_FILTER_PARTIAL_CHUNKS`."""
    library = ctypes.CDLL(next(map(str, Path(h5py.__file__).parents[1].glob("h5py.libs/libhdf5-*"))))
    set_options = library.H5Pset_chunk_opts
    set_options.argtypes, set_options.restype = [ctypes.c_int64, ctypes.c_uint], ctypes.c_int
    with h5py.File(path, "w", libver="latest") as file:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((5, 3))
        plan.set_deflate(9)
        assert set_options(plan.id, 2) >= 0
        space = h5py.h5s.create_simple((12, 8))
        h5py.h5d.create(file.id, b"a", h5py.h5t.IEEE_F32LE, space, plan)
        file["a"][...] = KERNEL


def many(path):
    """More names and attributes than a header has room for, one of them alone in its heap; truth values."""
    with h5py.File(path, "w", libver="latest") as file:
        for i in range(300):
            file[f"layer {i * 37 % 300:03}"] = np.int16(i * 37 % 300)
        group = file.create_group("attributes")
        for i in range(40):
            group.attrs[f"text {i:02}"] = "ñ" * i
        group.attrs["long"] = np.arange(20_000, dtype="<i4")
        file["truths"] = np.array([True, False, True])
        file["texts"] = np.array(["uno", "", "ñandú"], h5py.string_dtype())
        file.create_dataset(
            "packed texts", data=np.array(["dos", "tres"], h5py.string_dtype()),
            chunks=(1,), compression="gzip",
        )


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (how, storage) in FORMS.items():
        with h5py.File(folder / f"{name}.h5", "w", **how) as file:
            model(file, **storage)
        check(folder / f"{name}.h5")
    for each in (paged, implicit, raw_edges, many):
        each(folder / f"{each.__name__}.h5")


if __name__ == "__main__":
    make(Path(__file__).resolve().parents[3] / "crates/formats/tests/files/hdf5/variants")
