//! The texts about learning: the loss, the optimizer, the training, and a training that goes too
//! far.

use crate::numbers::Fixed;

neurona::messages! {
    pub(in crate::guide) fn compile_title() {
        en: "Compile: loss, optimizer and metric",
        es: "Compilar: pérdida, optimizador y métrica",
    }

    pub(in crate::guide) fn compile() {
        en: "To compile a network is to choose three things for its training:",
        es: "Compilar una red es elegir tres cosas para su entrenamiento:",
    }

    pub(in crate::guide) fn loss_is() {
        en: "The loss, or cost, says how bad the answers are: large for a poor network, small for a good one. Here it \
             is categorical cross-entropy.",
        es: "La pérdida, o función de coste, dice cuán malas son las respuestas: grande para una red mala, pequeña \
             para una buena. Aquí es la entropía cruzada categórica.",
    }

    pub(in crate::guide) fn optimizer_is() {
        en: "The optimizer changes the weights so that the loss falls. Here it is gradient descent (SGD), with a \
             learning rate of 0.01.",
        es: "El optimizador cambia los pesos para que la pérdida baje. Aquí es el descenso por gradiente (SGD), con \
             una tasa de aprendizaje de 0,01.",
    }

    pub(in crate::guide) fn metric_is() {
        en: "The metric is for us to read. Here it is accuracy, the share of right answers.",
        es: "La métrica es para que la leamos nosotros. Aquí es la exactitud, la proporción de aciertos.",
    }

    pub(in crate::guide) fn crossentropy() {
        en: "Categorical cross-entropy is made for tasks in which each example belongs to exactly one of many classes. \
             It measures how far apart two probability distributions are: the wanted one, t, which is 1 for the right \
             digit and 0 for the other nine, as in the rows of step 6; and the predicted one, p, from softmax. (The \
             wanted answers are `y` in the code; here they are called t, targets, because y is already the output of a \
             neuron.) Where t is 0 the product is 0, so only the right digit's term remains, L = −ln p:",
        es: "La entropía cruzada categórica es para tareas en las que cada ejemplo pertenece a una sola de muchas \
             clases. Mide cuánto difieren dos distribuciones de probabilidad: la deseada, t, que vale 1 para el dígito \
             correcto y 0 para los otros nueve, como en las filas del paso 6; y la predicha, p, que da softmax. (En el \
             código, las respuestas deseadas son `y`; aquí se llaman t, por «target», porque y ya es la salida de una \
             neurona). Donde t es 0 el producto es 0, así que solo queda el término del dígito correcto, L = −ln p:",
    }

    pub(in crate::guide) fn minus() {
        en: "Why the minus sign? A probability is at most 1, so its logarithm is never positive. The minus makes the \
             loss positive, and the loss shrinks to 0 as the two distributions come together. A network that only \
             guesses among ten digits gives each p = 0.1 and has a loss of 2.3026.",
        es: "¿Por qué el signo menos? Una probabilidad es como mucho 1, así que su logaritmo nunca es positivo. El \
             menos hace positiva la pérdida, que se reduce hasta 0 a medida que las dos distribuciones se acercan. Una \
             red que solo adivina entre diez dígitos da a cada uno p = 0,1 y tiene una pérdida de 2,3026.",
    }

    pub(in crate::guide) fn optimizers() {
        en: "There are many optimizers. The most famous is gradient descent: the gradient of the loss points to where \
             it rises, so each weight takes a step to the opposite side. The most used is Adam, which keeps a running \
             mean of past gradients and gives each weight steps of its own length.",
        es: "Hay muchos optimizadores. El más famoso es el descenso por gradiente: el gradiente de la pérdida apunta \
             hacia donde esta sube, así que cada peso da un paso hacia el lado opuesto. El más usado es Adam, que lleva \
             un promedio de los gradientes pasados y da a cada peso pasos de un largo propio.",
    }

    pub(in crate::guide) fn hyperparameters() {
        en: "How long the steps are is set by the learning rate. It is not learned: a person chooses it before the \
             training, and so it is called a hyperparameter. The optimizer itself, the number of epochs, the size of \
             the batches and the number of hidden neurons are hyperparameters too.",
        es: "El largo de los pasos lo fija la tasa de aprendizaje. No se aprende: la elige una persona antes de \
             entrenar, y por eso se llama hiperparámetro. También son hiperparámetros el propio optimizador, la \
             cantidad de épocas, el tamaño de los lotes y la cantidad de neuronas ocultas.",
    }

    pub(in crate::guide) fn minima() {
        en: "Think of the loss as a landscape over the weights. Its lowest point is the global minimum; the bottom of \
             any other valley is a local minimum. The optimizer only knows the slope where it stands. With steps that \
             are too short it takes very long and may stay in a local minimum; with steps that are too long it jumps \
             over the global one, again and again.",
        es: "La pérdida es como un paisaje sobre los pesos. Su punto más bajo es el mínimo global; el fondo de \
             cualquier otro valle es un mínimo local. El optimizador solo conoce la pendiente del lugar en que está. Con \
             pasos demasiado cortos tarda muchísimo y puede quedarse en un mínimo local; con pasos demasiado largos \
             salta por encima del global una y otra vez.",
    }

    pub(in crate::guide) fn rates(digits: usize, steps: usize) {
        en: "How much it matters is seen by trying. The network of step 7 learns the first {digits} digits, all of them in \
             each of {steps} steps, each time from the same first weights, with three learning rates. For each rate, the \
             loss at the first step and at the last:",
        es: "Cuánto importa se ve probando. La red del paso 7 aprende los primeros {digits} dígitos, todos en cada uno de \
             {steps} pasos, cada vez desde los mismos pesos iniciales, con tres tasas de aprendizaje. Para cada tasa, la \
             pérdida del primer paso y la del último:",
    }

    pub(in crate::guide) fn rates_compared() {
        en: "All three begin at the same loss. With 0.01 it falls slowly, and so few steps lead nowhere near the minimum. \
             With 1 it falls fast. With 30 each step jumps over the minimum, and the loss leaps up and down. The guide \
             continues with 0.01, which is what Keras' SGD takes if nothing is said, and makes up for it with thousands \
             of steps.",
        es: "Las tres empiezan con la misma pérdida. Con 0,01 baja despacio, y tan pocos pasos no llegan ni cerca del \
             mínimo. Con 1 baja rápido. Con 30 cada paso salta por encima del mínimo, y la pérdida da saltos. La guía \
             sigue con 0,01, que es lo que usa el SGD de Keras si no se le dice nada, y lo compensa con miles de pasos.",
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

    pub(in crate::guide) fn trained(first: Fixed, last: Fixed, accuracy: Fixed) {
        en: "The loss went from {first} in the first epoch to {last} in the last, where {accuracy}% of the answers \
             were right. Each line is the mean over its epoch, while the weights were still changing.",
        es: "La pérdida pasó de {first} en la primera época a {last} en la última, en la que acertó el {accuracy}\u{a0}%. \
             Cada línea es el promedio de su época, mientras los pesos todavía cambiaban.",
    }

    pub(in crate::guide) fn trained_once(loss: Fixed, accuracy: Fixed) {
        en: "The mean loss of the epoch was {loss}, and {accuracy}% of the answers were right, counting the first \
             ones, which were guesses.",
        es: "La pérdida media de la época fue {loss} y acertó el {accuracy}\u{a0}%, contando las primeras respuestas, \
             que eran al azar.",
    }

    pub(in crate::guide) fn overfitting() {
        en: "Can a network train too much? It can: if it is large and its examples are few, it learns them by heart, \
             with their chance details, and gets worse at all others. This is overfitting, and the training loss alone \
             does not show it. So some examples are kept apart, out of the training, and the loss on them is measured \
             after each epoch: this is validation. They are not the test examples either, because what is used to \
             choose cannot be used to judge.",
        es: "¿Puede una red entrenarse de más? Sí: si es grande y sus ejemplos son pocos, los aprende de memoria, con \
             sus detalles casuales, y empeora con todos los demás. Esto es el sobreajuste, y la pérdida de \
             entrenamiento sola no lo muestra. Por eso se apartan algunos ejemplos, que quedan fuera del entrenamiento, \
             y después de cada época se mide la pérdida con ellos: es la validación. Tampoco son los ejemplos de \
             prueba, porque lo que se usa para elegir no sirve para juzgar.",
    }

    pub(in crate::guide) fn overfit(digits: usize, epochs: usize) {
        en: "Here a larger network, of 100 hidden neurons with ReLU, learns {digits} digits with Adam for {epochs} epochs; \
             another {digits} are for validation. The code prints three epochs, each with its training loss and its \
             validation loss:",
        es: "Aquí una red más grande, de 100 neuronas ocultas con ReLU, aprende {digits} dígitos con Adam durante \
             {epochs} épocas; otros {digits} son para la validación. El código muestra tres épocas, cada una con su \
             pérdida de entrenamiento y su pérdida de validación:",
    }

    pub(in crate::guide) fn overfitted(epoch: usize, loss: Fixed) {
        en: "The training loss falls until the end. The validation loss is lowest in epoch {epoch}, with {loss}, and \
             then rises: from there on the network learns by heart. The remedies: more examples, a smaller network, or \
             to stop in time, which Keras and `neurona` call `EarlyStopping`. Our own network is small and has \
             60,000 digits: it is far from that.",
        es: "La pérdida de entrenamiento baja hasta el final. La de validación es mínima en la época {epoch}, con {loss}, \
             y después sube: de ahí en adelante la red aprende de memoria. Los remedios: más ejemplos, una red más \
             pequeña o detenerse a tiempo, que en Keras y en `neurona` se llama `EarlyStopping`. Nuestra red es pequeña y \
             tiene 60\u{a0}000 dígitos: está lejos de eso.",
    }
}
