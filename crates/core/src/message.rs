//! Everything a person reads, in Spanish and English: one way to write a message, checked by the compiler.
//!
//! A message is a function made by [`messages!`](crate::messages). A language left out, or a misspelt
//! argument, does not compile.
//!
//! ```
//! use neurona_core::message::{Decimal, Lang};
//!
//! neurona_core::messages! {
//!     /// Shown when training starts.
//!     fn training(samples: usize, rate: Decimal) {
//!         en: "training on {samples} samples, learning rate {rate}",
//!         es: "entrenando con {samples} muestras, tasa de aprendizaje {rate}",
//!     }
//! }
//!
//! let text = training(60_000, Decimal(0.5, 2));
//! assert_eq!(text.get(Lang::En), "training on 60,000 samples, learning rate 0.50");
//! assert_eq!(text.get(Lang::Es), "entrenando con 60\u{a0}000 muestras, tasa de aprendizaje 0,50");
//! ```

use std::borrow::Cow;
use std::fmt;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Es];

    /// The language of a code such as `--lang es` or `LANG=es_AR.UTF-8`; `None` for any other.
    ///
    /// ```
    /// # use neurona_core::message::Lang;
    /// assert_eq!(Lang::from_code("es_AR.UTF-8"), Some(Lang::Es));
    /// assert_eq!(Lang::from_code("fr"), None);
    /// ```
    pub fn from_code(code: &str) -> Option<Lang> {
        match code.split(['_', '.', '-', '@']).next()? {
            "en" => Some(Lang::En),
            "es" => Some(Lang::Es),
            _ => None,
        }
    }

    /// The code used in `--lang` and in the `lang` attribute of a page.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
        }
    }
}

/// One message in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    en: Cow<'static, str>,
    es: Cow<'static, str>,
}

impl Text {
    /// A message from its two forms. Prefer [`messages!`](crate::messages), which checks arguments too.
    pub fn new(en: impl Into<Cow<'static, str>>, es: impl Into<Cow<'static, str>>) -> Text {
        Text { en: en.into(), es: es.into() }
    }

    /// The same in both languages: a name, a formula, a line of code.
    pub fn verbatim(text: impl Into<Cow<'static, str>>) -> Text {
        let text = text.into();
        Text { en: text.clone(), es: text }
    }

    /// The message in a language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Es => &self.es,
        }
    }
}

/// In English, like everything printed without a language.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A number shown with a fixed number of decimals: `0.974` in English, `0,974` in Spanish.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal(pub f64, pub usize);

/// How a value is written inside a message in a language.
pub trait Say {
    /// The value as text in that language.
    fn say(&self, lang: Lang) -> String;
}

impl<T: Say + ?Sized> Say for &T {
    fn say(&self, lang: Lang) -> String {
        (**self).say(lang)
    }
}

impl Say for str {
    fn say(&self, _: Lang) -> String {
        self.to_owned()
    }
}

impl Say for String {
    fn say(&self, _: Lang) -> String {
        self.clone()
    }
}

impl Say for Text {
    fn say(&self, lang: Lang) -> String {
        self.get(lang).to_owned()
    }
}

impl Say for Decimal {
    /// Uses a power of ten where plain notation would take dozens of digits.
    fn say(&self, lang: Lang) -> String {
        if self.0.is_finite() && self.0.abs() >= 1e16 {
            return self.0.say(lang);
        }
        with_point(&format!("{:.*}", self.1, self.0), lang)
    }
}

impl Say for f64 {
    /// Every digit; with a power of ten where it would otherwise take dozens of digits.
    fn say(&self, lang: Lang) -> String {
        let size = self.abs();
        if !size.is_finite() || size == 0.0 || (1e-9..1e16).contains(&size) {
            return with_point(&self.to_string(), lang);
        }
        // A number that fits exactly in 32 bits has the digits of a 32-bit number.
        let narrow = *self as f32;
        let is_narrow = f64::from(narrow) == *self;
        let digits = if is_narrow { format!("{narrow:e}") } else { format!("{self:e}") };
        with_point(&digits, lang)
    }
}

impl Say for usize {
    /// Grouped by thousands from 10,000 on, as both languages' academies write it.
    fn say(&self, lang: Lang) -> String {
        let digits = self.to_string();
        if digits.len() < 5 {
            return digits;
        }
        let separator = match lang {
            Lang::En => ',',
            Lang::Es => '\u{a0}',
        };
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }
}

impl Say for i64 {
    fn say(&self, lang: Lang) -> String {
        let size = (self.unsigned_abs() as usize).say(lang);
        if *self < 0 { format!("-{size}") } else { size }
    }
}

fn with_point(number: &str, lang: Lang) -> String {
    match lang {
        Lang::En => number.to_owned(),
        Lang::Es => number.replace('.', ","),
    }
}

/// Declares messages: functions that return a [`Text`] in both languages. See the [module](self).
#[macro_export]
macro_rules! messages {
    ($(
        $(#[$doc:meta])*
        $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) { en: $en:literal, es: $es:literal $(,)? }
    )*) => { $(
        $(#[$doc])*
        $vis fn $name($($arg: $type),*) -> $crate::message::Text {
            let in_lang = |lang: $crate::message::Lang| {
                $( let $arg = $crate::message::Say::say(&$arg, lang); )*
                match lang {
                    $crate::message::Lang::En => format!($en),
                    $crate::message::Lang::Es => format!($es),
                }
            };
            $crate::message::Text::new(
                in_lang($crate::message::Lang::En),
                in_lang($crate::message::Lang::Es),
            )
        }
    )* };
}
