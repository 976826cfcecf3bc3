//! The identity of a run: what must be the same for a training to continue it.

use super::digest;
use crate::nn::{Metric, WeightedLoss};
use crate::train::engine::{Engine, Use};
use crate::train::training::Training;
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Text;

/// An aspect of a training's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    Network,
    Optimizer,
    Loss,
    Metrics,
    Step,
    Data,
    Validation,
    BatchSize,
    Shuffle,
    Seed,
    Callbacks,
}

impl Aspect {
    /// All of them, starting with those whose difference explains others.
    pub(super) const ALL: [Aspect; 11] = [
        Aspect::Network,
        Aspect::Optimizer,
        Aspect::Loss,
        Aspect::Metrics,
        Aspect::Data,
        Aspect::Validation,
        Aspect::BatchSize,
        Aspect::Shuffle,
        Aspect::Seed,
        Aspect::Callbacks,
        Aspect::Step,
    ];

    /// Its name in a manifest.
    pub(super) fn name(self) -> &'static str {
        match self {
            Aspect::Network => "network",
            Aspect::Optimizer => "optimizer",
            Aspect::Loss => "loss",
            Aspect::Metrics => "metrics",
            Aspect::Step => "step",
            Aspect::Data => "data",
            Aspect::Validation => "validation_data",
            Aspect::BatchSize => "batch_size",
            Aspect::Shuffle => "shuffle",
            Aspect::Seed => "seed",
            Aspect::Callbacks => "callbacks",
        }
    }

    fn text(self) -> Text {
        match self {
            Aspect::Network => Text::new("the network", "la red"),
            Aspect::Optimizer => Text::new("the optimizer", "el optimizador"),
            Aspect::Loss => Text::new("the loss", "la pérdida"),
            Aspect::Metrics => Text::new("the metrics", "las métricas"),
            Aspect::Step => Text::new("the training step", "el paso de entrenamiento"),
            Aspect::Data => Text::new("the data", "los datos"),
            Aspect::Validation => Text::new("the validation data", "los datos de validación"),
            Aspect::BatchSize => Text::new("the batch size", "el tamaño del lote"),
            Aspect::Shuffle => Text::new("the order (shuffle)", "el orden (shuffle)"),
            Aspect::Seed => Text::new("the seed", "la semilla"),
            Aspect::Callbacks => {
                Text::new("the callbacks with a memory", "los callbacks con memoria")
            }
        }
    }
}

/// The identity of a training: an aspect each, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity(Vec<(Aspect, String)>);

impl Identity {
    /// The identity of this training. `data` distinguishes its data from others. Errors: anything
    /// that the layers find wrong.
    pub(super) fn of(
        training: &Training<'_>,
        engine: &Engine,
        data: &str,
        callbacks: &[&str],
    ) -> Result<Identity> {
        let Training { network, compiled, batch, shuffle, seed, .. } = *training;
        let graph = |usage: &Use, batch| -> Result<String> {
            let (graph, _) =
                engine.graph(network, Some(compiled), usage, &training.dtypes, batch)?;
            Ok(digest::short(graph.to_string().as_bytes()))
        };
        let parameters: usize = engine.weights.iter().map(|weight| weight.shape.elems()).sum();
        let (layers, fingerprint) = (network.layers().len(), graph(&Use::Predict, 1)?);
        let loss = |loss: &WeightedLoss| format!("{:?} × {}", loss.loss, loss.weight);
        let metrics = compiled.metrics.iter().flatten().map(Metric::name);
        let text = |aspect| -> Result<String> {
            Ok(match aspect {
                Aspect::Network => {
                    format!("{layers} layers, {parameters} parameters, {fingerprint}")
                }
                Aspect::Optimizer => format!("{:?}", compiled.optimizer),
                Aspect::Loss => compiled.losses.iter().map(loss).collect::<Vec<_>>().join(", "),
                Aspect::Metrics => metrics.clone().collect::<Vec<_>>().join(", "),
                Aspect::Step => graph(&training.usage, batch)?,
                Aspect::Data => data.to_owned(),
                Aspect::Validation => training.validation.map_or_else(String::new, digest::samples),
                Aspect::BatchSize => batch.to_string(),
                Aspect::Shuffle => shuffle.to_string(),
                Aspect::Seed => seed.to_string(),
                Aspect::Callbacks => callbacks.join(", "),
            })
        };
        let all = Aspect::ALL.iter().map(|aspect| Ok((*aspect, text(*aspect)?)));
        Ok(Identity(all.collect::<Result<_>>()?))
    }

    /// Each aspect by its name.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(aspect, text)| (aspect.name(), text.as_str()))
    }

    /// From each aspect by its name; `None` if one is missing.
    pub(super) fn from_names<'t>(text: impl Fn(&str) -> Option<&'t str>) -> Option<Identity> {
        let aspect = |aspect: &Aspect| Some((*aspect, text(aspect.name())?.to_owned()));
        Some(Identity(Aspect::ALL.iter().map(aspect).collect::<Option<_>>()?))
    }

    /// Errors (E036): this training differs from the saved one, which the version `begun_by` of
    /// Neurona began.
    pub(super) fn check(&self, training: &Identity, begun_by: &str) -> Result<()> {
        for ((aspect, saved), (_, now)) in self.0.iter().zip(&training.0) {
            if saved == now {
                continue;
            }
            let or_none = |text: &str| match text {
                "" => Text::new("none", "ninguno"),
                text => Text::verbatim(text.to_owned()),
            };
            let text = another(&aspect.text(), &or_none(saved), &or_none(now));
            let own = env!("CARGO_PKG_VERSION");
            let fix = if begun_by == own { as_before() } else { that_version(begun_by, own) };
            return Err(Error::new(Code::E036, text).fix(fix));
        }
        Ok(())
    }
}

neurona_core::messages! {
    fn another(what: &Text, saved: &Text, now: &Text) {
        en: "this run belongs to another training: {what} of the run is \"{saved}\", and now \"{now}\"",
        es: "esta ejecución es de otro entrenamiento: en ella, {what}: \"{saved}\"; ahora: \"{now}\"",
    }

    fn as_before() {
        en: "resume with everything as it was, or choose another folder",
        es: "reanude con todo como estaba, o elija otra carpeta",
    }

    fn that_version(begun_by: &str, own: &str) {
        en: "resume with Neurona {begun_by}, which began it (this is {own}), or choose another folder",
        es: "reanude con Neurona {begun_by}, que la comenzó (esta es {own}), o elija otra carpeta",
    }
}
