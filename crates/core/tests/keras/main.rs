//! Comparisons with real Keras, in both precisions, through the interpreter. The values are in the
//! repository's `tests/golden`, which is why these tests are not in the package.

mod golden;
#[path = "../../src/nn/tests/implementors.rs"]
mod implementors;
mod parity;
mod registry;
