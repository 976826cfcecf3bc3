"""Trainings of stacks of Dense layers, in float64."""

from .activations import ACTIVATIONS
from .losses import LOSSES

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
