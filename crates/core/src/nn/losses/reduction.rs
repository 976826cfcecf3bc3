//! How the values of a batch become one.

use super::{Loss, TargetKind};
use crate::graph::Expr;
use crate::nn::config::{Field, Object, names};

/// How the values of a batch become one: see [`reduce_loss`]. Keras' names and default; its `none` is
/// [`Loss::per_sample`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reduction {
    /// `Σ weight · value / count`: the weights are not in the divisor.
    #[default]
    SumOverBatchSize,
    /// `Σ weight · value`
    Sum,
    /// The same as `SumOverBatchSize`.
    Mean,
    /// `Σ weight · value / Σ weight`, 0 if the weights are; without weights, the mean.
    MeanWithSampleWeight,
}

names! { Reduction ("reduction", "ninguna reducción"):
    SumOverBatchSize "sum_over_batch_size",
    Sum "sum",
    Mean "mean",
    MeanWithSampleWeight "mean_with_sample_weight",
}

impl Reduction {
    /// Its name, as Keras spells it.
    pub fn name(self) -> &'static str {
        match self {
            Reduction::SumOverBatchSize => "sum_over_batch_size",
            Reduction::Sum => "sum",
            Reduction::Mean => "mean",
            Reduction::MeanWithSampleWeight => "mean_with_sample_weight",
        }
    }
}

/// The loss of a batch: the values of `per_sample`, weighted and reduced to one, like Keras'
/// `reduce_weighted_values`.
///
/// Shapes: there is one weight for each sample, `(batch)`, or for each value, or anything in
/// between that broadcasts when dimensions are added at the end. If the loss has a
/// [`mask`](Loss::mask), values that do not count have weight 0 and, if the divisor is their
/// number, the others `all / the number that count`.
///
/// ```
/// use neurona_core::graph::{Builder, Role, Value, interpret};
/// use neurona_core::nn::{MeanSquaredError, reduce_loss};
/// use neurona_core::tensor::DType;
///
/// let builder = Builder::new();
/// let input = |name, dims: &[usize]| builder.input(name, Role::Batch, DType::F32, dims);
/// let (y, p, w) = (input("y", &[2, 1]), input("p", &[2, 1]), input("w", &[2]));
/// builder.output("loss", reduce_loss(&MeanSquaredError, y, p, Some(w)));
/// let values = [vec![0.0, 0.0], vec![1.0, 2.0], vec![1.0, 0.25]].map(Value::Float);
/// assert_eq!(interpret::<f64>(&builder.finish()?, &values), [Value::Float(vec![1.0])]);
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn reduce_loss<'g>(
    loss: &dyn Loss,
    target: Expr<'g>,
    prediction: Expr<'g>,
    weights: Option<Expr<'g>>,
) -> Expr<'g> {
    let (values, reduction) = (loss.per_sample(target, prediction), loss.reduction());
    let mask = loss.mask(target, values).map(|mask| match reduction {
        Reduction::SumOverBatchSize | Reduction::Mean => {
            // If none counts, all are 0, whatever they are multiplied by.
            mask * (mask.shape().elems() as f64 / mask.sum_all().max(mask.builder().fill(1.0, &[])))
        }
        Reduction::Sum | Reduction::MeanWithSampleWeight => mask,
    });
    let weights = match (weights.map(|weights| aligned(weights, values)), mask) {
        (Some(weights), Some(mask)) => Some(weights * mask),
        (weights, mask) => weights.or(mask),
    };
    let weighted = weights.map_or(values, |weights| values * weights);
    let count = weighted.shape().elems().max(1) as f64;
    match (reduction, weights) {
        (Reduction::Sum, _) => weighted.sum_all(),
        (Reduction::MeanWithSampleWeight, Some(weights)) => {
            let total = weights.sum_all();
            let none = total.equal(total.fill_like(0.0));
            let share = weighted.sum_all() / none.select(total.fill_like(1.0), total);
            none.select(share.fill_like(0.0), share)
        }
        (Reduction::SumOverBatchSize | Reduction::Mean | Reduction::MeanWithSampleWeight, _) => {
            weighted.sum_all() / count
        }
    }
}

/// Weights with as many dimensions as the values: missing ones are added at the end.
pub(in crate::nn) fn aligned<'g>(weights: Expr<'g>, values: Expr<'g>) -> Expr<'g> {
    let mut dims = weights.shape().dims().to_vec();
    dims.resize(values.shape().rank().max(dims.len()), 1);
    weights.reshape(&dims)
}

/// A loss whose values are reduced to one in a way of their own: see [`Loss::reduced`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduced<L> {
    pub(super) loss: L,
    pub(super) reduction: Reduction,
}

impl<L: Loss> Loss for Reduced<L> {
    fn name(&self) -> &'static str {
        self.loss.name()
    }

    fn target_kind(&self) -> TargetKind {
        self.loss.target_kind()
    }

    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
        self.loss.per_sample(target, prediction)
    }

    fn from_logits(&self) -> bool {
        self.loss.from_logits()
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn mask<'g>(&self, target: Expr<'g>, values: Expr<'g>) -> Option<Expr<'g>> {
        self.loss.mask(target, values)
    }

    fn ignore_class(&self) -> Option<i64> {
        self.loss.ignore_class()
    }

    fn config(&self) -> Option<Object> {
        let mut object = self.loss.config()?;
        object.config.insert("reduction".to_owned(), self.reduction.to_json());
        Some(object)
    }
}
