"""The workloads as every peer gets them: arrays written by `neurona bench WORKLOAD --arrays DIR`, and batch sizes."""
import json
import os
import resource
import sys

import numpy as np

ARRAYS = os.environ.get("ARRAYS", os.path.join(os.path.dirname(__file__), "../../target/bench/arrays"))
BATCH_SIZES = {"guide": 32, "mlp": 128, "cnn": 128, "tabular": 256}


def load(name):
    """(x in float32, labels in int32, batch size) of a workload."""
    if name not in BATCH_SIZES:
        raise SystemExit(f"no workload {name}: use one of {', '.join(BATCH_SIZES)}")
    x, y = (np.load(os.path.join(ARRAYS, name, file)) for file in ("x.npy", "y.npy"))
    return x, y, BATCH_SIZES[name]


def report(peer, workload, times, losses, predict_one_s, **more):
    """Prints the line of JSON: the first epoch, the best one after it, losses, one prediction, memory."""
    unit = 1 if sys.platform == "darwin" else 1024
    line = {
        "peer": peer,
        "workload": workload,
        "first_epoch_s": round(times[0], 4),
        "epoch_s": round(min(times[1:] or times), 4),
        "losses": [round(loss, 4) for loss in losses],
        "predict_one_ms": round(predict_one_s * 1e3, 5),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1),
    }
    print(json.dumps(line | more))
