"""layers.json: Dense and the layers that go with it."""

import keras
import numpy as np

import checks
from common import array, as_float32, both, close, result, write


def layers():
    rng = np.random.default_rng(2)

    def dense(shape, units, activation=None, use_bias=True):
        config = {"units": units, "activation": activation, "use_bias": use_bias}
        return "Dense", config, rng.normal(size=shape)

    def floats(layer, config, shape):
        return layer, config, rng.normal(size=shape)

    def bytes_(layer, config, shape):
        return layer, config, rng.integers(0, 256, size=shape, dtype=np.uint8)

    table = [
        dense((5, 7), 3),
        dense((5, 7), 4, "relu"),
        dense((3, 9), 5, "softmax"),
        dense((4, 3), 6, "sigmoid"),
        dense((5, 3), 2, "tanh", use_bias=False),
        dense((6, 4), 3, use_bias=False),
        dense((2, 3, 5), 4, "relu"),
        dense((2, 3, 4), 3, "softmax"),
        dense((7, 5), 1),
        dense((7, 5), 1, "sigmoid"),
        dense((1, 1), 1),
        floats("Activation", {"activation": "relu"}, (3, 5)),
        floats("Activation", {"activation": "softmax"}, (3, 5)),
        floats("Activation", {"activation": "tanh"}, (2, 3, 3)),
        floats("Activation", {"activation": "linear"}, (3, 5)),
        floats("Flatten", {}, (5, 3)),
        floats("Flatten", {}, (4, 3, 5)),
        floats("Flatten", {}, (2, 3, 5, 3)),
        floats("Reshape", {"target_shape": [3, 4]}, (3, 12)),
        floats("Reshape", {"target_shape": [-1, 5]}, (3, 15)),
        floats("Reshape", {"target_shape": [-1]}, (3, 2, 5)),
        floats("Reshape", {"target_shape": [3, -1, 2]}, (2, 3, 10)),
        floats("Dropout", {"rate": 0.5}, (3, 7)),
        floats("Dropout", {"rate": 0.2}, (2, 3, 3)),
        floats("Rescaling", {"scale": 0.5, "offset": 0.0}, (3, 5)),
        bytes_("Rescaling", {"scale": 1 / 255, "offset": 0.0}, (3, 5)),
        bytes_("Rescaling", {"scale": 1 / 127.5, "offset": -1.0}, (2, 3, 5)),
        bytes_("Rescaling", {"scale": 1 / 255, "offset": -1.0}, (3, 3)),
    ]
    cases = []
    for name, config, x in table:
        is_float = x.dtype == np.float64
        if is_float:
            x = as_float32(x)
        weights = []
        if name == "Dense":
            units = config["units"]
            weights.append(("kernel", as_float32(rng.normal(size=(x.shape[-1], units)))))
            if config["use_bias"]:
                weights.append(("bias", as_float32(rng.normal(size=units))))

        def run(dtype):
            layer = getattr(keras.layers, name)(**config)
            inputs = x.astype(dtype) if is_float else x
            layer.build(inputs.shape)
            assert [v.name for v in layer.weights] == [n for n, _ in weights]
            layer.set_weights([w for _, w in weights])
            return result(layer(inputs, training=False), dtype)

        y = both(run)

        expected = x.astype(np.float64)
        if name == "Dense":
            expected = expected @ weights[0][1]
            if config["use_bias"]:
                expected = expected + weights[1][1]
        if name in ("Dense", "Activation") and config["activation"]:
            expected = checks.ACTIVATIONS[config["activation"]](expected)
        if name == "Rescaling":
            expected = expected * config["scale"] + config["offset"]
        close(y["f64"].ravel(), expected.ravel(), rtol=1e-12, atol=1e-14)
        close(y["f32"].ravel(), expected.ravel(), rtol=1e-5, atol=1e-6)

        cases.append(
            {
                "layer": name,
                "config": config,
                "weights": [{"name": n, **array(w)} for n, w in weights],
                "x_dtype": "float" if is_float else str(x.dtype),
                "x": array(x),
                "y_f64": array(y["f64"]),
                "y_f32": array(y["f32"]),
            }
        )
    write("layers.json", cases)
