"""layers_more.json: convolutions, pools, normalizations, merges and the other layers, outside training."""

import inspect

import jax
import keras
import numpy as np

from common import array, as_float32, both, close, precision, result, write

# Layer, settings, shapes of the inputs.
TABLE = [
    ("Conv1D", {"filters": 3, "kernel_size": 3}, (2, 7, 2)),
    ("Conv1D", {"filters": 4, "kernel_size": 2, "padding": "causal", "dilation_rate": 3}, (2, 7, 2)),
    ("Conv1D", {"filters": 2, "kernel_size": 4, "padding": "same", "strides": 3, "activation": "tanh"}, (2, 8, 3)),
    ("Conv2D", {"filters": 3, "kernel_size": [3, 2]}, (2, 5, 6, 2)),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same", "strides": [2, 3]}, (2, 7, 8, 3)),
    ("Conv2D", {"filters": 4, "kernel_size": 2, "groups": 2, "use_bias": False}, (2, 5, 5, 6)),
    ("Conv2D", {"filters": 2, "kernel_size": [2, 3], "dilation_rate": [2, 2], "padding": "same", "activation": "relu"}, (1, 6, 7, 2)),
    ("Conv3D", {"filters": 2, "kernel_size": 2}, (1, 3, 4, 3, 2)),
    ("Conv3D", {"filters": 2, "kernel_size": [1, 3, 2], "padding": "same", "strides": 2}, (1, 3, 5, 4, 1)),
    ("Conv3D", {"filters": 2, "kernel_size": 2, "groups": 2, "use_bias": False}, (1, 3, 3, 3, 2)),
    ("DepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}, (2, 6, 2)),
    ("DepthwiseConv1D", {"kernel_size": 2, "padding": "same", "strides": 2}, (2, 7, 3)),
    ("DepthwiseConv1D", {"kernel_size": 2, "dilation_rate": 2, "use_bias": False}, (2, 6, 2)),
    ("DepthwiseConv2D", {"kernel_size": 3}, (2, 5, 6, 3)),
    ("DepthwiseConv2D", {"kernel_size": [2, 3], "padding": "same", "strides": 2, "depth_multiplier": 2}, (2, 5, 6, 2)),
    ("DepthwiseConv2D", {"kernel_size": 2, "use_bias": False, "activation": "sigmoid"}, (1, 4, 4, 2)),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 3}, (2, 6, 2)),
    ("SeparableConv1D", {"filters": 2, "kernel_size": 2, "depth_multiplier": 2, "padding": "same", "strides": 2}, (2, 7, 2)),
    ("SeparableConv1D", {"filters": 4, "kernel_size": 3, "use_bias": False, "activation": "relu"}, (2, 6, 3)),
    ("SeparableConv2D", {"filters": 3, "kernel_size": [3, 2]}, (2, 5, 4, 2)),
    ("SeparableConv2D", {"filters": 2, "kernel_size": 3, "padding": "same", "strides": 2, "depth_multiplier": 2}, (2, 5, 6, 2)),
    ("SeparableConv2D", {"filters": 2, "kernel_size": 2, "use_bias": False}, (1, 4, 4, 3)),
    ("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2}, (2, 4, 2)),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 4, "strides": 3, "padding": "same"}, (2, 5, 2)),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 2, "use_bias": False, "activation": "tanh"}, (2, 4, 3)),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same"}, (2, 4, 3, 2)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": [2, 3], "strides": [1, 2]}, (2, 3, 4, 3)),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1, "padding": "same"}, (1, 3, 3, 2)),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 2, "strides": 2}, (1, 2, 3, 2, 2)),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 3, "padding": "same"}, (1, 3, 2, 3, 1)),
    ("Conv3DTranspose", {"filters": 1, "kernel_size": 2, "use_bias": False}, (1, 2, 2, 2, 2)),
]
for kind in ("MaxPooling", "AveragePooling"):
    TABLE += [
        (f"{kind}1D", {"pool_size": 2}, (2, 7, 3)),
        (f"{kind}1D", {"pool_size": 3, "strides": 1, "padding": "same"}, (2, 6, 2)),
        (f"{kind}1D", {"pool_size": 3, "strides": 2, "padding": "same"}, (2, 6, 2)),
        (f"{kind}2D", {"pool_size": 2}, (2, 6, 7, 3)),
        (f"{kind}2D", {"pool_size": [3, 2], "strides": [2, 1], "padding": "same"}, (2, 6, 5, 2)),
        (f"{kind}2D", {"pool_size": 3, "strides": 2}, (1, 7, 7, 1)),
        (f"{kind}3D", {"pool_size": 2}, (1, 4, 5, 4, 2)),
        (f"{kind}3D", {"pool_size": [1, 2, 3], "strides": 1, "padding": "same"}, (1, 3, 3, 4, 1)),
        (f"{kind}3D", {"pool_size": 2, "strides": 1}, (1, 3, 3, 3, 1)),
    ]
    kind = "Global" + kind
    for rank, shape in ((1, (2, 5, 3)), (2, (2, 3, 4, 3)), (3, (2, 2, 3, 2, 2))):
        TABLE += [
            (f"{kind}{rank}D", {}, shape),
            (f"{kind}{rank}D", {"keepdims": True}, shape),
            (f"{kind}{rank}D", {}, (1, *shape[1:-1], 1)),
        ]
TABLE += [
    ("ZeroPadding1D", {"padding": 2}, (2, 3, 2)),
    ("ZeroPadding1D", {"padding": [1, 2]}, (2, 3, 2)),
    ("ZeroPadding1D", {"padding": [0, 3]}, (1, 1, 5)),
    ("ZeroPadding2D", {"padding": 1}, (1, 3, 2, 2)),
    ("ZeroPadding2D", {"padding": [[1, 0], [2, 3]]}, (1, 3, 2, 2)),
    ("ZeroPadding2D", {"padding": [2, 1]}, (2, 1, 3, 1)),
    ("ZeroPadding3D", {"padding": [[1, 0], [0, 1], [2, 0]]}, (1, 2, 2, 2, 1)),
    ("ZeroPadding3D", {"padding": 1}, (1, 1, 2, 3, 2)),
    ("ZeroPadding3D", {"padding": [1, 0, 2]}, (2, 1, 2, 1, 1)),
    ("Cropping1D", {"cropping": [1, 2]}, (2, 6, 2)),
    ("Cropping1D", {"cropping": 1}, (2, 6, 2)),
    ("Cropping1D", {"cropping": [0, 3]}, (1, 7, 3)),
    ("Cropping2D", {"cropping": 1}, (1, 4, 5, 2)),
    ("Cropping2D", {"cropping": [[1, 0], [2, 1]]}, (1, 4, 5, 2)),
    ("Cropping2D", {"cropping": [0, 2]}, (2, 3, 6, 1)),
    ("Cropping3D", {"cropping": [[1, 0], [0, 1], [1, 1]]}, (1, 3, 3, 3, 1)),
    ("Cropping3D", {"cropping": 1}, (1, 3, 4, 3, 2)),
    ("Cropping3D", {"cropping": [0, 1, 0]}, (2, 2, 3, 1, 1)),
    ("UpSampling1D", {"size": 3}, (2, 3, 2)),
    ("UpSampling1D", {"size": 2}, (1, 4, 1)),
    ("UpSampling1D", {"size": 1}, (2, 5, 3)),
    ("UpSampling2D", {"size": [2, 3]}, (2, 3, 2, 2)),
    ("UpSampling2D", {"size": 2, "interpolation": "bilinear"}, (1, 3, 4, 2)),
    ("UpSampling2D", {"size": [3, 1], "interpolation": "nearest"}, (1, 2, 5, 1)),
    ("UpSampling3D", {"size": [1, 2, 2]}, (1, 2, 2, 2, 2)),
    ("UpSampling3D", {}, (2, 1, 2, 3, 1)),
    ("UpSampling3D", {"size": [3, 1, 2]}, (1, 1, 3, 2, 2)),
    ("Permute", {"dims": [2, 1]}, (2, 3, 4)),
    ("Permute", {"dims": [3, 1, 2]}, (2, 3, 4, 2)),
    ("Permute", {"dims": [1, 4, 2, 3]}, (1, 2, 3, 1, 4)),
    ("RepeatVector", {"n": 3}, (2, 4)),
    ("RepeatVector", {"n": 1}, (3, 5)),
    ("RepeatVector", {"n": 7}, (1, 1)),
    ("Concatenate", {}, [(2, 3), (2, 4)]),
    ("Concatenate", {"axis": 1}, [(2, 3, 2), (2, 1, 2), (2, 2, 2)]),
    ("Concatenate", {"axis": -2}, [(2, 1, 3), (2, 2, 3)]),
    ("Dot", {"axes": 1}, [(2, 5), (2, 5)]),
    ("Dot", {"axes": [2, 1]}, [(2, 3, 4), (2, 4, 5)]),
    ("Dot", {"axes": -1, "normalize": True}, [(2, 3, 4), (2, 5, 4)]),
    ("ReLU", {}, (3, 7)),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.1}, (3, 7)),
    ("ReLU", {"threshold": 0.5, "negative_slope": 0.2}, (3, 7)),
    ("LeakyReLU", {}, (3, 7)),
    ("LeakyReLU", {"negative_slope": 0.1}, (3, 7)),
    ("LeakyReLU", {"negative_slope": 0.0}, (2, 3, 4)),
    ("ELU", {}, (3, 7)),
    ("ELU", {"alpha": 0.5}, (3, 7)),
    ("ELU", {"alpha": 2.0}, (2, 3, 4)),
    ("PReLU", {}, (2, 3, 4)),
    ("PReLU", {"shared_axes": [1]}, (2, 3, 4)),
    ("PReLU", {"shared_axes": [1, 2]}, (2, 3, 4, 2)),
    ("Softmax", {}, (3, 5)),
    ("Softmax", {"axis": 1}, (2, 3, 4)),
    ("Softmax", {"axis": [1, 2]}, (2, 3, 4)),
    ("BatchNormalization", {}, (4, 3)),
    ("BatchNormalization", {"epsilon": 0.01, "center": False}, (2, 3, 4, 3)),
    ("BatchNormalization", {"axis": 1, "scale": False}, (2, 3, 4)),
    ("LayerNormalization", {}, (3, 5)),
    ("LayerNormalization", {"axis": [1, 2], "epsilon": 0.01}, (2, 3, 4)),
    ("LayerNormalization", {"center": False}, (2, 3, 4)),
    ("GroupNormalization", {"groups": 2}, (2, 3, 4)),
    ("GroupNormalization", {"groups": -1}, (2, 3, 3, 4)),
    ("GroupNormalization", {"groups": 3, "scale": False, "epsilon": 0.01}, (2, 4, 6)),
    ("RMSNormalization", {}, (3, 5)),
    ("RMSNormalization", {"axis": -1, "epsilon": 0.01}, (2, 3, 4)),
    ("RMSNormalization", {"epsilon": 0.1}, (2, 2, 3, 4)),
    ("UnitNormalization", {}, (3, 5)),
    ("UnitNormalization", {"axis": 1}, (2, 3, 4)),
    ("UnitNormalization", {"axis": [1, 2]}, (2, 3, 4)),
    ("SpatialDropout1D", {"rate": 0.5}, (2, 3, 2)),
    ("SpatialDropout2D", {"rate": 0.5}, (1, 2, 3, 2)),
    ("SpatialDropout3D", {"rate": 0.5}, (1, 2, 2, 2, 2)),
    ("GaussianNoise", {"stddev": 0.5}, (2, 3)),
    ("GaussianDropout", {"rate": 0.5}, (2, 3)),
    ("AlphaDropout", {"rate": 0.5}, (2, 3)),
    ("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, (2, 3)),
    ("ActivityRegularization", {"l1": 0.5}, (3, 5)),
    ("ActivityRegularization", {"l2": 0.3}, (2, 3, 2)),
    ("Embedding", {"input_dim": 7, "output_dim": 3}, (2, 5)),
    ("Embedding", {"input_dim": 7, "output_dim": 1}, (3,)),
    ("Embedding", {"input_dim": 7, "output_dim": 2}, (2, 3, 2)),
    ("Normalization", {"mean": [0.5, -1.0, 2.0], "variance": [1.0, 0.25, 4.0]}, (4, 3)),
    ("Normalization", {"mean": [0.5, -1.0], "variance": [0.0, 0.5]}, (2, 3, 2)),
    ("Normalization", {"mean": 0.25, "variance": 4.0, "axis": None}, (3, 4)),
    ("CategoryEncoding", {"num_tokens": 7, "output_mode": "multi_hot"}, (3, 4)),
    ("CategoryEncoding", {"num_tokens": 7, "output_mode": "count"}, (3, 4)),
    ("CategoryEncoding", {"num_tokens": 7, "output_mode": "one_hot"}, (4, 1)),
    ("Resizing", {"height": 5, "width": 3}, (2, 3, 4, 2)),
    ("Resizing", {"height": 2, "width": 6, "interpolation": "nearest"}, (1, 4, 3, 2)),
    ("Resizing", {"height": 7, "width": 8}, (1, 3, 4, 1)),
    ("CenterCrop", {"height": 2, "width": 3}, (2, 5, 6, 2)),
    ("CenterCrop", {"height": 3, "width": 3}, (1, 4, 5, 1)),
    ("CenterCrop", {"height": 5, "width": 1}, (2, 5, 4, 3)),
]
for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
    # A difference has two sides.
    third = [(2, 1, 3), (2, 2, 1)] if kind == "Subtract" else [(2, 3), (2, 3), (2, 3)]
    TABLE += [(kind, {}, shapes) for shapes in ([(2, 3), (2, 3)], [(2, 3, 4), (2, 1, 4)], third)]

NUMBERS = ("Embedding", "CategoryEncoding")
# These prepare data and are called as they are: they have no call without state.
PREPARING = ("Normalization", "CategoryEncoding", "Resizing", "CenterCrop")


def weights_of(shape):
    """The weights of an output before it is summed: exact in both precisions, never 0."""
    return (7 * np.arange(np.prod(shape)) % 13 - 6.5).reshape(shape) / 8


def options_of(layer, training):
    takes_training = "training" in inspect.signature(layer.call).parameters
    return {"training": training} if takes_training else {}


def gradients(layer, xs, training=False):
    """Of sum(output * weights_of(output)), for each input and each trainable weight."""
    kept = [v.value for v in layer.non_trainable_variables]
    options = options_of(layer, training)

    def total(xs, learnt):
        inputs = xs if len(xs) > 1 else xs[0]
        if type(layer).__name__ in PREPARING:
            y = layer(inputs)
        else:
            y, _ = layer.stateless_call(learnt, kept, inputs, **options)
        return keras.ops.sum(y * weights_of(y.shape))

    learnt = [v.value for v in layer.trainable_variables]
    dxs, dws = jax.grad(total, argnums=(0, 1))([jax.numpy.asarray(x) for x in xs], learnt)
    dxs = [result(dx, "float64") for dx in dxs]
    check_gradients(layer, xs, options, dxs)
    return dxs, [result(dw, "float64") for dw in dws]


def check_gradients(layer, xs, options, dxs):
    """The gradients of the inputs against a difference of outputs along one direction."""
    ways = [np.cos(np.arange(x.size)).reshape(x.shape) for x in xs]
    ways = [way * (type(layer).__name__ not in NUMBERS) for way in ways]

    def total(step):
        moved = [x + step * way for x, way in zip(xs, ways)]
        y = layer(moved if len(xs) > 1 else moved[0], **options)
        y = keras.ops.convert_to_numpy(y)
        return (y * weights_of(y.shape)).sum()

    difference = (total(1e-6) - total(-1e-6)) / 2e-6
    along = sum((dx * way).sum() for dx, way in zip(dxs, ways))
    close(along, difference, 1e-6, 1e-6)


def layers_more():
    rng = np.random.default_rng(12)
    cases = []
    for name, config, shapes in TABLE:
        shapes = shapes if isinstance(shapes, list) else [shapes]
        whole = name in NUMBERS
        draw = (lambda s: rng.integers(0, 7, size=s).astype(float)) if whole else (lambda s: rng.normal(size=s))
        xs = [as_float32(draw(shape)) for shape in shapes]
        weights = []

        def made():
            layer = getattr(keras.layers, name)(**config)
            layer.build([x.shape for x in xs] if len(xs) > 1 else xs[0].shape)
            variables = [] if name == "Normalization" else layer.weights
            if not weights:
                for v in variables:
                    values = rng.normal(size=v.shape)
                    values = np.abs(values) + 0.1 if "variance" in v.name else values
                    weights.append((v.name, as_float32(values)))
            for v, (_, values) in zip(variables, weights):
                v.assign(values)
            return layer

        def run(dtype):
            layer = made()
            inputs = [x.astype(dtype) for x in xs]
            inputs = inputs if len(inputs) > 1 else inputs[0]
            y = layer(inputs, **options_of(layer, False))
            return result(keras.ops.cast(y, dtype), dtype)

        y = both(run)
        np.testing.assert_allclose(y["f32"], y["f64"], rtol=1e-4, atol=1e-5)
        with precision("float64"):
            layer = made()
            dxs, dws = gradients(layer, xs)
            learnt = [v.name for v in layer.trainable_variables]
        cases.append(
            {
                "layer": name,
                "config": config,
                "weights": [{"name": n, **array(w)} for n, w in weights],
                "xs": [array(x) for x in xs],
                "y_f64": array(y["f64"]),
                "y_f32": array(y["f32"]),
                "grad_xs_f64": [array(dx) for dx in dxs],
                "grad_weights_f64": [{"name": n, **array(dw)} for n, dw in zip(learnt, dws)],
            }
        )
    write("layers_more.json", cases)
