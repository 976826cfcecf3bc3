"""activations.json: functions of elements, and their gradients."""

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
    table += [
        ("softmax", {"axis": 0}, []),
        ("relu", {"max_value": 6.0}, [0, 6]),
        ("relu", {"negative_slope": 0.25}, [0]),
        ("relu", {"threshold": 1.0}, [1]),
        (
            "relu",
            {"negative_slope": 0.1, "max_value": 2.5, "threshold": 0.5},
            [0.5, 2.5],
        ),
        ("relu6", {}, [0, 6]),
        ("log_softmax", {}, []),
        ("log_softmax", {"axis": 0}, []),
        ("log_sigmoid", {}, []),
        ("hard_silu", {}, [-3, 3]),
        ("hard_tanh", {}, [-1, 1]),
        ("mish", {}, []),
        ("celu", {}, []),
        ("celu", {"alpha": 0.5}, []),
        ("threshold", {"threshold": 0.5, "default_value": -2.0}, [0.5]),
        ("threshold", {"threshold": -1.0, "default_value": 0.25}, [-1]),
        ("soft_shrink", {}, [-0.5, 0.5]),
        ("soft_shrink", {"threshold": 2.0}, [-2, 2]),
        ("hard_shrink", {}, [-0.5, 0.5]),
        ("hard_shrink", {"threshold": 2.0}, [-2, 2]),
        ("tanh_shrink", {}, []),
        ("squareplus", {}, []),
        ("squareplus", {"b": 1}, []),
        ("sparse_plus", {}, []),
        ("sparse_sigmoid", {}, [-1, 1]),
    ]
    cases = [activation_case(*case, x, w) for case in table]
    # It halves a dimension: these two have their own `x` and `w`.
    for axis, shape, half in [(-1, (3, 4), (3, 2)), (0, (4, 3), (2, 3))]:
        own = as_float32(rng.normal(size=shape)), as_float32(rng.normal(size=half))
        stored = {"x": array(own[0]), "w": array(own[1])}
        cases.append({**activation_case("glu", {"axis": axis}, [], *own), **stored})
    write("activations.json", cases, x=array(x), w=array(w))


def activation_case(name, args, kinks, x, w):
    function = getattr(keras.activations, name)
    y = both(lambda dtype: result(function(jax.numpy.array(x, dtype), **args), dtype))
    with precision("float64"):
        grad = jax.grad(lambda x: (function(x, **args) * w).sum())(jax.numpy.array(x))
        grad = result(grad, "float64")
    smooth = ~np.isin(x, kinks)
    away = np.abs(x[..., None] - np.array(kinks)).min(-1, initial=1) > 1e-4

    formula = checks.ACTIVATIONS[name]
    close(y["f64"], formula(x, **args), rtol=1e-12, atol=1e-14)
    # The difference of two numbers of about 20.
    atol = 2e-6 if name == "squareplus" else 5e-7
    close(y["f32"], formula(x, **args), rtol=2e-6, atol=atol)
    numeric = checks.numeric_gradient(lambda x: (formula(x, **args) * w).sum(), x)
    scale = np.abs(y["f64"]).max()  # central differences of large sums are rough
    # So they are where the second derivative jumps.
    rough = 1e-6 if name == "sparse_plus" else 1e-9 * max(scale, 1)
    close(grad[away], numeric[away], rtol=1e-5, atol=rough)
    for values, dtype in ((y["f64"], "float64"), (y["f32"], "float32")):
        small = np.abs(values[values != 0])
        assert (small >= np.finfo(dtype).tiny).all(), f"{name}: a subnormal"

    return {
        "name": name,
        "args": args,
        "y_f64": array(y["f64"]),
        "y_f32": array(y["f32"]),
        "grad_f64": array(np.where(smooth, grad, 0)),
        "grad_skip": np.flatnonzero(~smooth).tolist(),
    }
