//! Reading HDF5: the structures of a file, each met once.

use super::header::{self, Attribute, Entry, Header, Message, Names, Storage};
use super::types::{REFERENCE, Type};
use super::value::Elements;
use super::{Attributes, Dataset, Group, MAX_DEPTH, MAX_OBJECTS, NOWHERE, Value, join, texts};
use crate::Number;
use crate::cursor::{Cursor, damaged};
use neurona_core::error::{Error, Result};
use neurona_core::tensor::Shape;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const SIGNATURE: &[u8; 8] = b"\x89HDF\r\n\x1a\n";

/// What a file's groups, datasets and attributes may take in memory, and besides it four times the file's size.
const MEMORY: usize = 60 << 20;
/// What each takes at most: the room that a map keeps for it, and itself.
const GROUP: usize = 1200;
const DATASET: usize = 800;
const ATTRIBUTE: usize = 512;

/// Reads a file: its first group, and all in it. Numbers and fixed texts stay in `bytes`.
///
/// Errors (E034): damaged, cut, or outside of the subset; the error's place is the path in the file.
pub fn read(bytes: &[u8]) -> Result<Group<'_>> {
    let (bytes, root) = superblock(bytes)?;
    let mut file = File { bytes, ..File::default() };
    file.claim(0, SUPERBLOCK)?;
    match file.object("/", root, 0)? {
        Object::Group(group) => Ok(group),
        Object::Dataset(_) => Err(damaged(texts::no_kind()).at("/")),
    }
}

const SUPERBLOCK: u64 = 96;

/// The file's bytes up to the end that it declares, and where the header of its first group lies.
fn superblock(bytes: &[u8]) -> Result<(&[u8], u64)> {
    let mut start = Cursor::new(bytes, 0);
    if start.take(8).ok() != Some(SIGNATURE) {
        let later = (9..14).any(|power| bytes.get(1 << power..(1 << power) + 8) == Some(SIGNATURE));
        return Err(if later {
            texts::unsupported(&texts::user_block())
        } else {
            damaged(texts::not_hdf5())
        });
    }
    let [version, _, _, _, _, offsets, lengths, _] = start.array::<8>()?;
    if version != 0 {
        return Err(texts::unsupported(&texts::newer_superblock(version.into())));
    }
    if (offsets, lengths) != (8, 8) {
        return Err(texts::unsupported(&texts::other_sizes(offsets.into(), lengths.into())));
    }
    // How full nodes are, and flags.
    start.take(8)?;
    let (base, _free, end, driver) = (start.u64()?, start.u64()?, start.u64()?, start.u64()?);
    if base != 0 {
        return Err(texts::unsupported(&texts::user_block()));
    }
    if driver != NOWHERE {
        return Err(texts::unsupported(&texts::driver()));
    }
    let (_name, root) = (start.u64()?, start.u64()?);
    match usize::try_from(end).ok().and_then(|end| bytes.get(..end)) {
        Some(bytes) => Ok((bytes, root)),
        None => Err(damaged(texts::cut(end as usize, bytes.len()))),
    }
}

enum Object<'a> {
    Group(Group<'a>),
    Dataset(Dataset<'a>),
}

#[derive(Default)]
struct File<'a> {
    bytes: &'a [u8],
    /// Start and end of every structure met.
    claimed: BTreeMap<u64, u64>,
    /// The texts of each heap met, by number.
    heaps: BTreeMap<u64, BTreeMap<u16, &'a [u8]>>,
    objects: usize,
    /// An upper bound of what was made so far takes in memory.
    memory: usize,
    /// Bytes of texts handed out; each lies in the file once.
    text: usize,
}

/// The names of a group, while they are read.
struct Table<'f> {
    path: &'f str,
    /// All names, each with a zero after it.
    names: &'f [u8],
    /// How many of these bytes the names met so far take.
    used: usize,
    entries: Vec<Entry>,
}

impl<'f> Table<'f> {
    /// The name at a place.
    fn name(&mut self, at: u64) -> Result<&'f str> {
        let name = usize::try_from(at).ok().and_then(|at| self.names.get(at..));
        let name = name.and_then(|name| name.split(|&byte| byte == 0).next()).unwrap_or_default();
        self.used += name.len() + 1;
        // Else a short file could have many long names, each the end of another.
        if self.used > self.names.len() {
            return Err(damaged(texts::names_overlap()));
        }
        texts::name(name)
    }
}

impl<'a> File<'a> {
    /// The bytes of a structure that nothing else has.
    fn claim(&mut self, at: u64, size: u64) -> Result<Cursor<'a>> {
        let end = at.checked_add(size).filter(|&end| end <= self.bytes.len() as u64);
        let Some(end) = end else {
            let text = texts::outside_file(at as usize, size as usize, self.bytes.len());
            return Err(damaged(text));
        };
        if size > 0 {
            let before = self.claimed.range(..end).next_back();
            if before.is_some_and(|(_, &other)| other > at) {
                return Err(damaged(texts::met_before(at as usize)));
            }
            self.claimed.insert(at, end);
        }
        Ok(Cursor::new(&self.bytes[at as usize..end as usize], 0))
    }

    /// The start of a structure, whose signature and version must be these.
    fn open(&self, at: u64, signature: [u8; 4], version: u8) -> Result<Cursor<'a>> {
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

    fn spend(&mut self, memory: usize) -> Result<()> {
        self.memory += memory;
        if self.memory > MEMORY + 4 * self.bytes.len() || self.objects > MAX_OBJECTS {
            return Err(damaged(texts::too_many_objects(MAX_OBJECTS)));
        }
        Ok(())
    }

    fn object(&mut self, path: &str, at: u64, depth: usize) -> Result<Object<'a>> {
        let here = |error: Error| error.at(path);
        let header = self.messages(at).and_then(|messages| Header::of(&messages, path));
        let header = header.map_err(here)?;
        self.objects += 1;
        let attributes = self.attributes(header.attributes, path).map_err(here)?;
        match (header.names, header.storage) {
            (Some(names), None) => self.group(path, names, attributes, depth).map(Object::Group),
            (None, Some(storage)) => {
                let (Some(shape), Some(element)) = (header.shape, header.element) else {
                    return Err(damaged(texts::no_kind()).at(path));
                };
                let element = bfloat16(element, &attributes).map_err(here)?;
                let value = self.stored(&storage, shape, element);
                let value = value.and_then(|bytes| self.value(shape, element, bytes));
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
            let value = self.value(shape, element, bytes).map_err(here)?;
            if attributes.contains_key(&name) {
                return Err(here(damaged(texts::twice(&name))));
            }
            attributes.insert(name, value);
        }
        Ok(attributes)
    }

    /// All messages of an object, those in continuation blocks too.
    fn messages(&mut self, at: u64) -> Result<Vec<Message<'a>>> {
        let mut start = Cursor::new(self.bytes, at);
        let version = start.u8()?;
        if start.take(3).ok() == Some(b"HDR") && version == b'O' {
            return Err(texts::unsupported(&texts::newer_header()));
        }
        if version != 1 {
            return Err(damaged(texts::not_there("object header", at as usize)));
        }
        let mut start = Cursor::new(self.bytes, at.saturating_add(2));
        let (count, _references, size) = (start.u16()?, start.u32()?, start.u32()?);
        self.claim(at, 16)?;
        let mut blocks = vec![(at + 16, u64::from(size))];
        let mut messages = Vec::new();
        while let Some((at, size)) = blocks.pop() {
            let mut block = self.claim(at, size)?;
            while block.left() >= 8 && messages.len() < usize::from(count) {
                let (kind, size, flags) = (block.u16()?, block.u16()?, block.u8()?);
                block.take(3)?;
                let body = block.take(size.into())?;
                if kind == header::CONTINUATION {
                    let mut next = Cursor::new(body, 0);
                    blocks.push((next.u64()?, next.u64()?));
                }
                messages.push(Message { kind, flags, body });
            }
        }
        Ok(messages)
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

    /// The names of a group with what they lead to, each name once.
    fn entries(&mut self, path: &str, names: Names) -> Result<Vec<Entry>> {
        self.spend(GROUP)?;
        let entries = match names {
            Names::Table { tree, heap } => self.table(path, tree, heap)?,
            Names::Links(entries) => entries,
        };
        let names = entries.iter().map(|entry| size_of::<Entry>() + entry.name.len()).sum();
        self.spend(names)?;
        let mut seen = BTreeSet::new();
        match entries.iter().find(|entry| !seen.insert(&*entry.name)) {
            Some(again) => Err(damaged(texts::twice(&again.name))),
            None => Ok(entries),
        }
    }

    fn table(&mut self, path: &str, tree: u64, heap: u64) -> Result<Vec<Entry>> {
        let mut start = self.open(heap, *b"HEAP", 0)?;
        start.take(3)?;
        let (size, _free, at) = (start.u64()?, start.u64()?, start.u64()?);
        self.claim(heap, 32)?;
        let names = self.claim(at, size)?.take(size)?;
        let mut table = Table { path, names, used: 0, entries: Vec::new() };
        self.node(tree, None, &mut table)?;
        Ok(table.entries)
    }

    /// A node of a group's tree: of the level below the one before, down to the entries.
    fn node(&mut self, at: u64, level: Option<u8>, table: &mut Table<'_>) -> Result<()> {
        let mut node = self.open(at, *b"TREE", 0)?;
        let (own, count) = (node.u8()?, node.u16()?);
        // A million objects are two or three levels.
        if level.map_or(own > 8, |level| own != level) {
            return Err(damaged(texts::bad_tree()));
        }
        let mut node = self.claim(at, 24 + 16 * u64::from(count) + 8)?;
        node.take(24)?;
        for _ in 0..count {
            let (_key, child) = (node.u64()?, node.u64()?);
            match own.checked_sub(1) {
                Some(below) => self.node(child, Some(below), table)?,
                None => self.leaf(child, table)?,
            }
        }
        Ok(())
    }

    /// Entries: a name's place, the address of its object, what else is known of it.
    fn leaf(&mut self, at: u64, table: &mut Table<'_>) -> Result<()> {
        const SOFT_LINK: u32 = 2;
        let mut leaf = self.open(at, *b"SNOD", 1)?;
        leaf.u8()?;
        let count = leaf.u16()?;
        let mut leaf = self.claim(at, 8 + 40 * u64::from(count))?;
        leaf.take(8)?;
        for _ in 0..count {
            let (name, header, known) = (leaf.u64()?, leaf.u64()?, leaf.u32()?);
            leaf.take(20)?;
            let name = table.name(name)?;
            if known == SOFT_LINK {
                let place = join(table.path, name);
                return Err(texts::unsupported(&texts::soft_link()).at(place));
            }
            let name = name.to_owned();
            table.entries.push(Entry { name, header });
        }
        Ok(())
    }

    /// The bytes of a dataset's elements. What it declares must be stored.
    fn stored(&mut self, storage: &Storage<'a>, shape: Shape, element: Type) -> Result<&'a [u8]> {
        self.spend(DATASET)?;
        let (address, size) = match *storage {
            Storage::Here(bytes) => return exactly(bytes, shape, element),
            Storage::At { address: NOWHERE, .. } => return exactly(&[], shape, element),
            Storage::At { address, size } => (address, size),
        };
        let bytes = self.claim(address, size)?.take(size)?;
        exactly(bytes, shape, element)
    }

    /// Elements of `bytes`, which are as many as the shape has.
    fn value(&mut self, shape: Shape, element: Type, bytes: &'a [u8]) -> Result<Value<'a>> {
        let elements = match element {
            Type::Number(number) => Elements::Numbers(number, bytes.into()),
            // Told apart before; two bytes are two bytes.
            Type::TwoBytes => Elements::Numbers(Number::Bf16, bytes.into()),
            Type::Fixed(size) => Elements::Fixed(size, bytes.into()),
            Type::Variable => {
                let texts = bytes.as_chunks::<REFERENCE>().0.iter().map(|place| self.text(place));
                Elements::Texts(texts.collect::<Result<_>>()?)
            }
        };
        Ok(Value::of(shape, elements))
    }

    /// The text that an element of a variable length leads to.
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

    /// A heap of texts, by their numbers. Number 0 is the room that is left.
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

/// The bytes that a shape of these elements needs; there must be as many.
fn exactly(bytes: &[u8], shape: Shape, element: Type) -> Result<&[u8]> {
    let needs = shape.elems().saturating_mul(element.size());
    bytes.get(..needs).ok_or_else(|| damaged(texts::declares_more(needs, bytes.len())))
}

/// Two bytes are bfloat16 if the attribute says so, as Keras has it.
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
