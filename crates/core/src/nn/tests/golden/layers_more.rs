//! Layers besides the first ones: values and gradients outside of training, and batch normalization in it.

use super::activations::activation;
use super::{F32, F64, cases, close, dims, f64s, floats, golden, numbers};
use crate::graph::{Builder, Expr, Graph, Real, Role, Value, gradients, interpret};
use crate::nn::layers::*;
use crate::nn::*;
use crate::tensor::{DType, Shape};
use serde_json::Value as Json;

/// A number for each dimension, the same for all if there is one.
fn size<const N: usize>(json: &Json) -> [usize; N] {
    match json.as_array() {
        Some(each) => std::array::from_fn(|i| each[i].as_u64().unwrap() as usize),
        None => [json.as_u64().unwrap() as usize; N],
    }
}

/// How much at both ends of each dimension.
fn ends<const N: usize>(json: &Json) -> [[usize; 2]; N] {
    match json.as_array() {
        Some(each) if each[0].is_array() || N > 1 => std::array::from_fn(|i| size(&each[i])),
        _ => [size(json); N],
    }
}

fn padding(config: &Json) -> Padding {
    match config["padding"].as_str() {
        Some("same") => Padding::Same,
        Some("causal") => Padding::Causal,
        _ => Padding::Valid,
    }
}

fn axes(json: &Json) -> AxisList {
    match json.as_array() {
        Some(each) => AxisList(each.iter().map(|axis| axis.as_i64().unwrap()).collect()),
        None => AxisList(vec![json.as_i64().unwrap_or(-1)]),
    }
}

fn number(config: &Json, key: &str, default: f64) -> f64 {
    config[key].as_f64().unwrap_or(default)
}

fn count(config: &Json, key: &str) -> usize {
    config[key].as_u64().unwrap() as usize
}

fn flag(config: &Json, key: &str) -> bool {
    config[key].as_bool().unwrap_or(false)
}

fn list(json: &Json) -> Vec<f64> {
    let all = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
    all.iter().map(|x| x.as_f64().unwrap()).collect()
}

/// The settings that convolutions of all kinds share.
macro_rules! convolution {
    ($layer:expr, $config:expr) => {{
        let mut layer = $layer.padding(padding($config));
        if !$config["strides"].is_null() {
            layer = layer.strides(size(&$config["strides"]));
        }
        if !$config["dilation_rate"].is_null() {
            layer = layer.dilation_rate(size(&$config["dilation_rate"]));
        }
        if let Some(name) = $config["activation"].as_str() {
            layer = layer.activation(activation(name, &Json::Null));
        }
        if $config["use_bias"] == false {
            layer = layer.without_bias();
        }
        layer
    }};
}

fn conv<const N: usize>(config: &Json) -> Shared
where
    Conv<N>: Layer,
{
    let layer = Conv::<N>::new(count(config, "filters"), size(&config["kernel_size"]));
    let groups = config["groups"].as_u64().unwrap_or(1) as usize;
    Shared::new(convolution!(layer, config).groups(groups))
}

fn transposed<const N: usize>(config: &Json) -> Shared
where
    ConvTranspose<N>: Layer,
{
    let layer = ConvTranspose::<N>::new(count(config, "filters"), size(&config["kernel_size"]));
    let mut layer = convolution!(layer, config);
    if !config["output_padding"].is_null() {
        layer = layer.output_padding(size(&config["output_padding"]));
    }
    Shared::new(layer)
}

fn depthwise<const N: usize>(config: &Json) -> Shared
where
    DepthwiseConv<N>: Layer,
{
    let layer = DepthwiseConv::<N>::new(size(&config["kernel_size"]));
    let multiplier = config["depth_multiplier"].as_u64().unwrap_or(1) as usize;
    Shared::new(convolution!(layer, config).depth_multiplier(multiplier))
}

fn separable<const N: usize>(config: &Json) -> Shared
where
    SeparableConv<N>: Layer,
{
    let layer = SeparableConv::<N>::new(count(config, "filters"), size(&config["kernel_size"]));
    let multiplier = config["depth_multiplier"].as_u64().unwrap_or(1) as usize;
    Shared::new(convolution!(layer, config).depth_multiplier(multiplier))
}

macro_rules! pool {
    ($layer:expr, $config:expr) => {{
        let layer = $layer.padding(padding($config));
        Shared::new(match &$config["strides"] {
            Json::Null => layer,
            strides => layer.strides(size(strides)),
        })
    }};
}

macro_rules! global {
    ($layer:expr, $config:expr) => {
        Shared::new(if flag($config, "keepdims") { $layer.keepdims() } else { $layer })
    };
}

fn windowed(name: &str, c: &Json) -> Option<Shared> {
    Some(match name {
        "Conv1D" => conv::<1>(c),
        "Conv2D" => conv::<2>(c),
        "Conv3D" => conv::<3>(c),
        "Conv1DTranspose" => transposed::<1>(c),
        "Conv2DTranspose" => transposed::<2>(c),
        "Conv3DTranspose" => transposed::<3>(c),
        "DepthwiseConv1D" => depthwise::<1>(c),
        "DepthwiseConv2D" => depthwise::<2>(c),
        "SeparableConv1D" => separable::<1>(c),
        "SeparableConv2D" => separable::<2>(c),
        "MaxPooling1D" => pool!(MaxPooling1D::new(size(&c["pool_size"])), c),
        "MaxPooling2D" => pool!(MaxPooling2D::new(size(&c["pool_size"])), c),
        "MaxPooling3D" => pool!(MaxPooling3D::new(size(&c["pool_size"])), c),
        "AveragePooling1D" => pool!(AveragePooling1D::new(size(&c["pool_size"])), c),
        "AveragePooling2D" => pool!(AveragePooling2D::new(size(&c["pool_size"])), c),
        "AveragePooling3D" => pool!(AveragePooling3D::new(size(&c["pool_size"])), c),
        "GlobalMaxPooling1D" => global!(GlobalMaxPooling1D::new(), c),
        "GlobalMaxPooling2D" => global!(GlobalMaxPooling2D::new(), c),
        "GlobalMaxPooling3D" => global!(GlobalMaxPooling3D::new(), c),
        "GlobalAveragePooling1D" => global!(GlobalAveragePooling1D::new(), c),
        "GlobalAveragePooling2D" => global!(GlobalAveragePooling2D::new(), c),
        "GlobalAveragePooling3D" => global!(GlobalAveragePooling3D::new(), c),
        "ZeroPadding1D" => Shared::new(ZeroPadding1D::new(ends::<1>(&c["padding"]))),
        "ZeroPadding2D" => Shared::new(ZeroPadding2D::new(ends::<2>(&c["padding"]))),
        "ZeroPadding3D" => Shared::new(ZeroPadding3D::new(ends::<3>(&c["padding"]))),
        "Cropping1D" => Shared::new(Cropping1D::new(ends::<1>(&c["cropping"]))),
        "Cropping2D" => Shared::new(Cropping2D::new(ends::<2>(&c["cropping"]))),
        "Cropping3D" => Shared::new(Cropping3D::new(ends::<3>(&c["cropping"]))),
        "UpSampling1D" => Shared::new(UpSampling1D::new(size(&c["size"]))),
        "UpSampling2D" if c["interpolation"] == "bilinear" => {
            Shared::new(UpSampling2D::new(size(&c["size"])).interpolation(Interpolation::Bilinear))
        }
        "UpSampling2D" => Shared::new(UpSampling2D::new(size(&c["size"]))),
        "UpSampling3D" if c["size"].is_null() => Shared::new(UpSampling3D::default()),
        "UpSampling3D" => Shared::new(UpSampling3D::new(size(&c["size"]))),
        _ => return None,
    })
}

fn rest(name: &str, c: &Json) -> Shared {
    let axis = axes(&c["axis"]);
    let first = axis.0[0];
    let epsilon = |default: f64| number(c, "epsilon", default);
    let (center, scale) = (c["center"] != false, c["scale"] != false);
    match name {
        "Permute" => {
            let dims: Vec<usize> = list(&c["dims"]).iter().map(|d| *d as usize).collect();
            Shared::new(Permute::new(dims))
        }
        "RepeatVector" => Shared::new(RepeatVector::new(count(c, "n"))),
        "Concatenate" => Shared::new(Concatenate::new(first)),
        "Dot" if flag(c, "normalize") => Shared::new(Dot::new(axes(&c["axes"])).normalize()),
        "Dot" => Shared::new(Dot::new(axes(&c["axes"]))),
        "Add" => Shared::new(Add),
        "Subtract" => Shared::new(Subtract),
        "Multiply" => Shared::new(Multiply),
        "Average" => Shared::new(Average),
        "Maximum" => Shared::new(Maximum),
        "Minimum" => Shared::new(Minimum),
        "ReLU" => Shared::new(ReLU {
            max_value: c["max_value"].as_f64(),
            negative_slope: number(c, "negative_slope", 0.0),
            threshold: number(c, "threshold", 0.0),
        }),
        "LeakyReLU" => Shared::new(LeakyReLU::new(number(c, "negative_slope", 0.3))),
        "ELU" => Shared::new(ELU::new(number(c, "alpha", 1.0))),
        "PReLU" if c["shared_axes"].is_null() => Shared::new(PReLU::new()),
        "PReLU" => Shared::new(PReLU::new().shared_axes(axes(&c["shared_axes"]))),
        "Softmax" => Shared::new(Softmax::new(axis)),
        "BatchNormalization" => Shared::new(BatchNormalization {
            axis: first,
            epsilon: epsilon(1e-3),
            center,
            scale,
            ..BatchNormalization::new()
        }),
        "LayerNormalization" => Shared::new(LayerNormalization {
            axis: axis.0,
            epsilon: epsilon(1e-3),
            center,
            scale,
            ..LayerNormalization::new()
        }),
        "GroupNormalization" => Shared::new(GroupNormalization {
            axis: first,
            epsilon: epsilon(1e-3),
            center,
            scale,
            ..GroupNormalization::new(c["groups"].as_i64().unwrap())
        }),
        "RMSNormalization" => {
            Shared::new(RMSNormalization { epsilon: epsilon(1e-6), ..RMSNormalization::new(axis) })
        }
        "UnitNormalization" => Shared::new(UnitNormalization::new(axis)),
        "SpatialDropout1D" => Shared::new(SpatialDropout1D::new(number(c, "rate", 0.0))),
        "SpatialDropout2D" => Shared::new(SpatialDropout2D::new(number(c, "rate", 0.0))),
        "SpatialDropout3D" => Shared::new(SpatialDropout3D::new(number(c, "rate", 0.0))),
        "GaussianNoise" => Shared::new(GaussianNoise::new(number(c, "stddev", 0.0))),
        "GaussianDropout" => Shared::new(GaussianDropout::new(number(c, "rate", 0.0))),
        "AlphaDropout" => Shared::new(AlphaDropout::new(number(c, "rate", 0.0))),
        "ActivityRegularization" => Shared::new(ActivityRegularization {
            l1: number(c, "l1", 0.0),
            l2: number(c, "l2", 0.0),
        }),
        "Embedding" => Shared::new(Embedding::new(count(c, "input_dim"), count(c, "output_dim"))),
        "Normalization" => {
            let (mean, variance) = (list(&c["mean"]), list(&c["variance"]));
            // Without an axis, one mean for all.
            let axis = if mean.len() == 1 { Vec::new() } else { vec![-1] };
            Shared::new(Normalization { axis, ..Normalization::new(mean, variance) })
        }
        "CategoryEncoding" => {
            let mode = match c["output_mode"].as_str() {
                Some("one_hot") => OutputMode::OneHot,
                Some("count") => OutputMode::Count,
                _ => OutputMode::MultiHot,
            };
            Shared::new(CategoryEncoding::new(count(c, "num_tokens")).output_mode(mode))
        }
        "Resizing" => {
            let layer = Resizing::new(count(c, "height"), count(c, "width"));
            let nearest = c["interpolation"] == "nearest";
            Shared::new(if nearest { layer.interpolation(Interpolation::Nearest) } else { layer })
        }
        "CenterCrop" => Shared::new(CenterCrop::new(count(c, "height"), count(c, "width"))),
        other => panic!("no layer {other} here: add it"),
    }
}

#[test]
fn other_layers_and_their_gradients_outside_of_training() {
    let file = golden("layers_more");
    for case in cases(&file, 153) {
        let name = case["layer"].as_str().unwrap();
        let what = format!("{name} {}", case["config"]);
        let layer = windowed(name, &case["config"]).unwrap_or_else(|| rest(name, &case["config"]));
        let xs = list_of(&case["xs"]);
        let shapes: Vec<Vec<usize>> = xs.iter().map(dims).collect();
        let inputs: Vec<Symbol> = shapes.iter().map(|shape| Input::new(&shape[1..])).collect();
        let output = layer.on(&inputs[..]);
        let network = Network::functional(&inputs.iter().collect::<Vec<_>>(), &[&output]).unwrap();
        let samples: Vec<(Shape, DType)> =
            shapes.iter().map(|shape| (Shape::new(&shape[1..]).unwrap(), DType::F32)).collect();
        let spec = StepGraph { network: &network, inputs: &samples, batch: shapes[0][0] };
        let graph = predict_graph(spec).unwrap_or_else(|error| panic!("{what}: {error}"));
        let prediction = graph.output("prediction").unwrap();
        assert_eq!(graph.ty(prediction).shape.dims(), dims(&case["y_f64"]), "{what}");
        close(&what, &run::<f64>(&graph, case), &numbers(&case["y_f64"]), F64, F64);
        // Sums of some dozen products in 32 bits, in another order than Keras'.
        close(&what, &run::<f32>(&graph, case), &numbers(&case["y_f32"]), 4.0 * F32, 4.0 * F32);

        let step = gradient_graph(&network, xs, false);
        let results = interpret(&step, &step_values(&step, xs, &case["weights"]));
        let wanted = list_of(&case["grad_xs_f64"]).iter().chain(list_of(&case["grad_weights_f64"]));
        same_gradients(&what, &results[1..], &wanted.collect::<Vec<_>>());
    }
}

fn run<F: Real>(graph: &Graph, case: &Json) -> Vec<f64> {
    let given = list_of(&case["xs"]).iter().chain(list_of(&case["weights"]));
    let values: Vec<Value<F>> = given.map(|values| floats(&numbers(values))).collect();
    f64s(&interpret(graph, &values)[0])
}

fn list_of(json: &Json) -> &[Json] {
    json.as_array().unwrap()
}

/// The output of a network, the gradients of `sum(output · v)` with respect to each input and each weight that
/// learns, and what layers change themselves.
fn gradient_graph(network: &Network, xs: &[Json], training: bool) -> Graph {
    let builder = Builder::new();
    let input = |(i, x): (usize, &Json)| {
        builder.input(&format!("x {i}"), Role::Batch, DType::F32, &dims(x))
    };
    let inputs: Vec<Expr<'_>> = xs.iter().enumerate().map(input).collect();
    let key = training.then(|| builder.input("key", Role::Batch, DType::I32, &[4]));
    let trace = network.trace(&builder, &inputs, key);
    let y = trace.outputs[0];
    builder.output("y", y);
    let v = builder.input("v", Role::Batch, DType::F32, y.shape().dims());
    let learnt = trace.weights.iter().filter(|(weight, _)| weight.trainable);
    let sources: Vec<Expr<'_>> = inputs.iter().copied().chain(learnt.map(|(_, w)| *w)).collect();
    for gradient in gradients((y * v).sum_all(), &sources) {
        builder.output("gradient", gradient);
    }
    trace.updates.into_iter().for_each(|(state, value)| builder.update(state, value));
    builder.finish().unwrap()
}

/// What [`gradient_graph`] is given: the weights in the order they are stored, and `v` as the tables make it.
fn step_values(graph: &Graph, xs: &[Json], weights: &Json) -> Vec<Value<f64>> {
    let mut given = xs.iter().chain(list_of(weights));
    let value = |input: &crate::graph::Input| match input.name.as_str() {
        "key" => Value::Int(vec![0; 4]),
        "v" => {
            let n = graph.ty(input.node).shape.elems();
            Value::Float((0..n).map(|i| ((7 * i % 13) as f64 - 6.5) / 8.0).collect())
        }
        _ => floats(&numbers(given.next().unwrap())),
    };
    graph.inputs.iter().map(value).collect()
}

#[track_caller]
fn same_gradients(what: &str, found: &[Value<f64>], wanted: &[&Json]) {
    assert_eq!(found.len(), wanted.len(), "{what}");
    for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        close(&format!("gradient {i} of {what}"), &f64s(found), &numbers(wanted), F64, F64);
    }
}

#[test]
fn batch_normalization_over_three_steps_of_training() {
    let file = golden("batch_normalization");
    for case in cases(&file, 7) {
        let config = &case["config"];
        let mut layer =
            BatchNormalization { axis: axes(&config["axis"]).0[0], ..Default::default() };
        layer.momentum = number(config, "momentum", 0.99);
        layer.epsilon = number(config, "epsilon", 1e-3);
        layer.center = config["center"] != false;
        layer.scale = config["scale"] != false;
        let what = format!("BatchNormalization {config}");
        let mut network = Network::default();
        network.push(Box::new(layer));
        let (xs, ys) = (list_of(&case["xs"]), list_of(&case["ys_f64"]));
        let graph = gradient_graph(&network, &xs[..1], true);
        let mut values = step_values(&graph, &xs[..1], &case["weights"]);
        for (step, (x, y)) in xs.iter().zip(ys).enumerate() {
            values[0] = floats(&numbers(x));
            let results = interpret(&graph, &values);
            close(&what, &f64s(&results[0]), &numbers(y), F64, F64);
            let (outputs, updated) = results.split_at(graph.outputs.len());
            if step == 0 {
                let wanted = list_of(&case["grad_weights_f64"]);
                let wanted = std::iter::once(&case["grad_x_f64"]).chain(wanted);
                same_gradients(&what, &outputs[1..], &wanted.collect::<Vec<_>>());
            }
            for (&(state, _), value) in graph.updates.iter().zip(updated) {
                let place = graph.inputs.iter().position(|input| input.node == state).unwrap();
                values[place] = value.clone();
            }
        }
        let moving = list_of(&case["moving_f64"]);
        for (input, value) in graph.inputs.iter().zip(&values) {
            let wanted = match input.name.rsplit('/').next() {
                Some("moving_mean") => &moving[0],
                Some("moving_variance") => &moving[1],
                _ => continue,
            };
            close(&format!("{what}, {}", input.name), &f64s(value), &numbers(wanted), F64, F64);
        }
    }
}
