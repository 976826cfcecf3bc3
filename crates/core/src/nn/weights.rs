//! How a weight starts, what it costs and where it may go.

use super::{Constraint, Initializer, Regularizer};
use crate::tensor::Shape;
use std::sync::Arc;

/// The settings of a weight: how it starts, what it adds to the loss, and where it is kept.
///
/// An [`Initializer`] alone will do, too.
///
/// ```
/// use neurona_core::nn::{Initializer, Regularizer, WeightSettings};
/// let settings = WeightSettings { regularizer: Some(Regularizer::L2(0.01)), ..Initializer::HeNormal.into() };
/// assert_eq!(settings.initializer, Initializer::HeNormal);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSettings {
    /// How it starts.
    pub initializer: Initializer,
    /// The penalty that it adds to the loss. Default: none.
    pub regularizer: Option<Regularizer>,
    /// Where it is kept after each update. Default: anywhere.
    pub constraint: Option<Constraint>,
}

impl From<Initializer> for WeightSettings {
    fn from(initializer: Initializer) -> WeightSettings {
        WeightSettings { initializer, regularizer: None, constraint: None }
    }
}

/// Methods with Keras' names for the settings of a layer's weights: of field `kernel`, `kernel_initializer`,
/// `kernel_regularizer` and `kernel_constraint`. A layer of any rank is given as `Conv<RANK>`.
macro_rules! weight_settings {
    ($layer:ident $(<$rank:ident>)?: $($field:ident $initializer:ident $regularizer:ident $constraint:ident),+ $(,)?) => {
        impl $(<const $rank: usize>)? $layer $(<$rank>)? { $(
            #[doc = concat!("How `", stringify!($field), "` starts.")]
            pub fn $initializer(mut self, initializer: $crate::nn::Initializer) -> Self {
                self.$field.initializer = initializer;
                self
            }

            #[doc = concat!("What is added to the loss for `", stringify!($field), "`.")]
            pub fn $regularizer(mut self, regularizer: $crate::nn::Regularizer) -> Self {
                self.$field.regularizer = Some(regularizer);
                self
            }

            #[doc = concat!("Where `", stringify!($field), "` is kept after each update.")]
            pub fn $constraint(mut self, constraint: $crate::nn::Constraint) -> Self {
                self.$field.constraint = Some(constraint);
                self
            }
        )+ }
    };
}
pub(super) use weight_settings;

/// A weight that a layer has named: declared by using it.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Layer and weight, as in `dense/kernel`.
    pub name: String,
    /// The name of its layer, preceded by the models around it: names may have slashes in them.
    pub layers: Vec<String>,
    /// Its shape.
    pub shape: Shape,
    /// How it starts, what it costs, where it is kept.
    pub settings: WeightSettings,
    /// Whether training changes it by its gradient. Other weights are changed by the layer itself,
    /// or not at all.
    pub trainable: bool,
    /// The values it starts with instead, if the layer comes with some.
    pub given: Option<Arc<[f32]>>,
}
