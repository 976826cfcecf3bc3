//! Object headers: the messages that say what an object is.

use super::types::Type;
use super::{NOWHERE, join, texts};
use crate::cursor::{self, Cursor, damaged};
use neurona_core::error::{Error, Result};
use neurona_core::tensor::Shape;

/// What an object's messages say, of what is read.
#[derive(Default)]
pub(super) struct Header<'a> {
    pub(super) shape: Option<Shape>,
    pub(super) element: Option<Type>,
    pub(super) storage: Option<Storage<'a>>,
    pub(super) names: Option<Names>,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// The names of a group, in one of two forms.
pub(super) enum Names {
    /// Where a tree and a heap of them lie.
    Table { tree: u64, heap: u64 },
    /// Here: the form for names that are not ASCII.
    Links(Vec<Entry>),
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
        // First what says most plainly that the object is outside of the subset.
        for message in messages {
            refuse_others(message)?;
        }
        let mut header = Header::default();
        let mut links = Vec::new();
        for Message { kind, flags, body } in messages {
            // Bit 1: the message is not here but shared.
            let read = [DATASPACE, DATATYPE, LAYOUT, ATTRIBUTE, SYMBOL_TABLE, LINK_INFO, LINK];
            if flags & 2 != 0 && read.contains(kind) {
                return Err(texts::unsupported(&texts::shared()));
            }
            match *kind {
                DATASPACE => once(&mut header.shape, *kind, dataspace(body)?.0)?,
                DATATYPE => once(&mut header.element, *kind, Type::decode(body)?)?,
                LAYOUT => once(&mut header.storage, *kind, layout(body)?)?,
                SYMBOL_TABLE => {
                    let mut names = Cursor::new(body, 0);
                    let table = Names::Table { tree: names.u64()?, heap: names.u64()? };
                    once(&mut header.names, *kind, table)?;
                }
                LINK_INFO => {
                    links_are_here(body)?;
                    once(&mut header.names, *kind, Names::Links(Vec::new()))?;
                }
                LINK => links.push(link(body, path)?),
                ATTRIBUTE => header.attributes.push(attribute(body, path)?),
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
        FILTERS => texts::filters(),
        ATTRIBUTE_INFO => texts::dense_attributes(),
        // Bit 7: whoever does not know the message must not read on. All known ones are below 0x18.
        kind if kind >= 0x18 && message.flags & 0x80 != 0 => texts::unknown_message(kind.into()),
        _ => return Ok(()),
    };
    Err(texts::unsupported(&what))
}

/// Of the newer form of groups, only the one whose links are messages of the header: up to eight of them.
fn links_are_here(body: &[u8]) -> Result<()> {
    let mut body = Cursor::new(body, 0);
    let (_version, flags) = (body.u8()?, body.u8()?);
    // The greatest number of a link, where they are numbered.
    body.take(8 * u64::from(flags & 1))?;
    if body.u64()? != NOWHERE {
        return Err(texts::unsupported(&texts::newer_group()));
    }
    Ok(())
}

/// A link: what follows is told by the bits of its flags.
fn link(body: &[u8], path: &str) -> Result<Entry> {
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

/// A shape, and how many bytes say so. "No elements at all" is an empty list.
fn dataspace(body: &[u8]) -> Result<(Shape, usize)> {
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
        return Ok((cursor::shape(&[0])?, body.at()));
    }
    let dims = (0..rank).map(|_| body.u64()).collect::<Result<Vec<u64>>>()?;
    if flags & 1 != 0 {
        body.take(8 * u64::from(rank))?;
    }
    Ok((cursor::shape(&dims)?, body.at()))
}

fn layout(body: &[u8]) -> Result<Storage<'_>> {
    let mut body = Cursor::new(body, 0);
    let (version, class) = (body.u8()?, body.u8()?);
    match (version, class) {
        (3, 0) => {
            let size = body.u16()?;
            body.take(size.into()).map(Storage::Here)
        }
        (3, 1) => Ok(Storage::At { address: body.u64()?, size: body.u64()? }),
        (3 | 4, 2) => Err(texts::unsupported(&texts::chunked())),
        (3 | 4, 3) => Err(texts::unsupported(&texts::virtual_dataset())),
        _ => Err(texts::unsupported(&texts::other_layout(version.into()))),
    }
}

fn attribute<'a>(body: &'a [u8], path: &str) -> Result<Attribute<'a>> {
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
    // In version 1 each part is filled up to a multiple of eight.
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
    let shape = dataspace(space).map_err(place)?.0;
    let left = body.left() as u64;
    let bytes = body.take(left)?;
    Ok(Attribute { name, shape, element, bytes })
}
