"""combinations.json: short trainings that use two or more features together, without shuffling."""

import keras
import numpy as np

from common import array, both, close, grid, number, write

L, O, C = keras.layers, keras.optimizers, keras.constraints
ROWS, BATCH = 24, 8
FIT = ("fit", 2, [])


def decay():
    return O.schedules.ExponentialDecay(0.2, 3, 0.7)


# (Keras 3.15.1 on JAX cannot fit a second time with averages unless it is compiled again.)
#
# A name, the optimizer, the constraint of the first kernel, whether the first layer is frozen, and what happens:
# ("fit", epochs, callbacks), ("compile",), ("freeze",), ("unfreeze",). Freezing compiles, too.
TABLE = [
    ("average × constraint", lambda: O.SGD(0.3, use_ema=True, ema_momentum=0.5), C.MaxNorm(0.5), False, [FIT]),
    (
        "average × constraint × overwriting",
        lambda: O.SGD(0.3, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2),
        C.MaxNorm(0.5),
        False,
        [FIT],
    ),
    (
        "average × another constraint × overwriting",
        lambda: O.Adam(0.1, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3),
        C.NonNeg(),
        False,
        [("fit", 4, [])],
    ),
    ("average × weight decay", lambda: O.AdamW(0.1, weight_decay=0.5, use_ema=True, ema_momentum=0.5), None, False, [FIT]),
    ("average × freezing", lambda: O.SGD(0.2, 0.9, use_ema=True, ema_momentum=0.5), None, True, [FIT]),
    (
        "average × constraint × accumulation",
        lambda: O.SGD(0.3, use_ema=True, ema_momentum=0.5, gradient_accumulation_steps=2),
        C.UnitNorm(),
        False,
        [FIT],
    ),
    (
        "average × schedule",
        lambda: O.SGD(decay(), use_ema=True, ema_momentum=0.5),
        None,
        False,
        [("fit", 4, [])],
    ),
    (
        "average × early stopping",
        lambda: O.SGD(0.4, use_ema=True, ema_momentum=0.5),
        C.MaxNorm(0.5),
        False,
        [("fit", 5, [("stop", 1, 10.0)])],
    ),
    (
        "average × rates by callback",
        lambda: O.RMSprop(0.1, use_ema=True, ema_momentum=0.5),
        None,
        False,
        [("fit", 3, [("rates", [0.1, 0.02, 0.05])])],
    ),
    ("constraint × weight decay × clipping", lambda: O.Adam(0.1, weight_decay=0.3, clipnorm=0.1), C.MinMaxNorm(0.4, 0.6), False, [FIT]),
    ("freezing × weight decay × momentum", lambda: O.SGD(0.2, 0.9, weight_decay=0.1), C.MaxNorm(0.1), True, [FIT]),
    ("constraint × early stopping", lambda: O.SGD(0.4), C.NonNeg(), False, [("fit", 5, [("stop", 2, 10.0)])]),
    ("accumulation × schedule × constraint", lambda: O.Adam(decay(), gradient_accumulation_steps=2), C.NonNeg(), False, [FIT, FIT]),
    (
        "plateau × compiling again",
        lambda: O.SGD(0.3, 0.9),
        C.MaxNorm(0.7),
        False,
        [("fit", 3, [("plateau", 0.1, 1)]), FIT, ("compile",), FIT],
    ),
    (
        "rates by callback × compiling again × average",
        lambda: O.Nadam(0.1, use_ema=True, ema_momentum=0.5),
        C.UnitNorm(),
        False,
        [("fit", 2, [("rates", [0.5, 0.01])]), ("compile",), FIT],
    ),
    (
        "freezing between trainings × average × constraint",
        lambda: O.SGD(0.2, 0.9, use_ema=True, ema_momentum=0.5),
        C.MaxNorm(0.5),
        False,
        [FIT, ("freeze",), FIT, ("unfreeze",), FIT],
    ),
    (
        "freezing between trainings × rates by callback",
        lambda: O.Adagrad(0.2),
        C.NonNeg(),
        True,
        [("fit", 2, [("rates", [0.2, 0.1])]), ("unfreeze",), FIT],
    ),
    (
        "plateau × early stopping × weight decay",
        lambda: O.Lion(0.05, weight_decay=0.1),
        C.MaxNorm(0.5),
        False,
        [("fit", 6, [("plateau", 0.5, 1), ("stop", 3, 10.0)]), FIT],
    ),
]


def callback(kind, *rest):
    if kind == "rates":
        return keras.callbacks.LearningRateScheduler(lambda epoch, rate: rest[0][epoch])
    if kind == "plateau":
        factor, patience = rest
        return keras.callbacks.ReduceLROnPlateau(
            monitor="loss", factor=factor, patience=patience, min_delta=10.0, min_lr=0.0
        )
    patience, min_delta = rest
    return keras.callbacks.EarlyStopping(
        monitor="loss", patience=patience, min_delta=min_delta, restore_best_weights=True
    )


def combinations():
    rng = np.random.default_rng(47)
    x, y = grid(rng.normal(size=(ROWS, 4))), grid(rng.normal(size=(ROWS, 2)))
    start = [grid(rng.normal(size=shape) * 0.7, 4096) for shape in [(4, 5), (5,), (5, 2), (2,)]]
    cases = []
    for name, optimizer, constraint, frozen, parts in TABLE:

        def run(dtype):
            first = L.Dense(5, activation="tanh", kernel_constraint=constraint)
            model = keras.Sequential([keras.Input((4,)), first, L.Dense(2)])
            first.trainable = not frozen

            def compiled():
                model.compile(optimizer=optimizer(), loss="mean_squared_error")

            compiled()
            model.set_weights(start)
            history = {}
            for kind, *rest in parts:
                if kind == "fit":
                    epochs, callbacks = rest
                    told = model.fit(
                        x.astype(dtype),
                        y.astype(dtype),
                        batch_size=BATCH,
                        epochs=epochs,
                        shuffle=False,
                        verbose=0,
                        callbacks=[callback(*one) for one in callbacks],
                    ).history
                    for key in ("loss", "learning_rate"):
                        history.setdefault(key, []).extend(map(number, told.get(key, [])))
                else:
                    if kind != "compile":
                        first.trainable = kind == "unfreeze"
                    compiled()
            return {"history": history, "final_weights": [array(w) for w in model.get_weights()]}

        runs = both(run)
        close(runs["f32"]["history"]["loss"], runs["f64"]["history"]["loss"], 1e-4, 1e-6)
        describe = keras.saving.serialize_keras_object
        cases.append(
            {
                "name": name,
                "optimizer": describe(optimizer()),
                "constraint": constraint and describe(constraint),
                "frozen": frozen,
                "parts": parts,
                **runs,
            }
        )
        print(" ", name, flush=True)
    shared = {"x": array(x), "y": array(y), "initial_weights": [array(w) for w in start]}
    write("combinations.json", cases, batch_size=BATCH, **shared)
