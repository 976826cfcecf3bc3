//! A table of customers, who stays and who leaves: `cargo run --release --example table`.

#![allow(clippy::print_stdout)]
use neurona::prelude::*;

/// `age,fee,contract,left` for some customers, as a file would have them.
fn table() -> String {
    let customer = |i: usize| {
        let (age, fee, monthly) = (18 + i * 7 % 60, 10 + i * 13 % 90, i.is_multiple_of(3));
        let contract = if monthly { "monthly" } else { "yearly" };
        format!("{age},{fee},{contract},{}\n", if monthly && fee > 40 { "yes" } else { "no" })
    };
    (0..600).map(customer).collect()
}

fn main() -> Result<()> {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for line in table().lines() {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f32>().unwrap_or(f32::NAN);
        x.push(vec![number(0), number(1), f32::from(cells[2] == "monthly")]);
        y.push(cells[3] == "yes");
    }
    let (x_train, x_test, y_train, y_test) = stratified_train_test_split(x, y, 0.2, 42)?;
    let mut model = Sequential::new([3])
        .add(Normalization::adapt(&x_train, -1)?)
        .add(Dense::new(16).activation("relu"))
        .add(Dense::new(1).activation("sigmoid"));
    model.compile("adam", "binary_crossentropy", ["accuracy", "auc"])?;
    let stopping = EarlyStopping::new("val_loss").patience(10).restore_best_weights(true);
    let options = Fit::epochs(100).validation_split(0.2).class_weight([(1, 3.0)]);
    model.fit(&x_train, &y_train, options.callback(stopping))?;
    println!("{}", model.evaluate(&x_test, &y_test)?);

    let path = std::env::temp_dir().join("customers.keras");
    model.save(&path)?;
    let customer = Model::load(&path)?.predict_one([34.0f32, 80.0, 1.0])?;
    println!("leaves with probability {:.2}", customer[0]);
    Ok(())
}
