"""initializers.json: statistics of samples."""

import keras
import numpy as np

from common import both, close, number, result, write


def initializers():
    table = [
        ("zeros", {}),
        ("ones", {}),
        ("constant", {"value": 0.25}),
        ("random_normal", {}),
        ("random_normal", {"mean": 1.0, "stddev": 0.5}),
        ("random_uniform", {}),
        ("random_uniform", {"minval": -1.0, "maxval": 3.0}),
        ("truncated_normal", {}),
        ("truncated_normal", {"mean": 1.0, "stddev": 0.5}),
        ("glorot_uniform", {}),
        ("glorot_normal", {}),
        ("he_uniform", {}),
        ("he_normal", {}),
        ("lecun_uniform", {}),
        ("lecun_normal", {}),
        ("variance_scaling", {}),
        (
            "variance_scaling",
            {"scale": 2.0, "mode": "fan_avg", "distribution": "untruncated_normal"},
        ),
        (
            "variance_scaling",
            {"scale": 0.5, "mode": "fan_out", "distribution": "uniform"},
        ),
    ]
    shape = (400, 300)
    cases = []
    for name, args in table:
        defaults = {}

        def run(dtype):
            random = name not in ("zeros", "ones", "constant")
            seed = {"seed": 12345} if random else {}
            initializer = getattr(keras.initializers, name)(**args, **seed)
            defaults.update(initializer.get_config())
            # What the initializer passes on, with the defaults filled in.
            for key in ("scale", "mode", "distribution"):
                if hasattr(initializer, key):
                    defaults[key] = getattr(initializer, key)
            defaults.pop("seed", None)
            values = result(initializer(shape, dtype=dtype), dtype).astype(np.float64)
            return {
                "mean": number(values.mean()),
                "std": number(values.std()),
                "min": number(values.min()),
                "max": number(values.max()),
            }

        stats = both(run)

        # The spread that the documentation promises.
        if "scale" in defaults:
            fan_in, fan_out = shape
            fan = {
                "fan_in": fan_in,
                "fan_out": fan_out,
                "fan_avg": (fan_in + fan_out) / 2,
            }[defaults["mode"]]
            std = np.sqrt(defaults["scale"] / fan)
            mean = 0.0
        elif "minval" in defaults:
            std = (defaults["maxval"] - defaults["minval"]) / np.sqrt(12)
            mean = (defaults["maxval"] + defaults["minval"]) / 2
        elif "stddev" in defaults:
            std, mean = defaults["stddev"], defaults["mean"]
            if name == "truncated_normal":
                std *= 0.87962566103423978  # of a normal cut at two sigma
        else:
            std, mean = 0.0, {"zeros": 0.0, "ones": 1.0, "constant": 0.25}[name]
        for found in stats.values():
            close(found["std"], std, rtol=0.01)
            close(found["mean"], mean, rtol=0.01, atol=0.01 * std)

        cases.append(
            {
                "initializer": name,
                "args": args,
                "config": defaults,
                "expected_mean": float(mean),
                "expected_std": float(std),
                "stats_f64": stats["f64"],
                "stats_f32": stats["f32"],
            }
        )
    write("initializers.json", cases, shape=list(shape))
