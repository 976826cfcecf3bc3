"""Writes Keras files that are compiled with things that nobody else knows, for `tests/loading.rs`.

venv/bin/python tools/golden/loading/make.py        # KERAS_BACKEND=jax

The other files in `tests/golden/loading` were reported: real Keras wrote them, `keras2_hard_sigmoid.h5` Keras 2.21 (`tf_keras`).
"""

import json
from pathlib import Path

import keras
import numpy as np

FOLDER = Path(__file__).parents[3] / "tests" / "golden" / "loading"


@keras.saving.register_keras_serializable("Mine")
class Step(keras.optimizers.SGD):
    pass


@keras.saving.register_keras_serializable("Mine")
class Count(keras.metrics.Mean):
    pass


def two_outputs():
    x = keras.Input((3,), name="x")
    a, b = keras.layers.Dense(2, name="a")(x), keras.layers.Dense(1, name="b")(x)
    return keras.Model(x, [a, b])


def main():
    keras.utils.set_random_seed(7)
    x = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")
    a = np.linspace(0, 1, 8).reshape(4, 2).astype("float32")
    b = np.linspace(1, 0, 4).reshape(4, 1).astype("float32")
    for name, array in (("two_x", x), ("two_a", a), ("two_b", b)):
        np.save(FOLDER / f"{name}.npy", array)
    values = {}

    model = two_outputs()
    model.compile(Step(0.1), loss="mse", metrics=[["mae"], [Count()]])
    model.save(FOLDER / "own_optimizer.keras")

    model = two_outputs()
    model.compile("sgd", loss=["mse", None])
    model.fit(x, [a, b], verbose=0)
    model.save(FOLDER / "output_without_loss.keras")

    model = two_outputs()
    model.compile("sgd", loss="mse")
    evaluated = model.evaluate(x, [a, b], verbose=0, return_dict=True)
    values["one_loss_for_all"] = {"evaluate": evaluated}
    model.save(FOLDER / "one_loss_for_all.keras")

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
    adam = keras.optimizers.Adam(0.05)
    model.compile(keras.optimizers.LossScaleOptimizer(adam, dynamic_growth_steps=7), "mse")
    fit = {"epochs": 3, "batch_size": 2, "shuffle": False, "verbose": 0}
    model.fit(x, a, **fit)
    model.save(FOLDER / "loss_scale_by_name.keras")
    values["loss_scale_by_name"] = {
        "history": model.fit(x, a, **fit).history,
        "counter": int(model.optimizer.step_counter.value),
        "scale": float(model.optimizer.dynamic_scale.value),
    }

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, name="d")])
    model.quantize("int8")
    model.save(FOLDER / "quantized.keras")

    for name, inner in (
        ("loss_scale_adafactor", keras.optimizers.Adafactor(0.05)),
        ("loss_scale_momentum", keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)),
    ):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
        wrapped = keras.optimizers.LossScaleOptimizer(inner, dynamic_growth_steps=4)
        model.compile(wrapped, "mse")
        model.fit(x, a, **fit)
        model.save(FOLDER / f"{name}.keras")
        values[name] = {"history": model.fit(x, a, **fit).history}

    (FOLDER / "loading.json").write_text(json.dumps(values, indent=1))


if __name__ == "__main__":
    main()
