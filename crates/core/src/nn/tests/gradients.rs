//! Finite differences in f64 against the gradients of every layer and loss.

use crate::graph::{Builder, Expr, Role, Value, gradients, interpret};
use crate::nn::layers::{Dense, Dropout, Flatten, Rescaling, Reshape};
use crate::nn::*;
use crate::tensor::{Axes, DType};

/// Numbers whose kinks (at 0, ±3) are out of reach of a difference; a hundred of them are all
/// different.
pub(super) fn number(i: usize) -> f64 {
    ((i * 37 + 3) % 101) as f64 / 46.0 - 1.05
}

/// Checks the gradient of the sum of `f`'s values with respect to all inputs that `f` declares as state.
pub(super) fn check(name: &str, f: impl for<'g> Fn(&'g Builder) -> (Expr<'g>, Vec<Expr<'g>>)) {
    let builder = Builder::new();
    let (y, inputs) = f(&builder);
    assert!(!inputs.is_empty(), "{name}: nothing to differentiate with respect to");
    let weights = builder.iota(0, &[y.shape().elems()]).cast(DType::F32) * 0.3 + 0.7;
    let loss = (y.reshape(&[y.shape().elems()]) * weights).sum_all();
    builder.output("loss", loss);
    gradients(loss, &inputs).into_iter().for_each(|dx| builder.output("gradient", dx));
    let nodes: Vec<_> = inputs.iter().map(|x| x.id()).collect();
    let graph = builder.finish().unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut values: Vec<Value<f64>> = Vec::new();
    for (i, input) in graph.inputs.iter().enumerate() {
        let n = graph.ty(input.node).shape.elems();
        values.push(match (graph.ty(input.node).dtype, input.name.as_str()) {
            // Groups of two.
            (DType::I32, "y") => Value::Int((0..n as i32).map(|i| i / 2).collect()),
            (DType::I32, _) => Value::Int((0..n as i32).collect()),
            // Targets: probabilities whose rows sum to one where there are three.
            (_, "y") => Value::Float((0..n).map(|i| [0.2, 0.5, 0.3][i % 3]).collect()),
            // Predictions for a loss that takes probabilities.
            (_, "p") => Value::Float((0..n).map(|i| 0.1 + 0.08 * (i % 9) as f64).collect()),
            _ => Value::Float((0..n).map(|j| number(j + 5 * i)).collect()),
        });
    }
    let found = interpret(&graph, &values);
    for (number, node) in nodes.iter().enumerate() {
        let i = graph.inputs.iter().position(|input| input.node == *node).unwrap();
        for j in 0..graph.ty(*node).shape.elems() {
            let at = |change: f64| {
                let mut moved = values.clone();
                let Value::Float(v) = &mut moved[i] else { panic!("{name}: a float") };
                v[j] += change;
                interpret(&graph, &moved)[0].floats()[0]
            };
            let numeric = (at(1e-6) - at(-1e-6)) / 2e-6;
            let analytic = found[1 + number].floats()[j];
            let scale = 1.0 + numeric.abs().max(analytic.abs());
            assert!(
                (numeric - analytic).abs() <= 1e-6 * scale,
                "{name}, input {i}, element {j}: rule {analytic}, difference {numeric}"
            );
        }
    }
}

fn check_layer(layer: impl Layer + 'static, sample: &[usize]) {
    let name = format!("{layer:?}");
    let mut network = Network::default();
    network.push(Box::new(layer));
    check(&name, |builder| {
        let x = builder.input("x", Role::State, DType::F32, &[&[2], sample].concat());
        let key = builder.input("key", Role::Batch, DType::I32, &[4]);
        let trace = network.trace(builder, &[x], Some(key));
        let inputs = std::iter::once(x).chain(trace.weights.iter().map(|(_, w)| *w)).collect();
        (trace.outputs[0], inputs)
    });
}

#[test]
fn every_layer() {
    for activation in Activation::ALL.into_iter().filter(|a| a.is_differentiable()) {
        check_layer(activation, &[6]);
        check_layer(activation, &[2, 4]);
        check_layer(Dense::new(4).activation(activation), &[4]);
    }
    check_layer(Dense::new(1), &[1]);
    check_layer(Dense { use_bias: false, ..Dense::new(2) }, &[3, 2]);
    check_layer(Flatten, &[2, 3]);
    check_layer(Reshape::new([3, -1]), &[2, 3]);
    check_layer(Dropout::new(0.4), &[7]);
    check_layer(Rescaling::new(0.5).offset(1.0), &[3]);
    let mut inner = Network::default();
    inner.push(Box::new(Dense::new(2).activation(Activation::Tanh)));
    check_layer(inner.clone(), &[3]);
    check_layer(Pretrained::new(inner, []), &[3]);
}

#[test]
fn thresholds_pass_no_gradient() {
    for activation in [Activation::BinaryThreshold, Activation::BipolarThreshold] {
        check_layer(activation, &[5]);
        assert!(!activation.is_differentiable());
    }
}

#[test]
fn every_loss_on_every_kind_of_prediction() {
    // How predictions come: as they are, or from an activation that a loss may look through.
    let heads: [(&str, Activation); 3] =
        [("p", Activation::Linear), ("x", Activation::Softmax), ("x", Activation::Sigmoid)];
    let losses: Vec<Box<dyn Loss>> = vec![
        Box::new(CategoricalCrossentropy::default()),
        Box::new(CategoricalCrossentropy { label_smoothing: 0.1, ..Default::default() }),
        Box::new(CategoricalCrossentropy { from_logits: true, ..Default::default() }),
        Box::new(SparseCategoricalCrossentropy::default()),
        Box::new(SparseCategoricalCrossentropy { ignore_class: Some(1), from_logits: false }),
        Box::new(BinaryCrossentropy::default()),
        Box::new(BinaryCrossentropy { label_smoothing: 0.2, ..Default::default() }),
        Box::new(BinaryCrossentropy { from_logits: true, ..Default::default() }),
        Box::new(CategoricalFocalCrossentropy::default()),
        Box::new(CategoricalFocalCrossentropy { from_logits: true, ..Default::default() }),
        Box::new(BinaryFocalCrossentropy::default()),
        Box::new(BinaryFocalCrossentropy { apply_class_balancing: true, ..Default::default() }),
        Box::new(BinaryFocalCrossentropy { from_logits: true, ..Default::default() }),
        Box::new(CategoricalGeneralizedCrossEntropy::default()),
        Box::new(KLDivergence),
        Box::new(Poisson),
        Box::new(MeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(MeanAbsolutePercentageError),
        Box::new(MeanSquaredLogarithmicError),
        Box::new(Huber::default()),
        Box::new(Huber { delta: 0.1 }),
        Box::new(LogCosh),
        Box::new(CosineSimilarity),
        Box::new(Hinge),
        Box::new(SquaredHinge),
        Box::new(CategoricalHinge),
        Box::new(Dice::default()),
        Box::new(Dice { axis: Some(Axes::new(&[1])) }),
        Box::new(Tversky::default()),
        Box::new(Circle { gamma: 2.0, ..Default::default() }),
    ];
    for loss in &losses {
        for (input, head) in heads {
            check(&format!("{loss:?} after {head:?}"), |builder| {
                let x = builder.input(input, Role::State, DType::F32, &[4, 3]);
                let prediction = head.apply(x);
                let targets = match loss.target_kind() {
                    TargetKind::Groups => Targets::Groups,
                    TargetKind::Classes | TargetKind::Probabilities | TargetKind::Numbers => {
                        Targets::Numbers
                    }
                };
                let target = targets.input(builder, "y", prediction);
                (loss.per_sample(target, prediction), vec![x])
            });
        }
    }
}
