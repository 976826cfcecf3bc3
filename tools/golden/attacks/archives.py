"""Zip files whose members lie about their names, sizes or number."""

import io
import stat
import struct
import warnings
import zipfile
import zlib

import numpy as np

from common import Attack, Touch, control_config, hdf5, keras_file, text

BOMB = 80 << 20  # beyond the 64 MiB that a member may grow to from a few KiB
MEMBER = "refused: the member, by its name; nothing is unpacked or written"
UNSEEN = "either: refused by its name, or not looked at; nothing is unpacked or written"


def info(name, mode=0o600):
    member = zipfile.ZipInfo(name)
    member.external_attr = mode << 16
    return member


def patched(data, old, new, count=-1):
    assert old in data, old
    return data.replace(old, new, count)


def with_fields(data, name, local=(), central=()):
    """`data` with fields changed in both headers of a member: (offset, format, value)."""
    data, name = bytearray(data), name.encode()
    for signature, length, fields in ((b"PK\3\4", 30, local), (b"PK\1\2", 46, central)):
        at = data.find(signature)
        while data[at + length : at + length + len(name)] != name:
            at = data.find(signature, at + 1)
            assert at >= 0, name
        for offset, format_, value in fields:
            struct.pack_into(format_, data, at + offset, value)
    return bytes(data)


def names():
    outside = {
        "parent": "../outside.txt",
        "deep_parent": "assets/../../outside.txt",
        "absolute": "/outside.txt",
        "drive": "C:\\outside.txt",
        "backslash": "..\\outside.txt",
        "unknown": "model.pkl",
        "code": "assets/__init__.py",
        "capitals": "CONFIG.JSON",
        "space": "config.json ",
        "nul": "config.json\x01.txt",
    }
    for name, member in outside.items():
        yield Attack(
            f"zip_name_{name}.keras",
            f"a member named {member!r}",
            UNSEEN,
            keras_file(more=[(info(member), b"outside")]),
            "CVE-2025-12060" if ".." in member else "",
        )
    link = info("assets/link", stat.S_IFLNK | 0o777)
    yield Attack(
        "zip_link.keras",
        "a member that is a symbolic link",
        MEMBER,
        keras_file(more=[(link, b"/etc")]),
        "CVE-2025-12638",
    )
    memory = io.BytesIO(keras_file())
    with zipfile.ZipFile(memory, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(info("config.json"), '{"class_name": "Lambda"}')
    yield Attack("zip_twice.keras", "two members named config.json", MEMBER, memory.getvalue())
    differs = patched(keras_file(deflated=False), b"config.json", b"konfig.json", 1)
    yield Attack(
        "zip_two_names.keras", "a member with one name in each of its two headers", MEMBER, differs
    )


def bombs():
    shown = f"{BOMB >> 20} MiB"
    grown = "refused: by the limit on what a member may grow to, within 100 ms and 64 MiB"
    zeros = bytes(BOMB)
    yield Attack(
        "zip_bomb_config.keras",
        f"a config.json of {shown} of blanks",
        grown,
        keras_file(b" " * BOMB),
    )
    yield Attack(
        "zip_bomb_weights.keras", f"weights of {shown} of zeros", grown, keras_file(weights=zeros)
    )
    bomb = keras_file(weights=zeros)
    small = [("<I", 1000)]
    lying = with_fields(
        bomb,
        "model.weights.h5",
        [(22, f, v) for f, v in small],
        [(24, f, v) for f, v in small],
    )
    yield Attack(
        "zip_bomb_lying.keras",
        f"weights that are said to have 1,000 bytes and grow to {shown}",
        "refused: as soon as more comes than was said",
        lying,
    )
    name, one = "model.weights.h5", keras_file()
    huge = with_fields(one, name, [(22, "<I", 0xFFFFFFF0)], [(24, "<I", 0xFFFFFFF0)])
    yield Attack(
        "zip_size_huge.keras",
        "weights that are said to have 4 GiB, and have not",
        "refused: the two sizes; 4 GiB are never allocated",
        huge,
    )
    past = with_fields(one, name, [(18, "<I", 0x7FFFFFFF)], [(20, "<I", 0x7FFFFFFF)])
    yield Attack("zip_size_past_end.keras", "a member that ends after the file", MEMBER, past)


def headers():
    good, name = keras_file(deflated=False), "model.weights.h5"
    both = {
        "encrypted": ("a member that is marked as encrypted", 6, 8, "<H", 1),
        "method": ("a member compressed with LZMA", 8, 10, "<H", 14),
        "checksum": ("a member with another checksum", 14, 16, "<I", 0xDEADBEEF),
    }
    for label, (tries, local, central, format_, value) in both.items():
        data = with_fields(good, name, [(local, format_, value)], [(central, format_, value)])
        yield Attack(f"zip_{label}.keras", tries, MEMBER, data)
    start = with_fields(good, name, central=[(42, "<I", 0x7FFFFFF0)])
    yield Attack("zip_offset.keras", "a member that begins after the file", MEMBER, start)
    overlap = with_fields(good, name, central=[(42, "<I", 0)])
    yield Attack("zip_overlap.keras", "two members in one place", MEMBER, overlap)
    end = bytearray(good)
    at = end.rfind(b"PK\5\6")
    struct.pack_into("<HH", end, at + 8, 0xFFFE, 0xFFFE)
    yield Attack(
        "zip_count.keras",
        "a directory that is said to have 65,534 members",
        "refused: the directory is shorter",
        bytes(end),
    )
    end = bytearray(good)
    struct.pack_into("<I", end, at + 16, 0xFFFFFF00)
    yield Attack(
        "zip_directory.keras",
        "a directory that begins after the file",
        "refused: the two numbers",
        bytes(end),
    )
    zip64 = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 2**62, 2**62, 2**62, 2**62)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    end = bytearray(good[:at] + zip64 + locator + good[at:])
    struct.pack_into("<HHII", end, len(end) - 22 + 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    yield Attack(
        "zip64_count.keras",
        "a zip64 directory of 2^62 members",
        "refused: the file is shorter",
        bytes(end),
    )


def shapes():
    yield Attack("zip_empty.keras", "an empty file", "refused: no zip file", b"")
    yield Attack("zip_text.keras", "a text", "refused: no zip file", b"not a zip file\n")
    yield Attack(
        "zip_cut.keras",
        "half of a file",
        "refused: its end is missing",
        keras_file()[: len(keras_file()) // 2],
    )
    yield Attack(
        "zip_is_hdf5.keras",
        "an HDF5 file with the other suffix",
        "refused: what it is",
        hdf5(),
    )
    yield Attack(
        "keras_is_zip.h5",
        "a .keras file with the other suffix",
        "refused: what it is",
        keras_file(),
    )
    yield Attack(
        "zip_prefix.keras",
        "a script before the zip file",
        "either: refused, or opened; the script is never run",
        b"#!/bin/sh\nexit 1\n" + keras_file(),
    )
    many = [(info(f"assets/{i}"), b"") for i in range(1_000)]
    yield Attack(
        "zip_many.keras",
        "1,000 empty members",
        "either: refused by the limit on members, or for the member that is not known; or opened within 100 ms",
        keras_file(more=many),
    )
    pickled = io.BytesIO()
    np.savez(pickled, **{"layers/dense/vars": np.array(Touch(), dtype=object)})
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(info("config.json"), text(control_config()))
        archive.writestr(info("model.weights.npz"), pickled.getvalue())
    yield Attack(
        "zip_weights_npz.keras",
        "weights in an npz file that holds a pickle, in place of HDF5",
        "refused: model.weights.h5 is missing; nothing is unpickled",
        memory.getvalue(),
    )
    for name in ("config.json", "model.weights.h5"):
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            for member, content in (
                ("config.json", text(control_config())),
                ("model.weights.h5", hdf5()),
            ):
                if member != name:
                    archive.writestr(info(member), content)
        label = name.split(".")[0]
        yield Attack(
            f"zip_without_{label}.keras",
            f"no {name}",
            f"refused: {name} is missing",
            memory.getvalue(),
        )
    broken = keras_file(b"{}" * 50)
    stream = zlib.compressobj(6, zlib.DEFLATED, -15)
    original = stream.compress(b"{}" * 50) + stream.flush()
    broken = patched(broken, original, b"\xff" * len(original), 1)
    yield Attack("zip_deflate.keras", "a compressed member that is damaged", MEMBER, broken)


def attacks():
    for part in (names, bombs, headers, shapes):
        yield from part()
