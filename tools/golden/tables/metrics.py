"""metrics.json: the values of metrics after their updates."""

import keras
import numpy as np
from keras.src.utils.naming import to_snake_case

import checks
from common import array, as_float32, both, close, grid, number, result, suffixed, write
from tables.metrics_more import more_metrics

METRIC_CLASSES = {
    "binary_accuracy": keras.metrics.BinaryAccuracy,
    "categorical_accuracy": keras.metrics.CategoricalAccuracy,
    "sparse_categorical_accuracy": keras.metrics.SparseCategoricalAccuracy,
}


def entry(values):
    values = np.asarray(values)
    is_float = np.issubdtype(values.dtype, np.floating)
    if is_float:
        values = as_float32(values)
    return values, {"dtype": "float" if is_float else "int", **array(values)}


def metric_case(name, config, updates):
    """One class of metrics; an update may have weights, and Mean and Sum no targets."""
    entries = [
        {
            key: entry(values)
            for key, values in zip(("y_true", "y_pred", "sample_weight"), update)
            if values is not None
        }
        for update in updates
    ]
    if updates[0][0] is None:
        entries = [{"values": e.pop("y_pred"), **e} for e in entries]
    snake = to_snake_case(name)

    def run(dtype):
        def typed(values):
            return values.astype(dtype) if values.dtype == np.float64 else values

        metric = getattr(keras.metrics, name)(**config)
        for stored in entries:
            metric.update_state(**{key: typed(values) for key, (values, _) in stored.items()})
        # The IoU metrics are integers, and then float32 whatever the precision.
        return result(metric.result(), "float32" if "io_u" in snake else dtype)

    found = both(run)
    keys = "y_true", "values" if updates[0][0] is None else "y_pred", "sample_weight"
    by_hand = checks.metric(
        snake, config, [tuple(e.get(k, [None])[0] for k in keys) for e in entries]
    )
    close(found["f64"], by_hand, rtol=1e-6 if "io_u" in snake else 1e-11, atol=1e-14)
    close(found["f32"], by_hand, rtol=1e-5, atol=1e-6)
    return {
        "kind": "direct",
        "metric": snake,
        "config": config,
        "updates": [{key: shown for key, (_, shown) in e.items()} for e in entries],
        **suffixed("expected", {key: value.tolist() for key, value in found.items()}),
    }


def metrics():
    binary, categorical = "binary_accuracy", "categorical_accuracy"
    sparse = "sparse_categorical_accuracy"
    column = [[0.5], [0.25], [0.75], [0.5], [1.0], [0.0], [0.6]]
    column_true = [[0], [0], [1], [1], [1], [1], [0]]
    wide = [[0.5, 0.6, 0.4], [0.9, 0.1, 0.5], [0.0, 1.0, 0.75]]
    wide_true = [[0, 1, 0], [1, 0, 1], [1, 1, 0]]
    rows = [
        [0.1, 0.7, 0.2],
        [0.4, 0.4, 0.2],  # a tie: the first wins
        [0.2, 0.4, 0.4],
        [0.25, 0.25, 0.25],
        [0.0, 0.0, 1.0],
        [0.3, 0.5, 0.2],
        [-3.0, -2.0, -7.5],
    ]
    labels = [1, 1, 1, 0, 2, 0, 1]
    one_hot = np.eye(3, dtype=int)[labels]
    soft = [
        [0.2, 0.5, 0.3],
        [0.5, 0.5, 0.0],  # a tie in the target: the first wins
        [0.0, 0.5, 0.5],
        [0.0, 0.0, 0.0],
        [0.1, 0.1, 0.8],
        [0.4, 0.6, 0.0],
        [1.0, 0.0, 0.0],
    ]
    sequence = np.reshape(rows[:6], (2, 3, 3))
    sequence_labels = np.reshape(labels[:6], (2, 3))

    direct = [
        (binary, {}, column_true, column),
        (binary, {}, np.ravel(column_true), column),
        (binary, {}, column_true, np.ravel(column)),
        (binary, {}, np.asarray(column_true, float), column),
        (binary, {"threshold": 0.3}, column_true, column),
        (binary, {}, wide_true, wide),
        (binary, {}, [[0.5], [1.0], [0.0]], [[0.7], [0.9], [0.2]]),
        (categorical, {}, one_hot, rows),
        (categorical, {}, soft, rows),
        (categorical, {}, np.eye(3, dtype=int)[sequence_labels], sequence),
        (sparse, {}, labels, rows),
        (sparse, {}, np.reshape(labels, (7, 1)), rows),
        (sparse, {}, np.asarray(labels, float), rows),
        (sparse, {}, sequence_labels, sequence),
        # Two updates of one metric: its state is the number of right ones and of all.
        (sparse, {}, [labels[:4], labels[4:]], [rows[:4], rows[4:]], "updates"),
        (binary, {}, [wide_true[:2], wide_true[2:]], [wide[:2], wide[2:]], "updates"),
    ]

    cases = []
    for name, config, y_true, y_pred, *more in direct:
        pairs = zip(y_true, y_pred) if more else [(y_true, y_pred)]
        updates = [(entry(t), entry(p)) for t, p in pairs]

        def run(dtype):
            metric = METRIC_CLASSES[name](**config)
            for (true, _), (pred, _) in updates:
                if true.dtype == np.float64:
                    true = true.astype(dtype)
                metric.update_state(true, pred.astype(dtype))
            return number(result(metric.result(), dtype))

        expected = both(run)
        matches = [
            checks.METRICS[name](true, pred, **config).ravel()
            for (true, _), (pred, _) in updates
        ]
        close(expected["f64"], np.concatenate(matches).mean(), rtol=1e-15)
        cases.append(
            {
                "kind": "direct",
                "metric": name,
                "config": config,
                "updates": [{"y_true": t, "y_pred": p} for (_, t), (_, p) in updates],
                **suffixed("expected", expected),
            }
        )

    # compile(metrics=["accuracy"]) picks one of the three from the shapes.
    rng = np.random.default_rng(6)
    x = grid(rng.normal(size=(9, 3)))
    n = len(x)
    cce, scce = "categorical_crossentropy", "sparse_categorical_crossentropy"
    bce = "binary_crossentropy"
    compiled = [
        (1, "sigmoid", bce, "accuracy", rng.integers(2, size=(n, 1))),
        (1, "sigmoid", bce, "accuracy", rng.integers(2, size=n)),
        (1, None, "mean_squared_error", "accuracy", rng.integers(2, size=(n, 1))),
        (3, "sigmoid", bce, "accuracy", rng.integers(2, size=(n, 3))),
        (3, "sigmoid", bce, "binary_accuracy", rng.integers(2, size=(n, 3))),
        (4, "softmax", cce, "accuracy", np.eye(4, dtype=int)[rng.integers(4, size=n)]),
        (4, "softmax", scce, "accuracy", rng.integers(4, size=n)),
        (4, "softmax", scce, "accuracy", rng.integers(4, size=(n, 1))),
        (2, "softmax", cce, "acc", np.eye(2, dtype=int)[rng.integers(2, size=n)]),
        (4, None, "mean_squared_error", "accuracy", grid(rng.normal(size=(n, 4)))),
    ]
    for units, activation, loss, metric, y in compiled:
        kernel = grid(rng.normal(size=(3, units)), 1024)
        bias = grid(rng.normal(size=units), 1024)
        y_values, y_entry = entry(y)
        picked = set()

        def run(dtype):
            model = keras.Sequential(
                [keras.Input((3,)), keras.layers.Dense(units, activation=activation)]
            )
            model.set_weights([kernel, bias])
            model.compile(optimizer="sgd", loss=loss, metrics=[metric])
            logs = model.evaluate(
                x.astype(dtype), y_values, batch_size=4, verbose=0, return_dict=True
            )
            (used,) = model._compile_metrics.metrics
            assert list(logs) == [metric, "loss"] or list(logs) == ["loss", metric]
            picked.add(type(used).__name__)
            return number(logs[metric])

        expected = both(run)
        (name,) = [k for k, v in METRIC_CLASSES.items() if {v.__name__} == picked]
        outputs = x @ kernel + bias
        if activation:
            outputs = checks.ACTIVATIONS[activation](outputs)
        by_hand = checks.METRICS[name](y_values, outputs).mean()
        close(expected["f64"], by_hand, rtol=1e-15)
        cases.append(
            {
                "kind": "compiled",
                "layer": {"units": units, "activation": activation},
                "weights": [array(kernel), array(bias)],
                "loss": loss,
                "metrics": [metric],
                "batch_size": 4,
                "x": array(x),
                "y_true": y_entry,
                "resolved": name,
                **suffixed("expected", expected),
            }
        )
    for name, config, updates in more_metrics(np.random.default_rng(32)):
        cases.append(metric_case(name, config, updates))
    write("metrics.json", cases)
