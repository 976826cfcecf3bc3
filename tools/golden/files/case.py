"""How one case is written: the model's file, and beside it a record of what Keras does with that file."""

import json
import os
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy as np

OUT = Path(__file__).resolve().parents[3] / "tests" / "golden" / "files"
EPOCHS = 3
BACKEND = keras.backend.backend()
HEADER = {"keras": keras.__version__, "backend": BACKEND}


def rng(name):
    """Random numbers that depend on the case alone, not on which cases ran before it."""
    return np.random.default_rng(list(name.encode()))


def grid(values, denominator=16):
    """Multiples of 1/denominator: exact in float32, short in decimal."""
    return (np.round(np.asarray(values) * denominator) / denominator).astype("float32")


def array(values):
    """An array as it is stored: floats as the shortest decimal of their float64, whole ones as `1`."""
    values = np.asarray(values)
    data = values.ravel().tolist()
    if np.issubdtype(values.dtype, np.floating):
        assert np.isfinite(values).all()
        data = [int(value) if value.is_integer() else value for value in data]
    return {"shape": list(values.shape), "dtype": str(values.dtype), "data": data}


def places(path):
    """The inputs and outputs in the config of the file at `path`; names in its order, if it has them."""
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))["config"]
    return config.get("input_layers"), config.get("output_layers")


def flat(values, named):
    """The arrays of a list, of a dictionary in the order of its names, as Keras sorts them, or of one array."""
    if isinstance(values, dict):
        return [values[name] for name in sorted(named)]
    return list(values) if isinstance(values, (list, tuple)) else [values]


def write_json(path, record):
    """One key per line, so that a change shows which."""
    compact = {"separators": (",", ":"), "allow_nan": False, "ensure_ascii": False}
    lines = [f"{json.dumps(key)}:{json.dumps(value, **compact)}" for key, value in record.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def logs_of(history):
    return {key: [float(value) for value in values] for key, values in history.items()}


def continued(model, x, y, fit):
    return logs_of(model.fit(x, y, epochs=EPOCHS, shuffle=False, verbose=0, **fit).history)


class Case:
    """One model to be saved.

    `build(r)` gives the model and its `x` and `y`; `trained` is the number of epochs before it
    is saved, `fit` the other arguments of `fit`. With `compare=False` the file is opened and
    predicts, but its training is not compared (it draws random numbers, or has no loss).
    """

    def __init__(self, name, build, trained=2, fit=None, compare=True, also=(), same=True):
        self.name, self.build, self.trained = name, build, trained
        self.fit = {"batch_size": 8, **(fit or {})}
        self.compare, self.also, self.same = compare, also, same

    def write(self):
        keras.utils.clear_session()
        keras.utils.set_random_seed(7)
        model, x, y = self.build(rng(self.name))
        if self.trained and self.compare:
            model.fit(x, y, epochs=self.trained, shuffle=False, verbose=0, **self.fit)
        if self.trained and not self.compare and y is not None:
            model.fit(x, y, epochs=self.trained, verbose=0, **self.fit)
        path = OUT / f"{self.name}.keras"
        model.save(path)
        for suffix in self.also:
            if suffix == ".weights.h5":
                model.save_weights(OUT / (self.name + suffix))
            else:
                model.save(OUT / (self.name + suffix))
        record = described(path, x, y if self.compare else None, self.fit)
        write_json(OUT / f"{self.name}.json", record)
        self.check(model, x, y, record, places(path)[1])
        return model

    def check(self, model, x, y, record, outputs):
        """What the file does is what the model would have done, unless Keras loses a setting."""
        for ours, theirs in zip(flat(model.predict(x, verbose=0), outputs), record["outputs"]):
            np.testing.assert_allclose(ours.ravel(), theirs["data"], atol=1e-6)
        if self.compare and self.same:
            logs = continued(model, x, y, self.fit)
            np.testing.assert_allclose(logs["loss"], record["losses"], rtol=1e-4)


def described(path, x, y, fit):
    """What the model in the file at `path` predicts, and how its training continues."""
    model = keras.models.load_model(path)
    inputs, outputs = places(path)
    record = {
        **HEADER,
        "inputs": [array(value) for value in flat(x, inputs)],
        "outputs": [array(value) for value in flat(model.predict(x, verbose=0), outputs)],
    }
    if y is None:
        return record
    record["targets"] = [array(value) for value in flat(y, outputs)]
    stored = {"epochs": EPOCHS, "shuffle": False}
    for key, value in fit.items():
        if key == "class_weight":
            value = sorted(value.items())
        if key == "sample_weight":
            value = [array(part) for part in flat(value, outputs)]
        stored[key] = value
    record["fit"] = stored
    weights = fit.get("sample_weight")
    evaluated = model.evaluate(
        x, y, sample_weight=weights, batch_size=fit["batch_size"], verbose=0, return_dict=True
    )
    record["evaluate"] = {key: float(value) for key, value in evaluated.items()}
    logs = continued(model, x, y, fit)
    assert np.isfinite(logs["loss"]).all() and len(set(logs["loss"])) == EPOCHS, logs["loss"]
    record["losses"] = logs["loss"]
    record["logs"] = logs
    return record
