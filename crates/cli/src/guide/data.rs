//! Steps 1 to 6: the tools, and the data from bytes to what a network takes.

use super::figures::Picture;
use super::story::Story;
use super::texts;
use crate::args::GuideOptions;
use crate::numbers::Fixed;
use crate::stop::Stop;
use neurona::prelude::ndarray::{Array1, Array2, Array3, Axis};
use neurona::{data::to_categorical, datasets};

/// Rows and columns of a digit, and their product.
pub(super) const SIDE: usize = 28;
pub(super) const PIXELS: usize = SIDE * SIDE;
pub(super) const CLASSES: usize = 10;

/// The pixels of digit 8 that are followed through the preprocessing, and the one whose numbers are said.
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
    /// Training image number 8.
    pub(super) digit_8: Array2<u8>,
}

impl Digits {
    /// The same without what only training needs.
    pub(super) fn without_training(self) -> Digits {
        Digits {
            train_images: Array3::default((0, 0, 0)),
            y_train: Array2::default((0, 0)),
            ..self
        }
    }
}

/// The title, the settings, and step 1.
pub(super) fn introduce(story: &mut Story, options: &GuideOptions) -> Result<(), Stop> {
    let threads = options.threads.unwrap_or_else(super::figures::all_threads);
    let version = env!("CARGO_PKG_VERSION");
    let settings = texts::settings(version, options.epochs, &options.seed.to_string(), threads);
    story.screen.title(&story.say(&texts::title()), &story.say(&settings))?;
    story.text(&texts::introduction())?;

    story.step(&texts::tools_title())?;
    story.text(&texts::tools())?;
    story.list(&[
        texts::tool_python(),
        texts::tool_tensorflow(),
        texts::tool_keras(),
        texts::tool_numpy(),
        texts::tool_pandas(),
        texts::tool_matplotlib(),
        texts::tool_colab(),
    ])?;
    story.code("tools")
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
    story.code("type")?;
    // Copied, because the least of references is found thirteen times more slowly than that of bytes.
    let pixels = train.images.iter().copied();
    story.output(format!("{:?} {:?}", pixels.clone().min(), pixels.max()))?;
    story.text(&texts::bytes())?;

    story.step(&texts::look_title())?;
    story.text(&texts::look())?;
    story.code("look")?;
    let digit_8 = train.images.index_axis(Axis(0), 8).to_owned();
    story.image(&digit_8.view(), Picture::Digit8)?;
    story.code("label")?;
    story.output(train.labels[8].to_string())?;
    story.text(&texts::label())?;

    story.step(&texts::scale_title())?;
    story.text(&texts::scale(COLUMNS.len(), ROW))?;
    story.code("scale")?;
    let scaled = digit_8.mapv(|byte| f32::from(byte) / 255.0);
    let pixel = |column| format!("{:3} → {:.3}\n", digit_8[[ROW, column]], scaled[[ROW, column]]);
    story.output(COLUMNS.map(pixel).collect::<String>())?;
    let (byte, small) = (digit_8[[ROW, COLUMN]], scaled[[ROW, COLUMN]]);
    story.text(&texts::scaled(COLUMN, byte.into(), Fixed(small.into(), 3)))?;
    let megabytes = |bytes: usize| Fixed(bytes as f64 / 1e6, 0);
    let count = train.images.len();
    let (bytes, floats) = (megabytes(count), megabytes(count * size_of::<f32>()));
    story.text(&texts::rescaling(images, bytes, floats))?;

    story.step(&texts::reshape_title())?;
    story.text(&texts::reshape())?;
    story.text(&texts::before())?;
    story.code("before")?;
    story.output(format!("{} {:?}", scaled.ndim(), scaled.shape()))?;
    story.code("reshape")?;
    let vector = scaled.flatten();
    let number = ROW * SIDE + COLUMN;
    story.output(format!(
        "{} {:?}\n{} {}",
        vector.ndim(),
        vector.shape(),
        scaled[[ROW, COLUMN]],
        vector[number]
    ))?;
    story.text(&texts::after(ROW, COLUMN, number))?;
    story.text(&texts::flatten(images))?;

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
        digit_8,
    })
}

/// Where a pixel of a flat image is: row and column.
pub(super) fn place(pixel: usize) -> (usize, usize) {
    (pixel / SIDE, pixel % SIDE)
}
