"""NumPy's files and safetensors for the tests of crates/formats."""

import io
import json
import struct

import numpy as np
from numpy.lib import format as npy
from safetensors.numpy import save_file

TYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def make_npy(folder):
    (folder / "refused").mkdir(parents=True, exist_ok=True)
    for name in TYPES:
        order = "" if np.dtype(name).itemsize == 1 else "<"
        np.save(folder / f"{name.replace('?', 'bool')}.npy", np.arange(6).reshape(2, 3).astype(order + name))
    np.save(folder / "big.npy", np.arange(6, dtype=">i8").reshape(2, 3))
    np.save(folder / "big_floats.npy", np.arange(6, dtype=">f4").reshape(2, 3))
    np.save(folder / "columns.npy", np.asfortranarray(np.arange(24, dtype="f4").reshape(2, 3, 4)))
    np.save(folder / "scalar.npy", np.float64(-1.5))
    np.save(folder / "nothing.npy", np.zeros((0, 3), "f4"))
    np.save(folder / "row.npy", np.array([1, -2, 3], "i2"))
    for major in (2, 3):
        with open(folder / f"version{major}.npy", "wb") as file:
            npy.write_array(file, np.arange(3, dtype="u1"), version=(major, 0))
    refused = folder / "refused"
    np.save(refused / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    np.save(refused / "records.npy", np.zeros(2, [("a", "<f4"), ("b", "<i4")]))
    np.save(refused / "texts.npy", np.array(["a", "bc"]))
    np.save(refused / "complex.npy", np.zeros(2, "<c8"))
    np.save(refused / "dates.npy", np.zeros(2, "<M8[s]"))
    np.save(refused / "large.npy", np.array([[1, 2], [3, 5_000_000_000]]))


def make_npz(folder):
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {"x": np.arange(6, dtype="f4").reshape(2, 3), "y": np.array([True, False]), "z": np.int64(3)}
    np.savez(folder / "stored.npz", **arrays)
    np.savez_compressed(folder / "deflated.npz", **arrays)
    np.savez(folder / "unnamed.npz", arrays["x"], arrays["y"])


def raw_safetensors(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def make_safetensors(folder):
    (folder / "refused").mkdir(parents=True, exist_ok=True)
    arrays = {name.replace("?", "bool"): np.arange(6).reshape(2, 3).astype(name) for name in TYPES}
    save_file(arrays, folder / "types.safetensors")
    save_file({"b": np.array(2.5, "f4"), "a": np.zeros((0, 4), "f4")}, folder / "small.safetensors")
    header = {"half": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}, "__metadata__": {"format": "pt"}}
    raw_safetensors(folder / "bfloat16.safetensors", header, b"\x80\x3f\x00\xc0")
    refused = folder / "refused"

    def entry(shape, start=0, end=4, dtype="F32"):
        return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}

    # The product of this shape is 4 in 64 bits.
    raw_safetensors(refused / "wrap.safetensors", {"w": entry([4194305, 4194305, 211106198978564], 0, 16)}, bytes(16))
    raw_safetensors(refused / "gap.safetensors", {"a": entry([1]), "b": entry([1], 8, 12)}, bytes(12))
    raw_safetensors(refused / "overlap.safetensors", {"a": entry([1]), "b": entry([1])}, bytes(4))
    raw_safetensors(refused / "tail.safetensors", {"a": entry([1])}, bytes(8))
    raw_safetensors(refused / "shape.safetensors", {"a": entry([2])}, bytes(4))
    raw_safetensors(refused / "other_type.safetensors", {"a": entry([4], dtype="F8_E4M3")}, bytes(4))
    raw_safetensors(refused / "no_json.safetensors", b"[1, 2]")
    (refused / "long_header.safetensors").write_bytes(struct.pack("<Q", 1 << 62) + b"{}")
    large = np.array([1, 1 << 40])
    save_file({"large": large}, refused / "large.safetensors")
