//! Things about a loss and the layers before it that are legal but seldom meant.

use super::Loss;
use crate::message::Text;
use crate::nn::Activation;

crate::messages! {
    fn renormalised() {
        en: "categorical cross-entropy after a sigmoid divides the outputs by their sum first, as its formula says; softmax is meant for it",
        es: "la entropía cruzada categórica tras una sigmoide divide primero las salidas por su suma, como dice su fórmula; la función pensada para ella es softmax",
    }

    fn already_probabilities(activation: &str) {
        en: "the loss expects logits (from_logits), but the last layer already applies {activation}",
        es: "la pérdida espera logits (from_logits), pero la última capa ya aplica {activation}",
    }

    fn flat(activation: &str) {
        en: "{activation} has derivative zero everywhere: no gradient passes it, so the layers before it cannot learn",
        es: "{activation} tiene derivada cero en todas partes: ningún gradiente la atraviesa, y las capas anteriores no pueden aprender",
    }
}

/// The losses that divide predictions by their sum.
const RENORMALISING: [&str; 3] = [
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "categorical_focal_crossentropy",
];

/// Anything legal but seldom meant about a loss and the activations of the layers before it, last
/// first.
pub(in crate::nn) fn doubts(loss: &dyn Loss, activations: &[Activation]) -> Vec<Text> {
    let mut doubts = Vec::new();
    match activations.first() {
        Some(Activation::Sigmoid)
            if RENORMALISING.contains(&loss.name()) && !loss.from_logits() =>
        {
            doubts.push(renormalised());
        }
        Some(last @ (Activation::Sigmoid | Activation::Softmax)) if loss.from_logits() => {
            doubts.push(already_probabilities(last.name()));
        }
        _ => {}
    }
    if let Some(threshold) = activations.iter().find(|a| !a.is_differentiable()) {
        doubts.push(flat(threshold.name()));
    }
    doubts
}
