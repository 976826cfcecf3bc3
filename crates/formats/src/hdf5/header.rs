//! Object headers: the messages that say what an object is.

use super::filters::{self, Filter};
use super::types::Type;
use super::{NOWHERE, join, texts};
use crate::cursor::{self, Cursor, damaged};
use neurona_core::error::{Error, Result};
use neurona_core::tensor::Shape;

/// The content of an object's messages, as far as it is read.
#[derive(Default)]
pub(super) struct Header<'a> {
    pub(super) space: Option<Space>,
    pub(super) element: Option<Type>,
    pub(super) storage: Option<Storage<'a>>,
    pub(super) filters: Vec<Filter>,
    pub(super) names: Option<Names>,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Where more attributes lie.
    pub(super) more: Option<Dense>,
}

/// How many elements there are.
pub(super) struct Space {
    pub(super) shape: Shape,
    /// How large each dimension may become; `u64::MAX` for any size.
    pub(super) most: Vec<u64>,
}

/// The names in a group, in one of three forms.
pub(super) enum Names {
    /// Where their tree and their heap lie.
    Table { tree: u64, heap: u64 },
    /// Here: the newer form for few names.
    Links(Vec<Entry>),
    /// The newer form for many.
    Dense(Dense),
}

/// Where an object's messages lie if there are too many: a heap of them, and a tree of their places
/// in it.
#[derive(Clone, Copy)]
pub(super) struct Dense {
    pub(super) heap: u64,
    pub(super) tree: u64,
}

/// A name, and where the header of its object lies.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) header: u64,
}

/// Where the elements of a dataset lie.
pub(super) enum Storage<'a> {
    Here(&'a [u8]),
    At { address: u64, size: u64 },
    InChunks(Chunked),
}

/// How an array lies in chunks.
pub(super) struct Chunked {
    /// The sizes of a chunk.
    pub(super) dims: Vec<u64>,
    /// Bytes of an element.
    pub(super) element: u64,
    pub(super) index: Index,
    pub(super) address: u64,
    /// Whether chunks that reach beyond an edge of the array are stored without filters.
    pub(super) raw_edges: bool,
}

/// The way to the chunks of an array.
#[derive(Clone, Copy)]
pub(super) enum Index {
    /// A tree in the older form.
    Tree,
    /// Nothing: there is only one, and if it is packed, this is its size, without these filters.
    Single(Option<(u64, u32)>),
    /// Nothing: they follow each other.
    Implicit,
    /// An array of addresses.
    Fixed,
    /// An array of addresses that grows.
    Extensible,
    /// A tree in the newer form.
    NewTree,
}

pub(super) struct Attribute<'a> {
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) element: Type,
    pub(super) bytes: &'a [u8],
}

/// A message: its type, flags and content.
pub(super) struct Message<'a> {
    pub(super) kind: u16,
    pub(super) flags: u8,
    pub(super) body: &'a [u8],
}

pub(super) const DATASPACE: u16 = 0x01;
pub(super) const LINK_INFO: u16 = 0x02;
pub(super) const DATATYPE: u16 = 0x03;
pub(super) const FILL_VALUE: u16 = 0x05;
pub(super) const LINK: u16 = 0x06;
pub(super) const EXTERNAL_FILES: u16 = 0x07;
pub(super) const LAYOUT: u16 = 0x08;
pub(super) const FILTERS: u16 = 0x0B;
pub(super) const ATTRIBUTE: u16 = 0x0C;
pub(super) const CONTINUATION: u16 = 0x10;
pub(super) const SYMBOL_TABLE: u16 = 0x11;
pub(super) const ATTRIBUTE_INFO: u16 = 0x15;

impl<'a> Header<'a> {
    /// What the messages of the object at a path say together.
    pub(super) fn of(messages: &[Message<'a>], path: &str) -> Result<Header<'a>> {
        // First the message that says most plainly that the object is outside the subset.
        for message in messages {
            refuse_others(message)?;
        }
        let mut header = Header::default();
        let mut links = Vec::new();
        for Message { kind, flags, body } in messages {
            // Bit 1: the message is not here but shared.
            let read =
                [DATASPACE, DATATYPE, LAYOUT, FILTERS, ATTRIBUTE, SYMBOL_TABLE, LINK_INFO, LINK];
            if flags & 2 != 0 && read.contains(kind) {
                return Err(texts::unsupported(&texts::shared()));
            }
            match *kind {
                DATASPACE => once(&mut header.space, *kind, dataspace(body)?)?,
                DATATYPE => once(&mut header.element, *kind, Type::decode(body)?)?,
                LAYOUT => once(&mut header.storage, *kind, layout(body)?)?,
                SYMBOL_TABLE => {
                    let mut names = Cursor::new(body, 0);
                    let table = Names::Table { tree: names.u64()?, heap: names.u64()? };
                    once(&mut header.names, *kind, table)?;
                }
                LINK_INFO => {
                    let names = dense(body, 8)?.map_or(Names::Links(Vec::new()), Names::Dense);
                    once(&mut header.names, *kind, names)?;
                }
                LINK => links.push(link(body, path)?),
                FILTERS => header.filters = filters::read(body)?,
                ATTRIBUTE => header.attributes.push(attribute(body, path)?),
                ATTRIBUTE_INFO => header.more = dense(body, 2)?,
                _ => {}
            }
        }
        match &mut header.names {
            Some(Names::Links(all)) => *all = links,
            _ if links.is_empty() => {}
            _ => return Err(damaged(texts::no_kind())),
        }
        Ok(header)
    }
}

fn once<T>(slot: &mut Option<T>, kind: u16, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(damaged(texts::message_twice(kind.into()))),
    }
}

fn refuse_others(message: &Message<'_>) -> Result<()> {
    let what = match message.kind {
        EXTERNAL_FILES => texts::external_storage(),
        // Bit 7: a reader that does not know the message must not read on. All known ones are below
        // 0x18.
        kind if kind >= 0x18 && message.flags & 0x80 != 0 => texts::unknown_message(kind.into()),
        _ => return Ok(()),
    };
    Err(texts::unsupported(&what))
}

/// Where many links or attributes in the newer form lie; `None` if they are messages in the header.
/// If they are numbered, `number` bytes give the next number.
fn dense(body: &[u8], number: u64) -> Result<Option<Dense>> {
    let mut body = Cursor::new(body, 0);
    let (_version, flags) = (body.u8()?, body.u8()?);
    body.take(if flags & 1 != 0 { number } else { 0 })?;
    let (heap, tree) = (body.u64()?, body.u64()?);
    Ok((heap != NOWHERE).then_some(Dense { heap, tree }))
}

/// A link: the bits of its flags say what follows.
pub(super) fn link(body: &[u8], path: &str) -> Result<Entry> {
    const HARD: u8 = 0;
    const EXTERNAL: u8 = 64;
    let mut body = Cursor::new(body, 0);
    let (version, flags) = (body.u8()?, body.u8()?);
    if version != 1 {
        return Err(texts::unsupported(&texts::other_version("link", version.into())));
    }
    let kind = if flags & 8 != 0 { body.u8()? } else { HARD };
    // Its number, and the encoding of its name: ASCII is UTF-8 too.
    body.take(if flags & 4 != 0 { 8 } else { 0 })?;
    body.take(u64::from(flags & 16 != 0))?;
    let length = match flags & 3 {
        0 => body.u8()?.into(),
        1 => body.u16()?.into(),
        2 => body.u32()?.into(),
        _ => body.u64()?,
    };
    let name = texts::name(body.take(length)?)?;
    let what = match kind {
        HARD => return Ok(Entry { name: name.to_owned(), header: body.u64()? }),
        EXTERNAL => texts::external_link(),
        _ => texts::soft_link(),
    };
    Err(texts::unsupported(&what).at(join(path, name)))
}

/// "No elements at all" is an empty list.
fn dataspace(body: &[u8]) -> Result<Space> {
    let mut body = Cursor::new(body, 0);
    let (version, rank, flags) = (body.u8()?, body.u8()?, body.u8()?);
    let kind = match version {
        1 => {
            body.take(5)?;
            None
        }
        2 => Some(body.u8()?),
        _ => return Err(texts::unsupported(&texts::other_version("dataspace", version.into()))),
    };
    if kind == Some(2) {
        return Ok(Space { shape: cursor::shape(&[0])?, most: vec![0] });
    }
    let mut sizes = || (0..rank).map(|_| body.u64()).collect::<Result<Vec<u64>>>();
    let dims = sizes()?;
    let most = if flags & 1 != 0 { sizes()? } else { dims.clone() };
    Ok(Space { shape: cursor::shape(&dims)?, most })
}

/// A layout in chunks whose sizes, the last of which is an element's size, take this many bytes
/// each.
fn in_chunks<'a>(
    body: &mut Cursor<'a>,
    index: Index,
    address: u64,
    dimensions: u8,
    bytes: u64,
    raw_edges: bool,
) -> Result<Storage<'a>> {
    let mut dims = (0..dimensions).map(|_| body.number(bytes)).collect::<Result<Vec<u64>>>()?;
    let element = dims.pop().unwrap_or(0);
    Ok(Storage::InChunks(Chunked { dims, element, index, address, raw_edges }))
}

/// A layout in chunks, with an index that fits how the array can grow.
fn newer_chunks<'a>(body: &mut Cursor<'a>) -> Result<Storage<'a>> {
    const RAW_EDGES: u8 = 1;
    const PACKED: u8 = 2;
    let [flags, dimensions, bytes] = body.array::<3>()?;
    let mut sizes = Cursor::new(body.take(u64::from(dimensions) * u64::from(bytes))?, 0);
    let index = match body.u8()? {
        1 if flags & PACKED != 0 => Index::Single(Some((body.u64()?, body.u32()?))),
        1 => Index::Single(None),
        2 => Index::Implicit,
        // The following bytes say how full nodes and blocks are, which the indexes repeat.
        3 => body.take(1).map(|_| Index::Fixed)?,
        4 => body.take(5).map(|_| Index::Extensible)?,
        5 => body.take(6).map(|_| Index::NewTree)?,
        other => return Err(texts::unsupported(&texts::other_index(other.into()))),
    };
    let (address, raw_edges) = (body.u64()?, flags & RAW_EDGES != 0);
    in_chunks(&mut sizes, index, address, dimensions, bytes.into(), raw_edges)
}

fn layout(body: &[u8]) -> Result<Storage<'_>> {
    let mut body = Cursor::new(body, 0);
    let (version, class) = (body.u8()?, body.u8()?);
    match (version, class) {
        (3..=5, 0) => {
            let size = body.u16()?;
            body.take(size.into()).map(Storage::Here)
        }
        (3..=5, 1) => Ok(Storage::At { address: body.u64()?, size: body.u64()? }),
        (3, 2) => {
            let dimensions = body.u8()?;
            let address = body.u64()?;
            in_chunks(&mut body, Index::Tree, address, dimensions, 4, false)
        }
        (4 | 5, 2) => newer_chunks(&mut body),
        (3..=5, 3) => Err(texts::unsupported(&texts::virtual_dataset())),
        _ => Err(texts::unsupported(&texts::other_layout(version.into()))),
    }
}

pub(super) fn attribute<'a>(body: &'a [u8], path: &str) -> Result<Attribute<'a>> {
    let mut body = Cursor::new(body, 0);
    let (version, flags) = (body.u8()?, body.u8()?);
    if !(1..=3).contains(&version) {
        return Err(texts::unsupported(&texts::other_version("attribute", version.into())));
    }
    if version > 1 && flags & 3 != 0 {
        return Err(texts::unsupported(&texts::shared()));
    }
    let sizes = [body.u16()?, body.u16()?, body.u16()?];
    if version == 3 {
        // The encoding of the name: ASCII is UTF-8 too.
        body.u8()?;
    }
    // In version 1 each part is padded to a multiple of eight.
    let mut part = |size: u16| {
        let size = u64::from(size);
        let bytes = body.take(if version == 1 { size.next_multiple_of(8) } else { size })?;
        Ok(&bytes[..size as usize])
    };
    let [name, element, space] = [part(sizes[0])?, part(sizes[1])?, part(sizes[2])?];
    let name = name.split(|&byte| byte == 0).next().unwrap_or_default();
    let name = std::str::from_utf8(name).map_err(|_| damaged(texts::bad_name()))?.to_owned();
    let place = |error: Error| error.at(format!("{path}@{name}"));
    let element = Type::decode(element).map_err(place)?;
    let shape = dataspace(space).map_err(place)?.shape;
    let left = body.left() as u64;
    let bytes = body.take(left)?;
    Ok(Attribute { name, shape, element, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether an object whose header holds only this message is refused.
    fn is_refused(kind: u16, flags: u8) -> bool {
        Header::of(&[Message { kind, flags, body: &[] }], "here").is_err()
    }

    #[test]
    fn what_must_be_known_and_is_not_is_refused_and_nothing_else() {
        assert!(is_refused(0x18, 0x80) && is_refused(0x40, 0xFF));
        assert!(!is_refused(0x18, 0x7F) && !is_refused(FILL_VALUE, 0x80));
        assert!(is_refused(EXTERNAL_FILES, 0));
    }
}
