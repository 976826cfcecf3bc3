//! What other programs and the other commands use: the network in a file, the epochs as a table,
//! the digits as NumPy arrays.

use super::data::{CLASSES, Digits};
use crate::folder::Folder;
use neurona::Result;
use neurona::message::Lang;
use neurona::prelude::{History, Sequential};
use neurona::tensor::ToTensor;
use neurona_formats::npy;

/// The names of the array files.
pub(super) const ARRAYS: [&str; 4] =
    ["train-images.npy", "train-labels.npy", "test-images.npy", "test-labels.npy"];

/// The name of the table for Spanish spreadsheets.
pub(super) const SHEET: &str = "historial-hoja.csv";

/// The whole network. Errors: E035.
pub(super) fn model(model: &mut Sequential, folder: &Folder) -> Result<()> {
    model.set_class_names((0..CLASSES).map(|digit| digit.to_string()));
    folder.write("model.keras", &model.to_keras()?)
}

/// The epochs for programs, and, in Spanish, also for spreadsheets. Errors: E035.
pub(super) fn history(history: &History, lang: Lang, folder: &Folder) -> Result<()> {
    let table = history.to_csv_from(1);
    folder.write("history.csv", table.as_bytes())?;
    match lang {
        Lang::En => Ok(()),
        Lang::Es => folder.write(SHEET, sheet(&table).as_bytes()),
    }
}

/// A comma-separated table with decimal points, in the form that a Spanish spreadsheet opens in
/// columns, as numbers.
fn sheet(table: &str) -> String {
    let cell = |cell: &str| match cell {
        "epoch" => "época".to_owned(),
        "accuracy" => "exactitud".to_owned(),
        "loss" => "pérdida".to_owned(),
        // A missing value is an empty cell there.
        "NA" => String::new(),
        number => number.replace('.', ","),
    };
    let line = |line: &str| line.split(',').map(cell).collect::<Vec<_>>().join(";");
    let lines = table.lines().map(|row| line(row) + "\r\n");
    // The mark by which spreadsheets recognize UTF-8.
    format!("\u{feff}{}", lines.collect::<String>())
}

/// The digits: images as bytes, labels in 0 and 1. Errors: E035.
pub(super) fn arrays(digits: &Digits, folder: &Folder) -> Result<()> {
    let Digits { train_images, y_train, test_images, y_test, .. } = digits;
    let images = [train_images, test_images].map(ToTensor::to_tensor);
    let labels = [y_train, y_test].map(ToTensor::to_tensor);
    let in_order = images.into_iter().zip(labels).flat_map(<[_; 2]>::from);
    for (name, array) in ARRAYS.into_iter().zip(in_order) {
        folder.write(name, &npy::write(&array?))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spanish_spreadsheet_finds_columns_and_numbers() {
        let told = sheet("epoch,accuracy,loss\n1,0.5117,1.84\n2,NA,1e-7\n");
        assert_eq!(told, "\u{feff}época;exactitud;pérdida\r\n1;0,5117;1,84\r\n2;;1e-7\r\n");
    }
}
