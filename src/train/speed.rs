//! One line from the first training of a process whose kernels were compiled without optimization.

use crate::nn::Finding;
use std::sync::atomic::{AtomicBool, Ordering};

/// The note (W051), once.
pub(super) fn note() -> Option<Finding> {
    static TOLD: AtomicBool = AtomicBool::new(false);
    let is_new = !crate::cpu::OPTIMIZED && !TOLD.swap(true, Ordering::Relaxed);
    is_new.then(|| Finding { code: "W051", text: unoptimized() })
}

neurona_core::messages! {
    fn unoptimized() {
        en: "Neurona was compiled without optimization, and trains 60 to 250 times slower. Fix: add [profile.dev.package.\"*\"] opt-level = 3 to Cargo.toml, on two lines, or run with --release",
        es: "Neurona se compiló sin optimización y entrena de 60 a 250 veces más lento. Solución: agregue [profile.dev.package.\"*\"] opt-level = 3 a Cargo.toml, en dos líneas, o ejecute con --release",
    }
}
