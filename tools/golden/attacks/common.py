"""The starting point of the attacks: a small model that opens, as a config and as weights; and how a file is put together."""

import base64
import io
import json
import marshal
import zipfile
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

OUT = Path(__file__).resolve().parents[3] / "tests" / "golden" / "attacks"
# All that the code in these files would do: make an empty file with this name in the current folder.
MARKER = "attack-marker"
CODE = f"import pathlib; pathlib.Path({MARKER!r}).touch()"


class Touch:
    """Unpickled, it makes the marker."""

    def __reduce__(self):
        return exec, (CODE,)


@dataclass
class Attack:
    """`expected` begins with `refused: `, `opened: `, or `either: ` where a reader may do one or the other."""

    file: str
    tries: str
    expected: str
    data: bytes
    cve: str = ""


def layer(class_name, module="keras.layers", **config):
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def dense(units=2, **config):
    return layer("Dense", units=units, **config)


def input_layer(*shape):
    return layer("InputLayer", batch_shape=[None, *shape], dtype="float32", name="x")


def sequential(*layers, compiled=None):
    config = layer("Sequential", "keras", name="attack", layers=list(layers))
    if compiled:
        config["compile_config"] = compiled
    return config


def compiled(optimizer=None, loss="mean_squared_error", **more):
    optimizer = optimizer or layer("SGD", "keras.optimizers", learning_rate=0.01)
    return {"optimizer": optimizer, "loss": loss, **more}


def tensor(name, *shape, node=0, output=0):
    history = [name, node, output]
    config = {"shape": [None, *shape], "dtype": "float32", "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def called(what, name, *calls):
    """A layer of a functional model: each call is the list of its positional arguments."""
    nodes = [{"args": list(args), "kwargs": {}} for args in calls]
    what["config"]["name"] = name
    return {**what, "name": name, "inbound_nodes": nodes}


def functional(layers, inputs, outputs):
    config = {"name": "attack", "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }


def control_config():
    return sequential(input_layer(4), dense(3, activation="sigmoid"), dense(2))


def put(file, weights):
    for path, values in weights.items():
        file[path] = values


def control_weights():
    """The weights of `control_config`, by their places in the file."""
    shapes = {
        "dense/vars/0": (4, 3),
        "dense/vars/1": 3,
        "dense_1/vars/0": (3, 2),
        "dense_1/vars/1": 2,
    }
    return {f"layers/{place}": np.full(shape, 0.25, "float32") for place, shape in shapes.items()}


def hdf5(change=None, without=(), **options):
    """An HDF5 file of the control's weights, `without` some, after `change(file)`."""
    memory = io.BytesIO()
    with h5py.File(memory, "w", **options) as file:
        put(file, {k: v for k, v in control_weights().items() if k not in without})
        if change:
            change(file)
    return memory.getvalue()


def text(config):
    return config if isinstance(config, (str, bytes)) else json.dumps(config)


def keras_file(config=None, weights=None, deflated=True, more=()):
    """A .keras file; `more` are further members, as (name or ZipInfo, content)."""
    memory = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(memory, "w", method) as archive:
        members = [
            ("metadata.json", '{"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}'),
            ("config.json", text(control_config() if config is None else config)),
            ("model.weights.h5", hdf5() if weights is None else weights),
            *more,
        ]
        for name, content in members:
            if isinstance(name, str):
                name = zipfile.ZipInfo(name)
                name.compress_type = method
            archive.writestr(name, content)
    return memory.getvalue()


def marshalled(source):
    """A lambda as Keras stores it: its bytecode, which works in only one version of Python."""
    return base64.b64encode(marshal.dumps(eval(source).__code__)).decode()


def weights_of(*shapes):
    """The weights of the first Dense layer and nothing else; without shapes, no weights at all."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        file.create_group("layers")
        put(
            file,
            {f"layers/dense/vars/{i}": np.full(s, 0.25, "float32") for i, s in enumerate(shapes)},
        )
    return memory.getvalue()
