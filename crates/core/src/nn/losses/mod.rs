//! Loss functions: how far a prediction is from its target.

mod circle;
mod crossentropy;
mod doubts;
mod focal;
mod hinge;
mod overlap;
mod probabilistic;
mod reduction;
mod regression;

pub use circle::Circle;
pub use crossentropy::{
    BinaryCrossentropy, CategoricalCrossentropy, CategoricalGeneralizedCrossEntropy,
    SparseCategoricalCrossentropy,
};
pub(super) use doubts::doubts;
pub use focal::{BinaryFocalCrossentropy, CategoricalFocalCrossentropy};
pub use hinge::{CategoricalHinge, Hinge, SquaredHinge};
pub use overlap::{Dice, Tversky};
pub use probabilistic::{KLDivergence, Poisson};
pub(super) use reduction::aligned;
pub use reduction::{Reduced, Reduction, reduce_loss};
pub(super) use regression::cosine;
pub use regression::{
    CosineSimilarity, Huber, LogCosh, MeanAbsoluteError, MeanAbsolutePercentageError,
    MeanSquaredError, MeanSquaredLogarithmicError,
};

use super::WeightedLoss;
use super::config::{Config, Field, Map, Object, Value, read};
use crate::error::{Result, unknown_name};
use crate::graph::Expr;
use crate::message::Text;
use std::fmt;
use std::sync::Arc;

/// The least probability whose logarithm is taken, and the least divisor.
pub(super) const EPSILON: f64 = 1e-7;

/// What a loss compares predictions with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// One class for each prediction, as a one-hot row or as an integer label.
    Classes,
    /// Probabilities from 0 to 1, one for each output.
    Probabilities,
    /// Any numbers, one for each output.
    Numbers,
    /// An integer for each prediction, within ±2²⁴, that says which predictions belong together.
    Groups,
}

/// A loss function.
///
/// Targets and predictions have the same shape; class labels come as one-hot rows. (Targets of
/// [`TargetKind::Groups`] have size 1 in the last dimension.) The loss of a batch is
/// [`reduce_loss`] of all values of `per_sample`: their mean, unless [`reduced`](Loss::reduced) says otherwise.
///
/// ```
/// use neurona_core::graph::Expr;
/// use neurona_core::nn::{Loss, TargetKind};
///
/// /// `(prediction - target)⁴`, the mean over the outputs.
/// #[derive(Debug)]
/// struct Quartic;
///
/// impl Loss for Quartic {
///     fn name(&self) -> &'static str {
///         "quartic"
///     }
///
///     fn target_kind(&self) -> TargetKind {
///         TargetKind::Numbers
///     }
///
///     fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
///         let error = prediction - target;
///         (error * error * error * error).mean_last()
///     }
/// }
/// ```
pub trait Loss: fmt::Debug + Send + Sync {
    /// Its name, as Keras spells it.
    fn name(&self) -> &'static str;

    /// What it compares predictions with.
    fn target_kind(&self) -> TargetKind;

    /// The loss of each prediction: the last dimension has size 1.
    fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g>;

    /// Whether predictions are logits, not probabilities.
    fn from_logits(&self) -> bool {
        false
    }

    /// How the values of a batch become one.
    fn reduction(&self) -> Reduction {
        Reduction::default()
    }

    /// Which of the values of `per_sample` count, as 1 and 0 (Keras' mask); `None` if all do.
    fn mask<'g>(&self, _target: Expr<'g>, _values: Expr<'g>) -> Option<Expr<'g>> {
        None
    }

    /// The label whose samples do not count. It need not be one of the classes.
    fn ignore_class(&self) -> Option<i64> {
        None
    }

    /// Its class and its settings under Keras' names, for a file. Default: `None`, for a loss for
    /// which files have no name.
    fn config(&self) -> Option<Object> {
        None
    }

    /// This loss, multiplied by its share in the loss of a model with several outputs.
    fn weighted(self, weight: f64) -> WeightedLoss
    where
        Self: Sized + 'static,
    {
        WeightedLoss { weight, ..self.into() }
    }

    /// The same loss, with the values of a batch reduced to one in another way.
    ///
    /// ```
    /// use neurona_core::nn::{Huber, Loss, Reduction};
    /// let loss = Huber::default().reduced(Reduction::Sum);
    /// assert_eq!((loss.name(), loss.reduction()), ("huber", Reduction::Sum));
    /// ```
    fn reduced(self, reduction: Reduction) -> Reduced<Self>
    where
        Self: Sized,
    {
        Reduced { loss: self, reduction }
    }
}

/// A loss in a box, or shared, is a loss like any other.
macro_rules! held_losses {
    ($($held:ident)*) => { $(
        impl<L: Loss + ?Sized> Loss for $held<L> {
            fn name(&self) -> &'static str {
                (**self).name()
            }

            fn target_kind(&self) -> TargetKind {
                (**self).target_kind()
            }

            fn per_sample<'g>(&self, target: Expr<'g>, prediction: Expr<'g>) -> Expr<'g> {
                (**self).per_sample(target, prediction)
            }

            fn from_logits(&self) -> bool {
                (**self).from_logits()
            }

            fn reduction(&self) -> Reduction {
                (**self).reduction()
            }

            fn mask<'g>(&self, target: Expr<'g>, values: Expr<'g>) -> Option<Expr<'g>> {
                (**self).mask(target, values)
            }

            fn ignore_class(&self) -> Option<i64> {
                (**self).ignore_class()
            }

            fn config(&self) -> Option<Object> {
                (**self).config()
            }
        }
    )* };
}
held_losses!(Box Arc);

/// A value that reads as `reported` and has the gradient of `descended`, which must be finite.
fn reporting<'g>(descended: Expr<'g>, reported: Expr<'g>) -> Expr<'g> {
    reported.stop_gradient() + (descended - descended.stop_gradient())
}

/// The loss with that name, with its defaults: Keras' names of functions and classes
/// (`mean_squared_error`, `MeanSquaredError`) and short forms (`mse`, `mae`, `mape`, `msle`, `bce`,
/// `kld`). Errors (E015): no such name, with the nearest one.
///
/// ```
/// use neurona_core::nn::loss_from_name;
/// assert_eq!(loss_from_name("mse")?.name(), "mean_squared_error");
/// assert_eq!(loss_from_name("KLDivergence")?.name(), "kl_divergence");
/// let error = loss_from_name("categorical_crosentropy").unwrap_err();
/// assert!(error.to_string().contains("Did you mean \"categorical_crossentropy\"?"));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn loss_from_name(name: &str) -> Result<Box<dyn Loss>> {
    let full = match name.to_lowercase().as_str() {
        "mse" => "mean_squared_error",
        "mae" => "mean_absolute_error",
        "mape" => "mean_absolute_percentage_error",
        "msle" => "mean_squared_logarithmic_error",
        "bce" => "binary_crossentropy",
        "kld" | "kullback_leibler_divergence" => "kl_divergence",
        "huber_loss" => "huber",
        _ => name,
    };
    let mut all = all();
    match all.iter().position(|loss| same_name(loss.name(), full)) {
        Some(at) => Ok(all.swap_remove(at)),
        None => {
            let known: Vec<&str> = all.iter().map(Loss::name).collect();
            Err(unknown_name(&Text::new("loss", "ninguna función de pérdida"), name, &known))
        }
    }
}

/// Whether a name is `known`, spelt as Keras spells a function or a class: `log_cosh`, `LogCosh`.
pub(super) fn same_name(known: &str, name: &str) -> bool {
    let letters = |name: &str| name.replace('_', "").to_lowercase();
    known == name || letters(known) == letters(name)
}

/// Every loss, with its defaults.
pub fn all() -> Vec<Box<dyn Loss>> {
    vec![
        Box::new(CategoricalCrossentropy::default()),
        Box::new(SparseCategoricalCrossentropy::default()),
        Box::new(BinaryCrossentropy::default()),
        Box::new(CategoricalFocalCrossentropy::default()),
        Box::new(BinaryFocalCrossentropy::default()),
        Box::new(CategoricalGeneralizedCrossEntropy::default()),
        Box::new(KLDivergence),
        Box::new(Poisson),
        Box::new(MeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(MeanAbsolutePercentageError),
        Box::new(MeanSquaredLogarithmicError),
        Box::new(Huber::default()),
        Box::new(LogCosh),
        Box::new(CosineSimilarity),
        Box::new(Hinge),
        Box::new(SquaredHinge),
        Box::new(CategoricalHinge),
        Box::new(Dice::default()),
        Box::new(Tversky::default()),
        Box::new(Circle::default()),
    ]
}

/// The loss that an object in a file describes: the reverse of [`Loss::config`].
///
/// Errors: E015 no such class, or a name among its settings that does not exist; E034 a setting is
/// missing, of the wrong kind, or unknown.
///
/// ```
/// use neurona_core::nn::{Huber, Loss, Reduction, loss_from_config};
/// let object = Huber { delta: 0.5 }.reduced(Reduction::Sum).config().unwrap();
/// assert_eq!(loss_from_config(object.clone())?.config(), Some(object));
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
pub fn loss_from_config(object: Object) -> Result<Box<dyn Loss>> {
    let Object { class, config } = object;
    by_class(&class, config).map_err(|error| error.inside(class))
}

fn by_class(class: &str, mut config: Map<String, Value>) -> Result<Box<dyn Loss>> {
    fn boxed<L: Loss + Config + 'static>(
        blank: L,
        config: Map<String, Value>,
        reduction: Option<Reduction>,
    ) -> Result<Box<dyn Loss>> {
        let loss = read(blank, config)?;
        Ok(match reduction.filter(|reduction| *reduction != Reduction::default()) {
            Some(reduction) => Box::new(loss.reduced(reduction)),
            None => Box::new(loss),
        })
    }
    let reduction = config.remove("reduction").map(|value| Reduction::from_json(&value));
    let reduction = reduction.transpose().map_err(|error| error.inside("reduction"))?;
    ["name", "dtype"].iter().for_each(|name| drop(config.remove(*name)));
    match loss_from_name(class)?.name() {
        "categorical_crossentropy" => boxed(CategoricalCrossentropy::default(), config, reduction),
        "sparse_categorical_crossentropy" => {
            boxed(SparseCategoricalCrossentropy::default(), config, reduction)
        }
        "binary_crossentropy" => boxed(BinaryCrossentropy::default(), config, reduction),
        "categorical_focal_crossentropy" => {
            boxed(CategoricalFocalCrossentropy::default(), config, reduction)
        }
        "binary_focal_crossentropy" => boxed(BinaryFocalCrossentropy::default(), config, reduction),
        "categorical_generalized_cross_entropy" => {
            boxed(CategoricalGeneralizedCrossEntropy::default(), config, reduction)
        }
        "kl_divergence" => boxed(KLDivergence, config, reduction),
        "poisson" => boxed(Poisson, config, reduction),
        "mean_squared_error" => boxed(MeanSquaredError, config, reduction),
        "mean_absolute_error" => boxed(MeanAbsoluteError, config, reduction),
        "mean_absolute_percentage_error" => boxed(MeanAbsolutePercentageError, config, reduction),
        "mean_squared_logarithmic_error" => boxed(MeanSquaredLogarithmicError, config, reduction),
        "huber" => boxed(Huber::default(), config, reduction),
        "log_cosh" => boxed(LogCosh, config, reduction),
        "cosine_similarity" => boxed(CosineSimilarity, config, reduction),
        "hinge" => boxed(Hinge, config, reduction),
        "squared_hinge" => boxed(SquaredHinge, config, reduction),
        "categorical_hinge" => boxed(CategoricalHinge, config, reduction),
        "dice" => boxed(Dice::default(), config, reduction),
        "tversky" => boxed(Tversky::default(), config, reduction),
        _ => boxed(Circle::default(), config, reduction),
    }
}
