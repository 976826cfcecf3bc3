//! Everything the guide says, in Spanish and English, a file for each part of it.

mod bibliography;
mod captions;
mod closing;
mod data;
mod inside;
mod introduction;
mod network;
mod testing;
mod training;

pub(super) use bibliography::*;
pub(super) use captions::*;
pub(super) use closing::*;
pub(super) use data::*;
pub(super) use inside::*;
pub(super) use introduction::*;
pub(super) use network::*;
pub(super) use testing::*;
pub(super) use training::*;
