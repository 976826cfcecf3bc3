//! Weights by the names of their layers, as older Keras files have them (`.h5`): a whole model's,
//! or weights alone.

use super::weights::floats;
use crate::nn::{Network, Weight};
use neurona_core::error::{Code, Error, Result};
use neurona_formats::hdf5::{Dataset, Group};

/// Where the weights of a whole model are.
pub(super) const WEIGHTS: &str = "model_weights";

/// The group whose layers have weights in an older file, of a whole model or of weights alone;
/// `None` in today's files.
pub(super) fn layers<'g, 'a>(root: &'g Group<'a>) -> Option<&'g Group<'a>> {
    let has_layers = |group: &&Group<'_>| {
        ["layer_names", "layer_names0"].iter().any(|name| group.attributes.contains_key(*name))
    };
    Some(root).filter(has_layers).or_else(|| root.group(WEIGHTS).filter(has_layers))
}

/// The texts of an attribute. Lists that are too long for one are in several, with numbers after
/// the name.
pub(super) fn listed(group: &Group<'_>, name: &str) -> Result<Vec<String>> {
    let numbered = (0..).map(|number| format!("{name}{number}"));
    let several = numbered.map_while(|name| group.attributes.get(&name));
    let mut texts = Vec::new();
    for part in group.attributes.get(name).into_iter().chain(several) {
        // For a layer without weights, it is an empty list of numbers.
        if part.shape().elems() > 0 {
            texts.extend(part.texts()?.iter().map(ToString::to_string));
        }
    }
    Ok(texts)
}

/// The datasets of a group in the order in which an attribute lists them.
pub(super) fn datasets<'g, 'a>(
    group: Option<&'g Group<'a>>,
    list: &str,
) -> Result<Vec<&'g Dataset<'a>>> {
    let Some(group) = group else { return Ok(Vec::new()) };
    let dataset =
        |name: String| group.dataset(&name).ok_or_else(|| Error::new(Code::E034, not_there(&name)));
    listed(group, list)?.into_iter().map(dataset).collect()
}

/// The weights of a layer, or of a nested model, in the order of older files: trainable ones come
/// first.
fn of_layer(layer: &str, weights: &[Weight]) -> Vec<usize> {
    let mut own: Vec<usize> = (0..weights.len())
        .filter(|&i| weights[i].layers.first().is_some_and(|l| l == layer))
        .collect();
    own.sort_by_key(|&i| !weights[i].trainable);
    own
}

/// The values of all weights: by the names of the layers, or in their order if the file has other
/// names, as Keras takes them. Errors (E034): there are others, or they have other shapes.
pub(super) fn values(
    layers: &Group<'_>,
    network: &Network,
    weights: &[Weight],
) -> Result<Vec<Vec<f32>>> {
    let mut values = vec![Vec::new(); weights.len()];
    // Here, the values that an adapted layer found in its data are among its settings.
    let own = network.layers().map(|(layer, _)| (layer, of_layer(layer, weights)));
    let own: Vec<(&str, Vec<usize>)> = own.filter(|(_, own)| !own.is_empty()).collect();
    let names = places(layers, &own)?;
    for ((layer, own), name) in own.into_iter().zip(names) {
        let found = datasets(layers.group(&name), "weight_names")
            .map_err(|e| e.inside(layer.to_owned()))?;
        if found.len() != own.len() {
            return Err(Error::new(Code::E034, other_count(layer, own.len(), found.len())));
        }
        for (i, dataset) in own.into_iter().zip(found) {
            let Weight { name, shape, .. } = &weights[i];
            values[i] = floats(dataset, name, *shape).map_err(|e| e.inside(layer.to_owned()))?;
        }
    }
    Ok(values)
}

/// The groups of these layers in the file. Errors (E034): it has weights for another number of layers.
fn places(layers: &Group<'_>, own: &[(&str, Vec<usize>)]) -> Result<Vec<String>> {
    let mut with_weights = Vec::new();
    for name in listed(layers, "layer_names")? {
        if let Some(group) = layers.group(&name)
            && !listed(group, "weight_names")?.is_empty()
        {
            with_weights.push(name);
        }
    }
    if own.iter().all(|(layer, _)| with_weights.iter().any(|name| name == layer)) {
        return Ok(own.iter().map(|(layer, _)| (*layer).to_owned()).collect());
    }
    if with_weights.len() != own.len() {
        let text = other_layers(own.len(), with_weights.len());
        return Err(Error::new(Code::E034, text).fix(by_name()));
    }
    Ok(with_weights)
}

/// Values of weights by their numbers.
type Numbered = Vec<(usize, Vec<f32>)>;

/// The values for the layers that the file has under the same names: weights by number. With
/// `skip`, layers whose weights do not match are left out instead of being an error. Errors: E034
/// weights do not match, or no name is the same; E023 a double is beyond the range of 32 bits.
pub(super) fn values_by_name(
    layers: &Group<'_>,
    network: &Network,
    weights: &[Weight],
    skip: bool,
) -> Result<(Vec<String>, Numbered)> {
    let (mut taken, mut values) = (Vec::new(), Vec::new());
    let names = listed(layers, "layer_names")?;
    let mut met = false;
    for (layer, _) in network.layers().filter(|(layer, _)| names.iter().any(|name| name == layer)) {
        let own = of_layer(layer, weights);
        // Here, the values that an adapted layer found in its data are among its settings.
        if own.is_empty() {
            continue;
        }
        let found = datasets(layers.group(layer), "weight_names");
        let found = found.map_err(|error| error.inside(layer.to_owned()))?;
        met |= !found.is_empty();
        let read = if found.len() == own.len() {
            let one = |(i, dataset): (&usize, &Dataset<'_>)| {
                let Weight { name, shape, .. } = &weights[*i];
                Ok((*i, floats(dataset, name, *shape)?))
            };
            own.iter().zip(found).map(one).collect::<Result<Vec<_>>>()
        } else {
            Err(Error::new(Code::E034, other_count(layer, own.len(), found.len())))
        };
        match read {
            Ok(read) if read.is_empty() => {}
            Ok(read) => {
                taken.push(layer.to_owned());
                values.extend(read);
            }
            // A number that cannot be a weight is not a mismatch of layers: it is still an error.
            Err(error) if skip && error.code() != Code::E023 => {}
            Err(error) if error.code() == Code::E023 => return Err(error.inside(layer.to_owned())),
            Err(error) => return Err(error.inside(layer.to_owned()).fix(skip_mismatch())),
        }
    }
    if !met {
        let names: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
        return Err(Error::new(Code::E034, no_name(&names.join(", "))).fix(by_order()));
    }
    Ok((taken, values))
}

neurona_core::messages! {
    fn other_count(layer: &str, wants: usize, has: usize) {
        en: "layer \"{layer}\" has {wants} weights in the model but {has} in the file",
        es: "la capa \"{layer}\" tiene {wants} pesos en el modelo, pero {has} en el archivo",
    }

    fn other_layers(wants: usize, has: usize) {
        en: "the model has {wants} layers with weights, but the file has {has}",
        es: "el modelo tiene {wants} capas con pesos, pero el archivo tiene {has}",
    }

    fn by_name() {
        en: "for the layers whose names are the same, call load_weights_by_name(file, true)",
        es: "para las capas con los mismos nombres, llame a load_weights_by_name(archivo, true)",
    }

    fn skip_mismatch() {
        en: "to leave such layers as they are, call load_weights_by_name(file, true)",
        es: "para dejar esas capas como están, llame a load_weights_by_name(archivo, true)",
    }

    fn no_name(names: &str) {
        en: "no layer with weights has the same name in the model and in the file, which has {names}",
        es: "ninguna capa con pesos se llama igual en el modelo y en el archivo, que tiene {names}",
    }

    fn by_order() {
        en: "give the layers those names with named(…), or call load_weights(file), which goes by their order",
        es: "dé esos nombres a las capas con named(…), o llame a load_weights(archivo), que sigue su orden",
    }

    fn not_there(dataset: &str) {
        en: "\"{dataset}\" is listed, but is not there",
        es: "\"{dataset}\" está en la lista, pero no está en el archivo",
    }
}
