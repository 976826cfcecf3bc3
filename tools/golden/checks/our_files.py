"""Opens files that Neurona wrote with Keras itself: the same predictions, and the same losses in continued training.

`python our_files.py FOLDER [RECORD]`. The folder has NAME.keras and NAME.json, and perhaps
NAME.weights.h5 and NAME.h5; the JSON file is as in tests/golden/files/, with Neurona's numbers.
It prints a table, writes RECORD if asked to, and exits with 1 if anything differs.
"""

import json
import os
import sys
import warnings
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["JAX_PLATFORMS"] = "cpu"

import h5py
import keras
import numpy as np

PREDICTIONS = 1e-5  # of the largest number, or of 1 if all are smaller
LOSSES = 1e-3  # of the loss
FRESH = (
    2  # an optimizer without slots: the iteration, and the learning rate unless it has a schedule
)


def array(stored):
    return np.array(stored["data"], stored.get("dtype", "float32")).reshape(stored["shape"])


def structured(arrays, places):
    """As the model takes them: one alone, a list, or a dictionary with the names in the config."""
    if isinstance(places, dict):
        return dict(zip(places, arrays))
    return arrays[0] if len(arrays) == 1 else arrays


def flat(values, places):
    """The arrays in the order of the config, where Keras sorts a dictionary by its names."""
    if isinstance(places, dict):
        return [values[name] for name in places]
    return list(values) if isinstance(values, (list, tuple)) else [values]


def fit_arguments(stored):
    stored = dict(stored)
    if "class_weight" in stored:
        stored["class_weight"] = {int(key): value for key, value in stored["class_weight"]}
    if "sample_weight" in stored:
        arrays = [array(value) for value in stored["sample_weight"]]
        stored["sample_weight"] = arrays[0] if len(arrays) == 1 else arrays
    return stored


def predictions_differ(model, x, outputs, places):
    """The largest difference to the stored outputs, as a part of the largest of them."""
    worst = 0.0
    for actual, expected in zip(flat(model.predict(x, verbose=0), places), outputs, strict=True):
        expected = array(expected)
        assert actual.shape == expected.shape, f"shape {actual.shape} for {expected.shape}"
        scale = max(1.0, abs(expected).max(initial=0.0))
        worst = max(worst, float(abs(actual - expected).max(initial=0.0) / scale))
    return worst


def losses_differ(model, x, y, record):
    losses = model.fit(x, y, verbose=0, **fit_arguments(record["fit"])).history["loss"]
    pairs = zip(losses, record["losses"], strict=True)
    return max(abs(a - b) / max(abs(b), 1e-12) for a, b in pairs)


def config_of(path):
    """The config as it is in the file: a model's own has its names in another order on some backends."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))["config"]


def slots(path):
    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as weights:
        with h5py.File(weights) as file:
            return len(file["optimizer/vars"]) if "optimizer/vars" in file else 0


def rounded(value):
    """One digit, so that the record is the same from run to run."""
    return float(f"{value:.0e}")


def with_weights_of(model, path):
    """The same model anew, with its weights from a NAME.weights.h5."""
    again = type(model).from_config(model.get_config())
    if not again.built:
        again.build(model.input_shape)
    again.set_weights([np.zeros(value.shape, value.dtype) for value in again.weights])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again.load_weights(path)
    return again


def check(folder, name):
    """The record of one model; `failed` says what is wrong with it."""
    record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    path = folder / f"{name}.keras"
    failed, result = [], {}

    def compared(what, value, limit):
        result[what] = rounded(value)
        if not value <= limit:
            failed.append(f"{what} {value:.1e}")

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model = keras.models.load_model(path)
    complaints = [str(each.message) for each in said if "kipping" in str(each.message)]
    if complaints and slots(path) > FRESH:
        failed.append(complaints[0])
    config = config_of(path)
    x = structured([array(value) for value in record["inputs"]], config.get("input_layers"))
    expected = record["outputs"], config.get("output_layers")
    compared("predictions", predictions_differ(model, x, *expected), PREDICTIONS)
    weights, legacy = folder / f"{name}.weights.h5", folder / f"{name}.h5"
    if weights.exists():
        again = with_weights_of(model, weights)
        compared("weights_h5", predictions_differ(again, x, *expected), PREDICTIONS)
    if legacy.exists():
        again = keras.models.load_model(legacy, compile=False)
        compared("legacy_h5", predictions_differ(again, x, *expected), PREDICTIONS)
    if "losses" in record:
        y = structured([array(value) for value in record["targets"]], config.get("output_layers"))
        compared("losses", losses_differ(model, x, y, record), LOSSES)
    return result, failed


def checked(folder, name):
    keras.utils.clear_session()
    try:
        return check(folder, name)
    except Exception as error:
        return {}, [f"{type(error).__name__}: {error}"]


def main(folder, record=None):
    folder = Path(folder)
    # `with_suffix` would cut a name with a dot in it.
    names = sorted(path.name.removesuffix(".keras") for path in folder.glob("*.keras"))
    names = [name for name in names if (folder / f"{name}.json").exists()]
    rows, columns = [], ("predictions", "losses", "weights_h5", "legacy_h5")
    print(f"{'':28}" + "".join(f"{column:>13}" for column in columns))
    for name in names:
        result, failed = checked(folder, name)
        rows.append({"name": name, **result, "passed": not failed})
        numbers = (f"{result[c]:.0e}" if c in result else "-" for c in columns)
        print(f"{name:28}" + "".join(f"{n:>13}" for n in numbers), "; ".join(failed), flush=True)
    passed = sum(row["passed"] for row in rows)
    print(f"{passed} of {len(rows)} pass, Keras {keras.__version__}")
    if record:
        lines = ",\n".join(json.dumps(row) for row in rows)
        text = f'{{\n"keras": "{keras.__version__}",\n"files": [\n{lines}\n]\n}}\n'
        Path(record).write_text(text, encoding="utf-8")
    return int(passed < len(rows) or not rows)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
