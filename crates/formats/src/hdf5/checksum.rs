//! The two checksums of HDF5: for the structures of newer files, and for numbers that were stored
//! with one.

/// Bob Jenkins' `lookup3` (`hashlittle`, starting with 0), in which every structure of the newer
/// form ends.
pub(super) fn lookup3(bytes: &[u8]) -> u32 {
    let mut state = [0xDEAD_BEEF_u32.wrapping_add(bytes.len() as u32); 3];
    let mut left = bytes;
    while left.len() > 12 {
        let (part, rest) = left.split_at(12);
        add(&mut state, part);
        mix(&mut state);
        left = rest;
    }
    if !left.is_empty() {
        add(&mut state, left);
        finish(&mut state);
    }
    state[2]
}

/// Adds up to twelve bytes, with zeros for missing ones, as three little-endian numbers.
fn add(state: &mut [u32; 3], part: &[u8]) {
    let mut filled = [0; 12];
    filled[..part.len()].copy_from_slice(part);
    for (number, &word) in state.iter_mut().zip(filled.as_chunks::<4>().0) {
        *number = number.wrapping_add(u32::from_le_bytes(word));
    }
}

fn mix([a, b, c]: &mut [u32; 3]) {
    let step = |x: &mut u32, y: &mut u32, z: &mut u32, by: u32| {
        *x = x.wrapping_sub(*z) ^ z.rotate_left(by);
        *z = z.wrapping_add(*y);
    };
    step(a, b, c, 4);
    step(b, c, a, 6);
    step(c, a, b, 8);
    step(a, b, c, 16);
    step(b, c, a, 19);
    step(c, a, b, 4);
}

fn finish([a, b, c]: &mut [u32; 3]) {
    let step = |x: &mut u32, y: u32, by: u32| *x = (*x ^ y).wrapping_sub(y.rotate_left(by));
    step(c, *b, 14);
    step(a, *c, 11);
    step(b, *a, 25);
    step(c, *b, 16);
    step(a, *c, 4);
    step(b, *a, 14);
    step(c, *b, 24);
}

/// HDF5's Fletcher checksum: sums of big-endian 16-bit words, and of these sums.
pub(super) fn fletcher32(bytes: &[u8]) -> u32 {
    let fold = |sum: u32| (sum & 0xFFFF) + (sum >> 16);
    let (mut first, mut second) = (0u32, 0u32);
    // As many words as sums of 32 bits have room for.
    for block in bytes.chunks(2 * 360) {
        for word in block.chunks(2) {
            let low = word.get(1).copied().unwrap_or(0);
            first += u32::from(u16::from_be_bytes([word[0], low]));
            second += first;
        }
        (first, second) = (fold(first), fold(second));
    }
    fold(second) << 16 | fold(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `lookup3`: from its author's driver. Fletcher: worked out by hand.
    #[test]
    fn checksums_are_those_of_their_definitions() {
        assert_eq!(lookup3(b""), 0xDEAD_BEEF);
        assert_eq!(lookup3(b"Four score and seven years ago"), 0x1777_0551);
        assert_eq!(fletcher32(&[]), 0);
        assert_eq!(fletcher32(&[1, 2, 3]), (0x0102 + 0x0402) << 16 | 0x0402);
        // Words of all ones are 0 in these sums, but are written as ones.
        assert_eq!(fletcher32(&[0xFF; 2000]), 0xFFFF_FFFF);
    }
}
