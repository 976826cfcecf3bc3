"""Activations, and gradients by differences."""

import math

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def selu(x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def gelu(x, approximate):
    if approximate:
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        return 0.5 * x * (1 + np.tanh(inner))
    # erfc keeps its digits for very negative x, where 1 + erf(x / sqrt 2) is 0.
    return 0.5 * x * np.vectorize(math.erfc)(-x / math.sqrt(2))


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    y = np.where(x > threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else np.minimum(y, max_value)


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def log_softmax(x, axis=-1):
    x = x - x.max(axis=axis, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=axis, keepdims=True))


def glu(x, axis=-1):
    value, gate = np.split(x, 2, axis=axis)
    return value * sigmoid(gate)


def shrink(x, threshold):
    return np.sign(x) * np.maximum(np.abs(x) - threshold, 0)


ACTIVATIONS = {
    "linear": lambda x: x,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "relu": relu,
    "tanh": np.tanh,
    "softplus": softplus,
    "elu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    "selu": selu,
    "gelu": gelu,
    "silu": lambda x: x * sigmoid(x),
    "leaky_relu": lambda x, negative_slope: np.where(x >= 0, x, negative_slope * x),
    "exponential": np.exp,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "relu6": lambda x: np.clip(x, 0, 6),
    "log_softmax": log_softmax,
    "log_sigmoid": lambda x: -softplus(-x),
    "hard_silu": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "mish": lambda x: x * np.tanh(softplus(x)),
    "celu": lambda x, alpha=1.0: (
        np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))
    ),
    "glu": glu,
    "threshold": lambda x, threshold, default_value: (
        np.where(x > threshold, x, default_value)
    ),
    "soft_shrink": lambda x, threshold=0.5: shrink(x, threshold),
    "hard_shrink": lambda x, threshold=0.5: np.where(np.abs(x) > threshold, x, 0),
    "tanh_shrink": lambda x: x - np.tanh(x),
    "squareplus": lambda x, b=4: (x + np.sqrt(x**2 + b)) / 2,
    "sparse_plus": lambda x: (
        np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x))
    ),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
}


def numeric_gradient(function, x, h=1e-5):
    """Central differences of the scalar `function` with respect to float64 `x`."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        low, high = x.copy(), x.copy()
        low[index] -= h
        high[index] += h
        gradient[index] = (function(high) - function(low)) / (2 * h)
    return gradient
