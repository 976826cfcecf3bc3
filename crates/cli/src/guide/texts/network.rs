//! The texts about the network: neurons, transfer functions, layers, and how it answers.

neurona::messages! {
    pub(in crate::guide) fn network_title() {
        en: "Build the network",
        es: "Crear la red",
    }

    pub(in crate::guide) fn perceptrons() {
        en: "The network will be a multilayer perceptron. It has an input layer, which holds the data; one or more \
             hidden layers of neurons; and an output layer, whose neurons give the answer. Each neuron is connected \
             with all the neurons of the layer before, and so the layers are called dense. A network with several \
             hidden layers is called deep, from which deep learning has its name; ours has a single one, to begin \
             simply. The simplest network of all, the perceptron, is a single artificial neuron. What, then, is a \
             neuron?",
        es: "La red será un perceptrón multicapa. Tiene una capa de entrada, que contiene los datos; una o más capas \
             ocultas de neuronas; y una capa de salida, cuyas neuronas dan la respuesta. Cada neurona está conectada \
             con todas las de la capa anterior, y por eso las capas se llaman densas. Una red con varias capas ocultas \
             se llama profunda, y de ahí viene el nombre del aprendizaje profundo; la nuestra tiene una sola, para \
             empezar por lo más simple. La red más sencilla de todas, el perceptrón, es una sola neurona artificial. \
             ¿Qué es, entonces, una neurona?",
    }

    pub(in crate::guide) fn brain() {
        en: "The idea comes from the brain. It quickly understands imprecise information, such as a face in the \
             half-dark or hurried handwriting; it learns without being given the instructions; and it can do so \
             because it forms inner representations of what it perceives. An artificial network imitates the brain, \
             and an artificial neuron imitates a biological one.",
        es: "La idea viene del cerebro. Entiende enseguida información imprecisa, como una cara en la penumbra o una \
             letra apurada; aprende sin que nadie le dé las instrucciones; y lo logra porque forma representaciones \
             internas de lo que percibe. Una red artificial imita al cerebro, y una neurona artificial imita a una \
             neurona biológica.",
    }

    pub(in crate::guide) fn counterparts() {
        en: "What each part of the biological neuron became in the artificial one:",
        es: "En qué se convirtió cada parte de la neurona biológica en la artificial:",
    }

    pub(in crate::guide) fn dendrites() {
        en: "Dendrites, which receive the signals of other neurons → the inputs x₁ … xₙ.",
        es: "Las dendritas, que reciben las señales de otras neuronas → las entradas x₁ … xₙ.",
    }

    pub(in crate::guide) fn synapses() {
        en: "Synapses, the connections between two neurons, some stronger than others → the weights w₁ … wₙ: a \
             positive weight excites, a negative one inhibits.",
        es: "Las sinapsis, las conexiones entre dos neuronas, unas más fuertes que otras → los pesos w₁ … wₙ: un peso \
             positivo excita y uno negativo inhibe.",
    }

    pub(in crate::guide) fn soma() {
        en: "The soma, or cell body, which gathers the signals → the sum of the inputs, each multiplied by its weight.",
        es: "El soma o cuerpo celular, que acumula las señales → la suma de las entradas, cada una multiplicada por su \
             peso.",
    }

    pub(in crate::guide) fn threshold() {
        en: "The threshold θ of the soma, which the gathered signals must exceed for the neuron to fire → the bias b \
             and the transfer function f.",
        es: "El umbral θ del soma, que las señales acumuladas deben superar para que la neurona se active → el sesgo b \
             y la función de transferencia f.",
    }

    pub(in crate::guide) fn axon() {
        en: "The axon, which carries the neuron's signal to others → the output y, a single number.",
        es: "El axón, que lleva la señal de la neurona a otras → la salida y, un solo número.",
    }

    pub(in crate::guide) fn pulses() {
        en: "One difference remains: a biological neuron sends pulses, all or nothing, one after another in time; the \
             signals of an artificial neuron are continuous numbers.",
        es: "Queda una diferencia: una neurona biológica envía pulsos, todo o nada, uno tras otro en el tiempo; las \
             señales de una neurona artificial son números continuos.",
    }

    pub(in crate::guide) fn net() {
        en: "The neuron multiplies each input by its weight, adds up the products and the bias, which gives its net \
             input, and passes it through the transfer function, which gives its output:",
        es: "La neurona multiplica cada entrada por su peso, suma los productos y el sesgo, con lo que obtiene su \
             entrada neta, y la pasa por la función de transferencia, que da su salida:",
    }

    pub(in crate::guide) fn neuron_formula() {
        en: "net = x₁·w₁ + x₂·w₂ + … + xₙ·wₙ + b          y = f(net)",
        es: "net = x₁·w₁ + x₂·w₂ + … + xₙ·wₙ + b          y = f(net)",
    }

    pub(in crate::guide) fn bias() {
        en: "The bias is the threshold with the opposite sign, b = −θ. That the sum x₁·w₁ + … + xₙ·wₙ exceeds θ, so \
             that the neuron fires, is the same as net > 0. The bias is learned as the weights are.",
        es: "El sesgo es el umbral con el signo contrario: b = −θ. Que la suma x₁·w₁ + … + xₙ·wₙ supere θ, con lo que \
             la neurona se activa, es lo mismo que net > 0. El sesgo se aprende igual que los pesos.",
    }

    pub(in crate::guide) fn transfer() {
        en: "Every transfer function does the same job: it decides what the neuron gives out, from what it has \
             gathered. Some of them:",
        es: "Todas las funciones de transferencia hacen lo mismo: deciden qué entrega la neurona según lo que acumuló. \
             Algunas son:",
    }

    pub(in crate::guide) fn binary_threshold() {
        en: "Binary threshold: 0 or 1. The neuron sorts its inputs into two categories.",
        es: "Umbral binaria: 0 o 1. La neurona clasifica sus entradas en dos categorías.",
    }

    pub(in crate::guide) fn bipolar_threshold() {
        en: "Bipolar threshold: −1 or 1. Two categories as well, but a \"no\" of −1 still counts in the sums of the \
             next layer, where 0 does not.",
        es: "Umbral bipolar: −1 o 1. También son dos categorías, pero un «no» de −1 cuenta en las sumas de la capa \
             siguiente, y un 0 no.",
    }

    pub(in crate::guide) fn linear() {
        en: "Linear: the net input as it is. It is not bounded, and so it suits answers that are quantities.",
        es: "Lineal: la entrada neta como está. No está acotada, así que sirve para respuestas que son cantidades.",
    }

    pub(in crate::guide) fn sigmoid_function() {
        en: "Sigmoid: a number between 0 and 1. It is bounded like a threshold, but it rises smoothly, so that it is \
             differentiable.",
        es: "Sigmoide: un número entre 0 y 1. Está acotada como un umbral, pero sube suavemente, así que es derivable.",
    }

    pub(in crate::guide) fn tanh_and_relu() {
        en: "Hyperbolic tangent: as the sigmoid, between −1 and 1. ReLU: 0 below zero and linear above, the usual one \
             in the hidden layers of deep networks.",
        es: "Tangente hiperbólica: como la sigmoide, entre −1 y 1. ReLU: 0 por debajo de cero y lineal por encima, la \
             habitual en las capas ocultas de las redes profundas.",
    }

    pub(in crate::guide) fn slope() {
        en: "Learning needs the slope of the function, its derivative, because the slope says how the output changes \
             when a weight does. The slope of a threshold is 0 everywhere but at the jump, where it has none, and so \
             nothing can be learned from it. In the figure the dashed lines are the derivatives.",
        es: "Para aprender hace falta la pendiente de la función, su derivada, porque dice cómo cambia la salida \
             cuando cambia un peso. La pendiente de un umbral es 0 en todas partes menos en el salto, donde no existe, \
             así que de ella no se puede aprender nada. En la figura, las líneas de trazos son las derivadas.",
    }

    pub(in crate::guide) fn layers() {
        en: "Now the layers. In a sequential model each layer takes what the one before gives. Ours takes an image; \
             `Rescaling` and `Flatten`, which have nothing to learn, make 784 inputs between 0 and 1 of it (steps 4 \
             and 5). Then come a hidden layer of 10 neurons with sigmoid, and an output layer of 10 neurons with \
             softmax. The output layer must have ten, one for each digit; that the hidden layer has ten is a choice.",
        es: "Ahora, las capas. En un modelo secuencial cada capa toma lo que da la anterior. El nuestro recibe una \
             imagen; `Rescaling` y `Flatten`, que no tienen nada que aprender, hacen de ella 784 entradas entre 0 y 1 \
             (pasos 4 y 5). Siguen una capa oculta de 10 neuronas con sigmoide y una capa de salida de 10 neuronas con \
             softmax. La de salida debe tener diez, una por cada dígito; que la oculta tenga diez es una elección.",
    }

    pub(in crate::guide) fn softmax() {
        en: "Softmax is a transfer function of a whole layer: it turns the net inputs of the ten output neurons into \
             ten probabilities p, positive numbers that add up to 1. The net inputs of the output layer are called s \
             here, scores, so that nobody takes them for those of the hidden neurons. The number k says which neuron. \
             With three of them:",
        es: "Softmax es una función de transferencia de toda una capa: convierte las entradas netas de las diez \
             neuronas de salida en diez probabilidades p, números positivos que suman 1. Las entradas netas de la capa \
             de salida se llaman aquí s, puntajes, para que nadie las tome por las de las neuronas ocultas. El número k \
             dice de qué neurona se trata. Con tres neuronas:",
    }

    pub(in crate::guide) fn parameters(hidden: usize, output: usize, total: usize) {
        en: "In the hidden layer, neuron j has a weight wᵢⱼ for each of the 784 pixels i, and a bias bⱼ. That makes \
             784 × 10 weights and 10 biases: {hidden} numbers. In the output layer, neuron k has a weight wⱼₖ for each of \
             the 10 hidden neurons j, and a bias bₖ: 10 × 10 weights and 10 biases, {output} numbers. Together they are \
             {total}, and all of them will be learned.",
        es: "En la capa oculta, la neurona j tiene un peso wᵢⱼ por cada uno de los 784 píxeles i, y un sesgo bⱼ. Son \
             784 × 10 pesos y 10 sesgos: {hidden} números. En la capa de salida, la neurona k tiene un peso wⱼₖ por cada \
             una de las 10 neuronas ocultas j, y un sesgo bₖ: 10 × 10 pesos y 10 sesgos, {output} números. En total son \
             {total}, y todos se aprenderán.",
    }

    pub(in crate::guide) fn functional() {
        en: "Keras has two ways to build a network. `Sequential` is the simple one: the layers are added one after \
             another. In the functional one, each layer is applied to what another gives, so that a network can also \
             branch and have several inputs or outputs. This is the same network, built that way with the same seed; \
             the code prints how many parameters it has, and whether all its weights equal those of `model`:",
        es: "Keras tiene dos formas de crear una red. `Sequential` es la simple: las capas se agregan una tras otra. En \
             la funcional, cada capa se aplica a lo que da otra, así que una red también puede ramificarse y tener \
             varias entradas o salidas. Esta es la misma red, creada de esa forma y con la misma semilla; el código \
             muestra cuántos parámetros tiene y si todos sus pesos son iguales a los de `model`:",
    }

    pub(in crate::guide) fn same_network() {
        en: "They are the same network. From here on we use `model`.",
        es: "Son la misma red. De aquí en adelante usamos `model`.",
    }

    pub(in crate::guide) fn forward() {
        en: "Forward propagation is how the network answers: an image goes in, each layer computes its neurons, and \
             the last one gives the ten probabilities. The weights w begin at random (the seed decides which) and the \
             biases b at 0, so the first answers are worth no more than guesses. In training, the loss then says how \
             bad an answer was, backpropagation finds what part each w and b had in it, the optimizer corrects them, \
             and the cycle begins again.",
        es: "La propagación hacia adelante es la forma en que la red responde: entra una imagen, cada capa calcula \
             sus neuronas y la última da las diez probabilidades. Los pesos w empiezan al azar (la semilla decide \
             cuáles) y los sesgos b en 0, así que las primeras respuestas no valen más que adivinar. Al entrenar, la \
             pérdida dice cuán mala fue una respuesta, la retropropagación halla qué parte tuvo en ella cada w y cada \
             b, el optimizador los corrige, y el ciclo vuelve a empezar.",
    }
}
