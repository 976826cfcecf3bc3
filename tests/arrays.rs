//! Files of arrays by path: what is written can be read, and errors say which file, and what in it.

use ndarray::array;
use neurona::Code;
use neurona::data::{npy, npz};
use neurona::tensor::{Shape, Tensor, ToTensor};
use std::fs;

#[test]
fn arrays_are_read_back_and_errors_name_the_file_and_the_array() {
    let folder = std::env::temp_dir().join(format!("neurona-arrays-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name);
    let x = array![[1.0f32, -2.5], [0.0, 4.0]];
    npy::write(path("x.npy"), &x).unwrap();
    // A view in another order is written in its own order.
    npy::write(path("turned.npy"), x.t()).unwrap();
    assert_eq!(
        npy::read(path("x.npy")).unwrap().into_array::<f32>().unwrap(),
        x.clone().into_dyn()
    );
    let turned = npy::read(path("turned.npy")).unwrap();
    assert_eq!(turned.view::<f32>().unwrap(), x.t().into_dyn());

    let y = Tensor::new(Shape::new(&[2]).unwrap(), vec![true, false]).unwrap();
    let arrays = [("x".to_owned(), (&x).to_tensor().unwrap()), ("y".to_owned(), y)];
    npz::write(path("all.npz"), &arrays).unwrap();
    assert_eq!(npz::read(path("all.npz")).unwrap(), arrays);

    let whole = fs::read(path("x.npy")).unwrap();
    fs::write(path("cut.npy"), &whole[..whole.len() - 1]).unwrap();
    let error = npy::read(path("cut.npy")).unwrap_err();
    assert_eq!(error.code(), Code::E034);
    assert!(
        error
            .to_string()
            .contains("cut.npy: its shape [2, 2] of float32 needs 16 bytes, but it has 15"),
        "{error}"
    );
    let mut whole = fs::read(path("all.npz")).unwrap();
    let at = whole.windows(5).position(|window| window == b"y.npy").unwrap() + 5 + 128;
    whole[at] ^= 1;
    fs::write(path("damaged.npz"), whole).unwrap();
    let error = npz::read(path("damaged.npz")).unwrap_err();
    assert!(error.to_string().contains("damaged.npz, y.npy: its content does not have"), "{error}");

    assert_eq!(npy::read(path("z.npy")).unwrap_err().code(), Code::E031);
    assert_eq!(npz::read(&folder).unwrap_err().code(), Code::E035);
    let error = npy::write(path("none/x.npy"), &x).unwrap_err();
    assert_eq!(error.code(), Code::E035);
    let twice = [arrays[0].clone(), arrays[0].clone()];
    let error = npz::write(path("twice.npz"), &twice).unwrap_err();
    assert_eq!(error.code(), Code::E016);
    assert!(error.to_string().contains("twice.npz, x.npy: two members"), "{error}");
    assert!(!path("twice.npz").exists());
    fs::remove_dir_all(folder).unwrap();
}
