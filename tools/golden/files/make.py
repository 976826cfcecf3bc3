"""Makes the files that the tests of crates/formats read: python tools/golden/files/make.py [hdf5|npy|npz|safetensors|zip]."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
FOLDER = pathlib.Path(__file__).parents[3] / "crates/formats/tests/files"

import numpy_files
import zip_files


def hdf5(folder):
    import hdf5_files

    hdf5_files.make(folder)


MAKERS = {
    "hdf5": hdf5,
    "npy": numpy_files.make_npy,
    "npz": numpy_files.make_npz,
    "safetensors": numpy_files.make_safetensors,
    "zip": zip_files.make,
}

for name in sys.argv[1:] or MAKERS:
    MAKERS[name](FOLDER / name)
