//! Settings under Keras' names, for files: one list for each description, used for reading and
//! writing.
//!
//! A layer, an optimizer, a loss, a metric, a schedule, an initializer in a file is an [`Object`]: the name of its
//! class, and a map of settings. [`Config`] lists the settings of a class once, and both directions follow that
//! list. Classes come from closed lists: nothing in a file can name code.

mod fields;
mod network;
mod objects;
mod values;

pub(super) use fields::settings;
pub use fields::{Config, Fields};
pub use network::{Adapted, LayerGroup, Place};
pub(super) use objects::objects;
pub use objects::{Object, read, refuse_code, written};
pub use serde_json::{Map, Value};
pub use values::Field;
pub(super) use values::{expected, names};
