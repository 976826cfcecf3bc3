//! Steps 2 to 6: the data, from bytes to what a network takes.

use super::figures::Picture;
use super::story::Story;
use super::texts;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::message::Text;
use neurona::prelude::ndarray::{Array1, Array2, Array3, Axis, CowArray, Ix2};
use neurona::{Code, Error, data::to_categorical, datasets};

/// Rows and columns of a digit, and their product.
pub(super) const SIDE: usize = 28;
pub(super) const PIXELS: usize = SIDE * SIDE;
pub(super) const CLASSES: usize = 10;

/// The pixels of image 8 that are followed through the preprocessing, and the one whose numbers are
/// given.
pub(super) const ROW: usize = 5;
pub(super) const COLUMNS: std::ops::Range<usize> = 12..18;
pub(super) const COLUMN: usize = 13;

/// The images, which stay bytes, and the labels in the forms that the later steps need.
#[derive(Debug)]
pub(super) struct Digits {
    pub(super) train_images: Array3<u8>,
    pub(super) y_train: Array2<f32>,
    pub(super) test_images: Array3<u8>,
    pub(super) test_labels: Array1<u8>,
    pub(super) y_test: Array2<f32>,
}

impl Digits {
    /// The same, without anything that only training needs.
    pub(super) fn without_training(self) -> Digits {
        Digits {
            train_images: Array3::default((0, 0, 0)),
            y_train: Array2::default((0, 0)),
            ..self
        }
    }
}

/// Steps 2 to 6.
pub(super) fn prepare(story: &mut Story) -> Result<Digits, Stop> {
    story.step(&texts::load_title())?;
    story.text(&texts::load())?;
    story.code("load")?;
    let mnist = datasets::mnist()?;
    let (train, test) = (mnist.train, mnist.test);
    story.output(format!(
        "{:?} {:?}\n{:?} {:?}",
        train.images.shape(),
        train.labels.shape(),
        test.images.shape(),
        test.labels.shape()
    ))?;
    let (images, rows, columns) = train.images.dim();
    story.text(&texts::sizes(images, test.images.dim().0, rows, columns))?;

    story.step(&texts::look_title())?;
    story.text(&texts::look())?;
    story.code("look")?;
    let image = train.images.index_axis(Axis(0), 8).to_owned();
    story.image(&image.view(), Picture::Image8)?;
    story.code("label")?;
    story.output(train.labels[8].to_string())?;
    story.text(&texts::label())?;

    scale(story, &train.images, &image)?;
    reshape(story, &train.images, &test.images)?;

    story.step(&texts::one_hot_title())?;
    story.text(&texts::one_hot())?;
    story.code("labels")?;
    story.output(format!(
        "{} {}\n{:?} {:?}",
        train.labels[0],
        test.labels[0],
        train.labels.shape(),
        test.labels.shape()
    ))?;
    story.code("one-hot")?;
    let y_train = to_categorical(&train.labels, CLASSES)?;
    let y_test = to_categorical(&test.labels, CLASSES)?;
    story.output(format!(
        "{}\n{}\n{:?} {:?}",
        y_train.row(0),
        y_test.row(0),
        y_train.shape(),
        y_test.shape()
    ))?;
    story.text(&texts::one_hot_after())?;

    Ok(Digits {
        train_images: train.images,
        y_train,
        test_images: test.images,
        test_labels: test.labels,
        y_test,
    })
}

/// Step 4.
fn scale(story: &mut Story, images: &Array3<u8>, image: &Array2<u8>) -> Result<(), Stop> {
    story.step(&texts::scale_title())?;
    story.text(&texts::dtype())?;
    story.code("dtype")?;
    let dtype = std::any::type_name_of_val(&image[[ROW, COLUMN]]);
    let least = images.fold(u8::MAX, |least, &byte| byte.min(least));
    let greatest = images.fold(0, |greatest, &byte| byte.max(greatest));
    story.output(format!("{dtype}\n{least} {greatest}"))?;
    story.text(&texts::bytes())?;

    story.text(&texts::scale(COLUMNS.len(), ROW))?;
    story.code("scale")?;
    let scaled = image.mapv(|byte| f32::from(byte) / 255.0);
    let pixel = |column| format!("{:3} → {:.3}\n", image[[ROW, column]], scaled[[ROW, column]]);
    story.output(COLUMNS.map(pixel).collect::<String>())?;
    let (byte, small) = (image[[ROW, COLUMN]], scaled[[ROW, COLUMN]]);
    story.text(&texts::scaled(COLUMN, byte.into(), Fixed(small.into(), 3)))?;
    let megabytes = |bytes: usize| Fixed(bytes as f64 / 1e6, 0);
    let (bytes, floats) = (megabytes(images.len()), megabytes(images.len() * size_of::<f32>()));
    story.text(&texts::rescaling(images.dim().0, bytes, floats))
}

/// Step 5.
fn reshape(story: &mut Story, train: &Array3<u8>, test: &Array3<u8>) -> Result<(), Stop> {
    story.step(&texts::reshape_title())?;
    story.text(&texts::before())?;
    story.code("before")?;
    story.output(format!("{} {:?}", train.ndim(), train.shape()))?;
    story.text(&texts::reshape())?;
    story.code("reshape")?;
    // Views: the bytes stay where they are.
    let x_train = flat(train)?;
    let x_test = flat(test)?;
    let number = ROW * SIDE + COLUMN;
    let (before, after) = (train[[8, ROW, COLUMN]], x_train[[8, number]]);
    story.output(format!(
        "{} {:?}\n{} {:?}\n{before} {after}",
        x_train.ndim(),
        x_train.shape(),
        x_test.ndim(),
        x_test.shape()
    ))?;
    story.text(&texts::after(ROW, COLUMN, number, after.into()))?;
    story.text(&texts::flatten(train.dim().0))
}

/// Images as rows of pixels. Errors (E012): the images have another size, which does not happen with MNIST.
fn flat(images: &Array3<u8>) -> Result<CowArray<'_, u8, Ix2>, Error> {
    let rows = images.to_shape((images.dim().0, PIXELS));
    rows.map_err(|why| Error::new(Code::E012, Text::verbatim(why.to_string())))
}

/// Where a pixel of a flat image is: row and column.
pub(super) fn place(pixel: usize) -> (usize, usize) {
    (pixel / SIDE, pixel % SIDE)
}
