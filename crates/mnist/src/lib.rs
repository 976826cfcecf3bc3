//! The MNIST digits inside the program: compressed, unpacked on demand and checked by SHA-256.
//!
//! ```
//! let mnist = neurona_mnist::unpack()?;
//! assert_eq!(mnist.train_images.len(), 60_000 * 28 * 28);
//! assert_eq!(mnist.train_labels[..5], [5, 0, 4, 1, 9]);
//! # Ok::<(), neurona_mnist::Damaged>(())
//! ```
//!
//! Made by Yann `LeCun`, Corinna Cortes and Christopher J. C. Burges; CC BY-SA 3.0. The README says what
//! was changed (only the packing).

use ruzstd::decoding::StreamingDecoder;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Read;
use std::thread;

/// Rows of an image, and columns: 28.
pub const SIDE: usize = 28;
/// Bytes of an image, one per pixel, row by row: 784.
pub const PIXELS: usize = SIDE * SIDE;
/// Digits to tell apart: 10.
pub const CLASSES: usize = 10;
/// Images to learn from: 60,000.
pub const TRAIN: usize = 60_000;
/// Images to test with: 10,000.
pub const TEST: usize = 10_000;

/// The four files of MNIST, without their headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Mnist {
    /// 60,000 images of 28 rows and 28 columns: 0 is background, 255 is ink.
    pub train_images: Vec<u8>,
    /// 60,000 labels, 0 to 9.
    pub train_labels: Vec<u8>,
    /// 10,000 images of 28 rows and 28 columns.
    pub test_images: Vec<u8>,
    /// 10,000 labels, 0 to 9.
    pub test_labels: Vec<u8>,
}

impl fmt::Debug for Mnist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mnist {{ train: {TRAIN} images, test: {TEST} images }}")
    }
}

/// The packed copy is damaged: a file does not have the digest it is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The name of the original file, as in `train-images-idx3-ubyte`.
    pub file: &'static str,
    /// Its SHA-256, in hexadecimal.
    pub expected: &'static str,
    /// The SHA-256 of the unpacked file, in hexadecimal.
    pub found: String,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Damaged { file, expected, found } = self;
        write!(f, "the packed {file} is damaged: its SHA-256 is {found}, not {expected}")
    }
}

impl std::error::Error for Damaged {}

/// Unpacks MNIST on two threads and compares each file with its canonical SHA-256.
///
/// Takes 55 MB for the result, and up to 27 MB more while it works.
///
/// ```
/// let mnist = neurona_mnist::unpack()?;
/// let first = &mnist.test_images[..neurona_mnist::PIXELS];
/// assert_eq!(first.iter().filter(|&&pixel| pixel > 127).count(), 71);
/// # Ok::<(), neurona_mnist::Damaged>(())
/// ```
pub fn unpack() -> Result<Mnist, Damaged> {
    PACKED.unpack()
}

/// The packed copy, as `tools/pack-mnist` writes it.
#[derive(Clone, Copy)]
struct Packed<'a> {
    /// Training labels, then test labels.
    labels: &'a [u8],
    halves: [Half<'a>; 2],
}

/// The images of five digits, in the order of `digits`; for each digit first training images, then
/// test images. Similar images next to each other compress better, and two halves use two cores.
#[derive(Clone, Copy)]
struct Half<'a> {
    digits: [usize; 5],
    images: &'a [u8],
}

const PACKED: Packed<'static> = Packed {
    labels: include_bytes!("../data/labels.zst"),
    halves: [
        Half { digits: [1, 7, 9, 4, 6], images: include_bytes!("../data/images-17946.zst") },
        Half { digits: [0, 2, 3, 5, 8], images: include_bytes!("../data/images-02358.zst") },
    ],
};

type Image = [u8; PIXELS];

impl Packed<'_> {
    fn unpack(self) -> Result<Mnist, Damaged> {
        // The labels first: they say where each image goes.
        let (train_labels, test_labels) = self.labels()?;
        let mut train_images = vec![0; TRAIN * PIXELS];
        let mut test_images = vec![0; TEST * PIXELS];
        let mut places: [Vec<&mut Image>; CLASSES] = Default::default();
        for (images, labels) in
            [(&mut train_images, &train_labels), (&mut test_images, &test_labels)]
        {
            for (image, &label) in images.as_chunks_mut().0.iter_mut().zip(labels) {
                places[label as usize].push(image);
            }
        }
        thread::scope(|scope| {
            for half in self.halves {
                let places = half.digits.map(|digit| std::mem::take(&mut places[digit]));
                let pieces = places.into_iter().flatten().map(|image| &mut image[..]);
                scope.spawn(move || decode(half.images, pieces));
            }
        });
        thread::scope(|scope| {
            let test = scope.spawn(|| TEST_IMAGES.check(&test_images));
            TRAIN_IMAGES.check(&train_images)?;
            test.join().expect("a digest does not panic")
        })?;
        Ok(Mnist { train_images, train_labels, test_images, test_labels })
    }

    fn labels(&self) -> Result<(Vec<u8>, Vec<u8>), Damaged> {
        let mut train = vec![0; TRAIN];
        let mut test = vec![0; TEST];
        decode(self.labels, [&mut train[..], &mut test[..]]);
        TRAIN_LABELS.check(&train)?;
        TEST_LABELS.check(&test)?;
        Ok((train, test))
    }
}

/// Fills the pieces with the contents of a zstd frame, straight into their final place: there is no
/// second copy of them all. Whatever cannot be decoded stays 0; that is left for the digest to
/// find.
fn decode<'a>(packed: &[u8], pieces: impl IntoIterator<Item = &'a mut [u8]>) {
    let Ok(mut frame) = StreamingDecoder::new(packed) else { return };
    for piece in pieces {
        if frame.read_exact(piece).is_err() {
            return;
        }
    }
}

/// One of the four original files: its name, dimensions and canonical SHA-256.
struct Original {
    name: &'static str,
    dims: &'static [usize],
    sha256: &'static str,
}

const TRAIN_IMAGES: Original = Original {
    name: "train-images-idx3-ubyte",
    dims: &[TRAIN, SIDE, SIDE],
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
};
const TRAIN_LABELS: Original = Original {
    name: "train-labels-idx1-ubyte",
    dims: &[TRAIN],
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
};
const TEST_IMAGES: Original = Original {
    name: "t10k-images-idx3-ubyte",
    dims: &[TEST, SIDE, SIDE],
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
};
const TEST_LABELS: Original = Original {
    name: "t10k-labels-idx1-ubyte",
    dims: &[TEST],
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

impl Original {
    /// Compares the digest of the whole file, header included, with the canonical one.
    fn check(&self, content: &[u8]) -> Result<(), Damaged> {
        let found = Sha256::new().chain_update(self.header()).chain_update(content).finalize();
        let found = hex(&found);
        if found == self.sha256 {
            return Ok(());
        }
        Err(Damaged { file: self.name, expected: self.sha256, found })
    }

    /// The IDX header: `0 0 8 rank`, then each dimension in four bytes, the highest first.
    fn header(&self) -> Vec<u8> {
        let mut header = vec![0, 0, 8, self.dims.len() as u8];
        header.extend(self.dims.iter().flat_map(|&dim| (dim as u32).to_be_bytes()));
        header
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_damaged(packed: Packed, file: &str) {
        let damaged = packed.unpack().expect_err("the copy is damaged");
        assert_eq!(damaged.file, file);
        assert_eq!(damaged.found.len(), 64);
        assert_ne!(damaged.found, damaged.expected);
    }

    #[test]
    fn a_changed_byte_is_found() {
        let mut changed = PACKED.labels.to_vec();
        changed[10_000] ^= 1;
        check_damaged(Packed { labels: &changed, ..PACKED }, "train-labels-idx1-ubyte");

        let mut changed = PACKED.halves[1].images.to_vec();
        changed[1_000_000] ^= 1;
        let mut packed = PACKED;
        packed.halves[1].images = &changed;
        check_damaged(packed, "train-images-idx3-ubyte");
    }

    #[test]
    fn a_cut_or_empty_copy_is_found() {
        check_damaged(Packed { labels: &[], ..PACKED }, "train-labels-idx1-ubyte");
        let half = PACKED.labels.len() / 2;
        check_damaged(
            Packed { labels: &PACKED.labels[..half], ..PACKED },
            "train-labels-idx1-ubyte",
        );
        let mut packed = PACKED;
        packed.halves[0].images = &packed.halves[0].images[..1_000_000];
        check_damaged(packed, "train-images-idx3-ubyte");
    }

    #[test]
    fn a_changed_header_gives_the_same_labels_or_an_error() {
        let whole = PACKED.labels().expect("whole");
        for i in 0..64 {
            for value in [0x00, 0x7F, 0x80, 0xFF] {
                let mut changed = PACKED.labels.to_vec();
                changed[i] = value;
                if let Ok(labels) = (Packed { labels: &changed, ..PACKED }).labels() {
                    assert!(labels == whole, "byte {i} = {value}");
                }
            }
        }
    }
}
