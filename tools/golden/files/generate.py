"""Writes the golden files of tests/golden/files/: models saved by Keras, and what they do.

Run it as ../README.md says. With KERAS_BACKEND=tensorflow it writes the few files that
the TensorFlow backend writes differently.
"""

import sys

from case import BACKEND, OUT  # first: it sets Keras up
import functional
import measures
import minimal
import networks
import optimizers
import other_backend
import pictures
from coverage import check_coverage

CASES = {
    "jax": [
        *networks.CASES,
        *optimizers.CASES,
        *pictures.CASES,
        *functional.CASES,
        *measures.CASES,
        *minimal.CASES,
    ],
    "tensorflow": other_backend.CASES,
}


def main(names):
    OUT.mkdir(parents=True, exist_ok=True)
    for case in CASES[BACKEND]:
        if not names or case.name in names:
            print(case.name, flush=True)
            case.write()
    check_coverage()


if __name__ == "__main__":
    main(sys.argv[1:])
