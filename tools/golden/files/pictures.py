"""Convolutions, pooling and everything else that works on sequences, pictures and volumes."""

import keras

from case import Case, grid
from networks import regression
from optimizers import classes

L = keras.layers


def pictures(r):
    model = keras.Sequential(
        [
            keras.Input((9, 8, 3)),
            L.Conv2D(4, 3, padding="same", use_bias=False),
            L.BatchNormalization(momentum=0.8),
            L.ReLU(),
            L.MaxPooling2D(2, padding="same"),
            L.Conv2D(6, (3, 2), strides=(2, 1), groups=2, activation="tanh"),
            L.GlobalAveragePooling2D(),
            L.Dropout(0.0),
            L.Dense(3, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    x = grid(r.normal(size=(12, 9, 8, 3)))
    return model, x, abs(x[:, 0, 0]).argmax(-1).astype("int32")


def convolutions(r):
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            L.Conv2D(4, 3, dilation_rate=2, padding="same", activation="relu"),
            L.DepthwiseConv2D(3, depth_multiplier=2, padding="same"),
            L.SeparableConv2D(4, 3, activation="tanh"),
            L.AveragePooling2D((2, 2), strides=(1, 1), padding="same"),
            L.Conv2DTranspose(3, 3, strides=2, padding="same", output_padding=1),
            L.UpSampling2D((1, 2), interpolation="bilinear"),
            L.Cropping2D(((1, 0), (2, 1))),
            L.ZeroPadding2D(((0, 1), (1, 0))),
            L.UpSampling2D(2),
            L.SpatialDropout2D(0.0),
            L.Conv2D(3, 2, strides=3, kernel_regularizer="l2"),
            L.GlobalMaxPooling2D(keepdims=True),
            L.Flatten(),
            L.Dense(2),
        ]
    )
    return regression(model, r, (6, 6, 2), keras.optimizers.RMSprop(0.003), rows=12)


def sequences(r):
    x = keras.Input((12, 3))
    y = L.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu")(x)
    y = L.SeparableConv1D(4, 3, padding="same")(y)
    y = L.MaxPooling1D(2, strides=1, padding="same")(y)
    y = L.DepthwiseConv1D(2, strides=1)(y)
    y = L.Conv1DTranspose(3, 3, strides=2)(y)
    y = L.AveragePooling1D(3)(y)
    y = L.ZeroPadding1D((2, 1))(y)
    y = L.Cropping1D(1)(y)
    y = L.UpSampling1D(2)(y)
    y = L.SpatialDropout1D(0.0)(y)
    y = L.Concatenate()([L.GlobalAveragePooling1D()(y), L.GlobalMaxPooling1D()(y)])
    return regression(keras.Model(x, L.Dense(2)(y)), r, (12, 3), "adam", rows=12)


def volumes(r):
    x = keras.Input((4, 5, 4, 2))
    y = L.Conv3D(3, 2, padding="same", activation="relu")(x)
    y = L.MaxPooling3D((1, 2, 1))(y)
    y = L.ZeroPadding3D(1)(y)
    y = L.AveragePooling3D(2, strides=1)(y)
    y = L.Conv3DTranspose(2, 2, strides=(1, 2, 1))(y)
    y = L.Cropping3D(((1, 0), (0, 1), (1, 1)))(y)
    y = L.UpSampling3D((1, 1, 2))(y)
    y = L.SpatialDropout3D(0.0)(y)
    y = L.Concatenate()([L.GlobalAveragePooling3D()(y), L.GlobalMaxPooling3D()(y)])
    return regression(keras.Model(x, L.Dense(2)(y)), r, (4, 5, 4, 2), "adam", rows=8)


def picture_preparation(r):
    """Numbers 0 to 255 as they come from a file; random layers change nothing outside training.

    `RandomCrop` is not among them: outside training Keras 3.15.1 leaves pictures as large as they are, in another
    shape than it says.
    """
    x = keras.Input((10, 12, 3))
    y = L.Rescaling(1 / 127.5, offset=-1)(x)
    y = L.Resizing(9, 9, interpolation="bilinear")(y)
    y = L.CenterCrop(8, 8)(y)
    y = L.RandomFlip("horizontal", seed=1)(y)
    y = L.RandomRotation(0.1, fill_mode="constant", fill_value=0.5)(y)
    y = L.RandomZoom(0.2, (-0.1, 0.1), interpolation="nearest", seed=2)(y)
    y = L.RandomTranslation((-0.1, 0.2), 0.1, fill_mode="wrap")(y)
    y = L.RandomContrast(0.2, value_range=(-1, 1))(y)
    y = L.RandomBrightness(0.2, value_range=(-1, 1), seed=3)(y)
    y = L.Resizing(6, 6, interpolation="nearest", crop_to_aspect_ratio=True)(y)
    y = L.Conv2D(3, 3, activation="relu")(y)
    model = keras.Model(x, L.Dense(3, activation="softmax")(L.Flatten()(y)))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    _, labels = classes(r, rows=6)
    return model, r.integers(0, 256, size=(6, 10, 12, 3)).astype("float32"), labels


CASES = [
    Case("pictures", pictures, also=(".weights.h5", ".h5")),
    Case("convolutions", convolutions),
    Case("sequences", sequences),
    Case("volumes", volumes),
    Case("picture_preparation", picture_preparation, compare=False),
]
