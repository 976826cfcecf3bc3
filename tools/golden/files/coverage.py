"""Checks that everything that docs/keras-parity.md compares with Keras is in some golden file."""

import json
import re
import zipfile

from case import OUT

PARITY = OUT.parents[2] / "docs" / "keras-parity.md"
# Neurona's word, where Keras has another one.
KERAS_NAMES = {
    "Auc": "AUC",
    "RmsProp": "RMSprop",
    "Sgd": "SGD",
    "kl_divergence": "KLDivergence",
}
# Not possible in a file: Keras' `threshold` has no default settings, so its name alone does not load. `RandomCrop` has
# another shape outside training than it says.
LEFT_OUT = {"threshold", "RandomCrop"}


def listed():
    """The names of each table, without what Keras does not have."""
    section, found = None, {}
    for line in PARITY.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        row = re.match(r"\| `(\w+)` \| *\d+ \| *(.*?) *\|$", line)
        if (
            row
            and section != "Callbacks"
            and not row[2].startswith(("not in Keras", "the paper's"))
        ):
            found.setdefault(section, []).append(row[1])
    return found


def words(value):
    """Every string in a config."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from words(part)
    elif isinstance(value, list):
        for part in value:
            yield from words(part)


def spellings(section, name):
    yield KERAS_NAMES.get(name, name)
    if section == "Losses":
        yield name
        yield "".join(part.capitalize() for part in name.split("_"))
    if section == "Regularizers" and name == "Orthogonal":
        yield "OrthogonalRegularizer"


def check_coverage():
    seen = set()
    for path in sorted(OUT.glob("*.keras")):
        with zipfile.ZipFile(path) as archive:
            seen.update(words(json.loads(archive.read("config.json"))))
    missing = [
        f"{section}: {name}"
        for section, names in listed().items()
        for name in names
        if name not in LEFT_OUT and not seen.intersection(spellings(section, name))
    ]
    assert not missing, "in no golden file: " + ", ".join(missing)
