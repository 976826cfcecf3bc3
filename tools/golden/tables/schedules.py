"""schedules.json: learning rates at given steps."""

import keras
import numpy as np

import checks
from common import both, close, result, suffixed, write

STEPS = [0, 1, 2, 5, 9, 10, 11, 19, 20, 21, 50, 99, 100, 101, 500, 1000]


def schedules():
    def settings(name, *rest, **shared):
        """The settings in `rest`, each with what they share, of one schedule."""
        return [(name, {**shared, **setting}) for setting in rest]

    decay = {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9}
    slow = {"initial_learning_rate": 0.01, "decay_steps": 300, "decay_rate": 0.5}
    growing = {"initial_learning_rate": 0.001, "decay_steps": 100, "decay_rate": 1.5}
    stairs = {"staircase": True}
    table = [
        *settings("ExponentialDecay", decay, slow, growing),
        *settings("ExponentialDecay", decay, slow, growing, **stairs),
        *settings(
            "PiecewiseConstantDecay",
            {"boundaries": [10, 100], "values": [0.1, 0.01, 0.001]},
            {"boundaries": [5], "values": [1.0, 0.25]},
            {"boundaries": [0, 1, 20, 99, 500], "values": [0.5, 0.4, 0.3, 0.2, 0.1, 0.7]},
        ),
        *settings(
            "PolynomialDecay",
            {},
            {"power": 2.0},
            {"power": 0.5, "end_learning_rate": 0.01},
            {"cycle": True},
            {"power": 2.0, "end_learning_rate": 0.0, "cycle": True},
            {"decay_steps": 300, "power": 3.0, "cycle": True},
            initial_learning_rate=0.1,
            decay_steps=20,
        ),
        *settings("InverseTimeDecay", decay, slow, growing),
        *settings("InverseTimeDecay", decay, slow, growing, **stairs),
        *settings(
            "CosineDecay",
            {},
            {"alpha": 0.1},
            {"warmup_target": 0.5, "warmup_steps": 10},
            {"alpha": 0.25, "warmup_target": 0.2, "warmup_steps": 50},
            # Without a target there is no warmup, whatever its steps.
            {"warmup_steps": 10},
            {"initial_learning_rate": 0.0, "warmup_target": 0.01, "warmup_steps": 1},
            initial_learning_rate=0.1,
            decay_steps=100,
        ),
        *settings(
            "CosineDecayRestarts",
            {},
            {"t_mul": 1.0, "m_mul": 0.5},
            {"t_mul": 3.0, "alpha": 0.1},
            {"m_mul": 0.8, "alpha": 0.01},
            {"first_decay_steps": 100, "t_mul": 1.0, "alpha": 0.5},
            {"first_decay_steps": 20, "t_mul": 1.5, "m_mul": 1.25},
            initial_learning_rate=0.1,
            first_decay_steps=10,
        ),
    ]
    cases = []
    for name, config in table:
        schedule = getattr(keras.optimizers.schedules, name)(**config)

        def run(dtype):
            # The type of an optimizer's count of steps.
            steps = [keras.Variable(step, dtype="int") for step in STEPS]
            return np.array([result(schedule(step), dtype) for step in steps])

        values = both(run)
        expected = [checks.SCHEDULES[name](step, **config) for step in STEPS]
        close(values["f64"], expected, rtol=1e-13, atol=1e-17)
        close(values["f32"], expected, rtol=2e-5, atol=1e-8)
        rates = {suffix: rates.tolist() for suffix, rates in values.items()}
        cases.append({"schedule": name, "config": config, **suffixed("values", rates)})
    write("schedules.json", cases, steps=STEPS)
