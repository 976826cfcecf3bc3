//! Writing HDF5: children before their group, texts at the end, the superblock last.

use super::header::{ATTRIBUTE, DATASPACE, DATATYPE, FILL_VALUE, LAYOUT, SYMBOL_TABLE};
use super::types::{REFERENCE, Type};
use super::value::Elements;
use super::{Attributes, Dataset, Group, MAX_DEPTH, NOWHERE, Value, join, texts};
use neurona_core::error::{Code, Error, Result};
use neurona_core::tensor::Shape;
use std::collections::BTreeMap;

/// The file of a group and everything in it, for Keras, `h5py` and [`read`](super::read). The same
/// group gives the same bytes.
///
/// Errors (E016), with the path in the file: a name is empty, a dot, longer than 32,000 bytes, has
/// a slash or a zero in it, or belongs to both a group and a dataset; an attribute is longer than
/// 64 KiB (except one text, which is stored elsewhere); groups are nested more than 32 deep.
pub fn write(root: &Group<'_>) -> Result<Vec<u8>> {
    let mut file = File { bytes: vec![0; SUPERBLOCK], pending: Vec::new() };
    let root = file.group("/", root, 0)?;
    file.texts();
    file.superblock(&root);
    Ok(file.bytes)
}

const SUPERBLOCK: usize = 96;
/// Entries of a table, and tables (or nodes) of a node: twice the two numbers in the superblock.
const TABLE: usize = 8;
const NODE: usize = 32;
/// Readers ask for at least this many bytes of a heap of texts.
const HEAP: usize = 4096;
/// Texts in one heap: their numbers have 16 bits.
const HEAP_TEXTS: usize = 60_000;

const LONGEST_NAME: usize = 32_000;

#[derive(Default)]
struct File<'g> {
    bytes: Vec<u8>,
    /// Where references to texts wait for their addresses.
    pending: Vec<(usize, &'g str)>,
}

/// A group that has been written: where its header, its tree and its heap of names lie.
struct Written {
    header: u64,
    tree: u64,
    heap: u64,
}

impl<'g> File<'g> {
    fn at(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn u16(&mut self, number: u16) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn u64(&mut self, number: u64) {
        self.bytes.extend(number.to_le_bytes());
    }

    /// Pads to a multiple of eight.
    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
    }

    fn group(&mut self, path: &str, group: &'g Group<'_>, depth: usize) -> Result<Written> {
        if depth >= MAX_DEPTH {
            return Err(refused(path, texts::too_deep(MAX_DEPTH)));
        }
        // By name, because readers search for them.
        let mut children: BTreeMap<&str, u64> = BTreeMap::new();
        for (name, dataset) in &group.datasets {
            let path = joined(path, name)?;
            children.insert(name, self.dataset(&path, dataset)?);
        }
        for (name, inner) in &group.groups {
            let path = joined(path, name)?;
            let header = self.group(&path, inner, depth + 1)?.header;
            if children.insert(name, header).is_some() {
                return Err(refused(&path, texts::name_cannot_be()));
            }
        }
        let (heap, names) = self.names(&children);
        let tables = self.tables(&children.values().copied().zip(names).collect::<Vec<_>>());
        let tree = self.tree(tables);
        let header = self.object(path, &group.attributes, |file| {
            file.message(SYMBOL_TABLE, |file| {
                file.u64(tree);
                file.u64(heap);
            });
            1
        })?;
        Ok(Written { header, tree, heap })
    }

    /// The heap of a group's names, and the place of each in it. The empty name comes first.
    fn names(&mut self, children: &BTreeMap<&str, u64>) -> (u64, Vec<u64>) {
        let mut names = vec![0; 8];
        let mut places = Vec::new();
        for name in children.keys() {
            places.push(names.len() as u64);
            names.extend(name.as_bytes());
            // At least one zero.
            names.resize((names.len() + 1).next_multiple_of(8), 0);
        }
        let heap = self.at();
        self.bytes.extend(b"HEAP\0\0\0\0");
        self.u64(names.len() as u64);
        // No room is left in it.
        self.u64(1);
        self.u64(heap + 32);
        self.bytes.extend(names);
        (heap, places)
    }

    /// Tables of entries: the address of each and the place of its last name.
    fn tables(&mut self, entries: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mut tables = Vec::new();
        for entries in entries.chunks(TABLE) {
            tables.push((self.at(), entries[entries.len() - 1].1));
            self.bytes.extend(b"SNOD\x01\0");
            self.u16(entries.len() as u16);
            for &(header, name) in entries {
                self.u64(name);
                self.u64(header);
                // Nothing else is known about it.
                self.bytes.extend([0; 24]);
            }
            self.bytes.extend(vec![0; 40 * (TABLE - entries.len())]);
        }
        tables
    }

    /// A tree over tables: levels of nodes, until one holds all. Returns that node's address.
    fn tree(&mut self, mut children: Vec<(u64, u64)>) -> u64 {
        const SIZE: usize = 24 + 8 * (2 * NODE + 1);
        for level in 0.. {
            let first = self.at();
            let count = children.len().div_ceil(NODE).max(1);
            let mut before = 0;
            let mut nodes = Vec::new();
            for i in 0..count {
                let address = |i: usize| first + (i * SIZE) as u64;
                let inside = &children[i * NODE..children.len().min((i + 1) * NODE)];
                self.bytes.extend(b"TREE\0");
                self.bytes.push(level);
                self.u16(inside.len() as u16);
                self.u64(if i == 0 { NOWHERE } else { address(i - 1) });
                self.u64(if i + 1 == count { NOWHERE } else { address(i + 1) });
                // A child has the names after the previous child's, up to the next child's.
                self.u64(before);
                for &(child, last) in inside {
                    self.u64(child);
                    self.u64(last);
                    before = last;
                }
                self.bytes.extend(vec![0; 16 * (NODE - inside.len())]);
                nodes.push((address(i), before));
            }
            if let [(root, _)] = nodes[..] {
                return root;
            }
            children = nodes;
        }
        NOWHERE
    }

    fn dataset(&mut self, path: &str, dataset: &'g Dataset<'_>) -> Result<u64> {
        let value = &dataset.value;
        // Keras' form of bfloat16 means nothing without its attribute.
        let element = match value.number() {
            Some(number) if !dataset.attributes.contains_key("dtype") => Type::Number(number),
            _ => value.stored(),
        };
        let (address, size) = match value.shape().elems() {
            0 => (NOWHERE, 0),
            _ => {
                let start = self.at();
                self.elements(value);
                let size = self.at() - start;
                self.align();
                (start, size)
            }
        };
        self.object(path, &dataset.attributes, |file| {
            file.message(DATASPACE, |file| file.dataspace(value.shape()));
            file.message(DATATYPE, |file| file.bytes.extend(element.encode()));
            // Version 2; room is made when written to, and filled if a value is set, which none is.
            file.message(FILL_VALUE, |file| file.bytes.extend([2, 2, 2, 1, 0, 0, 0, 0]));
            file.message(LAYOUT, |file| {
                file.bytes.extend([3, 1]);
                file.u64(address);
                file.u64(size);
            });
            4
        })
    }

    /// The header of an object: its own messages, which `own` writes and counts, and its attributes.
    fn object(
        &mut self,
        path: &str,
        attributes: &'g Attributes<'_>,
        own: impl FnOnce(&mut Self) -> usize,
    ) -> Result<u64> {
        let start = self.bytes.len();
        self.bytes.extend([0; 16]);
        let count = own(self) + attributes.len();
        for (name, value) in attributes {
            let place = format!("{path}@{name}");
            if name.is_empty() || name.contains('\0') || name.len() > LONGEST_NAME {
                return Err(refused(&place, texts::name_cannot_be()));
            }
            let size = self.message(ATTRIBUTE, |file| file.attribute(name, value));
            if size > usize::from(u16::MAX) {
                return Err(refused(&place, texts::too_long(size)));
            }
        }
        let size = (self.bytes.len() - start - 16) as u32;
        let count = u16::try_from(count).ok().filter(|&count| count <= 65_004);
        let count = count.ok_or_else(|| refused(path, texts::too_many_attributes()))?;
        let [low, high] = count.to_le_bytes();
        // Version 1, one reference.
        self.bytes[start..start + 8].copy_from_slice(&[1, 0, low, high, 1, 0, 0, 0]);
        self.bytes[start + 8..start + 12].copy_from_slice(&size.to_le_bytes());
        Ok(start as u64)
    }

    /// A message, and how many bytes its body has.
    fn message(&mut self, kind: u16, body: impl FnOnce(&mut Self)) -> usize {
        self.u16(kind);
        let size = self.bytes.len();
        self.bytes.extend([0; 6]);
        let start = self.bytes.len();
        body(self);
        self.align();
        let length = self.bytes.len() - start;
        self.bytes[size..size + 2].copy_from_slice(&(length as u16).to_le_bytes());
        length
    }

    fn attribute(&mut self, name: &str, value: &'g Value<'_>) {
        // Two bytes without a meaning have one only in datasets.
        let element = value.number().map_or(value.stored(), Type::Number).encode();
        self.bytes.extend([1, 0]);
        self.u16(name.len() as u16 + 1);
        self.u16(element.len() as u16);
        self.u16(8 + 8 * value.shape().rank() as u16);
        self.bytes.extend(name.as_bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend(element);
        self.align();
        self.dataspace(value.shape());
        self.elements(value);
    }

    fn dataspace(&mut self, shape: Shape) {
        self.bytes.extend([1, shape.rank() as u8, 0, 0, 0, 0, 0, 0]);
        shape.dims().iter().for_each(|&dim| self.u64(dim as u64));
    }

    fn elements(&mut self, value: &'g Value<'_>) {
        match value.elements() {
            Elements::Numbers(_, bytes) | Elements::Fixed(_, bytes) => self.bytes.extend(&**bytes),
            Elements::Texts(texts) => {
                for text in texts {
                    self.u32(text.len() as u32);
                    if !text.is_empty() {
                        self.pending.push((self.bytes.len(), text));
                    }
                    self.bytes.extend([0; REFERENCE - 4]);
                }
            }
        }
    }

    /// The heaps of all texts; the references to them are given their addresses.
    fn texts(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        for texts in pending.chunks(HEAP_TEXTS) {
            let start = self.bytes.len();
            self.bytes.extend(b"GCOL\x01\0\0\0\0\0\0\0\0\0\0\0");
            for (i, (reference, text)) in texts.iter().enumerate() {
                let number = i as u16 + 1;
                self.u16(number);
                self.bytes.extend([0; 6]);
                self.u64(text.len() as u64);
                self.bytes.extend(text.as_bytes());
                self.align();
                let place = &mut self.bytes[*reference..reference + REFERENCE - 4];
                place[..8].copy_from_slice(&(start as u64).to_le_bytes());
                place[8..].copy_from_slice(&u32::from(number).to_le_bytes());
            }
            // The remainder is text number 0, of this many bytes including its own header.
            let used = self.bytes.len() - start;
            let size = (used + 16).max(HEAP);
            self.bytes.extend([0; 8]);
            self.u64((size - used) as u64);
            self.bytes.resize(start + size, 0);
            self.bytes[start + 8..start + 16].copy_from_slice(&(size as u64).to_le_bytes());
        }
    }

    fn superblock(&mut self, root: &Written) {
        let end = self.at();
        let mut start = File::default();
        start.bytes.extend(b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0");
        start.u16(TABLE as u16 / 2);
        start.u16(NODE as u16 / 2);
        start.u32(0);
        for address in [0, NOWHERE, end, NOWHERE] {
            start.u64(address);
        }
        start.u64(0);
        start.u64(root.header);
        // The further content of this entry: a group's tree and heap.
        start.u64(1);
        start.u64(root.tree);
        start.u64(root.heap);
        self.bytes[..SUPERBLOCK].copy_from_slice(&start.bytes);
    }
}

fn refused(place: &str, text: neurona_core::message::Text) -> Error {
    Error::new(Code::E016, text).at(place)
}

/// The path of a child, if a child can have that name.
fn joined(path: &str, name: &str) -> Result<String> {
    let path = join(path, name);
    let can = texts::is_name(name) && name.len() <= LONGEST_NAME;
    if can { Ok(path) } else { Err(refused(&path, texts::name_cannot_be())) }
}
