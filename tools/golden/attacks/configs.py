"""Configs with numbers, depths and graphs that ask for too much, or for something that does not exist."""

import json

from common import (
    Attack,
    called,
    compiled,
    control_config,
    dense,
    functional,
    input_layer,
    keras_file,
    layer,
    sequential,
    tensor,
    weights_of,
)

NONE = weights_of()  # so that nothing missing in the file is what is wrong with it
SETTING = "refused: the setting, with its place and the number, before anything is allocated"
OPTIMIZERS = "keras.optimizers"


def numbers():
    """A Dense layer with impossible `units`: raw JSON, so that NaN and 1e400 can be written."""
    values = {
        "2_40": 2**40, "2_62": 2**62, "2_80": 2**80, "negative": -3, "zero": 0, "fraction": 2.5,
        "text": '"3"', "true": "true", "null": "null", "list": "[3]", "nan": "NaN",
        "infinity": "Infinity", "1e400": "1e400", "million_digits": "9" * 1_000_000,
    }  # fmt: skip
    for name, value in values.items():
        config = json.dumps(control_config()).replace('"units": 3', f'"units": {value}', 1)
        shown = name.replace("_", " ")
        yield Attack(
            f"units_{name}.keras",
            f"units: {shown}",
            "refused: JSON has no NaN and Infinity" if name in ("nan", "infinity") else SETTING,
            keras_file(config),
        )


def settings():
    """Layers of one input shape, each with one setting that is wrong or huge."""
    picture = (6, 6, 2)
    cases = {
        "kernel_size": (picture, layer("Conv2D", filters=2, kernel_size=[2**31, 2**31])),
        "strides_zero": (picture, layer("Conv2D", filters=2, kernel_size=[2, 2], strides=[0, 1])),
        "groups": (picture, layer("Conv2D", filters=2, kernel_size=[2, 2], groups=3)),
        "groups_zero": (picture, layer("Conv2D", filters=2, kernel_size=[2, 2], groups=0)),
        "dilation": (
            picture,
            layer("Conv2D", filters=2, kernel_size=[2, 2], dilation_rate=[2**62, 2**62]),
        ),
        "rank": (picture, layer("Conv2D", filters=2, kernel_size=[2, 2, 2])),
        "channels_first": (
            picture,
            layer("Conv2D", filters=2, kernel_size=[2, 2], data_format="channels_first"),
        ),
        "padding_word": (picture, layer("Conv2D", filters=2, kernel_size=[2, 2], padding="evil")),
        "pool_size": (picture, layer("MaxPooling2D", pool_size=[2**40, 2**40])),
        "up_sampling": (picture, layer("UpSampling2D", size=[2**31, 2**31])),
        "zero_padding": (picture, layer("ZeroPadding2D", padding=[[2**40, 0], [0, 2**40]])),
        "cropping": (picture, layer("Cropping2D", cropping=[[4, 4], [-1, 0]])),
        "resizing": (picture, layer("Resizing", height=2**31, width=2**31)),
        "random_crop": (picture, layer("RandomCrop", height=2**40, width=2)),
        "axis": (picture, layer("BatchNormalization", axis=9)),
        "epsilon_text": (picture, layer("BatchNormalization", epsilon="1e-3")),
        "repeat_vector": ((4,), layer("RepeatVector", n=2**40)),
        "reshape": ((4,), layer("Reshape", target_shape=[2**33, 2**33, -1])),
        "embedding": ((4,), layer("Embedding", input_dim=2**40, output_dim=2**20)),
        "category_encoding": ((4,), layer("CategoryEncoding", num_tokens=2**40)),
        "dropout_rate": ((4,), layer("Dropout", rate=1.5)),
        "unknown_key": ((4,), layer("Dense", units=2, evil=True)),
        "unknown_activation": ((4,), layer("Dense", units=2, activation="os.system")),
        "unknown_dtype": ((4,), layer("Dense", units=2, dtype="complex512")),
        "wrong_shape_initializer": (
            (4,),
            layer(
                "Dense",
                units=2,
                kernel_initializer=layer("Orthogonal", "keras.initializers", gain="x"),
            ),
        ),
    }
    for name, (shape, changed) in cases.items():
        config = sequential(input_layer(*shape), changed)
        yield Attack(
            f"setting_{name}.keras",
            f"{changed['class_name']}: {name}",
            SETTING,
            keras_file(config, NONE),
        )
    shapes = {
        "input_negative": [None, -4], "input_huge": [None, 2**62], "input_overflow": [None, 2**33, 2**33],
        "input_rank": [None] + [1] * 100, "input_text": "4", "input_empty": [],
    }  # fmt: skip
    for name, shape in shapes.items():
        config = sequential(layer("InputLayer", batch_shape=shape), dense(2))
        yield Attack(
            f"{name}.keras",
            f"an input of the shape {str(shape)[:40]}",
            SETTING,
            keras_file(config, NONE),
        )


def optimizers():
    cases = {
        "learning_rate_text": compiled(layer("SGD", OPTIMIZERS, learning_rate="0.1")),
        "learning_rate_negative": compiled(layer("SGD", OPTIMIZERS, learning_rate=-1)),
        "accumulation_zero": compiled(layer("SGD", OPTIMIZERS, gradient_accumulation_steps=0)),
        "ema_overwrite_zero": compiled(
            layer("SGD", OPTIMIZERS, use_ema=True, ema_overwrite_frequency=0)
        ),
        "two_clips": compiled(layer("SGD", OPTIMIZERS, clipnorm=1.0, clipvalue=1.0)),
        "muon_steps": compiled(layer("Muon", OPTIMIZERS, ns_steps=2**40)),
        "decay_steps_zero": compiled(
            layer(
                "SGD",
                OPTIMIZERS,
                learning_rate=layer(
                    "ExponentialDecay",
                    "keras.optimizers.schedules",
                    initial_learning_rate=0.1,
                    decay_steps=0,
                    decay_rate=0.9,
                ),
            )
        ),
        "boundaries": compiled(
            layer(
                "SGD",
                OPTIMIZERS,
                learning_rate=layer(
                    "PiecewiseConstantDecay",
                    "keras.optimizers.schedules",
                    boundaries=[5, 2],
                    values=[0.1],
                ),
            )
        ),
        "auc_thresholds": compiled(metrics=[layer("AUC", "keras.metrics", num_thresholds=2**40)]),
        "iou_classes": compiled(metrics=[layer("MeanIoU", "keras.metrics", num_classes=2**40)]),
        "top_k": compiled(metrics=[layer("TopKCategoricalAccuracy", "keras.metrics", k=-1)]),
        "more_losses": compiled(loss=["mse", "mse", "mse"]),
        "loss_weights": compiled(loss_weights=["evil"]),
        "loss_name": compiled(loss={"nowhere": "mse"}),
    }
    for name, made in cases.items():
        config = {**control_config(), "compile_config": made}
        yield Attack(
            f"compile_{name}.keras",
            f"compile_config: {name.replace('_', ' ')}",
            "either: refused with the place in compile_config, or at the latest when it is trained",
            keras_file(config),
        )


def depths():
    deep = '{"module":"keras","class_name":"Sequential","config":{"layers":['
    yield Attack(
        "nested_models.keras",
        "Sequentials inside each other, 10,000 deep",
        "refused: by the limit on depth; no stack overflow",
        keras_file(deep * 10_000 + "]}}" * 10_000),
    )
    for name, pair in {"lists": "[]", "objects": ('{"a":', "}")}.items():
        yield Attack(
            f"nested_{name}.keras",
            f"{name} inside each other, 10,000 deep",
            "refused: by the limit on depth; no stack overflow",
            keras_file(pair[0] * 10_000 + "1" * (name == "objects") + pair[1] * 10_000),
        )
    one = json.dumps(layer("ELU"))
    begin = text_of(input_layer(4))
    many = f'{{"module":"keras","class_name":"Sequential","config":{{"name":"s","layers":[{begin}'
    yield Attack(
        "many_layers.keras",
        "200,000 layers, 17 MiB of JSON in some KiB of zip",
        "refused: by the limit on layers or on what a member may grow to",
        keras_file(many + ("," + one) * 200_000 + "]}}"),
    )
    yield Attack(
        "long_name.keras",
        "a layer with a name of one million letters",
        "either: refused by a limit on names, or opened; a message never shows all of it",
        keras_file(sequential(input_layer(4), dense(3, name="n" * 1_000_000), dense(2))),
    )


def text_of(config):
    return json.dumps(config)


def graphs():
    def attack(name, tries, layers, inputs=(["x", 0, 0],), outputs=(["y", 0, 0],), why=None):
        expected = why or "refused: the layer, and what it refers to"
        data = keras_file(functional(layers, list(inputs), list(outputs)), weights)
        return Attack(f"graph_{name}.keras", tries, expected, data)

    weights = weights_of((4, 2), 2)
    x = called(input_layer(4), "x")
    yield attack(
        "itself", "a layer that takes its own output", [x, called(dense(4), "y", [tensor("y", 4)])]
    )
    around = [
        x,
        called(layer("Add"), "a", [[tensor("x", 4), tensor("y", 4)]]),
        called(dense(4), "y", [tensor("a", 4)]),
    ]
    yield attack("cycle", "two layers that take each other's output", around)
    yield attack(
        "nowhere", "a layer that is not there", [x, called(dense(2), "y", [tensor("z", 4)])]
    )
    yield attack(
        "node",
        "the 2^40th call of a layer",
        [x, called(dense(2), "y", [tensor("x", 4, node=2**40)])],
    )
    yield attack(
        "output",
        "output number 7 of a layer",
        [x, called(dense(2), "y", [tensor("x", 4, output=7)])],
    )
    yield attack(
        "negative", "call -1 of a layer", [x, called(dense(2), "y", [tensor("x", 4, node=-1)])]
    )
    twice = [x, called(dense(2), "y", [tensor("x", 4)]), called(dense(2), "y", [tensor("x", 4)])]
    yield attack("same_name", "two layers of one name", twice)
    fine = [x, called(dense(2), "y", [tensor("x", 4)])]
    yield attack("no_output", "an output that is not there", fine, outputs=(["z", 0, 0],))
    yield attack("no_input", "an input that is not there", fine, inputs=(["z", 0, 0],))
    yield attack("input_inside", "a Dense layer as an input", fine, inputs=(["y", 0, 0],))
    yield attack(
        "no_arguments", "a layer that is called with nothing", [x, called(dense(2), "y", [])]
    )
    yield attack(
        "number_argument", "a layer that is called with 3", [x, called(dense(2), "y", [3])]
    )
    lying = [x, called(dense(2), "y", [tensor("x", 2**40)])]
    why = "either: opened with the shape of the input itself, or refused because the two differ"
    yield attack("shape", "a tensor whose stated shape is not its own", lying, why=why)
    doubled, last = [x], "x"
    for i in range(60):
        doubled.append(called(layer("Concatenate"), f"c{i}", [[tensor(last, 4), tensor(last, 4)]]))
        last = f"c{i}"
    why = "refused: the shape grows past the limit; nothing is allocated"
    yield attack(
        "doubling",
        "60 Concatenate layers that each double the columns",
        doubled,
        outputs=([last, 0, 0],),
        why=why,
    )
    inner = functional(
        [called(input_layer(4), "x"), called(layer("ELU"), "y", [tensor("x", 4)])],
        [["x", 0, 0]],
        [["y", 0, 0]],
    )
    # A nested functional model's calls are counted from 1 where they are outputs.
    for i in range(30):
        first = called(inner, f"m{i}", [tensor("x", 4)], [tensor(f"m{i}", 4)])
        inner = functional([called(input_layer(4), "x"), first], [["x", 0, 0]], [[f"m{i}", 2, 0]])
    yield Attack(
        "graph_laughs.keras",
        "30 nested models that each call the one inside twice: 2^30 layers in all",
        "refused: by the limit on depth or on operations, in less than 100 ms",
        keras_file(inner, NONE),
    )


def texts():
    good = json.dumps(control_config())
    cases = {
        "empty": ("", "an empty config.json"),
        "cut": (good[:-20], "a config.json that ends too soon"),
        "trailing": (good + "{}", "a second value after the first"),
        "null": ("null", "null in place of a model"),
        "list": ("[]", "a list in place of a model"),
        "bom": ("\ufeff" + good, "a byte order mark (may be skipped)"),
        "not_utf8": (
            good.encode().replace(b'"attack"', b'"\xff\xfe"', 1),
            "a name that is no UTF-8",
        ),
        "lone_surrogate": (
            good.replace('"attack"', '"\\ud800"', 1),
            "a name that is half a character",
        ),
        "nul": (good.replace('"attack"', '"a\\u0000b"', 1), "a name with a NUL"),
        "same_key": (
            good.replace('"units": 3', '"units": 3, "units": 1000000000', 1),
            "a key twice, with two values",
        ),
        "layer": (json.dumps(dense(3)), "a layer in place of a model"),
        "no_layers": (json.dumps(sequential()), "a model without layers"),
    }
    for name, (config, tries) in cases.items():
        expected = "refused: where in config.json, or what is missing"
        if name in ("bom", "nul", "same_key", "lone_surrogate"):
            expected = "either: refused, or opened in one well-defined way; never a panic"
        yield Attack(f"json_{name}.keras", tries, expected, keras_file(config))


def attacks():
    for part in (numbers, settings, optimizers, depths, graphs, texts):
        yield from part()
