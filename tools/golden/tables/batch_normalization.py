"""batch_normalization.json: its outputs in training, its gradients, and the statistics it keeps."""

import keras
import numpy as np

from common import array, as_float32, close, precision, result, write
from tables.layers_more import gradients

TABLE = [
    ({}, (4, 3)),
    ({"momentum": 0.5, "epsilon": 0.01}, (3, 2, 4, 3)),
    ({"axis": 1, "scale": False, "momentum": 0.9}, (3, 2, 4)),
    ({"center": False, "scale": False}, (5, 2)),
    ({"axis": 1, "momentum": 0.0}, (2, 3, 2, 2)),
    ({"center": False}, (1, 6, 2)),
    ({"momentum": 0.75}, (1, 3)),
]


def batch_normalization():
    rng = np.random.default_rng(21)
    cases = []
    for config, shape in TABLE:
        xs = [as_float32(rng.normal(size=shape) + step) for step in range(3)]
        axis = config.get("axis", -1) % len(shape)
        others = tuple(i for i in range(len(shape)) if i != axis)
        with precision("float64"):
            layer = keras.layers.BatchNormalization(**config)
            layer.build(shape)
            weights = []
            for v in layer.weights:
                values = rng.normal(size=v.shape)
                values = as_float32(np.abs(values) + 0.1 if "variance" in v.name else values)
                v.assign(values)
                weights.append({"name": v.name, **array(values)})
            dxs, dws = gradients(layer, xs[:1], training=True)
            for v, w in zip(layer.weights, weights):
                v.assign(np.reshape(w["data"], v.shape))
            moving = np.array(layer.moving_mean), np.array(layer.moving_variance)
            ys, momentum = [], config.get("momentum", 0.99)
            for x in xs:
                ys.append(result(layer(x, training=True), "float64"))
                moving = [
                    kept * momentum + batch * (1 - momentum)
                    for kept, batch in zip(moving, (x.mean(others), x.var(others)))
                ]
            for kept, stored in zip(moving, (layer.moving_mean, layer.moving_variance)):
                close(stored, kept, 1e-12, 1e-14)
            cases.append(
                {
                    "config": config,
                    "weights": weights,
                    "xs": [array(x) for x in xs],
                    "ys_f64": [array(y) for y in ys],
                    "grad_x_f64": array(dxs[0]),
                    "grad_weights_f64": [
                        {"name": v.name, **array(dw)}
                        for v, dw in zip(layer.trainable_variables, dws)
                    ],
                    "moving_f64": [array(layer.moving_mean), array(layer.moving_variance)],
                }
            )
    write("batch_normalization.json", cases)
