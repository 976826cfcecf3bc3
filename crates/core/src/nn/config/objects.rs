//! Objects in files: a class, and its settings.

use super::{Config, Fields, Map, Value};
use crate::error::{Code, Error, Result};

crate::messages! {
    fn names_code(what: &str) {
        en: "the file names {what}: it asks for code to be run, and this program never runs code from a file",
        es: "el archivo nombra {what}: pide ejecutar código, y este programa nunca ejecuta código de un archivo",
    }

    fn rebuild() {
        en: "build the model in a program with a layer of your own and load its weights",
        es: "construya el modelo en un programa con una capa propia y cargue sus pesos",
    }
}

/// What a file says about a layer, an optimizer, a loss, …: the name of Keras' class, and its
/// settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The class: `Dense`.
    pub class: String,
    /// Its settings: `units`, `activation`, ….
    pub config: Map<String, Value>,
}

impl Object {
    /// A class with the settings of `config`.
    pub fn of(class: &str, config: &impl Config) -> Object {
        Object { class: class.to_owned(), config: written(config) }
    }

    /// The object as Keras writes it, for a class that lives in `module`.
    pub fn to_json(self, module: &str) -> Value {
        let mut map = Map::new();
        map.insert("module".to_owned(), module.into());
        map.insert("class_name".to_owned(), self.class.into());
        map.insert("config".to_owned(), Value::Object(self.config));
        map.insert("registered_name".to_owned(), Value::Null);
        Value::Object(map)
    }

    /// An object, or a name alone: a class with its defaults. Errors: E034 it is neither; E038 it
    /// names code, or something outside Keras.
    pub fn from_json(value: &Value) -> Result<Object> {
        if let Value::String(class) = value {
            return Ok(Object { class: class.clone(), config: Map::new() });
        }
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        // Keras' own functions, as it writes them: a closed list says which of them.
        if let (Some("builtins"), Some("function"), Some(name)) =
            (text("module"), text("class_name"), text("config"))
        {
            return Ok(Object { class: name.to_owned(), config: Map::new() });
        }
        refuse_code(value)?;
        let config = match value.get("config") {
            Some(Value::Object(config)) => Some(config.clone()),
            Some(Value::Null) | None => Some(Map::new()),
            Some(_) => None,
        };
        match (text("class_name"), config) {
            (Some(class), Some(config)) => Ok(Object { class: class.to_owned(), config }),
            _ => Err(super::values::expected(
                "an object with class_name and config",
                "un objeto con class_name y config",
                value,
            )),
        }
    }
}

/// Refuses an object that names code: a module outside Keras, a registered class, a function.
/// Errors (E038).
pub fn refuse_code(value: &Value) -> Result<()> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let refuse = |what: &str| Err(Error::new(Code::E038, names_code(what)).fix(rebuild()));
    let class = text("class_name").unwrap_or_default();
    // For Keras' own classes, `registered_name` is their name.
    let name = text("registered_name").filter(|name| *name != class && !name.starts_with("keras."));
    let inside = |module: &&str| *module == "keras" || module.starts_with("keras.");
    match (text("module").filter(|module| !inside(module)), name) {
        _ if [
            "function",
            "__lambda__",
            "Lambda",
            "TFSMLayer",
            "TorchModuleWrapper",
            "JaxLayer",
            "FlaxLayer",
        ]
        .contains(&class) =>
        {
            refuse(&format!("\"{class}\""))
        }
        (_, Some(name)) => refuse(&format!("\"{name}\"")),
        (Some(module), None) => refuse(&format!("\"{module}.{class}\"")),
        (None, None) => Ok(()),
    }
}

/// The settings of a description, under Keras' names.
pub fn written<C: Config>(config: &C) -> Map<String, Value> {
    let mut map = Map::new();
    config.clone().fields(&mut Fields::writing(&mut map));
    map
}

/// A description with a file's settings; settings that are not there stay as they are in `blank`.
/// Errors: E034 a setting is missing, of the wrong kind, or unknown; E015 a name that does not
/// exist.
pub fn read<C: Config>(mut blank: C, mut config: Map<String, Value>) -> Result<C> {
    let mut fields = Fields::reading(&mut config);
    blank.fields(&mut fields);
    fields.finish().map(|()| blank)
}

/// A closed list of classes, a type's `ALL` with their defaults, as values of settings. Names are
/// those of Keras' classes or functions.
macro_rules! objects {
    ($type:ident in $module:literal ($en:literal, $es:literal)) => {
        impl $crate::nn::config::Field for $type {
            fn to_json(&self) -> $crate::nn::config::Value {
                $crate::nn::config::Object::of(self.class(), self).to_json($module)
            }

            fn from_json(value: &$crate::nn::config::Value) -> $crate::error::Result<Self> {
                let object = $crate::nn::config::Object::from_json(value)?;
                let same =
                    |known: &&$type| $crate::nn::losses::same_name(known.class(), &object.class);
                match $type::ALL.iter().find(same) {
                    Some(blank) => $crate::nn::config::read(blank.clone(), object.config)
                        .map_err(|error| error.inside(object.class)),
                    None => {
                        let kind = $crate::message::Text::new($en, $es);
                        let known: Vec<&str> = $type::ALL.iter().map($type::class).collect();
                        Err($crate::error::unknown_name(&kind, &object.class, &known))
                    }
                }
            }
        }
    };
}
pub(in crate::nn) use objects;
