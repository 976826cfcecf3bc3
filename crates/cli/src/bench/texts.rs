//! Everything `neurona bench` says, in Spanish and English.

neurona::messages! {
    pub(super) fn sizes(samples: usize, batch_size: usize, epochs: usize, threads: usize, isa: &str) {
        en: "samples: {samples} · batch size: {batch_size} · epochs: {epochs} · threads: {threads} · {isa}",
        es: "muestras: {samples} · tamaño de lote: {batch_size} · épocas: {epochs} · hilos: {threads} · {isa}",
    }

    pub(super) fn first_epoch() {
        en: "first epoch, with what comes before it",
        es: "primera época, con lo que la precede",
    }

    pub(super) fn epoch() {
        en: "best of the later epochs",
        es: "mejor de las épocas siguientes",
    }

    pub(super) fn steps_per_second() {
        en: "steps",
        es: "pasos",
    }

    pub(super) fn predict_one() {
        en: "one prediction",
        es: "una predicción",
    }

    pub(super) fn peak() {
        en: "most memory in use",
        es: "máximo de memoria en uso",
    }

    pub(super) fn losses() {
        en: "loss of each epoch",
        es: "pérdida de cada época",
    }

    pub(super) fn shares() {
        en: "Where the time of a training step goes:",
        es: "En qué se va el tiempo de un paso de entrenamiento:",
    }

    pub(super) fn around() {
        en: "around the steps",
        es: "alrededor de los pasos",
    }

    pub(super) fn steps_title() {
        en: "The program of a training step",
        es: "El programa de un paso de entrenamiento",
    }

    pub(super) fn layer() {
        en: "layer",
        es: "capa",
    }

    pub(super) fn whole_step() {
        en: "the whole training step",
        es: "el paso de entrenamiento entero",
    }

    pub(super) fn how_timed() {
        en: "Each step was timed alone, 100 times, and its median is shown. What is around the steps (copying the rows of the batch, looking whether loss and gradients are finite) is what they leave of the whole.",
        es: "Cada paso se midió por separado, 100 veces, y se muestra la mediana. Lo que hay alrededor de los pasos (copiar las filas del lote, revisar que la pérdida y los gradientes sean finitos) es lo que ellos dejan del total.",
    }
}
