//! What the figures show.

use neurona::message::Text;

neurona::messages! {
    pub(in crate::guide) fn figure(name: &str, caption: &Text) {
        en: "Figure `{name}`: {caption}",
        es: "Figura `{name}`: {caption}",
    }

    pub(in crate::guide) fn artificial_intelligence() {
        en: "deep learning within artificial intelligence",
        es: "el aprendizaje profundo dentro de la inteligencia artificial",
    }

    pub(in crate::guide) fn image_8() {
        en: "image 8, a 1",
        es: "imagen 8, un 1",
    }

    pub(in crate::guide) fn biological_neuron() {
        en: "a biological neuron and its parts",
        es: "una neurona biológica y sus partes",
    }

    pub(in crate::guide) fn artificial_neuron() {
        en: "an artificial neuron",
        es: "una neurona artificial",
    }

    pub(in crate::guide) fn transfer_functions() {
        en: "transfer functions and their derivatives",
        es: "funciones de transferencia y sus derivadas",
    }

    pub(in crate::guide) fn softmax_shown() {
        en: "softmax, from net inputs to probabilities",
        es: "softmax, de entradas netas a probabilidades",
    }

    pub(in crate::guide) fn network() {
        en: "the network as it is built, before training",
        es: "la red recién creada, antes de entrenar",
    }

    pub(in crate::guide) fn minima_shown() {
        en: "local and global minimum of a loss",
        es: "mínimo local y mínimo global de una pérdida",
    }

    pub(in crate::guide) fn learning_rates() {
        en: "one training with three learning rates",
        es: "un mismo entrenamiento con tres tasas de aprendizaje",
    }

    pub(in crate::guide) fn history() {
        en: "the course of training",
        es: "el curso del entrenamiento",
    }

    pub(in crate::guide) fn overfitting_shown() {
        en: "overfitting: training loss and validation loss",
        es: "sobreajuste: pérdida de entrenamiento y de validación",
    }

    pub(in crate::guide) fn image_11() {
        en: "image 11, a 6",
        es: "imagen 11, un 6",
    }

    pub(in crate::guide) fn test_digits() {
        en: "the first sixteen test digits and the first mistakes after them",
        es: "los primeros dieciséis dígitos de prueba y los primeros errores que les siguen",
    }

    pub(in crate::guide) fn confusion_matrix() {
        en: "the confusion matrix",
        es: "la matriz de confusión",
    }

    pub(in crate::guide) fn network_trained() {
        en: "the network with the weights it learned",
        es: "la red con los pesos que aprendió",
    }
}
