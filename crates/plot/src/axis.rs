//! Axes: which range to show, where the ticks go, and how their numbers are written.

use neurona_core::message::{Lang, Say};

/// Values past this are treated as missing: their differences would not be numbers.
const LARGEST: f64 = 1e300;

/// Whether a value can be placed on an axis.
pub(crate) fn drawable(value: f64) -> bool {
    value.abs() <= LARGEST
}

/// From a value to a position on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// The pixel of `low`.
    pub(crate) from: f64,
    /// The pixel of `high`.
    pub(crate) to: f64,
}

impl Scale {
    pub(crate) fn at(self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }
}

/// The values of an axis that get a number, and the numbers as text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ticks {
    pub(crate) values: Vec<f64>,
    pub(crate) labels: Vec<String>,
}

/// The range to show for some values: slightly more than they span, and from zero if they come near
/// it. `None` if there is nothing to show.
pub(crate) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (low, high) = values.filter(|&value| drawable(value)).fold(
        None,
        |found: Option<(f64, f64)>, value| {
            let (low, high) = found.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        },
    )?;
    let size = low.abs().max(high.abs());
    if size < 1e-300 {
        return Some((-1.0, 1.0));
    }
    // Below this the ticks could not be told apart by 15 digits.
    if high - low <= size * 1e-9 {
        let around = size * 0.1;
        return Some((low - around, cap(high, high + around)));
    }
    let margin = (high - low) * 0.06;
    let bottom = if low >= 0.0 && low <= 0.6 * high { 0.0 } else { low - margin };
    Some((bottom, cap(high, high + margin)))
}

/// The range that [`range`] finds, extended down to a number on the axis: a reader must see where a
/// cut axis starts.
pub(crate) fn from_a_tick((low, high): (f64, f64), target: usize, lang: Lang) -> (f64, f64) {
    match ticks(low, high, target, lang).values[..] {
        [first, second, ..] if first - low > (second - first) * 1e-6 => {
            (first - (second - first), high)
        }
        _ => (low, high),
    }
}

/// An axis of shares should not pass 1 just to leave air over a curve that stays below.
fn cap(high: f64, wanted: f64) -> f64 {
    if high <= 1.0 && wanted > 1.0 && high > 0.5 { 1.0 } else { wanted }
}

/// About `target` round numbers between two values, with steps of 1, 2 or 5 times a power of ten.
pub(crate) fn ticks(low: f64, high: f64, target: usize, lang: Lang) -> Ticks {
    let raw = (high - low) / target.max(1) as f64;
    if !(raw.is_finite() && raw > 0.0) {
        return Ticks { values: vec![], labels: vec![] };
    }
    let power = raw.log10().floor() as i32;
    let unit = 10_f64.powi(power);
    // The nearest of the round steps, by ratio: the borders are the geometric means.
    let (factor, place) = match raw / unit {
        over if over < 2_f64.sqrt() => (1.0, power),
        over if over < 10_f64.sqrt() => (2.0, power),
        over if over < 50_f64.sqrt() => (5.0, power),
        _ => (10.0, power + 1),
    };
    let step = factor * unit;
    let (first, last) = ((low / step - 1e-6).ceil() as i64, (high / step + 1e-6).floor() as i64);
    let values: Vec<f64> = (first..=last).map(|k| k as f64 * step).collect();
    let size = low.abs().max(high.abs());
    let labels = values.iter().map(|&value| number(value, size, place, lang)).collect();
    Ticks { values, labels }
}

/// At most `target` powers of ten between two, given as their exponents; with some multiples where powers are few.
pub(crate) fn powers(low: f64, high: f64, target: usize) -> Ticks {
    let whole = |exponent: f64| exponent.clamp(-400.0, 400.0) as i32;
    let (first, last) = (whole(low.floor()), whole(high.ceil()));
    let step = ((high - low) / target.max(1) as f64).ceil().max(1.0) as i32;
    let tried = [&[1.0][..], &[1.0, 3.0], &[1.0, 2.0, 5.0]].map(|factors| {
        let of_power = |power: i32| factors.iter().map(move |factor| (*factor, power));
        let all = (first..=last).filter(|power| power % step == 0).flat_map(of_power);
        let at = |(factor, power): (f64, i32)| f64::from(power) + factor.log10();
        let inside = |tick: &(f64, i32)| (low..=high).contains(&at(*tick));
        let label = |(factor, power): (f64, i32)| match factor {
            1.0 => format!("10{}", superscript(power)),
            _ => format!("{factor}×10{}", superscript(power)),
        };
        let ticks: Vec<(f64, i32)> = all.filter(inside).collect();
        Ticks {
            values: ticks.iter().map(|tick| at(*tick)).collect(),
            labels: ticks.iter().map(|tick| label(*tick)).collect(),
        }
    });
    let [powers, some, more] = tried;
    let enough = |ticks: &Ticks| ticks.values.len() > 2;
    [powers, some].into_iter().find(enough).unwrap_or(more)
}

/// A number to a decimal place (`-2`: hundredths), as a power of ten where zeros would fill it.
fn number(value: f64, size: f64, place: i32, lang: Lang) -> String {
    let top = size.log10().floor() as i32;
    if (-3..6).contains(&top) && place >= -5 {
        let text = format!("{value:.*}", (-place).max(0) as usize);
        return signed(&text, lang);
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{:.*}", (top - place).clamp(0, 9) as usize, value / 10_f64.powi(top));
    format!("{}×10{}", signed(&text, lang), superscript(top))
}

/// With the language's decimal sign and a real minus, which is as wide as a plus.
fn signed(number: &str, lang: Lang) -> String {
    let text = match lang {
        Lang::En => number.to_owned(),
        Lang::Es => number.replace('.', ","),
    };
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().any(|c| ('1'..='9').contains(&c)) => format!("−{rest}"),
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

fn superscript(value: i32) -> String {
    let raise = |c| match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁻',
    };
    value.to_string().chars().map(raise).collect()
}

/// A value as text with about four digits, for a caption.
pub(crate) fn short(value: f64, lang: Lang) -> String {
    let size = value.abs();
    if size < 1e-300 || !drawable(value) {
        return if drawable(value) { "0".to_owned() } else { "–".to_owned() };
    }
    let top = size.log10().floor() as i32;
    number(value, size, top - 3, lang)
}

/// A value with a fixed number of decimals.
pub(crate) fn fixed(value: f64, decimals: usize, lang: Lang) -> String {
    signed(&format!("{value:.decimals$}"), lang)
}

/// Whole numbers from 1 to `last`: each of them if they are few, otherwise 1 and at most `target`
/// round ones.
pub(crate) fn whole(last: usize, target: usize, lang: Lang) -> Ticks {
    let whole: Vec<usize> = if last <= 12 {
        (1..=last).collect()
    } else {
        // Steps of 5, 10, 20, 50, 100 …: with 2, both 1 and 2 would crowd the start.
        let steps = (0..15).flat_map(|p| [5, 10, 20].map(|m| m * 10_usize.pow(p)));
        let step = steps.filter(|step| last <= step * target.max(1)).min().unwrap_or(last);
        std::iter::once(1).chain((1..=last / step).map(|k| k * step)).collect()
    };
    Ticks {
        values: whole.iter().map(|&k| k as f64).collect(),
        labels: whole.iter().map(|k| k.say(lang)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64) -> Vec<String> {
        ticks(low, high, 5, Lang::En).labels
    }

    #[test]
    fn ticks_are_round_numbers_inside_the_range() {
        let cases: [(f64, f64, &[&str]); 7] = [
            (0.0, 1.0, &["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (-6.0, 6.0, &["−6", "−4", "−2", "0", "2", "4", "6"]),
            (0.0, 14.0, &["0", "2", "4", "6", "8", "10", "12", "14"]),
            (0.91, 0.99, &["0.92", "0.94", "0.96", "0.98"]),
            (0.0, 5e7, &["0", "1×10⁷", "2×10⁷", "3×10⁷", "4×10⁷", "5×10⁷"]),
            (0.0, 4e-5, &["0", "1×10⁻⁵", "2×10⁻⁵", "3×10⁻⁵", "4×10⁻⁵"]),
            (0.0, 1000.0, &["0", "200", "400", "600", "800", "1000"]),
        ];
        for (low, high, expected) in cases {
            assert_eq!(labels(low, high), expected, "{low} to {high}");
        }
    }

    #[test]
    fn the_decimal_sign_follows_the_language() {
        assert_eq!(ticks(0.0, 1.0, 2, Lang::Es).labels, ["0,0", "0,5", "1,0"]);
    }

    #[test]
    fn any_range_gets_a_few_ticks_all_different() {
        for power in -250..250 {
            for (a, b) in [(0.0, 1.0), (-3.7, 9.1), (0.3, 0.9), (-1.0, -0.2), (9.99, 10.01)] {
                let size = 10_f64.powi(power);
                let ticks = ticks(a * size, b * size, 5, Lang::En);
                assert!((2..=8).contains(&ticks.values.len()), "{a} {b} {power}: {ticks:?}");
                let mut labels = ticks.labels.clone();
                labels.dedup();
                assert_eq!(labels.len(), ticks.values.len(), "{a} {b} {power}: {ticks:?}");
            }
        }
    }

    #[test]
    fn a_range_is_never_empty() {
        for values in
            [&[0.0][..], &[1.0], &[-4.0, -4.0], &[1e-320], &[1e299, -1e299], &[1.0, 1.0 + 1e-15]]
        {
            let (low, high) = range(values.iter().copied()).expect("values");
            assert!(low < high && (high - low).is_finite(), "{values:?}: {low} {high}");
        }
        assert_eq!(range([f64::NAN, f64::INFINITY].into_iter()), None);
        assert_eq!(range(std::iter::empty()), None);
    }

    #[test]
    fn shares_stop_at_one_and_losses_start_at_zero() {
        assert_eq!(range([0.5, 0.99].into_iter()).map(|r| r.1), Some(1.0));
        assert_eq!(range([0.1, 2.0].into_iter()).map(|r| r.0), Some(0.0));
    }

    #[test]
    fn epochs_are_whole_and_start_at_one() {
        assert_eq!(whole(1, 10, Lang::En).labels, ["1"]);
        assert_eq!(whole(5, 10, Lang::En).labels, ["1", "2", "3", "4", "5"]);
        assert_eq!(whole(30, 10, Lang::En).labels, ["1", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(whole(13, 10, Lang::En).labels, ["1", "5", "10"]);
        assert!(whole(0, 10, Lang::En).values.is_empty());
        assert!(whole(12_345_678, 10, Lang::Es).labels.len() < 12);
    }

    #[test]
    fn powers_of_ten_are_few_but_not_too_few() {
        let labels = |low, high, target| powers(low, high, target).labels;
        assert_eq!(labels(-3.1, 1.2, 10), ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"]);
        assert_eq!(labels(-8.0, 0.0, 4), ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]);
        assert_eq!(labels(-2.1, -0.9, 10), ["10⁻²", "3×10⁻²", "10⁻¹"]);
        assert_eq!(labels(-1.1, -0.2, 10), ["10⁻¹", "2×10⁻¹", "5×10⁻¹"]);
    }

    #[test]
    fn captions_have_four_digits() {
        for (value, text) in
            [(0.41987, "0.4199"), (-12.3456, "−12.35"), (0.0, "0"), (3e-9, "3.000×10⁻⁹")]
        {
            assert_eq!(short(value, Lang::En), text);
        }
    }
}
