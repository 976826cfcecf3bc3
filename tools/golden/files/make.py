"""Makes the files that the tests of crates/formats read: python tools/golden/files/make.py."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
FOLDER = pathlib.Path(__file__).parents[3] / "crates/formats/tests/files"

import hdf5_files

hdf5_files.make(FOLDER / "hdf5")
