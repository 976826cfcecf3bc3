//! Training steps allocate nothing: after the first ones, memory in use never rises, not even for a moment.

use ndarray::{Array1, Array2};
use neurona::prelude::*;
use peak_alloc::PeakAlloc;
use std::ops::ControlFlow;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn a_thousand_steps_allocate_nothing() {
    let x = Array2::from_shape_fn((32_000, 20), |(i, j)| ((i * 7 + j * 3) % 11) as f32 / 11.0);
    let y: Array1<i32> = (0..32_000).map(|i| i % 10).collect();
    let mut model = Sequential::new([20])
        .threads(1)
        .add(Dense::new(10).activation(Sigmoid))
        .add(Dropout::new(0.1))
        .add(Dense::new(10).activation(Softmax));
    let loss = SparseCategoricalCrossentropy::default();
    model.compile(Adam::default(), loss, [Metric::Accuracy]).unwrap();
    let mut watched = 0;
    let watch = |event: &Event<'_>| {
        if let Event::BatchEnd { done, .. } = event {
            // The first steps fill caches that stay.
            if *done > 10 {
                assert_eq!(MEMORY.peak_usage(), MEMORY.current_usage(), "step {done} allocated");
                watched += 1;
            }
            MEMORY.reset_peak_usage();
        }
        ControlFlow::Continue(())
    };
    model.fit(&x, &y, Fit::epochs(1).verbose(Verbose::Silent).callback(watch)).unwrap();
    assert_eq!(watched, 990);
}
