"""summary_*.txt and progress.txt: what Keras prints."""

import contextlib
import io

import keras
import numpy as np
from keras.src.utils import progbar as keras_progbar

from common import HEADER, OUT, precision


def guide_model():
    return keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(10, activation="sigmoid"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def summaries():
    def save(name, model):
        text = []
        model.summary(print_fn=text.append)
        (text,) = text
        assert "\x1b" not in text
        (OUT / f"summary_{name}.txt").write_text(text, encoding="utf-8")

    with precision("float32"):
        model = guide_model()
        save("guide", model)
        # Once it has been fitted, the variables of the optimizer count as well.
        model.compile(optimizer="sgd", loss="categorical_crossentropy")
        save("guide_compiled", model)
        model.fit(np.zeros((4, 784)), np.eye(10)[:4], verbose=0)
        save("guide_fitted_sgd", model)
    with precision("float32"):
        model = guide_model()
        model.compile(optimizer="adam", loss="categorical_crossentropy")
        model.fit(np.zeros((4, 784)), np.eye(10)[:4], verbose=0)
        save("guide_fitted_adam", model)
    with precision("float64"):
        save("guide_float64", guide_model())
    with precision("float32"):
        save(
            "hidden_dropout",
            keras.Sequential(
                [
                    keras.Input((28, 28)),
                    keras.layers.Flatten(),
                    keras.layers.Dense(128, activation="relu", name="hidden"),
                    keras.layers.Dropout(0.2),
                    keras.layers.Dense(10, activation="softmax"),
                ]
            ),
        )
    with precision("float32"):
        model = keras.Sequential(
            [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3)]
        )
        save("unbuilt", model)
        model.build((None, 5))
        save("unbuilt_then_built", model)
    with precision("float32"):
        save(
            "long_names",
            keras.Sequential(
                [
                    keras.Input((64, 64, 3)),
                    keras.layers.Rescaling(1 / 255),
                    keras.layers.Flatten(),
                    keras.layers.Dense(
                        1000, name="a_rather_long_name_for_a_dense_layer"
                    ),
                    keras.layers.Reshape((10, 100)),
                    keras.layers.Dense(1),
                ],
                name="my_model",
            ),
        )
    functional_summaries(save)


def functional_summaries(save):
    dense, model = keras.layers.Dense, keras.Model
    with precision("float32"):
        left, right = keras.Input((8,), name="left"), keras.Input((8,), name="right")
        shared = dense(4, name="shared")
        both = keras.layers.Concatenate()([shared(left), shared(right)])
        outputs = [dense(1, name="price")(both), dense(3, name="side")(both)]
        save("functional", model([left, right], outputs, name="functional"))
    # An input stands where it is used; names that are too long for a line are broken.
    with precision("float32"):
        picture = keras.Input((64, 64, 3), name="landscape")
        flat = keras.layers.Flatten()(picture)
        some = dense(1000, name="from_view")(flat)
        late = keras.Input((1000,), name="measured")
        added = keras.layers.Add(name="sum")([some, late, some])
        outputs = dense(1)(added)
        save("functional_long_names", model([late, picture], outputs, name="my_model"))
    # A chain has nothing to say about connections.
    with precision("float32"):
        x = keras.Input((4,))
        hidden = dense(3)(x)
        save("functional_chain", model(x, dense(1)(hidden), name="functional"))


class Clock:
    """Stands in for the `time` module: every look at the clock takes `step` seconds."""

    def __init__(self, step):
        self.now, self.step = 1000.0, step

    def time(self):
        self.now += self.step
        return self.now


def progress():
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(10, 3)), rng.integers(2, size=(10, 1))
    sections = []

    def capture(title, call):
        """The output of `call`, control characters written out as \\x1b, \\r and \\b."""
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            call()
        text = shown.getvalue()
        for raw in "\x1b", "\r", "\b":
            text = text.replace(raw, repr(raw)[1:-1])
        # A run of backspaces is as long as the line before it: show how many.
        text = "".join(
            f"\\x08*{count}" if mark == "\\x08" else mark * count
            for mark, count in runs_of(text, "\\x08")
        )
        sections.append(f"### {title}\n{text}")

    def runs_of(text, mark):
        """Splits `text` into (mark, repeats) and (other text, 1) pieces."""
        pieces = text.split(mark)
        count = 0
        for i, piece in enumerate(pieces):
            if i:
                count += 1
            if piece:
                if count:
                    yield mark, count
                    count = 0
                yield piece, 1
        if count:
            yield mark, count

    real_time = keras_progbar.time
    try:
        for step in (0.0004, 0.06, 1.5):
            keras_progbar.time = Clock(step)
            with precision("float32"):
                model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
                model.set_weights([np.full((3, 1), 0.25), np.zeros(1)])
                model.compile("sgd", "mean_squared_error", metrics=["accuracy"])
                for verbose in (1, 2):
                    title = f"verbose={verbose}, {step} s at every look at the clock"
                    options = {"batch_size": 4, "verbose": verbose, "shuffle": False}
                    capture(
                        f"fit, {title}",
                        lambda: model.fit(
                            x, y, epochs=2, validation_split=0.2, **options
                        ),
                    )
                    options.pop("shuffle")
                    capture(f"evaluate, {title}", lambda: model.evaluate(x, y, **options))
                    capture(f"predict, {title}", lambda: model.predict(x, **options))

        keras_progbar.time = Clock(0.06)

        def bar(values, verbose, target=3):
            shown = keras.utils.Progbar(target, verbose=verbose)
            shown.update(3, values=values, finalize=True)

        numbers = [1.0, 0.00123456, 0.001, 0.0001234, 0.0, -0.5, 12345.678]
        values = [(f"m{i}", v) for i, v in enumerate(numbers)]
        for verbose in (1, 2):
            capture(
                f"Progbar of the values {numbers}, verbose={verbose}",
                lambda: bar(values, verbose),
            )
        capture("Progbar of unknown length", lambda: bar([("loss", 0.5)], 1, None))
    finally:
        keras_progbar.time = real_time

    intro = (
        "What Keras {keras} ({backend}) prints when the output is not a terminal.\n"
        "Escape (\\x1b), carriage return (\\r) and backspace (\\x08*count) are written\n"
        "out. The clock is a stand-in that advances by a fixed time at every look.\n\n"
    ).format(**HEADER)
    (OUT / "progress.txt").write_text(intro + "\n".join(sections), encoding="utf-8")
