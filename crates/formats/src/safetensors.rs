//! Files of named tensors that can hold nothing else: [safetensors](https://huggingface.co/docs/safetensors).

use crate::Number;
use crate::cursor::{self, damaged};
use crate::number::Endian;
use neurona_core::error::{Code, Error, Result};
use neurona_core::tensor::Tensor;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// A header has at most this many bytes: names, types, shapes and places of some 40,000 tensors.
const MAX_HEADER: usize = 4 << 20;

/// The tensors of a file with their names, in the order of the file's bytes.
///
/// Errors (E034), with the name of the tensor: it is damaged, has other elements, or a number that
/// does not fit in `int32`.
///
/// ```
/// use neurona_core::tensor::{Shape, Tensor};
/// use neurona_formats::safetensors;
///
/// let kernel = Tensor::new(Shape::new(&[2])?, vec![0.5f32, -1.0])?;
/// let file = safetensors::write(&[("kernel".to_owned(), kernel.borrow())])?;
/// assert_eq!(safetensors::read(&file)?, [("kernel".to_owned(), kernel)]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<Vec<(String, Tensor<'static>)>> {
    // Before the header is parsed, because it becomes several times larger in memory.
    let declared = bytes.first_chunk().map_or(0, |size| u64::from_le_bytes(*size)) as usize;
    if declared > MAX_HEADER && declared < bytes.len() {
        return Err(damaged(long_header(declared, MAX_HEADER)));
    }
    let file = SafeTensors::deserialize(bytes);
    let file = file.map_err(|why| damaged(not_sound(&why.to_string())))?;
    let mut views = file.tensors();
    views.sort_by_key(|(name, view)| (view.data().as_ptr() as usize, name.clone()));
    let tensor = |(name, view): (String, TensorView<'_>)| {
        let tensor = tensor(&view).map_err(|error| error.at(&*name))?;
        Ok((name, tensor))
    };
    views.into_iter().map(tensor).collect()
}

/// The file of tensors with their names. Errors (E016): two with one name.
pub fn write(tensors: &[(String, Tensor<'_>)]) -> Result<Vec<u8>> {
    let refused =
        |why: safetensors::SafeTensorError| Error::new(Code::E016, not_written(&why.to_string()));
    let stored: Vec<(Number, Vec<u8>)> = tensors.iter().map(|(_, t)| Number::of(t)).collect();
    let views = tensors.iter().zip(&stored).map(|((name, tensor), (number, bytes))| {
        let view = TensorView::new(dtype(*number), tensor.shape().dims().to_vec(), bytes);
        view.map(|view| (name.as_str(), view))
    });
    let views = views.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    safetensors::serialize(views, None).map_err(refused)
}

fn tensor(view: &TensorView<'_>) -> Result<Tensor<'static>> {
    let number = Number::ALL.into_iter().find(|&number| dtype(number) == view.dtype());
    let number = number.ok_or_else(|| damaged(other_type(&format!("{:?}", view.dtype()))))?;
    let dims: Vec<u64> = view.shape().iter().map(|&dim| dim as u64).collect();
    number.tensor(Endian::Little, cursor::shape(&dims)?, view.data())
}

fn dtype(number: Number) -> Dtype {
    match number {
        Number::Bool => Dtype::BOOL,
        Number::I8 => Dtype::I8,
        Number::I16 => Dtype::I16,
        Number::I32 => Dtype::I32,
        Number::I64 => Dtype::I64,
        Number::U8 => Dtype::U8,
        Number::U16 => Dtype::U16,
        Number::U32 => Dtype::U32,
        Number::U64 => Dtype::U64,
        Number::F16 => Dtype::F16,
        Number::Bf16 => Dtype::BF16,
        Number::F32 => Dtype::F32,
        Number::F64 => Dtype::F64,
    }
}

neurona_core::messages! {
    fn not_sound(reason: &str) {
        en: "this is not a safetensors file, or it is damaged: {reason}",
        es: "no es un archivo safetensors, o está dañado: {reason}",
    }
    fn long_header(size: usize, most: usize) {
        en: "its header declares {size} bytes, but at most {most} are allowed",
        es: "su encabezado declara {size} bytes, pero el máximo es {most}",
    }
    fn other_type(dtype: &str) {
        en: "its elements are {dtype}; truth values, integers and floats of 16 to 64 bits can be read",
        es: "sus elementos son {dtype}; se pueden leer valores de verdad, enteros y números reales de 16 a 64 bits",
    }
    fn not_written(reason: &str) {
        en: "the file cannot be written: {reason}",
        es: "no se puede escribir el archivo: {reason}",
    }
}
