//! What is shown about the numbers in an array.

use neurona::tensor::Tensor;

/// An array's name, shape, type, and statistics of its finite numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statistics {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) dtype: &'static str,
    /// None if no number is finite.
    pub(super) moments: Option<Moments>,
    /// The share of zeros among all elements; 0 without elements.
    pub(super) zeros: f64,
    /// How many are infinite or not a number.
    pub(super) not_finite: usize,
}

/// Statistics of at least one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    pub(super) mean: f64,
    /// The root of the mean squared distance from the mean, as NumPy's `std`.
    pub(super) deviation: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Statistics {
    pub(super) fn of(name: &str, array: &Tensor<'_>) -> Statistics {
        let values = array.to_f64();
        let zeros = values.iter().filter(|&&value| value == 0.0).count();
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        Statistics {
            name: name.to_owned(),
            shape: array.shape().dims().to_vec(),
            dtype: array.dtype().name(),
            moments: Moments::of(&finite),
            zeros: zeros as f64 / values.len().max(1) as f64,
            not_finite: values.len() - finite.len(),
        }
    }

    /// `784×10`; for a single number, `1`.
    pub(super) fn shape_text(&self) -> String {
        let sizes: Vec<String> = self.shape.iter().map(ToString::to_string).collect();
        if sizes.is_empty() { "1".to_owned() } else { sizes.join("×") }
    }
}

impl Moments {
    fn of(values: &[f64]) -> Option<Moments> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        // Around the mean, because the difference of two large sums would lose digits.
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let least = values.iter().copied().reduce(f64::min)?;
        let most = values.iter().copied().reduce(f64::max)?;
        Some(Moments { mean, deviation: variance.sqrt(), least, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurona::tensor::Shape;

    #[test]
    fn numbers_that_are_not_finite_are_counted_and_left_out() {
        let values = vec![0.0f32, 3.0, f32::NAN, -3.0, 0.0, f32::INFINITY, 2.0, -2.0];
        let array = Tensor::new(Shape::new(&[2, 4]).unwrap(), values).unwrap();
        let found = Statistics::of("w", &array);
        let deviation = (26.0f64 / 6.0).sqrt();
        let moments = Moments { mean: 0.0, deviation, least: -3.0, most: 3.0 };
        assert_eq!(found.moments, Some(moments));
        assert_eq!((found.zeros, found.not_finite, found.shape_text().as_str()), (0.25, 2, "2×4"));
    }

    #[test]
    fn no_numbers_have_no_mean() {
        for values in [vec![], vec![f32::NAN]] {
            let array = Tensor::new(Shape::new(&[values.len()]).unwrap(), values).unwrap();
            let found = Statistics::of("w", &array);
            assert_eq!((found.moments, found.zeros), (None, 0.0));
        }
    }
}
