"""optimizers.json: variables after given gradients."""

import copy
import re

import jax
import keras
import numpy as np

import checks
from common import both, close, grid, result, write

CHECKPOINTS = (1, 2, 10, 100, 1000)


def gradient_at(step, sizes):
    """The gradient of the given step (from 1), one array for each variable.

    The index runs on from one variable to the next. All values are exact in float32.
    """
    i = np.arange(sum(sizes))
    g = ((step * 7 + i * 13) % 101 - 50) / 64.0
    g[(step + i) % 17 == 0] = 0
    return np.split(g, np.cumsum(sizes)[:-1])


def optimizers():
    rng = np.random.default_rng(4)
    one, two = (10,), (10, 4)
    table = [
        ("SGD", {"learning_rate": 0.01}, one),
        ("SGD", {"learning_rate": 0.01, "momentum": 0.9}, one),
        ("SGD", {"learning_rate": 0.01, "momentum": 0.9, "nesterov": True}, one),
        ("SGD", {"learning_rate": 0.1}, one),
        ("RMSprop", {}, one),
        ("RMSprop", {"momentum": 0.9}, one),
        ("RMSprop", {"centered": True}, one),
        ("RMSprop", {"momentum": 0.9, "centered": True}, one),
        ("Adam", {}, one),
        ("Adam", {"amsgrad": True}, one),
        (
            "Adam",
            {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-4},
            one,
        ),
        ("AdamW", {}, one),
        ("AdamW", {"weight_decay": 0.1}, one),
        ("SGD", {"weight_decay": 0.1}, one),
        ("SGD", {"momentum": 0.9, "weight_decay": 0.1}, one),
        ("RMSprop", {"weight_decay": 0.1}, one),
        ("Adam", {"weight_decay": 0.1}, one),
        ("SGD", {"clipnorm": 0.5}, two),
        ("SGD", {"clipvalue": 0.2}, two),
        ("SGD", {"global_clipnorm": 0.5}, two),
        ("Adam", {"clipnorm": 0.5}, two),
        ("Adam", {"clipvalue": 0.2}, two),
        ("Adam", {"global_clipnorm": 0.5}, two),
    ]
    cases = [optimizer_case(rng, *case, more={}, compiled=False) for case in table]

    # Of the cases below, some have variables of more than one dimension ("shapes"), or
    # names by which they are excluded from weight decay.
    five, pair, mixed = [5], [4, 3], [(3, 4), (5,)]
    other_betas = {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-4}
    table = [
        ("Adagrad", {}, five, {}),
        ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.5}, five, {}),
        (
            "Adagrad",
            {"learning_rate": 1.0, "initial_accumulator_value": 0.0, "epsilon": 1e-3},
            five,
            {},
        ),
        ("Adadelta", {}, five, {}),
        ("Adadelta", {"learning_rate": 1.0}, five, {}),
        ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 1e-3}, five, {}),
        ("Adamax", {}, five, {}),
        ("Adamax", other_betas, five, {}),
        ("Adamax", {"learning_rate": 0.01, "weight_decay": 0.1}, five, {}),
        ("Nadam", {}, five, {}),
        ("Nadam", other_betas, five, {}),
        ("Nadam", {"beta_1": 0.5, "clipvalue": 0.2}, pair, {}),
        ("Lion", {}, five, {}),
        ("Lion", {"learning_rate": 1e-4, "beta_1": 0.95, "beta_2": 0.98}, five, {}),
        ("Lion", {"beta_1": 0.5, "weight_decay": 0.1}, five, {}),
        ("Lamb", {}, five, {}),
        ("Lamb", other_betas, five, {}),
        ("Lamb", {"learning_rate": 0.01, "weight_decay": 0.1}, pair, {}),
        # Nothing is divided by the norm of a variable of zeros.
        ("Lamb", {"learning_rate": 0.01}, pair, {"zeros": 1}),
        ("Ftrl", {}, five, {}),
        ("Ftrl", {"learning_rate": 0.1, "learning_rate_power": -0.7}, five, {}),
        ("Ftrl", {"learning_rate": 0.1, "learning_rate_power": 0.0}, five, {}),
        (
            "Ftrl",
            {
                "learning_rate": 0.1,
                "l1_regularization_strength": 0.5,
                "l2_regularization_strength": 0.25,
            },
            five,
            {},
        ),
        (
            "Ftrl",
            {
                "learning_rate": 0.1,
                "initial_accumulator_value": 1.0,
                "l2_shrinkage_regularization_strength": 0.125,
                "beta": 0.5,
            },
            five,
            {},
        ),
        ("Muon", {}, mixed, {}),
        ("Muon", {}, [(5, 2), (3,)], {}),
        (
            "Muon",
            {
                "learning_rate": 0.01,
                "momentum": 0.9,
                "nesterov": False,
                "ns_steps": 3,
                "weight_decay": 0.1,
                "adam_weight_decay": None,
                "adam_lr_ratio": 0.5,
            },
            mixed,
            {},
        ),
        ("Muon", {"rms_rate": None, "weight_decay": None}, [(3, 3), (2,)], {}),
        (
            "Muon",
            {"exclude_layers": ["head"], "adam_beta_1": 0.8, "adam_beta_2": 0.99},
            [(2, 3), (2, 3)],
            {"names": ["hidden", "head"]},
        ),
        ("Adafactor", {}, mixed, {}),
        ("Adafactor", {"relative_step": False}, mixed, {}),
        (
            "Adafactor",
            {
                "learning_rate": 0.1,
                "beta_2_decay": -0.5,
                "epsilon_2": 0.5,
                "clip_threshold": 0.25,
            },
            mixed,
            {},
        ),
        ("Adafactor", {"learning_rate": 0.05}, [(2, 3, 2)], {}),
    ]
    average = {"use_ema": True, "ema_momentum": 0.9}
    every, never = ({**average, "ema_overwrite_frequency": n} for n in (5, None))
    accumulate = {"gradient_accumulation_steps": 3}
    exponential = {
        "class_name": "ExponentialDecay",
        "config": {"initial_learning_rate": 0.1, "decay_steps": 50, "decay_rate": 0.9},
    }
    cosine = {
        "class_name": "CosineDecay",
        "config": {
            "initial_learning_rate": 0.001,
            "decay_steps": 400,
            "alpha": 0.1,
            "warmup_target": 0.02,
            "warmup_steps": 20,
        },
    }
    layer = {"names": ["kernel", "bias"], "exclude_from_weight_decay": ["bias"]}
    table += [
        ("SGD", every, five, {}),
        ("SGD", never, five, {}),
        ("SGD", {"momentum": 0.9, **every}, pair, {}),
        ("Adam", every, five, {}),
        ("Adam", never, five, {}),
        ("SGD", accumulate, five, {}),
        ("SGD", {"momentum": 0.9, "nesterov": True, **accumulate}, five, {}),
        ("Adam", accumulate, five, {}),
        ("SGD", {"loss_scale_factor": 8.0}, five, {}),
        ("Adam", {"loss_scale_factor": 8.0}, five, {}),
        ("SGD", {"loss_scale_factor": 8.0, "clipnorm": 0.1}, pair, {}),
        ("SGD", {"weight_decay": 0.1}, pair, layer),
        ("Adam", {"weight_decay": 0.1}, pair, layer),
        ("AdamW", {}, pair, layer),
        ("SGD", {"learning_rate": exponential}, five, {}),
        ("Adam", {"learning_rate": cosine, "weight_decay": 0.1}, five, {}),
        ("SGD", {"learning_rate": exponential, **accumulate}, five, {}),
        ("Adam", {"learning_rate": cosine, **accumulate}, five, {}),
        ("Nadam", accumulate, five, {}),
        ("SGD", {**accumulate, **every}, five, {}),
        (
            "Adam",
            {**accumulate, "weight_decay": 0.1, "global_clipnorm": 0.25, **never},
            pair,
            {},
        ),
    ]

    for name, config, shapes, more in table:
        cases.append(optimizer_case(rng, name, config, shapes, more, compiled=True))
    write("optimizers.json", cases)


def optimizer_case(rng, name, config, shapes, more, compiled):
    sizes = [int(np.prod(shape)) for shape in shapes]
    w0 = [grid(rng.normal(size=size), 1024) for size in sizes]
    if "zeros" in more:
        w0[more["zeros"]][:] = 0
    names = more.get("names", ["variable"] * len(sizes))
    excluded = more.get("exclude_from_weight_decay", [])

    def shaped(flat):
        return [v.reshape(shape) for v, shape in zip(flat, shapes)]

    def run(dtype):
        options = copy.deepcopy(config)
        rate = options.get("learning_rate")
        if isinstance(rate, dict):
            schedule = getattr(keras.optimizers.schedules, rate["class_name"])
            options["learning_rate"] = schedule(**rate["config"])
        optimizer = getattr(keras.optimizers, name)(**options)
        assert optimizer.learning_rate.dtype == dtype
        if excluded:
            optimizer.exclude_from_weight_decay(var_names=excluded)
        variables = [
            keras.Variable(w, dtype=dtype, name=n) for w, n in zip(shaped(w0), names)
        ]
        optimizer.build(variables)
        # Compiled, as fit() does: the conditions inside gradient accumulation and
        # schedules would otherwise be compiled anew at every call.
        if compiled:
            apply = jax.jit(optimizer.stateless_apply)

        found = {}
        state = [v.value for v in optimizer.variables]
        values = [v.value for v in variables]
        for step in range(1, CHECKPOINTS[-1] + 1):
            gradients = shaped(gradient_at(step, sizes))
            gradients = [jax.numpy.array(g, dtype) for g in gradients]
            if compiled:
                values, state = apply(state, gradients, values)
            else:
                optimizer.apply(gradients, variables)
                values = [v.value for v in variables]
            if step in CHECKPOINTS:
                found[str(step)] = [result(v, dtype).ravel() for v in values]
        if config.get("use_ema"):
            for v, value in zip([*optimizer.variables, *variables], [*state, *values]):
                v.assign(value)
            optimizer.finalize_variable_values(variables)
            found["final"] = [result(v, dtype).ravel() for v in variables]
        return found

    found = both(run)

    def matching(patterns):
        return [
            i for i, n in enumerate(names) if any(re.search(p, n) for p in patterns)
        ]

    reference = checks.Optimizer(
        name, config, matching(excluded), matching(config.get("exclude_layers", []))
    )
    variables = shaped([w.copy() for w in w0])
    expected = {}
    for step in range(1, CHECKPOINTS[-1] + 1):
        reference.apply(shaped(gradient_at(step, sizes)), variables)
        if step in CHECKPOINTS:
            expected[str(step)] = [w.copy() for w in variables]
    expected["final"] = reference.averages()
    single = 1e-4 if compiled else 1e-3
    for key in found["f64"]:
        for i, w in enumerate(expected[key]):
            close(found["f64"][key][i], w.ravel(), rtol=1e-10, atol=1e-12)
            close(found["f32"][key][i], w.ravel(), rtol=single, atol=single)

    case = {"optimizer": name, "config": config}
    if any(len(np.shape(shape)) for shape in shapes):
        case["shapes"] = [list(shape) for shape in shapes]
    case.update({key: more[key] for key in more if key != "zeros"})
    case["w0"] = [w.tolist() for w in w0]
    for suffix, steps in found.items():
        values = {step: [v.tolist() for v in vs] for step, vs in steps.items()}
        final = values.pop("final", None)
        case[f"checkpoints_{suffix}"] = values
        if final:
            case[f"final_{suffix}"] = final
    return case
