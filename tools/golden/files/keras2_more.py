"""Writes tests/golden/keras2: files of Keras 2 in its newer format (.keras), weights alone in the older one, names with
slashes. Runs with TensorFlow 2.15, like keras2.py, in an environment of its own."""

import json
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras2
import numpy as np
import tensorflow as tf

keras = tf.keras
L, O = keras.layers, keras.optimizers
OUT = Path(__file__).resolve().parents[3] / "tests" / "golden" / "keras2"


def settings(r):
    """Objects in the spelling of Keras 2: initializers, constraints, activations, losses and metrics with settings."""
    model = keras.Sequential(
        [
            L.Dense(
                6,
                activation=tf.nn.relu,
                kernel_initializer=keras.initializers.HeNormal(seed=1),
                kernel_constraint=keras.constraints.MaxNorm(2),
                bias_regularizer=keras.regularizers.L1L2(0.01, 0.02),
                input_shape=(5,),
                name="first",
            ),
            L.LayerNormalization(),
            L.Activation("gelu"),
            L.GaussianNoise(0.0),
            L.ELU(0.5),
            L.Dense(3, activation="softmax"),
        ],
        name="settings",
    )
    model.compile(
        O.AdamW(O.schedules.CosineDecay(0.01, 50), weight_decay=0.01, clipnorm=1.0),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        [keras.metrics.CategoricalAccuracy(name="right"), keras.metrics.AUC(), "mae"],
    )
    x = keras2.grid(r.normal(size=(20, 5)))
    y = np.eye(3, dtype="float32")[np.arange(20) % 3]
    return model, x, y


def steps(r):
    inputs = keras.Input((6,), dtype="int32", name="words")
    x = L.Embedding(10, 4, input_length=6)(inputs)
    x = L.Conv1D(5, 3, activation="swish")(x)
    x = L.SpatialDropout1D(0.0)(x)
    x = L.GlobalAveragePooling1D()(x)
    outputs = L.Dense(1, activation="sigmoid", name="good")(x)
    model = keras.Model(inputs, outputs, name="steps")
    model.compile("rmsprop", {"good": "binary_crossentropy"}, metrics={"good": ["accuracy"]})
    x = r.integers(0, 10, size=(20, 6)).astype("int32")
    return model, x, (x[:, :1] > 4).astype("float32")


def slashes(r):
    """Layers whose names begin with another layer's."""
    inputs = keras.Input((3,), name="in/x")
    x = L.Dense(4, activation="tanh", name="enc")(inputs)
    x = L.Dense(4, activation="tanh", name="enc/out")(x)
    outputs = L.Dense(2, name="enc/out/last")(x)
    model = keras.Model(inputs, outputs, name="with/slashes")
    model.compile("sgd", "mse")
    x = keras2.grid(r.normal(size=(20, 3)))
    return model, x, x[:, :2] * 0.5


def small(r, optimizer):
    model = keras.Sequential([L.Dense(4, activation="tanh", input_shape=(3,)), L.Dense(2)])
    model.compile(optimizer, "mse")
    x = keras2.grid(r.normal(size=(20, 3)))
    return model, x, x[:, :2] * 0.5


def nadam(r):
    """An optimizer that leaves its product out of the file. (It lowers the product once for each weight instead of once for
    each step; after some steps, that makes no difference.)"""
    model, x, y = small(r, O.Nadam(0.02))
    model.fit(x, y, epochs=10, shuffle=False, batch_size=8, verbose=0)
    return model, x, y


def cosine(r):
    """Momenta that are not used, and no learning rate between them and the number of steps."""
    return small(r, O.SGD(O.schedules.CosineDecay(0.05, 12)))


def centered(r):
    """Three memories of an optimizer from before 2.11, one kind after the other."""
    return small(r, O.legacy.RMSprop(0.01, momentum=0.5, centered=True))


def named(r):
    """Metrics for two outputs, given by the names of classes and functions."""
    inputs = keras.Input((3,), name="x")
    outputs = [L.Dense(1, activation="sigmoid", name=name)(inputs) for name in ("low", "high")]
    model = keras.Model(inputs, outputs, name="named")
    losses = {"low": "binary_crossentropy", "high": "binary_crossentropy"}
    metrics = {"low": ["mae", "AUC"], "high": ["Recall", "accuracy"]}
    model.compile("sgd", losses, metrics=metrics, weighted_metrics={"low": ["mse"]})
    x = keras2.grid(r.normal(size=(20, 3)))
    return model, x, [(x[:, :1] > 0).astype("float32"), (x[:, 1:2] > 0).astype("float32")]


def classes(r):
    """Metrics given by the names of their classes, and one that wraps a function."""
    layers = [L.Dense(3, activation="tanh", input_shape=(3,)), L.Dense(1, activation="sigmoid")]
    model = keras.Sequential(layers, name="classes")
    metrics = ["acc", "AUC", "Recall", "MSE", keras.metrics.mean_absolute_error]
    model.compile("sgd", "binary_crossentropy", metrics, weighted_metrics=["accuracy"])
    x = keras2.grid(r.normal(size=(20, 3)))
    return model, x, (x[:, :1] > 0).astype("float32")


MODELS = (
    *(keras2.mlp, keras2.momentum, keras2.pictures, keras2.functional),
    *(settings, steps, slashes, nadam, cosine, centered, named, classes),
)

IN_HDF5 = ("slashes", "centered", "named")


def write(name, build):
    keras.backend.clear_session()
    keras.utils.set_random_seed(7)
    model, x, y = build(np.random.default_rng(list(name.encode())))
    model.fit(x, y, epochs=2, shuffle=False, batch_size=8, verbose=0)
    if name in IN_HDF5:
        model.save(OUT / f"{name}.h5", save_format="h5")
    else:
        model.save(OUT / f"{name}.keras", save_format="keras")
    model.save_weights(OUT / f"{name}.weights.old.h5", save_format="h5")
    record = {
        **keras2.HEADER,
        "inputs": [keras2.array(value) for value in keras2.several(x)],
        "outputs": [keras2.array(value) for value in keras2.several(model.predict(x, verbose=0))],
        "targets": [keras2.array(value) for value in keras2.several(y)],
        "fit": keras2.FIT,
    }
    logs = model.fit(x, y, **keras2.FIT, verbose=0).history
    record["logs"] = {key: [float(value) for value in values] for key, values in logs.items()}
    lines = [f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in record.items()]
    (OUT / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    # All of them, or those that are named.
    for each in (each for each in MODELS if sys.argv[1:] in ([], [each.__name__])):
        print(each.__name__, flush=True)
        write(each.__name__, each)
