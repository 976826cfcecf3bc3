"""Models that are more than a stack: several inputs and outputs, shared and nested layers, merging."""

import keras
import numpy as np

from case import Case, grid
from networks import regression

L = keras.layers


def two_ways(r):
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = L.Dense(5, activation="tanh", name="shared")
    a, b = shared(left), shared(right)
    number = L.Dense(1, name="number")(L.Concatenate()([a, b]))
    kind = L.Dense(3, activation="softmax", name="kind")(L.Add()([a, b]))
    model = keras.Model([left, right], [number, kind], name="two_ways")
    model.compile(
        optimizer=keras.optimizers.RMSprop(0.01),
        loss=["mse", keras.losses.CategoricalCrossentropy(label_smoothing=0.1)],
        loss_weights=[0.3, 1.5],
        metrics=[["mae"], ["accuracy", keras.metrics.AUC(num_thresholds=50, name="area")]],
        weighted_metrics=[[], ["accuracy"]],
    )
    x = [grid(r.normal(size=(20, 4))) for _ in range(2)]
    y = [x[0][:, :1] * x[1][:, 1:2], np.eye(3, dtype="float32")[abs(x[1][:, :3]).argmax(-1)]]
    return model, x, y


def dictionaries(r):
    """Inputs, outputs, losses, weights and metrics by name; given in the model's order."""
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    joined = L.Dense(4, activation="relu")(L.Concatenate()([a, b]))
    outputs = {
        "number": L.Dense(1, name="number")(joined),
        "kind": L.Dense(3, activation="softmax", name="kind")(joined),
    }
    model = keras.Model({"a": a, "b": b}, outputs)
    model.compile(
        optimizer="adam",
        loss={
            "number": keras.losses.mean_absolute_error,
            "kind": keras.losses.SparseCategoricalCrossentropy(),
        },
        loss_weights={"number": 0.5, "kind": 2},
        metrics={
            "kind": keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="best_two"),
            "number": ["mse", keras.metrics.mean_absolute_error],
        },
    )
    x = {"a": grid(r.normal(size=(20, 3))), "b": grid(r.normal(size=(20, 2)))}
    y = {"number": x["b"][:, :1], "kind": abs(x["a"]).argmax(-1).astype("int32")}
    return model, x, y


def nested(r):
    """A Sequential and a functional model inside a model, each called twice, and one deeper still."""
    left, right = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    stack = keras.Sequential(
        [keras.Input((4,)), L.Dense(3, activation="tanh"), L.BatchNormalization(momentum=0.8)],
        name="stack",
    )
    inside = keras.Input((3,))
    deeper = keras.Sequential([keras.Input((3,)), L.Dense(3, name="dense"), L.ELU()], name="deeper")
    middle = deeper(inside)
    forked = keras.Model(inside, [L.Dense(2)(middle), L.Dense(3)(middle)], name="forked")
    a_two, a_three = forked(stack(left))
    b_two, b_three = forked(stack(right))
    sum_ = L.Add()([a_three, b_three])
    y = L.Concatenate(axis=1)([a_two, b_two, sum_])
    model = keras.Model([left, right], L.Dense(2)(y))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    x = [grid(r.normal(size=(20, 4))) for _ in range(2)]
    return model, x, x[0][:, :2] * x[1][:, :2]


def nested_outputs(r):
    """Nested models, called twice, whose outputs are the model's own: Keras counts their calls in two ways."""
    x = keras.Input((3,))
    inside = keras.Input((3,))
    hidden = L.Dense(3, activation="tanh")(inside)
    forked = keras.Model(inside, [hidden, L.Dense(2)(hidden)], name="forked")
    stack = keras.Sequential([keras.Input((3,)), L.Dense(3, activation="tanh")], name="stack")
    first, two = forked(x)
    second = stack(stack(first))
    model = keras.Model(x, [*forked(second), two, second])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=["mse", "mae", "mse", "mae"])
    x = grid(r.normal(size=(20, 3)))
    return model, x, [x * 0.5, x[:, :2], -x[:, :2], x * 0.25]


def stack_of_models(r):
    x = keras.Input((4,))
    inner = keras.Model(x, L.Add()([x, L.Dense(4, activation="relu")(x)]), name="residual")
    model = keras.Sequential(
        [
            keras.Input((4,)),
            inner,
            keras.Sequential([L.Dense(3, activation="tanh"), L.Dense(3)], name="inner"),
            L.Dense(2),
        ]
    )
    return regression(model, r, (4,), keras.optimizers.SGD(0.1, momentum=0.5))


def merges(r):
    a, b = keras.Input((4, 3)), keras.Input((4, 3))
    da, db = L.Dense(3, activation="tanh")(a), L.Dense(3, activation="tanh")(b)
    merged = [
        layer([da, db])
        for layer in (L.Add(), L.Subtract(), L.Multiply(), L.Average(), L.Maximum(), L.Minimum())
    ]
    dots = [L.Dot(axes=2)([da, db]), L.Dot(axes=(1, 1), normalize=True)([da, db])]
    all_ = L.Concatenate()([*merged, dots[0]])
    wide = L.Concatenate(axis=1)([merged[0], dots[1]])
    y = L.Concatenate()([L.Flatten()(all_), L.GlobalAveragePooling1D()(wide)])
    model = keras.Model([a, b], L.Dense(2)(y))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    x = [grid(r.normal(size=(16, 4, 3))) for _ in range(2)]
    return model, x, x[0][:, 0, :2] * x[1][:, 1, :2]


def residual(r):
    x = keras.Input((6, 6, 4))
    y = x
    for _ in range(2):
        z = L.Conv2D(4, 3, padding="same", use_bias=False)(y)
        z = L.BatchNormalization(momentum=0.9)(z)
        z = L.Activation("relu")(z)
        y = L.Add()([y, z])
    y = L.Dense(2)(L.GlobalAveragePooling2D()(y))
    return regression(keras.Model(x, y, name="residual"), r, (6, 6, 4), "adam", rows=12)


def embedding(r):
    words = keras.Input((5,), dtype="int32", name="words")
    y = L.Embedding(11, 4, embeddings_regularizer="l2")(words)
    y = L.Conv1D(4, 2, activation="relu")(y)
    number = keras.Input((2,), name="number")
    y = L.Concatenate()([L.GlobalAveragePooling1D()(y), number])
    model = keras.Model([words, number], L.Dense(1, activation="sigmoid")(y))
    model.compile(
        optimizer=keras.optimizers.Adagrad(0.1),
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.Precision(), keras.metrics.Recall(thresholds=0.4)],
    )
    x = [r.integers(0, 11, size=(20, 5)).astype("int32"), grid(r.normal(size=(20, 2)))]
    return model, x, (x[0][:, :1] > 4).astype("float32")


def number_preparation(r):
    """Normalization that was adapted, one along two axes, one with given numbers; categories in three ways."""
    numbers = keras.Input((3, 2), name="numbers")
    one = keras.Input((1,), dtype="int32", name="one")
    many = keras.Input((3,), dtype="int32", name="many")
    x = [
        grid(r.normal(size=(20, 3, 2)) * 4 + 2),
        r.integers(0, 4, size=(20, 1)).astype("int32"),
        r.integers(0, 5, size=(20, 3)).astype("int32"),
    ]
    adapted, two_axes = L.Normalization(), L.Normalization(axis=(1, 2))
    whole = L.Normalization(axis=None)
    for layer in (adapted, two_axes, whole):
        layer.adapt(x[0])
    given = L.Normalization(mean=[1.0, 2.0], variance=[4.0, 0.25])
    back = L.Normalization(mean=0.5, variance=2.0, axis=None, invert=True)
    prepared = [layer(numbers) for layer in (adapted, two_axes, whole, given, back)]
    prepared.append(L.Rescaling([0.5, 2.0], offset=[1.0, -1.0])(numbers))
    y = L.Flatten()(L.Concatenate()(prepared))
    encoded = [
        L.CategoryEncoding(4, output_mode="one_hot")(one),
        L.CategoryEncoding(5, output_mode="multi_hot")(many),
        L.CategoryEncoding(5, output_mode="count")(many),
    ]
    model = keras.Model([numbers, one, many], L.Dense(2)(L.Concatenate()([y, *encoded])))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", metrics=["mae"])
    return model, x, grid(x[0][:, 0] * 0.1)


CASES = [
    Case("functional_two_ways", two_ways),
    Case("functional_dictionaries", dictionaries),
    Case("functional_nested", nested, also=(".weights.h5", ".h5")),
    Case("functional_nested_outputs", nested_outputs),
    Case("functional_stack_of_models", stack_of_models),
    Case("functional_merges", merges),
    Case("functional_residual", residual),
    Case("embedding", embedding),
    Case("number_preparation", number_preparation),
]
