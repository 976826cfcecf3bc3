//! A workload's arrays as NumPy files, for other programs: `x.npy` in float32, `y.npy` in int32.

use super::data::Samples;
use crate::folder::Folder;
use neurona::Result;
use neurona::tensor::{Shape, Tensor, ToTensor};
use neurona_formats::npy;

/// Writes both. Errors: E035.
pub(super) fn write(folder: &Folder, samples: &Samples) -> Result<()> {
    let [x, y] = files(samples)?;
    folder.write("x.npy", &x)?;
    folder.write("y.npy", &y)
}

fn files(samples: &Samples) -> Result<[Vec<u8>; 2]> {
    let rows = samples.count();
    let x = match samples {
        // From 0 to 1, and each image a row: this is how other programs take them.
        Samples::Digits(x, _) => {
            let shape = Shape::new(&[rows, x.len() / rows.max(1)])?;
            let pixels = x.iter().map(|&pixel| f32::from(pixel) / 255.0);
            Tensor::new(shape, pixels.collect::<Vec<f32>>())?
        }
        Samples::Table(x, _) => x.to_tensor()?,
    };
    let labels = samples.y().mapv(i32::from);
    Ok([npy::write(&x), npy::write(&(&labels).to_tensor()?)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::prelude::ndarray::{Array1, Array3};

    #[test]
    fn an_image_is_a_row_from_0_to_1() {
        let images = Array3::from_shape_fn((3, 1, 2), |(i, _, j)| if i == j { 255 } else { 51 });
        let [x, y] = files(&Samples::Digits(images, Array1::from_vec(vec![7, 0, 9]))).unwrap();
        let header = |bytes: &[u8]| String::from_utf8_lossy(&bytes[10..128]).trim_end().to_owned();
        assert_eq!(header(&x), "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }");
        assert_eq!(header(&y), "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }");
        let pixels = [1.0f32, 0.2, 0.2, 1.0, 0.2, 0.2].map(f32::to_le_bytes);
        assert_eq!(x[128..], *pixels.as_flattened());
        assert_eq!(y[128..], *[7i32, 0, 9].map(i32::to_le_bytes).as_flattened());
    }
}
