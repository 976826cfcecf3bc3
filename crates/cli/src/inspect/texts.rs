//! The words that `neurona inspect` puts around the numbers.

neurona::messages! {
    pub(super) fn kinds(endings: &str) {
        en: "give a model or arrays in one of the kinds of file that are read: {endings}",
        es: "dé un modelo o arrays en uno de los tipos de archivo que se leen: {endings}",
    }

    pub(super) fn not_compiled() {
        en: "Not compiled: evaluating or training it needs --loss and --optimizer.",
        es: "No está compilado: evaluarlo o entrenarlo requiere --loss y --optimizer.",
    }

    pub(super) fn precision() {
        en: "Precision in the file (here: float32)",
        es: "Precisión en el archivo (aquí: float32)",
    }

    pub(super) fn no_weights() {
        en: "No weights: the file does not say what the samples look like.",
        es: "Sin pesos: el archivo no dice qué forma tienen las muestras.",
    }

    pub(super) fn optimizer() {
        en: "Optimizer",
        es: "Optimizador",
    }

    pub(super) fn loss() {
        en: "Loss",
        es: "Pérdida",
    }

    pub(super) fn metrics() {
        en: "Metrics",
        es: "Métricas",
    }

    pub(super) fn history(epochs: usize) {
        en: "History, {epochs} epochs; the last one",
        es: "Historia, {epochs} épocas; la última",
    }

    pub(super) fn no_history() {
        en: "History: none in the file",
        es: "Historia: ninguna en el archivo",
    }

    pub(super) fn seed(seed: &str) {
        en: "Seed: {seed}",
        es: "Semilla: {seed}",
    }

    pub(super) fn classes(count: usize) {
        en: "Classes ({count})",
        es: "Clases ({count})",
    }

    pub(super) fn weight() {
        en: "Weight",
        es: "Peso",
    }

    pub(super) fn array() {
        en: "Array",
        es: "Array",
    }

    pub(super) fn unread(name: &str) {
        en: "{name} (not read)",
        es: "{name} (no se lee)",
    }

    pub(super) fn shape() {
        en: "shape",
        es: "forma",
    }

    pub(super) fn mean() {
        en: "mean",
        es: "media",
    }

    pub(super) fn deviation() {
        en: "std",
        es: "desv",
    }

    pub(super) fn least() {
        en: "min",
        es: "mín",
    }

    pub(super) fn most() {
        en: "max",
        es: "máx",
    }

    pub(super) fn zeros() {
        en: "zeros",
        es: "ceros",
    }

    pub(super) fn not_finite(count: usize) {
        en: "  {count} not finite",
        es: "  {count} no finitos",
    }
}
