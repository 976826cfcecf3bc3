//! Weights in the layout of Keras' `model.weights.h5`.

use crate::nn::config::Place;
use crate::nn::{Network, Weight, narrowed};
use crate::tensor::{Shape, Tensor};
use crate::train::engine::Engine;
use neurona_core::error::{Code, Error, Result};
use neurona_formats::hdf5::{Dataset, Group, Value};

/// The values of all weights. Errors (E034): one is missing, there are others, or a shape differs.
pub(super) fn read(
    root: &Group<'_>,
    network: &Network,
    weights: &[Weight],
) -> Result<Vec<Vec<f32>>> {
    let (places, groups) = network.places(weights);
    for group in groups.iter().filter(|group| group.class != "Normalization") {
        let has =
            root.group(&format!("{}/vars", group.group)).map_or(0, |vars| vars.datasets.len());
        if has > group.weights {
            let text = others(&group.name, group.weights, has);
            return Err(Error::new(Code::E034, text).at(group.group.as_str()));
        }
    }
    let value = |(weight, place): (&Weight, &String)| {
        let found =
            root.dataset(place).ok_or_else(|| Error::new(Code::E034, missing(&weight.name)));
        let values = found.and_then(|dataset| floats(dataset, &weight.name, weight.shape));
        values.map_err(|error| error.at(place.as_str()))
    };
    weights.iter().zip(&places).map(value).collect()
}

/// The numbers of a dataset, which must have this shape. Errors: E034 it does not, or is not
/// numbers; E023 a double is beyond the range of 32 bits.
pub(super) fn floats(dataset: &Dataset<'_>, name: &str, shape: Shape) -> Result<Vec<f32>> {
    let has = dataset.value.shape();
    if has != shape {
        return Err(Error::new(Code::E034, other_shape(name, shape, has)));
    }
    narrowed(name, &dataset.value.to_tensor()?)
}

/// The mean and the variance that a layer has in a file of weights.
pub(super) fn adapted(root: &Group<'_>, place: Place<'_>) -> Result<Option<(Vec<f64>, Vec<f64>)>> {
    let number = |i: usize| {
        let dataset = root.dataset(&format!("{}/vars/{i}", place.group));
        dataset.map(|dataset| Ok(dataset.value.to_tensor()?.to_f64())).transpose()
    };
    Ok(number(0)?.zip(number(1)?))
}

/// All weights, where Keras looks for them.
pub(super) fn write(root: &mut Group<'static>, network: &Network, engine: &Engine) -> Result<()> {
    let (places, groups) = network.places(&engine.weights);
    for group in groups {
        let vars = root.make_group(&format!("{}/vars", group.group));
        vars.attributes.insert("name".to_owned(), Value::text(group.name));
    }
    for ((weight, slot), place) in engine.weights.iter().zip(&engine.slots).zip(places) {
        let values = engine.read(*slot, weight.shape);
        let tensor = Tensor::new(weight.shape, values)?;
        let (group, name) = place.rsplit_once('/').unwrap_or(("", &place));
        let dataset = Dataset::new(Value::numbers(&tensor));
        root.make_group(group).datasets.insert(name.to_owned(), dataset);
    }
    Ok(())
}

neurona_core::messages! {
    fn missing(weight: &str) {
        en: "the file does not have the weight \"{weight}\"",
        es: "el archivo no tiene el peso \"{weight}\"",
    }

    fn other_shape(weight: &str, wants: Shape, has: Shape) {
        en: "the weight \"{weight}\" has shape {wants} in the model but {has} in the file",
        es: "el peso \"{weight}\" tiene forma {wants} en el modelo, pero {has} en el archivo",
    }

    fn others(layer: &str, wants: usize, has: usize) {
        en: "layer \"{layer}\" has {wants} weights in the model but {has} in the file",
        es: "la capa \"{layer}\" tiene {wants} pesos en el modelo, pero {has} en el archivo",
    }
}
