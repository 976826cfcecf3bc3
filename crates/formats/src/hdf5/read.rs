//! Reading HDF5: the structures of a file, each met once.

use super::checksum::lookup3;
use super::filters::Filter;
use super::header::{self, Attribute, Dense, Entry, Header, Names, Space, Storage};
use super::superblock::{self, Superblock};
use super::types::{REFERENCE, Type};
use super::value::Elements;
use super::{Attributes, Dataset, Group, MAX_DEPTH, MAX_OBJECTS, NOWHERE, Value, join, texts};
use crate::Number;
use crate::cursor::{Cursor, damaged};
use neurona_core::error::{Error, Result};
use neurona_core::tensor::Shape;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// How much memory a file's groups, datasets and attributes may take, in addition to four times the
/// file's size.
const MEMORY: usize = 60 << 20;
/// How much each takes at most: the room that a map keeps for it, and itself.
const GROUP: usize = 1200;
const DATASET: usize = 800;
const ATTRIBUTE: usize = 512;
/// The kinds of records in trees.
const LINKS: u8 = 5;
const ATTRIBUTES: u8 = 8;

/// Reads a file: its first group, and everything in it. Numbers and fixed texts stay in `bytes`.
///
/// Errors (E034): it is damaged, cut short, or outside the subset; the error's place is the path in
/// the file.
pub fn read(bytes: &[u8]) -> Result<Group<'_>> {
    let Superblock { bytes, size, root, extension } = superblock::read(bytes)?;
    let mut file = File { bytes, ..File::default() };
    file.claim(0, size)?;
    extension.map_or(Ok(()), |at| file.extension(at))?;
    match file.object("/", root, 0)? {
        Object::Group(group) => Ok(group),
        Object::Dataset(_) => Err(damaged(texts::no_kind()).at("/")),
    }
}

enum Object<'a> {
    Group(Group<'a>),
    Dataset(Dataset<'a>),
}

/// A file while it is being read.
#[derive(Default)]
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    /// Every structure met.
    claimed: Claims,
    /// The blocks of the newer heaps: their contents are met separately.
    regions: Claims,
    /// The texts of each heap met, by number.
    heaps: BTreeMap<u64, BTreeMap<u16, &'a [u8]>>,
    objects: usize,
    /// An upper bound on the memory taken so far.
    memory: usize,
    /// Bytes of texts handed out; each lies in the file once.
    text: usize,
    /// Bytes that packed chunks expanded to.
    pub(super) expanded: u64,
}

/// Start and end of everything that was met; nothing overlaps.
#[derive(Default)]
struct Claims(BTreeMap<u64, u64>);

impl Claims {
    /// Bytes that nothing else has claimed.
    fn take<'a>(&mut self, bytes: &'a [u8], at: u64, size: u64) -> Result<&'a [u8]> {
        let end = at.checked_add(size).filter(|&end| end <= bytes.len() as u64);
        let Some(end) = end else {
            let text = texts::outside_file(at as usize, size as usize, bytes.len());
            return Err(damaged(text));
        };
        if size > 0 {
            let before = self.0.range(..end).next_back();
            if before.is_some_and(|(_, &other)| other > at) {
                return Err(damaged(texts::met_before(at as usize)));
            }
            self.0.insert(at, end);
        }
        Ok(&bytes[at as usize..end as usize])
    }
}

/// The bytes before the checksum in which a structure ends. Errors (E034): it is the wrong
/// checksum.
pub(super) fn sealed<'a>(whole: &'a [u8], at: u64, name: &str) -> Result<&'a [u8]> {
    match whole.split_last_chunk::<4>() {
        Some((rest, sum)) if lookup3(rest).to_le_bytes() == *sum => Ok(rest),
        _ => Err(damaged(texts::checksum(name, at as usize))),
    }
}

impl<'a> File<'a> {
    /// The bytes of a structure that nothing else has claimed.
    pub(super) fn claim(&mut self, at: u64, size: u64) -> Result<Cursor<'a>> {
        self.claimed.take(self.bytes, at, size).map(|bytes| Cursor::new(bytes, 0))
    }

    /// The bytes of a block that no other block has claimed.
    pub(super) fn region(&mut self, at: u64, size: u64) -> Result<&'a [u8]> {
        self.regions.take(self.bytes, at, size)
    }

    /// The start of a structure, which must have this signature and version.
    pub(super) fn open(&self, at: u64, signature: [u8; 4], version: u8) -> Result<Cursor<'a>> {
        let mut start = Cursor::new(self.bytes, at);
        let found = start.take(4).ok().zip(start.u8().ok());
        if found != Some((&signature[..], version)) {
            return Err(damaged(texts::not_there(
                &String::from_utf8_lossy(&signature),
                at as usize,
            )));
        }
        Ok(start)
    }

    /// A structure with this signature, version and size, which nothing else has claimed and which
    /// ends in its checksum: the bytes after the version and before the checksum.
    pub(super) fn structure(
        &mut self,
        at: u64,
        size: u64,
        signature: [u8; 4],
        version: u8,
    ) -> Result<Cursor<'a>> {
        self.open(at, signature, version)?;
        let whole = self.claim(at, size)?.take(size)?;
        let name = String::from_utf8_lossy(&signature);
        sealed(whole, at, &name).map(|inside| Cursor::new(inside, 5))
    }

    pub(super) fn spend(&mut self, memory: usize) -> Result<()> {
        self.memory += memory;
        if self.memory > MEMORY + 4 * self.bytes.len() || self.objects > MAX_OBJECTS {
            return Err(damaged(texts::too_many_objects(MAX_OBJECTS)));
        }
        Ok(())
    }

    fn object(&mut self, path: &str, at: u64, depth: usize) -> Result<Object<'a>> {
        let here = |error: Error| error.at(path);
        let header = self.messages(at).and_then(|messages| Header::of(&messages, path));
        let mut header = header.map_err(here)?;
        self.objects += 1;
        if let Some(more) = header.more {
            let more = self.dense(more, ATTRIBUTES).map_err(here)?;
            let more = more.into_iter().map(|body| header::attribute(body, path));
            header.attributes.extend(more.collect::<Result<Vec<_>>>().map_err(here)?);
        }
        let attributes = self.attributes(header.attributes, path).map_err(here)?;
        match (header.names, header.storage) {
            (Some(names), None) => self.group(path, names, attributes, depth).map(Object::Group),
            (None, Some(storage)) => {
                let (Some(space), Some(element)) = (header.space, header.element) else {
                    return Err(damaged(texts::no_kind()).at(path));
                };
                let element = bfloat16(element, &attributes).map_err(here)?;
                let value = self.stored(&storage, &header.filters, &space, element);
                let value = value.and_then(|bytes| self.value(space.shape, element, bytes));
                Ok(Object::Dataset(Dataset { attributes, value: value.map_err(here)? }))
            }
            (None, None) if header.element.is_some() => {
                Err(texts::unsupported(&texts::named_type()).at(path))
            }
            _ => Err(damaged(texts::no_kind()).at(path)),
        }
    }

    fn attributes(&mut self, found: Vec<Attribute<'a>>, path: &str) -> Result<Attributes<'a>> {
        let mut attributes = Attributes::new();
        for Attribute { name, shape, element, bytes } in found {
            let here = |error: Error| error.at(format!("{path}@{name}"));
            self.spend(ATTRIBUTE + name.len())?;
            if element == Type::TwoBytes {
                return Err(here(texts::unsupported(&texts::other_class("opaque"))));
            }
            let bytes = exactly(bytes, shape, element).map_err(here)?;
            let value = self.value(shape, element, bytes.into()).map_err(here)?;
            if attributes.contains_key(&name) {
                return Err(here(damaged(texts::twice(&name))));
            }
            attributes.insert(name, value);
        }
        Ok(attributes)
    }

    fn group(
        &mut self,
        path: &str,
        names: Names,
        attributes: Attributes<'a>,
        depth: usize,
    ) -> Result<Group<'a>> {
        if depth >= MAX_DEPTH {
            return Err(damaged(texts::too_deep(MAX_DEPTH)).at(path));
        }
        let entries = self.entries(path, names).map_err(|error| error.at(path))?;
        let mut group = Group { attributes, ..Group::default() };
        for Entry { name, header } in entries {
            let path = join(path, &name);
            match self.object(&path, header, depth + 1)? {
                Object::Group(inner) => drop(group.groups.insert(name, inner)),
                Object::Dataset(dataset) => drop(group.datasets.insert(name, dataset)),
            }
        }
        Ok(group)
    }

    /// The names in a group and what they lead to, each name once.
    fn entries(&mut self, path: &str, names: Names) -> Result<Vec<Entry>> {
        self.spend(GROUP)?;
        let entries = match names {
            Names::Table { tree, heap } => self.table(path, tree, heap)?,
            Names::Links(entries) => entries,
            Names::Dense(dense) => {
                let links = self.dense(dense, LINKS)?.into_iter();
                links.map(|body| header::link(body, path)).collect::<Result<_>>()?
            }
        };
        let names = entries.iter().map(|entry| size_of::<Entry>() + entry.name.len()).sum();
        self.spend(names)?;
        let mut seen = BTreeSet::new();
        match entries.iter().find(|entry| !seen.insert(&*entry.name)) {
            Some(again) => Err(damaged(texts::twice(&again.name))),
            None => Ok(entries),
        }
    }

    /// An object's messages, links or attributes, if there are too many for its header.
    fn dense(&mut self, Dense { heap, tree }: Dense, kind: u8) -> Result<Vec<&'a [u8]>> {
        // The bytes of a record before its identifier, and after it.
        let (before, behind) = if kind == LINKS { (4, 0) } else { (0, 9) };
        let heap = self.heap_blocks(heap)?;
        let records = self.records(tree, kind)?;
        let body = |record: &'a [u8]| {
            let identifier =
                record.len().checked_sub(behind).and_then(|end| record.get(before..end));
            self.in_heap(&heap, identifier.ok_or_else(|| damaged(texts::bad_tree()))?)
        };
        records.into_iter().map(body).collect()
    }

    /// The bytes of a dataset's elements. Everything that it declares must be stored.
    fn stored(
        &mut self,
        storage: &Storage<'a>,
        filters: &[Filter],
        space: &Space,
        element: Type,
    ) -> Result<Cow<'a, [u8]>> {
        self.spend(DATASET)?;
        let shape = space.shape;
        let bytes = match storage {
            Storage::Here(bytes) => bytes,
            Storage::At { address: NOWHERE, .. } => &[][..],
            Storage::At { address, size } => self.claim(*address, *size)?.take(*size)?,
            Storage::InChunks(layout) => {
                let dims: Vec<u64> = shape.dims().iter().map(|&dim| dim as u64).collect();
                let size = element.size();
                return self.chunked(layout, filters, &dims, &space.most, size).map(Cow::Owned);
            }
        };
        // Only chunks are filtered.
        exactly(bytes, shape, element).map(Cow::Borrowed)
    }

    /// Elements in `bytes`, as many as the shape has.
    fn value(&mut self, shape: Shape, element: Type, bytes: Cow<'a, [u8]>) -> Result<Value<'a>> {
        let elements = match element {
            Type::Number(number) => Elements::Numbers(number, bytes),
            Type::BigEndian(number) => {
                let mut bytes = bytes.into_owned();
                bytes.chunks_exact_mut(number.size()).for_each(<[u8]>::reverse);
                Elements::Numbers(number, bytes.into())
            }
            // Distinguished earlier; two bytes are two bytes.
            Type::TwoBytes => Elements::Numbers(Number::Bf16, bytes),
            Type::Fixed(size) => Elements::Fixed(size, bytes),
            Type::Variable => {
                let texts = bytes.as_chunks::<REFERENCE>().0.iter().map(|place| self.text(place));
                Elements::Texts(texts.collect::<Result<_>>()?)
            }
        };
        Ok(Value::of(shape, elements))
    }

    /// The text that an element of variable length leads to.
    fn text(&mut self, place: &[u8; REFERENCE]) -> Result<Cow<'a, str>> {
        let mut place = Cursor::new(place, 0);
        let (length, heap, number) = (place.u32()? as usize, place.u64()?, place.u32()?);
        if length == 0 {
            return Ok("".into());
        }
        if !self.heaps.contains_key(&heap) {
            let texts = self.heap(heap)?;
            self.heaps.insert(heap, texts);
        }
        let number = u16::try_from(number).ok();
        let text = number.and_then(|number| self.heaps[&heap].get(&number)?.get(..length));
        let text = text.ok_or_else(|| damaged(texts::text_missing()))?;
        self.text += length;
        if self.text > self.bytes.len() {
            return Err(damaged(texts::texts_too_long()));
        }
        let text = std::str::from_utf8(text).map_err(|_| damaged(texts::not_utf8()))?;
        Ok(text.into())
    }

    /// A heap of texts, by their numbers. Number 0 is the free room.
    fn heap(&mut self, at: u64) -> Result<BTreeMap<u16, &'a [u8]>> {
        let mut start = self.open(at, *b"GCOL", 1)?;
        start.take(3)?;
        let size = start.u64()?;
        let mut heap = self.claim(at, size)?;
        heap.take(16)?;
        let mut texts = BTreeMap::new();
        while heap.left() >= 16 {
            let (number, _references, _) = (heap.u16()?, heap.u16()?, heap.u32()?);
            let size = heap.u64()?;
            if number == 0 {
                break;
            }
            let text = heap.take(size)?;
            let filled = size.next_multiple_of(8) - size;
            heap.take(filled.min(heap.left() as u64))?;
            texts.insert(number, text);
        }
        Ok(texts)
    }
}

/// The bytes that a shape of these elements needs; there must be exactly that many.
fn exactly(bytes: &[u8], shape: Shape, element: Type) -> Result<&[u8]> {
    let needs = shape.elems().saturating_mul(element.size());
    bytes.get(..needs).ok_or_else(|| damaged(texts::declares_more(needs, bytes.len())))
}

/// Two bytes are bfloat16 if the attribute says so, as in Keras.
fn bfloat16(element: Type, attributes: &Attributes<'_>) -> Result<Type> {
    if element != Type::TwoBytes {
        return Ok(element);
    }
    let said = attributes.get("dtype").and_then(|value| value.texts().ok());
    match said {
        Some(said) if said == ["bfloat16"] => Ok(Type::Number(Number::Bf16)),
        _ => Err(texts::unsupported(&texts::other_class("opaque"))),
    }
}
