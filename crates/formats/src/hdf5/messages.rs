//! The messages of an object's header, in the older form and the newer one.

use super::header::{CONTINUATION, Message};
use super::read::{File, sealed};
use super::texts;
use crate::cursor::{Cursor, damaged};
use neurona_core::error::Result;

/// An object has at most this many messages.
const MOST: usize = 65_535;

impl<'a> File<'a> {
    /// All messages of an object, including those in continuation blocks.
    pub(super) fn messages(&mut self, at: u64) -> Result<Vec<Message<'a>>> {
        let mut start = Cursor::new(self.bytes, at);
        if start.take(4).is_ok_and(|signature| signature == b"OHDR") {
            return self.newer_messages(at);
        }
        let mut start = Cursor::new(self.bytes, at);
        if start.u8()? != 1 {
            return Err(damaged(texts::not_there("object header", at as usize)));
        }
        start.u8()?;
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
                if kind == CONTINUATION {
                    blocks.push(continuation(body)?);
                }
                messages.push(Message { kind, flags, body });
            }
        }
        Ok(messages)
    }

    /// The messages of the newer form: each block ends in its checksum, before which less than one
    /// message may be free.
    fn newer_messages(&mut self, at: u64) -> Result<Vec<Message<'a>>> {
        const TIMES: u8 = 1 << 5;
        const LIMITS: u8 = 1 << 4;
        const NUMBERED: u8 = 1 << 2;
        let mut start = Cursor::new(self.bytes, at.saturating_add(4));
        let (version, flags) = (start.u8()?, start.u8()?);
        if version != 2 {
            let what = texts::other_version("object header", version.into());
            return Err(texts::unsupported(&what));
        }
        start.take(if flags & TIMES != 0 { 16 } else { 0 })?;
        start.take(if flags & LIMITS != 0 { 4 } else { 0 })?;
        let size = start.number(1 << (flags & 3))?;
        let before = start.at() as u64 - at;
        let whole = size.saturating_add(before + 4);
        let first = sealed(self.claim(at, whole)?.take(whole)?, at, "object header")?;
        let mut blocks = vec![Cursor::new(first, before)];
        let mut messages = Vec::new();
        let head = if flags & NUMBERED != 0 { 6 } else { 4 };
        while let Some(mut block) = blocks.pop() {
            while block.left() >= head {
                let (kind, size, flags) = (block.u8()?.into(), block.u16()?, block.u8()?);
                block.take(head as u64 - 4)?;
                let body = block.take(size.into())?;
                if kind == CONTINUATION {
                    let (at, size) = continuation(body)?;
                    let whole = self.claim(at, size)?.take(size)?;
                    let block = sealed(whole, at, "OCHK")?;
                    if !block.starts_with(b"OCHK") {
                        return Err(damaged(texts::not_there("OCHK", at as usize)));
                    }
                    blocks.push(Cursor::new(block, 4));
                }
                messages.push(Message { kind, flags, body });
                if messages.len() > MOST {
                    return Err(damaged(texts::too_many_messages(MOST)));
                }
            }
        }
        Ok(messages)
    }
}

/// Where the messages of an object continue, and for how many bytes.
fn continuation(body: &[u8]) -> Result<(u64, u64)> {
    let mut next = Cursor::new(body, 0);
    Ok((next.u64()?, next.u64()?))
}
