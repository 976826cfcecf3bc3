//! Optimizers and their options over a thousand steps.

use super::schedules::learning_rate;
use super::{F64, Json, cases, close, f64s, floats, golden, start};
use crate::graph::{Builder, Graph, Real, Role, Value, interpret};
use crate::nn::*;
use crate::tensor::DType;

/// Over 1,000 steps each float32 engine rounds its own way: Keras' own two precisions differ by 4e-5.
const F32_STEPS: f64 = 1e-4;

/// The optimizer of a case. Every key of its configuration must be known here.
pub(super) fn optimizer(name: &str, config: &Json, without_decay: &Json) -> Box<dyn Optimizer> {
    let mut settings = Settings { config, without_decay, used: Vec::new() };
    let optimizer = settings.optimizer(name);
    for key in config.as_object().into_iter().flat_map(serde_json::Map::keys) {
        assert!(settings.used.contains(&key.as_str()), "{name} has no setting {key} here: add it");
    }
    optimizer
}

/// A configuration as Keras writes it, and which keys have been asked for.
struct Settings<'a> {
    config: &'a Json,
    /// Names of weights that do not decay, which in Keras is no setting but a call.
    without_decay: &'a Json,
    used: Vec<&'static str>,
}

impl Settings<'_> {
    fn get(&mut self, key: &'static str) -> &Json {
        self.used.push(key);
        &self.config[key]
    }

    fn number(&mut self, key: &'static str, default: f64) -> f64 {
        self.get(key).as_f64().unwrap_or(default)
    }

    fn maybe(&mut self, key: &'static str, default: Option<f64>) -> Option<f64> {
        // A `null` that is written means none, whatever the default is.
        let is_set = self.config.as_object().is_some_and(|config| config.contains_key(key));
        let value = self.get(key).as_f64();
        if is_set { value } else { default }
    }

    fn flag(&mut self, key: &'static str, default: bool) -> bool {
        self.get(key).as_bool().unwrap_or(default)
    }

    fn rate(&mut self, default: f64) -> LearningRate {
        match self.get("learning_rate") {
            Json::Object(schedule) => {
                learning_rate(schedule["class_name"].as_str().unwrap(), &schedule["config"])
            }
            rate => rate.as_f64().unwrap_or(default).into(),
        }
    }

    fn adam(&mut self) -> Adam {
        Adam {
            learning_rate: self.rate(0.001),
            beta_1: self.number("beta_1", 0.9),
            beta_2: self.number("beta_2", 0.999),
            epsilon: self.number("epsilon", 1e-7),
            amsgrad: self.flag("amsgrad", false),
        }
    }

    fn optimizer(&mut self, name: &str) -> Box<dyn Optimizer> {
        let rate = self.rate(0.001);
        match name {
            "SGD" => {
                let optimizer = Sgd {
                    learning_rate: self.rate(0.01),
                    momentum: self.number("momentum", 0.0),
                    nesterov: self.flag("nesterov", false),
                };
                self.tuned(optimizer)
            }
            "RMSprop" => {
                let optimizer = RmsProp {
                    learning_rate: rate,
                    rho: self.number("rho", 0.9),
                    momentum: self.number("momentum", 0.0),
                    epsilon: self.number("epsilon", 1e-7),
                    centered: self.flag("centered", false),
                };
                self.tuned(optimizer)
            }
            "Adam" => {
                let adam = self.adam();
                self.tuned(adam)
            }
            "AdamW" => {
                let adam = self.adam();
                self.tuned(AdamW { adam, ..AdamW::default() })
            }
            "Adagrad" => {
                let optimizer = Adagrad {
                    learning_rate: rate,
                    initial_accumulator_value: self.number("initial_accumulator_value", 0.1),
                    epsilon: self.number("epsilon", 1e-7),
                };
                self.tuned(optimizer)
            }
            "Adadelta" => {
                let optimizer = Adadelta {
                    learning_rate: rate,
                    rho: self.number("rho", 0.95),
                    epsilon: self.number("epsilon", 1e-7),
                };
                self.tuned(optimizer)
            }
            "Adamax" => {
                let Adam { beta_1, beta_2, epsilon, .. } = self.adam();
                self.tuned(Adamax { learning_rate: rate, beta_1, beta_2, epsilon })
            }
            "Nadam" => {
                let Adam { beta_1, beta_2, epsilon, .. } = self.adam();
                self.tuned(Nadam { learning_rate: rate, beta_1, beta_2, epsilon })
            }
            "Lamb" => {
                let Adam { beta_1, beta_2, epsilon, .. } = self.adam();
                self.tuned(Lamb { learning_rate: rate, beta_1, beta_2, epsilon })
            }
            "Lion" => {
                let (beta_1, beta_2) = (self.number("beta_1", 0.9), self.number("beta_2", 0.99));
                self.tuned(Lion { learning_rate: rate, beta_1, beta_2 })
            }
            "Ftrl" => {
                let optimizer = Ftrl {
                    learning_rate: rate,
                    learning_rate_power: self.number("learning_rate_power", -0.5),
                    initial_accumulator_value: self.number("initial_accumulator_value", 0.1),
                    l1_regularization_strength: self.number("l1_regularization_strength", 0.0),
                    l2_regularization_strength: self.number("l2_regularization_strength", 0.0),
                    l2_shrinkage_regularization_strength: self
                        .number("l2_shrinkage_regularization_strength", 0.0),
                    beta: self.number("beta", 0.0),
                };
                self.tuned(optimizer)
            }
            "Muon" => {
                let muon = self.muon(rate);
                self.tuned(muon)
            }
            "Adafactor" => {
                // It changes no number: see `Adafactor`.
                self.flag("relative_step", true);
                let optimizer = Adafactor {
                    learning_rate: rate,
                    beta_2_decay: self.number("beta_2_decay", -0.8),
                    epsilon_1: self.number("epsilon_1", 1e-30),
                    epsilon_2: self.number("epsilon_2", 1e-3),
                    clip_threshold: self.number("clip_threshold", 1.0),
                };
                self.tuned(optimizer)
            }
            other => panic!("no optimizer {other} here: add it"),
        }
    }

    fn muon(&mut self, learning_rate: LearningRate) -> Muon {
        Muon {
            learning_rate,
            adam_beta_1: self.number("adam_beta_1", 0.9),
            adam_beta_2: self.number("adam_beta_2", 0.999),
            adam_weight_decay: self.maybe("adam_weight_decay", Some(0.004)),
            epsilon: self.number("epsilon", 1e-7),
            weight_decay: self.maybe("weight_decay", Some(0.004)),
            exclude_layers: texts(self.get("exclude_layers")),
            exclude_embeddings: self.flag("exclude_embeddings", true),
            muon_a: self.number("muon_a", 3.4445),
            muon_b: self.number("muon_b", -4.775),
            muon_c: self.number("muon_c", 2.0315),
            adam_lr_ratio: self.number("adam_lr_ratio", 1.0),
            momentum: self.number("momentum", 0.95),
            ns_steps: self.number("ns_steps", 5.0) as usize,
            nesterov: self.flag("nesterov", true),
            rms_rate: self.maybe("rms_rate", Some(0.2)),
        }
    }

    /// With the options of the case.
    fn tuned(&mut self, optimizer: impl Optimizer + 'static) -> Box<dyn Optimizer> {
        let own = optimizer.options();
        let options = Options {
            weight_decay: self.maybe("weight_decay", own.weight_decay),
            exclude_from_weight_decay: texts(self.without_decay),
            clipnorm: self.maybe("clipnorm", None),
            clipvalue: self.maybe("clipvalue", None),
            global_clipnorm: self.maybe("global_clipnorm", None),
            use_ema: self.flag("use_ema", false),
            ema_momentum: self.number("ema_momentum", 0.99),
            ema_overwrite_frequency: self.get("ema_overwrite_frequency").as_u64(),
            loss_scale_factor: self.maybe("loss_scale_factor", None),
            gradient_accumulation_steps: self.get("gradient_accumulation_steps").as_u64(),
        };
        Box::new(optimizer.with(|all| *all = options))
    }
}

fn texts(json: &Json) -> Vec<String> {
    let texts = json.as_array().into_iter().flatten();
    texts.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The weights and memories of an optimizer, and one step of it as a graph.
struct Run<'a, F> {
    graph: Graph,
    optimizer: &'a dyn Optimizer,
    state: Vec<Value<F>>,
    steps: u64,
}

impl<'a, F: Real> Run<'a, F> {
    /// Weights of these names and shapes, with these values.
    fn new(optimizer: &'a dyn Optimizer, weights: &[(String, Vec<usize>, Vec<f64>)]) -> Self {
        let builder = Builder::new();
        let step = StepInputs::declare(&builder);
        let gradients: Vec<_> = (0..)
            .zip(weights)
            .map(|(i, (_, dims, _))| {
                builder.input(&format!("gradient {i}"), Role::Batch, DType::F32, dims)
            })
            .collect();
        let params: Vec<Param> = weights
            .iter()
            .map(|(name, dims, _)| Param {
                name: name.clone(),
                expr: builder.input(name, Role::State, DType::F32, dims),
                constraint: None,
            })
            .collect();
        apply(&builder, optimizer, step, &params, &gradients);
        let graph = builder.finish().unwrap();
        graph.verify().unwrap();
        let states = graph.inputs.iter().filter(|input| input.role == Role::State);
        let mut state: Vec<Value<F>> = states.map(|input| start(&graph, input)).collect();
        for (slot, (_, _, values)) in state.iter_mut().zip(weights) {
            *slot = floats(values);
        }
        Run { graph, optimizer, state, steps: 0 }
    }

    /// The value of a state.
    fn memory(&self, name: &str) -> &Value<F> {
        let mut states = self.graph.inputs.iter().filter(|input| input.role == Role::State);
        &self.state[states.position(|input| input.name == name).unwrap()]
    }

    /// One step with these gradients.
    fn step(&mut self, gradients: &[Vec<f64>]) {
        let rate = self.optimizer.learning_rate().at(self.steps);
        self.steps += 1;
        let mut inputs = vec![floats(&[rate]), floats(&[self.steps as f64])];
        inputs.extend(gradients.iter().map(|gradient| floats(gradient)));
        let first = inputs.len();
        inputs.extend(self.state.iter().cloned());
        let next = interpret::<F>(&self.graph, &inputs);
        for (&(input, _), value) in self.graph.updates.iter().zip(next) {
            let number = self.graph.inputs.iter().position(|i| i.node == input).unwrap();
            self.state[number - first] = value;
        }
    }
}

/// The gradients of a step, as `tools/golden` makes them.
fn gradients(step: i64, sizes: &[usize]) -> Vec<Vec<f64>> {
    let mut index = 0..;
    let mut number = || {
        let i: i64 = index.next().unwrap();
        if (step + i) % 17 == 0 { 0.0 } else { ((step * 7 + i * 13) % 101 - 50) as f64 / 64.0 }
    };
    sizes.iter().map(|&size| (0..size).map(|_| number()).collect()).collect()
}

/// The weights of a case: name, shape, first values.
fn weights(case: &Json) -> Vec<(String, Vec<usize>, Vec<f64>)> {
    let weight = |(i, values): (usize, &Json)| {
        let values = list(values);
        let name = case["names"][i].as_str().map_or_else(|| format!("w{i}"), str::to_owned);
        let dims = case["shapes"][i].as_array();
        let dims = dims.map(|dims| dims.iter().map(|d| d.as_u64().unwrap() as usize).collect());
        (name, dims.unwrap_or_else(|| vec![values.len()]), values)
    };
    case["w0"].as_array().unwrap().iter().enumerate().map(weight).collect()
}

fn list(values: &Json) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Runs a case in one precision and compares all weights wherever Keras' are stored, and at the end their averages.
fn follow<F: Real>(case: &Json, precision: &str, bound: f64) {
    let (name, config) = (case["optimizer"].as_str().unwrap(), &case["config"]);
    let optimizer = optimizer(name, config, &case["exclude_from_weight_decay"]);
    check_optimizer(&*optimizer).unwrap();
    let weights = weights(case);
    let sizes: Vec<usize> = weights.iter().map(|(_, _, values)| values.len()).collect();
    let mut run: Run<'_, F> = Run::new(&*optimizer, &weights);
    let mut compared = 0;
    for step in 1..=1000 {
        run.step(&gradients(step, &sizes));
        let wanted = &case[format!("checkpoints_{precision}")][step.to_string()];
        for (found, wanted) in run.state.iter().zip(wanted.as_array().into_iter().flatten()) {
            compared += 1;
            let what = format!("{name} {config}, step {step}, {precision}");
            close(&what, &f64s(found), &list(wanted), bound, bound);
        }
    }
    assert!(compared >= 5 * weights.len(), "{name} {config}: only {compared} comparisons");
    let finals = case[format!("final_{precision}")].as_array();
    assert_eq!(finals.is_some(), optimizer.options().use_ema, "{name} {config}");
    for ((weight, _, _), wanted) in weights.iter().zip(finals.into_iter().flatten()) {
        let found = run.memory(&average_name(&*optimizer, weight));
        close(&format!("{name} {config}, average"), &f64s(found), &list(wanted), bound, bound);
    }
}

#[test]
fn optimizers_over_a_thousand_steps() {
    let file = golden("optimizers");
    for case in cases(&file, 77) {
        follow::<f64>(case, "f64", F64);
        follow::<f32>(case, "f32", F32_STEPS);
    }
}
