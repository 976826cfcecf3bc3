//! The border checks data without copying them.

use ndarray::Array2;
use neurona::prelude::*;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn data_are_checked_without_a_copy() {
    const SIDE: usize = 2000;
    let x = Array2::<f32>::from_elem((SIDE, SIDE), 0.5);
    let labels = ndarray::Array1::<i32>::ones(SIDE * SIDE);
    let mut numbers = Sequential::new([SIDE]).add(Rescaling::new(1.0));
    numbers.compile(Sgd::default(), BinaryCrossentropy::default(), []).unwrap();
    let mut classes = Sequential::new([1]).add(Embedding::new(3, 4)).add(Flatten);
    let loss = SparseCategoricalCrossentropy::default();
    classes.compile(Sgd::default(), loss, []).unwrap();
    let peak = |check: &mut dyn FnMut()| {
        check();
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        check();
        MEMORY.peak_usage() - before
    };
    // For 16 MB: they were 32 MB as 64-bit floats.
    let found = peak(&mut || assert!(numbers.data_notes(&x, &x).is_ok()));
    assert!(found < 1 << 20, "{found} bytes");
    let found = peak(&mut || assert!(classes.data_notes(&labels, &labels).is_ok()));
    assert!(found < 1 << 20, "{found} bytes");
}
