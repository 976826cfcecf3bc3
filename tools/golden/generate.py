"""Writes the golden values of tests/golden/ from Keras on the JAX backend.

Run it as the README.md beside this file says. One function makes one file.
"""

import sys

from common import OUT  # first: it sets Keras up
from tables.activations import activations
from tables.batch_normalization import batch_normalization
from tables.callbacks import callbacks
from tables.combinations import combinations
from tables.initializers import initializers
from tables.layers import layers
from tables.layers_more import layers_more
from tables.losses import losses
from tables.metric_names import metric_names
from tables.metrics import metrics
from tables.optimizers import optimizers
from tables.printed import progress, summaries
from tables.rules import constraints, regularizers
from tables.schedules import schedules
from tables.trainings import trainings
from tables.trainings_more import trainings_more

TABLES = [
    activations,
    layers,
    layers_more,
    batch_normalization,
    regularizers,
    constraints,
    losses,
    optimizers,
    schedules,
    trainings,
    trainings_more,
    combinations,
    metrics,
    metric_names,
    callbacks,
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
