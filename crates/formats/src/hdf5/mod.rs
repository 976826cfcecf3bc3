//! HDF5 as Keras uses it: groups by name, arrays of numbers and texts, attributes.
//!
//! The subset: superblocks 0 to 3, also after a user block; object headers, groups and attributes
//! in the older form and in the newer one, few or many; contiguous, compact and chunked storage
//! with every index of chunks; the filters deflate, LZF, shuffle and fletcher32; numbers in either
//! byte order, truth values as in `h5py`, bfloat16 as Keras stores it, texts of fixed and of
//! variable length. That is what Keras, `h5py` and `h5repack` write for models, with any version of
//! HDF5. Everything else is refused, with its name and its place in the file: links that are not
//! plain, other files, virtual datasets, other filters. Checksums are compared wherever a file has
//! them.
//!
//! Only the older form is written: superblock 0, symbol tables, contiguous storage, which every
//! version of HDF5 reads.
//!
//! Each byte of a file belongs to one structure: bytes that are met a second time, by a cycle or by
//! an overlap, are refused. Format:
//! [HDF5 file format specification](https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html).
//!
//! ```
//! use neurona_core::tensor::{Shape, Tensor};
//! use neurona_formats::hdf5::{self, Dataset, Group, Value};
//!
//! let mut vars = Group::default();
//! let kernel = Tensor::new(Shape::new(&[2, 1])?, vec![0.5f32, -1.0])?;
//! vars.datasets.insert("0".to_owned(), Dataset::new(Value::numbers(&kernel)));
//! vars.attributes.insert("name".to_owned(), Value::text("dense"));
//! let file = hdf5::write(&vars)?;
//!
//! let read = hdf5::read(&file)?;
//! assert_eq!(read.datasets["0"].value.to_tensor()?, kernel);
//! assert_eq!(read.attributes["name"].texts()?, ["dense"]);
//! # Ok::<(), neurona_core::error::Error>(())
//! ```

mod checksum;
mod chunks;
mod filters;
mod header;
mod heap;
mod messages;
mod read;
mod superblock;
mod symbols;
mod texts;
mod tree;
mod types;
mod value;
mod write;

use std::collections::BTreeMap;

pub use read::read;
pub use value::Value;
pub use write::write;

/// Groups stand in groups at most this deep.
pub const MAX_DEPTH: usize = 32;

/// A file has at most this many groups and datasets.
pub const MAX_OBJECTS: usize = 1_000_000;

/// An address that says "nowhere".
const NOWHERE: u64 = u64::MAX;

/// Whether bytes are an HDF5 file: its superblock is at the beginning, or after a user block.
pub fn is_hdf5(bytes: &[u8]) -> bool {
    superblock::find(bytes).is_some()
}

/// The path of something in a group.
fn join(path: &str, name: &str) -> String {
    format!("{}/{name}", path.trim_end_matches('/'))
}

/// Attributes by name.
pub type Attributes<'a> = BTreeMap<String, Value<'a>>;

/// A folder of a file: attributes, groups and datasets by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group<'a> {
    /// Its attributes.
    pub attributes: Attributes<'a>,
    /// The groups in it.
    pub groups: BTreeMap<String, Group<'a>>,
    /// The arrays in it. None has the name of a group.
    pub datasets: BTreeMap<String, Dataset<'a>>,
}

/// An array in a file, with attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<'a> {
    /// Its attributes.
    pub attributes: Attributes<'a>,
    /// The array.
    pub value: Value<'a>,
}

impl<'a> Group<'a> {
    /// The group at a path of names with slashes between: `layers/dense/vars`. The empty path is this group.
    pub fn group(&self, path: &str) -> Option<&Group<'a>> {
        path.split('/')
            .filter(|name| !name.is_empty())
            .try_fold(self, |group, name| group.groups.get(name))
    }

    /// The dataset at a path: `layers/dense/vars/0`.
    pub fn dataset(&self, path: &str) -> Option<&Dataset<'a>> {
        let (group, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.group(group)?.datasets.get(name)
    }

    /// The group at a path, created with all groups on the way to it if it does not exist.
    pub fn make_group(&mut self, path: &str) -> &mut Group<'a> {
        let names = path.split('/').filter(|name| !name.is_empty());
        names.fold(self, |group, name| group.groups.entry(name.to_owned()).or_default())
    }
}

impl<'a> Dataset<'a> {
    /// A dataset without attributes, except for bfloat16: Keras marks it with the attribute
    /// `dtype`.
    pub fn new(value: Value<'a>) -> Dataset<'a> {
        let mut attributes = Attributes::default();
        if value.number() == Some(crate::Number::Bf16) {
            attributes.insert("dtype".to_owned(), Value::text("bfloat16"));
        }
        Dataset { attributes, value }
    }
}
