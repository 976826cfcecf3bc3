//! Numbers as a person reads them in a formula.

use neurona::message::{Decimal, Lang, Say};

/// A number with a fixed count of decimals and a true minus sign: `−0.021`, `−0,021`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixed(pub(crate) f64, pub(crate) usize);

impl Say for Fixed {
    fn say(&self, lang: Lang) -> String {
        let text = Decimal(self.0, self.1).say(lang);
        // A number that rounds to zero has no sign.
        match text.strip_prefix('-') {
            Some(size) if size.contains(|c: char| ('1'..='9').contains(&c)) => format!("−{size}"),
            Some(zero) => zero.to_owned(),
            None => text,
        }
    }
}

/// A number with this many significant digits, however small: `0.0004312`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Significant(pub(crate) f64, pub(crate) usize);

impl Say for Significant {
    fn say(&self, lang: Lang) -> String {
        let Significant(value, digits) = *self;
        let magnitude = if value == 0.0 { 0.0 } else { value.abs().log10().floor() };
        let decimals = (digits as f64 - 1.0 - magnitude).clamp(0.0, 15.0);
        Fixed(value, decimals as usize).say(lang)
    }
}

/// A magnitude as its first digit and a power of ten, as in a formula: `4 × 10⁻¹²`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Power(pub(crate) f64);

impl Say for Power {
    fn say(&self, _: Lang) -> String {
        let text = format!("{:.0e}", self.0);
        let raised = |c: char| match c.to_digit(10) {
            Some(digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize),
            None => Some('⁻'),
        };
        match text.split_once('e') {
            None | Some((_, "0")) => Fixed(self.0, 0).say(Lang::En),
            // Fixed spaces, because it is one number.
            Some((digit, power)) => {
                let power: String = power.chars().filter_map(raised).collect();
                format!("{digit}\u{a0}×\u{a0}10{power}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_digits() {
        assert_eq!(Fixed(-0.0214, 3).say(Lang::Es), "−0,021");
        assert_eq!(Fixed(-0.0001, 3).say(Lang::En), "0.000");
        assert_eq!(Significant(0.000_431_249, 4).say(Lang::En), "0.0004312");
        assert_eq!(Significant(-12.345_6, 4).say(Lang::Es), "−12,35");
        assert_eq!(Significant(0.0, 4).say(Lang::En), "0.000");
        assert_eq!(Significant(1e-300, 4).say(Lang::En), "0.000000000000000");
        assert_eq!(Power(4.3e-12).say(Lang::Es), "4\u{a0}×\u{a0}10⁻¹²");
        assert_eq!(Power(9.7e15).say(Lang::En), "1\u{a0}×\u{a0}10¹⁶");
        assert_eq!([0.0, 3.0].map(|x| Power(x).say(Lang::En)), ["0", "3"]);
    }
}
