//! Writes one file of each format into a folder, for `tools/golden/files/check.py` to open with other programs.

use neurona_core::tensor::{Shape, Tensor};
use neurona_formats::Number;
use neurona_formats::hdf5::{self, Dataset, Group, Value};
use neurona_formats::{npy, npz, safetensors, zip};
use std::path::Path;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).ok_or("usage: samples FOLDER")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let write = |name: &str, bytes: Vec<u8>| std::fs::write(folder.join(name), bytes);
    write("types.h5", hdf5::write(&types()?)?)?;
    write("keras.weights.h5", hdf5::write(&weights()?)?)?;
    for (name, tensor) in tensors()? {
        write(&format!("{name}.npy"), npy::write(&tensor))?;
    }
    write("all.npz", npz::write(&tensors()?)?)?;
    write("all.safetensors", safetensors::write(&tensors()?)?)?;
    let members: [(&str, &[u8]); 3] = [("config.json", b"{}"), ("empty", b""), ("assets/ñ", b"x")];
    write("members.zip", zip::write(&members)?)?;
    Ok(())
}

/// Numbers from 0 on, one after another.
fn counted(dims: &[usize]) -> Result<Tensor<'static>> {
    let shape = Shape::new(dims)?;
    Ok(Tensor::new(shape, (0..shape.elems()).map(|i| i as f32).collect::<Vec<_>>())?)
}

/// Every type of tensor; a scalar, and one without elements.
fn tensors() -> Result<Vec<(String, Tensor<'static>)>> {
    let shape = Shape::new(&[2, 3])?;
    let named = [
        ("float32", counted(&[2, 3])?),
        ("float64", Tensor::new(shape, vec![0.0f64, 1.0, 2.0, 3.0, 4.0, 5.0])?),
        ("int32", Tensor::new(shape, vec![0i32, 1, 2, 3, 4, 5])?),
        ("uint8", Tensor::new(shape, vec![0u8, 1, 2, 3, 4, 5])?),
        ("bool", Tensor::new(shape, vec![false, true, true, true, true, true])?),
        ("scalar", Tensor::new(Shape::SCALAR, vec![-1.5f64])?),
        ("nothing", Tensor::new(Shape::new(&[0, 3])?, Vec::<f32>::new())?),
    ];
    Ok(named.map(|(name, tensor)| (name.to_owned(), tensor)).into())
}

/// Everything that the writer of HDF5 can write.
fn types() -> Result<Group<'static>> {
    let mut root = Group::default();
    for number in Number::ALL {
        // Zeros are zeros in every type.
        let value = Value::raw(number, Shape::new(&[2, 3])?, vec![0; 6 * number.size()])?;
        root.make_group("zeros").datasets.insert(number.name().to_owned(), Dataset::new(value));
    }
    let numbers = (0..700i64).map(|i| (i * 31 % 700, i));
    for (name, i) in numbers {
        let value = Value::raw(Number::I64, Shape::SCALAR, (-i).to_le_bytes().to_vec())?;
        root.make_group("many").datasets.insert(format!("{name:03}"), Dataset::new(value));
    }
    let empty = Tensor::new(Shape::new(&[0, 3])?, Vec::<f32>::new())?;
    let sets = &mut root.datasets;
    sets.insert("counted".to_owned(), Dataset::new(Value::numbers(&counted(&[2, 3, 4])?)));
    sets.insert("nothing".to_owned(), Dataset::new(Value::numbers(&empty)));
    let texts = vec!["uno".into(), "".into(), "ñandú".into()];
    sets.insert("texts".to_owned(), Dataset::new(Value::list(texts)));
    let truths = Tensor::new(Shape::new(&[3])?, vec![true, false, true])?;
    sets.insert("truths".to_owned(), Dataset::new(Value::numbers(&truths)));
    root.groups.insert("empty".to_owned(), Group::default());
    root.make_group("ñandú").datasets.insert("..".to_owned(), Dataset::new(Value::text("ñ")));
    let attributes = &mut root.attributes;
    attributes.insert("long".to_owned(), Value::text("ñ".repeat(100_000)));
    attributes.insert("names".to_owned(), Value::list(vec!["a".into(), "bc".into()]));
    attributes.insert("none".to_owned(), Value::list(Vec::new()));
    attributes.insert("número".to_owned(), Value::numbers(&counted(&[2])?));
    Ok(root)
}

/// The weights of the network that `check.py` builds, with what Adam keeps for them.
fn weights() -> Result<Group<'static>> {
    let mut root = Group::default();
    let mut vars = |path: &str, name: &str, shapes: &[&[usize]]| -> Result<()> {
        let group = root.make_group(path);
        group.attributes.insert("name".to_owned(), Value::text(name.to_owned()));
        for (i, dims) in shapes.iter().enumerate() {
            let value = Value::numbers(&counted(dims)?);
            group.datasets.insert(i.to_string(), Dataset::new(value));
        }
        Ok(())
    };
    vars("layers/input_layer/vars", "input_layer", &[])?;
    vars("layers/dense/vars", "first", &[&[4, 3], &[3]])?;
    vars("layers/batch_normalization/vars", "batch_normalization", &[&[3], &[3], &[3], &[3]])?;
    vars("layers/dense_1/vars", "last", &[&[3, 2], &[2]])?;
    vars("vars", "digits", &[])?;
    let weights: [&[usize]; 6] = [&[4, 3], &[3], &[3], &[3], &[3, 2], &[2]];
    let slots: Vec<&[usize]> = weights.iter().flat_map(|&dims| [dims, dims]).collect();
    let all = [&[&[][..], &[]], &slots[..]].concat();
    vars("optimizer/vars", "adam", &all)?;
    let step = Value::raw(Number::I64, Shape::SCALAR, 5i64.to_le_bytes().to_vec())?;
    root.make_group("optimizer/vars").datasets.insert("0".to_owned(), Dataset::new(step));
    Ok(root)
}
