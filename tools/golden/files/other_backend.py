"""What Keras writes on the TensorFlow backend: iterations in int64, and true float64."""

import keras

from case import Case, grid

L = keras.layers


def float32(r):
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            L.Conv2D(3, 3, activation="relu"),
            L.BatchNormalization(momentum=0.8),
            L.Dropout(0.0, seed=3),
            L.Flatten(),
            L.Dense(2, activation="tanh"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Nadam(0.01), loss="mse", metrics=["mae"])
    x = grid(r.normal(size=(12, 6, 6, 2)))
    return model, x, grid(x[:, 0, 0] * 0.5)


def float64(r):
    keras.config.set_dtype_policy("float64")
    try:
        model = keras.Sequential(
            [keras.Input((4,), dtype="float64"), L.Dense(5, activation="tanh"), L.Dense(2)]
        )
        model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
    finally:
        keras.config.set_dtype_policy("float32")
    x = grid(r.normal(size=(20, 4))).astype("float64")
    return model, x, x[:, :2] * 0.5


CASES = [Case("tensorflow_float32", float32), Case("tensorflow_float64", float64)]
