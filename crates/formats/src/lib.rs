//! File formats as pure functions, from bytes to values and back. Nothing here opens a file or starts a program.
//!
//! What a file says about itself is compared with what it holds before memory is asked for.
//! Anything damaged, or outside what is read here, is an error (E034) that names it and its place;
//! nothing in a file can name code, another file or an address. Memory stays within 64 MiB and four
//! times the file's size, unless the file is honest about holding more.

mod cursor;
mod number;

pub mod hdf5;
pub mod npy;
pub mod npz;
pub mod safetensors;
pub mod zip;

pub use number::Number;
