//! The texts about the test: what was measured, one digit, all digits, and the mistakes.

use crate::numbers::Fixed;

neurona::messages! {
    pub(in crate::guide) fn test_title() {
        en: "Test with new images",
        es: "Probar con imágenes nuevas",
    }

    pub(in crate::guide) fn evaluate() {
        en: "How good is the network on digits it has never seen? The test part answers.",
        es: "¿Qué tan buena es la red con dígitos que nunca vio? Responde el conjunto de prueba.",
    }

    pub(in crate::guide) fn measured(right: usize, all: usize, accuracy: Fixed) {
        en: "It reads {right} of {all} right: {accuracy}%.",
        es: "Lee bien {right} de {all}: el {accuracy}\u{a0}%.",
    }

    pub(in crate::guide) fn not_the_same_mean() {
        en: "This is not the accuracy of the last training line. That one is a mean over the epoch, over weights that \
             were still improving; this one is measured with the final weights, and on other digits.",
        es: "No es la exactitud de la última línea del entrenamiento. Aquella es un promedio de la época, con pesos que \
             todavía mejoraban; esta se mide con los pesos finales, y con otros dígitos.",
    }

    pub(in crate::guide) fn published(seed: &str) {
        en: "If you follow a printed guide that shows 0.9202 and a loss of 0.2867 here after 5 epochs: five epochs do \
             not give that. Keras itself, run again with the same network and options, gives 0.87 (0.869 on \
             TensorFlow, 0.871 on JAX), and the fifth training line of that guide says 0.8447. An accuracy of 0.92 \
             with a loss of 0.287 is what 35 epochs give: in a notebook, running the `fit` cell again continues from \
             the weights it left, and that would explain it. What you see above was measured now (epochs: 5, \
             seed: {seed}).",
        es: "Si sigue una guía impresa que aquí muestra 0,9202 y una pérdida de 0,2867 después de 5 épocas: cinco \
             épocas no dan eso. El propio Keras, ejecutado de nuevo con la misma red y las mismas opciones, da 0,87 \
             (0,869 con TensorFlow, 0,871 con JAX), y la quinta línea de entrenamiento de esa guía dice 0,8447. Una \
             exactitud de 0,92 con una pérdida de 0,287 es lo que dan 35 épocas: en un cuaderno, ejecutar otra vez \
             la celda de `fit` sigue desde los pesos que dejó, y eso lo explicaría. Lo que ve arriba se midió ahora \
             (épocas: 5, semilla: {seed}).",
    }

    pub(in crate::guide) fn published_after_35(accuracy: Fixed, loss: Fixed) {
        en: "If you follow a printed guide that shows 0.9202 and a loss of 0.2867 here after 5 epochs: those are the \
             numbers of 35 epochs, which this run has just had, with {accuracy} and {loss}. In a notebook, running the \
             `fit` cell again continues from the weights it left; seven times 5 epochs would explain it.",
        es: "Si sigue una guía impresa que aquí muestra 0,9202 y una pérdida de 0,2867 después de 5 épocas: esos son los \
             números de 35 épocas, las que acaba de tener esta ejecución, con {accuracy} y {loss}. En un cuaderno, \
             ejecutar otra vez la celda de `fit` sigue desde los pesos que dejó; siete veces 5 épocas lo explicarían.",
    }

    pub(in crate::guide) fn one_digit() {
        en: "Now one image of the test, number 11:",
        es: "Ahora una imagen de la prueba, la número 11:",
    }

    pub(in crate::guide) fn probabilities() {
        en: "The network gives a probability to each digit. They add up to 1, except for the rounding of the last \
             decimals. The place of the largest, `argmax`, is the answer:",
        es: "La red da una probabilidad a cada dígito. Suman 1, salvo por el redondeo de los últimos decimales. El \
             lugar de la mayor, `argmax`, es la respuesta:",
    }

    pub(in crate::guide) fn right(label: usize, percent: Fixed) {
        en: "The label says {label}, and so does the network, with {percent}%.",
        es: "La etiqueta dice {label} y la red también, con {percent}\u{a0}%.",
    }

    pub(in crate::guide) fn mistaken(label: usize, answer: usize, percent: Fixed) {
        en: "The label says {label}, but the network says {answer}, with {percent}%: a mistake, and a good one to \
             look into.",
        es: "La etiqueta dice {label}, pero la red dice {answer}, con {percent}\u{a0}%: un error, y vale la pena \
             mirarlo por dentro.",
    }

    pub(in crate::guide) fn answers() {
        en: "The same for all the test digits: first the true labels, then the predicted ones.",
        es: "Lo mismo para todos los dígitos de prueba: primero las etiquetas verdaderas, después las predichas.",
    }

    pub(in crate::guide) fn matrix() {
        en: "The confusion matrix counts every case: a row for each true digit, a column for each answer. What is \
             right lies on the diagonal; everything else is a mistake. Below it, the most frequent mistakes (true \
             digit, predicted digit, times).",
        es: "La matriz de confusión cuenta cada caso: una fila por cada dígito verdadero, una columna por cada \
             respuesta. Lo acertado está en la diagonal; todo lo demás son errores. Debajo, los errores más \
             frecuentes (dígito real, predicho, veces).",
    }

    pub(in crate::guide) fn confused(label: usize, answer: usize, times: usize, best: usize, best_recall: Fixed, worst: usize, worst_recall: Fixed) {
        en: "The most frequent mistake: a {label} read as a {answer}, {times} times. The digit read best is {best} \
             ({best_recall}%); the hardest one, {worst} ({worst_recall}%).",
        es: "El error más frecuente: leer {answer} donde había un {label}, {times} veces. El dígito que mejor lee es \
             el {best} ({best_recall}\u{a0}%); el más difícil, el {worst} ({worst_recall}\u{a0}%).",
    }

    pub(in crate::guide) fn matrix_caption() {
        en: "Confusion matrix: rows are true digits, columns are answers",
        es: "Matriz de confusión: las filas son los dígitos verdaderos; las columnas, las respuestas",
    }

    pub(in crate::guide) fn true_digit() {
        en: "true",
        es: "real",
    }

    pub(in crate::guide) fn predicted_digit() {
        en: "predicted",
        es: "predicho",
    }

    pub(in crate::guide) fn recall() {
        en: "recall",
        es: "acierto",
    }

    pub(in crate::guide) fn percent(value: Fixed) {
        en: "{value}%",
        es: "{value}\u{a0}%",
    }

    pub(in crate::guide) fn grid_right(label: usize) {
        en: "{label}",
        es: "{label}",
    }

    pub(in crate::guide) fn grid_wrong(label: usize, answer: usize) {
        en: "{answer}, true {label}",
        es: "{answer}, real {label}",
    }

    pub(in crate::guide) fn grid_title() {
        en: "Test digits and what the network says",
        es: "Dígitos de prueba y lo que dice la red",
    }
}
