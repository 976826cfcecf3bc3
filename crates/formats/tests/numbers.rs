//! `.npy`, `.npz` and safetensors: files by NumPy and Hugging Face are read, ours are read back,
//! others are refused.

use neurona_core::error::{Code, Result};
use neurona_core::tensor::{DType, Element, Shape, Tensor};
use neurona_formats::{npy, npz, safetensors};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

type Named = Vec<(String, Tensor<'static>)>;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

fn counted(count: usize) -> Vec<f64> {
    (0..count).map(|i| i as f64).collect()
}

/// NumPy's types, and the types of the tensors they become.
const TYPES: [(&str, DType); 12] = [
    ("bool", DType::Bool),
    ("f2", DType::F32),
    ("f4", DType::F32),
    ("f8", DType::F64),
    ("i1", DType::I32),
    ("i2", DType::I32),
    ("i4", DType::I32),
    ("i8", DType::I32),
    ("u1", DType::U8),
    ("u2", DType::I32),
    ("u4", DType::I32),
    ("u8", DType::I32),
];

fn check_type(name: &str, dtype: DType, tensor: &Tensor<'_>) {
    assert_eq!((tensor.dtype(), tensor.shape().dims()), (dtype, &[2, 3][..]), "{name}");
    let want = if name == "bool" { vec![0.0, 1.0, 1.0, 1.0, 1.0, 1.0] } else { counted(6) };
    assert_eq!(tensor.to_f64(), want, "{name}");
}

#[test]
fn arrays_of_numpy_are_read() {
    let read = |name: &str| npy::read(&file(&format!("npy/{name}.npy"))).unwrap();
    for (name, dtype) in TYPES {
        check_type(name, dtype, &read(name));
    }
    check_type("big", DType::I32, &read("big"));
    check_type("big_floats", DType::F32, &read("big_floats"));
    let columns = read("columns");
    assert_eq!((columns.shape().dims(), columns.to_f64()), (&[2, 3, 4][..], counted(24)));
    let scalar = read("scalar");
    assert_eq!((scalar.shape(), scalar.to_f64()), (Shape::SCALAR, vec![-1.5]));
    assert_eq!(read("nothing").shape().dims(), [0, 3]);
    assert_eq!(read("row").to_f64(), [1.0, -2.0, 3.0]);
    for name in ["version2", "version3"] {
        assert_eq!(read(name).as_slice::<u8>().unwrap(), [0, 1, 2]);
    }
}

#[test]
fn archives_of_numpy_are_read() {
    for name in ["stored", "deflated"] {
        let arrays = npz::read(&file(&format!("npz/{name}.npz"))).unwrap();
        let names: Vec<&str> = arrays.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["x", "y", "z"], "{name}");
        assert_eq!(arrays[0].1.to_f64(), counted(6));
        assert_eq!(arrays[1].1.as_slice::<bool>().unwrap(), [true, false]);
        assert_eq!(arrays[2].1.as_slice::<i32>().unwrap(), [3]);
    }
    let arrays = npz::read(&file("npz/unnamed.npz")).unwrap();
    assert_eq!(arrays[1].0, "arr_1");
}

#[test]
fn a_safetensors_header_that_would_be_too_large_in_memory_is_refused_unread() {
    let declared: u64 = (4 << 20) + 1;
    let mut bytes = declared.to_le_bytes().to_vec();
    bytes.resize(8 + declared as usize + 1, b' ');
    let error = safetensors::read(&bytes).unwrap_err().to_string();
    for part in ["its header declares", "4,194,305", "4,194,304"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn safetensors_of_hugging_face_are_read() {
    let tensors = safetensors::read(&file("safetensors/types.safetensors")).unwrap();
    assert_eq!(tensors.len(), TYPES.len());
    for (name, dtype) in TYPES {
        check_type(name, dtype, &tensors.iter().find(|(found, _)| found == name).unwrap().1);
    }
    let small = safetensors::read(&file("safetensors/small.safetensors")).unwrap();
    let find = |name: &str| &small.iter().find(|(found, _)| found == name).unwrap().1;
    assert_eq!((find("b").shape(), find("b").to_f64()), (Shape::SCALAR, vec![2.5]));
    assert_eq!(find("a").shape().dims(), [0, 4]);
    let half = safetensors::read(&file("safetensors/bfloat16.safetensors")).unwrap();
    assert_eq!(half[0].1.as_slice::<f32>().unwrap(), [1.0, -2.0]);
}

/// Reads each of these files, which must be refused with these words.
fn check_refused<T>(
    folder: &str,
    ending: &str,
    cases: &[(&str, &str)],
    read: impl Fn(&[u8]) -> Result<T>,
) {
    for (name, part) in cases {
        let error =
            read(&file(&format!("{folder}/refused/{name}.{ending}"))).map(|_| ()).expect_err(name);
        assert_eq!(error.code(), Code::E034, "{name}");
        assert!(error.to_string().contains(part), "{name}: {error}");
    }
    let all = std::fs::read_dir(path(folder).join("refused")).unwrap().count();
    assert_eq!(all, cases.len(), "{folder}");
}

#[test]
fn what_is_not_of_plain_numbers_is_refused() {
    let cases = [
        ("complex", "its elements are \"<c8\""),
        ("dates", "its elements are \"<M8[s]\""),
        ("large", "the number 5000000000 at [1, 1] does not fit in int32"),
        ("objects", "Python objects, which are programs"),
        ("records", "its elements are [...]"),
        ("texts", "its elements are \"<U2\""),
    ];
    check_refused("npy", "npy", &cases, npy::read);
    let cases = [
        ("gap", "invalid offset"),
        ("large", "large: the number 1099511627776 at [1] does not fit"),
        ("long_header", "header"),
        ("no_json", "safetensors"),
        ("other_type", "a: its elements are F8_E4M3"),
        ("overlap", "invalid offset"),
        ("shape", "safetensors"),
        ("tail", "safetensors"),
        ("wrap", "safetensors"),
    ];
    check_refused("safetensors", "safetensors", &cases, safetensors::read);
}

/// A file of version 1 with this header and content.
fn npy_of(header: &str, content: &[u8]) -> Vec<u8> {
    let size = (header.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &size, header.as_bytes(), content].concat()
}

#[test]
fn headers_that_lie_are_refused_before_memory_is_asked_for() {
    let shaped = |shape: &str| {
        npy_of(
            &format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n"),
            &[0; 16],
        )
    };
    assert!(npy::read(&shaped("(4,)")).is_ok());
    assert!(npy::read(&shaped("(2L, 2L)")).is_ok());
    let cases = [
        ("(65536, 65536)", "needs 17,179,869,184 bytes, but it has 16"),
        ("(4194305, 4194305, 211106198978564)", "which fits in no tensor"),
        ("(18446744073709551615, 0)", "which fits in no tensor"),
        ("(18446744073709551616,)", "damaged at its character"),
        ("(-4,)", "damaged at its character"),
        ("(1, 1, 1, 1, 1, 1, 1, 1, 4)", "which fits in no tensor"),
        ("(3,)", "needs 12 bytes, but it has 16"),
        ("(5,)", "needs 20 bytes, but it has 16"),
        ("4", "damaged at its character"),
        ("(4", "damaged at its character"),
        ("(2 2)", "damaged at its character"),
        ("(4,), 'shape': (4,)", "damaged at its character"),
        ("(4,), 'more': 1", "damaged at its character"),
        ("__import__('os')", "damaged at its character"),
    ];
    for (shape, part) in cases {
        let error = npy::read(&shaped(shape)).expect_err(shape).to_string();
        assert!(error.contains(part), "{shape}: {error}");
    }
    let long = [&b"\x93NUMPY\x02\x00\xff\xff\xff\xff"[..], &[b' '; 100]].concat();
    assert!(
        npy::read(&long)
            .unwrap_err()
            .to_string()
            .contains("4,294,967,295 bytes, but at most 65,536")
    );
    assert!(npy::read(b"\x93NUMPY\x04\x00").unwrap_err().to_string().contains("version 4"));
    assert!(npy::read(b"").unwrap_err().to_string().contains("the file is empty"));
    assert!(
        npz::read(&file("zip/stored.zip"))
            .unwrap_err()
            .to_string()
            .contains("no such member belongs")
    );
}

#[test]
fn a_header_fills_whole_lines_of_64() {
    for dims in [&[0usize][..], &[0, 30], &[0, 123_456_789, 12_345]] {
        let tensor = Tensor::new(Shape::new(dims).unwrap(), Vec::<f32>::new()).unwrap();
        assert_eq!(npy::write(&tensor).len() % 64, 0, "{dims:?}");
    }
    let bytes = npy::write(&Tensor::new(Shape::new(&[2]).unwrap(), vec![1i32, 2]).unwrap());
    assert_eq!(bytes[..10], *b"\x93NUMPY\x01\x00\x76\x00");
    let header = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
    assert_eq!(bytes[10..128], *format!("{header:<117}\n").as_bytes());
    assert_eq!(bytes[128..], [1, 0, 0, 0, 2, 0, 0, 0]);
}

fn tensor_of<T: Element>(
    shape: Shape,
    seeds: &[u64],
    number: impl Fn(u64) -> T,
) -> Tensor<'static> {
    let values: Vec<T> =
        (0..shape.elems()).map(|i| number(seeds[i % 8].rotate_left(i as u32))).collect();
    Tensor::new(shape, values).unwrap()
}

/// Every type, ranks 0 to 8, and any numbers except those that are not equal to themselves.
fn any_tensor() -> impl Strategy<Value = Tensor<'static>> {
    let dims = proptest::collection::vec(0usize..4, 0..=8);
    let parts = (0..5usize, dims, proptest::array::uniform8(any::<u64>()));
    parts.prop_map(|(dtype, dims, seeds)| {
        let shape = Shape::new(&dims).unwrap();
        let single = |x: u64| Some(f32::from_bits(x as u32)).filter(|x| !x.is_nan()).unwrap_or(0.0);
        let double = |x: u64| Some(f64::from_bits(x)).filter(|x| !x.is_nan()).unwrap_or(0.0);
        match dtype {
            0 => tensor_of(shape, &seeds, single),
            1 => tensor_of(shape, &seeds, double),
            2 => tensor_of(shape, &seeds, |x| x as u8),
            3 => tensor_of(shape, &seeds, |x| x as i32),
            _ => tensor_of(shape, &seeds, |x| x & 1 == 1),
        }
    })
}

fn any_named() -> impl Strategy<Value = Named> {
    proptest::collection::btree_map("[a-zñ]{1,5}x", any_tensor(), 0..4)
        .prop_map(|map| map.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arrays_are_read_back(tensor in any_tensor()) {
        let bytes = npy::write(&tensor);
        prop_assert_eq!(npy::read(&bytes).unwrap(), tensor);
    }

    #[test]
    fn column_major_arrays_are_read_in_rows(tensor in any_tensor()) {
        let shape = tensor.shape();
        let dims = shape.dims();
        let reversed: Vec<usize> = dims.iter().rev().copied().collect();
        let bytes = npy::write(&tensor);
        // The same bytes, said to be of the reversed shape in column-major order, are the transposed array.
        let text = |dims: &[usize]| format!("{dims:?}").replace('[', "(").replace(']', if dims.len() == 1 { ",)" } else { ")" });
        let header = String::from_utf8_lossy(&bytes[10..10 + bytes[8] as usize + 256 * bytes[9] as usize]).into_owned();
        let columns = header.replace("False", "True ").replace(&text(dims), &text(&reversed));
        let content = &bytes[10 + header.len()..];
        let read = npy::read(&npy_of(&columns, content)).unwrap();
        let (want, got) = (tensor.to_f64(), read.to_f64());
        let strides = |dims: &[usize]| Shape::new(dims).unwrap().strides();
        let (from, to) = (strides(dims), strides(&reversed));
        for (i, want) in want.iter().enumerate() {
            let place: usize = (0..dims.len()).map(|axis| i / from[axis] % dims[axis] * to[dims.len() - 1 - axis]).sum();
            prop_assert_eq!(*want, got[place]);
        }
    }

    #[test]
    fn named_arrays_are_read_back(arrays in any_named()) {
        let bytes = npz::write(&arrays).unwrap();
        prop_assert_eq!(npz::read(&bytes).unwrap(), &arrays[..]);
    }

    #[test]
    fn named_tensors_are_read_back(tensors in any_named()) {
        let bytes = safetensors::write(&tensors).unwrap();
        let mut read = safetensors::read(&bytes).unwrap();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        prop_assert_eq!(read, &tensors[..]);
    }
}
