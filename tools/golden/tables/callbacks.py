"""callbacks.json: what callbacks do on given sequences of the number they follow."""

import itertools

import keras
import numpy as np

from common import grid, write

RATE = 0.5


class Optimizer:
    def __init__(self):
        self.learning_rate = RATE


class Model:
    """What the callbacks see of a model. Its only weight is the number of the epoch."""

    def __init__(self):
        self.optimizer, self.stop_training, self.epoch = Optimizer(), False, None

    def get_weights(self):
        return self.epoch

    def set_weights(self, epoch):
        self.epoch = epoch


def run(callback, values):
    """The model after each epoch, until it is stopped, and the epoch of its last weights."""
    model, rates = Model(), []
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.epoch = epoch
        callback.on_epoch_end(epoch, {"val_loss": value})
        rates.append(model.optimizer.learning_rate)
        if model.stop_training:
            break
    callback.on_train_end()
    return rates, model.epoch


def sequences():
    """Multiples of 1/16, so that differences are exact: falling, rising, level, and up and down."""
    rng = np.random.default_rng(11)
    steps = np.arange(16)
    shapes = [2 * 0.8**steps, 0.3 + 0.05 * steps, np.full(16, 0.5)]
    shapes += [1 + 0.4 * np.cumsum(rng.normal(size=16)) for _ in range(3)]
    shapes += [rng.uniform(size=16) for _ in range(2)]
    return [grid(shape, 16).tolist() for shape in shapes]


def callbacks():
    stopping = [
        {},
        {"patience": 2},
        {"patience": 3, "min_delta": 0.125},
        {"patience": 2, "min_delta": -0.125},
        {"patience": 2, "mode": "max"},
        {"patience": 3, "mode": "max", "min_delta": 0.25, "baseline": 1.0},
        {"patience": 3, "baseline": 0.5},
        {"patience": 1, "start_from_epoch": 5},
        {"patience": 4, "baseline": 0.25, "start_from_epoch": 2},
    ]
    reducing = [
        {"patience": 2},
        {"patience": 0},
        {"patience": 1, "factor": 0.5},
        {"patience": 2, "factor": 0.5, "cooldown": 3},
        {"patience": 1, "factor": 0.25, "cooldown": 1, "min_lr": 0.0625},
        {"patience": 3, "mode": "max", "min_delta": 0.125},
        {"patience": 2, "min_delta": -0.25, "factor": 0.75},
        {"patience": 1, "min_delta": 0.0, "factor": 0.0, "min_lr": 0.1},
    ]
    cases = []
    for config, values in itertools.product(stopping, sequences()):
        config = {"restore_best_weights": True, **config}
        rates, epoch = run(keras.callbacks.EarlyStopping("val_loss", **config), values)
        result = {"epochs": len(rates), "weights_of_epoch": epoch}
        cases.append({"callback": "EarlyStopping", "config": config, "values": values, **result})
    for config, values in itertools.product(reducing, sequences()):
        rates, _ = run(keras.callbacks.ReduceLROnPlateau("val_loss", **config), values)
        result = {"learning_rates": rates}
        cases.append({"callback": "ReduceLROnPlateau", "config": config, "values": values, **result})
    write("callbacks.json", cases, learning_rate=RATE)
