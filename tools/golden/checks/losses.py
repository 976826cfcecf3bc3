"""Losses: one value per sample."""

import numpy as np

EPSILON = 1e-7  # keras.config.epsilon()


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def categorical_crossentropy(
    y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1
):
    y_true, y_pred = np.moveaxis(y_true, axis, -1), np.moveaxis(y_pred, axis, -1)
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[-1]
    if from_logits:
        log_p = log_softmax(y_pred)
    else:
        p = y_pred / y_pred.sum(axis=-1, keepdims=True)
        log_p = np.log(np.clip(p, EPSILON, 1 - EPSILON))
    return -(y_true * log_p).sum(axis=-1)


def sparse_categorical_crossentropy(
    y_true, y_pred, from_logits=False, ignore_class=None
):
    if y_true.ndim == y_pred.ndim:
        y_true = y_true[..., 0]
    kept = y_true != ignore_class
    one_hot = np.eye(y_pred.shape[-1])[np.where(kept, y_true, 0).astype(int)]
    return np.where(kept, categorical_crossentropy(one_hot, y_pred, from_logits), 0)


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0):
    y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        value = (
            np.maximum(y_pred, 0) - y_pred * y_true + np.log1p(np.exp(-np.abs(y_pred)))
        )
    else:
        p = np.clip(y_pred, EPSILON, 1 - EPSILON)
        value = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return value.mean(axis=-1)


def binary_focal_crossentropy(
    y_true,
    y_pred,
    apply_class_balancing=False,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
):
    y_true = y_true * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        y_pred = 1 / (1 + np.exp(-y_pred))
    p = np.clip(y_pred, EPSILON, 1 - EPSILON)
    value = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    right = y_true * y_pred + (1 - y_true) * (1 - y_pred)
    value = (1 - right) ** gamma * value
    if apply_class_balancing:
        value = value * (y_true * alpha + (1 - y_true) * (1 - alpha))
    return value.mean(axis=-1)


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0
):
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[-1]
    if from_logits:
        y_pred = np.exp(log_softmax(y_pred))
    p = y_pred / y_pred.sum(axis=-1, keepdims=True)
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return -(alpha * (1 - p) ** gamma * y_true * np.log(p)).sum(axis=-1)


def huber(y_true, y_pred, delta=1.0):
    error = np.abs(y_true - y_pred)
    value = np.where(error <= delta, error**2 / 2, delta * error - delta**2 / 2)
    return value.mean(axis=-1)


def mean_absolute_percentage_error(y_true, y_pred):
    error = np.abs(y_true - y_pred) / np.maximum(np.abs(y_true), EPSILON)
    return 100 * error.mean(axis=-1)


def mean_squared_logarithmic_error(y_true, y_pred):
    first = np.log(np.maximum(y_true, EPSILON) + 1)
    second = np.log(np.maximum(y_pred, EPSILON) + 1)
    return ((first - second) ** 2).mean(axis=-1)


def kl_divergence(y_true, y_pred):
    y_true, y_pred = (np.clip(y, EPSILON, 1) for y in (y_true, y_pred))
    return (y_true * np.log(y_true / y_pred)).sum(axis=-1)


def cosine_similarity(y_true, y_pred, axis=-1):
    def unit(y):
        norm = np.sqrt((y**2).sum(axis=axis, keepdims=True))
        return y / np.maximum(norm, EPSILON)

    return -(unit(y_true) * unit(y_pred)).sum(axis=axis)


def signs(y_true):
    """0 and 1 stand for -1 and 1, if there is nothing else."""
    return 2 * y_true - 1 if np.isin(y_true, (0, 1)).all() else y_true


def categorical_hinge(y_true, y_pred):
    right = (y_true * y_pred).sum(axis=-1)
    wrong = ((1 - y_true) * y_pred).max(axis=-1)
    return np.maximum(wrong - right + 1, 0)


def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    """Keras weighs what was missed by alpha, and what was wrongly found by beta."""
    axis = axis if axis is None else tuple(axis)
    both = (y_true * y_pred).sum(axis=axis)
    missed = (y_true * (1 - y_pred)).sum(axis=axis)
    wrong = ((1 - y_true) * y_pred).sum(axis=axis)
    return 1 - both / (both + alpha * missed + beta * wrong + EPSILON)


def dice(y_true, y_pred, axis=None):
    axis = axis if axis is None else tuple(axis)
    both = (y_true * y_pred).sum(axis=axis)
    return 1 - 2 * both / (y_true.sum(axis=axis) + y_pred.sum(axis=axis) + EPSILON)


def circle(y_true, y_pred, gamma=80.0, margin=0.4, remove_diagonal=True):
    distance = np.maximum(1 - y_pred @ y_pred.T, 0)
    same = y_true[:, None] == y_true[None, :]
    other = ~same
    if remove_diagonal:
        same = same & ~np.eye(len(y_true), dtype=bool)
    near = -gamma * np.maximum(margin + distance, 0) * (margin - distance)
    far = gamma * np.maximum(1 + margin - distance, 0) * (1 - margin - distance)
    with np.errstate(divide="ignore"):  # a row without a pair is left out
        near, far = (
            np.log((np.exp(v) * mask).sum(axis=1)) for v, mask in ((near, same), (far, other))
        )
    return np.logaddexp(near + far, 0)


def categorical_generalized_cross_entropy(y_true, y_pred, q=0.5):
    p = (y_pred * np.eye(y_pred.shape[-1])[y_true.astype(int)]).sum(axis=-1)
    return (1 - p**q) / q


LOSSES = {
    "categorical_crossentropy": categorical_crossentropy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "binary_crossentropy": binary_crossentropy,
    "mean_squared_error": lambda y_true, y_pred: ((y_true - y_pred) ** 2).mean(-1),
    "mean_absolute_error": lambda y_true, y_pred: np.abs(y_true - y_pred).mean(-1),
    "huber": huber,
    "mean_absolute_percentage_error": mean_absolute_percentage_error,
    "mean_squared_logarithmic_error": mean_squared_logarithmic_error,
    "log_cosh": lambda y_true, y_pred: np.log(np.cosh(y_pred - y_true)).mean(-1),
    "kl_divergence": kl_divergence,
    "poisson": lambda y_true, y_pred: (
        (y_pred - y_true * np.log(y_pred + EPSILON)).mean(-1)
    ),
    "cosine_similarity": cosine_similarity,
    "hinge": lambda y_true, y_pred: np.maximum(1 - signs(y_true) * y_pred, 0).mean(-1),
    "squared_hinge": lambda y_true, y_pred: (
        (np.maximum(1 - signs(y_true) * y_pred, 0) ** 2).mean(-1)
    ),
    "categorical_hinge": categorical_hinge,
    "binary_focal_crossentropy": binary_focal_crossentropy,
    "categorical_focal_crossentropy": categorical_focal_crossentropy,
    "dice": dice,
    "tversky": tversky,
    "circle": circle,
    "categorical_generalized_cross_entropy": categorical_generalized_cross_entropy,
}


def reduced(name, y_true, y_pred, config, reduction, weight):
    """The loss of a batch. Classes to ignore, and circles of nothing, are masked."""
    if y_true.ndim == y_pred.ndim - 1 and y_pred.shape[-1] == 1:
        y_true = y_true[..., None]
    values = LOSSES[name](y_true, y_pred, **config)
    mask = np.ones(values.shape)
    if config.get("ignore_class") is not None:
        mask = (y_true != config["ignore_class"]).reshape(values.shape) * 1.0
    if name == "circle":
        mask = (values > 0) * 1.0
    if reduction in ("mean", "sum_over_batch_size"):
        mask = mask * mask.size / max(mask.sum(), 1)
    mask = mask if weight is None else mask * weight.reshape(
        weight.shape[: values.ndim] + (1,) * (values.ndim - weight.ndim)
    )
    values = values * mask
    if reduction == "none":
        return values
    if reduction == "mean_with_sample_weight":
        return values.sum() / mask.sum()
    return values.sum() if reduction == "sum" else values.mean()
