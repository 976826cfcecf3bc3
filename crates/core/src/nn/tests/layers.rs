//! Every layer in a table: its shapes, its weights, its gradient, and a step of training.

use super::gradients::{check, number};
use crate::graph::{Expr, Role, Value, interpret};
use crate::nn::config::Object;
use crate::nn::layers::*;
use crate::nn::*;
use crate::tensor::{DType, Shape, random::Source};
use std::sync::Arc;

/// A weight: its name without its layer's name, and its shape.
type Named<'a> = (&'a str, &'a [usize]);

/// A network with one layer, for samples of these shapes.
fn alone(layer: &Shared, samples: &[&[usize]]) -> Network {
    let inputs: Vec<Symbol> = samples.iter().map(|sample| Input::new(*sample)).collect();
    let output = layer.on(&inputs[..]);
    Network::functional(&inputs.iter().collect::<Vec<_>>(), &[&output]).unwrap()
}

/// Checks a layer with one input: see [`check_merge`].
#[track_caller]
fn check_layer(
    layer: impl Layer + 'static,
    sample: &[usize],
    output: &[usize],
    weights: &[Named<'_>],
) {
    check_merge(layer, &[sample], output, weights);
}

/// Checks a layer's results for samples of these shapes: the shape of the output, the names and
/// shapes of its weights, its gradient by finite differences, and that a step of training changes
/// exactly what learns.
#[track_caller]
fn check_merge(
    layer: impl Layer + 'static,
    samples: &[&[usize]],
    output: &[usize],
    weights: &[Named<'_>],
) {
    let name = format!("{layer:?} on {samples:?}");
    // Its description in a file gives the same layer again. Networks are not distinguished by their
    // settings.
    if let Some(config) = layer.config() {
        let object = Object { class: layer.class_name().to_owned(), config };
        let read = layer_from_config(object).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(format!("{read:?}"), format!("{layer:?}"));
    }
    let network = alone(&Shared::new(layer), samples);
    let dims: Vec<Vec<usize>> = samples.iter().map(|sample| sample.to_vec()).collect();
    let built = network.build(&dims).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(built.outputs[0].dims(), output, "{name}");
    let found: Vec<Named<'_>> =
        built.weights.iter().map(|w| (w.name.split_once('/').unwrap().1, w.shape.dims())).collect();
    assert_eq!(found, weights, "{name}");

    check(&name, |builder| {
        let inputs: Vec<Expr<'_>> = samples
            .iter()
            .enumerate()
            .map(|(i, sample)| {
                let dims = [&[2], *sample].concat();
                builder.input(&format!("x {i}"), Role::State, DType::F32, &dims)
            })
            .collect();
        let key = builder.input("key", Role::Batch, DType::I32, &[4]);
        let trace = network.trace(builder, &inputs, Some(key));
        let all = inputs.iter().copied().chain(trace.weights.iter().map(|(_, w)| *w)).collect();
        (trace.outputs[0], all)
    });
    check_step(&name, &network, samples, &built.weights);
}

/// One step of training: the trainable weights move, and weights that are neither trainable nor
/// updated by the layer are not touched.
#[track_caller]
fn check_step(name: &str, network: &Network, samples: &[&[usize]], weights: &[Weight]) {
    let inputs: Vec<(Shape, DType)> =
        samples.iter().map(|sample| (Shape::new(sample).unwrap(), DType::F32)).collect();
    let spec = StepGraph { network, inputs: &inputs, batch: 2 };
    let output = OutputObjective {
        loss: Arc::new(MeanSquaredError),
        weight: 1.0,
        metrics: vec![],
        targets: Targets::Numbers,
    };
    let objective = Objective { outputs: &[output], weighted: false };
    let graph = train_graph(spec, objective, &Sgd::default()).unwrap();
    let values: Vec<Value<f64>> = graph
        .inputs
        .iter()
        .map(|input| {
            let shape = graph.ty(input.node).shape;
            let numbered = || (0..shape.elems()).map(number).collect();
            match weights.iter().find(|weight| weight.name == input.name) {
                Some(weight) => {
                    let source = Source { seed: 1, stream: 0, step: 0 };
                    let values = weight.settings.initializer.values(shape, source);
                    Value::Float(values.into_iter().map(f64::from).collect())
                }
                None if graph.ty(input.node).dtype == DType::I32 => Value::Int(vec![1, 0, 2, 0]),
                None => Value::Float(numbered()),
            }
        })
        .collect();
    let results = interpret(&graph, &values);
    let updates: Vec<_> = graph.updates.iter().zip(&results[graph.outputs.len()..]).collect();
    for weight in weights {
        let place = graph.inputs.iter().position(|input| input.name == weight.name).unwrap();
        let node = graph.inputs[place].node;
        let next = updates.iter().find(|((state, _), _)| *state == node).map(|(_, value)| *value);
        match next {
            Some(next) => assert_ne!(next, &values[place], "{name}: {} stays", weight.name),
            None => assert!(!weight.trainable, "{name}: {} is not updated", weight.name),
        }
    }
}

#[test]
fn convolutions() {
    use Padding::{Causal, Same};
    check_layer(Conv1D::new(3, 3), &[5, 2], &[3, 3], &[("kernel", &[3, 2, 3]), ("bias", &[3])]);
    let layer = Conv1D::new(4, 3).padding(Causal).dilation_rate(2).groups(2).without_bias();
    check_layer(layer, &[5, 2], &[5, 4], &[("kernel", &[3, 1, 4])]);
    let layer = Conv1D::new(2, 2).padding(Same).strides(2).activation(Activation::Tanh);
    check_layer(layer, &[5, 1], &[3, 2], &[("kernel", &[2, 1, 2]), ("bias", &[2])]);
    let weights: [Named<'_>; 2] = [("kernel", &[2, 3, 2, 3]), ("bias", &[3])];
    check_layer(Conv2D::new(3, [2, 3]), &[4, 5, 2], &[3, 3, 3], &weights);
    let layer =
        Conv2D::new(3, [2, 3]).padding(Same).strides([2, 1]).activation(Activation::Sigmoid);
    check_layer(layer, &[5, 4, 2], &[3, 4, 3], &weights);
    let layer = Conv2D::new(2, 2).dilation_rate([2, 1]).groups(2).padding(Same);
    check_layer(layer, &[4, 3, 2], &[4, 3, 2], &[("kernel", &[2, 2, 1, 2]), ("bias", &[2])]);
    let layer = Conv2D::new(2, 2).activity_regularizer(Regularizer::L2(0.1));
    check_layer(layer, &[3, 3, 1], &[2, 2, 2], &[("kernel", &[2, 2, 1, 2]), ("bias", &[2])]);
    let weights: [Named<'_>; 2] = [("kernel", &[2, 2, 2, 1, 2]), ("bias", &[2])];
    check_layer(Conv3D::new(2, 2), &[3, 3, 3, 1], &[2, 2, 2, 2], &weights);
    check_layer(Conv3D::new(2, 2).strides(2).padding(Same), &[3, 2, 3, 1], &[2, 1, 2, 2], &weights);
    let layer = Conv3D::new(2, [1, 2, 1]).groups(2).without_bias();
    check_layer(layer, &[2, 2, 2, 2], &[2, 1, 2, 2], &[("kernel", &[1, 2, 1, 1, 2])]);
}

#[test]
fn convolutions_of_each_channel() {
    use Padding::Same;
    check_layer(
        DepthwiseConv1D::new(2).depth_multiplier(2),
        &[4, 2],
        &[3, 4],
        &[("kernel", &[2, 2, 2]), ("bias", &[4])],
    );
    let layer = DepthwiseConv1D::new(3).padding(Same).strides(2).without_bias();
    check_layer(layer, &[5, 2], &[3, 2], &[("kernel", &[3, 2, 1])]);
    check_layer(
        DepthwiseConv1D::new(2).dilation_rate(2).activation(Activation::Tanh),
        &[5, 2],
        &[3, 2],
        &[("kernel", &[2, 2, 1]), ("bias", &[2])],
    );
    let weights: [Named<'_>; 2] = [("kernel", &[2, 2, 3, 1]), ("bias", &[3])];
    check_layer(DepthwiseConv2D::new(2), &[3, 3, 3], &[2, 2, 3], &weights);
    check_layer(DepthwiseConv2D::new(2).padding(Same), &[3, 2, 3], &[3, 2, 3], &weights);
    let layer = DepthwiseConv2D::new([1, 2]).depth_multiplier(2).strides([1, 2]);
    let weights: [Named<'_>; 2] = [("kernel", &[1, 2, 2, 2]), ("bias", &[4])];
    check_layer(layer, &[2, 4, 2], &[2, 2, 4], &weights);
    let weights: [Named<'_>; 3] =
        [("depthwise_kernel", &[2, 2, 1]), ("pointwise_kernel", &[1, 2, 3]), ("bias", &[3])];
    check_layer(SeparableConv1D::new(3, 2), &[4, 2], &[3, 3], &weights);
    check_layer(SeparableConv1D::new(3, 2).padding(Same).strides(2), &[5, 2], &[3, 3], &weights);
    let layer = SeparableConv1D::new(2, 2).depth_multiplier(2).without_bias();
    let kernels: [Named<'_>; 2] =
        [("depthwise_kernel", &[2, 2, 2]), ("pointwise_kernel", &[1, 4, 2])];
    check_layer(layer, &[3, 2], &[2, 2], &kernels);
    let weights: [Named<'_>; 3] =
        [("depthwise_kernel", &[2, 2, 2, 1]), ("pointwise_kernel", &[1, 1, 2, 3]), ("bias", &[3])];
    check_layer(SeparableConv2D::new(3, 2), &[3, 3, 2], &[2, 2, 3], &weights);
    let layer = SeparableConv2D::new(3, 2).padding(Same).activation(Activation::Sigmoid);
    check_layer(layer, &[2, 3, 2], &[2, 3, 3], &weights);
    check_layer(SeparableConv2D::new(3, 2).dilation_rate(2), &[3, 3, 2], &[1, 1, 3], &weights);
}

#[test]
fn transposed_convolutions() {
    use Padding::Same;
    let weights: [Named<'_>; 2] = [("kernel", &[3, 2, 1]), ("bias", &[2])];
    check_layer(Conv1DTranspose::new(2, 3).strides(2), &[3, 1], &[7, 2], &weights);
    check_layer(Conv1DTranspose::new(2, 3).strides(2).padding(Same), &[3, 1], &[6, 2], &weights);
    check_layer(Conv1DTranspose::new(2, 3).dilation_rate(2), &[3, 1], &[7, 2], &weights);
    let layer = Conv1DTranspose::new(2, 1).strides(3);
    check_layer(layer, &[2, 1], &[6, 2], &[("kernel", &[1, 2, 1]), ("bias", &[2])]);
    let layer = Conv1DTranspose::new(2, 1).strides(3).padding(Same);
    check_layer(layer, &[2, 1], &[6, 2], &[("kernel", &[1, 2, 1]), ("bias", &[2])]);
    let weights: [Named<'_>; 2] = [("kernel", &[2, 3, 2, 1]), ("bias", &[2])];
    check_layer(Conv2DTranspose::new(2, [2, 3]), &[2, 3, 1], &[3, 5, 2], &weights);
    let layer = Conv2DTranspose::new(2, [2, 3]).strides(2).padding(Same).output_padding([0, 1]);
    check_layer(layer, &[2, 3, 1], &[2, 6, 2], &weights);
    let layer = Conv2DTranspose::new(2, [2, 3]).strides([3, 2]).output_padding([2, 1]);
    check_layer(layer.activation(Activation::Tanh), &[2, 2, 1], &[7, 6, 2], &weights);
    let weights: [Named<'_>; 1] = [("kernel", &[2, 2, 2, 1, 2])];
    let layer = || Conv3DTranspose::new(1, 2).without_bias();
    check_layer(layer(), &[1, 2, 1, 2], &[2, 3, 2, 1], &weights);
    check_layer(layer().strides(2).padding(Same), &[1, 2, 1, 2], &[2, 4, 2, 1], &weights);
    check_layer(layer().strides([1, 2, 3]), &[1, 1, 2, 2], &[2, 2, 6, 1], &weights);
}

#[test]
fn pools() {
    use Padding::Same;
    check_layer(MaxPooling1D::default(), &[5, 2], &[2, 2], &[]);
    check_layer(MaxPooling1D::new(3).strides(1), &[5, 2], &[3, 2], &[]);
    check_layer(MaxPooling1D::new(3).strides(2).padding(Same), &[5, 2], &[3, 2], &[]);
    check_layer(MaxPooling2D::new(2), &[4, 5, 2], &[2, 2, 2], &[]);
    check_layer(MaxPooling2D::new([2, 3]).strides([1, 2]), &[4, 5, 2], &[3, 2, 2], &[]);
    check_layer(MaxPooling2D::new(3).padding(Same), &[4, 5, 1], &[2, 2, 1], &[]);
    check_layer(MaxPooling3D::new(2), &[2, 2, 4, 2], &[1, 1, 2, 2], &[]);
    check_layer(MaxPooling3D::new(2).strides(1), &[2, 3, 2, 1], &[1, 2, 1, 1], &[]);
    check_layer(MaxPooling3D::new(2).padding(Same), &[3, 1, 3, 1], &[2, 1, 2, 1], &[]);
    check_layer(AveragePooling1D::new(2), &[5, 2], &[2, 2], &[]);
    check_layer(AveragePooling1D::new(3).strides(2).padding(Same), &[6, 2], &[3, 2], &[]);
    check_layer(AveragePooling1D::new(3).strides(1), &[4, 2], &[2, 2], &[]);
    check_layer(AveragePooling2D::new(2), &[4, 5, 2], &[2, 2, 2], &[]);
    check_layer(AveragePooling2D::new(3).strides(1).padding(Same), &[3, 4, 2], &[3, 4, 2], &[]);
    check_layer(AveragePooling2D::new([1, 2]), &[3, 4, 1], &[3, 2, 1], &[]);
    check_layer(AveragePooling3D::new(2), &[2, 2, 4, 2], &[1, 1, 2, 2], &[]);
    check_layer(AveragePooling3D::new(2).padding(Same), &[3, 1, 3, 1], &[2, 1, 2, 1], &[]);
    check_layer(AveragePooling3D::new([1, 2, 1]), &[2, 2, 2, 1], &[2, 1, 2, 1], &[]);
    check_layer(GlobalAveragePooling1D::new(), &[5, 2], &[2], &[]);
    check_layer(GlobalAveragePooling2D::new(), &[3, 2, 2], &[2], &[]);
    check_layer(GlobalAveragePooling3D::new().keepdims(), &[2, 2, 2, 2], &[1, 1, 1, 2], &[]);
    check_layer(GlobalMaxPooling1D::new().keepdims(), &[5, 2], &[1, 2], &[]);
    check_layer(GlobalMaxPooling2D::new(), &[3, 2, 2], &[2], &[]);
    check_layer(GlobalMaxPooling3D::new(), &[2, 2, 2, 2], &[2], &[]);
}

#[test]
fn rearrangements() {
    use Interpolation::{Bilinear, Nearest};
    check_layer(ZeroPadding1D::new([1, 2]), &[3, 2], &[6, 2], &[]);
    check_layer(ZeroPadding2D::default(), &[2, 2, 1], &[4, 4, 1], &[]);
    check_layer(ZeroPadding3D::new([1, 0, 2]), &[1, 2, 1, 2], &[3, 2, 5, 2], &[]);
    check_layer(Cropping1D::new([1, 2]), &[5, 2], &[2, 2], &[]);
    check_layer(Cropping2D::new([[0, 1], [1, 1]]), &[3, 4, 1], &[2, 2, 1], &[]);
    check_layer(Cropping3D::default(), &[3, 3, 4, 1], &[1, 1, 2, 1], &[]);
    check_layer(UpSampling1D::new(3), &[2, 2], &[6, 2], &[]);
    check_layer(UpSampling2D::new([2, 3]), &[2, 2, 2], &[4, 6, 2], &[]);
    check_layer(UpSampling2D::new(2).interpolation(Bilinear), &[2, 3, 2], &[4, 6, 2], &[]);
    check_layer(UpSampling3D::default().interpolation(Nearest), &[1, 2, 2, 1], &[2, 4, 4, 1], &[]);
    check_layer(Permute::new([2, 1]), &[3, 2], &[2, 3], &[]);
    check_layer(Permute::new([3, 1, 2]), &[2, 3, 1], &[1, 2, 3], &[]);
    check_layer(Permute::new([1]), &[3], &[3], &[]);
    check_layer(RepeatVector::new(3), &[2], &[3, 2], &[]);
    check_layer(Flatten, &[2, 3], &[6], &[]);
    check_layer(Reshape::new([3, -1]), &[2, 3], &[3, 2], &[]);
}

#[test]
fn merges() {
    let pair: [&[usize]; 2] = [&[2, 3], &[2, 3]];
    check_merge(Add, &pair, &[2, 3], &[]);
    check_merge(Add, &[&[4, 3], &[3], &[1, 3]], &[4, 3], &[]);
    check_merge(Add, &[&[3]], &[3], &[]);
    check_merge(Subtract, &pair, &[2, 3], &[]);
    check_merge(Subtract, &[&[3], &[2, 1]], &[2, 3], &[]);
    check_merge(Multiply, &pair, &[2, 3], &[]);
    check_merge(Multiply, &[&[2, 1], &[2, 3], &[1, 1]], &[2, 3], &[]);
    check_merge(Average, &[&[2], &[2], &[2]], &[2], &[]);
    check_merge(Average, &[&[2, 3], &[3]], &[2, 3], &[]);
    check_merge(Maximum, &pair, &[2, 3], &[]);
    check_merge(Maximum, &[&[3], &[3], &[3]], &[3], &[]);
    check_merge(Minimum, &pair, &[2, 3], &[]);
    check_merge(Minimum, &[&[2, 3], &[3]], &[2, 3], &[]);
    check_merge(Concatenate::default(), &[&[2, 3], &[2, 1]], &[2, 4], &[]);
    check_merge(Concatenate::new(1), &[&[2, 3], &[1, 3], &[2, 3]], &[5, 3], &[]);
    check_merge(Concatenate::new(-2), &[&[2, 1], &[1, 1]], &[3, 1], &[]);
    check_merge(Dot::new(-1), &[&[4], &[4]], &[1], &[]);
    check_merge(Dot::new([2, 1]), &[&[3, 2], &[2, 4]], &[3, 4], &[]);
    check_merge(Dot::new(1).normalize(), &[&[3, 2], &[3]], &[2], &[]);
    check_merge(Dot::new([1, -1]).normalize(), &[&[2], &[3, 2]], &[3], &[]);
    check_merge(Dot::new([3, 2]), &[&[2, 1, 2], &[1, 2, 2]], &[2, 1, 1, 2], &[]);
}

#[test]
fn transfer_functions() {
    check_layer(ReLU::default(), &[5], &[5], &[]);
    check_layer(ReLU { max_value: Some(0.5), ..ReLU::default() }, &[2, 3], &[2, 3], &[]);
    let layer = ReLU { max_value: Some(0.8), negative_slope: 0.2, threshold: 0.3 };
    check_layer(layer, &[9], &[9], &[]);
    check_layer(ReLU { negative_slope: 0.1, ..ReLU::default() }, &[5], &[5], &[]);
    check_layer(LeakyReLU::default(), &[5], &[5], &[]);
    check_layer(LeakyReLU::new(0.0), &[5], &[5], &[]);
    check_layer(LeakyReLU::new(1.5), &[2, 3], &[2, 3], &[]);
    check_layer(ELU::default(), &[5], &[5], &[]);
    check_layer(ELU::new(0.4), &[2, 3], &[2, 3], &[]);
    check_layer(ELU::new(2.0), &[3], &[3], &[]);
    check_layer(PReLU::new(), &[2, 3], &[2, 3], &[("alpha", &[2, 3])]);
    check_layer(PReLU::new().shared_axes(1), &[2, 3], &[2, 3], &[("alpha", &[1, 3])]);
    let layer = PReLU::new().shared_axes([1, 2]).alpha_initializer(Initializer::Constant(0.2));
    check_layer(layer, &[2, 2, 3], &[2, 2, 3], &[("alpha", &[1, 1, 3])]);
    check_layer(Softmax::default(), &[2, 3], &[2, 3], &[]);
    check_layer(Softmax::new(1), &[2, 3], &[2, 3], &[]);
    check_layer(Softmax::new([1, 3]), &[2, 2, 2], &[2, 2, 2], &[]);
}

#[test]
fn normalizations() {
    let weights: [Named<'_>; 4] =
        [("gamma", &[3]), ("beta", &[3]), ("moving_mean", &[3]), ("moving_variance", &[3])];
    check_layer(BatchNormalization::new(), &[3], &[3], &weights);
    check_layer(
        BatchNormalization { axis: 1, ..BatchNormalization::new() },
        &[3, 2],
        &[3, 2],
        &weights,
    );
    let layer = BatchNormalization { center: false, scale: false, ..BatchNormalization::new() };
    check_layer(layer, &[2, 2, 3], &[2, 2, 3], &weights[2..]);
    let layer = BatchNormalization { momentum: 0.5, epsilon: 0.1, ..BatchNormalization::new() };
    check_layer(layer, &[2, 3], &[2, 3], &weights);
    let (gamma, beta): (Named<'_>, Named<'_>) = (("gamma", &[4]), ("beta", &[4]));
    check_layer(LayerNormalization::new(), &[4], &[4], &[gamma, beta]);
    let layer = LayerNormalization::new().axis([2, 1]);
    check_layer(layer, &[2, 3], &[2, 3], &[("gamma", &[2, 3]), ("beta", &[2, 3])]);
    let layer = LayerNormalization { scale: false, ..LayerNormalization::new().axis(1) };
    check_layer(layer, &[4, 2], &[4, 2], &[beta]);
    check_layer(GroupNormalization::new(2), &[3, 4], &[3, 4], &[gamma, beta]);
    check_layer(GroupNormalization::new(-1), &[3, 4], &[3, 4], &[gamma, beta]);
    let layer = GroupNormalization { axis: 1, center: false, ..GroupNormalization::new(2) };
    check_layer(layer, &[4, 3], &[4, 3], &[gamma]);
    check_layer(RMSNormalization::default(), &[4], &[4], &[("scale", &[4])]);
    check_layer(RMSNormalization::new([1, 2]), &[2, 3], &[2, 3], &[("scale", &[2, 3])]);
    check_layer(
        RMSNormalization { axis: vec![1], epsilon: 0.1 },
        &[4, 2],
        &[4, 2],
        &[("scale", &[4])],
    );
    check_layer(UnitNormalization::default(), &[4], &[4], &[]);
    check_layer(UnitNormalization::new(1), &[3, 2], &[3, 2], &[]);
    check_layer(UnitNormalization::new([1, 2]), &[3, 2], &[3, 2], &[]);
}

#[test]
fn noise_and_embeddings() {
    check_layer(Dropout::new(0.4), &[7], &[7], &[]);
    check_layer(SpatialDropout1D::new(0.5), &[4, 3], &[4, 3], &[]);
    check_layer(SpatialDropout2D::new(0.3), &[2, 2, 3], &[2, 2, 3], &[]);
    check_layer(SpatialDropout3D::new(0.0), &[1, 2, 2, 3], &[1, 2, 2, 3], &[]);
    check_layer(GaussianNoise::new(0.5), &[5], &[5], &[]);
    check_layer(GaussianNoise::new(0.0), &[2, 3], &[2, 3], &[]);
    check_layer(GaussianDropout::new(0.5), &[5], &[5], &[]);
    check_layer(GaussianDropout::new(0.1), &[2, 3], &[2, 3], &[]);
    check_layer(AlphaDropout::new(0.5), &[5], &[5], &[]);
    check_layer(AlphaDropout::new(0.1), &[2, 3], &[2, 3], &[]);
    check_layer(ActivityRegularization { l1: 0.1, l2: 0.2 }, &[5], &[5], &[]);
    check_layer(Embedding::new(4, 3), &[5], &[5, 3], &[("embeddings", &[4, 3])]);
    check_layer(Embedding::new(2, 1), &[2, 2], &[2, 2, 1], &[("embeddings", &[2, 1])]);
    check_layer(Embedding::new(3, 2), &[], &[2], &[("embeddings", &[3, 2])]);
}

#[test]
fn pictures() {
    use Interpolation::{Bilinear, Nearest};
    check_layer(Rescaling::new(0.5).offset(1.0), &[3], &[3], &[]);
    let by_channel = Rescaling { scale: vec![0.5, 2.0], offset: vec![1.0, -1.0] };
    check_layer(by_channel, &[3, 2], &[3, 2], &[]);
    check_layer(Resizing::new(3, 5), &[2, 3, 2], &[3, 5, 2], &[]);
    check_layer(Resizing::new(2, 2).interpolation(Nearest), &[3, 5, 1], &[2, 2, 1], &[]);
    let layer = Resizing { crop_to_aspect_ratio: true, ..Resizing::new(2, 4) };
    check_layer(layer, &[4, 4, 1], &[2, 4, 1], &[]);
    let layer = Resizing { pad_to_aspect_ratio: true, fill_value: 0.5, ..Resizing::new(4, 3) };
    check_layer(layer.interpolation(Bilinear), &[2, 4, 1], &[4, 3, 1], &[]);
    // Padded by one row above and below to 5 rows; by three columns on the left and right to 9.
    let layer = Resizing { pad_to_aspect_ratio: true, ..Resizing::new(5, 5) };
    check_layer(layer.clone(), &[3, 5, 1], &[5, 5, 1], &[]);
    check_layer(layer, &[9, 3, 1], &[5, 5, 1], &[]);
    check_layer(CenterCrop::new(2, 3), &[4, 4, 2], &[2, 3, 2], &[]);
    check_layer(CenterCrop::new(4, 3), &[3, 4, 1], &[4, 3, 1], &[]);
    check_layer(CenterCrop::new(2, 2), &[2, 2, 1], &[2, 2, 1], &[]);
    check_layer(RandomCrop::new(2, 3), &[4, 4, 2], &[2, 3, 2], &[]);
    check_layer(RandomCrop::new(3, 3), &[3, 3, 1], &[3, 3, 1], &[]);
    check_layer(RandomCrop::new(4, 3), &[3, 4, 1], &[4, 3, 1], &[]);
    check_layer(RandomFlip::default(), &[3, 2, 2], &[3, 2, 2], &[]);
    check_layer(RandomFlip::new(FlipMode::Vertical), &[3, 2, 1], &[3, 2, 1], &[]);
    check_layer(RandomRotation::new(0.3), &[3, 4, 2], &[3, 4, 2], &[]);
    check_layer(RandomRotation::new([0.1, 0.2]).fill_value(0.5), &[3, 3, 1], &[3, 3, 1], &[]);
    let layer = RandomRotation::new(0.5).interpolation(Nearest).fill_mode(FillMode::Wrap);
    check_layer(layer, &[3, 3, 1], &[3, 3, 1], &[]);
    check_layer(RandomZoom::new(0.3), &[3, 4, 2], &[3, 4, 2], &[]);
    check_layer(RandomZoom::new([0.2, 0.4]).width_factor(0.1), &[3, 3, 1], &[3, 3, 1], &[]);
    check_layer(RandomZoom::new(0.5).fill_mode(FillMode::Nearest), &[3, 3, 1], &[3, 3, 1], &[]);
    check_layer(RandomTranslation::new(0.3, 0.2), &[3, 4, 2], &[3, 4, 2], &[]);
    let layer = RandomTranslation::new([0.1, 0.9], 0.0).fill_value(1.0);
    check_layer(layer, &[3, 3, 1], &[3, 3, 1], &[]);
    let layer = RandomTranslation::new(1.0, 1.0).fill_mode(FillMode::Wrap);
    check_layer(layer, &[2, 3, 1], &[2, 3, 1], &[]);
    check_layer(RandomContrast::new(0.4), &[2, 3, 2], &[2, 3, 2], &[]);
    let layer = RandomContrast { factor: [0.0, 1.0], ..RandomContrast::new(0.0) };
    check_layer(layer.value_range([-1.0, 1.0]), &[2, 2, 1], &[2, 2, 1], &[]);
    check_layer(RandomBrightness::new(0.1), &[2, 3, 2], &[2, 3, 2], &[]);
    let layer = RandomBrightness::new([0.1, 0.3]).value_range([-1.0, 1.0]);
    check_layer(layer, &[2, 2, 1], &[2, 2, 1], &[]);
}

#[test]
fn encodings() {
    check_layer(Normalization::new([0.5, 1.0, 2.0], [4.0, 0.25, 1.0]), &[2, 3], &[2, 3], &[]);
    check_layer(Normalization::new([0.5], [4.0]).invert(), &[3], &[3], &[]);
    let layer = Normalization { axis: vec![1], ..Normalization::new([0.5, 1.0], [4.0, 0.3]) };
    check_layer(layer, &[2, 3], &[2, 3], &[]);
    let layer = Normalization { axis: vec![], ..Normalization::new([0.5], [4.0]) };
    check_layer(layer, &[2, 3], &[2, 3], &[]);
    let encoding = |mode| CategoryEncoding::new(4).output_mode(mode);
    check_layer(encoding(OutputMode::OneHot), &[3], &[3, 4], &[]);
    check_layer(encoding(OutputMode::OneHot), &[2, 1], &[2, 4], &[]);
    check_layer(encoding(OutputMode::OneHot), &[], &[4], &[]);
    check_layer(encoding(OutputMode::MultiHot), &[3], &[4], &[]);
    check_layer(encoding(OutputMode::Count), &[3], &[4], &[]);
}
