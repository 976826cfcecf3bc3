//! IDX files, the format of MNIST and its relatives: `0 0 type rank`, the dimensions, the elements.
//!
//! Everything is big-endian; the elements lie in row-major order. A header is never trusted: the
//! size it declares must be the size of the data, and is compared before memory is asked for.

use super::file;
use super::gzip::{Following, Members};
use ndarray::{ArrayD, IxDyn};
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;
use neurona_core::tensor::checked_elems;
use std::fs::Metadata;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// A gzip file may expand to this many bytes, or to [`RATIO`] times its size if that is more.
const EXPANDED: u64 = 64 << 20;
const RATIO: u64 = 100;
/// How far a byte of gzip can expand at most: 258 bytes for two bits.
const DEFLATE_RATIO: u64 = 1032;
/// How much memory is asked for at once before the elements have shown that they exist; more
/// follows as they come.
const FIRST_BYTES: usize = 48 << 20;

/// Reads an IDX file, plain or gzip (judged by its content, not its name).
///
/// Ranks 1 to 8; dimensions may be 0. Errors: E031 (no such file, with the nearest name), E034
/// (damaged, cut short, too long, not IDX, or a gzip file that expands more than 64 MiB and more
/// than 100 times its size), E035.
///
/// ```
/// use neurona::data::idx;
/// # let folder = std::env::temp_dir().join("neurona-doc-idx");
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("labels-idx1-ubyte");
/// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4])?;
/// let labels = idx::read(&path)?.into_u8()?;
/// assert_eq!(labels.shape(), [3]);
/// assert_eq!(labels.as_slice(), Some(&[5, 0, 4][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(path: impl AsRef<Path>) -> Result<IdxArray> {
    let path = path.as_ref();
    let file = file::open(path)?;
    let len = file.metadata().ok().filter(Metadata::is_file).map(|data| data.len());
    decode(BufReader::new(file), len).map_err(|error| error.at(path.display().to_string()))
}

/// The same as [`read`], from bytes in memory.
///
/// ```
/// use neurona::data::idx;
/// let array = idx::parse(&[0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFF, 0x01, 0x00])?;
/// assert_eq!(array.into_i16()?, ndarray::array![[-1, 256]].into_dyn());
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn parse(bytes: &[u8]) -> Result<IdxArray> {
    decode(bytes, Some(bytes.len() as u64))
}

/// An element type: how it lies in the file.
trait Element: Sized {
    const SIZE: usize = size_of::<Self>();
    fn from_be(bytes: &[u8]) -> Self;
}

macro_rules! elements {
    ($($variant:ident($type:ident) = $code:literal, $into:ident;)*) => {
        /// The contents of an IDX file, by the type of its elements.
        #[derive(Clone, Debug, PartialEq)]
        pub enum IdxArray {
            $(#[doc = concat!("Elements of type `", stringify!($type), "`.")]
            $variant(ArrayD<$type>),)*
        }

        impl IdxArray {
            /// The dimensions, outermost first.
            pub fn shape(&self) -> &[usize] {
                match self { $(IdxArray::$variant(array) => array.shape(),)* }
            }

            /// The name of the element type, as in Rust: `"u8"`.
            pub fn dtype(&self) -> &'static str {
                match self { $(IdxArray::$variant(_) => stringify!($type),)* }
            }

            $(#[doc = concat!("The array, if its elements are `", stringify!($type), "`; else E034.")]
            pub fn $into(self) -> Result<ArrayD<$type>> {
                match self {
                    IdxArray::$variant(array) => Ok(array),
                    other => Err(Error::new(
                        Code::E034,
                        other_type(stringify!($type), other.dtype()),
                    )
                    .fix(call_other(other.dtype()))),
                }
            })*
        }

        $(impl Element for $type {
            fn from_be(bytes: &[u8]) -> $type {
                // As many bytes as the type has, cut by `chunks_exact`.
                bytes.try_into().map(<$type>::from_be_bytes).unwrap_or_default()
            }
        })*

        fn decode_elements(code: u8, reader: impl Read, header: Header, room: Room) -> Result<IdxArray> {
            match code {
                $($code => header.elements(reader, room).map(IdxArray::$variant),)*
                _ => Err(Error::new(Code::E034, unknown_type(&format!("{code:02X}"))).fix(give_idx())),
            }
        }
    };
}

elements! {
    U8(u8) = 0x08, into_u8;
    I8(i8) = 0x09, into_i8;
    I16(i16) = 0x0B, into_i16;
    I32(i32) = 0x0C, into_i32;
    F32(f32) = 0x0D, into_f32;
    F64(f64) = 0x0E, into_f64;
}

/// How many bytes there can be, header included.
#[derive(Clone, Copy)]
enum Room {
    Exactly(u64),
    /// Gzip of this many bytes.
    Packed(u64),
    /// A pipe or a device.
    Unknown,
}

fn decode(mut reader: impl BufRead, len: Option<u64>) -> Result<IdxArray> {
    let mut magic = [0; 2];
    let got = fill(&mut reader, &mut magic)?;
    let all = magic[..got].chain(reader);
    if magic == [0x1F, 0x8B] {
        decode_plain(Members::new(all), len.map_or(Room::Unknown, Room::Packed))
    } else {
        decode_plain(all, len.map_or(Room::Unknown, Room::Exactly))
    }
}

fn decode_plain(mut reader: impl Read, room: Room) -> Result<IdxArray> {
    let mut start = [0; 4];
    let got = fill(&mut reader, &mut start)?;
    if got < start.len() {
        return Err(short(start.len(), got));
    }
    let [0, 0, code, rank @ 1..=8] = start else {
        let found = start.map(|byte| format!("{byte:02X}")).join(" ");
        return Err(Error::new(Code::E034, not_idx(&found)).fix(give_idx()));
    };
    let mut bytes = [0; 4 * 8];
    let bytes = &mut bytes[..4 * rank as usize];
    let got = fill(&mut reader, bytes)?;
    if got < bytes.len() {
        return Err(short(4 + bytes.len(), 4 + got));
    }
    let dims = bytes.as_chunks().0.iter().map(|&dim| u32::from_be_bytes(dim) as usize).collect();
    decode_elements(code, reader, Header { dims }, room)
}

struct Header {
    dims: Vec<usize>,
}

impl Header {
    /// The elements, once the size that the header declares is known to be possible.
    fn elements<T: Element>(&self, mut reader: impl Read, room: Room) -> Result<ArrayD<T>> {
        let start = 4 + 4 * self.dims.len();
        let wide: Vec<u64> = self.dims.iter().map(|&dim| dim as u64).collect();
        let elems = checked_elems(&wide).map_err(|_| self.too_large())?;
        let expected = elems.checked_mul(T::SIZE).and_then(|bytes| bytes.checked_add(start));
        let expected = expected.ok_or_else(|| self.too_large())?;
        room.check(expected)?;

        let mut values: Vec<T> = Vec::new();
        let mut buffer = vec![0; (expected - start).min(1 << 16)];
        while values.len() < elems {
            let want = ((elems - values.len()) * T::SIZE).min(buffer.len());
            let got = fill(&mut reader, &mut buffer[..want])?;
            if got < want {
                return Err(short(expected, start + values.len() * T::SIZE + got));
            }
            if values.capacity() - values.len() < want / T::SIZE {
                let more = (elems - values.len()).min(values.len().max(FIRST_BYTES / T::SIZE));
                values.try_reserve_exact(more).map_err(|_| self.too_large())?;
            }
            values.extend(buffer[..want].chunks_exact(T::SIZE).map(T::from_be));
        }
        // At the end gzip compares its checksum, so this also finds damage in the data that were
        // read.
        match reader.read(&mut [0]) {
            Ok(0) => {}
            Ok(_) => return Err(Error::new(Code::E034, longer(expected)).fix(right_file())),
            Err(error) => return Err(not_read(&error)),
        }
        ArrayD::from_shape_vec(IxDyn(&self.dims), values).map_err(|_| self.too_large())
    }

    fn too_large(&self) -> Error {
        let dims: Vec<String> = self.dims.iter().map(usize::to_string).collect();
        Error::new(Code::E034, too_large(&dims.join("×"))).fix(right_file())
    }
}

impl Room {
    fn check(self, expected: usize) -> Result<()> {
        let (bytes, size) = match self {
            Room::Unknown => (expected as u64, 0),
            Room::Exactly(size) | Room::Packed(size) => (expected as u64, size),
        };
        match self {
            Room::Exactly(_) if size < bytes => Err(short(expected, size as usize)),
            Room::Exactly(_) if size > bytes => {
                Err(Error::new(Code::E034, long(expected, size as usize)).fix(right_file()))
            }
            Room::Packed(_) if bytes / DEFLATE_RATIO > size => {
                Err(Error::new(Code::E034, cannot_hold(expected, size as usize)).fix(fetch_again()))
            }
            Room::Packed(_) if bytes > EXPANDED.max(size.saturating_mul(RATIO)) => {
                Err(Error::new(Code::E034, bomb(expected, size as usize)).fix(unpack_first()))
            }
            Room::Exactly(_) | Room::Packed(_) | Room::Unknown => Ok(()),
        }
    }
}

/// Reads until the buffer is full or the data end. Errors (E034): gzip data end in the middle.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match reader.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(not_read(&error)),
        }
    }
    Ok(got)
}

fn not_read(error: &io::Error) -> Error {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let following = error.get_ref().and_then(|inner| inner.downcast_ref::<Following>());
    if let Some(Following(count)) = following {
        let text = bytes_follow(usize::try_from(*count).unwrap_or(usize::MAX));
        return Error::new(Code::E034, text).fix(without_them());
    }
    match error.kind() {
        InvalidData | InvalidInput => gzip_error(damaged_gzip(&error.to_string())),
        UnexpectedEof => gzip_error(cut_gzip()),
        _ => file::unreadable(error),
    }
}

fn gzip_error(text: Text) -> Error {
    Error::new(Code::E034, text).fix(fetch_again())
}

fn short(expected: usize, found: usize) -> Error {
    Error::new(Code::E034, too_short(expected, found)).fix(fetch_again())
}

neurona_core::messages! {
    fn too_short(expected: usize, found: usize) {
        en: "it needs {expected} bytes, but has {found}",
        es: "necesita {expected} bytes, pero tiene {found}",
    }
    fn long(expected: usize, found: usize) {
        en: "its header declares {expected} bytes in all, but it has {found}",
        es: "su encabezado declara {expected} bytes en total, pero tiene {found}",
    }
    fn longer(expected: usize) {
        en: "its header declares {expected} bytes in all, but it holds more",
        es: "su encabezado declara {expected} bytes en total, pero contiene más",
    }
    fn too_large(dims: &str) {
        en: "its header declares {dims} elements, which do not fit in memory",
        es: "su encabezado declara {dims} elementos, que no caben en la memoria",
    }
    fn cannot_hold(expected: usize, packed: usize) {
        en: "its header declares {expected} bytes, which {packed} bytes of gzip cannot hold",
        es: "su encabezado declara {expected} bytes, que no caben en {packed} bytes de gzip",
    }
    fn bomb(expected: usize, packed: usize) {
        en: "it expands to {expected} bytes from {packed}, more than 64 MiB and more than 100 times its size",
        es: "se expande a {expected} bytes desde {packed}, más de 64 MiB y de 100 veces su tamaño",
    }
    fn damaged_gzip(reason: &str) {
        en: "its gzip data is damaged ({reason})",
        es: "sus datos gzip están dañados ({reason})",
    }
    fn cut_gzip() {
        en: "its gzip data is cut: the file ends before the data and its checksum do",
        es: "sus datos gzip están cortados: el archivo termina antes que los datos y su suma de control",
    }
    fn bytes_follow(count: usize) {
        en: "after its gzip data follow {count} bytes that are not gzip",
        es: "después de sus datos gzip siguen {count} bytes que no son gzip",
    }
    fn without_them() {
        en: "if you trust it, unpack it with gunzip -c, which leaves them out with a warning, and give the result",
        es: "si confía en él, descomprímalo con gunzip -c, que los deja fuera con un aviso, e indique el resultado",
    }
    fn not_idx(found: &str) {
        en: "it is not an IDX file: it begins with {found}; IDX begins with 00 00, a type and a rank of 1 to 8",
        es: "no es un archivo IDX: empieza con {found}; IDX empieza con 00 00, un tipo y un rango de 1 a 8",
    }
    fn unknown_type(code: &str) {
        en: "its element type is {code}; IDX has 08, 09, 0B, 0C, 0D and 0E",
        es: "su tipo de elemento es {code}; IDX tiene 08, 09, 0B, 0C, 0D y 0E",
    }
    fn other_type(wanted: &str, found: &str) {
        en: "its elements are {found}, not {wanted}",
        es: "sus elementos son {found}, no {wanted}",
    }
    fn call_other(found: &str) {
        en: "use into_{found}(), or give the file meant",
        es: "use into_{found}(), o indique el archivo correcto",
    }
    fn give_idx() {
        en: "give an IDX file, plain or gzip, such as train-images-idx3-ubyte.gz",
        es: "indique un archivo IDX, simple o gzip, como train-images-idx3-ubyte.gz",
    }
    fn fetch_again() {
        en: "the download or copy was cut or changed; fetch the file again",
        es: "la descarga o copia quedó incompleta o alterada; obtenga el archivo de nuevo",
    }
    fn right_file() {
        en: "its header and content do not belong together; fetch the file again",
        es: "su encabezado y su contenido no se corresponden; obtenga el archivo de nuevo",
    }
    fn unpack_first() {
        en: "if you trust it, unpack it with gunzip and give the result",
        es: "si confía en él, descomprímalo con gunzip e indique el resultado",
    }
}
