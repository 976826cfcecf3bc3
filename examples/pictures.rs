//! Pictures of two classes, distinguished by a convolutional network:
//! `cargo run --release --example pictures`.

#![allow(clippy::print_stdout)]
use neurona::prelude::ndarray::Array3;
use neurona::prelude::*;

/// Bars of 16 × 16 pixels in three colours, upright and lying ones, as a picture decoder gives
/// them.
fn picture(number: usize) -> (Array3<u8>, usize) {
    let (class, place) = (number % 2, number * 7 % 14);
    let bar = |(row, column, color): (usize, usize, usize)| {
        let across = if class == 0 { column } else { row };
        let noise = (row * 31 + column * 17 + number * 13 + color * 5) % 60;
        (noise + if (place..place + 2).contains(&across) { 180 } else { 0 }) as u8
    };
    (Array3::from_shape_fn((16, 16, 3), bar), class)
}

fn main() -> Result<()> {
    let names = ["upright", "lying"];
    let (pictures, labels): (Vec<Array3<u8>>, Vec<usize>) = (0..600).map(picture).unzip();
    let (x_train, x_test, y_train, y_test) = train_test_split(pictures, labels, 0.2, 42)?;
    let mut model = Sequential::new([16, 16, 3])
        .add(Rescaling::new(1.0 / 255.0))
        .add(Conv2D::new(8, 3).activation("relu"))
        .add(MaxPooling2D::new(2))
        .add(Conv2D::new(16, 3).activation("relu"))
        .add(GlobalAveragePooling2D::default())
        .add(Dense::new(2).activation("softmax"));
    model.compile(Adam::new(0.005), "sparse_categorical_crossentropy", ["accuracy"])?;
    model.fit(&x_train, &y_train, Fit::epochs(8).validation_split(0.2))?;
    let answers = model.predict(&x_test)?;
    println!("{}", classification_report(&y_test, &answers, &names)?);
    let one = argmax(&model.predict_one(&x_test[0])?);
    println!("the first one is {}", names[one]);
    Ok(())
}
