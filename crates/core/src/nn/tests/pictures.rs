//! What augmentations do to pictures, and when: random in training, for each sample, and nothing else outside.

use crate::graph::{Builder, Role, Value, interpret};
use crate::nn::layers::*;
use crate::nn::*;
use crate::tensor::{DType, Shape, Tensor};

/// What a layer makes of values of this shape, in training at this step, or outside training.
fn run(layer: impl Layer + 'static, dims: &[usize], x: &[f64], step: Option<i32>) -> Vec<f64> {
    let mut network = Network::default();
    network.push(Box::new(layer));
    let builder = Builder::new();
    let input = builder.input("x", Role::Batch, DType::F32, dims);
    let mut values = vec![Value::Float(x.to_vec())];
    let key = step.map(|step| {
        values.push(Value::Int(vec![7, 0, step, 0]));
        builder.input("key", Role::Batch, DType::I32, &[4])
    });
    builder.output("y", network.trace(&builder, &[input], key).outputs[0]);
    interpret::<f64>(&builder.finish().unwrap(), &values)[0].floats().to_vec()
}

fn counted(n: usize) -> Vec<f64> {
    (1..=n).map(|i| i as f64).collect()
}

#[track_caller]
fn assert_near(found: &[f64], wanted: &[f64]) {
    let near = found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(near && found.len() == wanted.len(), "{found:?}, not {wanted:?}");
}

#[test]
fn a_shift_shows_what_lies_beyond_the_edges() {
    // Two and a half points to the right: 2.5 / 4 of the width.
    let shifted = |layer: RandomTranslation| run(layer, &[1, 1, 4, 1], &counted(4), Some(0));
    let by = || RandomTranslation::new([0.0, 0.0], [0.625, 0.625]);
    assert_near(&shifted(by()), &[2.5, 1.5, 1.0, 1.5]);
    assert_near(&shifted(by().fill_mode(FillMode::Wrap)), &[2.5, 3.5, 2.5, 1.5]);
    assert_near(&shifted(by().fill_mode(FillMode::Nearest)), &[1.0, 1.0, 1.0, 1.5]);
    assert_near(&shifted(by().fill_value(10.0)), &[10.0, 10.0, 5.5, 1.5]);
    // Halves round away from zero: positions -2.5, -1.5, -0.5 and 0.5 are points -3, -2, -1 and 1.
    let nearest = by().fill_mode(FillMode::Wrap).interpolation(Interpolation::Nearest);
    assert_near(&shifted(nearest), &[2.0, 3.0, 4.0, 2.0]);
    let down = RandomTranslation::new([0.5, 0.5], [0.0, 0.0]).fill_mode(FillMode::Wrap);
    assert_near(&run(down, &[1, 4, 1, 1], &counted(4), Some(0)), &[3.0, 4.0, 1.0, 2.0]);
}

#[test]
fn turns_and_zooms_keep_the_middle() {
    let x = counted(9);
    let quarter = run(RandomRotation::new([0.25, 0.25]), &[1, 3, 3, 1], &x, Some(0));
    assert_near(&quarter, &[3.0, 6.0, 9.0, 2.0, 5.0, 8.0, 1.0, 4.0, 7.0]);
    let nearer = run(RandomZoom::new([-0.5, -0.5]), &[1, 3, 3, 1], &x, Some(0));
    assert_near(&nearer, &[3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0]);
    let wide = RandomZoom::new([0.0, 0.0]).width_factor([1.0, 1.0]).fill_value(0.0);
    let wide = run(wide, &[1, 3, 3, 1], &x, Some(0));
    assert_near(&wide, &[0.0, 2.0, 0.0, 0.0, 5.0, 0.0, 0.0, 8.0, 0.0]);
}

#[test]
fn light_changes_within_the_range_of_values() {
    let x = [0.2, 0.4, 0.6, 0.8];
    let contrast = RandomContrast { factor: [0.0, 1.0], value_range: [0.0, 1.0] };
    let y = run(contrast, &[1, 2, 2, 1], &x, Some(3));
    let factor = (y[2] - y[1]) / 0.2;
    assert!((1.0..2.0).contains(&factor));
    assert_near(&y, &x.map(|x| ((x - 0.5) * factor + 0.5).clamp(0.0, 1.0)));
    let bright = RandomBrightness::new([0.5, 0.5]).value_range([0.0, 1.0]);
    assert_near(&run(bright, &[1, 2, 2, 1], &x, Some(3)), &[0.7, 0.9, 1.0, 1.0]);
}

#[test]
fn each_sample_has_its_own_draw_and_nothing_is_random_outside_of_training() {
    let samples = 64;
    let one = counted(6);
    let x: Vec<f64> = one.repeat(samples);
    let dims = [samples, 2, 3, 1];
    let layers: [fn() -> Box<dyn Layer>; 6] = [
        || Box::new(RandomFlip::default()),
        || Box::new(RandomRotation::new(0.5)),
        || Box::new(RandomZoom::new(0.5)),
        || Box::new(RandomTranslation::new(0.5, 0.5)),
        || Box::new(RandomContrast::new(0.9)),
        || Box::new(RandomBrightness::new(0.1)),
    ];
    for layer in layers {
        let name = format!("{:?}", layer());
        let y = run(Boxed(layer()), &dims, &x, Some(1));
        assert!(y.chunks(6).any(|sample| sample != &y[..6]), "{name}: all samples alike");
        assert_eq!(y, run(Boxed(layer()), &dims, &x, Some(1)), "{name}: the same step");
        assert_ne!(y, run(Boxed(layer()), &dims, &x, Some(2)), "{name}: another step");
        assert_eq!(x, run(Boxed(layer()), &dims, &x, None), "{name}: outside of training");
    }
    let y = run(RandomFlip::new(FlipMode::Horizontal), &dims, &x, Some(1));
    let flipped = y.chunks(6).filter(|sample| *sample == [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]).count();
    let kept = y.chunks(6).filter(|sample| *sample == &one[..]).count();
    assert_eq!(flipped + kept, samples);
    assert!((20..44).contains(&flipped), "{flipped}");
}

/// A boxed layer as a layer to push.
#[derive(Debug)]
struct Boxed(Box<dyn Layer>);

impl Layer for Boxed {
    fn call<'g>(&self, scope: &Scope<'g>, x: crate::graph::Expr<'g>) -> crate::graph::Expr<'g> {
        self.0.call(scope, x)
    }
}

#[test]
fn crops_are_whole_parts_from_anywhere() {
    let x: Vec<f64> = counted(12).repeat(64);
    let y = run(RandomCrop::new(2, 2), &[64, 3, 4, 1], &x, Some(1));
    let mut corners: Vec<i64> = Vec::new();
    for part in y.chunks(4) {
        let corner = part[0];
        assert_near(part, &[corner, corner + 1.0, corner + 4.0, corner + 5.0]);
        corners.push(corner as i64);
    }
    corners.sort_unstable();
    corners.dedup();
    assert_eq!(corners, [1, 2, 3, 5, 6, 7]);
    let middle = run(RandomCrop::new(1, 2), &[1, 3, 4, 1], &counted(12), None);
    assert_near(&middle, &[3.5, 5.5]);
}

#[test]
fn noise_has_its_deviation_and_dropped_channels_are_whole() {
    let n = 20_000;
    let moments = |y: &[f64]| {
        let mean = y.iter().sum::<f64>() / y.len() as f64;
        (mean, y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / y.len() as f64)
    };
    let (mean, variance) = moments(&run(GaussianNoise::new(2.0), &[1, n], &vec![1.0; n], Some(1)));
    assert!((mean - 1.0).abs() < 0.05 && (variance - 4.0).abs() < 0.15, "{mean} {variance}");
    let y = run(GaussianDropout::new(0.2), &[1, n], &vec![3.0; n], Some(1));
    let (mean, variance) = moments(&y);
    assert!((mean - 3.0).abs() < 0.05 && (variance - 2.25).abs() < 0.1, "{mean} {variance}");
    // Normal numbers stay normal numbers of mean 0 and variance 1.
    let x = run(GaussianNoise::new(1.0), &[1, n], &vec![0.0; n], Some(2));
    let (mean, variance) = moments(&run(AlphaDropout::new(0.3), &[1, n], &x, Some(1)));
    assert!(mean.abs() < 0.05 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
    let y = run(SpatialDropout1D::new(0.5), &[1, 3, 100], &[1.0; 300], Some(1));
    assert!(y[..100] == y[100..200] && y[..100] == y[200..]);
    let dropped = y[..100].iter().filter(|&&y| y == 0.0).count();
    assert!((30..70).contains(&dropped), "{dropped}");
    assert_eq!(run(GaussianNoise::new(1.0), &[1, 3], &counted(3), None), counted(3));
}

#[test]
fn means_and_variances_are_those_of_the_data() {
    let values: Vec<f64> = (0..24).map(|i| f64::from(i * i % 17)).collect();
    let data = Tensor::new(Shape::new(&[3, 2, 4]).unwrap(), values.clone()).unwrap();
    let axes: [AxisList; 4] = [(-1).into(), 1.into(), [1, 2].into(), AxisList(vec![])];
    for axis in axes {
        let layer = Normalization::adapt(&data, axis.clone()).unwrap();
        let positions = layer.mean.len();
        let y = run(layer.clone(), &[3, 2, 4], &values, None);
        // Each position has mean 0 and variance 1 afterwards.
        let place = |i: usize| match &axis.0[..] {
            [-1] => i % 4,
            [1] => i / 4 % 2,
            [] => 0,
            _ => i % 8,
        };
        for position in 0..positions {
            let of: Vec<f64> = (0..24).filter(|&i| place(i) == position).map(|i| y[i]).collect();
            let count = of.len() as f64;
            let mean = of.iter().sum::<f64>() / count;
            let variance = of.iter().map(|y| y * y).sum::<f64>() / count;
            assert!(mean.abs() < 1e-12 && (variance - 1.0).abs() < 1e-12, "{axis:?} {position}");
        }
        assert_near(&run(layer.invert(), &[3, 2, 4], &y, None), &values);
    }
    assert!(Normalization::adapt(&data, 3).is_err() && Normalization::adapt(&data, 0).is_err());
    let empty = Tensor::new(Shape::new(&[0, 2]).unwrap(), Vec::<f32>::new()).unwrap();
    assert!(Normalization::adapt(&empty, -1).is_err());
}
