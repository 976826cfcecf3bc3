"""Activations, and gradients by differences."""

import math

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def selu(x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def gelu(x, approximate):
    if approximate:
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        return 0.5 * x * (1 + np.tanh(inner))
    # erfc keeps its digits for very negative x, where 1 + erf(x / sqrt 2) is 0.
    return 0.5 * x * np.vectorize(math.erfc)(-x / math.sqrt(2))


ACTIVATIONS = {
    "linear": lambda x: x,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "softplus": lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
    "elu": lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))),
    "selu": selu,
    "gelu": gelu,
    "silu": lambda x: x * sigmoid(x),
    "leaky_relu": lambda x, negative_slope: np.where(x >= 0, x, negative_slope * x),
    "exponential": np.exp,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
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
