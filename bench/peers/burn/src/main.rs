//! A workload in Burn, printed as the other peers print theirs: `burn-peer WORKLOAD [EPOCHS]`.

use burn::nn::loss::{BinaryCrossEntropyLossConfig, CrossEntropyLossConfig};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation::{relu, sigmoid, softmax};
use std::hint::black_box;
use std::time::Instant;

/// The elements of a NumPy file of 4-byte numbers.
fn npy(workload: &str, file: &str) -> Vec<[u8; 4]> {
    let arrays = std::env::var("ARRAYS").unwrap_or("../../../target/bench/arrays".into());
    let bytes = std::fs::read(format!("{arrays}/{workload}/{file}")).expect("ARRAYS");
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    bytes[10 + header..].chunks_exact(4).map(|b| b.try_into().unwrap()).collect()
}

/// A new order of `0..n` (Fisher and Yates, with xorshift's numbers).
fn shuffled(n: usize, state: &mut u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        order.swap(i, ((u128::from(*state) * (i as u128 + 1)) >> 64) as usize);
    }
    order
}

#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
    dropout: Option<Dropout>,
    sigmoid: bool,
}

impl Mlp {
    fn new(sizes: &[usize], dropout: Option<f64>, sigmoid: bool, device: &Device) -> Self {
        let layers = sizes.windows(2).map(|w| LinearConfig::new(w[0], w[1]).init(device)).collect();
        Self { layers, dropout: dropout.map(|p| DropoutConfig::new(p).init()), sigmoid }
    }

    fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        for (i, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if i + 1 < self.layers.len() {
                x = if self.sigmoid { sigmoid(x) } else { relu(x) };
                if let Some(dropout) = &self.dropout {
                    x = dropout.forward(x);
                }
            }
        }
        x
    }
}

/// Seconds and loss of each epoch, and the seconds of one prediction.
struct Measured {
    times: Vec<f64>,
    losses: Vec<f64>,
    predict_one: f64,
}

macro_rules! train {
    ($model:expr, $optim:expr, $lr:expr, $x:expr, $y:expr, $width:expr, $batch:expr, $epochs:expr,
     $device:expr, $loss:expr, $probability:expr) => {{
        let (mut model, mut optim, mut state) = ($model, $optim, 7u64);
        let n = $y.len();
        let (mut times, mut losses) = (Vec::new(), Vec::new());
        for _ in 0..$epochs {
            let (begin, mut total) = (Instant::now(), 0.0);
            for rows in shuffled(n, &mut state).chunks($batch) {
                let x: Vec<f32> =
                    rows.iter().flat_map(|i| &$x[i * $width..][..$width]).copied().collect();
                let y: Vec<i32> = rows.iter().map(|&i| $y[i]).collect();
                let x = Tensor::<2>::from_data(TensorData::new(x, [rows.len(), $width]), &$device);
                let y = Tensor::<1, Int>::from_data(TensorData::new(y, [rows.len()]), &$device);
                let loss = $loss(model.forward(x), y);
                total += f64::from(loss.clone().into_scalar::<f32>()) * rows.len() as f64;
                let grads = GradientsParams::from_grads(loss.backward(), &model);
                model = optim.step($lr, model, grads);
            }
            losses.push(total / n as f64);
            times.push(begin.elapsed().as_secs_f64());
        }
        let (model, device) = (model.valid(), Device::flex());
        let predict = || {
            let x = TensorData::new($x[..$width].to_vec(), [1, $width]);
            black_box($probability(model.forward(Tensor::<2>::from_data(x, &device))).into_data());
        };
        predict();
        let begin = Instant::now();
        (0..200).for_each(|_| predict());
        Measured { times, losses, predict_one: begin.elapsed().as_secs_f64() / 200.0 }
    }};
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let workload = args[1].as_str();
    let epochs: usize = args.get(2).map_or(4, |epochs| epochs.parse().unwrap());
    let device = Device::flex().autodiff();
    let classes = CrossEntropyLossConfig::new().init(&device);
    let binary = BinaryCrossEntropyLossConfig::new().with_logits(true).init(&device);
    let x: Vec<f32> = npy(workload, "x.npy").into_iter().map(f32::from_le_bytes).collect();
    let y: Vec<i32> = npy(workload, "y.npy").into_iter().map(i32::from_le_bytes).collect();
    let Measured { times, losses, predict_one } = match workload {
        "guide" => train!(
            Mlp::new(&[784, 10, 10], None, true, &device),
            SgdConfig::new().init(),
            0.01,
            x,
            y,
            784,
            32,
            epochs,
            device,
            |z, y| classes.forward(z, y),
            |z| softmax(z, 1)
        ),
        "mlp" => train!(
            Mlp::new(&[784, 512, 512, 10], Some(0.2), false, &device),
            AdamConfig::new().init(),
            0.001,
            x,
            y,
            784,
            128,
            epochs,
            device,
            |z, y| classes.forward(z, y),
            |z| softmax(z, 1)
        ),
        "tabular" => train!(
            Mlp::new(&[30, 64, 64, 1], None, false, &device),
            AdamConfig::new().init(),
            0.001,
            x,
            y,
            30,
            256,
            epochs,
            device,
            |z: Tensor<2>, y: Tensor<1, Int>| {
                let n = y.dims()[0];
                binary.forward(z, y.reshape([n, 1]))
            },
            sigmoid
        ),
        other => panic!("no workload {other}: use one of guide, mlp, tabular"),
    };
    let later = if times.len() > 1 { &times[1..] } else { &times[..] };
    let best = later.iter().copied().fold(f64::MAX, f64::min);
    let losses: Vec<String> = losses.iter().map(|loss| format!("{loss:.4}")).collect();
    println!(
        "{{\"peer\": \"burn-flex\", \"workload\": \"{workload}\", \"first_epoch_s\": {:.4}, \
         \"epoch_s\": {best:.4}, \"losses\": [{}], \"predict_one_ms\": {:.5}}}",
        times[0],
        losses.join(", "),
        predict_one * 1e3,
    );
}
