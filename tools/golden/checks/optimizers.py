"""Optimizers, in float64."""

import math

import numpy as np

from .schedules import SCHEDULES


class Optimizer:
    """The optimizers as Keras writes them, with the options that all of them share.

    `excluded` holds the numbers of the variables without weight decay, `adam_only` of
    those that Muon leaves to Adam whatever their rank.
    """

    ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
    DEFAULTS = {
        "SGD": {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False},
        "RMSprop": {
            "learning_rate": 0.001,
            "rho": 0.9,
            "momentum": 0.0,
            "epsilon": 1e-7,
            "centered": False,
        },
        "Adam": {**ADAM, "amsgrad": False},
        "Adagrad": {
            "learning_rate": 0.001,
            "initial_accumulator_value": 0.1,
            "epsilon": 1e-7,
        },
        "Adadelta": {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7},
        "Adamax": ADAM,
        "Nadam": ADAM,
        "Lamb": ADAM,
        "Lion": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.99},
        "Ftrl": {
            "learning_rate": 0.001,
            "learning_rate_power": -0.5,
            "initial_accumulator_value": 0.1,
            "l1_regularization_strength": 0.0,
            "l2_regularization_strength": 0.0,
            "l2_shrinkage_regularization_strength": 0.0,
            "beta": 0.0,
        },
        "Muon": {
            "learning_rate": 0.001,
            "adam_beta_1": 0.9,
            "adam_beta_2": 0.999,
            "adam_weight_decay": 0.004,
            "epsilon": 1e-7,
            "weight_decay": 0.004,
            "muon_a": 3.4445,
            "muon_b": -4.7750,
            "muon_c": 2.0315,
            "adam_lr_ratio": 1,
            "momentum": 0.95,
            "ns_steps": 5,
            "nesterov": True,
            "rms_rate": 0.2,
        },
        "Adafactor": {
            "learning_rate": 0.001,
            "beta_2_decay": -0.8,
            "epsilon_1": 1e-30,
            "epsilon_2": 1e-3,
            "clip_threshold": 1.0,
        },
    }

    def __init__(self, name, config, excluded=(), adam_only=()):
        if name == "AdamW":
            name, config = "Adam", {"weight_decay": 0.004, **config}
        self.name = name
        self.c = {**self.DEFAULTS[name], **config}
        self.excluded, self.adam_only = excluded, adam_only
        self.micro = 0  # calls of `apply`; the schedule counts these
        self.step = 0  # updates, including the one under way
        self.state = None

    def apply(self, gradients, variables):
        """Updates the list of arrays `variables` in place."""
        every = self.c.get("gradient_accumulation_steps") or 1
        if self.state is None:
            start = self.c.get("initial_accumulator_value", 0.0)
            self.state = [
                {
                    **{key: np.zeros_like(v) for key in ("m", "v", "hat", "mean", "sum")},
                    "accumulator": np.full_like(v, start),
                    "average": np.zeros_like(v),
                    "product": 1.0,
                    "row": 0.0,
                    "column": 0.0,
                }
                for v in variables
            ]
        self.step = self.micro // every + 1
        scale = self.c.get("loss_scale_factor") or 1
        for g, s in zip(gradients, self.state):
            s["sum"] = s["sum"] + g / scale
        if (self.micro + 1) % every == 0:
            means = [s["sum"] / every for s in self.state]
            for s in self.state:
                s["sum"] = np.zeros_like(s["sum"])
            for i, (g, w) in enumerate(zip(self.clip(means), variables)):
                self.decay(i, w)
                self.update(i, g, w)
        if self.c.get("use_ema"):
            self.moving_average(variables)
        self.micro += 1

    @property
    def rate(self):
        rate = self.c["learning_rate"]
        if isinstance(rate, dict):
            return SCHEDULES[rate["class_name"]](self.micro, **rate["config"])
        return rate

    def moving_average(self, variables):
        momentum = self.c["ema_momentum"] if self.step > 1 else 0.0
        often = self.c["ema_overwrite_frequency"]
        for w, s in zip(variables, self.state):
            s["average"] = momentum * s["average"] + (1 - momentum) * w
            if often and self.step % often == 0:
                w[...] = s["average"]

    def averages(self):
        return [s["average"] for s in self.state]

    def decay(self, i, w):
        key = "adam_weight_decay" if self.is_adam_in_muon(i, w) else "weight_decay"
        if self.c.get(key) and i not in self.excluded:
            w -= w * self.c[key] * self.rate

    def is_adam_in_muon(self, i, w):
        return self.name == "Muon" and (w.ndim != 2 or i in self.adam_only)

    def update(self, i, g, w):
        s = self.state[i]
        if self.is_adam_in_muon(i, w):
            c = self.c
            ratio, betas = c["adam_lr_ratio"], (c["adam_beta_1"], c["adam_beta_2"])
            self.adam_update(g, w, s, ratio * self.rate, *betas)
        else:
            getattr(self, self.name.lower())(g, w, s)

    def clip(self, gradients):
        if "clipnorm" in self.c:
            limit = self.c["clipnorm"]
            return [g * limit / max(np.linalg.norm(g), limit) for g in gradients]
        if "clipvalue" in self.c:
            limit = self.c["clipvalue"]
            return [np.clip(g, -limit, limit) for g in gradients]
        if "global_clipnorm" in self.c:
            limit = self.c["global_clipnorm"]
            norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
            return [g * limit / max(norm, limit) for g in gradients]
        return gradients

    def sgd(self, g, w, s):
        c = self.c
        if not c["momentum"]:
            w -= self.rate * g
            return
        s["m"] = c["momentum"] * s["m"] - self.rate * g
        if c["nesterov"]:
            w += c["momentum"] * s["m"] - self.rate * g
        else:
            w += s["m"]

    def rmsprop(self, g, w, s):
        c = self.c
        s["v"] = c["rho"] * s["v"] + (1 - c["rho"]) * g**2
        variance = s["v"]
        if c["centered"]:
            s["mean"] = c["rho"] * s["mean"] + (1 - c["rho"]) * g
            variance = variance - s["mean"] ** 2
        increment = self.rate * g / np.sqrt(variance + c["epsilon"])
        if c["momentum"]:
            s["m"] = c["momentum"] * s["m"] + increment
            increment = s["m"]
        w -= increment

    def adam(self, g, w, s):
        self.adam_update(g, w, s, self.rate, self.c["beta_1"], self.c["beta_2"])

    def adam_update(self, g, w, s, rate, beta_1, beta_2):
        alpha = rate * math.sqrt(1 - beta_2**self.step) / (1 - beta_1**self.step)
        s["m"] = s["m"] + (g - s["m"]) * (1 - beta_1)
        s["v"] = s["v"] + (g**2 - s["v"]) * (1 - beta_2)
        v = s["v"]
        if self.c.get("amsgrad"):
            v = s["hat"] = np.maximum(s["hat"], v)
        w -= alpha * s["m"] / (np.sqrt(v) + self.c["epsilon"])

    def adagrad(self, g, w, s):
        s["accumulator"] = s["accumulator"] + g**2
        w -= self.rate * g / np.sqrt(s["accumulator"] + self.c["epsilon"])

    def adadelta(self, g, w, s):
        rho, epsilon = self.c["rho"], self.c["epsilon"]
        s["v"] = rho * s["v"] + (1 - rho) * g**2
        delta = -np.sqrt(s["hat"] + epsilon) / np.sqrt(s["v"] + epsilon) * g
        s["hat"] = rho * s["hat"] + (1 - rho) * delta**2
        w += self.rate * delta

    def adamax(self, g, w, s):
        c = self.c
        s["m"] = c["beta_1"] * s["m"] + (1 - c["beta_1"]) * g
        s["v"] = np.maximum(c["beta_2"] * s["v"], np.abs(g))
        rate = self.rate / (1 - c["beta_1"] ** self.step)
        w -= rate * s["m"] / (s["v"] + c["epsilon"])

    def nadam(self, g, w, s):
        c, t = self.c, self.step
        now, later = (c["beta_1"] * (1 - 0.5 * 0.96**i) for i in (t, t + 1))
        s["product"] *= now
        s["m"] = c["beta_1"] * s["m"] + (1 - c["beta_1"]) * g
        s["v"] = c["beta_2"] * s["v"] + (1 - c["beta_2"]) * g**2
        mean = later * s["m"] / (1 - s["product"] * later)
        mean = mean + (1 - now) * g / (1 - s["product"])
        square = s["v"] / (1 - c["beta_2"] ** t)
        w -= self.rate * mean / (np.sqrt(square) + c["epsilon"])

    def lion(self, g, w, s):
        c = self.c
        direction = c["beta_1"] * s["m"] + (1 - c["beta_1"]) * g
        # Between these the sign depends on the precision.
        assert not ((np.abs(direction) < 1e-6) & (direction != 0)).any()
        w -= self.rate * np.sign(direction)
        s["m"] = c["beta_2"] * s["m"] + (1 - c["beta_2"]) * g

    def lamb(self, g, w, s):
        c, t = self.c, self.step
        s["m"] = c["beta_1"] * s["m"] + (1 - c["beta_1"]) * g
        s["v"] = c["beta_2"] * s["v"] + (1 - c["beta_2"]) * g**2
        update = s["m"] / (1 - c["beta_1"] ** t)
        update = update / (np.sqrt(s["v"] / (1 - c["beta_2"] ** t)) + c["epsilon"])
        norms = np.linalg.norm(w), np.linalg.norm(update)
        w -= self.rate * (norms[0] / norms[1] if all(norms) else 1.0) * update

    def ftrl(self, g, w, s):
        c, power = self.c, -self.c["learning_rate_power"]
        before = s["accumulator"]
        s["accumulator"] = before + g**2
        sigma = (s["accumulator"] ** power - before**power) / self.rate
        shrunk = g + 2 * c["l2_shrinkage_regularization_strength"] * w
        s["v"] = s["v"] + shrunk - sigma * w
        l1 = c["l1_regularization_strength"]
        l2 = c["l2_regularization_strength"] + c["beta"] / (2 * self.rate)
        q = s["accumulator"] ** power / self.rate + 2 * l2
        w[...] = (np.clip(s["v"], -l1, l1) - s["v"]) / q

    def muon(self, g, w, s):
        c = self.c
        s["m"] = c["momentum"] * s["m"] + g
        x = g + c["momentum"] * s["m"] if c["nesterov"] else s["m"]
        x = x / (np.linalg.norm(x) + 1e-7)
        a_, b_, c_ = c["muon_a"], c["muon_b"], c["muon_c"]
        tall = x.shape[0] > x.shape[1]
        x = x.T if tall else x
        for _ in range(c["ns_steps"]):
            square = x @ x.T
            x = a_ * x + (b_ * square + c_ * square @ square) @ x
        x = x.T if tall else x
        scale = 1.0
        if c["rms_rate"] is not None:
            scale = math.sqrt(max(w.shape)) * c["rms_rate"]
        w -= self.rate * scale * x

    def adafactor(self, g, w, s):
        c, t = self.c, self.step
        alpha = min(self.rate, 1 / math.sqrt(t))
        alpha *= max(c["epsilon_2"], math.sqrt(np.mean(w**2)))
        beta = 1 - t ** c["beta_2_decay"]
        square = g**2 + c["epsilon_1"]
        if w.ndim >= 2:
            s["row"] = beta * s["row"] + (1 - beta) * square.mean(-1)
            s["column"] = beta * s["column"] + (1 - beta) * square.mean(-2)
            share = s["row"] / s["row"].mean(-1, keepdims=True)
            s["v"] = share[..., None] * s["column"][..., None, :]
        else:
            s["v"] = beta * s["v"] + (1 - beta) * square
        update = g / np.sqrt(s["v"])
        w -= alpha * update / max(1, math.sqrt(np.mean(update**2)) / c["clip_threshold"])
