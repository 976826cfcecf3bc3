//! Learning rates at their edges, options that contradict each other, and what a step costs.

use crate::compile::{Kind, Space, compile};
use crate::error::{Code, Error, Result};
use crate::message::Lang;
use crate::nn::layers::Dense;
use crate::nn::*;
use crate::tensor::{DType, Shape};

/// Compares rates at some steps, up to the last digits that a sum may change.
#[track_caller]
fn rates(rate: impl Into<LearningRate>, wanted: &[(u64, f64)]) {
    let rate = rate.into();
    rate.check().unwrap();
    for &(step, wanted) in wanted {
        let found = rate.at(step);
        assert!((found - wanted).abs() <= 1e-15 + 1e-14 * wanted, "step {step}: {found}, {wanted}");
    }
}

#[test]
fn schedules_at_their_edges() {
    rates(0.1, &[(0, 0.1), (u64::MAX, 0.1)]);
    rates(ExponentialDecay::new(0.8, 10, 0.25), &[(0, 0.8), (5, 0.4), (10, 0.2), (20, 0.05)]);
    rates(ExponentialDecay::new(0.8, 10, 0.25).staircase(true), &[(9, 0.8), (10, 0.2), (19, 0.2)]);
    rates(InverseTimeDecay::new(0.8, 10, 3.0), &[(0, 0.8), (10, 0.2), (5, 0.32)]);
    rates(InverseTimeDecay::new(0.8, 10, 3.0).staircase(true), &[(9, 0.8), (10, 0.2)]);
    rates(
        PiecewiseConstantDecay::new([3, 5], [1.0, 0.5, 0.25]),
        &[(0, 1.0), (3, 1.0), (4, 0.5), (5, 0.5), (6, 0.25), (u64::MAX, 0.25)],
    );
    rates(PiecewiseConstantDecay::new([], [0.5]), &[(0, 0.5), (9, 0.5)]);
    let line = PolynomialDecay::new(1.0, 10).end_learning_rate(0.0);
    rates(line, &[(0, 1.0), (5, 0.5), (10, 0.0), (11, 0.0), (u64::MAX, 0.0)]);
    rates(line.power(2.0), &[(5, 0.25), (10, 0.0)]);
    // The second time the line goes from 1 at step 0 to 0 at step 20.
    rates(line.cycle(true), &[(0, 1.0), (10, 0.0), (11, 0.45), (20, 0.0), (25, 1.0 / 6.0)]);
    rates(CosineDecay::new(0.4, 8).alpha(0.5), &[(0, 0.4), (4, 0.3), (8, 0.2), (100, 0.2)]);
    rates(
        CosineDecay::new(0.1, 8).warmup(0.4, 3),
        &[(0, 0.1), (1, 0.2), (3, 0.4), (7, 0.2), (11, 0.0), (12, 0.0)],
    );
    rates(CosineDecay::new(0.1, 8).warmup(0.4, 0), &[(0, 0.4)]);
    let waves = CosineDecayRestarts::new(1.0, 10).m_mul(0.5);
    rates(waves, &[(0, 1.0), (5, 0.5), (10, 0.5), (20, 0.25), (30, 0.25), (70, 0.125)]);
    rates(waves.t_mul(1.0), &[(5, 0.5), (10, 0.5), (15, 0.25), (20, 0.25)]);
    rates(waves.alpha(0.5), &[(5, 0.75), (10, 0.75)]);
}

#[test]
fn a_wave_starts_where_it_should_however_a_logarithm_rounds() {
    for t_mul in [1.0, 1.5, 2.0, 3.0, 10.0] {
        let waves = CosineDecayRestarts::new(1.0, 100).t_mul(t_mul);
        let (mut start, mut length) = (0.0, 100.0);
        while start < 1e12 && length < 1e12 {
            if f64::fract(start) == 0.0 && f64::fract(length) == 0.0 {
                assert_eq!(waves.at(start as u64), 1.0, "{t_mul}: step {start}");
                let before = waves.at((start + length) as u64 - 1);
                assert!(before < 0.01, "{t_mul}: {before} before step {}", start + length);
            }
            (start, length) = (start + length, length * t_mul);
            if t_mul == 1.0 && start > 1e5 {
                break;
            }
        }
    }
}

#[test]
fn one_cycle_is_pytorchs() {
    // torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=10)
    let cycle = OneCycle::new(0.1, 10);
    rates(cycle, &[(0, 0.004), (1, 0.052), (2, 0.1), (9, 4e-7), (10, 4e-7), (u64::MAX, 4e-7)]);
    let between = 4e-7 + (0.1 - 4e-7) * 0.5 * (1.0 + (3.0 * std::f64::consts::PI / 7.0).cos());
    rates(cycle, &[(5, between)]);
    // Nothing but down, and nothing but up.
    rates(cycle.pct_start(0.0), &[(9, 4e-7)]);
    rates(cycle.pct_start(1.0), &[(0, 0.004), (9, 0.1), (10, 4e-7)]);
    rates(OneCycle::new(0.1, 1).pct_start(1.0), &[(0, 0.1), (1, 4e-7)]);
}

/// Checks that a setting is refused in both languages, with these English words.
#[track_caller]
fn refused(result: Result<()>, needle: &str) {
    let error: Error = result.unwrap_err();
    assert_eq!(error.code(), Code::E016, "{error}");
    assert!(error.to_string().contains(needle), "{error}");
    assert_ne!(error.in_lang(Lang::Es), error.to_string());
}

#[test]
fn schedules_out_of_range_are_refused() {
    let check = |rate: LearningRate| check_optimizer(&Sgd::new(rate));
    for rate in [f64::NAN, f64::INFINITY, 1e300, -0.1] {
        refused(check(rate.into()), "sgd: learning_rate must be at least 0, not ");
    }
    let decay = ExponentialDecay::new(0.1, 10, 0.9);
    for (schedule, needle) in [
        (
            ExponentialDecay { decay_steps: 0, ..decay }.into(),
            "decay_steps must be at least 1, not 0",
        ),
        (ExponentialDecay { decay_rate: -0.5, ..decay }.into(), "decay_rate must be at least 0"),
        (
            ExponentialDecay { initial_learning_rate: f64::NAN, ..decay }.into(),
            "ExponentialDecay: initial_learning_rate must be at least 0, not NaN",
        ),
        (InverseTimeDecay::new(0.1, 0, 0.9).into(), "InverseTimeDecay: decay_steps"),
        (InverseTimeDecay::new(0.1, 1, -0.9).into(), "decay_rate"),
        (PolynomialDecay::new(0.1, 0).into(), "PolynomialDecay: decay_steps"),
        (PolynomialDecay::new(0.1, 9).power(-1.0).into(), "power must be at least 0, not -1"),
        (PolynomialDecay::new(0.1, 9).end_learning_rate(-1.0).into(), "end_learning_rate"),
        (CosineDecay::new(0.1, 0).into(), "CosineDecay: decay_steps"),
        (CosineDecay::new(0.1, 9).alpha(-0.1).into(), "alpha"),
        (CosineDecay::new(0.1, 9).warmup(-0.1, 5).into(), "warmup_target"),
        (
            CosineDecay { warmup_steps: 100, ..CosineDecay::new(0.1, 9) }.into(),
            "warmup_steps is 100, but there is no warmup_target. Fix: ",
        ),
        (CosineDecayRestarts::new(0.1, 0).into(), "first_decay_steps must be at least 1"),
        (CosineDecayRestarts::new(0.1, 9).t_mul(0.5).into(), "t_mul must be at least 1, not 0.5"),
        (CosineDecayRestarts::new(0.1, 9).m_mul(-1.0).into(), "m_mul"),
        (OneCycle::new(0.1, 0).into(), "OneCycle: total_steps must be at least 1"),
        (OneCycle::new(0.1, 9).pct_start(1.5).into(), "pct_start must be between 0 and 1, not 1.5"),
        (OneCycle::new(0.1, 9).div_factor(0.0).into(), "div_factor must be above 0, not 0"),
        (
            PiecewiseConstantDecay::new([1, 2], [0.1, 0.2]).into(),
            "PiecewiseConstantDecay: 2 boundaries need 3 values, not 2",
        ),
        (
            PiecewiseConstantDecay::new([1, 5, 3], [0.1, 0.2, 0.3, 0.4]).into(),
            "boundaries must increase, but 5 comes before 3",
        ),
        (PiecewiseConstantDecay::new([4, 4], [0.1, 0.2, 0.3]).into(), "but 4 comes before 4"),
        (PiecewiseConstantDecay::new([4], [0.1, -0.2]).into(), "values must be at least 0"),
    ] {
        refused(check(schedule), needle);
    }
}

#[test]
fn options_out_of_range_or_against_each_other_are_refused() {
    let sgd = || Sgd::new(0.1);
    for (optimizer, needle) in [
        (
            sgd().clipnorm(1.0).clipvalue(0.5),
            "sgd: clipnorm and clipvalue are both set, but gradients are clipped in one way. Fix: keep one",
        ),
        (sgd().global_clipnorm(1.0).clipnorm(0.5), "clipnorm and global_clipnorm"),
        (sgd().clipvalue(1.0).global_clipnorm(0.5), "clipvalue and global_clipnorm"),
        (sgd().clipnorm(0.0), "clipnorm must be above 0, not 0"),
        (sgd().clipvalue(-1.0), "clipvalue must be above 0, not -1"),
        (sgd().global_clipnorm(f64::NAN), "global_clipnorm must be above 0, not NaN"),
        (sgd().weight_decay(-0.1), "weight_decay must be at least 0, not -0.1"),
        (sgd().loss_scale_factor(0.0), "loss_scale_factor must be above 0"),
        (
            sgd().gradient_accumulation_steps(1),
            "gradient_accumulation_steps must be at least 2, not 1",
        ),
        (sgd().use_ema(true).ema_momentum(1.1), "ema_momentum must be between 0 and 1, not 1.1"),
        (
            sgd().use_ema(true).ema_overwrite_frequency(0),
            "ema_overwrite_frequency must be at least 1, not 0",
        ),
        (
            sgd().ema_overwrite_frequency(5),
            "ema_overwrite_frequency is 5, but use_ema is off: there is no average to overwrite with. Fix: add",
        ),
    ] {
        refused(check_optimizer(&optimizer), needle);
    }
    check_optimizer(&sgd().clipnorm(1.0).use_ema(true).ema_overwrite_frequency(5)).unwrap();
}

#[test]
fn settings_out_of_range_are_refused() {
    let cases: Vec<(Box<dyn Optimizer>, &str)> = vec![
        (
            Box::new(Sgd { momentum: 1.5, ..Sgd::default() }),
            "sgd: momentum must be between 0 and 1",
        ),
        (Box::new(RmsProp { rho: -0.5, ..RmsProp::default() }), "rmsprop: rho"),
        (
            Box::new(Adam { beta_1: 1.0, ..Adam::default() }),
            "beta_1 must be at least 0 and below 1",
        ),
        (
            Box::new(Adam { epsilon: -1e-9, ..Adam::default() }),
            "epsilon must be at least 0, not -1e-9",
        ),
        (
            Box::new(AdamW { adam: Adam { beta_2: 2.0, ..Adam::default() }, ..AdamW::default() }),
            "adamw: beta_2",
        ),
        (Box::new(AdamW { weight_decay: -1.0, ..AdamW::default() }), "adamw: weight_decay"),
        (
            Box::new(Adagrad { initial_accumulator_value: -1.0, ..Adagrad::default() }),
            "initial_accumulator_value must be at least 0, not -1",
        ),
        (Box::new(Adadelta { rho: 2.0, ..Adadelta::default() }), "adadelta: rho"),
        (Box::new(Adamax { beta_2: 1.0, ..Adamax::default() }), "adamax: beta_2"),
        (Box::new(Nadam { beta_1: 1.0, ..Nadam::default() }), "nadam: beta_1"),
        (Box::new(Lion { beta_1: 0.0, ..Lion::default() }), "lion: beta_1 must be above 0"),
        (Box::new(Lion { beta_1: 1.5, ..Lion::default() }), "lion: beta_1 must be between 0 and 1"),
        (Box::new(Lamb { beta_2: 1.0, ..Lamb::default() }), "lamb: beta_2"),
        (
            Box::new(Ftrl { learning_rate_power: 0.5, ..Ftrl::default() }),
            "learning_rate_power must be at most 0, not 0.5",
        ),
        (Box::new(Ftrl::new(0.0)), "ftrl: learning_rate must be above 0, not 0"),
        (Box::new(Muon { momentum: 1.5, ..Muon::default() }), "muon: momentum"),
        (
            Box::new(Adafactor { clip_threshold: 0.0, ..Adafactor::default() }),
            "clip_threshold must be above 0",
        ),
        (Box::new(Adafactor::new(0.1).clipnorm(1.0).clipvalue(1.0)), "adafactor: clipnorm and"),
        (
            Box::new(Tuned { optimizer: Lion::new(-1.0), options: Options::default() }),
            "lion: learning_rate",
        ),
        (Box::new(Lamb { beta_1: 1.0, ..Lamb::default() }.use_ema(true)), "lamb: beta_1"),
    ];
    for (optimizer, needle) in cases {
        refused(check_optimizer(&*optimizer), needle);
    }
}

#[test]
fn every_name_finds_its_optimizer_in_any_case() {
    for (name, class) in [
        ("SGD", "sgd"),
        ("RMSprop", "rmsprop"),
        ("Adam", "adam"),
        ("AdamW", "adamw"),
        ("Adagrad", "adagrad"),
        ("Adadelta", "adadelta"),
        ("Adamax", "adamax"),
        ("Nadam", "nadam"),
        ("Lion", "lion"),
        ("Lamb", "lamb"),
        ("Ftrl", "ftrl"),
        ("Muon", "muon"),
        ("Adafactor", "adafactor"),
    ] {
        let optimizer = optimizer_from_name(name).unwrap();
        assert_eq!(optimizer.name(), class);
        let rate = if class == "sgd" { 0.01 } else { 0.001 };
        assert_eq!(*optimizer.learning_rate(), LearningRate::Constant(rate), "{name}");
        check_optimizer(&*optimizer).unwrap();
    }
    let error = optimizer_from_name("adagrda").unwrap_err();
    assert!(error.to_string().contains("Did you mean \"adagrad\"?"), "{error}");
}

#[test]
fn options_gather_in_one_wrapper_over_the_optimizers_own() {
    let optimizer: Tuned<AdamW> =
        AdamW::new(0.01).clipnorm(1.0).exclude_from_weight_decay(["bias"]);
    assert_eq!(optimizer.options.weight_decay, Some(0.004));
    assert!(
        !optimizer.options().decays("dense/bias") && optimizer.options().decays("dense/kernel")
    );
    let stronger: Tuned<AdamW> = optimizer.weight_decay(0.1);
    assert_eq!((stronger.options.weight_decay, stronger.options.clipnorm), (Some(0.1), Some(1.0)));
}

/// How many steps of a training program make the next state, and how many weights it has.
fn steps_that_update(optimizer: &dyn Optimizer) -> (usize, usize) {
    let mut network = Network::default();
    network.push(Box::new(Dense::new(20).activation(Activation::Relu)));
    network.push(Box::new(Dense::new(10).activation(Activation::Softmax)));
    let sample = Shape::new(&[30]).unwrap();
    let spec = StepGraph { network: &network, inputs: &[(sample, DType::F32)], batch: 8 };
    let loss = CategoricalCrossentropy::default();
    let output = OutputObjective {
        loss: std::sync::Arc::new(loss),
        weight: 1.0,
        metrics: vec![],
        targets: Targets::Numbers,
    };
    let objective = Objective { outputs: &[output], weighted: false };
    let graph = train_graph(spec, objective, optimizer).unwrap();
    let program = compile(&graph);
    assert_eq!(program.guards.len(), 0, "steps look at all that must be finite:\n{program}");
    let updates = program.steps.iter().filter(|step| match &step.kind {
        Kind::Fused(fused) => fused.kept().any(|slot| slot.space == Space::Next),
        Kind::Copy { out, .. } => out.space == Space::Next,
        Kind::MatMul { .. } | Kind::Reduce { .. } | Kind::Op { .. } => false,
    });
    (updates.count(), network.build(&[vec![30]]).unwrap().weights.len())
}

#[test]
fn a_weight_is_changed_in_one_pass_over_memory() {
    let optimizers: Vec<Box<dyn Optimizer>> = vec![
        Box::new(Sgd::default()),
        Box::new(Adam::default()),
        Box::new(AdamW::default().exclude_from_weight_decay(["bias"])),
        Box::new(Adagrad::default()),
        Box::new(Adadelta::default()),
        Box::new(Adamax::default()),
        Box::new(Ftrl::default()),
        Box::new(Adam::default().clipvalue(1.0).use_ema(true).loss_scale_factor(8.0)),
        Box::new(Adam::default().clipnorm(1.0)),
    ];
    for optimizer in optimizers {
        let (steps, weights) = steps_that_update(&*optimizer);
        assert_eq!(steps, weights, "{optimizer:?}");
    }
}

/// The memories that training keeps for an optimizer, and those that a file has.
fn memories(optimizer: &dyn Optimizer) -> (Vec<String>, Vec<String>) {
    let mut network = Network::default();
    network.push(Box::new(Dense::new(4)));
    let sample = Shape::new(&[3]).unwrap();
    let spec = StepGraph { network: &network, inputs: &[(sample, DType::F32)], batch: 2 };
    let output = OutputObjective {
        loss: std::sync::Arc::new(MeanSquaredError),
        weight: 1.0,
        metrics: vec![],
        targets: Targets::Numbers,
    };
    let objective = Objective { outputs: &[output], weighted: false };
    let graph = train_graph(spec, objective, optimizer).unwrap();
    let weights = network.build(&[vec![3]]).unwrap().weights;
    let weights: Vec<(&str, Shape)> =
        weights.iter().map(|weight| (weight.name.as_str(), weight.shape)).collect();
    // The memories of a weight; counters of turns are computed from the number of steps.
    let is_memory = |name: &&str| name.matches('/').count() > 1;
    let names = graph.inputs.iter().map(|input| input.name.as_str());
    let kept: Vec<String> = names.filter(is_memory).map(str::to_owned).collect();
    let variables =
        optimizer_variables(optimizer, &weights, &|name| kept.iter().any(|k| k == name));
    let mut saved: Vec<String> = Vec::new();
    for variable in variables {
        match variable {
            Variable::Memory { states, .. } => saved.extend(states),
            Variable::Iterations | Variable::LearningRate | Variable::Unused(_) => {}
        }
    }
    (kept, saved)
}

#[test]
fn files_have_every_memory_of_every_optimizer() {
    for name in super::super::optimizers::NAMES {
        let optimizer = || optimizer_from_name(name).unwrap();
        assert_eq!(optimizer().name(), *name);
        assert_eq!(optimizer_from_config(optimizer().config().unwrap()).unwrap().name(), *name);
        let all = optimizer().use_ema(true).gradient_accumulation_steps(2);
        let plain: Vec<Box<dyn Optimizer>> = vec![
            optimizer(),
            Box::new(all),
            Box::new(Sgd { momentum: 0.9, ..Sgd::default() }),
            Box::new(Adam { amsgrad: true, ..Adam::default() }),
            Box::new(RmsProp { momentum: 0.9, centered: true, ..RmsProp::default() }),
        ];
        for optimizer in plain {
            let (mut kept, mut saved) = memories(&*optimizer);
            kept.sort();
            saved.sort();
            assert_eq!(kept, saved, "{optimizer:?}");
        }
    }
}
