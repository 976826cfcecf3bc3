//! Everything the guide says, in Spanish and English, a file for each part of it.

mod closing;
mod data;
mod inside;
mod network;
mod testing;

pub(super) use closing::*;
pub(super) use data::*;
pub(super) use inside::*;
pub(super) use network::*;
pub(super) use testing::*;
