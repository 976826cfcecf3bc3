"""trainings.json: whole trainings of stacks of Dense layers."""

import keras
import numpy as np

import checks
from common import array, both, close, grid, number, result, write


def trainings():
    rng = np.random.default_rng(5)

    def training(name, layers, inputs, samples, **rest):
        """Random weights, inputs and, from a random linear map, targets to learn."""
        x = grid(rng.normal(size=(samples, inputs)))
        weights, size = [], inputs
        for layer in layers:
            limit = np.sqrt(6 / (size + layer["units"]))
            kernel = rng.uniform(-limit, limit, size=(size, layer["units"]))
            bias = rng.normal(scale=0.1, size=layer["units"])
            weights += [grid(kernel, 4096), grid(bias, 4096)]
            size = layer["units"]
        scores = x @ rng.normal(size=(inputs, size))
        scores += rng.normal(size=scores.shape)
        y = (scores > 0) * 1 if size == 1 else np.eye(size, dtype=int)[scores.argmax(-1)]
        return {"name": name, "layers": layers, **rest}, x, y, weights

    table = [
        training(
            "guide",
            [
                {"units": 10, "activation": "sigmoid"},
                {"units": 4, "activation": "softmax"},
            ],
            20,
            203,
            optimizer={"name": "SGD", "config": {"learning_rate": 0.1}},
            loss="categorical_crossentropy",
            metrics=["accuracy"],
            batch_size=32,
            epochs=3,
            validation_split=0.0,
        ),
        training(
            "binary",
            [
                {"units": 16, "activation": "relu"},
                {"units": 8, "activation": "tanh"},
                {"units": 1, "activation": "sigmoid"},
            ],
            12,
            150,
            optimizer={"name": "Adam", "config": {}},
            loss="binary_crossentropy",
            metrics=["accuracy"],
            batch_size=16,
            epochs=3,
            validation_split=0.2,
        ),
    ]
    cases = []
    for spec, x, y, weights in table:
        batch_size, epochs = spec["batch_size"], spec["epochs"]
        trained = len(x) - round(len(x) * spec["validation_split"])

        def model(x):
            stack = [keras.Input(x.shape[1:])]
            stack += [keras.layers.Dense(**layer) for layer in spec["layers"]]
            made = keras.Sequential(stack)
            made.set_weights(weights)
            optimizer = spec["optimizer"]
            made.compile(
                optimizer=getattr(keras.optimizers, optimizer["name"])(
                    **optimizer["config"]
                ),
                loss=spec["loss"],
                metrics=spec["metrics"],
            )
            return made

        def run(dtype):
            data, target = x.astype(dtype), y.astype(dtype)
            fitted = model(data)
            history = fitted.fit(
                data,
                target,
                batch_size=batch_size,
                epochs=epochs,
                validation_split=spec["validation_split"],
                shuffle=False,
                verbose=0,
            ).history

            # fit() only reports running means; the loss of each step comes from
            # the same training done batch by batch.
            stepped = model(data)
            step_losses = []
            for _ in range(epochs):
                step_losses.append([])
                for start in range(0, trained, batch_size):
                    batch = slice(start, min(start + batch_size, trained))
                    stepped.reset_metrics()
                    logs = stepped.train_on_batch(
                        data[batch], target[batch], return_dict=True
                    )
                    step_losses[-1].append(number(logs["loss"]))
            for a, b in zip(fitted.get_weights(), stepped.get_weights()):
                close(a, b, rtol=0, atol=1e-12 if dtype == "float64" else 1e-6)

            for w in fitted.get_weights():
                assert w.dtype == dtype
            evaluated = fitted.evaluate(data, target, verbose=0, return_dict=True)
            return {
                "history": {k: [number(v) for v in vs] for k, vs in history.items()},
                "step_losses": step_losses,
                "final_weights": [array(w) for w in fitted.get_weights()],
                "evaluate": {k: number(v) for k, v in evaluated.items()},
                "predict": array(result(fitted.predict(data[:5], verbose=0), dtype)),
            }

        runs = both(run)

        names = [layer["activation"] for layer in spec["layers"]]
        optimizer = checks.Optimizer(
            spec["optimizer"]["name"], spec["optimizer"]["config"]
        )
        final, step_losses = checks.train(
            weights,
            names,
            spec["loss"],
            optimizer,
            x[:trained],
            y[:trained],
            batch_size,
            epochs,
        )
        outputs = checks.forward(final, names, x)[-1]
        evaluated = checks.LOSSES[spec["loss"]](y, outputs).mean()
        for suffix, tolerance in (("f64", 1e-10), ("f32", 1e-3)):
            found = runs[suffix]
            for stored, losses_ in zip(found["step_losses"], step_losses):
                close(stored, losses_, tolerance)
            for stored, w in zip(found["final_weights"], final):
                close(stored["data"], w.ravel(), tolerance, tolerance)
            close(found["evaluate"]["loss"], evaluated, tolerance)
            close(found["predict"]["data"], outputs[:5].ravel(), tolerance)
        for key, values in runs["f64"]["history"].items():
            if "accuracy" in key:
                close(runs["f32"]["history"][key], values, rtol=1e-6)

        cases.append(
            {
                **spec,
                "x": array(x),
                "y": array(y),
                "initial_weights": [array(w) for w in weights],
                **runs,
            }
        )
    write("trainings.json", cases)
