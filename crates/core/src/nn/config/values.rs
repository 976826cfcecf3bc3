//! Values of settings: numbers, truth values, names, lists.

use super::Value;
use crate::error::{Code, Error, Result};
use crate::message::Text;
use crate::tensor::Axes;

crate::messages! {
    fn not_a(kind: &Text, has: &str) {
        en: "{kind} is expected, not {has}",
        es: "se espera {kind}, no {has}",
    }

    fn not_so_many(wants: usize, has: usize) {
        en: "{wants} numbers are expected, not {has}",
        es: "se esperan {wants} números, no {has}",
    }
}

/// A value that a setting can have in a file.
pub trait Field: Sized {
    /// As in a file.
    fn to_json(&self) -> Value;

    /// From a file. Errors: E034 it is of the wrong kind, E015 a name that does not exist.
    fn from_json(value: &Value) -> Result<Self>;
}

/// The error for a value of the wrong kind.
pub(crate) fn expected(en: &'static str, es: &'static str, has: &Value) -> Error {
    Error::new(Code::E034, not_a(&Text::new(en, es), &shown(has)))
}

/// A value as shown in messages: no longer than a line.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl Field for f64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_json(value: &Value) -> Result<f64> {
        value.as_f64().ok_or_else(|| expected("a number", "un número", value))
    }
}

impl Field for bool {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_json(value: &Value) -> Result<bool> {
        value.as_bool().ok_or_else(|| expected("true or false", "true o false", value))
    }
}

impl Field for u64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_json(value: &Value) -> Result<u64> {
        let whole = || expected("a whole number from 0 up", "un número entero desde 0", value);
        value.as_u64().ok_or_else(whole)
    }
}

impl Field for usize {
    fn to_json(&self) -> Value {
        Value::from(*self as u64)
    }

    fn from_json(value: &Value) -> Result<usize> {
        let whole = || expected("a whole number from 0 up", "un número entero desde 0", value);
        u64::from_json(value).and_then(|n| usize::try_from(n).map_err(|_| whole()))
    }
}

impl Field for i64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }

    fn from_json(value: &Value) -> Result<i64> {
        value.as_i64().ok_or_else(|| expected("a whole number", "un número entero", value))
    }
}

impl Field for String {
    fn to_json(&self) -> Value {
        Value::from(self.as_str())
    }

    fn from_json(value: &Value) -> Result<String> {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| expected("a text", "un texto", value))
    }
}

impl<F: Field> Field for Option<F> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::to_json)
    }

    fn from_json(value: &Value) -> Result<Option<F>> {
        if value.is_null() { Ok(None) } else { F::from_json(value).map(Some) }
    }
}

/// A list, where a single number is a list, too: axes.
impl<F: Field> Field for Vec<F> {
    fn to_json(&self) -> Value {
        self.iter().map(Field::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<Vec<F>> {
        match value {
            Value::Array(values) => values.iter().map(F::from_json).collect(),
            Value::Null => Ok(Vec::new()),
            single => Ok(vec![F::from_json(single)?]),
        }
    }
}

/// A number for each dimension, or one for all.
impl<const N: usize> Field for [usize; N] {
    fn to_json(&self) -> Value {
        self.iter().map(Field::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<[usize; N]> {
        if !value.is_array() {
            return Ok([usize::from_json(value)?; N]);
        }
        each(value)
    }
}

/// The size at both ends of each dimension: one number, one for each dimension, or a pair for each.
/// For one dimension, two numbers are its pair.
impl<const N: usize> Field for [[usize; 2]; N] {
    fn to_json(&self) -> Value {
        if N == 1 { self[0].to_json() } else { self.iter().map(Field::to_json).collect() }
    }

    fn from_json(value: &Value) -> Result<[[usize; 2]; N]> {
        match value.as_array() {
            None => Ok([[usize::from_json(value)?; 2]; N]),
            Some(_) if N == 1 => Ok([<[usize; 2]>::from_json(value)?; N]),
            Some(_) => each(value),
        }
    }
}

/// The range of a random factor; one number means as far either way.
impl Field for [f64; 2] {
    fn to_json(&self) -> Value {
        self.iter().map(Field::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<[f64; 2]> {
        if value.is_array() {
            return each(value);
        }
        let most = f64::from_json(value)?;
        Ok([-most, most])
    }
}

/// Exactly `N` values of a list.
fn each<F: Field, const N: usize>(value: &Value) -> Result<[F; N]> {
    let values = Vec::<F>::from_json(value)?;
    let has = values.len();
    values.try_into().map_err(|_| Error::new(Code::E034, not_so_many(N, has)))
}

/// Dimensions as a set: one number, or a list.
impl Field for Axes {
    fn to_json(&self) -> Value {
        let axes: Vec<usize> = self.iter().collect();
        match axes[..] {
            [single] => single.to_json(),
            _ => axes.to_json(),
        }
    }

    fn from_json(value: &Value) -> Result<Axes> {
        let axes = Vec::<usize>::from_json(value)?;
        let set = Axes::new(&axes);
        if axes.iter().all(|&axis| set.contains(axis)) {
            Ok(set)
        } else {
            Err(expected("numbers of dimensions", "números de dimensiones", value))
        }
    }
}

/// A closed list of choices under Keras' names. The names stand for `Field`, and for a method `name` if `pub` says so.
macro_rules! names {
    ($type:ident ($en:literal, $es:literal): $($variant:ident $name:literal),+ $(,)?) => {
        impl $crate::nn::config::Field for $type {
            fn to_json(&self) -> $crate::nn::config::Value {
                $crate::nn::config::Value::from(match self { $($type::$variant => $name,)+ })
            }

            fn from_json(value: &$crate::nn::config::Value) -> $crate::error::Result<Self> {
                match String::from_json(value)?.as_str() {
                    $($name => Ok($type::$variant),)+
                    other => {
                        let kind = $crate::message::Text::new($en, $es);
                        Err($crate::error::unknown_name(&kind, other, &[$($name),+]))
                    }
                }
            }
        }
    };
}
pub(in crate::nn) use names;
