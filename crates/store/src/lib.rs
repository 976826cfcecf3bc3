//! Files that people keep: whoever reads one sees the old one or the new one, never a part.
//!
//! [`write_whole`] writes a file to the disk. Anything that has to last longer than a file does (a
//! run folder) is written through a [`Store`], the few calls that this needs: [`Disk`] makes them
//! for real, and `testing` has two stores that make them fail, or forget what was not synced, for
//! tests (feature `testing`; no program needs it).

mod disk;
mod lock;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod whole;

pub use disk::Disk;
pub use lock::{Lock, LockError};
pub use store::{NewFile, Store};
pub use whole::{is_temporary, probe, write_whole, write_whole_in};
