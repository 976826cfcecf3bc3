//! Writing archives: stored members, one date, and not a word about the machine.

use super::{CENTRAL, END, LOCAL, MAX_MEMBERS, UTF8, is_safe, texts};
use flate2::Crc;
use neurona_core::error::{Code, Error, Result};
use std::collections::BTreeSet;

/// Version 2.0 is enough to read it.
const VERSION: u16 = 20;
/// 1 January 1980 at 00:00, the first date that exists.
const DATE: u32 = 0x0021 << 16;
/// A plain file that its owner may write and everyone may read, as in Unix.
const FILE: u32 = 0o100_644 << 16;

/// An archive of members with their names, in this order. The same members give the same bytes.
///
/// Errors (E016): a name occurs twice, or is one that [`Archive::open`](super::Archive::open)
/// refuses; more than 10,000 members; a member, or the archive, of 4 GiB or more.
pub fn write(members: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    if members.len() > MAX_MEMBERS {
        return Err(Error::new(Code::E016, texts::too_many(members.len(), MAX_MEMBERS)));
    }
    let size: usize =
        members.iter().map(|(name, content)| 2 * name.len() + content.len() + 76).sum();
    let mut file = Vec::with_capacity(size + 22);
    let mut table = Vec::new();
    let mut names = BTreeSet::new();
    for (name, content) in members {
        let refused = |text| Error::new(Code::E016, text).at(*name);
        let length = u16::try_from(name.len()).ok().filter(|_| is_safe(name));
        let length = length.ok_or_else(|| refused(texts::unsafe_name()))?;
        if !names.insert(name) {
            return Err(refused(texts::twice()));
        }
        let at = short(file.len()).map_err(|error| error.at(*name))?;
        let size = short(content.len()).map_err(|error| error.at(*name))?;
        let mut crc = Crc::new();
        crc.update(content);
        let mut common = Vec::new();
        common.extend(VERSION.to_le_bytes());
        common.extend(if name.is_ascii() { 0 } else { UTF8 }.to_le_bytes());
        // Stored.
        common.extend(0u16.to_le_bytes());
        for number in [DATE, crc.sum(), size, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend(length.to_le_bytes());
        // No extra field.
        common.extend(0u16.to_le_bytes());

        file.extend(LOCAL.to_le_bytes());
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(*content);

        table.extend(CENTRAL.to_le_bytes());
        // Made as on Unix.
        table.extend((3 << 8 | VERSION).to_le_bytes());
        table.extend(common);
        // No comment, the first disk, nothing about text.
        table.extend([0; 6]);
        table.extend(FILE.to_le_bytes());
        table.extend(at.to_le_bytes());
        table.extend(name.as_bytes());
    }
    let (start, size) = (short(file.len())?, short(table.len())?);
    file.extend(table);
    file.extend(END.to_le_bytes());
    file.extend([0; 4]);
    let count = members.len() as u16;
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(size.to_le_bytes());
    file.extend(start.to_le_bytes());
    // No comment.
    file.extend([0; 2]);
    Ok(file)
}

/// A size that fits in an archive. The largest number means that it does not.
fn short(size: usize) -> Result<u32> {
    let short = u32::try_from(size).ok().filter(|&size| size < u32::MAX);
    short.ok_or_else(|| Error::new(Code::E016, texts::too_large()))
}
