"""Stacks of layers on rows and sequences: the guide's network, activations, normalizations, settings."""

import keras
import numpy as np

from case import Case, grid
from optimizers import classes

L, I, R, C = keras.layers, keras.initializers, keras.regularizers, keras.constraints
ACTIVATIONS = (
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu linear "
    "log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign "
    "sparse_plus sparse_sigmoid squareplus swish tanh tanh_shrink"
).split()


def regression(model, r, shape, optimizer="sgd", rows=20, outputs=2, **compiled):
    model.compile(**{"optimizer": optimizer, "loss": "mse", **compiled})
    x = grid(r.normal(size=(rows, *shape)))
    return model, x, grid(x.reshape(rows, -1)[:, :outputs] * 0.5)


def guide(r):
    model = keras.Sequential(
        [
            keras.Input((784,)),
            L.Dense(10, activation="sigmoid"),
            L.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="sgd", loss="categorical_crossentropy", metrics=["accuracy"])
    pictures = np.maximum(grid(r.normal(size=(16, 784)), 4), 0)
    return model, pictures, np.eye(10, dtype="float32")[r.integers(0, 10, 16)]


def activations(r):
    x = keras.Input((3,))
    each = [L.Dense(4, activation=name)(x) for name in ACTIVATIONS]
    each.append(L.Activation(keras.activations.gelu)(L.Dense(4)(x)))
    # Last, because Keras believes that glu keeps the number of columns.
    model = keras.Model(x, L.Dense(4, activation="glu")(L.Concatenate()(each)))
    return regression(model, r, (3,))


def activation_layers(r):
    model = keras.Sequential(
        [
            keras.Input((4, 5)),
            L.Dense(6),
            L.PReLU(alpha_initializer=I.Constant(0.25), shared_axes=[1]),
            L.Dense(6),
            L.LeakyReLU(negative_slope=0.1),
            L.Dense(6),
            L.ELU(alpha=0.7),
            L.Dense(6),
            L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2),
            L.Softmax(axis=1),
            L.Activation("tanh"),
            L.PReLU(),
            L.Flatten(),
            L.Dense(2),
        ]
    )
    return regression(model, r, (4, 5), keras.optimizers.Adam(0.01))


def normalizations(r):
    model = keras.Sequential(
        [
            keras.Input((5, 6)),
            L.BatchNormalization(momentum=0.8, epsilon=0.002),
            L.Dense(6, activation="tanh"),
            L.LayerNormalization(),
            L.Dense(6, activation="tanh"),
            L.LayerNormalization(axis=[1, 2], center=False),
            L.GroupNormalization(groups=3),
            L.Dense(6, activation="tanh"),
            L.GroupNormalization(groups=-1, scale=False),
            L.RMSNormalization(),
            L.UnitNormalization(),
            L.BatchNormalization(scale=False, momentum=0.9),
            L.BatchNormalization(axis=1, center=False, scale=False, momentum=0.9),
            L.Flatten(),
            L.Dense(2),
        ]
    )
    return regression(model, r, (5, 6), keras.optimizers.SGD(0.05, momentum=0.9))


def shapes(r):
    model = keras.Sequential(
        [
            keras.Input((12,)),
            L.Reshape((3, 4)),
            L.Permute((2, 1)),
            L.Dense(3, activation="relu"),
            L.Dropout(0.0, seed=5),
            L.GaussianNoise(0.0),
            L.Reshape((-1, 2)),
            L.Flatten(),
            L.Dense(3),
            L.RepeatVector(2),
            L.ZeroPadding1D(1),
            L.Cropping1D((1, 0)),
            L.UpSampling1D(2),
            L.Flatten(),
            L.Dense(2),
        ]
    )
    return regression(model, r, (12,), keras.optimizers.Adam(0.01))


def noise(r):
    model = keras.Sequential(
        [
            keras.Input((4, 4, 2)),
            L.SpatialDropout2D(0.2, seed=1),
            L.Reshape((16, 2)),
            L.SpatialDropout1D(0.2),
            L.Reshape((2, 2, 4, 2)),
            L.SpatialDropout3D(0.2, seed=2),
            L.Flatten(),
            L.Dense(8, activation="relu"),
            L.Dropout(0.3, seed=3),
            L.GaussianDropout(0.1),
            L.GaussianNoise(0.1, seed=4),
            L.AlphaDropout(0.1, seed=5),
            L.Dense(2),
        ]
    )
    return regression(model, r, (4, 4, 2), "adam")


def rules(r):
    model = keras.Sequential(
        [
            keras.Input((5,)),
            L.Dense(
                6,
                activation="tanh",
                kernel_regularizer=R.L1L2(0.01, 0.02),
                bias_regularizer=R.L1(0.01),
                activity_regularizer=R.L2(0.03),
                kernel_constraint=C.MaxNorm(0.9),
                bias_constraint=C.NonNeg(),
            ),
            L.ActivityRegularization(l1=0.001, l2=0.002),
            L.Dense(6, kernel_regularizer="l2", kernel_constraint=C.MinMaxNorm(0.2, 0.7, rate=0.8)),
            L.Dense(
                6,
                kernel_regularizer=R.OrthogonalRegularizer(0.02, mode="columns"),
                kernel_constraint=C.UnitNorm(axis=1),
            ),
            L.PReLU(alpha_regularizer="l1", alpha_constraint="non_neg"),
            L.BatchNormalization(momentum=0.9, gamma_regularizer="l2", beta_constraint="max_norm"),
            L.Dense(2),
        ]
    )
    return regression(model, r, (5,), keras.optimizers.SGD(0.05))


def initializers(r):
    made = [
        I.GlorotNormal(seed=1), I.HeNormal(), I.HeUniform(seed=2), I.LecunNormal(),
        I.LecunUniform(), I.Orthogonal(gain=0.5, seed=3), I.RandomNormal(0.1, 0.2),
        I.RandomUniform(-0.3, 0.3), I.TruncatedNormal(stddev=0.3), I.Identity(gain=0.9),
        I.VarianceScaling(2.0, "fan_avg", "uniform"), I.Constant(0.2), "glorot_uniform",
    ]  # fmt: skip
    model = keras.Sequential([keras.Input((4,))])
    for each in made:
        model.add(
            L.Dense(4, activation="tanh", kernel_initializer=each, bias_initializer=I.Constant(0.1))
        )
    model.add(L.Dense(2, kernel_initializer=I.Ones(), bias_initializer=I.Zeros()))
    return regression(model, r, (4,))


def frozen(r):
    inner = keras.Sequential(
        [keras.Input((4,)), L.Dense(4, activation="tanh"), L.BatchNormalization()], name="inner"
    )
    inner.trainable = False
    model = keras.Sequential(
        [
            keras.Input((4,)),
            L.Dense(4, activation="tanh", name="learns"),
            L.Dense(4, activation="tanh", name="frozen", trainable=False),
            L.BatchNormalization(momentum=0.5, name="frozen_too"),
            inner,
            L.Dense(2),
        ]
    )
    model.get_layer("frozen_too").trainable = False
    for layer in (model.get_layer("frozen_too"), inner.layers[1]):
        layer.moving_mean.assign([0.25, -0.5, 0.125, 0.0])
        layer.moving_variance.assign([0.5, 1.5, 2.0, 0.75])
    return regression(model, r, (4,), keras.optimizers.Adam(0.02))


def names(r):
    model = keras.Sequential(
        [
            keras.Input((3,), name="entrada ñ 1"),
            L.Dense(3, activation="relu", name="a.b:c=1"),
            L.Dense(3, activation="tanh", name="capa \"dos\" y 'tres'"),
            L.BatchNormalization(name="层 λ → ✓"),
            L.Dropout(0.0, name="..", seed=1),
            L.Dense(2, name=" back\\slash\ttab "),
        ],
        name="модель #1",
    )
    return regression(model, r, (3,), "adam")


def deep(r):
    """More than 32 * 8 datasets in one group: its B-tree has two levels."""
    model = keras.Sequential([keras.Input((3,))])
    for _ in range(43):
        model.add(L.Dense(2, activation="tanh", kernel_initializer=I.Orthogonal(gain=1.2)))
    return regression(model, r, (3,), keras.optimizers.Adam(0.002, amsgrad=True), rows=8)


def built_by_data(r):
    model = keras.Sequential([L.Dense(4, activation="relu"), L.Dense(2)])
    return regression(model, r, (3,), "adam")


def never_compiled(r):
    model = keras.Sequential([keras.Input((3,)), L.Dense(4, activation="relu"), L.Dense(2)])
    return model, grid(r.normal(size=(5, 3))), None


def compiled_untrained(r):
    model, x, y = never_compiled(r)
    return regression(model, r, (3,), "adam", metrics=["mae"])


def weighted(r):
    model = keras.Sequential(
        [keras.Input((6,)), L.Dense(5, activation="tanh"), L.Dense(3, activation="softmax")]
    )
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        weighted_metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="cross")],
    )
    return model, *classes(r)


def sample_weights():
    return grid(np.random.default_rng(4).uniform(0, 2, size=21))


CASES = [
    Case("guide", guide),
    Case("activations", activations),
    Case("activation_layers", activation_layers),
    Case("normalizations", normalizations),
    Case("shapes", shapes),
    Case("noise", noise, compare=False),
    Case("rules", rules),
    Case("initializers", initializers),
    Case("frozen", frozen),
    Case("names", names, also=(".weights.h5", ".h5")),
    Case("deep", deep, trained=1),
    Case("built_by_data", built_by_data),
    Case("never_compiled", never_compiled, trained=0, compare=False),
    Case("compiled_untrained", compiled_untrained, trained=0),
    Case("weighted_samples", weighted, fit={"sample_weight": sample_weights()}),
    Case("weighted_classes", weighted, fit={"class_weight": {0: 0.5, 2: 3.0}}),
]
