//! The arguments that `compile` takes: descriptions, boxes of them, or their names as Keras spells
//! them.

use super::metrics::{BinaryIoU, OneHotIoU};
use super::{
    Activation, Auc, BinaryCrossentropy, CategoricalCrossentropy, F1Score, FBetaScore, Initializer,
    Loss, Metric, Optimizer, Precision, R2Score, Recall, SparseCategoricalCrossentropy,
    WeightedLoss, loss_from_name, optimizer_from_name,
};
use crate::error::{Error, Result};
use crate::nn::config::{Field, Value};
use std::str::FromStr;
use std::sync::Arc;

/// Anything that can be an optimizer: an optimizer itself, or the name of one, with its defaults.
///
/// ```
/// use neurona_core::nn::{Adam, Optimizer, ToOptimizer};
/// assert_eq!("adam".to_optimizer()?.name(), "adam");
/// assert_eq!(Adam::new(0.01).to_optimizer()?.name(), "adam");
/// let error = "adan".to_optimizer().unwrap_err();
/// assert!(error.to_string().contains("Did you mean \"adam\"?"), "{error}");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an optimizer",
    label = "not an optimizer",
    note = "give one, such as `Adam::new(0.001)` or `Sgd::default()`, the name of one, such as `\"adam\"`, a \
            `Box<dyn Optimizer>`, or a type of your own that is an `Optimizer`"
)]
pub trait ToOptimizer {
    /// The optimizer. Errors (E015): there is none with that name.
    fn to_optimizer(self) -> Result<Box<dyn Optimizer>>;
}

impl<O: Optimizer + 'static> ToOptimizer for O {
    fn to_optimizer(self) -> Result<Box<dyn Optimizer>> {
        Ok(Box::new(self))
    }
}

/// Anything that can be a loss: a loss itself, with a weight or without, or the name of one, with
/// its defaults.
///
/// ```
/// use neurona_core::nn::{Huber, Loss, ToLoss};
/// assert_eq!("mse".to_loss()?.loss.name(), "mean_squared_error");
/// let chosen: Box<dyn Loss> = Box::new(Huber { delta: 0.5 });
/// assert_eq!(chosen.to_loss()?.loss.name(), "huber");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss",
    label = "not a loss",
    note = "give one, such as `MeanSquaredError` or `SparseCategoricalCrossentropy::default()`, the name of one, \
            such as `\"mse\"`, a `Box<dyn Loss>`, or a type of your own that is a `Loss`"
)]
pub trait ToLoss {
    /// The loss. Errors (E015): there is none with that name.
    fn to_loss(self) -> Result<WeightedLoss>;
}

impl<L: Loss + 'static> ToLoss for L {
    fn to_loss(self) -> Result<WeightedLoss> {
        Ok(self.into())
    }
}

impl ToLoss for WeightedLoss {
    fn to_loss(self) -> Result<WeightedLoss> {
        Ok(self)
    }
}

/// The losses of a model: one for each output, in a tuple, an array or a `Vec` if there are several.
///
/// ```
/// use neurona_core::nn::{BinaryCrossentropy, Loss, Losses, MeanSquaredError};
/// assert_eq!(MeanSquaredError.losses()?.len(), 1);
/// let two = (MeanSquaredError, BinaryCrossentropy::default().weighted(0.3)).losses()?;
/// assert_eq!((two[0].weight, two[1].weight), (1.0, 0.3));
/// assert_eq!(["mse", "bce"].losses()?[1].loss.name(), "binary_crossentropy");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss",
    label = "neither a loss nor a tuple of losses",
    note = "give one, such as `MeanSquaredError` or `SparseCategoricalCrossentropy::default()`, the name of one, \
            such as `\"mse\"`, a `Box<dyn Loss>`, or a type of your own that is a `Loss`; for several outputs, a \
            tuple of them"
)]
pub trait Losses {
    /// The losses, in the order of the outputs. Errors (E015): there is none with one of the names.
    fn losses(self) -> Result<Vec<WeightedLoss>>;
}

impl<L: ToLoss> Losses for L {
    fn losses(self) -> Result<Vec<WeightedLoss>> {
        Ok(vec![self.to_loss()?])
    }
}

impl<L: ToLoss> Losses for Vec<L> {
    fn losses(self) -> Result<Vec<WeightedLoss>> {
        self.into_iter().map(ToLoss::to_loss).collect()
    }
}

impl<L: ToLoss, const N: usize> Losses for [L; N] {
    fn losses(self) -> Result<Vec<WeightedLoss>> {
        self.into_iter().map(ToLoss::to_loss).collect()
    }
}

/// Anything that can be a metric: a metric itself, its settings, or the name of one, with its
/// defaults.
///
/// ```
/// use neurona_core::nn::{Auc, ToMetric};
/// assert_eq!("accuracy".to_metric()?.name(), "accuracy");
/// assert_eq!(Auc::default().to_metric()?.name(), "auc");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a metric",
    label = "not a metric",
    note = "give `Metric::Accuracy` or another `Metric`, settings such as `Auc::default()`, the name of one, such as \
            `\"accuracy\"`, or `Metric::custom(…)` of a type of your own that is a `CustomMetric`"
)]
pub trait ToMetric {
    /// The metric. Errors (E015): there is none with that name.
    fn to_metric(self) -> Result<Metric>;
}

impl ToMetric for Metric {
    fn to_metric(self) -> Result<Metric> {
        Ok(self)
    }
}

/// The metrics of a model: an array, a `Vec` or a slice of [`Metric`]s, an array or a `Vec` of names, or a tuple of
/// anything that can be a metric.
///
/// ```
/// use neurona_core::nn::{Auc, Metric, Metrics};
/// assert_eq!([].metrics()?.len(), 0);
/// assert_eq!([Metric::Accuracy, Auc::default().into()].metrics()?.len(), 2);
/// assert_eq!(["accuracy", "auc"].metrics()?[1].name(), "auc");
/// assert_eq!(("accuracy", Auc::default()).metrics()?[1].name(), "auc");
/// # Ok::<(), neurona_core::error::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of metrics",
    label = "not a list of metrics",
    note = "give an array such as `[Metric::Accuracy]`, `[\"accuracy\"]` or `[]`, a tuple such as \
            `(\"accuracy\", Auc::default())`, a `Vec<Metric>`, or `Metric::custom(…)` of a `CustomMetric` of your own \
            in one of them",
    note = "collect an iterator: `.collect::<Vec<Metric>>()`"
)]
pub trait Metrics {
    /// The metrics, in order. Errors (E015): there is none with one of the names.
    fn metrics(self) -> Result<Vec<Metric>>;
}

impl<const N: usize> Metrics for [Metric; N] {
    fn metrics(self) -> Result<Vec<Metric>> {
        Ok(self.into())
    }
}

impl<M: ToMetric> Metrics for Vec<M> {
    fn metrics(self) -> Result<Vec<Metric>> {
        self.into_iter().map(ToMetric::to_metric).collect()
    }
}

impl Metrics for &[Metric] {
    fn metrics(self) -> Result<Vec<Metric>> {
        Ok(self.to_vec())
    }
}

impl Metrics for &Vec<Metric> {
    fn metrics(self) -> Result<Vec<Metric>> {
        Ok(self.clone())
    }
}

impl Metrics for Option<Metric> {
    fn metrics(self) -> Result<Vec<Metric>> {
        Ok(self.into_iter().collect())
    }
}

impl Metrics for Metric {
    fn metrics(self) -> Result<Vec<Metric>> {
        Ok(vec![self])
    }
}

/// Arrays of this many names. Not empty ones: an empty array is an array of `Metric`s, and of
/// nothing else.
macro_rules! arrays_of_names {
    ($($count:literal)*) => { $(
        impl Metrics for [&str; $count] {
            fn metrics(self) -> Result<Vec<Metric>> {
                self.into_iter().map(Metric::from_text).collect()
            }
        }
    )* };
}
arrays_of_names!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);

macro_rules! tuples {
    ($(($($name:ident $value:ident),+))+) => { $(
        impl<$($name: ToMetric),+> Metrics for ($($name,)+) {
            fn metrics(self) -> Result<Vec<Metric>> {
                let ($($value,)+) = self;
                Ok(vec![$($value.to_metric()?),+])
            }
        }

        impl<$($name: ToLoss),+> Losses for ($($name,)+) {
            fn losses(self) -> Result<Vec<WeightedLoss>> {
                let ($($value,)+) = self;
                Ok(vec![$($value.to_loss()?),+])
            }
        }
    )+ };
}
tuples! {
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, F f)
}

macro_rules! settings_of_metrics {
    ($($settings:ident)*) => { $(
        impl From<$settings> for Metric {
            fn from(settings: $settings) -> Metric {
                Metric::$settings(settings)
            }
        }

        impl ToMetric for $settings {
            fn to_metric(self) -> Result<Metric> {
                Ok(self.into())
            }
        }
    )* };
}
settings_of_metrics! {
    Auc BinaryCrossentropy BinaryIoU CategoricalCrossentropy F1Score FBetaScore OneHotIoU Precision R2Score Recall
    SparseCategoricalCrossentropy
}

macro_rules! names {
    ($($text:ty)*) => { $(
        impl ToOptimizer for $text {
            fn to_optimizer(self) -> Result<Box<dyn Optimizer>> {
                optimizer_from_name(&self)
            }
        }

        impl ToLoss for $text {
            fn to_loss(self) -> Result<WeightedLoss> {
                Ok(WeightedLoss { loss: Arc::from(loss_from_name(&self)?), weight: 1.0 })
            }
        }

        impl ToMetric for $text {
            fn to_metric(self) -> Result<Metric> {
                Metric::from_text(&self)
            }
        }
    )* };
}
names!(&str String &String);

/// By name: `"relu".parse()?`. A name written in the program can be given to a layer as it is.
impl FromStr for Activation {
    type Err = Error;

    fn from_str(name: &str) -> Result<Activation> {
        Activation::from_name(name)
    }
}

/// By name: `"accuracy".parse()?`.
impl FromStr for Metric {
    type Err = Error;

    fn from_str(name: &str) -> Result<Metric> {
        Metric::from_name(name)
    }
}

/// By name, with its defaults: `"he_normal".parse()?`.
impl FromStr for Initializer {
    type Err = Error;

    fn from_str(name: &str) -> Result<Initializer> {
        Initializer::from_json(&Value::from(name))
    }
}

/// By name, with its defaults: `"adam".parse()?`.
impl FromStr for Box<dyn Optimizer> {
    type Err = Error;

    fn from_str(name: &str) -> Result<Box<dyn Optimizer>> {
        optimizer_from_name(name)
    }
}

/// By name, with its defaults: `"mse".parse()?`.
impl FromStr for Box<dyn Loss> {
    type Err = Error;

    fn from_str(name: &str) -> Result<Box<dyn Loss>> {
        loss_from_name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::message::Lang;
    use crate::nn::layers::Dense;
    use crate::nn::{Adam, Huber, Layer, Network};

    fn check_near<T: FromStr<Err = Error>>(wrong: &str, near: &str) {
        let Err(error) = wrong.parse::<T>() else { panic!("{wrong} is a name") };
        assert_eq!(error.code(), Code::E015, "{error}");
        assert!(error.to_string().contains(&format!("Did you mean \"{near}\"?")), "{error}");
        assert!(error.in_lang(Lang::Es).contains(&format!("¿Quiso decir \"{near}\"?")));
    }

    #[test]
    fn names_parse_and_wrong_ones_get_the_nearest() {
        assert_eq!("relu".parse(), Ok(Activation::Relu));
        assert_eq!("he_normal".parse(), Ok(Initializer::HeNormal));
        assert_eq!("acc".parse::<Metric>().unwrap().name(), "accuracy");
        assert_eq!("mse".parse::<Box<dyn Loss>>().unwrap().name(), "mean_squared_error");
        assert_eq!("RMSprop".parse::<Box<dyn Optimizer>>().unwrap().name(), "rmsprop");
        check_near::<Activation>("rellu", "relu");
        check_near::<Initializer>("HeNornal", "HeNormal");
        check_near::<Metric>("acuracy", "accuracy");
        check_near::<Box<dyn Loss>>("mean_squared_eror", "mean_squared_error");
        check_near::<Box<dyn Optimizer>>("adan", "adam");
    }

    #[test]
    fn boxes_and_shared_descriptions_are_what_they_hold() {
        let loss: Box<dyn Loss> = Box::new(Huber { delta: 0.5 });
        assert_eq!(loss.config(), Huber { delta: 0.5 }.config());
        let shared: Arc<dyn Loss> = Arc::from(loss);
        assert_eq!(shared.losses().unwrap()[0].loss.config(), Huber { delta: 0.5 }.config());
        let optimizer: Box<dyn Optimizer> = Box::new(Adam::new(0.5));
        assert_eq!(optimizer.to_optimizer().unwrap().config(), Adam::new(0.5).config());
        let layer: Box<dyn Layer> = Box::new(Dense::new(3).named("third"));
        let layer: Arc<dyn Layer> = Arc::from(layer);
        assert_eq!((layer.name(), layer.class_name()), (Some("third"), "Dense"));
        let mut network = Network::default();
        network.push(Box::new(layer));
        assert_eq!(network.build(&[vec![2]]).unwrap().outputs[0].dims(), [3]);
    }

    #[test]
    fn lists_of_metrics_come_in_many_forms() {
        let names = |metrics: Result<Vec<Metric>>| -> Vec<String> {
            metrics.unwrap().iter().map(|metric| metric.name().to_owned()).collect()
        };
        assert_eq!(names(vec!["acc", "auc"].metrics()), ["accuracy", "auc"]);
        assert_eq!(names(vec!["acc".to_owned()].metrics()), ["accuracy"]);
        assert_eq!(names((Metric::Accuracy, "mae", Recall::default()).metrics()).len(), 3);
        assert_eq!(names(Metric::Accuracy.metrics()), ["accuracy"]);
        assert_eq!(names([Metric::Accuracy].as_slice().metrics()), ["accuracy"]);
        assert_eq!(["accuracy", "acuracy"].metrics().unwrap_err().code(), Code::E015);
    }

    #[test]
    fn a_layer_keeps_a_wrong_name_until_it_is_used() {
        let mut network = Network::default();
        network.push(Box::new(Dense::new(3).activation("tanh").named("first")));
        network.push(Box::new(Dense::new(3).activation("rellu").named("second")));
        let error = network.build(&[vec![2]]).unwrap_err();
        assert_eq!((error.code(), error.place()), (Code::E015, Some("second")));
        assert!(error.to_string().contains("Did you mean \"relu\"?"), "{error}");
    }
}
