"""Writes the golden values of tests/golden/ from Keras on the JAX backend.

Run it as the README.md beside this file says. One function makes one file.
"""

import contextlib
import io
import itertools
import json
import os
import sys
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
from keras.src.utils import progbar as keras_progbar

import checks

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


# --- helpers ------------------------------------------------------------------


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
    """One JSON file: the header, the `extra` keys, and one case a line."""
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


# --- activations.json ---------------------------------------------------------


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


# --- layers.json --------------------------------------------------------------


def layers():
    rng = np.random.default_rng(2)

    def dense(shape, units, activation=None, use_bias=True):
        config = {"units": units, "activation": activation, "use_bias": use_bias}
        return "Dense", config, rng.normal(size=shape)

    def floats(layer, config, shape):
        return layer, config, rng.normal(size=shape)

    def bytes_(layer, config, shape):
        return layer, config, rng.integers(0, 256, size=shape, dtype=np.uint8)

    table = [
        dense((5, 7), 3),
        dense((5, 7), 4, "relu"),
        dense((3, 9), 5, "softmax"),
        dense((4, 3), 6, "sigmoid"),
        dense((5, 3), 2, "tanh", use_bias=False),
        dense((6, 4), 3, use_bias=False),
        dense((2, 3, 5), 4, "relu"),
        dense((2, 3, 4), 3, "softmax"),
        dense((7, 5), 1),
        dense((7, 5), 1, "sigmoid"),
        dense((1, 1), 1),
        floats("Activation", {"activation": "relu"}, (3, 5)),
        floats("Activation", {"activation": "softmax"}, (3, 5)),
        floats("Activation", {"activation": "tanh"}, (2, 3, 3)),
        floats("Activation", {"activation": "linear"}, (3, 5)),
        floats("Flatten", {}, (5, 3)),
        floats("Flatten", {}, (4, 3, 5)),
        floats("Flatten", {}, (2, 3, 5, 3)),
        floats("Reshape", {"target_shape": [3, 4]}, (3, 12)),
        floats("Reshape", {"target_shape": [-1, 5]}, (3, 15)),
        floats("Reshape", {"target_shape": [-1]}, (3, 2, 5)),
        floats("Reshape", {"target_shape": [3, -1, 2]}, (2, 3, 10)),
        floats("Dropout", {"rate": 0.5}, (3, 7)),
        floats("Dropout", {"rate": 0.2}, (2, 3, 3)),
        floats("Rescaling", {"scale": 0.5, "offset": 0.0}, (3, 5)),
        bytes_("Rescaling", {"scale": 1 / 255, "offset": 0.0}, (3, 5)),
        bytes_("Rescaling", {"scale": 1 / 127.5, "offset": -1.0}, (2, 3, 5)),
        bytes_("Rescaling", {"scale": 1 / 255, "offset": -1.0}, (3, 3)),
    ]
    cases = []
    for name, config, x in table:
        is_float = x.dtype == np.float64
        if is_float:
            x = as_float32(x)
        weights = []
        if name == "Dense":
            units = config["units"]
            weights.append(("kernel", as_float32(rng.normal(size=(x.shape[-1], units)))))
            if config["use_bias"]:
                weights.append(("bias", as_float32(rng.normal(size=units))))

        def run(dtype):
            layer = getattr(keras.layers, name)(**config)
            inputs = x.astype(dtype) if is_float else x
            layer.build(inputs.shape)
            assert [v.name for v in layer.weights] == [n for n, _ in weights]
            layer.set_weights([w for _, w in weights])
            return result(layer(inputs, training=False), dtype)

        y = both(run)

        expected = x.astype(np.float64)
        if name == "Dense":
            expected = expected @ weights[0][1]
            if config["use_bias"]:
                expected = expected + weights[1][1]
        if name in ("Dense", "Activation") and config["activation"]:
            expected = checks.ACTIVATIONS[config["activation"]](expected)
        if name == "Rescaling":
            expected = expected * config["scale"] + config["offset"]
        close(y["f64"].ravel(), expected.ravel(), rtol=1e-12, atol=1e-14)
        close(y["f32"].ravel(), expected.ravel(), rtol=1e-5, atol=1e-6)

        cases.append(
            {
                "layer": name,
                "config": config,
                "weights": [{"name": n, **array(w)} for n, w in weights],
                "x_dtype": "float" if is_float else str(x.dtype),
                "x": array(x),
                "y_f64": array(y["f64"]),
                "y_f32": array(y["f32"]),
            }
        )
    write("layers.json", cases)


# --- losses.json --------------------------------------------------------------

LOSS_CLASSES = {
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "mean_squared_error": keras.losses.MeanSquaredError,
    "mean_absolute_error": keras.losses.MeanAbsoluteError,
}


def losses():
    rng = np.random.default_rng(3)
    cce, scce = "categorical_crossentropy", "sparse_categorical_crossentropy"
    bce = "binary_crossentropy"
    mse, mae = "mean_squared_error", "mean_absolute_error"
    logits, smooth = {"from_logits": True}, {"label_smoothing": 0.1}

    def one_hot(*shape):
        return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]

    def probabilities(*shape):
        return checks.softmax(rng.normal(size=shape))

    def normal(*shape, scale=2.0):
        return rng.normal(scale=scale, size=shape)

    def bits(*shape):
        return rng.integers(2, size=shape).astype(np.float64)

    def ints(high, *shape):
        return rng.integers(high, size=shape)

    # Rows: right and certain, wrong and certain, certain between two, in between.
    certain_true = np.eye(3)[[0, 1, 2, 0]]
    certain = np.array([[1, 0, 0], [1, 0, 0], [0, 0.5, 0.5], [0, 0.25, 0.75]])
    large = np.array([[50, -50, 0], [50, -50, 0], [-50, -50, 50], [50, 50, 50.0]])
    large_true = np.eye(3)[[0, 1, 0, 2]]
    certain_bits = np.array([[0], [1], [0], [1], [1], [0.0]])
    certain_binary = np.array([[0], [1], [1], [0], [0.5], [0.25]])
    large_binary = np.array([[50], [-50], [50], [-50], [0], [0.5]])

    # loss, config, y_true, y_pred, whether the gradient is stored
    table = [
        (cce, {}, one_hot(5, 4), probabilities(5, 4), True),
        (cce, {}, probabilities(4, 3), probabilities(4, 3), True),
        (cce, {}, one_hot(2, 3, 4), probabilities(2, 3, 4), True),
        (cce, {}, one_hot(5, 4), rng.uniform(0.1, 3, size=(5, 4)), True),
        (cce, {}, certain_true, certain, False),
        (cce, logits, one_hot(5, 4), normal(5, 4), True),
        (cce, logits, large_true, large, True),
        (cce, smooth, one_hot(5, 4), probabilities(5, 4), True),
        (cce, smooth, certain_true, certain, False),
        (cce, {**logits, **smooth}, one_hot(5, 4), normal(5, 4), True),
        (scce, {}, ints(4, 5), probabilities(5, 4), True),
        (scce, {}, ints(4, 5, 1), probabilities(5, 4), True),
        (scce, {}, ints(4, 2, 3), probabilities(2, 3, 4), True),
        (scce, {}, ints(4, 5), rng.uniform(0.1, 3, size=(5, 4)), True),
        (scce, {}, certain_true.argmax(-1), certain, False),
        (scce, logits, ints(4, 5), normal(5, 4), True),
        (scce, logits, large_true.argmax(-1), large, True),
        (bce, {}, bits(6, 1), rng.uniform(0.05, 0.95, size=(6, 1)), True),
        (bce, {}, bits(4, 3), rng.uniform(0.05, 0.95, size=(4, 3)), True),
        (bce, {}, certain_bits, certain_binary, False),
        (bce, logits, bits(6, 1), normal(6, 1), True),
        (bce, logits, bits(4, 3), normal(4, 3), True),
        (bce, logits, certain_bits, large_binary, True),
        (
            bce,
            {"label_smoothing": 0.2},
            bits(6, 1),
            rng.uniform(0.05, 0.95, size=(6, 1)),
            True,
        ),
        (
            bce,
            {"label_smoothing": 0.2},
            bits(4, 3),
            rng.uniform(0.05, 0.95, size=(4, 3)),
            True,
        ),
        (bce, {**logits, "label_smoothing": 0.2}, bits(4, 3), normal(4, 3), True),
        (mse, {}, normal(5, 3), normal(5, 3), True),
        (mse, {}, normal(6, 1), normal(6, 1), True),
        (mse, {}, normal(2, 3, 4), normal(2, 3, 4), True),
        (mae, {}, normal(5, 3), normal(5, 3), True),
        (mae, {}, normal(6, 1), normal(6, 1), True),
        (mae, {}, normal(2, 3, 4), normal(2, 3, 4), True),
    ]
    cases = []
    for name, config, y_true, y_pred, with_gradient in table:
        is_float = y_true.dtype == np.float64
        if is_float:
            y_true = as_float32(y_true)
        y_pred = as_float32(y_pred)

        def run(dtype):
            true = y_true.astype(dtype) if is_float else y_true
            pred = jax.numpy.array(y_pred, dtype)
            loss = LOSS_CLASSES[name](**config)
            each = LOSS_CLASSES[name](reduction=None, **config)
            gradient = None
            if with_gradient:
                gradient = jax.grad(lambda pred: loss(true, pred))(pred)
                gradient = result(gradient, dtype)
            return (
                result(loss(true, pred), dtype),
                result(each(true, pred), dtype),
                gradient,
            )

        values = both(run)
        value, per_sample, gradient = values["f64"]

        expected = checks.LOSSES[name](y_true, y_pred, **config)
        close(per_sample, expected, rtol=1e-11, atol=1e-20)
        close(value, expected.mean(), rtol=1e-11)
        # In float32 the upper end of the clipping, 1 - 1e-7, is 1 - 2^-23.
        close(values["f32"][0], expected.mean(), rtol=2e-2 if not with_gradient else 1e-5)
        if with_gradient:
            numeric = checks.numeric_gradient(
                lambda pred: checks.LOSSES[name](y_true, pred, **config).mean(), y_pred
            )
            close(gradient, numeric, rtol=1e-5, atol=1e-8)

        case = {
            "loss": name,
            "config": config,
            "y_true_dtype": "float" if is_float else "int",
            "y_true": array(y_true),
            "y_pred": array(y_pred),
            "value_f64": number(value),
            "value_f32": number(values["f32"][0]),
            "per_sample_f64": array(per_sample),
            "per_sample_f32": array(values["f32"][1]),
        }
        if with_gradient:
            case["grad_f64"] = array(gradient)
        cases.append(case)
    write("losses.json", cases)


# --- optimizers.json ----------------------------------------------------------

CHECKPOINTS = (1, 2, 10, 100, 1000)


def gradient_at(step, sizes):
    """The gradient of the given step (from 1), one array for each variable.

    The index runs on from one variable to the next. All values are exact in float32.
    """
    i = np.arange(sum(sizes))
    g = ((step * 7 + i * 13) % 101 - 50) / 64.0
    g[(step + i) % 17 == 0] = 0
    return np.split(g, np.cumsum(sizes)[:-1])


def optimizers():
    rng = np.random.default_rng(4)
    one, two = (10,), (10, 4)
    table = [
        ("SGD", {"learning_rate": 0.01}, one),
        ("SGD", {"learning_rate": 0.01, "momentum": 0.9}, one),
        ("SGD", {"learning_rate": 0.01, "momentum": 0.9, "nesterov": True}, one),
        ("SGD", {"learning_rate": 0.1}, one),
        ("RMSprop", {}, one),
        ("RMSprop", {"momentum": 0.9}, one),
        ("RMSprop", {"centered": True}, one),
        ("RMSprop", {"momentum": 0.9, "centered": True}, one),
        ("Adam", {}, one),
        ("Adam", {"amsgrad": True}, one),
        (
            "Adam",
            {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-4},
            one,
        ),
        ("AdamW", {}, one),
        ("AdamW", {"weight_decay": 0.1}, one),
        ("SGD", {"weight_decay": 0.1}, one),
        ("SGD", {"momentum": 0.9, "weight_decay": 0.1}, one),
        ("RMSprop", {"weight_decay": 0.1}, one),
        ("Adam", {"weight_decay": 0.1}, one),
        ("SGD", {"clipnorm": 0.5}, two),
        ("SGD", {"clipvalue": 0.2}, two),
        ("SGD", {"global_clipnorm": 0.5}, two),
        ("Adam", {"clipnorm": 0.5}, two),
        ("Adam", {"clipvalue": 0.2}, two),
        ("Adam", {"global_clipnorm": 0.5}, two),
    ]
    cases = []
    for name, config, sizes in table:
        w0 = [grid(rng.normal(size=size), 1024) for size in sizes]

        def run(dtype):
            optimizer = getattr(keras.optimizers, name)(**config)
            assert optimizer.learning_rate.dtype == dtype
            variables = [keras.Variable(w, dtype=dtype) for w in w0]
            found = {}
            for step in range(1, CHECKPOINTS[-1] + 1):
                gradients = gradient_at(step, sizes)
                optimizer.apply(
                    [jax.numpy.array(g, dtype) for g in gradients], variables
                )
                if step in CHECKPOINTS:
                    found[step] = [result(v, dtype) for v in variables]
            return found

        found = both(run)

        reference, variables = checks.Optimizer(name, config), [w.copy() for w in w0]
        for step in range(1, CHECKPOINTS[-1] + 1):
            reference.apply(gradient_at(step, sizes), variables)
            if step in CHECKPOINTS:
                for i, w in enumerate(variables):
                    close(found["f64"][step][i], w, rtol=1e-10, atol=1e-12)
                    close(found["f32"][step][i], w, rtol=1e-3, atol=1e-3)

        cases.append(
            {
                "optimizer": name,
                "config": config,
                "w0": [w.tolist() for w in w0],
                **{
                    f"checkpoints_{suffix}": {
                        str(step): [v.tolist() for v in values]
                        for step, values in steps.items()
                    }
                    for suffix, steps in found.items()
                },
            }
        )
    write("optimizers.json", cases)


# --- trainings.json -----------------------------------------------------------


def trainings():
    rng = np.random.default_rng(5)

    def training(name, layers, inputs, samples, **rest):
        """Random weights, inputs and, from a random linear map, targets to learn."""
        x = grid(rng.normal(size=(samples, inputs)))
        weights, size = [], inputs
        for layer in layers:
            limit = np.sqrt(6 / (size + layer["units"]))
            kernel = rng.uniform(-limit, limit, size=(size, layer["units"]))
            bias = rng.normal(scale=0.1, size=layer["units"])
            weights += [grid(kernel, 4096), grid(bias, 4096)]
            size = layer["units"]
        scores = x @ rng.normal(size=(inputs, size))
        scores += rng.normal(size=scores.shape)
        y = (scores > 0) * 1 if size == 1 else np.eye(size, dtype=int)[scores.argmax(-1)]
        return {"name": name, "layers": layers, **rest}, x, y, weights

    table = [
        training(
            "guide",
            [
                {"units": 10, "activation": "sigmoid"},
                {"units": 4, "activation": "softmax"},
            ],
            20,
            203,
            optimizer={"name": "SGD", "config": {"learning_rate": 0.1}},
            loss="categorical_crossentropy",
            metrics=["accuracy"],
            batch_size=32,
            epochs=3,
            validation_split=0.0,
        ),
        training(
            "binary",
            [
                {"units": 16, "activation": "relu"},
                {"units": 8, "activation": "tanh"},
                {"units": 1, "activation": "sigmoid"},
            ],
            12,
            150,
            optimizer={"name": "Adam", "config": {}},
            loss="binary_crossentropy",
            metrics=["accuracy"],
            batch_size=16,
            epochs=3,
            validation_split=0.2,
        ),
    ]
    cases = []
    for spec, x, y, weights in table:
        batch_size, epochs = spec["batch_size"], spec["epochs"]
        trained = len(x) - round(len(x) * spec["validation_split"])

        def model(x):
            stack = [keras.Input(x.shape[1:])]
            stack += [keras.layers.Dense(**layer) for layer in spec["layers"]]
            made = keras.Sequential(stack)
            made.set_weights(weights)
            optimizer = spec["optimizer"]
            made.compile(
                optimizer=getattr(keras.optimizers, optimizer["name"])(
                    **optimizer["config"]
                ),
                loss=spec["loss"],
                metrics=spec["metrics"],
            )
            return made

        def run(dtype):
            data, target = x.astype(dtype), y.astype(dtype)
            fitted = model(data)
            history = fitted.fit(
                data,
                target,
                batch_size=batch_size,
                epochs=epochs,
                validation_split=spec["validation_split"],
                shuffle=False,
                verbose=0,
            ).history

            # fit() only reports running means; the loss of each step comes from
            # the same training done batch by batch.
            stepped = model(data)
            step_losses = []
            for _ in range(epochs):
                step_losses.append([])
                for start in range(0, trained, batch_size):
                    batch = slice(start, min(start + batch_size, trained))
                    stepped.reset_metrics()
                    logs = stepped.train_on_batch(
                        data[batch], target[batch], return_dict=True
                    )
                    step_losses[-1].append(number(logs["loss"]))
            for a, b in zip(fitted.get_weights(), stepped.get_weights()):
                close(a, b, rtol=0, atol=1e-12 if dtype == "float64" else 1e-6)

            for w in fitted.get_weights():
                assert w.dtype == dtype
            evaluated = fitted.evaluate(data, target, verbose=0, return_dict=True)
            return {
                "history": {k: [number(v) for v in vs] for k, vs in history.items()},
                "step_losses": step_losses,
                "final_weights": [array(w) for w in fitted.get_weights()],
                "evaluate": {k: number(v) for k, v in evaluated.items()},
                "predict": array(result(fitted.predict(data[:5], verbose=0), dtype)),
            }

        runs = both(run)

        names = [layer["activation"] for layer in spec["layers"]]
        optimizer = checks.Optimizer(
            spec["optimizer"]["name"], spec["optimizer"]["config"]
        )
        final, step_losses = checks.train(
            weights,
            names,
            spec["loss"],
            optimizer,
            x[:trained],
            y[:trained],
            batch_size,
            epochs,
        )
        outputs = checks.forward(final, names, x)[-1]
        evaluated = checks.LOSSES[spec["loss"]](y, outputs).mean()
        for suffix, tolerance in (("f64", 1e-10), ("f32", 1e-3)):
            found = runs[suffix]
            for stored, losses_ in zip(found["step_losses"], step_losses):
                close(stored, losses_, tolerance)
            for stored, w in zip(found["final_weights"], final):
                close(stored["data"], w.ravel(), tolerance, tolerance)
            close(found["evaluate"]["loss"], evaluated, tolerance)
            close(found["predict"]["data"], outputs[:5].ravel(), tolerance)
        for key, values in runs["f64"]["history"].items():
            if "accuracy" in key:
                close(runs["f32"]["history"][key], values, rtol=1e-6)

        cases.append(
            {
                **spec,
                "x": array(x),
                "y": array(y),
                "initial_weights": [array(w) for w in weights],
                **runs,
            }
        )
    write("trainings.json", cases)


# --- metrics.json -------------------------------------------------------------

METRIC_CLASSES = {
    "binary_accuracy": keras.metrics.BinaryAccuracy,
    "categorical_accuracy": keras.metrics.CategoricalAccuracy,
    "sparse_categorical_accuracy": keras.metrics.SparseCategoricalAccuracy,
}


def metrics():
    binary, categorical = "binary_accuracy", "categorical_accuracy"
    sparse = "sparse_categorical_accuracy"
    column = [[0.5], [0.25], [0.75], [0.5], [1.0], [0.0], [0.6]]
    column_true = [[0], [0], [1], [1], [1], [1], [0]]
    wide = [[0.5, 0.6, 0.4], [0.9, 0.1, 0.5], [0.0, 1.0, 0.75]]
    wide_true = [[0, 1, 0], [1, 0, 1], [1, 1, 0]]
    rows = [
        [0.1, 0.7, 0.2],
        [0.4, 0.4, 0.2],  # a tie: the first wins
        [0.2, 0.4, 0.4],
        [0.25, 0.25, 0.25],
        [0.0, 0.0, 1.0],
        [0.3, 0.5, 0.2],
        [-3.0, -2.0, -7.5],
    ]
    labels = [1, 1, 1, 0, 2, 0, 1]
    one_hot = np.eye(3, dtype=int)[labels]
    soft = [
        [0.2, 0.5, 0.3],
        [0.5, 0.5, 0.0],  # a tie in the target: the first wins
        [0.0, 0.5, 0.5],
        [0.0, 0.0, 0.0],
        [0.1, 0.1, 0.8],
        [0.4, 0.6, 0.0],
        [1.0, 0.0, 0.0],
    ]
    sequence = np.reshape(rows[:6], (2, 3, 3))
    sequence_labels = np.reshape(labels[:6], (2, 3))

    direct = [
        (binary, {}, column_true, column),
        (binary, {}, np.ravel(column_true), column),
        (binary, {}, column_true, np.ravel(column)),
        (binary, {}, np.asarray(column_true, float), column),
        (binary, {"threshold": 0.3}, column_true, column),
        (binary, {}, wide_true, wide),
        (binary, {}, [[0.5], [1.0], [0.0]], [[0.7], [0.9], [0.2]]),
        (categorical, {}, one_hot, rows),
        (categorical, {}, soft, rows),
        (categorical, {}, np.eye(3, dtype=int)[sequence_labels], sequence),
        (sparse, {}, labels, rows),
        (sparse, {}, np.reshape(labels, (7, 1)), rows),
        (sparse, {}, np.asarray(labels, float), rows),
        (sparse, {}, sequence_labels, sequence),
        # Two updates of one metric: its state is the count of right ones and of all.
        (sparse, {}, [labels[:4], labels[4:]], [rows[:4], rows[4:]], "updates"),
        (binary, {}, [wide_true[:2], wide_true[2:]], [wide[:2], wide[2:]], "updates"),
    ]

    def entry(values):
        values = np.asarray(values)
        is_float = np.issubdtype(values.dtype, np.floating)
        if is_float:
            values = as_float32(values)
        return values, {"dtype": "float" if is_float else "int", **array(values)}

    cases = []
    for name, config, y_true, y_pred, *more in direct:
        pairs = zip(y_true, y_pred) if more else [(y_true, y_pred)]
        updates = [(entry(t), entry(p)) for t, p in pairs]

        def run(dtype):
            metric = METRIC_CLASSES[name](**config)
            for (true, _), (pred, _) in updates:
                if true.dtype == np.float64:
                    true = true.astype(dtype)
                metric.update_state(true, pred.astype(dtype))
            return number(result(metric.result(), dtype))

        expected = both(run)
        matches = [
            checks.METRICS[name](true, pred, **config).ravel()
            for (true, _), (pred, _) in updates
        ]
        close(expected["f64"], np.concatenate(matches).mean(), rtol=1e-15)
        cases.append(
            {
                "kind": "direct",
                "metric": name,
                "config": config,
                "updates": [{"y_true": t, "y_pred": p} for (_, t), (_, p) in updates],
                **suffixed("expected", expected),
            }
        )

    # compile(metrics=["accuracy"]) picks one of the three from the shapes.
    rng = np.random.default_rng(6)
    x = grid(rng.normal(size=(9, 3)))
    n = len(x)
    cce, scce = "categorical_crossentropy", "sparse_categorical_crossentropy"
    bce = "binary_crossentropy"
    compiled = [
        (1, "sigmoid", bce, "accuracy", rng.integers(2, size=(n, 1))),
        (1, "sigmoid", bce, "accuracy", rng.integers(2, size=n)),
        (1, None, "mean_squared_error", "accuracy", rng.integers(2, size=(n, 1))),
        (3, "sigmoid", bce, "accuracy", rng.integers(2, size=(n, 3))),
        (3, "sigmoid", bce, "binary_accuracy", rng.integers(2, size=(n, 3))),
        (4, "softmax", cce, "accuracy", np.eye(4, dtype=int)[rng.integers(4, size=n)]),
        (4, "softmax", scce, "accuracy", rng.integers(4, size=n)),
        (4, "softmax", scce, "accuracy", rng.integers(4, size=(n, 1))),
        (2, "softmax", cce, "acc", np.eye(2, dtype=int)[rng.integers(2, size=n)]),
        (4, None, "mean_squared_error", "accuracy", grid(rng.normal(size=(n, 4)))),
    ]
    for units, activation, loss, metric, y in compiled:
        kernel = grid(rng.normal(size=(3, units)), 1024)
        bias = grid(rng.normal(size=units), 1024)
        y_values, y_entry = entry(y)
        picked = set()

        def run(dtype):
            model = keras.Sequential(
                [keras.Input((3,)), keras.layers.Dense(units, activation=activation)]
            )
            model.set_weights([kernel, bias])
            model.compile(optimizer="sgd", loss=loss, metrics=[metric])
            logs = model.evaluate(
                x.astype(dtype), y_values, batch_size=4, verbose=0, return_dict=True
            )
            (used,) = model._compile_metrics.metrics
            assert list(logs) == [metric, "loss"] or list(logs) == ["loss", metric]
            picked.add(type(used).__name__)
            return number(logs[metric])

        expected = both(run)
        (name,) = [k for k, v in METRIC_CLASSES.items() if {v.__name__} == picked]
        outputs = x @ kernel + bias
        if activation:
            outputs = checks.ACTIVATIONS[activation](outputs)
        by_hand = checks.METRICS[name](y_values, outputs).mean()
        close(expected["f64"], by_hand, rtol=1e-15)
        cases.append(
            {
                "kind": "compiled",
                "layer": {"units": units, "activation": activation},
                "weights": [array(kernel), array(bias)],
                "loss": loss,
                "metrics": [metric],
                "batch_size": 4,
                "x": array(x),
                "y_true": y_entry,
                "resolved": name,
                **suffixed("expected", expected),
            }
        )
    write("metrics.json", cases)


# --- summary_*.txt and progress.txt -------------------------------------------


def guide_model():
    return keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(10, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def summaries():
    def save(name, model):
        text = []
        model.summary(print_fn=text.append)
        (text,) = text
        assert "\x1b" not in text
        (OUT / f"summary_{name}.txt").write_text(text, encoding="utf-8")

    with precision("float32"):
        model = guide_model()
        save("guide", model)
        # Once it has been fitted, the variables of the optimizer count as well.
        model.compile(optimizer="sgd", loss="categorical_crossentropy")
        save("guide_compiled", model)
        model.fit(np.zeros((4, 784)), np.eye(10)[:4], verbose=0)
        save("guide_fitted_sgd", model)
    with precision("float32"):
        model = guide_model()
        model.compile(optimizer="adam", loss="categorical_crossentropy")
        model.fit(np.zeros((4, 784)), np.eye(10)[:4], verbose=0)
        save("guide_fitted_adam", model)
    with precision("float64"):
        save("guide_float64", guide_model())
    with precision("float32"):
        save(
            "hidden_dropout",
            keras.Sequential(
                [
                    keras.Input((28, 28)),
                    keras.layers.Flatten(),
                    keras.layers.Dense(128, activation="relu", name="hidden"),
                    keras.layers.Dropout(0.2),
                    keras.layers.Dense(10, activation="softmax"),
                ]
            ),
        )
    with precision("float32"):
        model = keras.Sequential(
            [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3)]
        )
        save("unbuilt", model)
        model.build((None, 5))
        save("unbuilt_then_built", model)
    with precision("float32"):
        save(
            "long_names",
            keras.Sequential(
                [
                    keras.Input((64, 64, 3)),
                    keras.layers.Rescaling(1 / 255),
                    keras.layers.Flatten(),
                    keras.layers.Dense(
                        1000, name="a_rather_long_name_for_a_dense_layer"
                    ),
                    keras.layers.Reshape((10, 100)),
                    keras.layers.Dense(1),
                ],
                name="my_model",
            ),
        )


class Clock:
    """Stands in for the `time` module: every look at the clock takes `step` seconds."""

    def __init__(self, step):
        self.now, self.step = 1000.0, step

    def time(self):
        self.now += self.step
        return self.now


def progress():
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(10, 3)), rng.integers(2, size=(10, 1))
    sections = []

    def capture(title, call):
        """The output of `call`, control characters written out as \\x1b, \\r and \\b."""
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            call()
        text = shown.getvalue()
        for raw in "\x1b", "\r", "\b":
            text = text.replace(raw, repr(raw)[1:-1])
        # A run of backspaces is as long as the line before it: say how many.
        text = "".join(
            f"\\x08*{count}" if mark == "\\x08" else mark * count
            for mark, count in runs_of(text, "\\x08")
        )
        sections.append(f"### {title}\n{text}")

    def runs_of(text, mark):
        """Splits `text` into (mark, repeats) and (other text, 1) pieces."""
        pieces = text.split(mark)
        count = 0
        for i, piece in enumerate(pieces):
            if i:
                count += 1
            if piece:
                if count:
                    yield mark, count
                    count = 0
                yield piece, 1
        if count:
            yield mark, count

    real_time = keras_progbar.time
    try:
        for step in (0.0004, 0.06, 1.5):
            keras_progbar.time = Clock(step)
            with precision("float32"):
                model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
                model.set_weights([np.full((3, 1), 0.25), np.zeros(1)])
                model.compile("sgd", "mean_squared_error", metrics=["accuracy"])
                for verbose in (1, 2):
                    title = f"verbose={verbose}, {step} s at every look at the clock"
                    options = {"batch_size": 4, "verbose": verbose, "shuffle": False}
                    capture(
                        f"fit, {title}",
                        lambda: model.fit(
                            x, y, epochs=2, validation_split=0.2, **options
                        ),
                    )
                    options.pop("shuffle")
                    capture(f"evaluate, {title}", lambda: model.evaluate(x, y, **options))
                    capture(f"predict, {title}", lambda: model.predict(x, **options))

        keras_progbar.time = Clock(0.06)

        def bar(values, verbose, target=3):
            shown = keras.utils.Progbar(target, verbose=verbose)
            shown.update(3, values=values, finalize=True)

        numbers = [1.0, 0.00123456, 0.001, 0.0001234, 0.0, -0.5, 12345.678]
        values = [(f"m{i}", v) for i, v in enumerate(numbers)]
        for verbose in (1, 2):
            capture(
                f"Progbar of the values {numbers}, verbose={verbose}",
                lambda: bar(values, verbose),
            )
        capture("Progbar of unknown length", lambda: bar([("loss", 0.5)], 1, None))
    finally:
        keras_progbar.time = real_time

    intro = (
        "What Keras {keras} ({backend}) prints when the output is not a terminal.\n"
        "Escape (\\x1b), carriage return (\\r) and backspace (\\x08*count) are written\n"
        "out. The clock is a stand-in that advances by a fixed time at every look.\n\n"
    ).format(**HEADER)
    (OUT / "progress.txt").write_text(intro + "\n".join(sections), encoding="utf-8")


# --- initializers.json --------------------------------------------------------


def initializers():
    table = [
        ("zeros", {}),
        ("ones", {}),
        ("constant", {"value": 0.25}),
        ("random_normal", {}),
        ("random_normal", {"mean": 1.0, "stddev": 0.5}),
        ("random_uniform", {}),
        ("random_uniform", {"minval": -1.0, "maxval": 3.0}),
        ("truncated_normal", {}),
        ("truncated_normal", {"mean": 1.0, "stddev": 0.5}),
        ("glorot_uniform", {}),
        ("glorot_normal", {}),
        ("he_uniform", {}),
        ("he_normal", {}),
        ("lecun_uniform", {}),
        ("lecun_normal", {}),
        ("variance_scaling", {}),
        (
            "variance_scaling",
            {"scale": 2.0, "mode": "fan_avg", "distribution": "untruncated_normal"},
        ),
        (
            "variance_scaling",
            {"scale": 0.5, "mode": "fan_out", "distribution": "uniform"},
        ),
    ]
    shape = (400, 300)
    cases = []
    for name, args in table:
        defaults = {}

        def run(dtype):
            random = name not in ("zeros", "ones", "constant")
            seed = {"seed": 12345} if random else {}
            initializer = getattr(keras.initializers, name)(**args, **seed)
            defaults.update(initializer.get_config())
            # What the initializer passes on, with the defaults filled in.
            for key in ("scale", "mode", "distribution"):
                if hasattr(initializer, key):
                    defaults[key] = getattr(initializer, key)
            defaults.pop("seed", None)
            values = result(initializer(shape, dtype=dtype), dtype).astype(np.float64)
            return {
                "mean": number(values.mean()),
                "std": number(values.std()),
                "min": number(values.min()),
                "max": number(values.max()),
            }

        stats = both(run)

        # The spread that the documentation promises.
        if "scale" in defaults:
            fan_in, fan_out = shape
            fan = {
                "fan_in": fan_in,
                "fan_out": fan_out,
                "fan_avg": (fan_in + fan_out) / 2,
            }[defaults["mode"]]
            std = np.sqrt(defaults["scale"] / fan)
            mean = 0.0
        elif "minval" in defaults:
            std = (defaults["maxval"] - defaults["minval"]) / np.sqrt(12)
            mean = (defaults["maxval"] + defaults["minval"]) / 2
        elif "stddev" in defaults:
            std, mean = defaults["stddev"], defaults["mean"]
            if name == "truncated_normal":
                std *= 0.87962566103423978  # of a normal cut at two sigma
        else:
            std, mean = 0.0, {"zeros": 0.0, "ones": 1.0, "constant": 0.25}[name]
        for found in stats.values():
            close(found["std"], std, rtol=0.01)
            close(found["mean"], mean, rtol=0.01, atol=0.01 * std)

        cases.append(
            {
                "initializer": name,
                "args": args,
                "config": defaults,
                "expected_mean": float(mean),
                "expected_std": float(std),
                "stats_f64": stats["f64"],
                "stats_f32": stats["f32"],
            }
        )
    write("initializers.json", cases, shape=list(shape))


TABLES = [
    activations,
    layers,
    losses,
    optimizers,
    trainings,
    metrics,
    summaries,
    progress,
    initializers,
]


def main(names):
    OUT.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        if not names or table.__name__ in names:
            print(table.__name__, flush=True)
            table()


if __name__ == "__main__":
    main(sys.argv[1:])
