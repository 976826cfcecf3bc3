"""Keras on one of its backends: `python keras_peer.py tensorflow|jax|torch WORKLOAD [EPOCHS]`."""
import os
import sys
import time

backend, workload = sys.argv[1], sys.argv[2]
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 4
os.environ["KERAS_BACKEND"] = backend
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
begin = time.perf_counter()
import keras
from keras import layers as L

imported = time.perf_counter() - begin
from workloads import load, report

x, y, batch = load(workload)
if workload == "guide":
    model = keras.Sequential([
        keras.Input((784,)),
        L.Dense(10, activation="sigmoid"),
        L.Dense(10, activation="softmax"),
    ])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
elif workload == "mlp":
    model = keras.Sequential([
        keras.Input((784,)),
        L.Dense(512, "relu"),
        L.Dropout(0.2),
        L.Dense(512, "relu"),
        L.Dropout(0.2),
        L.Dense(10, "softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
elif workload == "cnn":
    x = x.reshape(-1, 28, 28, 1)
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        L.Conv2D(32, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Conv2D(64, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Flatten(),
        L.Dropout(0.5),
        L.Dense(10, "softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
elif workload == "tabular":
    model = keras.Sequential([
        keras.Input((30,)),
        L.Dense(64, "relu"),
        L.Dense(64, "relu"),
        L.Dense(1, "sigmoid"),
    ])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])

times, losses = [], []


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.begin = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        times.append(time.perf_counter() - self.begin)
        losses.append(float(logs["loss"]))


model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0, callbacks=[Clock()])
one = x[:1]
model.predict(one, verbose=0)
begin = time.perf_counter()
for _ in range(20):
    model.predict(one, verbose=0)
predict_one = (time.perf_counter() - begin) / 20
report("keras-" + backend, workload, times, losses, predict_one, import_s=round(imported, 3))
