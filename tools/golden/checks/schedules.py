"""Learning-rate schedules: the rate of step `s`, from 0."""

import math


def exponential_decay(
    s, initial_learning_rate, decay_steps, decay_rate, staircase=False
):
    p = s // decay_steps if staircase else s / decay_steps
    return initial_learning_rate * decay_rate**p


def piecewise_constant_decay(s, boundaries, values):
    return values[sum(s > boundary for boundary in boundaries)]


def polynomial_decay(
    s,
    initial_learning_rate,
    decay_steps,
    end_learning_rate=0.0001,
    power=1.0,
    cycle=False,
):
    if cycle:
        decay_steps *= max(math.ceil(s / decay_steps), 1)
    left = 1 - min(s, decay_steps) / decay_steps
    return (initial_learning_rate - end_learning_rate) * left**power + end_learning_rate


def inverse_time_decay(
    s, initial_learning_rate, decay_steps, decay_rate, staircase=False
):
    p = s // decay_steps if staircase else s / decay_steps
    return initial_learning_rate / (1 + decay_rate * p)


def cosine_decay(
    s,
    initial_learning_rate,
    decay_steps,
    alpha=0.0,
    warmup_target=None,
    warmup_steps=0,
):
    start = initial_learning_rate
    if warmup_target is not None:
        if s < warmup_steps:
            return start + (warmup_target - start) * s / warmup_steps
        start = warmup_target
        s -= warmup_steps
    cosine = (1 + math.cos(math.pi * min(s, decay_steps) / decay_steps)) / 2
    return start * ((1 - alpha) * cosine + alpha)


def cosine_decay_restarts(
    s, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0
):
    length, height = first_decay_steps, 1.0
    while s >= length:
        s, length, height = s - length, length * t_mul, height * m_mul
    cosine = height * (1 + math.cos(math.pi * s / length)) / 2
    return initial_learning_rate * ((1 - alpha) * cosine + alpha)


SCHEDULES = {
    "ExponentialDecay": exponential_decay,
    "PiecewiseConstantDecay": piecewise_constant_decay,
    "PolynomialDecay": polynomial_decay,
    "InverseTimeDecay": inverse_time_decay,
    "CosineDecay": cosine_decay,
    "CosineDecayRestarts": cosine_decay_restarts,
}
