//! What is said of the inside: one neuron, the loss, a gradient and an update, with their numbers.

use crate::numbers::{Fixed, Significant};

neurona::messages! {
    pub(in crate::guide) fn inside_title() {
        en: "Inside: one digit, with all its numbers",
        es: "Por dentro: un dígito, con todos sus números",
    }

    pub(in crate::guide) fn inside(unit: usize, label: usize) {
        en: "What did the network do with test digit 11? Let us follow hidden neuron {unit} (they count from 0): of \
             the ten, it is the one that pushes most towards {label}. These are its five largest terms: x is the pixel \
             between 0 and 1, w its weight.",
        es: "¿Qué hizo la red con el dígito de prueba 11? Sigamos a la neurona oculta {unit} (se cuentan desde 0): de \
             las diez, es la que más empuja hacia el {label}. Estos son sus cinco términos más grandes: x es el píxel \
             entre 0 y 1, w su peso.",
    }

    pub(in crate::guide) fn pixel() {
        en: "pixel",
        es: "píxel",
    }

    pub(in crate::guide) fn place() {
        en: "row, column",
        es: "fila, columna",
    }

    pub(in crate::guide) fn sums(five: Fixed, others: usize, rest: Fixed, bias: Fixed, sum: Fixed) {
        en: "the five terms       {five:>9}\n\
             the other {others}        {rest:>9}\n\
             the bias b           {bias:>9}\n\
             z = Σ xᵢ·wᵢ + b    = {sum:>9}",
        es: "los cinco términos   {five:>9}\n\
             los otros {others}        {rest:>9}\n\
             el sesgo b           {bias:>9}\n\
             z = Σ xᵢ·wᵢ + b    = {sum:>9}",
    }

    pub(in crate::guide) fn sigmoid(blank: usize) {
        en: "{blank} of the 784 pixels are paper: x is 0, and they add nothing. The sum z then goes through the \
             sigmoid, which brings it between 0 and 1:",
        es: "{blank} de los 784 píxeles son papel: x vale 0 y no suman nada. Luego la suma z pasa por la sigmoide, \
             que la lleva entre 0 y 1:",
    }

    pub(in crate::guide) fn sigmoid_formula(sum: Fixed, output: Fixed) {
        en: "a = 1 / (1 + e^(−z))\n  = 1 / (1 + e^(−({sum}))) = {output}",
        es: "a = 1 / (1 + e^(−z))\n  = 1 / (1 + e^(−({sum}))) = {output}",
    }

    pub(in crate::guide) fn loss(label: usize) {
        en: "The ten outputs a go on to the output layer, where softmax makes the probabilities. The loss looks only at \
             the probability of the true digit, {label}; the other nine terms of the sum are multiplied by 0.",
        es: "Las diez salidas a siguen hacia la capa de salida, donde softmax forma las probabilidades. La pérdida \
             mira solo la probabilidad del dígito verdadero, el {label}; los otros nueve términos de la suma se \
             multiplican por 0.",
    }

    pub(in crate::guide) fn loss_formula(label: &str, score: Fixed, all: Fixed, probability: Fixed, loss: Fixed) {
        en: "p{label} = e^z{label} / Σ e^z = e^({score}) / {all} = {probability}\n\
             L  = −Σ y·ln p = −ln p{label} = −ln {probability} = {loss}",
        es: "p{label} = e^z{label} / Σ e^z = e^({score}) / {all} = {probability}\n\
             L  = −Σ y·ln p = −ln p{label} = −ln {probability} = {loss}",
    }

    pub(in crate::guide) fn backward(row: usize, column: usize, unit: usize) {
        en: "Backpropagation asks: if one weight grows a little, how much does the loss change? It is the chain rule, \
             from the output back. Take the weight of the largest term, from the pixel in row {row}, column {column} \
             (input i) to neuron {unit} (neuron j):",
        es: "La retropropagación pregunta: si un peso crece un poco, ¿cuánto cambia la pérdida? Es la regla de la \
             cadena, desde la salida hacia atrás. Tomemos el peso del término más grande, del píxel de la fila {row}, \
             columna {column} (entrada i) a la neurona {unit} (neurona j):",
    }

    pub(in crate::guide) fn backward_formula(low: &str, probability: Fixed, error: Fixed, to_unit: Significant, slope: Significant, x: Significant, gradient: Significant) {
        en: "error of that output    p{low} − y{low} = {probability} − 1        = {error:>9}\n\
             back to the neuron      ∂L/∂aⱼ = Σₖ wⱼₖ·(pₖ − yₖ)   = {to_unit:>9}\n\
             through the sigmoid     ∂aⱼ/∂zⱼ = aⱼ·(1 − aⱼ)       = {slope:>9}\n\
             down to the weight      ∂zⱼ/∂wᵢⱼ = xᵢ               = {x:>9}\n\
             these three multiplied  ∂L/∂wᵢⱼ                     = {gradient:>9}",
        es: "error de esa salida     p{low} − y{low} = {probability} − 1        = {error:>9}\n\
             hasta la neurona        ∂L/∂aⱼ = Σₖ wⱼₖ·(pₖ − yₖ)   = {to_unit:>9}\n\
             por la sigmoide         ∂aⱼ/∂zⱼ = aⱼ·(1 − aⱼ)       = {slope:>9}\n\
             hasta el peso           ∂zⱼ/∂wᵢⱼ = xᵢ               = {x:>9}\n\
             el producto de los tres ∂L/∂wᵢⱼ                     = {gradient:>9}",
    }

    pub(in crate::guide) fn finite_difference() {
        en: "Is it right? Without any formula: raise that weight by h = 0.00001, then lower it by as much, and look at \
             the loss both times. The slope between the two must be the gradient.",
        es: "¿Es correcto? Sin ninguna fórmula: se sube ese peso en h = 0,00001, después se lo baja otro tanto, y se \
             mira la pérdida las dos veces. La pendiente entre ambas debe ser el gradiente.",
    }

    pub(in crate::guide) fn compared(apart: &str) {
        en: "The first number is that of backpropagation, the second that of the two losses. They differ by {apart}.",
        es: "El primer número es el de la retropropagación; el segundo, el de las dos pérdidas. Difieren en {apart}.",
    }

    pub(in crate::guide) fn rises() {
        en: "The gradient is positive: if the weight grows, the loss grows. So the optimizer lowers the weight, by the \
             learning rate times the gradient:",
        es: "El gradiente es positivo: si el peso crece, la pérdida crece. Por eso el optimizador baja el peso, en la \
             tasa de aprendizaje por el gradiente:",
    }

    pub(in crate::guide) fn falls() {
        en: "The gradient is negative: if the weight grows, the loss falls. So the optimizer raises the weight, by the \
             learning rate times the gradient:",
        es: "El gradiente es negativo: si el peso crece, la pérdida baja. Por eso el optimizador sube el peso, en la \
             tasa de aprendizaje por el gradiente:",
    }

    pub(in crate::guide) fn update_formula(weight: Fixed, rate: Fixed, gradient: Significant, updated: Fixed) {
        en: "w ← w − rate · ∂L/∂w\n  = {weight} − {rate} · ({gradient}) = {updated}",
        es: "w ← w − tasa · ∂L/∂w\n  = {weight} − {rate} · ({gradient}) = {updated}",
    }

    pub(in crate::guide) fn whole_training(weights: usize, steps: usize) {
        en: "That is all that learning is: this, for the {weights} weights and biases, with the mean gradient of the \
             images of each batch, {steps} times in this run.",
        es: "Eso es todo el aprendizaje: esto mismo, para los {weights} pesos y sesgos, con el gradiente medio de las \
             imágenes de cada lote, {steps} veces en esta ejecución.",
    }
}
