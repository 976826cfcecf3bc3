//! Names that Keras refuses: in its files other names stand for them.

use crate::nn::config::{Field, Map, Value};
use crate::nn::{Finding, Network};
use neurona_core::error::Result;
use std::collections::{BTreeMap, BTreeSet};

/// The note about a file that has other names.
pub(super) const CODE: &str = "W043";

/// Our names by the names that a file has instead, preceded by the models around a layer, with
/// slashes between. The model's own name is under the empty one.
pub(in crate::train) type Names = BTreeMap<String, String>;

/// The network under names that Keras accepts, which have no slash in them, and what they stand
/// for.
pub(super) fn for_keras(network: &Network) -> (Network, Names) {
    let all = network.all_names();
    let mut names = Names::new();
    // For each model, the names that are taken; by our path, the name in the file.
    let mut taken: BTreeSet<Vec<String>> = all.iter().cloned().collect();
    let mut written: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for path in all.iter().filter(|path| path.last().is_some_and(|name| name.contains('/'))) {
        let (around, name) = path.split_at(path.len() - 1);
        let stem = name[0].replace('/', "_");
        let numbered = (1..).map(|number| format!("{stem}_{number}"));
        let free = |name: &String| !taken.contains(&[around, std::slice::from_ref(name)].concat());
        let Some(new) = std::iter::once(stem.clone()).chain(numbered).find(free) else { continue };
        taken.insert([around, std::slice::from_ref(&new)].concat());
        let place =
            (1..path.len()).map(|end| written.get(&path[..end]).unwrap_or(&path[end - 1]).as_str());
        let place: Vec<&str> = place.chain([new.as_str()]).collect();
        names.insert(place.join("/"), name[0].clone());
        written.insert(path.clone(), new);
    }
    let rename = |path: &[&str]| {
        let own: Vec<String> = path.iter().map(|name| (*name).to_owned()).collect();
        written.get(&own).cloned().unwrap_or_else(|| path.last().copied().unwrap_or("").to_owned())
    };
    let mut renamed = network.renamed(&rename);
    if network.name().contains('/') {
        names.insert(String::new(), network.name().to_owned());
        renamed = renamed.named(&network.name().replace('/', "_"));
    }
    (renamed, names)
}

/// The network under our names again.
pub(super) fn ours(network: &Network, names: &Names) -> Network {
    let rename = |path: &[&str]| {
        let own = names.get(&path.join("/")).map(String::as_str);
        own.or(path.last().copied()).unwrap_or_default().to_owned()
    };
    let renamed = network.renamed(&rename);
    match names.get("") {
        Some(name) => renamed.named(name),
        None => renamed,
    }
}

/// What is said about a file that has other names (`W043`); `None` if it has ours.
pub(super) fn note(names: &Names) -> Option<Finding> {
    let (written, name) = names.iter().next_back()?;
    let written = written.rsplit('/').next().filter(|written| !written.is_empty());
    let written = written.map_or_else(|| name.replace('/', "_"), str::to_owned);
    Some(Finding { code: CODE, text: other_names(names.len(), name, &written) })
}

/// As a member of the file.
pub(super) fn to_json(names: &Names) -> Value {
    Value::Object(names.iter().map(|(name, own)| (name.clone(), own.as_str().into())).collect())
}

/// Errors (E034): a name is not a text.
pub(super) fn from_json(json: Option<&Value>) -> Result<Names> {
    let none = Map::new();
    let map = json.and_then(Value::as_object).unwrap_or(&none);
    map.iter().map(|(name, own)| Ok((name.clone(), String::from_json(own)?))).collect()
}

neurona_core::messages! {
    fn other_names(count: usize, name: &str, written: &str) {
        en: "Keras refuses names with a slash, so in the file \"{name}\" is \"{written}\" (names written in another way: {count}); when they are read here, they are restored",
        es: "Keras rechaza los nombres con barra; por eso, en el archivo \"{name}\" es \"{written}\" (nombres escritos de otro modo: {count}); al leerlos aquí son los de antes",
    }
}
