//! What is said about a layer that does not suit its input, or whose settings make no sense.

use crate::error::Code;
use crate::message::Lang;
use crate::nn::layers::*;
use crate::nn::*;

/// Checks that a layer on samples of these shapes is refused, with its name, in both languages, and in English with
/// these words.
#[track_caller]
fn refused(layer: impl Layer + 'static, samples: &[&[usize]], code: Code, words: &[&str]) {
    let inputs: Vec<Symbol> = samples.iter().map(|sample| Input::new(*sample)).collect();
    let output = layer.named("mine").on(&inputs[..]);
    let network = Network::functional(&inputs.iter().collect::<Vec<_>>(), &[&output]).unwrap();
    let dims: Vec<Vec<usize>> = samples.iter().map(|sample| sample.to_vec()).collect();
    let error = network.build(&dims).unwrap_err();
    let text = error.to_string();
    assert_eq!((error.code(), error.place()), (code, Some("mine")), "{text}");
    assert_ne!(error.in_lang(Lang::Es), text);
    for word in words {
        assert!(text.contains(word), "\"{word}\" is not in: {text}");
    }
}

use Code::{E012, E016};

#[test]
fn pictures_that_do_not_suit() {
    let reshape = ["(height, width, channels)", "[28, 28]", "Reshape::new([28, 28, 1])"];
    refused(Conv2D::new(3, 3), &[&[28, 28]], E012, &reshape);
    refused(MaxPooling2D::new(2), &[&[28, 28]], E012, &reshape);
    refused(GlobalMaxPooling2D::new(), &[&[28, 28]], E012, &reshape);
    refused(RandomFlip::default(), &[&[28, 28]], E012, &reshape);
    refused(Conv1D::new(3, 3), &[&[9]], E012, &["(steps, channels)", "Reshape::new([9, 1])"]);
    refused(Conv3D::new(3, 3), &[&[9]], E012, &["(depth, height,", "put Reshape", "Flatten"]);
    refused(Conv1D::new(3, 3), &[&[4, 4, 1]], E012, &["Conv1D takes", "put Reshape", "Flatten"]);
    refused(Conv2D::new(3, 3), &[&[4, 0, 1]], E012, &["at least one point", "[4, 0, 1]"]);
    let large = ["span [5, 3] points", "inputs of [4, 4]", "Padding::Same"];
    refused(Conv2D::new(1, [5, 3]), &[&[4, 4, 1]], E012, &large);
    refused(Conv2D::new(1, [3, 2]).dilation_rate(2), &[&[4, 4, 1]], E012, &["span [5, 3]"]);
    refused(AveragePooling1D::new(9), &[&[4, 2]], E012, &["span [9] points", "inputs of [4]"]);
    refused(SeparableConv2D::new(1, 5), &[&[4, 4, 1]], E012, &["span [5, 5]"]);
    let causal = ["Conv2D cannot be padded causally", "only Conv1D"];
    refused(Conv2D::new(1, 2).padding(Padding::Causal), &[&[4, 4, 1]], E016, &causal);
    let layer = Conv1DTranspose::new(1, 2).padding(Padding::Causal);
    refused(layer, &[&[4, 1]], E016, &["only Conv1D"]);
    refused(MaxPooling1D::new(2).padding(Padding::Causal), &[&[4, 1]], E016, &["only Conv1D"]);
    let layer = Conv1DTranspose::new(1, 2).padding(Padding::Same).output_padding(0).strides(2);
    refused(layer, &[&[1, 1]], E012, &["would give [0] points"]);
    refused(Cropping1D::new([2, 2]), &[&[4, 1]], E012, &["leaves nothing", "[4]"]);
    refused(ZeroPadding1D::new(usize::MAX), &[&[4, 1]], E012, &["more than fits in memory"]);
    refused(
        Permute::new([1, 1]),
        &[&[2, 3]],
        E016,
        &["[1, 1] is not an order of the 2 dimensions"],
    );
    refused(Permute::new([2, 1]), &[&[2, 3, 4]], E016, &["name each dimension once"]);
    refused(RepeatVector::new(2), &[&[2, 3]], E012, &["one dimension", "put Flatten before it"]);
}

#[test]
fn settings_out_of_range() {
    let sample: &[&[usize]] = &[&[4, 4, 2]];
    refused(Conv2D::new(0, 3), sample, E016, &["Conv2D needs at least 1 filters"]);
    refused(Conv2D::new(2, 0), sample, E016, &["kernel_size is [0, 0]", "from 1 to 16,777,216"]);
    refused(Conv2D::new(2, 2).strides([1, 0]), sample, E016, &["strides is [1, 0]"]);
    refused(Conv2D::new(2, 2).dilation_rate(0), sample, E016, &["dilation_rate is [0, 0]"]);
    refused(Conv2D::new(2, usize::MAX), sample, E016, &["kernel_size is"]);
    let both = ["strides [2, 2] and dilation_rate [1, 2]", "leave one of them at 1"];
    refused(Conv2D::new(2, 2).strides(2).dilation_rate([1, 2]), sample, E016, &both);
    refused(Conv2DTranspose::new(2, 2).strides(2).dilation_rate([1, 2]), sample, E016, &both);
    refused(Conv2D::new(2, 2).groups(0), sample, E016, &["at least 1 groups"]);
    refused(Conv2D::new(3, 2).groups(2), sample, E016, &["3 filters", "2 groups", "divide both"]);
    refused(Conv2D::new(3, 2).groups(3), sample, E012, &["2 channels", "3 groups"]);
    refused(DepthwiseConv2D::new(2).depth_multiplier(0), sample, E016, &["1 depth_multiplier"]);
    refused(SeparableConv2D::new(0, 2), sample, E016, &["at least 1 filters"]);
    refused(Conv2DTranspose::new(0, 2), sample, E016, &["at least 1 filters"]);
    let layer = Conv2DTranspose::new(1, 2).strides(2).output_padding([1, 2]);
    refused(layer, sample, E016, &["output_padding [1, 2] must stay below strides [2, 2]"]);
    refused(MaxPooling2D::new([2, 0]), sample, E016, &["pool_size is [2, 0]"]);
    refused(UpSampling2D::new(0), sample, E016, &["size is [0, 0]"]);
    refused(RepeatVector::new(0), &[&[4]], E016, &["n is [0]"]);
    let below = |slope| ReLU { negative_slope: slope, ..ReLU::default() };
    refused(below(-1.0), sample, E016, &["negative_slope is -1"]);
    refused(LeakyReLU::new(f64::NAN), sample, E016, &["negative_slope is NaN"]);
    let axis = ["no axis 4 in values of 4 dimensions", "from -4 to 3", "axis -1 the last"];
    refused(Softmax::new(4), sample, E016, &axis);
    refused(LayerNormalization::new().axis([1, -3]), sample, E016, &["axis -3 is named twice"]);
    refused(UnitNormalization::new(0), sample, E016, &["axis 0 is the batch"]);
    refused(PReLU::new().shared_axes(-5), sample, E016, &["no axis -5"]);
    let layer = BatchNormalization { momentum: 1.5, ..BatchNormalization::new() };
    refused(layer, sample, E016, &["momentum must be between 0 and 1, not 1.5"]);
    let layer = BatchNormalization { axis: 0, ..BatchNormalization::new() };
    refused(layer, sample, E016, &["axis 0 is the batch"]);
    let layer = RMSNormalization { axis: vec![-1], epsilon: 0.0 };
    refused(layer, sample, E016, &["epsilon is 0, but must be above 0"]);
    refused(GroupNormalization::new(32), sample, E012, &["2 channels", "32 groups", "-1"]);
    refused(SpatialDropout2D::new(1.0), sample, E016, &["dropout rate"]);
    refused(GaussianDropout::new(-0.1), sample, E016, &["dropout rate"]);
    refused(AlphaDropout::new(1.0), sample, E016, &["dropout rate"]);
    refused(GaussianNoise::new(-1.0), sample, E016, &["stddev is -1"]);
    let layer = ActivityRegularization { l1: -1.0, l2: 0.0 };
    refused(layer, sample, E016, &["l1 is -1"]);
    refused(Embedding::new(0, 2), sample, E016, &["input_dim is [0]"]);
    refused(Embedding::new((1 << 24) + 1, 2), sample, E016, &["[16777217]", "16,777,216"]);
}

#[test]
fn data_and_augmentations() {
    let sample: &[&[usize]] = &[&[4, 4, 2]];
    let few = ["3 means", "samples of shape [4, 4, 2] have 2 positions", "adapt"];
    refused(Normalization::new([0.0; 3], [1.0; 3]), sample, E012, &few);
    refused(Normalization::new([0.0; 2], [1.0; 3]), sample, E016, &["2 means, but 3 variances"]);
    refused(Normalization::new([0.0], [-1.0]), sample, E016, &["a variance is -1"]);
    refused(CategoryEncoding::new(0), &[&[3]], E016, &["num_tokens is [0]"]);
    refused(CategoryEncoding::new(3), &[&[3, 2]], E012, &["one dimension", "OutputMode::OneHot"]);
    refused(Resizing::new(0, 2), sample, E016, &["height and width is [0, 2]"]);
    let layer =
        Resizing { crop_to_aspect_ratio: true, pad_to_aspect_ratio: true, ..Resizing::new(2, 2) };
    refused(layer, sample, E016, &["exclude each other"]);
    refused(CenterCrop::new(2, 0), sample, E016, &["height and width"]);
    refused(RandomCrop::new(0, 1), sample, E016, &["height and width"]);
    let bounds = ["factor goes from -2 to 2, but must stay between -1 and 1"];
    refused(RandomRotation::new(2.0), sample, E016, &bounds);
    refused(RandomZoom::new([0.5, 0.2]), sample, E016, &["height_factor goes from 0.5 to 0.2"]);
    refused(RandomZoom::new(0.1).width_factor(3.0), sample, E016, &["width_factor"]);
    refused(RandomTranslation::new(0.1, 1.5), sample, E016, &["width_factor goes from -1.5"]);
    refused(RandomContrast::new(1.5), sample, E016, &["must stay between 0 and 1"]);
    refused(RandomBrightness::new(1.5), sample, E016, &["must stay between -1 and 1"]);
    let layer = RandomBrightness::new(0.5).value_range([1.0, 0.0]);
    refused(layer, sample, E016, &["value_range goes from 1 to 0"]);
}

#[test]
fn values_that_do_not_merge() {
    let shapes: &[&[usize]] = &[&[2, 3], &[2, 4]];
    refused(Add, shapes, E012, &["Add cannot merge", "[2, 3] and [2, 4]", "equal or 1"]);
    refused(Average, &[&[3], &[1], &[2]], E012, &["[3] and [2]"]);
    refused(Multiply, shapes, E012, &["Multiply cannot merge"]);
    refused(Maximum, shapes, E012, &["Maximum cannot merge"]);
    refused(Minimum, shapes, E012, &["Minimum cannot merge"]);
    refused(Subtract, &[&[3], &[3], &[3]], E012, &["Subtract takes 2 inputs, but 3"]);
    refused(Subtract, &[&[3]], E012, &["Subtract takes 2 inputs, but 1"]);
    refused(Add, &[], E012, &["at least 1 value"]);
    refused(Dense::new(2), &[&[3], &[3]], E012, &["Dense takes 1 inputs, but 2"]);
    refused(Dense::new(2), &[], E012, &["Dense takes 1 inputs, but 0"]);
    let axis = ["[2, 3] and [2, 4]", "along axis 1", "choose another axis"];
    refused(Concatenate::new(1), shapes, E012, &axis);
    refused(Concatenate::new(0), shapes, E016, &["axis 0 is the batch"]);
    refused(Concatenate::default(), &[&[2, 3], &[3]], E012, &["[2, 3] and [3]"]);
    refused(Dot::new(-1), shapes, E012, &["[2, 3] has 3", "[2, 4] has 4"]);
    refused(Dot::new([1, 2, 3]), shapes, E016, &["Dot takes one axis for both inputs"]);
    refused(Dot::new(0), shapes, E016, &["axis 0 is the batch"]);
    refused(Dot::new(1), &[&[3]], E012, &["Dot takes 2 inputs, but 1"]);
}
