//! Files of named tensors: [safetensors](https://huggingface.co/docs/safetensors), which can hold nothing else.

use super::file;
use crate::tensor::{Data, Shape, Tensor};
use neurona_core::error::{Code, Error, Result};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;
use std::io::Read;
use std::path::Path;

neurona_core::messages! {
    fn damaged(reason: &str) {
        en: "it is no safetensors file, or a damaged one: {reason}",
        es: "no es un archivo safetensors, o está dañado: {reason}",
    }

    fn other_type(name: &str, dtype: &str) {
        en: "\"{name}\" has elements of type {dtype}; float32, float64, uint8, int32 and bool can be read",
        es: "\"{name}\" tiene elementos de tipo {dtype}; se pueden leer float32, float64, uint8, int32 y bool",
    }

    fn not_written(reason: &str) {
        en: "the file cannot be written: {reason}",
        es: "no se puede escribir el archivo: {reason}",
    }
}

/// Writes tensors with their names, whole or not at all.
/// Errors: E035 the system refuses; E016 two of one name.
///
/// ```
/// use ndarray::array;
/// use neurona::data::safetensors;
/// use neurona::tensor::ToTensor;
///
/// let path = std::env::temp_dir().join(format!("doc-{}.safetensors", std::process::id()));
/// let kernel = array![[1.0f32, 2.0], [3.0, 4.0]];
/// safetensors::write(&path, &[("kernel".to_owned(), (&kernel).to_tensor()?)])?;
/// let read = safetensors::read(&path)?;
/// assert_eq!((read[0].0.as_str(), read[0].1.view::<f32>()?), ("kernel", kernel.view().into_dyn()));
/// # std::fs::remove_file(path).ok();
/// # Ok::<(), neurona::Error>(())
/// ```
pub fn write(path: impl AsRef<Path>, tensors: &[(String, Tensor<'_>)]) -> Result<()> {
    let path = path.as_ref();
    serialize(tensors)
        .and_then(|whole| {
            neurona_store::write_whole(path, &whole)
                .map_err(|why| Error::new(Code::E035, not_written(&why.to_string())))
        })
        .map_err(|error| error.at(path.display().to_string()))
}

/// The bytes of a file of these tensors. Errors: E016 two of one name.
pub(crate) fn serialize(tensors: &[(String, Tensor<'_>)]) -> Result<Vec<u8>> {
    let bytes: Vec<(Dtype, Vec<u8>)> = tensors.iter().map(|(_, tensor)| bytes(tensor)).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, tensor), (dtype, bytes))| {
        let view = TensorView::new(*dtype, tensor.shape().dims().to_vec(), bytes);
        view.map(|view| (name.as_str(), view))
    });
    views
        .collect::<std::result::Result<Vec<_>, _>>()
        .and_then(|views| safetensors::serialize(views, None))
        .map_err(|why| Error::new(Code::E016, not_written(&why.to_string())))
}

/// The tensors of a file with their names, in the order of the file's bytes.
/// Errors: E031 there is no such file, E034 it is damaged or holds elements of other types, E035 it cannot be read.
pub fn read(path: impl AsRef<Path>) -> Result<Vec<(String, Tensor<'static>)>> {
    let path = path.as_ref();
    let mut whole = Vec::new();
    let opened = file::open(path)?.read_to_end(&mut whole).map_err(|why| file::unreadable(&why));
    opened.and_then(|_| parse(&whole)).map_err(|error| error.at(path.display().to_string()))
}

/// The tensors of a file of these bytes. Errors: E034.
pub(crate) fn parse(whole: &[u8]) -> Result<Vec<(String, Tensor<'static>)>> {
    let damaged = |why: &dyn std::fmt::Display| Error::new(Code::E034, damaged(&why.to_string()));
    let file = SafeTensors::deserialize(whole).map_err(|why| damaged(&why))?;
    let mut views: Vec<(String, TensorView<'_>)> = file.tensors();
    views.sort_by_key(|(name, view)| (view.data().as_ptr() as usize, name.clone()));
    let tensor = |(name, view): (String, TensorView<'_>)| {
        let shape = Shape::new(view.shape())?;
        let data = view.data();
        let tensor = match view.dtype() {
            Dtype::F32 => Tensor::new(shape, numbers(data, f32::from_le_bytes)),
            Dtype::F64 => Tensor::new(shape, numbers(data, f64::from_le_bytes)),
            Dtype::I32 => Tensor::new(shape, numbers(data, i32::from_le_bytes)),
            Dtype::U8 => Tensor::new(shape, data.to_vec()),
            Dtype::BOOL => Tensor::new(shape, data.iter().map(|&b| b != 0).collect::<Vec<bool>>()),
            other => {
                let text = other_type(&name, &format!("{other:?}"));
                return Err(Error::new(Code::E034, text));
            }
        };
        Ok((name, tensor.map_err(|why| damaged(&why))?))
    };
    views.into_iter().map(tensor).collect()
}

fn numbers<T, const N: usize>(data: &[u8], from: impl Fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks().0.iter().map(|bytes| from(*bytes)).collect()
}

fn bytes(tensor: &Tensor<'_>) -> (Dtype, Vec<u8>) {
    match tensor.data() {
        Data::F32(v) => (Dtype::F32, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Data::F64(v) => (Dtype::F64, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Data::I32(v) => (Dtype::I32, v.iter().flat_map(|x| x.to_le_bytes()).collect()),
        Data::U8(v) => (Dtype::U8, Cow::into_owned(v.clone())),
        Data::Bool(v) => (Dtype::BOOL, v.iter().map(|&x| u8::from(x)).collect()),
    }
}
