//! Names in logs and in files; and what is said about choices that are legal but seldom meant.

use super::super::losses::doubts;
use crate::message::Lang;
use crate::nn::*;
use crate::tensor::Shape;
use std::sync::Arc;

#[test]
fn a_second_metric_of_a_name_is_numbered_and_weighted_ones_choose_last() {
    use Metric::{Accuracy, MeanAbsoluteError as Mae};
    let check = |metrics: &[Metric], expected: &[&str]| {
        assert_eq!(metric_names(metrics), expected);
    };
    check(&[], &[]);
    check(&[Accuracy], &["accuracy"]);
    check(
        &[Mae, Mae, Mae],
        &["mean_absolute_error", "mean_absolute_error_1", "mean_absolute_error_2"],
    );
    check(&[Mae.weighted()], &["mean_absolute_error"]);
    check(&[Mae.weighted(), Mae], &["weighted_mean_absolute_error", "mean_absolute_error"]);
    check(
        &[Mae, Mae.weighted(), Mae.weighted()],
        &["mean_absolute_error", "weighted_mean_absolute_error", "weighted_mean_absolute_error_1"],
    );
    check(&[Mae.named("off"), Mae], &["off", "mean_absolute_error"]);
}

#[test]
fn logs_name_the_loss_then_each_outputs_then_the_metrics() {
    let output = |metrics: &[Metric]| OutputObjective {
        loss: Arc::new(MeanSquaredError),
        weight: 1.0,
        metrics: metrics.to_vec(),
        targets: Targets::Numbers,
    };
    let names = |outputs: &[OutputObjective], of: &[&str]| {
        let of: Vec<String> = of.iter().map(|&name| name.to_owned()).collect();
        Objective { outputs, weighted: false }.log_names(&of)
    };
    let mae = Metric::MeanAbsoluteError;
    assert_eq!(
        names(&[output(std::slice::from_ref(&mae))], &["y"]),
        ["loss", "mean_absolute_error"]
    );
    assert_eq!(
        names(&[output(&[]), output(&[mae])], &["far", "kind"]),
        ["loss", "far_loss", "kind_loss", "kind_mean_absolute_error"]
    );
}

/// What an optimizer keeps for a kernel and a bias, as `kernel momentum`; `-` for what Keras keeps
/// and never uses.
fn variables(optimizer: &dyn Optimizer) -> Vec<String> {
    let shape = |dims: &[usize]| Shape::new(dims).unwrap();
    let weights = [("d/kernel", shape(&[2, 3])), ("d/bias", shape(&[3]))];
    let has = |name: &str| !name.ends_with("gradient_accumulator");
    let prefix = format!("{}/d/", optimizer.name());
    let told = |variable: Variable| match variable {
        Variable::Iterations => "iterations".to_owned(),
        Variable::LearningRate => "rate".to_owned(),
        Variable::Unused(_) => "-".to_owned(),
        Variable::Memory { states, .. } => {
            let states: Vec<String> = states
                .iter()
                .map(|state| state.strip_prefix(&prefix).unwrap_or(state).replace('/', " "))
                .collect();
            states.join("+")
        }
    };
    optimizer_variables(optimizer, &weights, &has).into_iter().map(told).collect()
}

#[test]
fn optimizers_keep_their_memories_in_keras_order() {
    let check = |optimizer: &dyn Optimizer, expected: &str| {
        let expected = format!("iterations, rate, {expected}");
        assert_eq!(variables(optimizer).join(", "), expected, "{}", optimizer.name());
    };
    let turns = "kernel momentum, kernel velocity, bias momentum, bias velocity";
    check(&Sgd::default(), "kernel momentum, bias momentum");
    check(&Lion::default(), "kernel momentum, bias momentum");
    check(&Adagrad::default(), "kernel accumulator, bias accumulator");
    check(
        &Adadelta::default(),
        "kernel accumulated_grad, kernel accumulated_delta_var, \
         bias accumulated_grad, bias accumulated_delta_var",
    );
    check(&Adamax::default(), "kernel momentum, kernel norm, bias momentum, bias norm");
    check(&Ftrl::default(), "kernel accumulator, kernel linear, bias accumulator, bias linear");
    check(
        &RmsProp::default(),
        "kernel velocity, bias velocity, kernel momentum, bias momentum, \
         kernel average_gradient, bias average_gradient",
    );
    for adam in [&Adam::default() as &dyn Optimizer, &AdamW::default(), &Lamb::default()] {
        check(adam, &format!("{turns}, kernel velocity_hat, bias velocity_hat"));
    }
    check(
        &Nadam::default(),
        &format!(
            "{turns}, kernel velocity_hat, bias velocity_hat, kernel u_product+bias u_product"
        ),
    );
    check(&Adafactor::default(), "kernel r, kernel c, -, -, -, bias velocity");
    // A schedule is not a number to keep.
    let scheduled =
        Sgd { learning_rate: ExponentialDecay::new(0.1, 10, 0.5).into(), ..Sgd::default() };
    assert_eq!(variables(&scheduled), ["iterations", "kernel momentum", "bias momentum"]);
}

#[test]
fn losses_that_do_not_suit_the_last_activation_are_doubted() {
    let said = |loss: &dyn Loss, activations: &[Activation]| -> Vec<String> {
        doubts(loss, activations).iter().map(|text| text.get(Lang::En).to_owned()).collect()
    };
    let check = |loss: &dyn Loss, activations: &[Activation], expected: &[&str]| {
        let said = said(loss, activations);
        assert_eq!(said.len(), expected.len(), "{said:?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.contains(expected), "{said}");
        }
    };
    use Activation::{Linear, Sigmoid, Softmax};
    let plain = CategoricalCrossentropy::default();
    let logits = CategoricalCrossentropy { from_logits: true, ..plain };
    check(&plain, &[Softmax], &[]);
    check(&plain, &[Sigmoid], &["divides the outputs by their sum"]);
    check(&SparseCategoricalCrossentropy::default(), &[Sigmoid], &["by their sum"]);
    check(&MeanSquaredError, &[Sigmoid], &[]);
    check(&BinaryCrossentropy::default(), &[Sigmoid], &[]);
    check(&logits, &[Linear], &[]);
    check(&logits, &[Softmax], &["already applies softmax"]);
    check(&logits, &[Sigmoid], &["already applies sigmoid"]);
    check(&plain, &[Softmax, Sigmoid], &[]);
    for flat in [Activation::BinaryThreshold, Activation::BipolarThreshold] {
        check(&plain, &[Softmax, flat], &["derivative zero everywhere"]);
    }
}
