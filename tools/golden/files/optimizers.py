"""An MLP for each optimizer, saved when its slots no longer have their first values."""

import keras

from case import Case, grid

L, O = keras.layers, keras.optimizers
S = O.schedules


def classes(r, rows=21, width=6, count=3):
    x = grid(r.normal(size=(rows, width)))
    return x, abs(x[:, :count]).argmax(-1).astype("int32")


def mlp(optimizer):
    def build(r):
        model = keras.Sequential(
            [keras.Input((6,)), L.Dense(5, activation="tanh"), L.Dense(3, activation="softmax")]
        )
        model.compile(
            optimizer=optimizer(), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        return model, *classes(r)

    return build


# 21 rows in batches of 8 are 3 steps per epoch: 6 steps before the file is saved.
OPTIMIZERS = {
    "sgd": lambda: O.SGD(S.ExponentialDecay(0.1, 5, 0.9), momentum=0.9, nesterov=True),
    "sgd_clipvalue": lambda: O.SGD(0.2, momentum=0.5, clipvalue=0.05, weight_decay=0.01),
    "sgd_accumulation": lambda: O.SGD(0.3, momentum=0.9, gradient_accumulation_steps=4),
    "rmsprop": lambda: O.RMSprop(
        S.PiecewiseConstantDecay([4, 9], [0.02, 0.01, 0.005]), momentum=0.5, centered=True
    ),
    "rmsprop_plain": lambda: O.RMSprop(0.01),
    "adam": lambda: O.Adam(0.02, amsgrad=True, clipnorm=0.1),
    "adam_ema": lambda: O.Adam(0.05, use_ema=True, ema_momentum=0.8, gradient_accumulation_steps=2),
    "adamw": lambda: O.AdamW(S.PolynomialDecay(0.05, 12, 0.01, power=2.0), weight_decay=0.02),
    "adagrad": lambda: O.Adagrad(S.InverseTimeDecay(0.2, 4, 0.5, staircase=True)),
    "adadelta": lambda: O.Adadelta(1.0, global_clipnorm=0.5),
    "adamax": lambda: O.Adamax(
        S.CosineDecay(0.01, 8, alpha=0.1, warmup_target=0.05, warmup_steps=5)
    ),
    "nadam": lambda: O.Nadam(S.CosineDecayRestarts(0.05, 4, t_mul=1.5, m_mul=0.9)),
    "lion": lambda: O.Lion(0.01, weight_decay=0.05),
    "lamb": lambda: O.Lamb(0.05),
    "ftrl": lambda: O.Ftrl(
        0.2,
        l1_regularization_strength=0.001,
        l2_regularization_strength=0.01,
        l2_shrinkage_regularization_strength=0.01,
        beta=0.1,
    ),
    "muon": lambda: O.Muon(0.02),
    "adafactor": lambda: O.Adafactor(0.05),
    "sgd_ema": lambda: O.SGD(
        0.2, momentum=0.9, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=4
    ),
}

# With averages a JAX model cannot be trained a second time: weight and average are one buffer then.
CASES = [
    Case(
        f"optimizer_{name}",
        mlp(made),
        also=(".weights.h5", ".h5") if name == "adam" else (),
        same="ema" not in name,
    )
    for name, made in OPTIMIZERS.items()
]
