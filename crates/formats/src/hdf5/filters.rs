//! What the numbers in chunks went through before they were stored: packing, a reordering of bytes,
//! checksums.

use super::checksum::fletcher32;
use super::texts;
use crate::cursor::{Cursor, damaged};
use flate2::read::ZlibDecoder;
use neurona_core::error::Result;
use std::borrow::Cow;
use std::io::Read;

/// A step on the way to the stored bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// zlib.
    Deflate,
    /// First the first bytes of all elements of this size, then the second bytes, ….
    Shuffle(usize),
    /// A checksum at the end.
    Fletcher32,
    /// `h5py`'s packing.
    Lzf,
}

/// How far a byte of such packing can expand at most: deflate gives 258 bytes for two bits, LZF 264
/// for three bytes.
pub(super) const MOST_EXPANDED: u64 = 1032;

/// Reads a message of filters, in the order of writing.
pub(super) fn read(body: &[u8]) -> Result<Vec<Filter>> {
    let mut body = Cursor::new(body, 0);
    let (version, count) = (body.u8()?, body.u8()?);
    if !(1..=2).contains(&version) {
        return Err(texts::unsupported(&texts::other_version("filter message", version.into())));
    }
    body.take(if version == 1 { 6 } else { 0 })?;
    let mut filters = Vec::new();
    for _ in 0..count {
        let number = body.u16()?;
        // Known filters have no name in version 2.
        let name = if version == 1 || number >= 256 { body.u16()? } else { 0 };
        let (_optional, values) = (body.u16()?, body.u16()?);
        let name = u64::from(name);
        body.take(if version == 1 { name.next_multiple_of(8) } else { name })?;
        let mut settings = Cursor::new(body.take(4 * u64::from(values))?, 0);
        body.take(if version == 1 && values % 2 == 1 { 4 } else { 0 })?;
        filters.push(match number {
            1 => Filter::Deflate,
            2 => Filter::Shuffle(settings.u32()?.max(1) as usize),
            3 => Filter::Fletcher32,
            32_000 => Filter::Lzf,
            4 => return Err(texts::unsupported(&texts::filter("szip", 4))),
            5 => return Err(texts::unsupported(&texts::filter("nbit", 5))),
            6 => return Err(texts::unsupported(&texts::filter("scaleoffset", 6))),
            other => return Err(texts::unsupported(&texts::other_filter(other.into()))),
        });
    }
    Ok(filters)
}

/// A chunk as it was before its filters, except those that its `skipped` bits name. It has at most
/// `most` bytes, and is never made longer. Errors (E034): it is damaged, or would be longer.
pub(super) fn undo<'s>(
    filters: &[Filter],
    skipped: u32,
    stored: &'s [u8],
    most: usize,
) -> Result<Cow<'s, [u8]>> {
    // A checksum may be inside the packed bytes.
    let room = most + 4 * filters.len();
    let mut bytes = Cow::Borrowed(stored);
    for (number, filter) in filters.iter().enumerate().rev() {
        if skipped.checked_shr(number as u32).is_some_and(|bits| bits & 1 == 1) {
            continue;
        }
        bytes = match filter {
            Filter::Deflate => Cow::Owned(inflated(&bytes, room)?),
            Filter::Lzf => Cow::Owned(lzf(&bytes, room)?),
            Filter::Shuffle(size) => Cow::Owned(in_order(&bytes, *size)),
            Filter::Fletcher32 => {
                let sum = |rest: &[u8]| fletcher32(rest).to_le_bytes();
                match bytes.split_last_chunk::<4>() {
                    Some((rest, stored)) if sum(rest) == *stored => Cow::Owned(rest.to_vec()),
                    _ => return Err(damaged(texts::bad_chunk())),
                }
            }
        };
    }
    Ok(bytes)
}

fn inflated(bytes: &[u8], room: usize) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    let mut decoder = ZlibDecoder::new(bytes).take(room as u64 + 1);
    decoder.read_to_end(&mut all).map_err(|_| damaged(texts::bad_chunk()))?;
    if all.len() > room { Err(damaged(texts::bad_chunk())) } else { Ok(all) }
}

/// Puts the bytes of each element together again. The bytes of an incomplete last element were left
/// alone.
fn in_order(bytes: &[u8], size: usize) -> Vec<u8> {
    let elements = bytes.len() / size;
    let whole = elements * size;
    let mut all = Vec::with_capacity(bytes.len());
    for element in 0..elements {
        all.extend((0..size).map(|byte| bytes[byte * elements + element]));
    }
    all.extend(&bytes[whole..]);
    all
}

/// LZF: runs of bytes as they are, and repetitions of bytes up to 8 KiB before.
fn lzf(bytes: &[u8], room: usize) -> Result<Vec<u8>> {
    let broken = || damaged(texts::bad_chunk());
    let mut all = Vec::new();
    let mut left = Cursor::new(bytes, 0);
    while left.left() > 0 {
        let control = left.u8()?;
        if control < 32 {
            all.extend(left.take(u64::from(control) + 1)?);
        } else {
            let mut length = usize::from(control >> 5);
            if length == 7 {
                length += usize::from(left.u8()?);
            }
            let back = (usize::from(control & 31) << 8 | usize::from(left.u8()?)) + 1;
            let from = all.len().checked_sub(back).ok_or_else(broken)?;
            // It may repeat bytes that it adds itself.
            for i in from..from + length + 2 {
                all.push(all[i]);
            }
        }
        if all.len() > room {
            return Err(broken());
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_of_lzf_may_overlap() {
        // "ab", then six bytes repeated from two before.
        assert_eq!(lzf(&[1, b'a', b'b', 4 << 5, 1], 8).unwrap(), b"abababab");
        assert!(lzf(&[1, b'a', b'b', 4 << 5, 1], 7).is_err());
        assert!(lzf(&[1, b'a', b'b', 4 << 5, 2], 8).is_err());
        assert!(lzf(&[5, b'a'], 8).is_err());
    }

    #[test]
    fn repetitions_of_lzf_may_lie_far_back() {
        let mut all: Vec<u8> = (0..600u16).map(|i| (i % 251) as u8).collect();
        // Runs of at most 32 bytes; then three bytes from 556 bytes back, a distance that needs
        // both of its bytes.
        let mut packed: Vec<u8> = Vec::new();
        for run in all.chunks(32) {
            packed.push(run.len() as u8 - 1);
            packed.extend(run);
        }
        packed.extend([1 << 5 | 2, 43]);
        all.extend_from_within(600 - 556..600 - 553);
        assert_eq!(lzf(&packed, 603).unwrap(), all);
    }

    #[test]
    fn elements_that_are_not_whole_stay_at_the_end() {
        assert_eq!(in_order(&[1, 2, 11, 12, 21, 22, 9], 3), [1, 11, 21, 2, 12, 22, 9]);
    }
}
