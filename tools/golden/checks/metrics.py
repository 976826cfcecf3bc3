"""Metrics: their values after updates of (targets, predictions, weights or None)."""

import math

import numpy as np

from .losses import EPSILON, LOSSES, cosine_similarity


def binary_accuracy(y_true, y_pred, threshold=0.5):
    if y_true.ndim != y_pred.ndim:
        y_true, y_pred = y_true.ravel(), y_pred.ravel()
    return (y_pred > threshold) == y_true


def sparse_categorical_accuracy(y_true, y_pred):
    return y_true.reshape(y_pred.shape[:-1]) == y_pred.argmax(axis=-1)


def sparse_top_k(y_true, y_pred, k=5, from_sorted_ids=False):
    """Whether fewer than k are larger, so that a tie at the end counts as in."""
    if from_sorted_ids:
        return (y_true[:, None] == y_pred[:, :k]).any(axis=1)
    chosen = np.take_along_axis(y_pred, y_true[..., None].astype(int), axis=-1)
    return (y_pred > chosen).sum(axis=-1) < k


def pearson_correlation(y_true, y_pred, axis=-1):
    y_true = y_true - y_true.mean(axis=axis, keepdims=True)
    y_pred = y_pred - y_pred.mean(axis=axis, keepdims=True)
    covariance = (y_true * y_pred).mean(axis=axis)
    return covariance / (y_true.std(axis=axis) * y_pred.std(axis=axis))


def concordance_correlation(y_true, y_pred, axis=-1):
    true_mean, pred_mean = y_true.mean(axis=axis), y_pred.mean(axis=axis)
    covariance = (y_true * y_pred).mean(axis=axis) - true_mean * pred_mean
    norm = y_true.var(axis=axis) + y_pred.var(axis=axis) + (true_mean - pred_mean) ** 2
    return 2 * covariance / (norm + EPSILON)


# The metrics that are the mean of these values.
METRICS = {
    "accuracy": lambda y_true, y_pred: y_true == y_pred,
    "binary_accuracy": binary_accuracy,
    "categorical_accuracy": lambda y_true, y_pred: (
        y_true.argmax(axis=-1) == y_pred.argmax(axis=-1)
    ),
    "sparse_categorical_accuracy": sparse_categorical_accuracy,
    "top_k_categorical_accuracy": lambda y_true, y_pred, k=5: (
        sparse_top_k(y_true.argmax(axis=-1), y_pred, k)
    ),
    "sparse_top_k_categorical_accuracy": sparse_top_k,
    **LOSSES,
    "root_mean_squared_error": lambda y_true, y_pred: (y_true - y_pred) ** 2,
    "log_cosh_error": LOSSES["log_cosh"],
    "cosine_similarity": lambda *y, axis=-1: -cosine_similarity(*y, axis=axis),
    "pearson_correlation": pearson_correlation,
    "concordance_correlation": concordance_correlation,
}


def mean(name, config, updates):
    total, count = 0.0, 0.0
    for y_true, y_pred, weight in updates:
        if y_true is None:
            values = y_pred
        else:
            if y_true.shape == (*y_pred.shape, 1):
                y_true = y_true[..., 0]
            values = np.asarray(METRICS[name](y_true, y_pred, **config), float)
        if weight is not None:
            weight = weight.reshape(weight.shape[: max(values.ndim, 1)])
            if config.get("ignore_class") is not None:
                weight = weight * (y_true != config["ignore_class"])
            trailing = tuple(range(weight.ndim, values.ndim))
            values = values.mean(axis=trailing) * weight
            count += weight.reshape(len(weight), -1).mean(axis=1).sum()
        else:
            count += len(values)
        total += values.reshape(len(values), -1).mean(axis=1).sum()
    value = total / count if count else 0.0
    return math.sqrt(value) if name == "root_mean_squared_error" else value


# --- counts at thresholds -----------------------------------------------------


def counts(updates, thresholds, top_k=None, class_id=None, label_weights=None):
    """(true and false positives, true and false negatives), (thresholds, labels)."""
    found = 0
    for y_true, y_pred, weight in updates:
        y_true, y_pred = (np.array(y, float).reshape(len(y), -1) for y in (y_true, y_pred))
        if top_k is not None:
            order = np.argsort(-y_pred, axis=-1, kind="stable")
            rest = order[:, top_k:]
            np.put_along_axis(y_pred, rest, -1e10, axis=-1)
        if class_id is not None:
            y_true, y_pred = y_true[:, [class_id]], y_pred[:, [class_id]]
        if weight is None:
            weight = np.ones(1)
        weight = np.broadcast_to(weight.reshape(len(weight), -1), y_pred.shape)
        if label_weights is not None:
            weight = weight * label_weights
        positive = y_pred[None] > np.reshape(thresholds, (-1, 1, 1))
        found = found + np.array(
            [
                (weight * (right & where)).sum(axis=1)
                for right, where in (
                    (y_true != 0, positive),
                    (y_true == 0, positive),
                    (y_true == 0, ~positive),
                    (y_true != 0, ~positive),
                )
            ]
        )
    return found


def ratio(a, b):
    return np.divide(a, b, out=np.zeros(np.shape(a)), where=b != 0)


def flat(values):
    return float(values[0]) if len(values) == 1 else values


def confusion(name, config, updates):
    config = dict(config)
    thresholds = config.pop("thresholds", None)
    if thresholds is None:
        thresholds = 0.5 if config.get("top_k") is None else -1e10
    tp, fp, tn, fn = counts(updates, np.atleast_1d(thresholds), **config).sum(axis=-1)
    return flat(
        {
            "true_positives": tp,
            "false_positives": fp,
            "true_negatives": tn,
            "false_negatives": fn,
            "precision": ratio(tp, tp + fp),
            "recall": ratio(tp, tp + fn),
        }[name]
    )


def at_least(name, config, updates):
    config = dict(config)
    number = config.pop("num_thresholds", 200)
    thresholds = np.linspace(0, 1, number) if number > 1 else [0.5]
    class_id = config.pop("class_id", None)
    (limit,) = config.values()
    tp, fp, tn, fn = counts(updates, thresholds, class_id=class_id).sum(axis=-1)
    recall, precision = ratio(tp, tp + fn), ratio(tp, tp + fp)
    specificity = ratio(tn, tn + fp)
    held, wanted = {
        "sensitivity_at_specificity": (specificity, recall),
        "specificity_at_sensitivity": (recall, specificity),
        "precision_at_recall": (recall, precision),
        "recall_at_precision": (precision, recall),
    }[name]
    return wanted[held >= limit].max(initial=0)


def auc(name, config, updates):
    number = config.get("num_thresholds", 200)
    inner = config.get("thresholds", [i / (number - 1) for i in range(1, number - 1)])
    if config.get("from_logits"):
        updates = [(t, 1 / (1 + np.exp(-p)), w) for t, p, w in updates]
    label_weights = config.get("label_weights")
    apart = config.get("multi_label", False)
    each = counts(
        updates,
        [-EPSILON, *sorted(inner), 1 + EPSILON],
        label_weights=None if apart else label_weights,
    )
    each = each if apart else each.sum(axis=-1, keepdims=True)
    areas = [area(*each[..., i], config) for i in range(each.shape[-1])]
    return np.average(areas, weights=label_weights if apart else None)


def area(tp, fp, tn, fn, config):
    curve = config.get("curve", "ROC")
    how = config.get("summation_method", "interpolation")
    recall, precision = ratio(tp, tp + fn), ratio(tp, tp + fp)
    if (curve, how) == ("PR", "interpolation"):
        # Davis & Goadrich: between two thresholds, true positives grow with positives.
        total = 0.0
        p = tp + fp
        for i in range(len(tp) - 1):
            slope = (tp[i] - tp[i + 1]) / (p[i] - p[i + 1]) if p[i] > p[i + 1] else 0.0
            intercept = tp[i + 1] - slope * p[i + 1]
            log = math.log(p[i] / p[i + 1]) if p[i] > 0 and p[i + 1] > 0 else 0.0
            positives = tp[i + 1] + fn[i + 1]
            if positives:
                total += slope * (tp[i] - tp[i + 1] + intercept * log) / positives
        return total
    if curve == "ROC":
        x, y = ratio(fp, fp + tn), recall
    elif curve == "PR":
        x, y = recall, precision
    else:
        odds = ratio(tp + fn, tn + fp)
        none = tp == 0
        x = np.maximum(np.where(none, 0, 1 - odds * ratio(fn, tp)), 0)
        y = np.where(none, 1, 1 - odds * ratio(fp, tp))
    pairs = {
        "interpolation": (y[:-1] + y[1:]) / 2,
        "minoring": np.minimum(y[:-1], y[1:]),
        "majoring": np.maximum(y[:-1], y[1:]),
    }
    return ((x[:-1] - x[1:]) * pairs[how]).sum()


# --- others -------------------------------------------------------------------


def f_score(name, config, updates):
    average, beta = config.get("average"), config.get("beta", 1.0)
    threshold = config.get("threshold")
    tp = fp = fn = support = 0
    for y_true, y_pred, weight in updates:
        if threshold is None:
            highest = y_pred.max(axis=-1, keepdims=True)
            y_pred = (y_pred >= highest) & (np.abs(y_pred) > 1e-9)
        else:
            y_pred = y_pred > threshold
        weight = np.ones((1, 1)) if weight is None else weight[:, None]
        axis = None if average == "micro" else 0
        tp = tp + (weight * y_true * y_pred).sum(axis=axis)
        fp = fp + (weight * (1 - y_true) * y_pred).sum(axis=axis)
        fn = fn + (weight * y_true * ~y_pred).sum(axis=axis)
        support = support + (weight * y_true).sum(axis=axis)
    precision, recall = tp / (tp + fp + EPSILON), tp / (tp + fn + EPSILON)
    score = (1 + beta**2) * precision * recall
    score = score / (beta**2 * precision + recall + EPSILON)
    if average == "weighted":
        return (score * support / (support.sum() + EPSILON)).sum()
    return score if average is None else np.mean(score)


def r2_score(name, config, updates):
    y_true, y_pred = (np.concatenate([u[i] for u in updates]) for i in (0, 1))
    y_true = y_true.reshape(len(y_true), -1)
    y_pred = y_pred.reshape(len(y_pred), -1)
    weights = [np.ones(len(u[0])) if u[2] is None else u[2] for u in updates]
    weight = np.concatenate([w.reshape(len(w), -1) for w in weights])
    average = (weight * y_true).sum(axis=0) / (weight + 0 * y_true).sum(axis=0)
    total = (weight * (y_true - average) ** 2).sum(axis=0)
    score = 1 - (weight * (y_true - y_pred) ** 2).sum(axis=0) / total
    kind = config.get("class_aggregation", "uniform_average")
    if kind == "uniform_average":
        score = score.mean()
    elif kind == "variance_weighted_average":
        score = (total * score).sum() / total.sum()
    regressors = config.get("num_regressors", 0)
    if regressors:
        n = y_true.size  # Keras counts values here, not rows
        score = 1 - (1 - score) * (n - 1) / (n - regressors - 1)
    return score


def iou(name, config, updates):
    classes = config.get("num_classes", 2)
    matrix = np.zeros((classes, classes))
    axis = config.get("axis", -1)
    for y_true, y_pred, weight in updates:
        if name == "binary_io_u":
            y_pred = y_pred >= config.get("threshold", 0.5)
        if name.startswith("one_hot") or not config.get("sparse_y_true", True):
            y_true = y_true.argmax(axis=axis)
        if not config.get("sparse_y_pred", not name.startswith("one_hot")):
            y_pred = y_pred.argmax(axis=axis)
        weight = np.ones(y_true.shape) if weight is None else weight
        for t, p, w in zip(y_true.ravel(), y_pred.ravel(), weight.ravel()):
            inside = 0 <= t < classes and 0 <= p < classes
            if inside and t != config.get("ignore_class"):
                matrix[int(t), int(p)] += w
    hit = np.diag(matrix)
    union = matrix.sum(axis=0) + matrix.sum(axis=1) - hit
    ids = list(config.get("target_class_ids", range(classes)))
    each = ratio(hit[ids], union[ids] + EPSILON)
    return each.sum() / ((union[ids] > 0).sum() + EPSILON)


def total(name, config, updates):
    return sum(
        (values if weight is None else values.reshape(len(weight), -1).sum(axis=1) * weight).sum()
        for _, values, weight in updates
    )


OTHERS = {
    **dict.fromkeys(["precision", "recall"], confusion),
    **dict.fromkeys(["true_positives", "false_positives"], confusion),
    **dict.fromkeys(["true_negatives", "false_negatives"], confusion),
    **dict.fromkeys(["sensitivity_at_specificity", "precision_at_recall"], at_least),
    **dict.fromkeys(["specificity_at_sensitivity", "recall_at_precision"], at_least),
    "auc": auc,
    **dict.fromkeys(["f1_score", "f_beta_score"], f_score),
    "r2_score": r2_score,
    **dict.fromkeys(["io_u", "binary_io_u", "mean_io_u"], iou),
    **dict.fromkeys(["one_hot_io_u", "one_hot_mean_io_u"], iou),
    "sum": total,
}


def metric(name, config, updates):
    """The result, a number or an array; targets are None for Mean and Sum."""
    return OTHERS.get(name, mean)(name, config, updates)
