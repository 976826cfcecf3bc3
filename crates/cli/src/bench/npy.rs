//! A workload's arrays as NumPy files, for other programs: `x.npy` in float32, `y.npy` in int32.

use super::data::Samples;
use crate::folder::Folder;
use neurona::Result;

/// Writes both. Errors: E035.
pub(super) fn write(folder: &Folder, samples: &Samples) -> Result<()> {
    let [x, y] = files(samples);
    folder.write("x.npy", &x)?;
    folder.write("y.npy", &y)
}

fn files(samples: &Samples) -> [Vec<u8>; 2] {
    let rows = samples.count();
    let x = match samples {
        // From 0 to 1, and each image a row: other programs take them so.
        Samples::Digits(x, _) => {
            let pixels = x.iter().flat_map(|&pixel| (f32::from(pixel) / 255.0).to_le_bytes());
            file("<f4", &[rows, x.len() / rows.max(1)], pixels)
        }
        Samples::Table(x, _) => {
            file("<f4", &[rows, x.ncols()], x.iter().flat_map(|x| x.to_le_bytes()))
        }
    };
    let labels = samples.y().iter().flat_map(|&label| i32::from(label).to_le_bytes());
    [x, file("<i4", &[rows], labels)]
}

/// A file of format 1.0: magic, version, length of the header, header, elements of four bytes.
fn file(descr: &str, shape: &[usize], elements: impl Iterator<Item = u8>) -> Vec<u8> {
    let sizes = shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    // A tuple of one has a comma too.
    let comma = if shape.len() == 1 { "," } else { "" };
    let header =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}{comma}), }}");
    // With the ten bytes before it, the header ends in a newline at a multiple of 64.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = Vec::with_capacity(10 + length + 4 * shape.iter().product::<usize>());
    bytes.extend(b"\x93NUMPY\x01\x00");
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{header:<0$}\n", length - 1).as_bytes());
    bytes.extend(elements);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::prelude::ndarray::{Array1, Array3};

    #[test]
    fn an_image_is_a_row_from_0_to_1() {
        let images = Array3::from_shape_fn((3, 1, 2), |(i, _, j)| if i == j { 255 } else { 51 });
        let [x, y] = files(&Samples::Digits(images, Array1::from_vec(vec![7, 0, 9])));
        let header = |bytes: &[u8]| String::from_utf8_lossy(&bytes[10..128]).trim_end().to_owned();
        assert_eq!(header(&x), "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }");
        assert_eq!(header(&y), "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }");
        let pixels = [1.0f32, 0.2, 0.2, 1.0, 0.2, 0.2].map(f32::to_le_bytes);
        assert_eq!(x[128..], *pixels.as_flattened());
        assert_eq!(y[128..], *[7i32, 0, 9].map(i32::to_le_bytes).as_flattened());
    }

    #[test]
    fn the_header_fills_whole_lines_of_64() {
        for shape in [&[3][..], &[100_000, 30], &[123_456_789, 123_456_789]] {
            let bytes = file("<f4", &shape.iter().map(|_| 0).collect::<Vec<_>>(), [].into_iter());
            assert_eq!(bytes.len() % 64, 0, "{shape:?}");
        }
        let bytes = file("<i4", &[2], [1, 0, 0, 0, 2, 0, 0, 0].into_iter());
        assert_eq!(bytes[..10], *b"\x93NUMPY\x01\x00\x76\x00");
        let header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
        assert_eq!(bytes[10..128], *format!("{header:<117}\n").as_bytes());
        assert_eq!(bytes[128..], [1, 0, 0, 0, 2, 0, 0, 0]);
    }
}
