//! Every word the pictures say, in both languages.

use neurona_core::message::Decimal;

neurona_core::messages! {
    pub(crate) fn epoch() { en: "epoch", es: "época" }
    pub(crate) fn loss() { en: "loss", es: "pérdida" }
    pub(crate) fn accuracy() { en: "accuracy", es: "exactitud" }
    pub(crate) fn metric() { en: "metric", es: "métrica" }
    pub(crate) fn training() { en: "training", es: "entrenamiento" }
    pub(crate) fn validation() { en: "validation", es: "validación" }
    pub(crate) fn no_data() { en: "no data", es: "sin datos" }

    pub(crate) fn history_title() { en: "Training history", es: "Historia del entrenamiento" }
    pub(crate) fn chart(what: &str, names: &str) {
        en: "Line chart of {what} by epoch. Series: {names}.",
        es: "Gráfico de líneas de {what} por época. Series: {names}.",
    }
    /// One series in words: where it starts and where it ends.
    pub(crate) fn from_to(name: &str, first: &str, last: &str) {
        en: "{name}, from {first} to {last}",
        es: "{name}, de {first} a {last}",
    }

    pub(crate) fn learning_rate() { en: "learning rate", es: "tasa de aprendizaje" }
    pub(crate) fn rates_title() {
        en: "Loss by learning rate",
        es: "Pérdida según la tasa de aprendizaje",
    }
    pub(crate) fn smoothed_loss() { en: "smoothed loss", es: "pérdida suavizada" }
    pub(crate) fn batch_loss() { en: "loss of each batch", es: "pérdida de cada lote" }
    pub(crate) fn suggested_rate(rate: &str) {
        en: "suggested rate: {rate}",
        es: "tasa sugerida: {rate}",
    }
    pub(crate) fn rates_text(rate: &str) {
        en: "Line chart of the loss by learning rate, by powers of ten. It falls most steeply at {rate}.",
        es: "Gráfico de líneas de la pérdida según la tasa de aprendizaje, por potencias de diez. Baja con mayor pendiente en {rate}.",
    }
    pub(crate) fn rates_text_without() {
        en: "Line chart of the loss by learning rate, by powers of ten. It does not fall.",
        es: "Gráfico de líneas de la pérdida según la tasa de aprendizaje, por potencias de diez. No baja.",
    }

    pub(crate) fn column_pixel() { en: "column (pixel)", es: "columna (píxel)" }
    pub(crate) fn row_pixel() { en: "row (pixel)", es: "fila (píxel)" }
    pub(crate) fn image_title() { en: "Image", es: "Imagen" }
    pub(crate) fn image_text(height: usize, width: usize) {
        en: "Grayscale image of {height} × {width} pixels; 0 is white and 255 is black.",
        es: "Imagen en tonos de gris de {height} × {width} píxeles; 0 es blanco y 255 es negro.",
    }
    pub(crate) fn images_title() { en: "Images", es: "Imágenes" }
    pub(crate) fn images_text(count: usize, labels: &str) {
        en: "{count} images with the labels: {labels}.",
        es: "{count} imágenes con las etiquetas: {labels}.",
    }
    pub(crate) fn mistake() { en: "✗ mistake", es: "✗ error" }

    pub(crate) fn confusion_title() { en: "Confusion matrix", es: "Matriz de confusión" }
    pub(crate) fn true_label() { en: "true label", es: "etiqueta verdadera" }
    pub(crate) fn predicted_label() { en: "predicted label", es: "etiqueta predicha" }
    pub(crate) fn row_share() { en: "share of the row (%)", es: "proporción de la fila (%)" }
    pub(crate) fn confusion_summary(samples: usize, accuracy: Decimal) {
        en: "{samples} samples, accuracy {accuracy}%",
        es: "{samples} muestras, exactitud {accuracy}\u{a0}%",
    }
    pub(crate) fn confusion_text(classes: usize, summary: &str) {
        en: "Counts of predicted labels by true label for {classes} classes: {summary}.",
        es: "Cantidad de etiquetas predichas por etiqueta verdadera para {classes} clases: {summary}.",
    }

    pub(crate) fn transfer_title() { en: "Transfer functions", es: "Funciones de transferencia" }
    pub(crate) fn function() { en: "function f(net)", es: "función f(net)" }
    pub(crate) fn derivative() { en: "derivative f′(net)", es: "derivada f′(net)" }
    pub(crate) fn jump() { en: "jump", es: "salto" }
    pub(crate) fn transfer_text(names: &str) {
        en: "Each function and its derivative: {names}.",
        es: "Cada función y su derivada: {names}.",
    }

    pub(crate) fn network_title() { en: "Neural network", es: "Red neuronal" }
    pub(crate) fn input_layer() { en: "input layer", es: "capa de entrada" }
    pub(crate) fn hidden_layer() { en: "hidden layer", es: "capa oculta" }
    pub(crate) fn hidden_layer_of(number: usize) {
        en: "hidden layer {number}",
        es: "capa oculta {number}",
    }
    pub(crate) fn output_layer() { en: "output layer", es: "capa de salida" }
    /// Layers that only pass values on, drawn as a part of the input.
    pub(crate) fn then(layers: &str) { en: "then {layers}", es: "luego {layers}" }
    pub(crate) fn values(count: usize) { en: "{count} values", es: "{count} valores" }
    pub(crate) fn one_value() { en: "1 value", es: "1 valor" }
    pub(crate) fn output_shape(shape: &str) { en: "output: {shape}", es: "salida: {shape}" }
    pub(crate) fn parameters(count: usize) { en: "{count} parameters", es: "{count} parámetros" }
    pub(crate) fn one_parameter() { en: "1 parameter", es: "1 parámetro" }
    pub(crate) fn more(count: usize) { en: "{count} more", es: "{count} más" }
    pub(crate) fn all_parameters(count: usize) {
        en: "{count} parameters in all",
        es: "{count} parámetros en total",
    }
    pub(crate) fn positive_weight() { en: "positive weight", es: "peso positivo" }
    pub(crate) fn negative_weight() { en: "negative weight", es: "peso negativo" }
    pub(crate) fn five_largest() {
        en: "lines: the 5 largest weights into each unit",
        es: "líneas: los 5 pesos mayores de cada unidad",
    }
    pub(crate) fn five_largest_of_drawn() {
        en: "lines: the 5 largest weights into each unit, among the units drawn",
        es: "líneas: los 5 pesos mayores de cada unidad, entre las unidades dibujadas",
    }
    pub(crate) fn pixel_weights() {
        en: "squares: the weight of each pixel",
        es: "cuadros: el peso de cada píxel",
    }
    pub(crate) fn network_text(layers: &str) {
        en: "A network from left to right: {layers}.",
        es: "Una red de izquierda a derecha: {layers}.",
    }

    pub(crate) fn neuron_title() { en: "Artificial neuron", es: "Neurona artificial" }
    pub(crate) fn neuron_text() {
        en: "The inputs x₁ to xₙ, each times its weight, are added with the bias b to give net; the output y is the transfer function f of net. The bias is the threshold θ with the opposite sign.",
        es: "Las entradas x₁ a xₙ, cada una por su peso, se suman con el sesgo b para dar net; la salida y es la función de transferencia f de net. El sesgo es el umbral θ con el signo contrario.",
    }
    pub(crate) fn inputs() { en: "inputs", es: "entradas" }
    pub(crate) fn weights() { en: "weights", es: "pesos" }
    pub(crate) fn bias() { en: "bias", es: "sesgo" }
    pub(crate) fn bias_is() { en: "b = −θ (θ: threshold)", es: "b = −θ (θ: umbral)" }
    pub(crate) fn bias_note() {
        en: "The bias is the threshold with the opposite sign, b\u{a0}=\u{a0}−θ: with it, net tells by how much the sum exceeds θ.",
        es: "El sesgo es el umbral con el signo contrario, b\u{a0}=\u{a0}−θ: con él, net dice en cuánto supera la suma a θ.",
    }
    pub(crate) fn weighted_sum() { en: "weighted sum", es: "suma ponderada" }
    pub(crate) fn transfer_function() { en: "transfer function", es: "función de transferencia" }
    pub(crate) fn output() { en: "output", es: "salida" }

    pub(crate) fn unknown_suffix(path: &str) {
        en: "cannot tell what kind of picture to write to \"{path}\"",
        es: "no se sabe qué clase de imagen escribir en \"{path}\"",
    }
    pub(crate) fn known_suffixes() {
        en: "use a name that ends in .svg or .png",
        es: "use un nombre que termine en .svg o .png",
    }
    pub(crate) fn cannot_write(path: &str, why: &std::io::Error) {
        en: "cannot write \"{path}\": {why}",
        es: "no se puede escribir \"{path}\": {why}",
    }
}

#[cfg(feature = "png")]
neurona_core::messages! {
    pub(crate) fn bad_scale(scale: f64, most: f64) {
        en: "the scale of this picture must be greater than 0 and at most {most}, not {scale}",
        es: "la escala de esta imagen debe ser mayor que 0 y a lo sumo {most}, no {scale}",
    }
    pub(crate) fn cannot_draw(why: &str) {
        en: "cannot draw the picture as PNG: {why}",
        es: "no se puede dibujar la imagen como PNG: {why}",
    }
}

#[cfg(not(feature = "png"))]
neurona_core::messages! {
    pub(crate) fn without_png(path: &str) {
        en: "cannot write \"{path}\": this program was built without PNG",
        es: "no se puede escribir \"{path}\": este programa se compiló sin PNG",
    }
    pub(crate) fn with_png() {
        en: "save it as .svg, or build with the feature \"png\" to write .png",
        es: "guárdela como .svg, o compile con la característica \"png\" para escribir .png",
    }
}
