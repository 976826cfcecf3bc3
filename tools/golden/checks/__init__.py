"""The written formulas in plain NumPy, used to check what Keras returned.

Nothing here is written to a golden file. The tables call these functions in
asserts, so that a value which silently lost precision (or which came from a
different formula than the documented one) stops the generation.
"""

from .activations import ACTIVATIONS, numeric_gradient, sigmoid, softmax
from .losses import LOSSES, reduced
from .metrics import METRICS, metric
from .optimizers import Optimizer
from .schedules import SCHEDULES
from .trainings import forward, train

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "METRICS",
    "Optimizer",
    "SCHEDULES",
    "forward",
    "metric",
    "numeric_gradient",
    "reduced",
    "sigmoid",
    "softmax",
    "train",
]
