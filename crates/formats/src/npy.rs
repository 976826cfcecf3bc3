//! NumPy's file of one array: `.npy`, versions 1 to 3.
//!
//! Truth values, integers and floats of any width and byte order, in row-major or column-major order, become tensors
//! as [`Number`] says. Python objects, records, texts, dates and complex numbers are refused: a file
//! of numbers cannot carry code. Format: [numpy.lib.format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
//!
//! ```
//! use neurona_core::tensor::{Shape, Tensor};
//! use neurona_formats::npy;
//!
//! let tensor = Tensor::new(Shape::new(&[2, 2])?, vec![1.0f32, 2.0, 3.0, 4.0])?;
//! let file = npy::write(&tensor);
//! assert_eq!(npy::read(&file)?, tensor);
//! # Ok::<(), neurona_core::error::Error>(())
//! ```

use crate::Number;
use crate::cursor::{self, Cursor, damaged};
use crate::number::Endian;
use neurona_core::error::Result;
use neurona_core::tensor::{Shape, Tensor};
use std::borrow::Cow;

const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// A header has at most this many bytes; those that we read need some 130.
const MAX_HEADER: usize = 65_536;

/// Reads an array. Errors (E034): it is damaged, has other elements, or has a number that does not
/// fit in `int32`.
pub fn read(bytes: &[u8]) -> Result<Tensor<'static>> {
    let mut file = Cursor::new(bytes, 0);
    if file.take(6).ok() != Some(MAGIC) {
        return Err(if bytes.is_empty() {
            damaged(empty()).fix(copy_again())
        } else {
            damaged(not_npy()).fix(write_again())
        });
    }
    let (major, _minor) = (file.u8()?, file.u8()?);
    let length = match major {
        1 => file.u16()?.into(),
        2 | 3 => file.u32()? as usize,
        _ => return Err(damaged(version(major.into()))),
    };
    if length > MAX_HEADER {
        return Err(damaged(long_header(length, MAX_HEADER)));
    }
    let header = Header::parse(file.take(length as u64)?)?;
    let Header { number, order, columns_first, shape } = header;
    let elements = file.take(file.left() as u64)?;
    let needs = shape.elems().saturating_mul(number.size());
    if needs != elements.len() {
        return Err(
            damaged(wrong_size(shape, number.name(), needs, elements.len())).fix(copy_again())
        );
    }
    let elements =
        if columns_first { rows_first(elements, shape, number.size()) } else { elements.into() };
    number.tensor(order, shape, &elements)
}

/// The file of a tensor, as NumPy writes it: version 1, little-endian, row-major.
pub fn write(tensor: &Tensor<'_>) -> Vec<u8> {
    let (number, elements) = Number::of(tensor);
    let order = if number.size() == 1 { '|' } else { '<' };
    let kind = match number {
        Number::Bool => 'b',
        Number::I8 | Number::I16 | Number::I32 | Number::I64 => 'i',
        Number::U8 | Number::U16 | Number::U32 | Number::U64 => 'u',
        Number::F16 | Number::Bf16 | Number::F32 | Number::F64 => 'f',
    };
    let sizes: Vec<String> = tensor.shape().dims().iter().map(usize::to_string).collect();
    // A tuple with one element has a comma, too.
    let comma = if sizes.len() == 1 { "," } else { "" };
    let header = format!(
        "{{'descr': '{order}{kind}{}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        number.size(),
        sizes.join(", ")
    );
    // With the ten bytes before it, the header ends in a newline at a multiple of 64.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut file = Vec::with_capacity(10 + length + elements.len());
    file.extend(MAGIC);
    file.extend([1, 0]);
    file.extend((length as u16).to_le_bytes());
    file.extend(format!("{header:<0$}\n", length - 1).as_bytes());
    file.extend(elements);
    file
}

/// The content of a header.
struct Header {
    number: Number,
    order: Endian,
    /// Whether neighbours along the first dimension lie side by side.
    columns_first: bool,
    shape: Shape,
}

impl Header {
    /// A dictionary as Python writes it, with exactly three entries.
    fn parse(bytes: &[u8]) -> Result<Header> {
        let mut text = Literal { bytes, at: 0 };
        let (mut descr, mut columns_first, mut shape) = (None, None, None);
        text.expect(b"{")?;
        while !text.next_is(b"}") {
            let key = text.string()?;
            text.expect(b":")?;
            // Each key once.
            match key {
                b"descr" if descr.is_none() => descr = Some(text.descr()?),
                b"fortran_order" if columns_first.is_none() => columns_first = Some(text.truth()?),
                b"shape" if shape.is_none() => shape = Some(text.tuple()?),
                _ => return Err(text.wrong()),
            }
            if !text.next_is(b",") && !text.rest().starts_with(b"}") {
                return Err(text.wrong());
            }
        }
        text.spaces();
        match (descr, columns_first, shape) {
            (Some((order, number)), Some(columns_first), Some(dims)) if text.rest().is_empty() => {
                Ok(Header { number, order, columns_first, shape: cursor::shape(&dims)? })
            }
            _ => Err(text.wrong()),
        }
    }
}

/// A place in the literal of a header.
struct Literal<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Literal<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn wrong(&self) -> neurona_core::error::Error {
        damaged(bad_header(self.at))
    }

    fn spaces(&mut self) {
        self.at += self.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    /// Skips a word and the spaces around it, if it comes next.
    fn next_is(&mut self, word: &[u8]) -> bool {
        self.spaces();
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
            self.spaces();
        }
        found
    }

    fn expect(&mut self, word: &[u8]) -> Result<()> {
        if self.next_is(word) { Ok(()) } else { Err(self.wrong()) }
    }

    /// Between quotes of either kind.
    fn string(&mut self) -> Result<&'a [u8]> {
        self.spaces();
        let quote = *self.rest().first().ok_or_else(|| self.wrong())?;
        let inside = self.rest().get(1..).unwrap_or_default();
        let length = inside.iter().position(|&byte| byte == quote);
        let length = length.filter(|_| [b'\'', b'"'].contains(&quote));
        let length = length.ok_or_else(|| self.wrong())?;
        self.at += length + 2;
        self.spaces();
        Ok(&inside[..length])
    }

    fn truth(&mut self) -> Result<bool> {
        let truth = self.next_is(b"True");
        if truth || self.next_is(b"False") { Ok(truth) } else { Err(self.wrong()) }
    }

    fn tuple(&mut self) -> Result<Vec<u64>> {
        self.expect(b"(")?;
        let mut numbers = Vec::new();
        while !self.next_is(b")") {
            let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number = std::str::from_utf8(&self.rest()[..digits]).ok();
            numbers.push(number.and_then(|n| n.parse().ok()).ok_or_else(|| self.wrong())?);
            self.at += digits;
            // Python 2 wrote `3L`.
            self.next_is(b"L");
            if !self.next_is(b",") && !self.rest().starts_with(b")") {
                return Err(self.wrong());
            }
        }
        Ok(numbers)
    }

    /// Byte order, kind and size: `<f4`.
    fn descr(&mut self) -> Result<(Endian, Number)> {
        self.spaces();
        if self.rest().starts_with(b"[") {
            return Err(damaged(other_type("[...]")).fix(columns_of_record()));
        }
        let descr = self.string()?;
        let (order, kind) = descr.split_at(descr.len().min(1));
        let order = match order {
            b"<" | b"|" => Endian::Little,
            b">" => Endian::Big,
            _ => return Err(unknown(descr)),
        };
        let number = match kind {
            b"b1" => Number::Bool,
            b"i1" => Number::I8,
            b"i2" => Number::I16,
            b"i4" => Number::I32,
            b"i8" => Number::I64,
            b"u1" => Number::U8,
            b"u2" => Number::U16,
            b"u4" => Number::U32,
            b"u8" => Number::U64,
            b"f2" => Number::F16,
            b"f4" => Number::F32,
            b"f8" => Number::F64,
            [b'O', ..] => return Err(damaged(objects()).fix(as_numbers())),
            _ => return Err(unknown(descr)),
        };
        Ok((order, number))
    }
}

fn unknown(descr: &[u8]) -> neurona_core::error::Error {
    let shown: String = String::from_utf8_lossy(descr).chars().take(40).collect();
    let fix = match descr.get(1) {
        Some(b'U' | b'S' | b'a') => number_texts(),
        Some(b'c') => split_complex(),
        Some(b'M' | b'm') => count_time(),
        _ => as_numbers(),
    };
    damaged(other_type(&format!("\"{shown}\""))).fix(fix)
}

/// Elements of `size` bytes in row-major order, from column-major.
fn rows_first(elements: &[u8], shape: Shape, size: usize) -> Cow<'_, [u8]> {
    let dims = shape.dims();
    let mut steps = Vec::with_capacity(dims.len());
    let mut step = size;
    for &dim in dims {
        steps.push(step);
        step *= dim;
    }
    let mut rows = Vec::with_capacity(elements.len());
    let mut place = vec![0; dims.len()];
    let mut from = 0;
    while rows.len() < elements.len() {
        rows.extend_from_slice(&elements[from..from + size]);
        // The last index runs fastest; one that is at its end starts again.
        for axis in (0..dims.len()).rev() {
            place[axis] += 1;
            from += steps[axis];
            if place[axis] < dims[axis] {
                break;
            }
            from -= steps[axis] * dims[axis];
            place[axis] = 0;
        }
    }
    rows.into()
}

neurona_core::messages! {
    fn not_npy() {
        en: "this is not a .npy file: its first six bytes are others",
        es: "no es un archivo .npy: sus primeros seis bytes son otros",
    }
    fn empty() {
        en: "the file is empty",
        es: "el archivo está vacío",
    }
    fn write_again() {
        en: "write it again with numpy.save; another ending alone does not make a file a .npy file",
        es: "escríbalo de nuevo con numpy.save; cambiar la terminación no convierte un archivo en uno .npy",
    }
    fn copy_again() {
        en: "the file was cut or changed: copy it, or write it with numpy.save, again",
        es: "el archivo fue cortado o modificado: cópielo, o escríbalo con numpy.save, de nuevo",
    }
    fn version(version: usize) {
        en: "its format is version {version}; versions 1 to 3 are read",
        es: "su formato es la versión {version}; se leen las versiones 1 a 3",
    }
    fn long_header(size: usize, most: usize) {
        en: "its header declares {size} bytes, but at most {most} are allowed",
        es: "su encabezado declara {size} bytes, pero el máximo es {most}",
    }
    fn bad_header(at: usize) {
        en: "its header is damaged at its character {at}",
        es: "su encabezado está dañado en su carácter {at}",
    }
    fn other_type(descr: &str) {
        en: "its elements are {descr}; truth values, integers and floats of up to 64 bits can be read",
        es: "sus elementos son {descr}; se pueden leer valores de verdad, enteros y números reales de hasta 64 bits",
    }
    fn objects() {
        en: "its elements are Python objects, which are programs; they are never read",
        es: "sus elementos son objetos de Python, que son programas; nunca se leen",
    }
    fn wrong_size(shape: Shape, name: &str, needs: usize, has: usize) {
        en: "its shape {shape} of {name} needs {needs} bytes, but it has {has}",
        es: "su forma {shape} de {name} necesita {needs} bytes, pero tiene {has}",
    }
    fn as_numbers() {
        en: "if all of them are numbers, write numpy.save(file, x.astype(\"float32\"))",
        es: "si todos son números, escriba numpy.save(archivo, x.astype(\"float32\"))",
    }
    fn number_texts() {
        en: "if the texts are numbers, save x.astype(\"float32\"); if they are categories, save their numbers, numpy.unique(x, return_inverse=True)[1]",
        es: "si los textos son números, guarde x.astype(\"float32\"); si son categorías, guarde sus números, numpy.unique(x, return_inverse=True)[1]",
    }
    fn split_complex() {
        en: "save the real and the imaginary parts as two numbers, numpy.stack([x.real, x.imag], -1), or their size, numpy.abs(x)",
        es: "guarde la parte real y la imaginaria como dos números, numpy.stack([x.real, x.imag], -1), o su módulo, numpy.abs(x)",
    }
    fn count_time() {
        en: "save the dates as numbers, for example days: x.astype(\"datetime64[D]\").astype(\"int32\"), or x / numpy.timedelta64(1, \"D\") of durations",
        es: "guarde las fechas como números, por ejemplo días: x.astype(\"datetime64[D]\").astype(\"int32\"), o x / numpy.timedelta64(1, \"D\") si son duraciones",
    }
    fn columns_of_record() {
        en: "save one column, x[\"name\"], or all as numbers with numpy.lib.recfunctions.structured_to_unstructured(x)",
        es: "guarde una columna, x[\"nombre\"], o todas como números con numpy.lib.recfunctions.structured_to_unstructured(x)",
    }
}
