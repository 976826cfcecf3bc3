//! What is said of the network: its neurons, how it answers, how it is compiled and trained.

neurona::messages! {
    pub(in crate::guide) fn network_title() {
        en: "Build the network",
        es: "Crear la red",
    }

    pub(in crate::guide) fn neuron() {
        en: "An artificial neuron imitates a biological one. Inputs x₁ … xₙ arrive as signals do at the dendrites; \
             each is multiplied by its weight w, the strength of that connection: positive weights excite, \
             negative ones inhibit. The neuron adds it all up with a bias b, which plays the part of the threshold, \
             and passes the sum through a transfer function f. A perceptron is one such neuron alone.",
        es: "Una neurona artificial imita a una biológica. Las entradas x₁ … xₙ llegan como las señales a las \
             dendritas; cada una se multiplica por su peso w, la fuerza de esa conexión: los pesos positivos \
             excitan y los negativos inhiben. La neurona suma todo con un sesgo b, que hace de umbral, y pasa la \
             suma por una función de transferencia f. Un perceptrón es una sola de estas neuronas.",
    }

    pub(in crate::guide) fn neuron_formula() {
        en: "net = x₁·w₁ + x₂·w₂ + … + xₙ·wₙ + b          y = f(net)",
        es: "net = x₁·w₁ + x₂·w₂ + … + xₙ·wₙ + b          y = f(net)",
    }

    pub(in crate::guide) fn transfer() {
        en: "The transfer function decides what the neuron gives out: a threshold says only yes or no, the linear \
             one lets the sum pass as it is, the sigmoid turns it smoothly into a number between 0 and 1. Learning \
             needs the slope of the function (its derivative), and a threshold has none.",
        es: "La función de transferencia decide qué entrega la neurona: un umbral solo dice sí o no, la lineal deja \
             pasar la suma como está, la sigmoide la convierte suavemente en un número entre 0 y 1. Para aprender \
             hace falta la pendiente de la función (su derivada), y un umbral no la tiene.",
    }

    pub(in crate::guide) fn layers() {
        en: "A multilayer perceptron puts neurons in layers: input, one or more hidden layers, output. In a \
             sequential model each layer takes what the one before gives. Ours takes an image; `Rescaling` and \
             `Flatten`, which have nothing to learn, make 784 inputs between 0 and 1 of it (steps 4 and 5). Then \
             come a hidden layer of 10 neurons with sigmoid, and an output layer of 10 with softmax, which makes \
             ten probabilities that add up to 1.",
        es: "Un perceptrón multicapa ordena las neuronas en capas: la de entrada, una o más capas ocultas y la de \
             salida. En un modelo secuencial cada capa toma lo que da la anterior. El nuestro recibe una imagen; \
             `Rescaling` y `Flatten`, que no tienen nada que aprender, hacen de ella 784 entradas entre 0 y 1 (pasos 4 \
             y 5). Siguen una capa oculta de 10 neuronas con sigmoide y una de salida de 10 con softmax, que forma \
             diez probabilidades que suman 1.",
    }

    pub(in crate::guide) fn parameters(hidden: usize, output: usize, total: usize) {
        en: "The hidden layer learns 784 × 10 weights and 10 biases: {hidden} numbers. The output layer, 10 × 10 \
             weights and 10 biases: {output}. Together {total}.",
        es: "La capa oculta aprende 784 × 10 pesos y 10 sesgos: {hidden} números. La de salida, 10 × 10 pesos y 10 \
             sesgos: {output}. En total, {total}.",
    }

    pub(in crate::guide) fn forward() {
        en: "Forward propagation is how the network answers: an image goes in, each layer computes its neurons, and \
             the last one gives the ten probabilities. The weights begin at random (the seed decides which), so the \
             first answers are worth no more than guessing.",
        es: "La propagación hacia adelante es la forma en que la red responde: entra una imagen, cada capa calcula \
             sus neuronas y la última da las diez probabilidades. Los pesos empiezan al azar (la semilla decide \
             cuáles), así que las primeras respuestas no valen más que adivinar.",
    }

    pub(in crate::guide) fn compile_title() {
        en: "Compile: loss, optimizer and metric",
        es: "Compilar: pérdida, optimizador y métrica",
    }

    pub(in crate::guide) fn compile() {
        en: "To learn, three things are chosen. The loss says how bad an answer is: categorical cross-entropy is \
             large when the right digit gets a small probability. The optimizer changes the weights to lower it: \
             gradient descent (SGD), with a learning rate of 0.01, which is how long each step is. The metric is \
             for us to read: accuracy, the share of right answers.",
        es: "Para aprender se eligen tres cosas. La pérdida dice cuán mala es una respuesta: la entropía cruzada \
             categórica es grande cuando el dígito correcto recibe poca probabilidad. El optimizador cambia los \
             pesos para bajarla: descenso por gradiente (SGD), con una tasa de aprendizaje de 0,01, que es el largo \
             de cada paso. La métrica es para que la leamos nosotros: la exactitud, la proporción de aciertos.",
    }

    pub(in crate::guide) fn rate() {
        en: "Steps that are too short take very long; steps that are too long jump over the minimum.",
        es: "Con pasos demasiado cortos se tarda muchísimo; con pasos demasiado largos se salta por encima del \
             mínimo.",
    }

    pub(in crate::guide) fn train_title() {
        en: "Train",
        es: "Entrenar",
    }

    pub(in crate::guide) fn train(batch: usize, steps: usize) {
        en: "The images go through in batches of {batch}. After each batch, backpropagation goes from the output back \
             to the input and finds how each weight affects the loss; then the optimizer corrects them all a \
             little. An epoch is one pass over all the images: {steps} batches.",
        es: "Las imágenes pasan en lotes de {batch}. Después de cada lote, la retropropagación va desde la salida \
             hacia la entrada y encuentra cómo influye cada peso en la pérdida; luego el optimizador los corrige \
             todos un poco. Una época es una pasada por todas las imágenes: {steps} lotes.",
    }

    pub(in crate::guide) fn trained(first: crate::numbers::Fixed, last: crate::numbers::Fixed, accuracy: crate::numbers::Fixed) {
        en: "The loss went from {first} in the first epoch to {last} in the last, where {accuracy}% of the answers \
             were right. Each line is the mean over its epoch, while the weights were still changing.",
        es: "La pérdida pasó de {first} en la primera época a {last} en la última, en la que acertó el {accuracy}\u{a0}%. \
             Cada línea es el promedio de su época, mientras los pesos todavía cambiaban.",
    }

    pub(in crate::guide) fn trained_once(loss: crate::numbers::Fixed, accuracy: crate::numbers::Fixed) {
        en: "The mean loss of the epoch was {loss}, and {accuracy}% of the answers were right, counting the first \
             ones, which were guesses.",
        es: "La pérdida media de la época fue {loss} y acertó el {accuracy}\u{a0}%, contando las primeras respuestas, \
             que eran al azar.",
    }
}
