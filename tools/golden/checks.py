"""The written formulas in plain NumPy, used to check what Keras returned.

Nothing here is written to a golden file. `generate.py` calls these functions in
asserts, so that a value which silently lost precision (or which came from a
different formula than the documented one) stops the generation.
"""

import math

import numpy as np

EPSILON = 1e-7  # keras.config.epsilon()


# --- activations -------------------------------------------------------------


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


# --- losses (one value per sample) --------------------------------------------


def log_softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0):
    y_true = y_true * (1 - label_smoothing) + label_smoothing / y_true.shape[-1]
    if from_logits:
        log_p = log_softmax(y_pred)
    else:
        p = y_pred / y_pred.sum(axis=-1, keepdims=True)
        log_p = np.log(np.clip(p, EPSILON, 1 - EPSILON))
    return -(y_true * log_p).sum(axis=-1)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    if y_true.ndim == y_pred.ndim:
        y_true = y_true[..., 0]
    one_hot = np.eye(y_pred.shape[-1])[y_true.astype(int)]
    return categorical_crossentropy(one_hot, y_pred, from_logits)


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


LOSSES = {
    "categorical_crossentropy": categorical_crossentropy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "binary_crossentropy": binary_crossentropy,
    "mean_squared_error": lambda y_true, y_pred: ((y_true - y_pred) ** 2).mean(-1),
    "mean_absolute_error": lambda y_true, y_pred: np.abs(y_true - y_pred).mean(-1),
}


# --- metrics (True for each right prediction) ---------------------------------


def binary_accuracy(y_true, y_pred, threshold=0.5):
    if y_true.ndim != y_pred.ndim:
        y_true, y_pred = y_true.ravel(), y_pred.ravel()
    return (y_pred > threshold) == y_true


def sparse_categorical_accuracy(y_true, y_pred):
    return y_true.reshape(y_pred.shape[:-1]) == y_pred.argmax(axis=-1)


METRICS = {
    "binary_accuracy": binary_accuracy,
    "categorical_accuracy": lambda y_true, y_pred: (
        y_true.argmax(axis=-1) == y_pred.argmax(axis=-1)
    ),
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
}


# --- optimizers (float64) -----------------------------------------------------


class Optimizer:
    """SGD, RMSprop, Adam and AdamW as Keras writes them, in float64."""

    DEFAULTS = {
        "SGD": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
        "RMSprop": {
            "learning_rate": 0.001,
            "rho": 0.9,
            "momentum": 0.0,
            "epsilon": 1e-7,
            "centered": False,
        },
        "Adam": {
            "learning_rate": 0.001,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "epsilon": 1e-7,
            "amsgrad": False,
        },
    }

    def __init__(self, name, config):
        if name == "AdamW":
            name, config = "Adam", {"weight_decay": 0.004, **config}
        self.name = name
        self.c = {**self.DEFAULTS[name], **config}
        self.step = 0
        self.state = None

    def apply(self, gradients, variables):
        """Updates the list of arrays `variables` in place."""
        if self.state is None:
            self.state = [
                {key: np.zeros_like(v) for key in ("m", "v", "hat", "mean")}
                for v in variables
            ]
        self.step += 1
        for g, w, s in zip(self.clip(gradients), variables, self.state):
            if "weight_decay" in self.c:
                w -= w * self.c["weight_decay"] * self.c["learning_rate"]
            getattr(self, self.name.lower())(g, w, s)

    def clip(self, gradients):
        if "clipnorm" in self.c:
            limit = self.c["clipnorm"]
            return [g * limit / max(np.linalg.norm(g), limit) for g in gradients]
        if "clipvalue" in self.c:
            limit = self.c["clipvalue"]
            return [np.clip(g, -limit, limit) for g in gradients]
        if "global_clipnorm" in self.c:
            limit = self.c["global_clipnorm"]
            norm = np.linalg.norm(np.concatenate(gradients))
            return [g * limit / max(norm, limit) for g in gradients]
        return gradients

    def sgd(self, g, w, s):
        c = self.c
        if not c["momentum"]:
            w -= c["learning_rate"] * g
            return
        s["m"] = c["momentum"] * s["m"] - c["learning_rate"] * g
        if c["nesterov"]:
            w += c["momentum"] * s["m"] - c["learning_rate"] * g
        else:
            w += s["m"]

    def rmsprop(self, g, w, s):
        c = self.c
        s["v"] = c["rho"] * s["v"] + (1 - c["rho"]) * g**2
        variance = s["v"]
        if c["centered"]:
            s["mean"] = c["rho"] * s["mean"] + (1 - c["rho"]) * g
            variance = variance - s["mean"] ** 2
        increment = c["learning_rate"] * g / np.sqrt(variance + c["epsilon"])
        if c["momentum"]:
            s["m"] = c["momentum"] * s["m"] + increment
            increment = s["m"]
        w -= increment

    def adam(self, g, w, s):
        c = self.c
        alpha = (
            c["learning_rate"]
            * math.sqrt(1 - c["beta_2"] ** self.step)
            / (1 - c["beta_1"] ** self.step)
        )
        s["m"] = s["m"] + (g - s["m"]) * (1 - c["beta_1"])
        s["v"] = s["v"] + (g**2 - s["v"]) * (1 - c["beta_2"])
        v = s["v"]
        if c["amsgrad"]:
            v = s["hat"] = np.maximum(s["hat"], v)
        w -= alpha * s["m"] / (np.sqrt(v) + c["epsilon"])


# --- trainings (float64) ------------------------------------------------------

# The derivative of each activation, from its output.
SLOPES = {
    "sigmoid": lambda y: y * (1 - y),
    "tanh": lambda y: 1 - y**2,
    "relu": lambda y: (y > 0).astype(y.dtype),
}


def forward(weights, activations, x):
    """The outputs of every layer of a stack of Dense layers, the input first."""
    outputs = [x]
    for i, activation in enumerate(activations):
        kernel, bias = weights[2 * i], weights[2 * i + 1]
        outputs.append(ACTIVATIONS[activation](outputs[-1] @ kernel + bias))
    return outputs


def train(weights, activations, loss, optimizer, x, y, batch_size, epochs):
    """Trains in order, without shuffling; returns (weights, loss of every step).

    The last layer must be softmax with categorical_crossentropy or one sigmoid
    unit with binary_crossentropy: for both, the gradient of the loss with respect
    to the last pre-activation is (prediction - target) / batch size, as long as
    no probability is clipped.
    """
    weights = [w.copy() for w in weights]
    step_losses = []
    for _ in range(epochs):
        losses = []
        for start in range(0, len(x), batch_size):
            target = y[start : start + batch_size]
            outputs = forward(weights, activations, x[start : start + batch_size])
            losses.append(LOSSES[loss](target, outputs[-1]).mean())
            gradients = [None] * len(weights)
            delta = (outputs[-1] - target) / len(target)
            for i in reversed(range(len(activations))):
                gradients[2 * i] = outputs[i].T @ delta
                gradients[2 * i + 1] = delta.sum(axis=0)
                if i:
                    slope = SLOPES[activations[i - 1]](outputs[i])
                    delta = (delta @ weights[2 * i].T) * slope
            optimizer.apply(gradients, weights)
        step_losses.append(losses)
    return weights, step_losses
