#!/usr/bin/env python3
"""Packs the four MNIST files into crates/mnist/data, without loss.

    tools/pack-mnist/pack.py FOLDER

FOLDER holds the four original `*-ubyte.gz` files. Each is unpacked and its SHA-256 compared with the
canonical one before anything is written. Needs Python 3.9 and the `zstd` command (1.5).

The output, all plain zstd frames:

- `labels.zst`: the 60,000 training labels, then the 10,000 test labels;
- `images-17946.zst`, `images-02358.zst`: the images of those five digits, in the order of the digits in
  the name; for each digit the training images first, then the test images, in their original order.

The reason: similar images compress better next to each other, so that a window of 8 MiB (little memory, fast
decoding) reaches what one frame of everything reaches with 64 MiB; and two frames use two cores.
"""

import gzip
import hashlib
import pathlib
import subprocess
import sys

FILES = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
HALVES = ["17946", "02358"]
PIXELS = 28 * 28
OUT = pathlib.Path(__file__).resolve().parents[2] / "crates" / "mnist" / "data"


def read(folder, name, header):
    data = gzip.decompress((folder / f"{name}.gz").read_bytes())
    found = hashlib.sha256(data).hexdigest()
    if found != FILES[name]:
        sys.exit(f"{name}: SHA-256 is {found}, not {FILES[name]}")
    return data[header:]


def by_digit(images, labels):
    groups = [[] for _ in range(10)]
    for i, label in enumerate(labels):
        groups[label].append(images[i * PIXELS : (i + 1) * PIXELS])
    return groups


def pack(name, data):
    # --long=23 is the window of 8 MiB; -22 is the strongest level.
    done = subprocess.run(
        ["zstd", "--ultra", "-22", "--long=23", "--no-check", "-c"],
        input=data,
        stdout=subprocess.PIPE,
        check=True,
    )
    (OUT / f"{name}.zst").write_bytes(done.stdout)
    print(f"{name}.zst: {len(data):,} -> {len(done.stdout):,} bytes")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    train_labels = read(folder, "train-labels-idx1-ubyte", 8)
    test_labels = read(folder, "t10k-labels-idx1-ubyte", 8)
    train = by_digit(read(folder, "train-images-idx3-ubyte", 16), train_labels)
    test = by_digit(read(folder, "t10k-images-idx3-ubyte", 16), test_labels)
    OUT.mkdir(parents=True, exist_ok=True)
    pack("labels", train_labels + test_labels)
    for digits in HALVES:
        images = [image for d in map(int, digits) for image in train[d] + test[d]]
        pack(f"images-{digits}", b"".join(images))


main()
