//! Reading archives: both tables of contents, compared before a member is unpacked.

use super::{
    CENTRAL, END, END_64, EXPANDED, LOCAL, LOCATOR_64, MAX_MEMBERS, RATIO, UTF8, is_safe, texts,
};
use crate::cursor::{Cursor, damaged};
use flate2::Crc;
use flate2::read::DeflateDecoder;
use neurona_core::error::Result;
use neurona_core::message::Text;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

/// How far a byte of deflate can expand at most: 258 bytes for two bits.
const DEFLATE_RATIO: u64 = 1032;

/// An archive whose table of contents was found to be sound.
#[derive(Clone, Debug)]
pub struct Archive<'a> {
    members: BTreeMap<&'a str, Member<'a>>,
    /// Their names, in the order of the table of contents.
    order: Vec<&'a str>,
}

#[derive(Clone, Debug)]
struct Member<'a> {
    /// As stored.
    bytes: &'a [u8],
    method: Method,
    size: u64,
    crc: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Method {
    Stored,
    Deflate,
}

/// An entry of a table of contents.
struct Entry<'a> {
    name: &'a str,
    flags: u16,
    method: u16,
    crc: u32,
    stored: u64,
    size: u64,
    /// Where the member itself begins.
    at: u64,
}

impl<'a> Archive<'a> {
    /// Opens an archive, all of whose members are `allowed` by name and together expand to at most
    /// `total` bytes, or to the size of the archive if that is more: data that are only stored are
    /// never too much.
    ///
    /// Errors (E034): anything in the [list](super) of what is refused, with the member's name;
    /// damage.
    pub fn open(
        bytes: &'a [u8],
        total: u64,
        allowed: impl Fn(&str) -> bool,
    ) -> Result<Archive<'a>> {
        let Contents { start, mut table, count } = contents(bytes)?;
        let mut members = BTreeMap::new();
        let (mut places, mut order) = (Vec::new(), Vec::new());
        let mut sum = 0u64;
        for _ in 0..count {
            let entry = entry(&mut table)?;
            let name = entry.name;
            let (member, place) = entry
                .admit(&allowed)
                .and_then(|method| entry.member(bytes, method))
                .map_err(|error| error.at(name))?;
            sum = sum.saturating_add(member.size);
            if members.insert(name, member).is_some() {
                return Err(damaged(texts::twice()).at(name));
            }
            places.push((place, name));
            order.push(name);
        }
        if table.left() > 0 {
            return Err(damaged(texts::bad_table()).fix(texts::fetch_again()));
        }
        let most = total.max(bytes.len() as u64);
        if sum > most {
            let text = texts::total(sum as usize, most as usize);
            return Err(damaged(text).fix(texts::store()));
        }
        apart(places, start)?;
        Ok(Archive { members, order })
    }

    /// The names of the members, in the order of the table of contents.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.order.iter().copied()
    }

    /// Whether there is a member with this name.
    pub fn contains(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The content of a member, borrowed if it is stored uncompressed. Errors (E034), with its
    /// name: there is none, it is damaged, or it does not have the size it declares.
    pub fn read(&self, name: &str) -> Result<Cow<'a, [u8]>> {
        let member = self.members.get(name).ok_or_else(|| damaged(texts::no_member()));
        let content = member.and_then(Member::content);
        content.map_err(|error| error.fix(texts::fetch_again()).at(name))
    }
}

impl<'a> Member<'a> {
    fn content(&self) -> Result<Cow<'a, [u8]>> {
        let content = match self.method {
            Method::Stored => Cow::Borrowed(self.bytes),
            Method::Deflate => Cow::Owned(self.unpacked()?),
        };
        let mut crc = Crc::new();
        crc.update(&content);
        if crc.sum() == self.crc { Ok(content) } else { Err(damaged(texts::checksum())) }
    }

    fn unpacked(&self) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        // One more, to see whether there would be more.
        let room = usize::try_from(self.size + 1).unwrap_or(usize::MAX);
        let refused = |_| damaged(texts::total(room, isize::MAX as usize));
        content.try_reserve_exact(room).map_err(refused)?;
        let mut decoder = DeflateDecoder::new(self.bytes).take(self.size + 1);
        decoder.read_to_end(&mut content).map_err(|_| damaged(texts::damaged_data()))?;
        if content.len() as u64 != self.size {
            return Err(damaged(texts::wrong_size(self.size as usize, content.len())));
        }
        if decoder.into_inner().total_in() != self.bytes.len() as u64 {
            return Err(damaged(texts::damaged_data()));
        }
        Ok(content)
    }
}

impl<'a> Entry<'a> {
    /// Whether such a member may be here at all, and how it is packed.
    fn admit(&self, allowed: &impl Fn(&str) -> bool) -> Result<Method> {
        /// Bits 0, 6 and 13 of the flags: three ways of encryption.
        const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
        if !is_safe(self.name) {
            return Err(damaged(texts::unsafe_name()).fix(texts::zip_again()));
        }
        if !allowed(self.name) {
            return Err(damaged(texts::not_expected()).fix(texts::take_out(self.name)));
        }
        if self.flags & ENCRYPTED != 0 {
            return Err(damaged(texts::encrypted()).fix(texts::zip_again()));
        }
        let (size, stored) = (self.size, self.stored);
        let method = match self.method {
            0 if size != stored => return Err(damaged(texts::disagree("size"))),
            0 => return Ok(Method::Stored),
            8 => Method::Deflate,
            other => return Err(damaged(texts::method(other.into())).fix(texts::zip_again())),
        };
        if size / DEFLATE_RATIO > stored {
            return Err(damaged(texts::cannot_hold(size as usize, stored as usize)));
        }
        if size > EXPANDED.max(stored.saturating_mul(RATIO)) {
            return Err(damaged(texts::bomb(size as usize, stored as usize)).fix(texts::store()));
        }
        Ok(method)
    }

    /// The member itself, whose own header must say the same, and the bytes it takes.
    fn member(&self, bytes: &'a [u8], method: Method) -> Result<(Member<'a>, (u64, u64))> {
        /// Bit 3 of the flags: checksum and sizes follow the member; before it are zeros.
        const LATER: u16 = 1 << 3;
        let mut start = Cursor::new(bytes, self.at);
        if start.u32()? != LOCAL {
            return Err(damaged(texts::disagree("place")));
        }
        let (_version, flags, method_here) = (start.u16()?, start.u16()?, start.u16()?);
        let _date = start.u32()?;
        let (crc, stored, size) = (start.u32()?, start.u32()?.into(), start.u32()?.into());
        let (name, extra) = (start.u16()?, start.u16()?);
        let name = start.take(name.into())?;
        let extra = start.take(extra.into())?;
        let [size, stored] = wide([size, stored], extra)?;
        let later = flags & LATER != 0;
        let same = |here: u64, there: u64| here == there || later && here == 0;
        let alike = [
            (name == self.name.as_bytes(), "name"),
            (flags == self.flags, "flags"),
            (method_here == self.method, "method"),
            (same(crc.into(), self.crc.into()), "checksum"),
            (same(stored, self.stored) && same(size, self.size), "size"),
        ];
        if let Some((_, part)) = alike.iter().find(|(alike, _)| !alike) {
            return Err(damaged(texts::disagree(part)));
        }
        let content = start.take(self.stored)?;
        let member = Member { bytes: content, method, size: self.size, crc: self.crc };
        Ok((member, (self.at, start.at() as u64)))
    }
}

/// A table of contents: where it starts, its bytes, and how many entries it has.
struct Contents<'a> {
    start: u64,
    table: Cursor<'a>,
    count: usize,
}

/// Finds the table of contents through the record at the end, which only its own comment may
/// follow.
fn contents(bytes: &[u8]) -> Result<Contents<'_>> {
    const RECORD: usize = 22;
    let broken = || damaged(texts::bad_table()).fix(texts::fetch_again());
    let no_end = || {
        let error = damaged(texts::not_zip());
        if bytes.starts_with(b"PK") { error.fix(texts::fetch_again()) } else { error }
    };
    let last = bytes.len().checked_sub(RECORD).ok_or_else(no_end)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let is_end = |&at: &usize| {
        bytes[at..at + 4] == END.to_le_bytes()
            && usize::from(u16::from_le_bytes([bytes[at + 20], bytes[at + 21]])) == last - at
    };
    let at = (first..=last).rev().find(is_end).ok_or_else(no_end)?;
    let mut record = Cursor::new(bytes, at as u64 + 4);
    let disks = (record.u16()?, record.u16()?);
    let counts: [u64; 2] = [record.u16()?.into(), record.u16()?.into()];
    let (size, start): (u64, u64) = (record.u32()?.into(), record.u32()?.into());
    let short = [counts[0], counts[1], size, start];
    let (end, [here, count, size, start]) = match end_64(bytes, at as u64)? {
        Some((end, long)) => {
            // Each number is the same, or says that it did not fit.
            let full = [0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF];
            let alike = |i: usize| short[i] == long[i] || short[i] == full[i];
            if !(0..4).all(alike) {
                return Err(broken());
            }
            (end, long)
        }
        None => (at as u64, short),
    };
    if disks != (0, 0) || here != count {
        return Err(damaged(texts::many_disks()));
    }
    if count > MAX_MEMBERS as u64 {
        return Err(damaged(texts::too_many(count as usize, MAX_MEMBERS)));
    }
    if start.checked_add(size) != Some(end) {
        return Err(broken());
    }
    let table = Cursor::new(Cursor::new(bytes, start).take(size)?, 0);
    Ok(Contents { start, table, count: count as usize })
}

/// The longer record, if there is a pointer to it before the end: where it is, and its two counts,
/// size and start.
fn end_64(bytes: &[u8], end: u64) -> Result<Option<(u64, [u64; 4])>> {
    const LOCATOR: u64 = 20;
    let Some(locator) = end.checked_sub(LOCATOR) else { return Ok(None) };
    let mut start = Cursor::new(bytes, locator);
    if start.u32()? != LOCATOR_64 {
        return Ok(None);
    }
    let (disk, at, disks) = (start.u32()?, start.u64()?, start.u32()?);
    let mut record = Cursor::new(bytes, at);
    let (signature, size, _versions) = (record.u32()?, record.u64()?, record.u32()?);
    let own = (record.u32()?, record.u32()?);
    let numbers = [record.u64()?, record.u64()?, record.u64()?, record.u64()?];
    let follows = at.checked_add(12).and_then(|start| start.checked_add(size)) == Some(locator);
    if signature != END_64 || !follows {
        return Err(damaged(texts::bad_table()).fix(texts::fetch_again()));
    }
    if disk != 0 || disks > 1 || own != (0, 0) {
        return Err(damaged(texts::many_disks()));
    }
    Ok(Some((at, numbers)))
}

/// An entry of the table of contents.
fn entry<'a>(table: &mut Cursor<'a>) -> Result<Entry<'a>> {
    const UNIX: u8 = 3;
    if table.u32()? != CENTRAL {
        return Err(damaged(texts::bad_table()).fix(texts::fetch_again()));
    }
    let (_made_version, made_on, _needed) = (table.u8()?, table.u8()?, table.u16()?);
    let (flags, method, _date) = (table.u16()?, table.u16()?, table.u32()?);
    let (crc, stored, size) = (table.u32()?, table.u32()?.into(), table.u32()?.into());
    let (name, extra, comment) = (table.u16()?, table.u16()?, table.u16()?);
    let (disk, _text, attributes) = (table.u16()?, table.u16()?, table.u32()?);
    let at = table.u32()?.into();
    let name = table.take(name.into())?;
    let extra = table.take(extra.into())?;
    table.take(comment.into())?;
    let is_text = flags & UTF8 != 0 || name.is_ascii();
    let name = std::str::from_utf8(name).ok().filter(|_| is_text);
    let name = name.ok_or_else(|| damaged(texts::bad_name()))?;
    // The kind of file: unspecified, a file, a folder.
    let kind = attributes >> 28;
    if made_on == UNIX && ![0, 0o10, 0o4].contains(&kind) {
        return Err(damaged(texts::link()).at(name));
    }
    if disk != 0 {
        return Err(damaged(texts::many_disks()).at(name));
    }
    let [size, stored, at] = wide([size, stored, at], extra).map_err(|error| error.at(name))?;
    Ok(Entry { name, flags, method, crc, stored, size, at })
}

/// Numbers that did not fit in 32 bits are in an extra field, in their order.
fn wide<const N: usize>(mut numbers: [u64; N], extra: &[u8]) -> Result<[u64; N]> {
    const WIDE: u16 = 1;
    let full = u64::from(u32::MAX);
    if !numbers.contains(&full) {
        return Ok(numbers);
    }
    let mut extra = Cursor::new(extra, 0);
    loop {
        let (kind, size) = (extra.u16()?, extra.u16()?);
        let field = extra.take(size.into())?;
        if kind == WIDE {
            let mut field = Cursor::new(field, 0);
            for number in numbers.iter_mut().filter(|number| **number == full) {
                *number = field.u64()?;
            }
            return Ok(numbers);
        }
    }
}

/// No two members share a byte, and no member shares one with the table of contents.
fn apart(mut places: Vec<((u64, u64), &str)>, table: u64) -> Result<()> {
    places.sort_unstable();
    for pair in places.windows(2) {
        let (((_, end), name), ((start, _), next)) = (pair[0], pair[1]);
        if start < end {
            return Err(damaged(texts::overlap(&Text::verbatim(name.to_owned()))).at(next));
        }
    }
    match places.last() {
        Some(&((_, end), name)) if end > table => {
            Err(damaged(texts::overlap(&texts::table_of_contents())).at(name))
        }
        _ => Ok(()),
    }
}
