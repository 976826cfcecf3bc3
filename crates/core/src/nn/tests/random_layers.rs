//! Layers with settings and inputs that nobody would give them: an error with the layer's name, or
//! the promised shape.

use crate::graph::{Builder, Expr, Graph, Role, Value, interpret};
use crate::nn::layers::*;
use crate::nn::*;
use crate::tensor::random::Source;
use crate::tensor::{DType, Shape};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Random settings; a case can be found again by its number.
struct Draw {
    source: Source,
    next: u64,
}

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.next += 1;
        self.source.word(self.next) as usize % n
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn size(&mut self) -> usize {
        match self.below(80) {
            0 => usize::MAX,
            1 => 1 << 40,
            2 => 1 << 24,
            3..9 => 0,
            n => [1, 1, 2, 2, 3, 4, 5][n % 7],
        }
    }

    fn sizes<const N: usize>(&mut self) -> [usize; N] {
        std::array::from_fn(|_| self.size())
    }

    fn ends<const N: usize>(&mut self) -> [[usize; 2]; N] {
        std::array::from_fn(|_| [self.size(), self.of(&[0, 0, 1, 2])])
    }

    fn number(&mut self) -> f64 {
        self.of(&[0.0, 0.1, 0.5, 0.5, 0.9, 1.0, 2.0, -1.0, f64::NAN, f64::INFINITY])
    }

    fn axis(&mut self) -> i64 {
        self.of(&[-1, -1, 1, 1, 2, -2, 3, 0, 7, i64::MIN, i64::MAX])
    }

    fn axes(&mut self) -> Vec<i64> {
        (0..=self.below(2)).map(|_| self.axis()).collect()
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    fn padding(&mut self) -> Padding {
        self.of(&[Padding::Valid, Padding::Same, Padding::Causal])
    }

    fn activation(&mut self) -> Activation {
        self.of(&[Activation::Linear, Activation::Softmax, Activation::Glu, Activation::Relu])
    }
}

macro_rules! windows {
    ($draw:expr, $layer:expr) => {
        Shared::new($layer.strides($draw.sizes()).padding($draw.padding()))
    };
}

macro_rules! convolution {
    ($draw:expr, $layer:expr) => {
        windows!($draw, $layer.dilation_rate($draw.sizes()).activation($draw.activation()))
    };
}

fn windowed<const N: usize>(draw: &mut Draw, kind: usize) -> Shared
where
    Conv<N>: Layer,
    ConvTranspose<N>: Layer,
    MaxPooling<N>: Layer,
    AveragePooling<N>: Layer,
    UpSampling<N>: Layer,
{
    match kind {
        0 => {
            let layer = Conv::<N>::new(draw.size(), draw.sizes()).groups(draw.of(&[1, 1, 2, 0]));
            convolution!(draw, layer)
        }
        1 => {
            let layer = ConvTranspose::<N>::new(draw.size(), draw.sizes());
            let given = draw.flag();
            let layer = if given { layer.output_padding(draw.sizes()) } else { layer };
            convolution!(draw, layer)
        }
        2 => windows!(draw, MaxPooling::<N>::new(draw.sizes())),
        3 => windows!(draw, AveragePooling::<N>::new(draw.sizes())),
        _ => Shared::new(UpSampling::<N>::new(draw.sizes())),
    }
}

fn layer(draw: &mut Draw) -> Shared {
    let kind = draw.below(5);
    match draw.below(12) {
        0 => windowed::<1>(draw, kind),
        1 | 2 => windowed::<2>(draw, kind),
        3 => windowed::<3>(draw, kind),
        4 => spatial(draw),
        5 | 6 => merging(draw),
        7 | 8 => normalizing(draw),
        9 => picture(draw),
        _ => shaping(draw),
    }
}

fn spatial(draw: &mut Draw) -> Shared {
    match draw.below(12) {
        0 => convolution!(draw, DepthwiseConv1D::new(draw.sizes()).depth_multiplier(draw.size())),
        1 => convolution!(draw, DepthwiseConv2D::new(draw.sizes()).depth_multiplier(draw.size())),
        2 => convolution!(draw, SeparableConv1D::new(draw.size(), draw.sizes())),
        3 => convolution!(draw, SeparableConv2D::new(draw.size(), draw.sizes())),
        4 => Shared::new(GlobalMaxPooling1D::new()),
        5 => Shared::new(GlobalAveragePooling2D::new().keepdims()),
        6 => Shared::new(GlobalMaxPooling3D::new()),
        7 => Shared::new(ZeroPadding1D::new(draw.ends::<1>())),
        8 => Shared::new(ZeroPadding2D::new(draw.ends::<2>())),
        9 => Shared::new(Cropping1D::new(draw.ends::<1>())),
        10 => Shared::new(Cropping2D::new(draw.ends::<2>())),
        _ => Shared::new(Cropping3D::new(draw.ends::<3>())),
    }
}

fn merging(draw: &mut Draw) -> Shared {
    match draw.below(9) {
        0 => Shared::new(Add),
        1 => Shared::new(Subtract),
        2 => Shared::new(Multiply),
        3 => Shared::new(Average),
        4 => Shared::new(Maximum),
        5 => Shared::new(Minimum),
        6 => Shared::new(Concatenate::new(draw.axis())),
        7 => Shared::new(Dot::new(draw.axes())),
        _ => Shared::new(Dot::new(draw.axis()).normalize()),
    }
}

fn normalizing(draw: &mut Draw) -> Shared {
    let (axis, axes, epsilon) = (draw.axis(), draw.axes(), draw.of(&[1e-3, 1e-3, 0.0, f64::NAN]));
    let momentum = draw.of(&[0.9, 0.0, 2.0]);
    match draw.below(8) {
        0 | 1 => {
            Shared::new(BatchNormalization { axis, momentum, epsilon, ..BatchNormalization::new() })
        }
        2 => Shared::new(LayerNormalization { axis: axes, epsilon, ..LayerNormalization::new() }),
        3 => {
            let groups = draw.of(&[1, 2, 3, -1, 0, i64::MIN]);
            Shared::new(GroupNormalization { axis, epsilon, ..GroupNormalization::new(groups) })
        }
        4 => Shared::new(RMSNormalization { axis: axes, epsilon }),
        5 => Shared::new(UnitNormalization::new(axes)),
        6 => Shared::new(Softmax::new(axes)),
        _ => {
            let (means, variances) = (draw.below(4), draw.below(4));
            let variance = vec![draw.number(); variances];
            let layer = Normalization::new(vec![0.5; means], variance);
            Shared::new(Normalization { axis: axes, invert: draw.flag(), ..layer })
        }
    }
}

fn picture(draw: &mut Draw) -> Shared {
    let (height, width, factor) = (draw.size(), draw.size(), draw.number());
    match draw.below(10) {
        0 | 1 => {
            let nearest = draw.flag();
            let layer = Resizing {
                crop_to_aspect_ratio: draw.flag(),
                pad_to_aspect_ratio: draw.flag(),
                ..Resizing::new(height, width)
            };
            let nearest = if nearest { Interpolation::Nearest } else { Interpolation::Bilinear };
            Shared::new(layer.interpolation(nearest))
        }
        2 => Shared::new(CenterCrop::new(height, width)),
        3 => Shared::new(RandomCrop::new(height, width)),
        4 => Shared::new(RandomFlip::default()),
        5 => Shared::new(RandomRotation::new(factor)),
        6 => Shared::new(RandomZoom::new(factor).fill_mode(FillMode::Wrap)),
        7 => Shared::new(RandomTranslation::new(factor, draw.number())),
        8 => Shared::new(RandomContrast::new(factor)),
        _ => Shared::new(RandomBrightness::new(factor)),
    }
}

fn shaping(draw: &mut Draw) -> Shared {
    let number = draw.number();
    match draw.below(18) {
        0 => Shared::new(Dense::new(draw.size()).activation(draw.activation())),
        1 => Shared::new(Flatten),
        2 | 3 => {
            let sizes: Vec<i64> =
                (0..draw.below(4)).map(|_| draw.of(&[-1, 0, 1, 2, 3, 6, -2, i64::MAX])).collect();
            Shared::new(Reshape::new(sizes))
        }
        4 | 5 => {
            let dims: Vec<usize> = (0..draw.below(4)).map(|_| draw.size()).collect();
            Shared::new(Permute::new(dims))
        }
        6 => Shared::new(RepeatVector::new(draw.size())),
        7 => Shared::new(Embedding::new(draw.size(), draw.size())),
        8 => {
            let mode = draw.of(&[OutputMode::OneHot, OutputMode::MultiHot, OutputMode::Count]);
            Shared::new(CategoryEncoding::new(draw.size()).output_mode(mode))
        }
        9 => Shared::new(Dropout::new(number)),
        10 => Shared::new(SpatialDropout2D::new(number)),
        11 => Shared::new(GaussianNoise::new(number)),
        12 => Shared::new(GaussianDropout::new(number)),
        13 => Shared::new(AlphaDropout::new(number)),
        14 => Shared::new(PReLU::new().shared_axes(draw.axes())),
        15 => Shared::new(ReLU { max_value: Some(number), negative_slope: 0.1, threshold: 0.2 }),
        16 => Shared::new(ELU::new(number)),
        _ => Shared::new(draw.of(&Activation::ALL)),
    }
}

/// A layer on its inputs.
fn network(layer: &Shared, samples: &[Vec<usize>]) -> Network {
    let inputs: Vec<Symbol> = samples.iter().map(|sample| Input::new(&sample[..])).collect();
    let output = layer.on(&inputs[..]);
    Network::functional(&inputs.iter().collect::<Vec<_>>(), &[&output]).unwrap()
}

/// Whether an error names the layer.
fn is_of_layer(network: &Network, error: &crate::error::Error) -> bool {
    error.place() == network.layers().next().map(|(name, _)| name)
}

/// The layer's output for a batch, in training or not.
fn traced(
    network: &Network,
    samples: &[Vec<usize>],
    batch: usize,
    training: bool,
) -> Option<Graph> {
    let builder = Builder::new();
    let input = |(i, sample): (usize, &Vec<usize>)| {
        let dims = [&[batch], &sample[..]].concat();
        builder.input(&format!("x {i}"), Role::Batch, DType::F32, &dims)
    };
    let inputs: Vec<Expr<'_>> = samples.iter().enumerate().map(input).collect();
    let key = training.then(|| builder.input("key", Role::Batch, DType::I32, &[4]));
    let trace = network.trace(&builder, &inputs, key);
    builder.output("y", trace.outputs[0]);
    match builder.finish() {
        Ok(graph) => Some(graph),
        // Only the batch was too much.
        Err(error) => {
            assert!(error.place().is_none() || is_of_layer(network, &error), "{error}");
            None
        }
    }
}

/// Returns whether the layer was accepted, after checking its output or its error.
fn check(draw: &mut Draw) -> bool {
    let layer = layer(draw);
    let first: Vec<usize> =
        (0..draw.of(&[0, 1, 1, 2, 2, 3, 3, 4, 7])).map(|_| draw.size()).collect();
    let mut samples = vec![first.clone()];
    let several = format!("{layer:?}");
    let merges = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concat", "Dot"];
    if merges.iter().any(|name| several.contains(name)) {
        for _ in 0..draw.of(&[0, 1, 1, 2]) {
            let mut other = first.clone();
            if let Some(size) = other.last_mut().filter(|_| draw.below(3) == 0) {
                *size = draw.size();
            }
            samples.push(other);
        }
    }
    let (batch, training) = (draw.of(&[0, 1, 2, 3]), draw.flag());
    let network = network(&layer, &samples);
    let built = match network.build(&samples) {
        Ok(built) => built,
        Err(error) => {
            // A shape that fits in no memory is refused before the layer sees it.
            let fits =
                samples.iter().all(|sample| Shape::new(&[&[1], &sample[..]].concat()).is_ok());
            assert!(is_of_layer(&network, &error) || !fits, "{network:?} on {samples:?}: {error}");
            return false;
        }
    };
    let Some(graph) = traced(&network, &samples, batch, training) else { return false };
    let what = format!("{network:?} on {batch} of {samples:?}");
    let y = graph.ty(graph.output("y").unwrap()).shape;
    assert_eq!(y.dims(), [&[batch], built.outputs[0].dims()].concat(), "{what}");
    let total = graph.ids().map(|id| graph.ty(id).shape.elems()).fold(0, usize::saturating_add);
    if total <= 1 << 14 {
        let value = |input: &crate::graph::Input| {
            let n = graph.ty(input.node).shape.elems();
            match graph.ty(input.node).dtype {
                DType::I32 => Value::Int(vec![1; n]),
                _ => Value::Float((0..n).map(|i| (i % 7) as f32 - 2.0).collect()),
            }
        };
        let values: Vec<Value<f32>> = graph.inputs.iter().map(value).collect();
        assert_eq!(interpret(&graph, &values)[0].floats().len(), y.elems(), "{what}");
    }
    true
}

#[test]
fn layers_with_any_settings_say_what_is_wrong_or_keep_their_promise() {
    let asked = std::env::var("NEURONA_RANDOM_CASES").ok().and_then(|n| n.parse().ok());
    let (mut taken, mut refused) = (0, 0);
    let mut failures = Vec::new();
    for number in 0..asked.unwrap_or(1000usize) {
        let mut draw = Draw { source: Source { seed: number as u64, stream: 9, step: 0 }, next: 0 };
        match catch_unwind(AssertUnwindSafe(|| check(&mut draw))) {
            Ok(true) => taken += 1,
            Ok(false) => refused += 1,
            Err(_) => failures.push(number),
        }
        assert!(failures.len() < 10, "cases {failures:?} failed: see above");
    }
    assert!(failures.is_empty(), "cases {failures:?} failed: see above");
    assert!(taken > 100 && refused > 100, "{taken} taken, {refused} refused: poor draws");
    if asked.is_some() {
        writeln!(std::io::stdout(), "campaign: {taken} taken, {refused} refused").unwrap();
    }
}
