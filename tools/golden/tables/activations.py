"""activations.json: functions of elements, with their gradients."""

import jax
import keras
import numpy as np

import checks
from common import array, as_float32, both, close, precision, result, write


def activations():
    rng = np.random.default_rng(1)
    x = np.array(
        [
            [-20, -15, -10, -7.5, -5, -3, -2.5],
            [-2, -1, -0.5, -0.1, -1e-3, -1e-6, -1e-30],
            [0, 1e-30, 1e-6, 1e-3, 0.1, 0.5, 1],
            [2, 2.5, 3, 5, 7.5, 10, 15],
            [20, 0, 0, 0, 0, 0, 0],
        ]
    )
    x[4, 1:] = rng.normal(scale=3, size=6)
    x = as_float32(x)
    w = as_float32(rng.uniform(-1, 1, size=x.shape))

    # name, arguments, and where the gradient does not exist
    table = [
        ("linear", {}, []),
        ("sigmoid", {}, []),
        ("softmax", {}, []),
        ("relu", {}, [0]),
        ("tanh", {}, []),
        ("softplus", {}, []),
        ("elu", {"alpha": 1.0}, []),
        ("elu", {"alpha": 0.5}, [0]),
        ("selu", {}, [0]),
        ("gelu", {"approximate": False}, []),
        ("gelu", {"approximate": True}, []),
        ("silu", {}, []),
        ("leaky_relu", {"negative_slope": 0.2}, [0]),
        ("leaky_relu", {"negative_slope": 0.01}, [0]),
        ("exponential", {}, []),
        ("softsign", {}, []),
        ("hard_sigmoid", {}, [-3, 3]),
    ]
    cases = []
    for name, args, kinks in table:
        function = getattr(keras.activations, name)
        y = both(
            lambda dtype: result(function(jax.numpy.array(x, dtype), **args), dtype)
        )
        with precision("float64"):
            grad = jax.grad(lambda x: (function(x, **args) * w).sum())(
                jax.numpy.array(x)
            )
            grad = result(grad, "float64")
        smooth = ~np.isin(x, kinks)
        away = np.abs(x[..., None] - np.array(kinks)).min(-1, initial=1) > 1e-4

        formula = checks.ACTIVATIONS[name]
        close(y["f64"], formula(x, **args), rtol=1e-12, atol=1e-14)
        close(y["f32"], formula(x, **args), rtol=2e-6, atol=5e-7)
        numeric = checks.numeric_gradient(lambda x: (formula(x, **args) * w).sum(), x)
        scale = np.abs(y["f64"]).max()  # central differences of large sums are rough
        close(grad[away], numeric[away], rtol=1e-5, atol=1e-9 * max(scale, 1))
        for values, dtype in ((y["f64"], "float64"), (y["f32"], "float32")):
            small = np.abs(values[values != 0])
            assert (small >= np.finfo(dtype).tiny).all(), f"{name}: a subnormal"

        cases.append(
            {
                "name": name,
                "args": args,
                "y_f64": array(y["f64"]),
                "y_f32": array(y["f32"]),
                "grad_f64": array(np.where(smooth, grad, 0)),
                "grad_skip": np.flatnonzero(~smooth).tolist(),
            }
        )
    write("activations.json", cases, x=array(x), w=array(w))
