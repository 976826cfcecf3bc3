"""The cases of metrics.json besides accuracy: (class, config, updates)."""

import numpy as np

import checks
from common import grid


def more_metrics(rng):
    def one_hot(*shape):
        return np.eye(shape[-1], dtype=int)[rng.integers(shape[-1], size=shape[:-1])]

    # All on a grid: short in decimal, and the same in float32.
    def normal(*shape):
        return grid(rng.normal(scale=2, size=shape), 32)

    def between(*shape):
        """Odd multiples of 1/128, so never on a threshold that a case has."""
        return (2 * rng.integers(64, size=shape) + 1) / 128

    def positive(*shape):
        return grid(rng.uniform(0.1, 4, size=shape), 32)

    def bits(*shape):
        return rng.integers(2, size=shape)

    def ints(high, *shape):
        return rng.integers(high, size=shape)

    def chances(*shape):
        return np.maximum(grid(checks.softmax(rng.normal(size=shape)), 256), 1 / 256)

    five = np.array([1, 0.5, 0, 2, 3.25])
    three = np.array([0.5, 2, 1.25])
    full = np.array([[1, 0, 2.5], [0.5, 0.75, 3]])

    def weighted(true, pred, columns=()):
        """Two settings: two updates without weights, and with them."""
        plain = [(true(5, *columns), pred(5, *columns)) for _ in "12"]
        return [
            [(*update, None) for update in plain],
            [(*plain[0], five), (*(y[:3] for y in plain[1]), three)],
        ]

    table = []

    def add(name, config, *updates):
        table.append((name, config, [u if len(u) == 3 else (*u, None) for u in updates]))

    def add_weighted(name, config, true, pred, *columns):
        for updates in weighted(true, pred, columns):
            add(name, config, *updates)

    add("Accuracy", {}, (ints(3, 5), ints(3, 5)))
    add("Accuracy", {}, (ints(2, 5, 1), ints(2, 5), five), (ints(2, 3), ints(2, 3), three))
    add_weighted("BinaryAccuracy", {"threshold": 0.4}, bits, between)
    add_weighted("BinaryAccuracy", {}, bits, between, 3)
    add("BinaryAccuracy", {}, (bits(2, 3), between(2, 3), full))
    add_weighted("CategoricalAccuracy", {}, one_hot, chances, 3)
    add("SparseCategoricalAccuracy", {}, (ints(4, 2, 3), chances(2, 3, 4), full))
    add("SparseCategoricalAccuracy", {}, (ints(4, 5), chances(5, 4), five))

    # The tie at the end of the best two counts as in.
    tie = np.array([[0.4, 0.2, 0.2, 0.2], [0.1, 0.2, 0.3, 0.4]])
    for k in ({}, {"k": 1}, {"k": 2}, {"k": 3}):
        add("TopKCategoricalAccuracy", k, (one_hot(5, 7), chances(5, 7)))
        add("SparseTopKCategoricalAccuracy", k, (ints(7, 5), chances(5, 7), five))
    add("TopKCategoricalAccuracy", {"k": 2}, (np.eye(4, dtype=int)[[3, 1]], tie))
    add("SparseTopKCategoricalAccuracy", {"k": 2}, (np.array([3, 1]), tie))
    add("TopKCategoricalAccuracy", {"k": 2}, (one_hot(2, 3, 4), chances(2, 3, 4), full))
    add(
        "SparseTopKCategoricalAccuracy",
        {"k": 2, "from_sorted_ids": True},
        (np.array([3, 1, 0]), np.array([[3, 1, 2, 0], [0, 2, 1, 3], [1, 0, 2, 3]])),
    )

    for name in (
        "MeanSquaredError",
        "MeanAbsoluteError",
        "RootMeanSquaredError",
        "LogCoshError",
        "MeanAbsolutePercentageError",
    ):
        add_weighted(name, {}, normal, normal, 2)
    add_weighted("RootMeanSquaredError", {}, normal, normal)
    add("RootMeanSquaredError", {}, (normal(2, 3), normal(2, 3), full))
    add("MeanSquaredError", {}, (normal(2, 3, 2), normal(2, 3, 2), full))
    add_weighted("MeanSquaredLogarithmicError", {}, positive, positive, 2)
    add_weighted("CosineSimilarity", {}, normal, normal, 3)
    add("CosineSimilarity", {"axis": 1}, (normal(2, 3, 2), normal(2, 3, 2)))
    for name in "PearsonCorrelation", "ConcordanceCorrelation":
        add_weighted(name, {}, normal, normal, 4)
        add(name, {"axis": 0}, (normal(5, 2), normal(5, 2)))

    add_weighted("Poisson", {}, positive, positive, 2)
    add_weighted("KLDivergence", {}, chances, chances, 3)
    add_weighted("BinaryCrossentropy", {}, bits, between, 2)
    scored = {"from_logits": True, "label_smoothing": 0.2}
    add("BinaryCrossentropy", scored, (bits(5, 2), normal(5, 2)))
    add_weighted("CategoricalCrossentropy", {}, one_hot, chances, 3)
    add("CategoricalCrossentropy", scored, (one_hot(5, 3), normal(5, 3)))
    add("SparseCategoricalCrossentropy", {}, (ints(3, 5), chances(5, 3), five))
    add("SparseCategoricalCrossentropy", {"from_logits": True}, (ints(3, 5), normal(5, 3)))
    # Without weights the ignored ones count as zeros; with weights they are left out.
    ignored = {"ignore_class": -1}
    labels = np.array([2, -1, 0, 1, -1])
    add("SparseCategoricalCrossentropy", ignored, (labels, chances(5, 3)))
    add("SparseCategoricalCrossentropy", ignored, (labels, chances(5, 3), five))
    add_weighted("Hinge", {}, bits, normal, 2)
    add_weighted("SquaredHinge", {}, bits, normal, 2)
    add_weighted("CategoricalHinge", {}, one_hot, normal, 3)

    some, even = {"thresholds": [0.2, 0.5, 0.9]}, {"thresholds": [0.0, 0.5, 1.0]}
    edges = np.array([0.0, 1.0, 0.5, 0.25, 0.0, 1.0])
    for name in "Precision", "Recall":
        add_weighted(name, {}, bits, between)
        add_weighted(name, {}, bits, between, 3)
        add(name, {"thresholds": 0.3}, (bits(5, 1), between(5, 1)))
        add(name, {"thresholds": 0.3}, (bits(5, 1), between(5, 1), five))
        add(name, some, (bits(5), between(5)), (bits(3), between(3), three))
        add(name, even, (bits(5), between(5)), (bits(6), edges))
        add(name, {"class_id": 1}, (one_hot(5, 3), chances(5, 3)))
        add(name, {"class_id": 1, **some}, (one_hot(5, 3), chances(5, 3), five))
        add(name, {"top_k": 2}, (one_hot(5, 4), chances(5, 4)))
        add(name, {"top_k": 2, "class_id": 0}, (one_hot(5, 4), chances(5, 4), five))
        add(name, {"top_k": 1, "thresholds": 0.4}, (one_hot(5, 4), chances(5, 4)))
        add(name, {}, (np.zeros(3, int), np.zeros(3)))
    for name in "TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives":
        add_weighted(name, {}, bits, between)
        add(name, some, (bits(5), between(5), five), (bits(3), between(3)))
        add(name, {"thresholds": 0.75}, (bits(2, 3), between(2, 3), full))

    labelled = (bits(9), between(9)), (bits(6), edges)
    for curve in "ROC", "PR", "PRGAIN":
        for method in "interpolation", "minoring", "majoring":
            add("AUC", {"curve": curve, "summation_method": method}, *labelled)
    add("AUC", {}, (bits(9, 1), between(9, 1)))
    add("AUC", {}, (bits(5), between(5), five), (bits(3), between(3), three))
    add("AUC", {"curve": "PR"}, (bits(5), between(5), five), (bits(3), between(3), three))
    for number in (2, 3, 11, 50):
        add("AUC", {"num_thresholds": number}, *labelled)
    add("AUC", {"num_thresholds": 5, "curve": "PR"}, *labelled)
    add("AUC", {"thresholds": [0.9, 0.1, 0.35]}, *labelled)
    add("AUC", {"thresholds": [0.9, 0.1, 0.35], "curve": "PR"}, *labelled)
    add("AUC", {"thresholds": [0.25, 0.5, 0.75]}, *labelled)
    add("AUC", {"from_logits": True}, (bits(9), normal(9)))
    add("AUC", {"from_logits": True, "curve": "PR"}, (bits(9), normal(9)))
    matrix = (bits(7, 3), between(7, 3)), (bits(5, 3), between(5, 3))
    several, weights = {"multi_label": True}, {"label_weights": [1.0, 0.5, 2.0]}
    for curve in {}, {"curve": "PR"}:
        add("AUC", {**curve, **several}, *matrix)
        add("AUC", {**curve, **several, **weights}, *matrix)
        add("AUC", {**curve, **weights}, *matrix)
        add("AUC", curve, *matrix)
    add("AUC", {**several, "num_labels": 3}, (*matrix[1], five))
    add("AUC", {**several, "thresholds": [0.3, 0.8]}, *matrix)
    add("AUC", {}, (np.ones(3, int), between(3)))

    asked = [0.5, 0.9]
    for name, key in [
        ("SensitivityAtSpecificity", "specificity"),
        ("SpecificityAtSensitivity", "sensitivity"),
        ("PrecisionAtRecall", "recall"),
        ("RecallAtPrecision", "precision"),
    ]:
        for value in asked:
            add(name, {key: value}, (bits(12), between(12)), (bits(6), edges))
        add(name, {key: 0.6, "num_thresholds": 4}, (bits(5), between(5), five))
        add(name, {key: 0.6, "num_thresholds": 1}, (bits(5), between(5)))
        add(name, {key: 0.3, "class_id": 2}, (one_hot(9, 3), chances(9, 3)))

    # In the last row all chances are equal, and all count as right.
    rows = np.concatenate([chances(4, 4), np.full((1, 4), 0.25)])
    for average in None, "micro", "macro", "weighted":
        add("F1Score", {"average": average}, (one_hot(5, 4), rows), (one_hot(3, 4), chances(3, 4)))
        add("F1Score", {"average": average, "threshold": 0.4}, (bits(5, 3), between(5, 3), five))
        add("FBetaScore", {"average": average, "beta": 2.0}, (one_hot(5, 3), chances(5, 3)))
    add("F1Score", {}, (bits(5, 1), between(5, 1)))
    add("FBetaScore", {"beta": 0.5, "threshold": 0.5}, (bits(5, 3), between(5, 3)))

    for kind in None, "uniform_average", "variance_weighted_average":
        config = {"class_aggregation": kind}
        add("R2Score", config, (normal(5, 2), normal(5, 2)), (normal(3, 2), normal(3, 2)))
        add("R2Score", config, (normal(5, 2), normal(5, 2), five))
    add("R2Score", {}, (normal(5, 1), normal(5, 1)))
    add("R2Score", {"num_regressors": 2}, (normal(7, 1), normal(7, 1)))
    # Adjusted by the number of values, not of rows.
    add("R2Score", {"num_regressors": 2}, (normal(5, 2), normal(5, 2)))

    # With values only.
    for name in "Mean", "Sum":
        add(name, {}, (None, normal(5)), (None, normal(3)))
        add(name, {}, (None, normal(5), five))
        add(name, {}, (None, normal(2, 3)))
        add(name, {}, (None, normal(5, 3), five))

    classes = {"num_classes": 3}
    add("MeanIoU", classes, (ints(3, 7), ints(3, 7)), (ints(3, 5), ints(3, 5)))
    add("MeanIoU", {"num_classes": 5}, (ints(3, 7), ints(3, 7)))
    add("MeanIoU", classes, (ints(3, 2, 4), ints(3, 2, 4)))
    add("MeanIoU", classes, (ints(3, 5), ints(3, 5), np.array([1, 2, 0, 3, 1])))
    add("MeanIoU", {**classes, "ignore_class": 1}, (ints(3, 7), ints(3, 7)))
    add("MeanIoU", {**classes, "ignore_class": -1}, (ints(4, 7) - 1, ints(3, 7)))
    add("MeanIoU", {**classes, "sparse_y_pred": False}, (ints(3, 6), chances(6, 3)))
    add("IoU", {**classes, "target_class_ids": [0]}, (ints(3, 7), ints(3, 7)))
    add("IoU", {**classes, "target_class_ids": [0, 2]}, (ints(3, 7), ints(3, 7)))
    add("BinaryIoU", {}, (bits(7), between(7)))
    add("BinaryIoU", {"target_class_ids": [1], "threshold": 0.25}, (bits(6), edges))
    one = {**classes, "target_class_ids": [0, 1]}
    add("OneHotIoU", one, (one_hot(6, 3), chances(6, 3)))
    add("OneHotMeanIoU", classes, (one_hot(6, 3), chances(6, 3)))
    add("OneHotMeanIoU", {**classes, "sparse_y_pred": True}, (one_hot(6, 3), ints(3, 6)))
    return table
