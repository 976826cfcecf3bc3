//! Object headers: the messages that say what an object is.

use super::texts;
use super::types::Type;
use crate::cursor::{self, Cursor, damaged};
use neurona_core::error::{Error, Result};
use neurona_core::tensor::Shape;

/// What an object's messages say, of what is read.
#[derive(Default)]
pub(super) struct Header<'a> {
    pub(super) shape: Option<Shape>,
    pub(super) element: Option<Type>,
    pub(super) storage: Option<Storage<'a>>,
    /// Where the tree and the heap of a group's names lie.
    pub(super) names: Option<(u64, u64)>,
    pub(super) attributes: Vec<Attribute<'a>>,
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
        if messages.iter().any(|message| message.kind == LINK_INFO) {
            return Err(texts::unsupported(&texts::newer_group()));
        }
        let mut header = Header::default();
        for Message { kind, flags, body } in messages {
            // Bit 1: the message is not here but shared.
            let read = [DATASPACE, DATATYPE, LAYOUT, ATTRIBUTE, SYMBOL_TABLE];
            if flags & 2 != 0 && read.contains(kind) {
                return Err(texts::unsupported(&texts::shared()));
            }
            match *kind {
                DATASPACE => once(&mut header.shape, *kind, dataspace(body)?.0)?,
                DATATYPE => once(&mut header.element, *kind, Type::decode(body)?)?,
                LAYOUT => once(&mut header.storage, *kind, layout(body)?)?,
                SYMBOL_TABLE => {
                    let mut names = Cursor::new(body, 0);
                    once(&mut header.names, *kind, (names.u64()?, names.u64()?))?;
                }
                ATTRIBUTE => header.attributes.push(attribute(body, path)?),
                _ => {}
            }
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
        LINK => return Err(refused_link(message.body)),
        EXTERNAL_FILES => texts::external_storage(),
        FILTERS => texts::filters(),
        ATTRIBUTE_INFO => texts::dense_attributes(),
        // Bit 7: whoever does not know the message must not read on. All known ones are below 0x18.
        kind if kind >= 0x18 && message.flags & 0x80 != 0 => texts::unknown_message(kind.into()),
        _ => return Ok(()),
    };
    Err(texts::unsupported(&what))
}

/// A link of the newer form: version, flags, its type if bit 3 says so. All are refused, by what they are.
fn refused_link(body: &[u8]) -> Error {
    let (flags, kind) = (body.get(1).copied().unwrap_or(0), body.get(2).copied().unwrap_or(0));
    let what = match kind {
        1 if flags & 8 != 0 => texts::soft_link(),
        64 if flags & 8 != 0 => texts::external_link(),
        _ => texts::newer_group(),
    };
    texts::unsupported(&what)
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
