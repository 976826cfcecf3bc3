//! Training steps allocate nothing: after the first ones, memory in use never rises, not even for a moment,
//! however wide the layers, on one thread and on several.

use ndarray::{Array1, Array2};
use neurona::prelude::*;
use peak_alloc::PeakAlloc;
use std::ops::ControlFlow;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Trains for this many steps of ten samples and checks the memory after each, except those of the
/// first epoch.
fn watched_steps(model: &mut Sequential, features: usize, steps: usize) -> usize {
    let x =
        Array2::from_shape_fn((10_000, features), |(i, j)| ((i * 7 + j * 3) % 11) as f32 / 11.0);
    let y: Array1<i32> = (0..10_000).map(|i| i % 10).collect();
    let loss = SparseCategoricalCrossentropy::default();
    let counts = [
        Metric::Accuracy,
        Metric::TopKCategoricalAccuracy { k: 3 },
        Metric::F1Score(F1Score::default()),
        Metric::Auc(Auc { num_thresholds: 20, ..Auc::default() }),
    ];
    model.compile(Adam::default(), loss, counts).unwrap();
    let (mut watched, mut begun) = (0, 0);
    let watch = |event: &Event<'_>| {
        if let Event::EpochBegin { .. } = event {
            begun += 1;
        }
        if let Event::BatchEnd { done, .. } = event {
            // The first steps fill caches that stay, and on a busy machine threads start late.
            if begun > 1 && *done > 10 {
                assert_eq!(MEMORY.peak_usage(), MEMORY.current_usage(), "step {done} allocated");
                watched += 1;
            }
            MEMORY.reset_peak_usage();
        }
        ControlFlow::Continue(())
    };
    let epochs = Fit::epochs(steps / 1000).batch_size(10).verbose(Verbose::Silent);
    model.fit(&x, &y, epochs.callback(watch)).unwrap();
    watched
}

/// Not a test in a harness, because the counter belongs to the whole process: the harness's own
/// thread allocates when it likes.
fn main() {
    for threads in [1, 2] {
        let mut narrow = Sequential::new([20])
            .threads(threads)
            .add(Dense::new(10).activation(Sigmoid))
            .add(Dropout::new(0.1))
            .add(Dense::new(10).activation(Softmax));
        assert_eq!(watched_steps(&mut narrow, 20, 10_000), 8_910);
        let mut wide = Sequential::new([70])
            .threads(threads)
            .add(Dense::new(300).activation(Relu))
            .add(Dense::new(40).activation(Tanh))
            .add(Dense::new(10).activation(Softmax));
        assert_eq!(watched_steps(&mut wide, 70, 10_000), 8_910);
    }
    let mut model = Sequential::new([4]).threads(1).add(Dense::new(10).activation(Softmax));
    watched_steps(&mut model, 4, 1000);
    let before = MEMORY.current_usage();
    watched_steps(&mut model, 4, 100_000);
    // What stays is bounded: the programs of the second `compile` in place of the first one's, and
    // the history: number, loss and accuracy of 100 epochs, in lists with room for 128.
    let (more, history) = (MEMORY.current_usage().saturating_sub(before), 3 * 8 * 128);
    assert!(more < 4096 + history, "{more} bytes more after 100,000 steps");
}
