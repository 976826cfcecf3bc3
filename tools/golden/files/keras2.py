"""Writes tests/golden/files/keras2_*.h5: legacy files in the spelling of Keras 2, by Keras 2.

It stands by itself: it runs with TensorFlow 2.15 (its Keras is 2.15), in an environment of its
own, as ../README.md says. It stores what case.py stores.
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np
import tensorflow as tf

keras = tf.keras
L, O = keras.layers, keras.optimizers
OUT = Path(__file__).resolve().parents[3] / "tests" / "golden" / "files"
HEADER = {"keras": __import__("keras").__version__, "backend": "tensorflow"}
FIT = {"epochs": 3, "shuffle": False, "batch_size": 8}


def grid(values):
    return (np.round(np.asarray(values) * 16) / 16).astype("float32")


def array(values):
    values = np.asarray(values)
    assert np.isfinite(values).all()
    return {
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "data": values.ravel().tolist(),
    }


def several(values):
    return list(values) if isinstance(values, (list, tuple)) else [values]


def mlp(r):
    model = keras.Sequential(
        [
            L.InputLayer((6,)),
            L.Dense(5, activation="tanh", kernel_regularizer="l2"),
            L.Dropout(0.0),
            L.Dense(2),
        ]
    )
    model.compile(optimizer=O.Adam(0.01, amsgrad=True), loss="mse", metrics=["mae"])
    x = grid(r.normal(size=(20, 6)))
    return model, x, x[:, :2] * 0.5


def momentum(r):
    """A schedule, momentum, and a model whose optimizer is from Keras 2.10 or before."""
    model = keras.Sequential([L.Dense(4, activation="relu", input_shape=(3,)), L.Dense(1)])
    schedule = O.schedules.ExponentialDecay(0.05, 5, 0.9)
    optimizer = O.legacy.SGD(schedule, momentum=0.9, nesterov=True)
    model.compile(optimizer=optimizer, loss=keras.losses.Huber())
    x = grid(r.normal(size=(20, 3)))
    return model, x, x[:, :1] * 0.5


def legacy_adam(r):
    """The slots of an optimizer from Keras 2.10 or before."""
    model = keras.Sequential([L.InputLayer((4,)), L.Dense(3, activation="elu"), L.Dense(1)])
    model.compile(optimizer=O.legacy.Adam(0.01, decay=0.01), loss="mae")
    x = grid(r.normal(size=(20, 4)))
    return model, x, x[:, :1] * 0.5


def pictures(r):
    model = keras.Sequential(
        [
            L.Conv2D(4, 3, padding="same", input_shape=(7, 6, 2)),
            L.BatchNormalization(momentum=0.8),
            L.LeakyReLU(alpha=0.1),
            L.MaxPooling2D(),
            L.DepthwiseConv2D(2),
            L.SeparableConv2D(3, 2, padding="same"),
            L.Flatten(),
            L.Dense(2),
        ],
        name="pictures",
    )
    model.compile(optimizer=O.RMSprop(0.003, centered=True), loss="mse")
    x = grid(r.normal(size=(12, 7, 6, 2)))
    return model, x, x[:, 0, 0] * 0.5


def functional(r):
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = L.Dense(4, activation="tanh", name="shared")
    inner = keras.Sequential([L.InputLayer((4,)), L.Dense(3), L.BatchNormalization()], name="inner")
    inside = keras.Input((3,))
    forked = keras.Model(inside, [L.Dense(2)(inside), L.Dense(2)(inside)], name="forked")
    a, b = forked(inner(shared(left))), forked(inner(shared(right)))
    one = L.Dense(1, name="one")(L.Concatenate()([a[0], b[0]]))
    two = L.Dense(3, activation="sigmoid", name="two")(L.Add()([a[1], b[1]]))
    model = keras.Model([left, right], [one, two])
    model.compile(optimizer=O.Adamax(0.01), loss=["mse", "mae"], loss_weights=[0.3, 1.5])
    x = [grid(r.normal(size=(20, 4))) for _ in range(2)]
    return model, x, [x[0][:, :1] * x[1][:, :1], abs(x[1][:, :3])]


def write(name, build):
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    model, x, y = build(np.random.default_rng(list(name.encode())))
    model.fit(x, y, epochs=2, shuffle=False, batch_size=8, verbose=0)
    path = OUT / f"{name}.h5"
    model.save(path, save_format="h5")
    again = keras.models.load_model(path)
    outputs = several(again.predict(x, verbose=0))
    logs = again.fit(x, y, **FIT, verbose=0).history
    expected = model.fit(x, y, **FIT, verbose=0).history
    np.testing.assert_allclose(logs["loss"], expected["loss"], rtol=1e-5)
    record = {
        **HEADER,
        "inputs": [array(value) for value in several(x)],
        "outputs": [array(value) for value in outputs],
        "targets": [array(value) for value in several(y)],
        "fit": FIT,
        "losses": [float(value) for value in logs["loss"]],
        "logs": {key: [float(value) for value in values] for key, values in logs.items()},
    }
    lines = [
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), allow_nan=False)}"
        for key, value in record.items()
    ]
    (OUT / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    for each in (mlp, momentum, legacy_adam, pictures, functional):
        print(each.__name__, flush=True)
        write(f"keras2_{each.__name__}", each)
