//! Where a file begins, where it ends, and where its first group is.

use super::read::{File, sealed};
use super::{NOWHERE, texts};
use crate::cursor::{Cursor, damaged};
use neurona_core::error::Result;

const SIGNATURE: &[u8; 8] = b"\x89HDF\r\n\x1a\n";

/// The content of a superblock.
pub(super) struct Superblock<'a> {
    /// The file, from the superblock to the end that it declares.
    pub(super) bytes: &'a [u8],
    /// How many bytes the superblock takes.
    pub(super) size: u64,
    /// Where the header of the first group lies.
    pub(super) root: u64,
    /// Where messages about the whole file lie, if there are any.
    pub(super) extension: Option<u64>,
}

/// Where the superblock is: at the beginning, or after a user block of 512 bytes, or of 512 times a
/// power of two.
pub(super) fn find(bytes: &[u8]) -> Option<usize> {
    let places = std::iter::successors(Some(512usize), |place| place.checked_mul(2));
    let inside = places.take_while(|&place| place < bytes.len());
    std::iter::once(0).chain(inside).find(|&place| bytes[place..].starts_with(SIGNATURE))
}

/// Reads the superblock. Errors (E034): there is none, it is damaged, or it is of a kind that is
/// not read.
pub(super) fn read(bytes: &[u8]) -> Result<Superblock<'_>> {
    let place = find(bytes).ok_or_else(|| damaged(texts::not_hdf5()))?;
    let bytes = &bytes[place..];
    let mut start = Cursor::new(bytes, 8);
    let version = start.u8()?;
    let (offsets, lengths) = match version {
        0 | 1 => {
            let [_, _, _, _, offsets, lengths, _] = start.array::<7>()?;
            // How full nodes are, and flags; in version 1, how full the trees of chunks are.
            start.take(if version == 0 { 8 } else { 12 })?;
            (offsets, lengths)
        }
        2 | 3 => {
            let [offsets, lengths, flags] = start.array::<3>()?;
            if version == 3 && flags & 5 != 0 {
                return Err(damaged(texts::left_open()).fix(texts::clear()));
            }
            (offsets, lengths)
        }
        _ => return Err(texts::unsupported(&texts::newer_superblock(version.into()))),
    };
    if (offsets, lengths) != (8, 8) {
        return Err(texts::unsupported(&texts::other_sizes(offsets.into(), lengths.into())));
    }
    let (base, extension, end) = (start.u64()?, start.u64()?, start.u64()?);
    let (root, extension) = if version < 2 {
        // The second number is unused space there.
        if start.u64()? != NOWHERE {
            return Err(texts::unsupported(&texts::driver()));
        }
        let (_name, root) = (start.u64()?, start.u64()?);
        // Everything known about the first group is in its header, too.
        start.take(24)?;
        (root, None)
    } else {
        let root = start.u64()?;
        let whole = Cursor::new(bytes, 0).take(start.at() as u64 + 4)?;
        sealed(whole, 0, "superblock")?;
        start.take(4)?;
        (root, Some(extension).filter(|&at| at != NOWHERE))
    };
    // The end is counted including the user block, as it was when the file was written.
    let length = end.checked_sub(base).and_then(|length| usize::try_from(length).ok());
    match length.and_then(|length| bytes.get(..length)) {
        Some(bytes) => Ok(Superblock { bytes, size: start.at() as u64, root, extension }),
        None => Err(damaged(texts::cut(end.saturating_sub(base) as usize, bytes.len()))),
    }
}

impl File<'_> {
    /// Reads what is said about the whole file, in case it demands something. Errors (E034): parts
    /// lie in other files.
    pub(super) fn extension(&mut self, at: u64) -> Result<()> {
        const DRIVER: u16 = 0x14;
        let messages = self.messages(at)?;
        if messages.iter().any(|message| message.kind == DRIVER) {
            return Err(texts::unsupported(&texts::driver()));
        }
        Ok(())
    }
}
