"""Archives for the tests of crates/formats: by zipfile, and shaped like attacks."""

import io
import struct
import zipfile

DATE = (1980, 1, 1, 0, 0, 0)
CONFIG = b'{"class_name": "Sequential"}' * 20


def info(name, method=zipfile.ZIP_STORED):
    made = zipfile.ZipInfo(name, DATE)
    made.compress_type = method
    return made


def archive(*members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members:
            file.writestr(info(name, method), content)
    return bytearray(out.getvalue())


class Pipe(io.RawIOBase):
    """Cannot go back, so sizes follow the members."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data)
        return len(data)


def streamed():
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as file:
        file.writestr(info("config.json", zipfile.ZIP_DEFLATED), CONFIG)
        file.writestr(info("model.weights.h5"), b"weights")
    return pipe.content


def wide():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in ["config.json", "model.weights.h5"]:
            with file.open(info(name), "w", force_zip64=True) as member:
                member.write(CONFIG)
    return out.getvalue()


def patched(file, after, offset, form, value, last=False):
    """The file with a number changed at a distance from a signature."""
    at = file.rindex(after) if last else file.index(after)
    struct.pack_into("<" + form, file, at + offset, value)
    return file


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def plain():
    return archive(("config.json", CONFIG), method=zipfile.ZIP_DEFLATED)


def stored():
    return archive(("config.json", CONFIG))


def with_locator(count=1, size=None, start=None, at=None):
    """An archive whose long record says whatever it likes."""
    file = stored()
    end = file.rindex(END)
    table = file.index(CENTRAL)
    size = end - table if size is None else size
    start = table if start is None else start
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end if at is None else at, 1)
    tail = bytearray(file[end:])
    struct.pack_into("<HHII", tail, 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return file[:end] + record + locator + tail


def overlapping():
    """The second member lies inside the first one's content."""
    inner = archive(("inner", b"x" * 40))
    local = bytes(inner[: inner.index(CENTRAL)])
    entry = bytearray(inner[inner.index(CENTRAL) : inner.index(END)])
    outer = archive(("outer", local))
    struct.pack_into("<I", entry, 42, 30 + len("outer"))
    end = outer.index(END)
    table = outer.index(CENTRAL)
    file = outer[:end] + entry + outer[end:]
    struct.pack_into("<HHI", file, end + len(entry) + 8, 2, 2, end - table + len(entry))
    return file


def giant():
    """A kilobyte that claims to be a terabyte."""
    file = archive(("model.weights.h5", b"\0" * 4), method=zipfile.ZIP_DEFLATED)
    central = file.index(CENTRAL)
    end = file.index(END)
    extra = struct.pack("<HHQ", 1, 8, 1 << 40)
    struct.pack_into("<I", file, central + 24, 0xFFFFFFFF)
    struct.pack_into("<H", file, central + 30, len(extra))
    file = file[:end] + extra + file[end:]
    struct.pack_into("<I", file, end + len(extra) + 12, end - central + len(extra))
    return file


def linked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        link = info("config.json")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return out.getvalue()


def refused():
    files = {
        "traversal": archive(("../config.json", b"{}")),
        "inner_traversal": archive(("assets/../../x", b"{}")),
        "absolute": archive(("/config.json", b"{}")),
        "drive": archive(("C:config.json", b"{}")),
        "backslash": bytearray(bytes(archive(("..|config.json", b"{}"))).replace(b"..|", b"..\\")),
        "unexpected": archive(("config.json", b"{}"), ("payload.py", b"import os")),
        "link": linked(),
        "bzip2": archive(("config.json", CONFIG), method=zipfile.ZIP_BZIP2),
        "lzma": archive(("config.json", CONFIG), method=zipfile.ZIP_LZMA),
        "encrypted": patched(plain(), CENTRAL, 8, "H", 1),
        "bomb": archive(("model.weights.h5", bytes((64 << 20) + 1)), method=zipfile.ZIP_DEFLATED),
        "giant": giant(),
        "overlap": overlapping(),
        "other_name": bytearray(bytes(stored()).replace(b"config.json", b"confog.json", 1)),
        "other_method": patched(plain(), LOCAL, 8, "H", 0),
        "other_flags": patched(plain(), LOCAL, 6, "H", 1),
        "other_checksum": patched(plain(), LOCAL, 14, "I", 7),
        "other_size": patched(plain(), LOCAL, 22, "I", 7),
        "other_stored_size": patched(stored(), CENTRAL, 20, "I", 7),
        "place": patched(stored(), CENTRAL, 42, "I", 5),
        "far": patched(stored(), CENTRAL, 42, "I", 0xFFFFFFF0),
        "disks": patched(stored(), END, 4, "H", 1),
        "count": patched(stored(), END, 10, "H", 60_000),
        "fewer": patched(archive(("config.json", b"{}"), ("metadata.json", b"{}")), END, 8, "I", 0x10001),
        "table": patched(stored(), END, 16, "I", 3),
        "prefix": b"#!/bin/sh\n" + stored(),
        "tail": stored() + b"more",
        "no_end": stored()[:-30],
        "empty": b"",
        "many_long": with_locator(count=1_000_000),
        "long_table": with_locator(size=(1 << 64) - 1),
        "long_start": with_locator(start=(1 << 64) - 8),
        "long_nowhere": with_locator(at=(1 << 64) - 4),
    }
    files["count"] = patched(files["count"], END, 8, "H", 60_000)
    twice = archive(("config.json", b"{}"), ("confog.json", b"[]"))
    files["twice"] = bytearray(bytes(twice).replace(b"confog", b"config"))
    return files


def damaged():
    """Sound tables, but contents that differ from them."""
    short, long = plain(), plain()
    for signature, offset in [(LOCAL, 22), (CENTRAL, 24)]:
        patched(short, signature, offset, "I", 10)
        patched(long, signature, offset, "I", len(CONFIG) + 1)
    checksum = stored()
    checksum[50] ^= 1
    garbage = plain()
    garbage[41:45] = b"\xff\xff\xff\xff"  # Where the content begins.
    return {"short": short, "long": long, "checksum": checksum, "garbage": garbage}


def make(folder):
    for inner in ["refused", "damaged"]:
        (folder / inner).mkdir(parents=True, exist_ok=True)
    members = [("config.json", CONFIG), ("model.weights.h5", b"weights"), ("assets/ñ.txt", b"")]
    (folder / "stored.zip").write_bytes(archive(*members))
    (folder / "deflated.zip").write_bytes(archive(*members, method=zipfile.ZIP_DEFLATED))
    (folder / "streamed.zip").write_bytes(streamed())
    (folder / "wide.zip").write_bytes(wide())
    (folder / "long.zip").write_bytes(with_locator())
    (folder / "none.zip").write_bytes(archive())
    for name, content in refused().items():
        (folder / "refused" / f"{name}.zip").write_bytes(content)
    for name, content in damaged().items():
        (folder / "damaged" / f"{name}.zip").write_bytes(content)
