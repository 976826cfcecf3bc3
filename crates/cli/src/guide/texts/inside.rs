//! The texts about the inside: the neurons, the loss, a gradient and an update, with their numbers.

use crate::numbers::{Fixed, Power, Significant};

neurona::messages! {
    pub(in crate::guide) fn inside_title() {
        en: "Inside: one image, with all its numbers",
        es: "Por dentro: una imagen, con todos sus números",
    }

    pub(in crate::guide) fn learned() {
        en: "This is the network of step 7 with the weights that it learned. What they do is seen by following one \
             image through it, and the error back.",
        es: "Esta es la red del paso 7 con los pesos que aprendió. Qué hacen se ve siguiendo una imagen a través de \
             ella, y el error de vuelta.",
    }

    pub(in crate::guide) fn inside(unit: usize, digit: usize) {
        en: "Take test image 11, a {digit}, and hidden neuron j = {unit} (they are counted from 0): of the ten, it is the \
             one that pushes the answer most towards {digit}. The code prints its five largest terms: the number i of \
             the pixel, its row and column, the pixel x between 0 and 1, times its weight w.",
        es: "Tomemos la imagen de prueba 11, un {digit}, y la neurona oculta j = {unit} (se cuentan desde 0): de las diez, \
             es la que más empuja la respuesta hacia el {digit}. El código muestra sus cinco términos más grandes: el \
             número i del píxel, su fila y su columna, el píxel x entre 0 y 1, por su peso w.",
    }

    pub(in crate::guide) fn net_is(others: usize, blank: usize) {
        en: "The neuron's net input is the sum of those five terms, of the other {others}, and of the bias. Most of the \
             others add nothing: {blank} of the 784 pixels are paper, where x is 0.",
        es: "La entrada neta de la neurona es la suma de esos cinco términos, de los otros {others} y del sesgo. La \
             mayoría de los otros no suma nada: {blank} de los 784 píxeles son papel, donde x vale 0.",
    }

    pub(in crate::guide) fn sums(five: Fixed, others: usize, rest: Fixed, bias: Fixed, net: Fixed) {
        en: "the five terms        {five:>9}\n\
             the other {others}         {rest:>9}\n\
             the bias b            {bias:>9}\n\
             net = Σ xᵢ·wᵢ + b   = {net:>9}",
        es: "los cinco términos    {five:>9}\n\
             los otros {others}         {rest:>9}\n\
             el sesgo b            {bias:>9}\n\
             net = Σ xᵢ·wᵢ + b   = {net:>9}",
    }

    pub(in crate::guide) fn sigmoid() {
        en: "The transfer function f is the sigmoid, which brings the net input between 0 and 1:",
        es: "La función de transferencia f es la sigmoide, que lleva la entrada neta entre 0 y 1:",
    }

    pub(in crate::guide) fn sigmoid_formula(minus_net: Fixed, y: Fixed) {
        en: "y = f(net) = 1 / (1 + e^(−net))\n           = 1 / (1 + e^({minus_net})) = {y}",
        es: "y = f(net) = 1 / (1 + e^(−net))\n           = 1 / (1 + e^({minus_net})) = {y}",
    }

    pub(in crate::guide) fn outputs(digit: usize) {
        en: "The other nine hidden neurons do the same. Their ten outputs y are the inputs of the output layer. There, \
             neuron k = {digit} is the one that stands for the digit {digit}. It multiplies the output y of each hidden \
             neuron j by the weight w of that connection, and adds everything to its bias b, which gives its score s:",
        es: "Las otras nueve neuronas ocultas hacen lo mismo. Sus diez salidas y son las entradas de la capa de salida. \
             Allí, la neurona k = {digit} es la que representa al dígito {digit}. Multiplica la salida y de cada neurona \
             oculta j por el peso w de esa conexión, y suma todo a su sesgo b, con lo que obtiene su puntaje s:",
    }

    pub(in crate::guide) fn strongest(unit: usize) {
        en: "The largest product is that of hidden neuron {unit}, which is why we follow it.",
        es: "El producto más grande es el de la neurona oculta {unit}, y por eso la seguimos.",
    }

    pub(in crate::guide) fn strongest_by_chance(unit: usize) {
        en: "The largest product is that of hidden neuron {unit}, which is why we follow it. It has the same number as the \
             digit by chance: hidden neurons do not stand for digits.",
        es: "El producto más grande es el de la neurona oculta {unit}, y por eso la seguimos. Que tenga el mismo número que \
             el dígito es casualidad: las neuronas ocultas no representan dígitos.",
    }

    pub(in crate::guide) fn scores() {
        en: "So do the other nine output neurons. For each digit k, the code prints its score s, e^s, and the \
             probability p that softmax makes of it:",
        es: "Lo mismo hacen las otras nueve neuronas de salida. Para cada dígito k, el código muestra su puntaje s, e^s \
             y la probabilidad p que softmax obtiene de él:",
    }

    pub(in crate::guide) fn probability(digit: usize) {
        en: "For the digit {digit}, softmax divides its e^s by the sum of the whole column:",
        es: "Para el dígito {digit}, softmax divide su e^s por la suma de toda la columna:",
    }

    pub(in crate::guide) fn probability_formula(low: &str, score: Fixed, all: Fixed, p: Fixed) {
        en: "p{low} = e^s{low} / Σ e^s = e^({score}) / {all} = {p}",
        es: "p{low} = e^s{low} / Σ e^s = e^({score}) / {all} = {p}",
    }

    pub(in crate::guide) fn loss(digit: usize) {
        en: "The loss compares the ten probabilities p with the targets t. As t is 1 for {digit} and 0 for the other nine, \
             it looks only at the probability of {digit}:",
        es: "La pérdida compara las diez probabilidades p con los valores deseados t. Como t vale 1 para el {digit} y 0 \
             para los otros nueve, mira solo la probabilidad del {digit}:",
    }

    pub(in crate::guide) fn loss_is_that() {
        en: "That is:",
        es: "Es decir:",
    }

    pub(in crate::guide) fn loss_formula(low: &str, p: Fixed, loss: Fixed) {
        en: "L = −Σ tₖ · ln pₖ = −ln p{low} = −ln {p} = {loss}",
        es: "L = −Σ tₖ · ln pₖ = −ln p{low} = −ln {p} = {loss}",
    }

    pub(in crate::guide) fn backward(input: usize, row: usize, column: usize, unit: usize) {
        en: "Backpropagation asks: if one weight grows a little, how much does the loss change? The answer is the \
             gradient, and it is found with the chain rule, from the loss back. Take the weight wᵢⱼ of the largest term, \
             from pixel i = {input} (row {row}, column {column}) to hidden neuron j = {unit}. It acts on netⱼ, netⱼ acts on yⱼ, and \
             yⱼ acts on the loss: three factors.",
        es: "La retropropagación pregunta: si un peso crece un poco, ¿cuánto cambia la pérdida? La respuesta es el \
             gradiente, y se halla con la regla de la cadena, desde la pérdida hacia atrás. Tomemos el peso wᵢⱼ del \
             término más grande, del píxel i = {input} (fila {row}, columna {column}) a la neurona oculta j = {unit}. Actúa sobre netⱼ, \
             netⱼ actúa sobre yⱼ, e yⱼ actúa sobre la pérdida: tres factores.",
    }

    pub(in crate::guide) fn errors(low: &str, p: Fixed, error: Fixed) {
        en: "The first factor adds up the errors of the ten output neurons, pₖ − tₖ, each times the weight wⱼₖ through \
             which yⱼ reaches it. One of those errors is p{low} − t{low} = {p} − 1 = {error}.",
        es: "El primer factor suma los errores de las diez neuronas de salida, pₖ − tₖ, cada uno por el peso wⱼₖ a través \
             del cual yⱼ llega a ella. Uno de esos errores es p{low} − t{low} = {p} − 1 = {error}.",
    }

    pub(in crate::guide) fn backward_formula(to_unit: Significant, slope: Significant, x: Significant, gradient: Significant) {
        en: "from the loss to y      ∂L/∂yⱼ = Σₖ wⱼₖ·(pₖ − tₖ)   = {to_unit:>9}\n\
             through the sigmoid     ∂yⱼ/∂netⱼ = yⱼ·(1 − yⱼ)     = {slope:>9}\n\
             down to the weight      ∂netⱼ/∂wᵢⱼ = xᵢ             = {x:>9}\n\
             these three multiplied  ∂L/∂wᵢⱼ                     = {gradient:>9}",
        es: "de la pérdida a y       ∂L/∂yⱼ = Σₖ wⱼₖ·(pₖ − tₖ)   = {to_unit:>9}\n\
             por la sigmoide         ∂yⱼ/∂netⱼ = yⱼ·(1 − yⱼ)     = {slope:>9}\n\
             hasta el peso           ∂netⱼ/∂wᵢⱼ = xᵢ             = {x:>9}\n\
             el producto de los tres ∂L/∂wᵢⱼ                     = {gradient:>9}",
    }

    pub(in crate::guide) fn finite_difference() {
        en: "Is it right? It can be checked without any formula: raise that weight by h = 0.00001, then lower it by h, and \
             look at the loss both times. The slope between the two must be the gradient. The code prints what \
             backpropagation found, then what the two losses say:",
        es: "¿Es correcto? Se puede comprobar sin ninguna fórmula: se sube ese peso en h = 0,00001, después se lo baja en \
             h, y se mira la pérdida las dos veces. La pendiente entre ambas debe ser el gradiente. El código muestra lo \
             que halló la retropropagación y después lo que dicen las dos pérdidas:",
    }

    pub(in crate::guide) fn compared(apart: Power) {
        en: "They differ by {apart}.",
        es: "Difieren en {apart}.",
    }

    pub(in crate::guide) fn rises() {
        en: "The gradient is positive: if the weight grows, the loss grows. So the optimizer lowers the weight, by the \
             learning rate times the gradient. Before and after:",
        es: "El gradiente es positivo: si el peso crece, la pérdida crece. Por eso el optimizador baja el peso, en la \
             tasa de aprendizaje por el gradiente. Antes y después:",
    }

    pub(in crate::guide) fn falls() {
        en: "The gradient is negative: if the weight grows, the loss falls. So the optimizer raises the weight, by the \
             learning rate times the gradient. Before and after:",
        es: "El gradiente es negativo: si el peso crece, la pérdida baja. Por eso el optimizador sube el peso, en la \
             tasa de aprendizaje por el gradiente. Antes y después:",
    }

    pub(in crate::guide) fn update() {
        en: "The rule and its numbers:",
        es: "La regla y sus números:",
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
