"""Configs that name code, files or addresses: the subject of the advisories about Keras."""

import base64
import io
import json
import pickle

import h5py

from common import (
    CODE,
    MARKER,
    Attack,
    Touch,
    called,
    compiled,
    control_config,
    control_weights,
    dense,
    functional,
    input_layer,
    keras_file,
    layer,
    marshalled,
    put,
    sequential,
    tensor,
)

LAMBDA = f"lambda x: (exec({CODE!r}), x)[1]"
NOT_A_LAYER = "refused: the kind of layer is unknown, by its name and place; nothing is run"
# A port on this machine that nothing listens to: a reader that connected would wait or fail, and be noticed.
ADDRESS = "http://127.0.0.1:9/attack"


def stacked(*layers):
    return sequential(input_layer(4), *layers, dense(2))


def function(module, name):
    return {
        "module": module,
        "class_name": "function",
        "config": name,
        "registered_name": name,
    }


def lambda_layer():
    code = {"code": marshalled(LAMBDA), "defaults": None, "closure": None}
    stored = {"class_name": "__lambda__", "config": code}
    return layer("Lambda", name="lambda", function=stored, arguments={})


def legacy(config, training=None):
    """A legacy .h5 file with the weights of the control."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"], file.attrs["backend"] = "2.15.0", "tensorflow"
        if training:
            file.attrs["training_config"] = json.dumps(training)
        file.create_group("model_weights").attrs["layer_names"] = ["dense"]
        group = file["model_weights"].create_group("dense")
        group.attrs["weight_names"] = ["dense/kernel:0", "dense/bias:0"]
        weights = list(control_weights().values())
        put(group, {"dense/kernel:0": weights[0], "dense/bias:0": weights[1]})
    return memory.getvalue()


def lookups():
    for class_name, places in {
        "StringLookup": ("/etc/hostname", "file:///etc/hostname", ADDRESS),
        "IntegerLookup": ("/etc/hostname",),
        "TextVectorization": ("../vocabulary.txt",),
    }.items():
        for i, place in enumerate(places):
            yield (
                f"{class_name.lower()}_vocabulary_{i}.keras",
                f"{class_name} whose vocabulary is read from {place}",
                layer(class_name, name="words", vocabulary=place),
            )


def wrappers():
    torch = layer("TorchModuleWrapper", name="torch")
    torch["config"]["module"] = base64.b64encode(pickle.dumps(Touch())).decode()
    yield (
        "torch_module_wrapper.keras",
        "TorchModuleWrapper with a pickle",
        torch,
        "CVE-2025-49655",
    )
    yield (
        "tfsm_layer.keras",
        "TFSMLayer, which loads a SavedModel from another place",
        layer("TFSMLayer", name="saved", filepath="../saved_model", call_endpoint="serve"),
        "CVE-2026-1462",
    )
    for name in ("JaxLayer", "FlaxLayer"):
        yield (
            f"{name.lower()}.keras",
            f"{name}, which names a function",
            layer(name, name="jax", call_fn=function("os", "system")),
            "",
        )


def modules():
    """An object of any module, as a layer, a function, a callable argument or a setting."""
    command = f"touch {MARKER}"
    yield (
        "module_os_system.keras",
        "a layer that is os.system",
        stacked(
            {"module": "os", "class_name": "system", "config": command, "registered_name": None}
        ),
        "CVE-2025-1550",
    )
    yield (
        "module_subprocess.keras",
        "a layer that is subprocess.Popen with arguments",
        stacked(layer("Popen", "subprocess", args=["touch", MARKER])),
        "CVE-2025-1550",
    )
    inside = [
        called(input_layer(4), "x"),
        called(layer("Lambda", function=function("os", "system")), "run", [command]),
        called(dense(2), "y", [tensor("x", 4)]),
    ]
    yield (
        "module_in_arguments.keras",
        "a functional model that calls os.system with a command in its nodes",
        functional(inside, [["x", 0, 0]], [["y", 0, 0]]),
        "CVE-2025-1550",
    )
    gadget = [
        called(input_layer(4), "x"),
        called(
            layer("Lambda", function=function("keras.utils", "get_file")), "get", ["a", ADDRESS]
        ),
        called(dense(2), "y", [tensor("x", 4)]),
    ]
    yield (
        "gadget_get_file.keras",
        "a function of Keras itself (get_file) as a way to the network and the disk",
        functional(gadget, [["x", 0, 0]], [["y", 0, 0]]),
        "CVE-2025-8747",
    )
    unsafe = layer(
        "Lambda", name="off", function=function("keras.config", "enable_unsafe_deserialization")
    )
    yield (
        "gadget_unsafe.keras",
        "first switches Keras' safe mode off from the config, then holds a lambda",
        stacked(unsafe, lambda_layer()),
        "CVE-2025-9906",
    )
    callable_ = {
        "module": "keras.layers",
        "class_name": "TFSMLayer",
        "config": {"filepath": "../m"},
    }
    yield (
        "constructor_as_callable.keras",
        "a layer's constructor where a function is expected",
        stacked(layer("Lambda", name="l", function=callable_)),
        "keras#23654",
    )
    settings = {
        "activation": dense(3, activation=function("os", "system")),
        "activation_lambda": dense(
            3,
            activation={
                "class_name": "__lambda__",
                "config": {"value": {"code": marshalled(LAMBDA)}},
            },
        ),
        "initializer": dense(3, kernel_initializer=function("os", "system")),
        "regularizer": dense(3, kernel_regularizer=layer("Evil", "evil", path="x")),
        "constraint": dense(3, kernel_constraint=function("builtins", "eval")),
        "dtype": dense(3, dtype=layer("Popen", "subprocess", args=["touch", MARKER])),
        "quantization": dense(3, quantization_config=layer("Evil", "evil")),
    }
    for name, changed in settings.items():
        yield (
            f"setting_{name}.keras",
            f"{name.replace('_', ' ')} of a Dense layer that names code",
            sequential(input_layer(4), changed, dense(2)),
            "CVE-2025-1550",
        )
    for name, made in {
        "loss": compiled(loss=function("os", "system")),
        "metric": compiled(metrics=[layer("Evil", "evil")]),
        "optimizer": compiled(optimizer=layer("Evil", "evil", learning_rate=0.1)),
        "schedule": compiled(
            layer("SGD", "keras.optimizers", learning_rate=function("os", "getpid"))
        ),
    }.items():
        config = {**control_config(), "compile_config": made}
        yield f"compiled_{name}.keras", f"a {name} that names code", config, "CVE-2025-1550"
    registered = layer("MyLayer", None, units=3)
    registered["registered_name"] = "my_package>MyLayer"
    yield (
        "registered_custom_object.keras",
        "a custom layer, to be looked up in a registry",
        stacked(registered),
        "",
    )
    for name in (
        "__numpy__",
        "__tensor__",
        "__bytes__",
        "__slice__",
        "__typespec__",
        "__ellipsis__",
    ):
        value = {"class_name": name, "config": {"value": [3], "dtype": "int32"}}
        yield (
            f"escape_{name.strip('_')}.keras",
            f"{name} where a number is expected",
            sequential(input_layer(4), layer("Dense", units=value), dense(2)),
            "",
        )


def attacks():
    yield Attack(
        "lambda.keras",
        "Lambda layer with marshalled bytecode",
        NOT_A_LAYER,
        keras_file(stacked(lambda_layer())),
        "CVE-2024-3660",
    )
    for name, tries, made in lookups():
        expected = "refused: the layer or its vocabulary; no file and no address is asked"
        yield Attack(name, tries, expected, keras_file(stacked(made)), "CVE-2025-12058")
    for name, tries, made, cve in wrappers():
        yield Attack(name, tries, NOT_A_LAYER, keras_file(stacked(made)), cve)
    for name, tries, config, cve in modules():
        expected = "refused: the object, by its name and place in the config; nothing is run"
        yield Attack(name, tries, expected, keras_file(config), cve)
    code = [marshalled(LAMBDA) + "\n", None, None]
    old = {"name": "lambda", "function": code, "function_type": "lambda", "module": "__main__"}
    layers = [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "name": "x"}},
        {"class_name": "Lambda", "config": old},
        {"class_name": "Dense", "config": {"name": "dense", "units": 3}},
    ]
    config = {"class_name": "Sequential", "config": {"name": "s", "layers": layers}}
    yield Attack(
        "lambda.h5",
        "Lambda layer in a legacy file, where Keras forgot its safe mode",
        NOT_A_LAYER,
        legacy(config),
        "CVE-2025-9905",
    )
    old.update(function="system", function_type="function", module="os")
    yield Attack(
        "lambda_function.h5",
        "Lambda layer in a legacy file that names os.system",
        NOT_A_LAYER,
        legacy(config),
        "CVE-2024-3660",
    )
    del layers[1]
    training = {"loss": "mse", "optimizer_config": {"class_name": "evil>Evil", "config": {}}}
    yield Attack(
        "custom_optimizer.h5",
        "a custom optimizer in a legacy file",
        "refused: the optimizer, by its name",
        legacy(config, training),
    )
    yield Attack(
        "yaml.keras",
        "YAML that makes objects, where JSON is expected",
        "refused: config.json is not JSON",
        keras_file(f"!!python/object/apply:os.system ['touch {MARKER}']\n"),
        "CVE-2021-37678",
    )
    for name, label in {
        "slash": "../../outside",
        "absolute": "/etc/x",
        "windows": "..\\..\\x",
    }.items():
        config = sequential(input_layer(4), dense(3, name=label), dense(2))
        yield Attack(
            f"layer_name_{name}.keras",
            f"a layer named {label}, to write outside of the folder when it is unpacked",
            "either: refused for its name, or the name is a mere label; no path is made of it",
            keras_file(config),
            "CVE-2026-12479",
        )
