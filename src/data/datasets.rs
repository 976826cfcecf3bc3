//! Sets of images with labels: the digits inside the program, and folders of IDX files.

use super::{file, idx};
use ndarray::{Array1, Array3, Ix1, Ix3};
use neurona_core::error::{Code, Error, Result};
use std::path::{Path, PathBuf};

/// Images with labels, to learn from and to test with.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageDataset {
    /// To learn from.
    pub train: Split,
    /// To test with.
    pub test: Split,
}

/// Images and the label of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// Gray images, shape (count, rows, columns): 0 is background, 255 is ink.
    pub images: Array3<u8>,
    /// Their classes, shape (count).
    pub labels: Array1<u8>,
}

/// MNIST: 60,000 training and 10,000 test images of handwritten digits, 28×28, labels 0 to 9.
///
/// They are inside the program; unpacking compares the SHA-256 of each file. Errors: E034 (the copy is
/// damaged).
///
/// ```
/// let mnist = neurona::data::datasets::mnist()?;
/// assert_eq!(mnist.train.images.shape(), [60_000, 28, 28]);
/// assert_eq!(mnist.test.labels[0], 7);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[cfg(feature = "mnist")]
pub fn mnist() -> Result<ImageDataset> {
    use neurona_mnist::{TEST, TRAIN};
    let mnist = neurona_mnist::unpack().map_err(|damaged| {
        let text = copy_damaged(damaged.file, damaged.expected, &damaged.found);
        Error::new(Code::E034, text).at("mnist").fix(install_again())
    })?;
    Ok(ImageDataset {
        train: digits(TRAIN, mnist.train_images, mnist.train_labels),
        test: digits(TEST, mnist.test_images, mnist.test_labels),
    })
}

#[cfg(feature = "mnist")]
fn digits(count: usize, images: Vec<u8>, labels: Vec<u8>) -> Split {
    let shape = (count, neurona_mnist::SIDE, neurona_mnist::SIDE);
    let images =
        Array3::from_shape_vec(shape, images).expect("the digest holds for this size only");
    Split { images, labels: Array1::from_vec(labels) }
}

/// The four IDX files of a folder: MNIST, Fashion-MNIST, KMNIST, EMNIST under their standard names.
///
/// The names are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`, each also with `.gz`, and with `.idx` for `-idx`. Errors: E031 (a file is not
/// there), E034 (damaged, or not bytes of rank 3 for images and rank 1 for labels), E035, E024 (counts of
/// images and labels differ), E012 (training and test images differ in size).
///
/// ```no_run
/// let fashion = neurona::data::datasets::idx_folder("data/fashion-mnist")?;
/// assert_eq!(fashion.train.images.shape(), [60_000, 28, 28]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn idx_folder(folder: impl AsRef<Path>) -> Result<ImageDataset> {
    let folder = folder.as_ref();
    let dataset =
        ImageDataset { train: read_split(folder, "train")?, test: read_split(folder, "t10k")? };
    let (_, train_rows, train_columns) = dataset.train.images.dim();
    let (_, test_rows, test_columns) = dataset.test.images.dim();
    if (train_rows, train_columns) != (test_rows, test_columns) {
        let text = sizes_differ(train_rows, train_columns, test_rows, test_columns);
        return Err(Error::new(Code::E012, text)
            .at(folder.display().to_string())
            .fix(one_dataset()));
    }
    Ok(dataset)
}

fn read_split(folder: &Path, part: &str) -> Result<Split> {
    let images_path = find(folder, &format!("{part}-images"), "idx3-ubyte")?;
    let labels_path = find(folder, &format!("{part}-labels"), "idx1-ubyte")?;
    let place = |path: &Path| path.display().to_string();
    let array = |path: &Path| {
        idx::read(path).and_then(idx::IdxArray::into_u8).map_err(|error| error.at(place(path)))
    };
    let wrong = |path: &Path, wanted, found| {
        Error::new(Code::E034, wrong_rank(wanted, found)).at(place(path)).fix(swapped())
    };
    let images = array(&images_path)?;
    let rank = images.ndim();
    let images = images.into_dimensionality::<Ix3>().map_err(|_| wrong(&images_path, 3, rank))?;
    let labels = array(&labels_path)?;
    let rank = labels.ndim();
    let labels = labels.into_dimensionality::<Ix1>().map_err(|_| wrong(&labels_path, 1, rank))?;
    if images.dim().0 != labels.len() {
        return Err(Error::new(Code::E024, counts_differ(images.dim().0, labels.len()))
            .at(place(&labels_path))
            .fix(one_dataset()));
    }
    Ok(Split { images, labels })
}

/// The path of the first spelling of a name that exists.
fn find(folder: &Path, stem: &str, kind: &str) -> Result<PathBuf> {
    let standard = folder.join(format!("{stem}-{kind}"));
    let spellings = ["-", "."]
        .into_iter()
        .flat_map(|dot| ["", ".gz"].map(|end| folder.join(format!("{stem}{dot}{kind}{end}"))));
    spellings.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let fix = file::nearest(&standard).map_or_else(four_names, |near| renamed(&near));
        let text = not_in_folder(&format!("{stem}-{kind}"));
        Error::new(Code::E031, text).at(folder.display().to_string()).fix(fix)
    })
}

neurona_core::messages! {
    fn not_in_folder(name: &str) {
        en: "there is no {name} in the folder, with .gz or without",
        es: "no hay {name} en la carpeta, ni con .gz ni sin él",
    }
    fn renamed(near: &str) {
        en: "if \"{near}\" is meant, give it the standard name",
        es: "si se trata de \"{near}\", póngale el nombre estándar",
    }
    fn four_names() {
        en: "give the folder that holds train-images-idx3-ubyte, train-labels-idx1-ubyte, \
             t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte",
        es: "indique la carpeta que contiene train-images-idx3-ubyte, train-labels-idx1-ubyte, \
             t10k-images-idx3-ubyte y t10k-labels-idx1-ubyte",
    }
    fn wrong_rank(wanted: usize, found: usize) {
        en: "it has {found} dimensions; {wanted} expected (images have 3, labels 1)",
        es: "tiene {found} dimensiones; se esperaban {wanted} (las imágenes tienen 3, las etiquetas 1)",
    }
    fn swapped() {
        en: "check that the names of images and labels are not exchanged",
        es: "revise que los nombres de imágenes y etiquetas no estén intercambiados",
    }
    fn counts_differ(images: usize, labels: usize) {
        en: "there are {images} images but {labels} labels",
        es: "hay {images} imágenes pero {labels} etiquetas",
    }
    fn sizes_differ(rows: usize, columns: usize, test_rows: usize, test_columns: usize) {
        en: "training images are {rows}×{columns}, test images {test_rows}×{test_columns}",
        es: "las imágenes de entrenamiento son de {rows}×{columns}, las de prueba de {test_rows}×{test_columns}",
    }
    fn one_dataset() {
        en: "put the four files of one and the same dataset in the folder",
        es: "ponga en la carpeta los cuatro archivos de un mismo conjunto de datos",
    }
}

#[cfg(feature = "mnist")]
neurona_core::messages! {
    fn copy_damaged(file: &str, expected: &str, found: &str) {
        en: "the copy of {file} inside the program is damaged: its SHA-256 is {found}, not {expected}",
        es: "la copia de {file} dentro del programa está dañada: su SHA-256 es {found}, no {expected}",
    }
    fn install_again() {
        en: "build or install the program again",
        es: "compile o instale el programa de nuevo",
    }
}
