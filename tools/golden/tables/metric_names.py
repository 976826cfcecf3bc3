"""metric_names.json: what the logs of a training call its losses and metrics."""

import keras
import numpy as np

from common import precision, write

ACCURACY, ERROR, AUC = "accuracy", "mean_absolute_error", "auc"


def names(outputs, metrics, weighted):
    """The keys of the history of a model with these outputs, trained with weights."""
    x = keras.Input((2,))
    y = [keras.layers.Dense(1, activation="sigmoid", name=name)(x) for name in outputs]
    model = keras.Model(x, y)
    if len(outputs) == 1:
        metrics, weighted = metrics.get(outputs[0]), weighted.get(outputs[0])
    model.compile("sgd", ["mse"] * len(outputs), metrics=metrics, weighted_metrics=weighted)
    ones = [np.ones((4, 1)) for _ in outputs]
    weights = [np.arange(4.0) for _ in outputs]
    return sorted(model.fit(np.ones((4, 2)), ones, sample_weight=weights, verbose=0).history)


def metric_names():
    two = ["price", "side"]
    table = [
        (["side"], {"side": [ACCURACY]}, {"side": [ACCURACY, ERROR]}),
        (["side"], {"side": [ACCURACY, ACCURACY]}, {"side": [ACCURACY, ACCURACY, AUC]}),
        (["side"], {}, {"side": [ERROR, ERROR]}),
        (two, {"side": [ACCURACY]}, {}),
        (two, {"side": [ACCURACY, ERROR], "price": [ERROR]}, {}),
        (two, {"side": [ACCURACY]}, {"side": [ACCURACY, AUC], "price": [ACCURACY]}),
    ]
    cases = []
    for outputs, metrics, weighted in table:
        with precision("float32"):
            found = names(outputs, metrics, weighted)
        case = {"outputs": outputs, "metrics": metrics, "weighted_metrics": weighted}
        cases.append({**case, "names": found})
    write("metric_names.json", cases)
