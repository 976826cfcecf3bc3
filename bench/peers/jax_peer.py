"""Plain JAX, the whole epoch in one jitted scan: `python jax_peer.py WORKLOAD [EPOCHS]`."""
import sys
import time

import jax
import jax.numpy as jnp
import optax
from workloads import load, report

workload = sys.argv[1]
epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 4
x, y, batch = load(workload)
x, y, n = jnp.array(x), jnp.array(y), len(x)


def dense(key, i, o):
    limit = (6 / (i + o)) ** 0.5
    return {"w": jax.random.uniform(key, (i, o), minval=-limit, maxval=limit), "b": jnp.zeros(o)}


def drop(key, x, rate):
    # Without a key nothing is dropped, as in prediction.
    return x if key is None else x * jax.random.bernoulli(key, 1 - rate, x.shape) / (1 - rate)


keys = jax.random.split(jax.random.PRNGKey(0), 4)
if workload == "guide":
    params = [dense(keys[0], 784, 10), dense(keys[1], 10, 10)]

    def forward(p, x, key):
        return jax.nn.sigmoid(x @ p[0]["w"] + p[0]["b"]) @ p[1]["w"] + p[1]["b"]
elif workload == "mlp":
    params = [dense(keys[0], 784, 512), dense(keys[1], 512, 512), dense(keys[2], 512, 10)]

    def forward(p, x, key):
        a, b = (None, None) if key is None else jax.random.split(key)
        x = drop(a, jax.nn.relu(x @ p[0]["w"] + p[0]["b"]), 0.2)
        x = drop(b, jax.nn.relu(x @ p[1]["w"] + p[1]["b"]), 0.2)
        return x @ p[2]["w"] + p[2]["b"]
elif workload == "tabular":
    params = [dense(keys[0], 30, 64), dense(keys[1], 64, 64), dense(keys[2], 64, 1)]

    def forward(p, x, key):
        x = jax.nn.relu(x @ p[0]["w"] + p[0]["b"])
        return jax.nn.relu(x @ p[1]["w"] + p[1]["b"]) @ p[2]["w"] + p[2]["b"]


binary = workload == "tabular"
opt = optax.sgd(0.01) if workload == "guide" else optax.adam(1e-3)


def loss(p, x, y, key):
    z = forward(p, x, key)
    if binary:
        return optax.sigmoid_binary_cross_entropy(z[:, 0], y).mean()
    return optax.softmax_cross_entropy_with_integer_labels(z, y).mean()


@jax.jit
def epoch(params, state, key):
    steps = n // batch
    pick = jax.random.permutation(key, n)[: steps * batch].reshape(steps, batch)

    def step(carry, i):
        params, state, key = carry
        key, sub = jax.random.split(key)
        value, grads = jax.value_and_grad(loss)(params, x[i], y[i], sub)
        updates, state = opt.update(grads, state, params)
        return (optax.apply_updates(params, updates), state, key), value

    (params, state, _), losses = jax.lax.scan(step, (params, state, key), pick)
    return params, state, losses.mean()


@jax.jit
def predict(params, x):
    z = forward(params, x, None)
    return jax.nn.sigmoid(z) if binary else jax.nn.softmax(z)


state, times, losses = opt.init(params), [], []
for e in range(epochs):
    begin = time.perf_counter()
    params, state, value = epoch(params, state, jax.random.PRNGKey(e))
    losses.append(float(value))
    times.append(time.perf_counter() - begin)
one = x[:1]
predict(params, one).block_until_ready()
begin = time.perf_counter()
for _ in range(200):
    predict(params, one).block_until_ready()
report("jax-scan", workload, times, losses, (time.perf_counter() - begin) / 200)
