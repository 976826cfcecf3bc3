//! Values and gradients of layers from Keras 3.15.1 (`tools/golden`), in f64 and f32.

use crate::graph::{Builder, Expr, Graph, Real, Role, Value, gradients, interpret};
use crate::nn::layers::*;
use crate::nn::*;
use crate::tensor::DType;
use serde_json::Value as Json;

/// The settings of a case, as Keras has them.
struct Config<'a>(&'a Json);

impl Config<'_> {
    fn number(&self, key: &str, default: f64) -> f64 {
        self.0[key].as_f64().unwrap_or(default)
    }

    fn flag(&self, key: &str, default: bool) -> bool {
        self.0[key].as_bool().unwrap_or(default)
    }

    fn count(&self, key: &str, default: usize) -> usize {
        self.0[key].as_u64().map_or(default, |n| n as usize)
    }

    /// A number for each dimension, given as one or as a list.
    fn sizes<const N: usize>(&self, key: &str) -> Option<[usize; N]> {
        if let Some(n) = self.0[key].as_u64() {
            return Some([n as usize; N]);
        }
        let list = self.0[key].as_array()?;
        Some(std::array::from_fn(|i| list[i].as_u64().unwrap() as usize))
    }

    /// What both ends of each dimension have.
    fn ends<const N: usize>(&self, key: &str) -> [[usize; 2]; N] {
        match self.0[key].as_array() {
            // Of one dimension, a list of two numbers is its two ends.
            Some(list) if N == 1 && list[0].is_u64() => {
                [std::array::from_fn(|i| list[i].as_u64().unwrap() as usize); N]
            }
            Some(list) if list[0].is_array() => std::array::from_fn(|i| {
                std::array::from_fn(|end| list[i][end].as_u64().unwrap() as usize)
            }),
            _ => self.sizes::<N>(key).unwrap_or([1; N]).map(|n| [n, n]),
        }
    }

    fn axes(&self, key: &str, default: &[i64]) -> Vec<i64> {
        match &self.0[key] {
            Json::Array(list) => list.iter().map(|axis| axis.as_i64().unwrap()).collect(),
            Json::Number(axis) => vec![axis.as_i64().unwrap()],
            _ => default.to_vec(),
        }
    }

    fn padding(&self) -> Padding {
        match self.0["padding"].as_str() {
            Some("same") => Padding::Same,
            Some("causal") => Padding::Causal,
            _ => Padding::Valid,
        }
    }

    fn activation(&self) -> Activation {
        self.0["activation"]
            .as_str()
            .map_or(Activation::Linear, |name| Activation::from_name(name).unwrap())
    }

    fn interpolation(&self, default: Interpolation) -> Interpolation {
        match self.0["interpolation"].as_str() {
            Some("nearest") => Interpolation::Nearest,
            Some("bilinear") => Interpolation::Bilinear,
            _ => default,
        }
    }

    fn fill_mode(&self) -> FillMode {
        match self.0["fill_mode"].as_str() {
            Some("wrap") => FillMode::Wrap,
            Some("constant") => FillMode::Constant,
            Some("nearest") => FillMode::Nearest,
            _ => FillMode::Reflect,
        }
    }

    fn factor(&self, key: &str) -> Option<[f64; 2]> {
        if let Some(factor) = self.0[key].as_f64() {
            return Some(Factor::from(factor).0);
        }
        let list = self.0[key].as_array()?;
        Some([list[0].as_f64().unwrap(), list[1].as_f64().unwrap()])
    }

    /// All numbers of a list of lists, or of one number.
    fn flat(&self, key: &str) -> Vec<f64> {
        fn collect(json: &Json, into: &mut Vec<f64>) {
            match json {
                Json::Array(list) => list.iter().for_each(|item| collect(item, into)),
                number => into.push(number.as_f64().unwrap()),
            }
        }
        let mut numbers = Vec::new();
        collect(&self.0[key], &mut numbers);
        numbers
    }

    fn conv<const N: usize>(&self) -> Conv<N> {
        Conv {
            strides: self.sizes("strides").unwrap_or([1; N]),
            padding: self.padding(),
            dilation_rate: self.sizes("dilation_rate").unwrap_or([1; N]),
            groups: self.count("groups", 1),
            activation: self.activation(),
            use_bias: self.flag("use_bias", true),
            ..Conv::new(self.count("filters", 0), self.sizes("kernel_size").unwrap())
        }
    }

    fn depthwise<const N: usize>(&self) -> DepthwiseConv<N> {
        DepthwiseConv {
            strides: self.sizes("strides").unwrap_or([1; N]),
            padding: self.padding(),
            depth_multiplier: self.count("depth_multiplier", 1),
            dilation_rate: self.sizes("dilation_rate").unwrap_or([1; N]),
            activation: self.activation(),
            use_bias: self.flag("use_bias", true),
            ..DepthwiseConv::new(self.sizes("kernel_size").unwrap())
        }
    }

    fn separable<const N: usize>(&self) -> SeparableConv<N> {
        SeparableConv {
            strides: self.sizes("strides").unwrap_or([1; N]),
            padding: self.padding(),
            depth_multiplier: self.count("depth_multiplier", 1),
            dilation_rate: self.sizes("dilation_rate").unwrap_or([1; N]),
            activation: self.activation(),
            use_bias: self.flag("use_bias", true),
            ..SeparableConv::new(self.count("filters", 0), self.sizes("kernel_size").unwrap())
        }
    }

    fn transpose<const N: usize>(&self) -> ConvTranspose<N> {
        ConvTranspose {
            strides: self.sizes("strides").unwrap_or([1; N]),
            padding: self.padding(),
            output_padding: self.sizes("output_padding"),
            dilation_rate: self.sizes("dilation_rate").unwrap_or([1; N]),
            activation: self.activation(),
            use_bias: self.flag("use_bias", true),
            ..ConvTranspose::new(self.count("filters", 0), self.sizes("kernel_size").unwrap())
        }
    }

    fn max_pooling<const N: usize>(&self) -> MaxPooling<N> {
        MaxPooling {
            pool_size: self.sizes("pool_size").unwrap_or([2; N]),
            strides: self.sizes("strides"),
            padding: self.padding(),
        }
    }

    fn average_pooling<const N: usize>(&self) -> AveragePooling<N> {
        AveragePooling {
            pool_size: self.sizes("pool_size").unwrap(),
            strides: self.sizes("strides"),
            padding: self.padding(),
        }
    }

    fn up_sampling<const N: usize>(&self) -> UpSampling<N> {
        UpSampling {
            size: self.sizes("size").unwrap_or([2; N]),
            interpolation: self.interpolation(Interpolation::Nearest),
        }
    }
}

/// The layer of a case; none where it is checked elsewhere.
fn layer(kind: &str, config: &Json) -> Option<Shared> {
    let c = Config(config);
    let keepdims = c.flag("keepdims", false);
    Some(match kind {
        "Conv1D" => Shared::new(c.conv::<1>()),
        "Conv2D" => Shared::new(c.conv::<2>()),
        "Conv3D" => Shared::new(c.conv::<3>()),
        "DepthwiseConv1D" => Shared::new(c.depthwise::<1>()),
        "DepthwiseConv2D" => Shared::new(c.depthwise::<2>()),
        "SeparableConv1D" => Shared::new(c.separable::<1>()),
        "SeparableConv2D" => Shared::new(c.separable::<2>()),
        "Conv1DTranspose" => Shared::new(c.transpose::<1>()),
        "Conv2DTranspose" => Shared::new(c.transpose::<2>()),
        "Conv3DTranspose" => Shared::new(c.transpose::<3>()),
        "MaxPooling1D" => Shared::new(c.max_pooling::<1>()),
        "MaxPooling2D" => Shared::new(c.max_pooling::<2>()),
        "MaxPooling3D" => Shared::new(c.max_pooling::<3>()),
        "AveragePooling1D" => Shared::new(c.average_pooling::<1>()),
        "AveragePooling2D" => Shared::new(c.average_pooling::<2>()),
        "AveragePooling3D" => Shared::new(c.average_pooling::<3>()),
        "GlobalMaxPooling1D" => Shared::new(GlobalMaxPooling1D { keepdims }),
        "GlobalMaxPooling2D" => Shared::new(GlobalMaxPooling2D { keepdims }),
        "GlobalMaxPooling3D" => Shared::new(GlobalMaxPooling3D { keepdims }),
        "GlobalAveragePooling1D" => Shared::new(GlobalAveragePooling1D { keepdims }),
        "GlobalAveragePooling2D" => Shared::new(GlobalAveragePooling2D { keepdims }),
        "GlobalAveragePooling3D" => Shared::new(GlobalAveragePooling3D { keepdims }),
        "ZeroPadding1D" => Shared::new(ZeroPadding1D { padding: c.ends("padding") }),
        "ZeroPadding2D" => Shared::new(ZeroPadding2D { padding: c.ends("padding") }),
        "ZeroPadding3D" => Shared::new(ZeroPadding3D { padding: c.ends("padding") }),
        "Cropping1D" => Shared::new(Cropping1D { cropping: c.ends("cropping") }),
        "Cropping2D" => Shared::new(Cropping2D { cropping: c.ends("cropping") }),
        "Cropping3D" => Shared::new(Cropping3D { cropping: c.ends("cropping") }),
        "UpSampling1D" => Shared::new(c.up_sampling::<1>()),
        "UpSampling2D" => Shared::new(c.up_sampling::<2>()),
        "UpSampling3D" => Shared::new(c.up_sampling::<3>()),
        "Permute" => {
            let dims: Vec<usize> = c.flat("dims").into_iter().map(|dim| dim as usize).collect();
            Shared::new(Permute::new(dims))
        }
        "RepeatVector" => Shared::new(RepeatVector::new(c.count("n", 0))),
        _ => return merge(kind, &c).or_else(|| function(kind, &c)).or_else(|| picture(kind, &c)),
    })
}

fn merge(kind: &str, c: &Config<'_>) -> Option<Shared> {
    Some(match kind {
        "Add" => Shared::new(Add),
        "Subtract" => Shared::new(Subtract),
        "Multiply" => Shared::new(Multiply),
        "Average" => Shared::new(Average),
        "Maximum" => Shared::new(Maximum),
        "Minimum" => Shared::new(Minimum),
        "Concatenate" => Shared::new(Concatenate::new(c.axes("axis", &[-1])[0])),
        "Dot" => {
            let layer = Dot::new(c.axes("axes", &[-1]));
            Shared::new(Dot { normalize: c.flag("normalize", false), ..layer })
        }
        _ => return None,
    })
}

/// Transfer functions, normalizations, noise, tables and encodings.
fn function(kind: &str, c: &Config<'_>) -> Option<Shared> {
    let (center, scale) = (c.flag("center", true), c.flag("scale", true));
    let epsilon = |default| c.number("epsilon", default);
    let rate = c.number("rate", 0.0);
    Some(match kind {
        "ReLU" => Shared::new(ReLU {
            max_value: c.0["max_value"].as_f64(),
            negative_slope: c.number("negative_slope", 0.0),
            threshold: c.number("threshold", 0.0),
        }),
        "LeakyReLU" => Shared::new(LeakyReLU::new(c.number("negative_slope", 0.3))),
        "ELU" => Shared::new(ELU::new(c.number("alpha", 1.0))),
        "PReLU" => Shared::new(PReLU::new().shared_axes(c.axes("shared_axes", &[]))),
        "Softmax" => Shared::new(Softmax::new(c.axes("axis", &[-1]))),
        "BatchNormalization" => Shared::new(BatchNormalization {
            axis: c.axes("axis", &[-1])[0],
            momentum: c.number("momentum", 0.99),
            epsilon: epsilon(1e-3),
            center,
            scale,
            ..BatchNormalization::new()
        }),
        "LayerNormalization" => Shared::new(LayerNormalization {
            axis: c.axes("axis", &[-1]),
            epsilon: epsilon(1e-3),
            center,
            scale,
            ..LayerNormalization::new()
        }),
        "GroupNormalization" => Shared::new(GroupNormalization {
            axis: c.axes("axis", &[-1])[0],
            epsilon: epsilon(1e-3),
            center,
            scale,
            ..GroupNormalization::new(c.0["groups"].as_i64().unwrap_or(32))
        }),
        "RMSNormalization" => {
            Shared::new(RMSNormalization { axis: c.axes("axis", &[-1]), epsilon: epsilon(1e-6) })
        }
        "UnitNormalization" => Shared::new(UnitNormalization::new(c.axes("axis", &[-1]))),
        "SpatialDropout1D" => Shared::new(SpatialDropout1D::new(rate)),
        "SpatialDropout2D" => Shared::new(SpatialDropout2D::new(rate)),
        "SpatialDropout3D" => Shared::new(SpatialDropout3D::new(rate)),
        "GaussianDropout" => Shared::new(GaussianDropout::new(rate)),
        "AlphaDropout" => Shared::new(AlphaDropout::new(rate)),
        "GaussianNoise" => Shared::new(GaussianNoise::new(c.number("stddev", 0.0))),
        "ActivityRegularization" => {
            Shared::new(ActivityRegularization { l1: c.number("l1", 0.0), l2: c.number("l2", 0.0) })
        }
        "Embedding" => {
            Shared::new(Embedding::new(c.count("input_dim", 0), c.count("output_dim", 0)))
        }
        "Normalization" => Shared::new(Normalization {
            axis: if c.0["axis"].is_null() && c.0.get("axis").is_some() {
                vec![]
            } else {
                c.axes("axis", &[-1])
            },
            invert: c.flag("invert", false),
            ..Normalization::new(c.flat("mean"), c.flat("variance"))
        }),
        "CategoryEncoding" => {
            let mode = match c.0["output_mode"].as_str() {
                Some("one_hot") => OutputMode::OneHot,
                Some("count") => OutputMode::Count,
                _ => OutputMode::MultiHot,
            };
            Shared::new(CategoryEncoding::new(c.count("num_tokens", 0)).output_mode(mode))
        }
        _ => return None,
    })
}

fn picture(kind: &str, c: &Config<'_>) -> Option<Shared> {
    let (height, width) = (c.count("height", 0), c.count("width", 0));
    let interpolation = c.interpolation(Interpolation::Bilinear);
    let (fill_mode, fill_value) = (c.fill_mode(), c.number("fill_value", 0.0));
    let value_range = c.factor("value_range").unwrap_or([0.0, 255.0]);
    Some(match kind {
        "Resizing" => Shared::new(Resizing {
            interpolation,
            crop_to_aspect_ratio: c.flag("crop_to_aspect_ratio", false),
            pad_to_aspect_ratio: c.flag("pad_to_aspect_ratio", false),
            fill_value,
            ..Resizing::new(height, width)
        }),
        "CenterCrop" => Shared::new(CenterCrop::new(height, width)),
        "RandomCrop" => Shared::new(RandomCrop::new(height, width)),
        "RandomFlip" => Shared::new(RandomFlip::default()),
        "RandomRotation" => Shared::new(RandomRotation {
            factor: c.factor("factor").unwrap(),
            fill_mode,
            fill_value,
            interpolation,
        }),
        "RandomZoom" => Shared::new(RandomZoom {
            height_factor: c.factor("height_factor").unwrap(),
            width_factor: c.factor("width_factor"),
            fill_mode,
            fill_value,
            interpolation,
        }),
        "RandomTranslation" => Shared::new(RandomTranslation {
            height_factor: c.factor("height_factor").unwrap(),
            width_factor: c.factor("width_factor").unwrap(),
            fill_mode,
            fill_value,
            interpolation,
        }),
        "RandomContrast" => {
            let factor = c.factor("factor").unwrap().map(f64::abs);
            Shared::new(RandomContrast { factor, value_range })
        }
        "RandomBrightness" => {
            Shared::new(RandomBrightness { factor: c.factor("factor").unwrap(), value_range })
        }
        _ => return None,
    })
}

fn numbers(json: &Json) -> Vec<f64> {
    json["data"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn dims(json: &Json) -> Vec<usize> {
    json["shape"].as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as usize).collect()
}

fn list<'a>(case: &'a Json, key: &str) -> &'a [Json] {
    case[key].as_array().map_or(&[], Vec::as_slice)
}

/// The value, the gradient of `Σ y · g` with respect to each input and each weight that is learnt, and what the layer
/// makes of the values it keeps.
fn graph(network: &Network, case: &Json) -> Graph {
    let builder = Builder::new();
    let inputs: Vec<Expr<'_>> = list(case, "xs")
        .iter()
        .enumerate()
        .map(|(i, x)| builder.input(&format!("x {i}"), Role::Batch, DType::F32, &dims(x)))
        .collect();
    let g = builder.input("g", Role::Batch, DType::F32, &dims(&case["g"]));
    let training = case["training"] == true;
    let key = training.then(|| builder.input("key", Role::Batch, DType::I32, &[4]));
    let trace = network.trace(&builder, &inputs, key);
    let y = trace.outputs[0];
    assert_eq!(y.shape().dims(), dims(&case["y_f64"]), "{} {}", case["layer"], case["config"]);
    builder.output("y", y);
    let learnt = trace.weights.iter().filter(|(weight, _)| weight.trainable);
    let learnt: Vec<Expr<'_>> = learnt.map(|(_, weight)| *weight).collect();
    let of = [&inputs[..], &learnt].concat();
    for gradient in gradients((y * g).sum_all(), &of) {
        builder.output("gradient", gradient);
    }
    trace.updates.iter().for_each(|(state, value)| builder.update(*state, *value));
    builder.finish().unwrap()
}

fn run<F: Real>(graph: &Graph, case: &Json) -> Vec<Vec<f64>> {
    let floats =
        |json: &Json| Value::Float(numbers(json).into_iter().map(F::from_f64).collect::<Vec<F>>());
    let mut values: Vec<Value<F>> = list(case, "xs").iter().map(floats).collect();
    values.push(floats(&case["g"]));
    if case["training"] == true {
        values.push(Value::Int(vec![0; 4]));
    }
    values.extend(list(case, "weights").iter().map(floats));
    let results = interpret(graph, &values);
    results.iter().map(|v| v.floats().iter().map(|x| x.to_f64()).collect()).collect()
}

/// The largest difference, divided by `1 + |wanted|`.
#[track_caller]
fn difference(what: &str, found: &[f64], wanted: &[f64]) -> f64 {
    assert_eq!(found.len(), wanted.len(), "{what}");
    let each = found.iter().zip(wanted).map(|(a, b)| (a - b).abs() / (1.0 + b.abs()));
    each.fold(0.0, |most, x| if x > most || x.is_nan() { x } else { most })
}

/// Layers whose results are sums of many products, in an order of each engine's own: their float32 values are
/// compared to a share of the largest one.
fn sums_products(kind: &str) -> bool {
    kind.contains("Conv") || kind == "Dot"
}

#[test]
fn values_and_gradients_of_every_layer() {
    let path = format!("{}/../../tests/golden/layers_more.json", env!("CARGO_MANIFEST_DIR"));
    let file: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 300, "only {} cases", cases.len());
    let mut worst = [0.0f64; 3];
    let mut seen = std::collections::BTreeSet::new();
    let mut failures: Vec<String> = Vec::new();
    for case in cases {
        let kind = case["layer"].as_str().unwrap();
        let what = format!("{kind} {} training {}", case["config"], case["training"]);
        let shared = layer(kind, &case["config"]).unwrap_or_else(|| panic!("add {kind}"));
        seen.insert(kind);
        let samples: Vec<Symbol> =
            list(case, "xs").iter().map(|x| Input::new(&dims(x)[1..])).collect();
        let output = shared.on(&samples[..]);
        let inputs: Vec<&Symbol> = samples.iter().collect();
        let network = Network::functional(&inputs, &[&output]).unwrap();
        let (graph, count) = (graph(&network, case), samples.len());
        let found = run::<f64>(&graph, case);
        let mut bound = |place: usize, name: &str, found: &[f64], wanted: &Json, most: f64| {
            let difference = difference(&what, found, &numbers(wanted));
            worst[place] = worst[place].max(difference);
            if difference.is_nan() || difference > most {
                failures.push(format!("{what}: {name} differs by {difference:e}"));
            }
        };
        bound(0, "value", &found[0], &case["y_f64"], 1e-9);
        for (i, wanted) in list(case, "x_grads_f64").iter().enumerate() {
            bound(1, "gradient of an input", &found[1 + i], wanted, 1e-8);
        }
        let weights = list(case, "weight_grads_f64");
        for (i, wanted) in weights.iter().enumerate() {
            bound(1, "gradient of a weight", &found[1 + count + i], wanted, 1e-8);
        }
        for (i, wanted) in list(case, "updated_f64").iter().enumerate() {
            bound(0, "what it keeps", &found[graph.outputs.len() + i], wanted, 1e-9);
        }
        let single = &run::<f32>(&graph, case)[0];
        let wanted = numbers(&case["y_f32"]);
        if sums_products(kind) {
            let largest = wanted.iter().fold(1e-30f64, |most, x| most.max(x.abs()));
            let share = single.iter().zip(&wanted).map(|(a, b)| (a - b).abs() / largest);
            let share = share.fold(0.0, f64::max);
            assert!(share <= 1e-5, "{what}, f32: {share:e} of the largest");
        } else {
            bound(2, "f32 value", single, &case["y_f32"], 1e-6);
        }
    }
    assert!(failures.is_empty(), "{} of them:\n{}", failures.len(), failures.join("\n"));
    assert!(worst[0] < 1e-9, "{worst:?}");
}
