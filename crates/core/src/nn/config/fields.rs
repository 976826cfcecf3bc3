//! The list of a class' settings, walked once to read them and once to write them.

use super::{Field, Map, Value};
use crate::error::{Code, Error, Result};
use crate::nn::WeightSettings;

crate::messages! {
    fn missing(name: &str) {
        en: "the setting \"{name}\" is missing",
        es: "falta el ajuste \"{name}\"",
    }

    fn only(wants: &str, has: &str) {
        en: "only {wants} is supported, not {has}",
        es: "solo se admite {wants}, no {has}",
    }

    fn unknown(name: &str, value: &str) {
        en: "there is no setting \"{name}\" (it is {value})",
        es: "no existe el ajuste \"{name}\" (vale {value})",
    }
}

/// A class whose settings files can hold.
///
/// ```
/// use neurona_core::nn::config::{Config, Fields, read, written};
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Scale {
///     factor: f64,
/// }
///
/// impl Config for Scale {
///     fn fields(&mut self, fields: &mut Fields<'_>) {
///         fields.required("factor", &mut self.factor);
///     }
/// }
///
/// let map = written(&Scale { factor: 2.0 });
/// assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"factor":2.0}"#);
/// assert_eq!(read(Scale { factor: 0.0 }, map)?, Scale { factor: 2.0 });
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub trait Config: Clone {
    /// Names each setting, with its place.
    fn fields(&mut self, fields: &mut Fields<'_>);
}

/// A map of settings that is read or written: see [`Config`].
#[derive(Debug)]
pub struct Fields<'m> {
    map: &'m mut Map<String, Value>,
    reading: bool,
    error: Option<Error>,
}

impl<'m> Fields<'m> {
    /// Takes each named setting out of `map`.
    pub(super) fn reading(map: &'m mut Map<String, Value>) -> Fields<'m> {
        Fields { map, reading: true, error: None }
    }

    /// Puts each named setting into `map`.
    pub(super) fn writing(map: &'m mut Map<String, Value>) -> Fields<'m> {
        Fields { map, reading: false, error: None }
    }

    /// Whether settings are read; otherwise they are written.
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// A setting that keeps its default where a file does not have it.
    pub fn field<F: Field>(&mut self, name: &str, value: &mut F) {
        if !self.reading {
            self.map.insert(name.to_owned(), value.to_json());
        } else if let Some(json) = self.map.remove(name) {
            match F::from_json(&json) {
                Ok(read) => *value = read,
                Err(error) => self.fail(error.inside(name)),
            }
        }
    }

    /// A setting without a default. Errors (E034): a file does not have it.
    pub fn required<F: Field>(&mut self, name: &str, value: &mut F) {
        self.check_there(name);
        self.field(name, value);
    }

    /// A setting that is written only if it is set: older readers do not know it.
    pub fn rare<F: Field>(&mut self, name: &str, value: &mut Option<F>) {
        if self.reading || value.is_some() {
            self.field(name, value);
        }
    }

    /// One axis, as a number, or several, as a list.
    pub fn axes(&mut self, name: &str, axes: &mut Vec<i64>) {
        match axes[..] {
            [mut single] if !self.reading => self.field(name, &mut single),
            _ => self.field(name, axes),
        }
    }

    /// A list of axes, or nothing for none: all numbers alike.
    pub fn all_or_axes(&mut self, name: &str, axes: &mut Vec<i64>) {
        let mut given = Some(axes.clone()).filter(|axes| !axes.is_empty());
        self.field(name, &mut given);
        if self.reading {
            *axes = given.unwrap_or_default();
        }
    }

    /// One number for all, or a list with one for each; in files, lists of lists for each position
    /// along several axes.
    pub fn numbers(&mut self, name: &str, numbers: &mut Vec<f64>) {
        if self.reading
            && let Some(json) = self.map.get_mut(name)
        {
            *json = flat(json.take());
        }
        match numbers[..] {
            [mut single] if !self.reading => self.field(name, &mut single),
            _ => self.field(name, numbers),
        }
    }

    /// The same without a default.
    pub fn required_numbers(&mut self, name: &str, numbers: &mut Vec<f64>) {
        self.check_there(name);
        self.numbers(name, numbers);
    }

    fn check_there(&mut self, name: &str) {
        if self.reading && !self.map.contains_key(name) {
            self.fail(Error::new(Code::E034, missing(name)));
        }
    }

    /// The settings of a weight: `kernel_initializer`, `kernel_regularizer`, `kernel_constraint`.
    pub fn weight(&mut self, weight: &str, settings: &mut WeightSettings) {
        self.field(&format!("{weight}_initializer"), &mut settings.initializer);
        self.field(&format!("{weight}_regularizer"), &mut settings.regularizer);
        self.field(&format!("{weight}_constraint"), &mut settings.constraint);
    }

    /// A setting of Keras that can have only this value here; it is not written. Errors (E034):
    /// another value.
    pub fn only(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if self.reading
            && let Some(has) = self.map.remove(name)
            && has != value
            && !has.is_null()
        {
            let text = only(&value.to_string(), &has.to_string());
            self.fail(Error::new(Code::E034, text).at(name));
        }
    }

    /// The order of a picture's dimensions, which is Keras' default everywhere here.
    pub fn channels_last(&mut self) {
        let value = Value::from("channels_last");
        if self.reading {
            self.only("data_format", value);
        } else {
            self.map.insert("data_format".to_owned(), value);
        }
    }

    /// Settings of Keras that change nothing here, such as the seeds of random numbers.
    pub fn ignored(&mut self, names: &[&str]) {
        for name in names.iter().filter(|_| self.reading) {
            self.map.remove(*name);
        }
    }

    /// Keeps a mistake, if it is the first.
    pub fn fail(&mut self, error: Error) {
        self.error.get_or_insert(error);
    }

    /// Errors: the first mistake; E034 a setting that was not named and that is not null.
    pub(super) fn finish(self) -> Result<()> {
        if let Some(error) = self.error {
            return Err(error);
        }
        match self.map.iter().find(|(_, value)| self.reading && !value.is_null()) {
            Some((name, value)) => {
                Err(Error::new(Code::E034, unknown(name, &super::values::shown(value))))
            }
            None => Ok(()),
        }
    }
}

/// All values of nested lists as one list; anything else as it is.
fn flat(json: Value) -> Value {
    match json {
        Value::Array(list) if list.iter().any(Value::is_array) => {
            let inner = list.into_iter().flat_map(|json| match flat(json) {
                Value::Array(list) => list,
                other => vec![other],
            });
            inner.collect()
        }
        other => other,
    }
}

/// The list of a class' settings, if each has its field's name: `field: strides, padding;` and so
/// on with the methods of [`Fields`]. Settings without a field of their own follow in a closure. A
/// class of any rank is given as `Conv<RANK>`.
macro_rules! settings {
    ($class:ident $(<$rank:ident>)? { $($method:ident: $($field:ident),+;)* $(|$fields:ident| $more:expr)? }) => {
        impl $(<const $rank: usize>)? $crate::nn::config::Config for $class $(<$rank>)? {
            fn fields(&mut self, fields: &mut $crate::nn::config::Fields<'_>) {
                $($(fields.$method(stringify!($field), &mut self.$field);)+)*
                $(let $fields = &mut *fields; $more;)?
                // A class may have none.
                let _ = (self, fields);
            }
        }
    };
}
pub(in crate::nn) use settings;
