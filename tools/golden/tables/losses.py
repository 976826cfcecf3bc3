"""losses.json: value of the batch, values of the samples, gradient."""

import jax
import keras
import numpy as np

import checks
from common import array, as_float32, both, close, number, result, write

LOSS_CLASSES = {
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "mean_squared_error": keras.losses.MeanSquaredError,
    "mean_absolute_error": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "mean_absolute_percentage_error": keras.losses.MeanAbsolutePercentageError,
    "mean_squared_logarithmic_error": keras.losses.MeanSquaredLogarithmicError,
    "log_cosh": keras.losses.LogCosh,
    "kl_divergence": keras.losses.KLDivergence,
    "poisson": keras.losses.Poisson,
    "cosine_similarity": keras.losses.CosineSimilarity,
    "hinge": keras.losses.Hinge,
    "squared_hinge": keras.losses.SquaredHinge,
    "categorical_hinge": keras.losses.CategoricalHinge,
    "binary_focal_crossentropy": keras.losses.BinaryFocalCrossentropy,
    "categorical_focal_crossentropy": keras.losses.CategoricalFocalCrossentropy,
    "dice": keras.losses.Dice,
    "tversky": keras.losses.Tversky,
    "circle": keras.losses.Circle,
    "categorical_generalized_cross_entropy": (
        keras.losses.CategoricalGeneralizedCrossEntropy
    ),
}
DEFAULT = "sum_over_batch_size"


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
    cases = [loss_case(*case) for case in table]
    cases += [loss_case(*case) for case in more_losses(np.random.default_rng(31))]
    write("losses.json", cases)


def more_losses(rng):
    """The other losses, and reductions and weights of samples: arguments of loss_case."""
    logits, smooth = {"from_logits": True}, {"label_smoothing": 0.2}

    def one_hot(*shape):
        return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]

    def probabilities(*shape):
        return checks.softmax(rng.normal(size=shape))

    def normal(*shape):
        return rng.normal(scale=2, size=shape)

    def between(*shape):
        return rng.uniform(0.05, 0.95, size=shape)

    def positive(*shape):
        return rng.uniform(0.1, 4, size=shape)

    def bits(*shape):
        return rng.integers(2, size=shape).astype(np.float64)

    def ints(high, *shape):
        return rng.integers(high, size=shape)

    def each(name, true, pred, *configs):
        """A case of each setting, with `true()` and `pred()` as its values."""
        return [(name, config, true(), pred(), True) for config in configs]

    def of(function, *arguments):
        return lambda: function(*arguments)

    normals = of(normal, 4, 3), of(normal, 4, 3)
    chosen = of(one_hot, 4, 3), of(probabilities, 4, 3)
    scored = of(one_hot, 4, 3), of(normal, 4, 3)
    binary = of(bits, 5, 2), of(between, 5, 2)
    scored_binary = of(bits, 5, 2), of(normal, 5, 2)
    balanced = {"apply_class_balancing": True}
    table = [
        ("mean_squared_error", {}, normal(6), normal(6, 1), True),
        *each("huber", *normals, {}, {"delta": 0.5}, {"delta": 2.0}),
        *each("mean_absolute_percentage_error", *normals, {}),
        *each("mean_absolute_percentage_error", of(bits, 4, 3), of(between, 4, 3), {}),
        *each("mean_squared_logarithmic_error", of(positive, 4, 3), of(positive, 4, 3), {}),
        *each("mean_squared_logarithmic_error", *normals, {}),
        *each("log_cosh", *normals, {}),
        *each("log_cosh", of(normal, 5), of(normal, 5, 1), {}),
        *each("kl_divergence", of(probabilities, 4, 3), of(probabilities, 4, 3), {}),
        *each("kl_divergence", of(one_hot, 4, 3), of(probabilities, 4, 3), {}),
        ("kl_divergence", {}, np.eye(3), np.eye(3)[[0, 2, 1]], False),
        *each("poisson", of(ints, 5, 4, 3), of(positive, 4, 3), {}),
        *each("poisson", of(positive, 2, 3, 2), of(positive, 2, 3, 2), {}),
        *each("cosine_similarity", *normals, {}, {"axis": 0}),
        *each("cosine_similarity", of(normal, 2, 3, 2), of(normal, 2, 3, 2), {"axis": 1}),
        ("cosine_similarity", {}, np.array([[0, 0], [0, 1.0]]), normal(2, 2), True),
        *each("hinge", *scored_binary, {}),
        *each("hinge", lambda: 2 * bits(5, 2) - 1, of(normal, 5, 2), {}),
        # Not only 0 and 1, so they are taken as they are.
        ("hinge", {}, np.array([[0, 1], [1, -1.0]]), normal(2, 2), True),
        *each("squared_hinge", *scored_binary, {}),
        *each("squared_hinge", lambda: 2 * bits(5, 2) - 1, of(normal, 5, 2), {}),
        *each("categorical_hinge", *scored, {}),
        *each("categorical_hinge", of(one_hot, 2, 3, 4), of(normal, 2, 3, 4), {}),
        *each(
            "binary_focal_crossentropy",
            *binary,
            {},
            balanced,
            {**balanced, "alpha": 0.75, "gamma": 1.5},
            {"gamma": 0.0},
            smooth,
        ),
        *each(
            "binary_focal_crossentropy",
            *scored_binary,
            logits,
            {**logits, **balanced, **smooth},
        ),
        *each(
            "categorical_focal_crossentropy",
            *chosen,
            {},
            {"alpha": 1.0, "gamma": 0.5},
            {"gamma": 0.0},
            smooth,
        ),
        *each(
            "categorical_focal_crossentropy", *scored, logits, {**logits, "gamma": 3.0}
        ),
        *each("dice", *binary, {}, {"axis": [1]}),
        *each("dice", of(bits, 2, 3, 2), of(between, 2, 3, 2), {}, {"axis": [1, 2]}),
        *each(
            "tversky",
            *binary,
            {},
            {"alpha": 0.3, "beta": 0.7},
            {"alpha": 0.75, "beta": 0.25, "axis": [1]},
        ),
        *each("categorical_generalized_cross_entropy", of(ints, 3, 4), chosen[1], {}),
        *each(
            "categorical_generalized_cross_entropy", of(ints, 3, 4), chosen[1], {"q": 0.7}
        ),
    ]

    # Circle takes embeddings of length 1. The last label is the only one of its kind: its
    # value is 0, and the mean is over the others.
    def directions(*shape):
        x = normal(*shape)
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    labels = np.array([0, 1, 0, 1, 2])
    circles = [{}, {"gamma": 2.0, "margin": 0.25}, {"gamma": 4.0, "remove_diagonal": False}]
    table += [("circle", config, labels, directions(5, 3), True) for config in circles]
    table.append(("circle", {"gamma": 4.0}, labels[:4], directions(4, 3), True))

    cce, scce = "categorical_crossentropy", "sparse_categorical_crossentropy"
    bce, mse = "binary_crossentropy", "mean_squared_error"
    table += [
        (cce, {"axis": 1}, one_hot(4, 3), probabilities(4, 3), True),
        (cce, {**logits, "axis": 1}, np.moveaxis(one_hot(2, 3, 4), 2, 1), normal(2, 4, 3)),
        (scce, {**logits, "ignore_class": -1}, np.array([2, -1, 0, 1, -1]), normal(5, 3)),
        (scce, {"ignore_class": 0}, np.array([2, 0, 1, 1]), probabilities(4, 3)),
        (scce, {"ignore_class": 255}, np.array([[2], [255], [1]]), probabilities(3, 3)),
        (scce, {**logits, "ignore_class": 1}, np.array([[0, 1, 2], [1, 1, 3]]), normal(2, 3, 4)),
        (scce, {"ignore_class": 1}, np.array([1, 1]), probabilities(2, 3)),
    ]
    table = [case if len(case) > 4 else (*case, True) for case in table]

    # Reductions and weights. One of the weights is 0, and they do not add up to 1.
    column = np.array([1, 0.5, 0, 2, 3.25])
    full = np.array([[1, 0, 2.5], [0.5, 0.75, 3]])
    reductions = [DEFAULT, "sum", "none", "mean", "mean_with_sample_weight"]
    ignored, sequence = np.array([2, -1, 0, 1, -1]), np.array([[0, 1, 2], [1, 1, 3]])
    for reduction in reductions:
        for name, config, true, pred, weight in [
            (mse, {}, normal(5, 3), normal(5, 3), None),
            (mse, {}, normal(5, 3), normal(5, 3), column),
            (bce, {}, bits(5, 1), between(5, 1), column),
            (cce, {}, one_hot(2, 3, 4), probabilities(2, 3, 4), full),
            (scce, {**logits, "ignore_class": -1}, ignored, normal(5, 3), None),
            (scce, {**logits, "ignore_class": -1}, ignored, normal(5, 3), column),
            (scce, {**logits, "ignore_class": 1}, sequence, normal(2, 3, 4), full),
        ]:
            if reduction != DEFAULT or weight is not None:
                table.append((name, config, true, pred, True, reduction, weight))
    table += [
        (mse, {}, normal(2, 3, 2), normal(2, 3, 2), True, DEFAULT, full[:, :1]),
        (mse, {}, normal(5, 3), normal(5, 3), True, DEFAULT, column[:, None]),
        (scce, logits, ints(3, 5), normal(5, 3), True, DEFAULT, column),
        ("huber", {}, normal(5, 3), normal(5, 3), True, DEFAULT, column),
        ("cosine_similarity", {}, normal(5, 3), normal(5, 3), True, "sum", column),
        ("circle", {"gamma": 4.0}, labels, directions(5, 3), True, "sum", None),
        ("circle", {"gamma": 4.0}, labels, directions(5, 3), True, DEFAULT, column),
        ("dice", {"axis": [1]}, bits(5, 2), between(5, 2), True, "sum", column),
    ]
    return table


def loss_case(name, config, y_true, y_pred, with_gradient, reduction=DEFAULT, weight=None):
    is_float = y_true.dtype == np.float64
    if is_float:
        y_true = as_float32(y_true)
    y_pred = as_float32(y_pred)

    def run(dtype):
        true = y_true.astype(dtype) if is_float else y_true
        pred = jax.numpy.array(y_pred, dtype)
        each = LOSS_CLASSES[name](reduction=None, **config)
        reduced = LOSS_CLASSES[name](reduction=reduction, **config)

        def loss(pred):
            return reduced(true, pred, sample_weight=weight)

        gradient = None
        if with_gradient:
            gradient = jax.grad(lambda pred: loss(pred).sum())(pred)
            gradient = result(gradient, dtype)
        return result(loss(pred), dtype), result(each(true, pred), dtype), gradient

    values = both(run)
    value, per_sample, gradient = values["f64"]

    def formula(pred, reduction=reduction, weight=weight):
        return checks.reduced(name, y_true, pred, config, reduction, weight)

    close(per_sample, formula(y_pred, "none", None), rtol=1e-11, atol=1e-15)
    close(value, formula(y_pred), rtol=1e-11, atol=1e-15)
    # In float32 the upper end of the clipping, 1 - 1e-7, is 1 - 2^-23.
    single = 1e-5 if with_gradient else 2e-2
    close(values["f32"][0], formula(y_pred), rtol=single, atol=1e-6)
    if with_gradient:
        # Circle is steep: its differences use a smaller step, and are rougher.
        h, rough = (1e-6, 1e-6) if name == "circle" else (1e-5, 1e-8)
        numeric = checks.numeric_gradient(lambda pred: formula(pred).sum(), y_pred, h)
        scale = max(np.abs(gradient).max(), 1)
        close(gradient, numeric, rtol=1e-5, atol=rough * scale)

    def stored(value):
        return array(value) if reduction == "none" else number(value)

    case = {"loss": name, "config": config}
    if reduction != DEFAULT:
        case["reduction"] = reduction
    if weight is not None:
        case["sample_weight"] = array(weight)
    case.update(
        {
            "y_true_dtype": "float" if is_float else "int",
            "y_true": array(y_true),
            "y_pred": array(y_pred),
            "value_f64": stored(value),
            "value_f32": stored(values["f32"][0]),
            "per_sample_f64": array(per_sample),
            "per_sample_f32": array(values["f32"][1]),
        }
    )
    if with_gradient:
        case["grad_f64"] = array(gradient)
    return case
