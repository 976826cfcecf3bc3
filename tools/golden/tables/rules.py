"""regularizers.json and constraints.json: what weights cost, and where they are kept."""

import jax
import keras
import numpy as np

from common import array, as_float32, number, precision, result, write

SHAPES = [(4, 3), (5,), (2, 3, 2, 4)]
REGULARIZERS = [
    ("L1", {}),
    ("L1", {"l1": 0.3}),
    ("L2", {}),
    ("L2", {"l2": 0.2}),
    ("L1L2", {"l1": 0.1, "l2": 0.05}),
    ("L1L2", {"l1": 0.0, "l2": 0.5}),
    ("OrthogonalRegularizer", {"factor": 0.5, "mode": "rows"}),
    ("OrthogonalRegularizer", {"factor": 0.02, "mode": "columns"}),
]
CONSTRAINTS = [
    ("NonNeg", {}),
    ("MaxNorm", {}),
    ("MaxNorm", {"max_value": 0.8, "axis": 1}),
    ("MaxNorm", {"max_value": 1.0, "axis": [0, 1, 2]}),
    ("UnitNorm", {}),
    ("UnitNorm", {"axis": 1}),
    ("UnitNorm", {"axis": [0, 1, 2]}),
    ("MinMaxNorm", {}),
    ("MinMaxNorm", {"min_value": 0.5, "max_value": 1.2, "rate": 0.7, "axis": 1}),
    ("MinMaxNorm", {"min_value": 2.0, "max_value": 3.0, "rate": 1.0, "axis": [0, 1, 2]}),
]


def regularizers():
    rng = np.random.default_rng(22)
    cases = []
    for name, config in REGULARIZERS:
        for shape in SHAPES[:1] if name.startswith("Orthogonal") else SHAPES:
            w = as_float32(rng.normal(size=shape))
            with precision("float64"):
                penalty = getattr(keras.regularizers, name)(**config)
                value, dw = jax.value_and_grad(penalty)(jax.numpy.asarray(w))
                cases.append(
                    {
                        "regularizer": name,
                        "config": config,
                        "w": array(w),
                        "value_f64": number(value),
                        "grad_f64": array(result(dw, "float64")),
                    }
                )
    write("regularizers.json", cases)


def constraints():
    rng = np.random.default_rng(23)
    cases = []
    for name, config in CONSTRAINTS:
        axes = config.get("axis", 0)
        rank = 4 if isinstance(axes, list) else axes + 1
        for shape in [shape for shape in SHAPES if len(shape) >= rank]:
            w = as_float32(rng.normal(size=shape))
            with precision("float64"):
                kept = getattr(keras.constraints, name)(**config)(w)
                kept = array(result(kept, "float64"))
            case = {"constraint": name, "config": config, "w": array(w), "kept_f64": kept}
            cases.append(case)
    write("constraints.json", cases)
