//! Files by gzip, as gzip itself and Python read them: several members one after another, with
//! zeros after them.

use flate2::bufread::GzDecoder;
use std::fmt;
use std::io::{self, BufRead, Read};

/// This many bytes follow that are neither a member nor zeros.
#[derive(Debug)]
pub(super) struct Following(pub(super) u64);

impl fmt::Display for Following {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes follow", self.0)
    }
}

impl std::error::Error for Following {}

/// The contents of all members of a file. Zeros after a member are padding for a tape or a block.
#[derive(Debug)]
pub(super) struct Members<R> {
    /// The one that is being read.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(reader: R) -> Members<R> {
        Members { member: Some(GzDecoder::new(reader)) }
    }

    /// The member after one that has ended, if there is one. Errors: what follows is not one
    /// ([`Following`]).
    fn next(mut reader: R) -> io::Result<Option<GzDecoder<R>>> {
        let mut zeros = 0;
        loop {
            let bytes = reader.fill_buf()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let count = bytes.iter().take_while(|byte| **byte == 0).count();
            if let [first, rest @ ..] = &bytes[count..] {
                // If the buffer ends after one byte, the member's own start shows the rest.
                if *first == 0x1F && rest.first().is_none_or(|second| *second == 0x8B) {
                    reader.consume(count);
                    return Ok(Some(GzDecoder::new(reader)));
                }
                let following = zeros + io::copy(&mut reader, &mut io::sink())?;
                return Err(io::Error::new(io::ErrorKind::InvalidData, Following(following)));
            }
            reader.consume(count);
            zeros += count as u64;
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.member else { return Ok(0) };
            let got = member.read(buffer)?;
            if got > 0 || buffer.is_empty() {
                return Ok(got);
            }
            self.member = match self.member.take() {
                Some(ended) => Members::next(ended.into_inner())?,
                None => None,
            };
        }
    }
}
