"""trainings_more.json: trainings of more than stacks of Dense layers, epoch by epoch, without shuffling."""

import keras
import numpy as np

from common import array, both, close, grid, number, write

L = keras.layers


def pictures():
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            L.Conv2D(3, 3, padding="same", use_bias=False),
            L.BatchNormalization(momentum=0.9),
            L.Activation("relu"),
            L.MaxPooling2D(2),
            L.Conv2D(4, 2, activation="tanh"),
            L.GlobalAveragePooling2D(),
            L.Dense(3, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def two_ways():
    left, right = keras.Input((4,), name="left"), keras.Input((3,), name="right")
    a = L.Dense(5, activation="tanh")(left)
    b = L.Dense(5, activation="sigmoid")(right)
    both_ = L.Concatenate()([a, b])
    number_ = L.Dense(1, name="number")(both_)
    kind = L.Dense(3, activation="softmax", name="kind")(L.Add()([a, b]))
    model = keras.Model([left, right], [number_, kind])
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.01),
        loss=["mean_squared_error", "categorical_crossentropy"],
        loss_weights=[0.3, 1.5],
    )
    return model


def ruled():
    regular, short = keras.regularizers.L2(0.01), keras.constraints.MaxNorm(1.0)
    model = keras.Sequential(
        [
            keras.Input((5,)),
            L.Dense(6, activation="relu", kernel_regularizer=regular, kernel_constraint=short),
            L.Dense(2, kernel_regularizer=regular),
        ]
    )
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.8)
    model.compile(
        optimizer=keras.optimizers.SGD(rate, momentum=0.9, clipnorm=0.5),
        loss="mean_squared_error",
        metrics=["mean_absolute_error"],
    )
    return model


def weighed():
    model = keras.Sequential(
        [keras.Input((4,)), L.Dense(6, activation="tanh"), L.Dense(3, activation="softmax")]
    )
    model.compile(
        optimizer=keras.optimizers.SGD(0.2),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def trainings_more():
    rng = np.random.default_rng(31)

    def normal(*shape):
        return grid(rng.normal(size=shape))

    def classes(x):
        return np.abs(x.reshape(len(x), -1)[:, :3]).argmax(-1)

    x = {name: normal(rows, *shape) for name, rows, shape in [
        ("pictures", 45, (6, 6, 2)), ("left", 50, (4,)), ("right", 50, (3,)),
        ("ruled", 61, (5,)), ("weighed", 47, (4,)),
    ]}
    table = [
        ("pictures", pictures, [x["pictures"]], [classes(x["pictures"])], 16, {}),
        (
            "two inputs, two outputs",
            two_ways,
            [x["left"], x["right"]],
            [grid(x["left"][:, :1] * x["right"][:, 1:2]), np.eye(3, dtype=int)[classes(x["right"])]],
            12,
            {},
        ),
        ("rules", ruled, [x["ruled"]], [grid(x["ruled"] @ normal(5, 2))], 8, {}),
        (
            "class weights",
            weighed,
            [x["weighed"]],
            [classes(x["weighed"])],
            10,
            {"class_weight": {0: 0.5, 2: 3.0}},
        ),
        (
            "sample weights",
            weighed,
            [x["weighed"]],
            [classes(x["weighed"])],
            10,
            {"sample_weight": grid(rng.uniform(0, 2, size=47))},
        ),
    ]
    cases = []
    for name, made, xs, ys, batch_size, rest in table:
        weights = []

        def run(dtype):
            model = made()
            if not weights:
                for w in model.weights:
                    values = grid(rng.normal(size=w.shape) * 0.5, 4096)
                    positive = "gamma" in w.name or "variance" in w.name
                    weights.append(np.abs(values) + 0.5 if positive else values)
            model.set_weights(weights)
            data = [v.astype(dtype) for v in xs]
            target = [v.astype(dtype) for v in ys]
            data, target = (v if len(v) > 1 else v[0] for v in (data, target))
            history = model.fit(
                data, target, batch_size=batch_size, epochs=3, shuffle=False, verbose=0, **rest
            ).history
            evaluated = model.evaluate(data, target, verbose=0, return_dict=True)
            return {
                "history": {k: [number(v) for v in vs] for k, vs in history.items()},
                "evaluate": {k: number(v) for k, v in evaluated.items()},
                "final_weights": [array(w) for w in model.get_weights()],
            }

        runs = both(run)
        for key, values in runs["f64"]["history"].items():
            close(runs["f32"]["history"][key], values, 1e-4, 1e-6)
        given = {k: array(v) if k == "sample_weight" else sorted(v.items()) for k, v in rest.items()}
        cases.append(
            {
                "name": name,
                "batch_size": batch_size,
                **given,
                "xs": [array(v) for v in xs],
                "ys": [array(v) for v in ys],
                "initial_weights": [array(w) for w in weights],
                **runs,
            }
        )
    write("trainings_more.json", cases)
