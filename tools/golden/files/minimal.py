"""The smallest file that Keras loads: no metadata, the fewest keys, deflated members."""

import io
import json
import zipfile

import h5py

from case import OUT, described, grid, rng, write_json


def layer(name, **config):
    return {"module": "keras.layers", "class_name": name, "config": config}


CONFIG = {
    "module": "keras",
    "class_name": "Sequential",
    "config": {
        "name": "s",
        "layers": [
            layer("InputLayer", batch_shape=[None, 4]),
            layer("Dense", units=3, activation="sigmoid"),
            layer("BatchNormalization"),
            layer("Dropout", rate=0.0),
            layer("Dense", units=2),
        ],
    },
    "compile_config": {
        "optimizer": {
            "module": "keras.optimizers",
            "class_name": "Adam",
            "config": {"learning_rate": 0.01},
        },
        "loss": "mean_squared_error",
        "metrics": ["mean_absolute_error"],
    },
}


class Minimal:
    """Weights without names, without `vars` where there are none, and without optimizer slots."""

    name = "minimal"

    def write(self):
        r = rng(self.name)
        weights = {
            "dense": [(4, 3), (3,)],
            "batch_normalization": [(3,), (3,), (3,), (3,)],
            "dense_1": [(3, 2), (2,)],
        }
        memory = io.BytesIO()
        with h5py.File(memory, "w") as file:
            for name, shapes in weights.items():
                for i, shape in enumerate(shapes):
                    values = grid(abs(r.normal(size=shape)) + 0.125)
                    file[f"layers/{name}/vars/{i}"] = values
        path = OUT / f"{self.name}.keras"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("config.json", json.dumps(CONFIG))
            archive.writestr("model.weights.h5", memory.getvalue())
        x = grid(r.normal(size=(20, 4)))
        record = described(path, x, grid(x[:, :2] * 0.5), {"batch_size": 8})
        write_json(OUT / f"{self.name}.json", record)


CASES = [Minimal()]
