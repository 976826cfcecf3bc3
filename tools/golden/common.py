"""Shared by all tables: setting Keras up, precisions, and how values are written."""

import contextlib
import json
import os
from pathlib import Path

# Both must be set before Keras and JAX are imported. COLUMNS is what model.summary()
# reads as the width of the terminal.
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["COLUMNS"] = "80"

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)

import keras
from keras.src.backend.common import dtypes as keras_dtypes

# On JAX, Keras' type promotion turns float64 into float32 ("to be aligned with JAX's
# default behavior"), x64 mode or not: ops.tanh and ops.mean of a float64 tensor would be
# computed in float32. This entry of its table is what the TensorFlow backend has; no
# formula changes.
keras_dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

OUT = Path(__file__).resolve().parents[2] / "tests" / "golden"
HEADER = {
    "keras": keras.__version__,
    "backend": f"jax {jax.__version__}",
    "numpy": np.__version__,
}
PRECISIONS = {"f64": "float64", "f32": "float32"}


def array(values):
    """An array as it is stored: floats as the shortest decimal of their float64."""
    values = np.asarray(values)
    if values.dtype == bool:
        values = values.astype(np.int64)
    if np.issubdtype(values.dtype, np.floating):
        assert np.isfinite(values).all(), "NaN and infinity do not belong here"
    return {"shape": list(values.shape), "data": values.ravel().tolist()}


def number(value):
    return float(np.asarray(value))


def write(name, cases, **extra):
    """One JSON file: the header, the `extra` keys, and one case per line."""
    compact = {"separators": (",", ":"), "allow_nan": False}
    parts = [f'"header":{json.dumps(HEADER, **compact)}']
    parts += [f'"{key}":{json.dumps(value, **compact)}' for key, value in extra.items()]
    lines = ",\n".join(json.dumps(case, **compact) for case in cases)
    parts.append(f'"cases":[\n{lines}\n]')
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    json.loads(text)
    (OUT / name).write_text(text, encoding="utf-8")


@contextlib.contextmanager
def precision(dtype):
    """Makes `dtype` Keras' default, for variables, layers, losses and metrics."""
    keras.utils.clear_session()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        with jax.enable_x64(dtype == "float64"):
            yield
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        keras.utils.clear_session()


def both(function):
    """{"f64": function("float64"), "f32": function("float32")}."""
    results = {}
    for suffix, dtype in PRECISIONS.items():
        with precision(dtype):
            results[suffix] = function(dtype)
    return results


def suffixed(name, results):
    return {f"{name}_{suffix}": value for suffix, value in results.items()}


def as_float32(values):
    """Rounds to float32 and widens again, so that both precisions see one value."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def grid(values, denominator=64):
    """Rounds to multiples of 1/denominator: exact in float32, short in decimal."""
    return np.round(np.asarray(values) * denominator) / denominator


def result(tensor, dtype):
    """A Keras result as NumPy; it must have the precision that was asked for."""
    values = keras.ops.convert_to_numpy(tensor)
    assert values.dtype == dtype, (values.dtype, dtype)
    return values


def close(actual, expected, rtol, atol=0.0):
    np.testing.assert_allclose(
        np.asarray(actual, np.float64), expected, rtol=rtol, atol=atol
    )
