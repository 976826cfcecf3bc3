//! A place in bytes from a file, from which little-endian numbers are read one after another.

use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use neurona_core::tensor::{Shape, checked_elems};

neurona_core::messages! {
    fn ends(at: usize, needs: usize, has: usize) {
        en: "it needs {needs} bytes from byte {at} on, but there it has {has}",
        es: "necesita {needs} bytes desde el byte {at}, pero allí tiene {has}",
    }
    fn does_not_fit(shape: &str) {
        en: "its shape is {shape}, which fits in no tensor: at most 8 dimensions, whose product memory can hold",
        es: "su forma es {shape}, que no cabe en un tensor: a lo sumo 8 dimensiones, cuyo producto quepa en memoria",
    }
}

/// The error for a file that is damaged, or not what it should be (E034).
pub(crate) fn damaged(text: Text) -> Error {
    Error::new(Code::E034, text)
}

/// Bytes, and how many of them have been read.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Reads from a place on; a place past the end leaves nothing to read.
    pub(crate) fn new(bytes: &'a [u8], at: u64) -> Cursor<'a> {
        Cursor { bytes, at: usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len()) }
    }

    /// The place that is read next.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The next bytes.
    pub(crate) fn take(&mut self, count: u64) -> Result<&'a [u8]> {
        let (at, left) = (self.at, self.left());
        match usize::try_from(count).ok().filter(|&count| count <= left) {
            Some(count) => {
                self.at += count;
                Ok(&self.bytes[at..self.at])
            }
            None => Err(damaged(ends(at, usize::try_from(count).unwrap_or(usize::MAX), left))),
        }
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        // The number of bytes that was asked for.
        Ok(self.take(N as u64)?.try_into().unwrap_or([0; N]))
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A number of this many bytes, at most eight.
    pub(crate) fn number(&mut self, bytes: u64) -> Result<u64> {
        let mut number = [0; 8];
        let bytes = self.take(bytes.min(8))?;
        number[..bytes.len()].copy_from_slice(bytes);
        Ok(u64::from_le_bytes(number))
    }
}

/// A shape from the dimensions that a file declares (E034).
pub(crate) fn shape(dims: &[u64]) -> Result<Shape> {
    let sizes: Option<Vec<usize>> = dims.iter().map(|&dim| usize::try_from(dim).ok()).collect();
    let fits = checked_elems(dims).ok().and(sizes).and_then(|sizes| Shape::new(&sizes).ok());
    fits.ok_or_else(|| damaged(does_not_fit(&format!("{dims:?}"))))
}
