"""Models with many outputs: a loss of its own for each, and all metrics."""

import keras
import numpy as np

from case import Case, grid

L, F, M = keras.layers, keras.losses, keras.metrics


def outputs(heads, compiled):
    """One Dense layer for each of `heads`: its activation, loss, metrics and targets."""
    x = keras.Input((5,))
    trunk = L.Dense(6, activation="tanh")(x)
    ys = [L.Dense(3, activation=head[1], name=head[0])(trunk) for head in heads]
    model = keras.Model(x, ys)
    model.compile(
        optimizer=keras.optimizers.SGD(0.01),
        loss=[head[2] for head in heads],
        metrics=[head[3] for head in heads],
        **compiled,
    )
    return model


def data(r, heads):
    x = grid(r.normal(size=(24, 5)))
    labels = abs(x[:, :3]).argmax(-1)
    targets = {
        "numbers": grid(np.tanh(x[:, :3])),
        "positive": grid(abs(x[:, :3]) + 0.25),
        "signs": np.where(x[:, :3] > 0, 1.0, -1.0).astype("float32"),
        "many": (x[:, :3] > 0).astype("float32"),
        "one_hot": np.eye(3, dtype="float32")[labels],
        "labels": labels.astype("int32"),
        "distribution": (abs(x[:, :3]) + 0.25) / (abs(x[:, :3]) + 0.25).sum(-1, keepdims=True),
    }
    return x, [targets[head[4]] for head in heads]


def losses(r):
    none = []
    heads = [
        ("mse", "linear", F.MeanSquaredError(), none, "numbers"),
        ("mae", "linear", "mae", none, "numbers"),
        ("mape", "softplus", F.MeanAbsolutePercentageError(), none, "positive"),
        ("msle", "softplus", "mean_squared_logarithmic_error", none, "positive"),
        ("huber", "linear", F.Huber(), none, "numbers"),
        ("log_cosh", "linear", F.LogCosh(reduction="sum"), none, "numbers"),
        ("cosine", "linear", F.CosineSimilarity(), none, "numbers"),
        ("hinge", "tanh", "hinge", none, "signs"),
        ("squared_hinge", "tanh", F.SquaredHinge(), none, "signs"),
        ("categorical_hinge", "softmax", F.CategoricalHinge(), none, "one_hot"),
        ("poisson", "softplus", F.Poisson(), none, "positive"),
        ("kl_divergence", "softmax", "kl_divergence", none, "distribution"),
        (
            "bce",
            "linear",
            F.BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
            none,
            "many",
        ),
        (
            "bfce",
            "sigmoid",
            F.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.3, gamma=1.5),
            none,
            "many",
        ),
        ("cce", "linear", F.CategoricalCrossentropy(from_logits=True), none, "one_hot"),
        ("cfce", "softmax", F.CategoricalFocalCrossentropy(alpha=0.4), none, "one_hot"),
        ("cgce", "softmax", F.CategoricalGeneralizedCrossEntropy(q=0.6), none, "labels"),
        ("scce", "softmax", F.SparseCategoricalCrossentropy(ignore_class=1), none, "labels"),
        ("dice", "sigmoid", F.Dice(), none, "many"),
        ("tversky", "sigmoid", F.Tversky(alpha=0.3, beta=0.7), none, "many"),
    ]
    return outputs(heads, {"loss_weights": [1.0, 0.5, 0.01] + [0.25] * 17}), *data(r, heads)


def circle(r):
    model = keras.Sequential(
        [keras.Input((5,)), L.Dense(4, activation="tanh"), L.Dense(3), L.UnitNormalization()]
    )
    model.compile(optimizer="sgd", loss=F.Circle(gamma=2.0, margin=0.3))
    x, _ = data(r, [])
    return model, x, abs(x[:, :3]).argmax(-1).astype("int32")


def metrics(r):
    counts = [
        M.TruePositives(), M.TrueNegatives(thresholds=0.4), M.FalsePositives(), M.FalseNegatives(),
        M.Precision(thresholds=0.6), M.Recall(class_id=1), M.Precision(top_k=2, name="of_two"),
    ]  # fmt: skip
    curves = [
        M.AUC(num_thresholds=50), M.AUC(num_thresholds=20, curve="PR", name="pr"),
        M.AUC(num_thresholds=20, multi_label=True, name="each"),
        M.PrecisionAtRecall(0.5, num_thresholds=50), M.RecallAtPrecision(0.5, num_thresholds=50),
        M.SensitivityAtSpecificity(0.5, num_thresholds=50),
        M.SpecificityAtSensitivity(0.5, num_thresholds=50),
    ]  # fmt: skip
    binary = [
        "accuracy", "binary_crossentropy", M.BinaryAccuracy(threshold=0.4, name="low"),
        M.BinaryCrossentropy(label_smoothing=0.1, name="smooth"),
        M.BinaryIoU(threshold=0.4), M.F1Score(average="macro", threshold=0.5),
    ]  # fmt: skip
    kinds = [
        "accuracy", "categorical_crossentropy", M.CategoricalAccuracy(), M.CategoricalCrossentropy(name="cce"),
        M.TopKCategoricalAccuracy(k=2), M.CategoricalHinge(),
        M.FBetaScore(average="weighted", beta=2.0), M.F1Score(average="micro", name="micro"),
        M.OneHotIoU(num_classes=3, target_class_ids=[0, 2]), M.OneHotMeanIoU(num_classes=3),
        M.KLDivergence(), M.Poisson(name="poisson"),
    ]  # fmt: skip
    labels = [
        "acc", "sparse_categorical_accuracy", M.SparseCategoricalAccuracy(name="right"),
        M.SparseTopKCategoricalAccuracy(k=2), M.SparseCategoricalCrossentropy(),
    ]  # fmt: skip
    numbers = [
        "mse", "MAE", M.RootMeanSquaredError(), M.R2Score(class_aggregation="uniform_average"),
        M.CosineSimilarity(), M.LogCoshError(), M.MeanSquaredError(name="again"),
        M.MeanAbsoluteError(name="again_too"), M.PearsonCorrelation(), M.ConcordanceCorrelation(),
    ]  # fmt: skip
    positive = [M.MeanAbsolutePercentageError(), M.MeanSquaredLogarithmicError()]
    signs = [M.Hinge(), M.SquaredHinge()]
    heads = [
        ("counts", "sigmoid", "binary_crossentropy", counts, "many"),
        ("curves", "sigmoid", "binary_crossentropy", curves, "many"),
        ("binary", "sigmoid", "binary_crossentropy", binary, "many"),
        ("kinds", "softmax", "categorical_crossentropy", kinds, "one_hot"),
        ("labels", "softmax", "sparse_categorical_crossentropy", labels, "labels"),
        ("numbers", "linear", "mse", numbers, "numbers"),
        ("positive", "softplus", "mse", positive, "positive"),
        ("signs", "tanh", "mse", signs, "signs"),
    ]
    return outputs(heads, {}), *data(r, heads)


def exact_metrics(r):
    """`Accuracy`, which asks for equal numbers."""
    model = keras.Sequential([keras.Input((5,)), L.Dense(3), L.ReLU(max_value=0.0), L.Dense(3)])
    model.compile(optimizer="sgd", loss="mse", metrics=[M.Accuracy(), "root_mean_squared_error"])
    x, _ = data(r, [])
    return model, x, np.where(x[:, :3] > 0, 0.0, 1.0).astype("float32")


CASES = [
    Case("losses", losses),
    Case("loss_circle", circle, same=False),
    Case("metrics", metrics),
    Case("metrics_exact", exact_metrics),
]
