//! The points of the course that the guide follows, in the course's order, found by words that only
//! their place has.

use neurona::message::Lang;

/// A word or number of each point, in English and in Spanish.
const POINTS: &[[&str; 2]] = &[
    ["builds, trains and tests a small neural network", "crea, entrena y prueba una red neuronal"],
    ["Artificial intelligence is", "La inteligencia artificial intenta"],
    ["Machine learning is the part of it", "El aprendizaje automático es la parte de ella"],
    ["Deep learning is the part of", "El aprendizaje profundo es la parte del"],
    ["Figure `artificial-intelligence`", "Figura `artificial-intelligence`"],
    [
        "translators, voice assistants and chatbots",
        "traductores, los asistentes de voz y los chatbots",
    ],
    ["Real time:", "Tiempo real:"],
    ["Robustness:", "Robustez:"],
    ["Adaptation:", "Adaptación:"],
    ["Noise:", "Ruido:"],
    ["Parallelism:", "Paralelismo:"],
    ["Python, a language", "Python, un lenguaje"],
    ["TensorFlow, Google's", "TensorFlow, la biblioteca"],
    ["Keras, which describes", "Keras, que describe"],
    ["NumPy, vectors", "NumPy, vectores"],
    ["Pandas, tables", "Pandas, tablas"],
    ["Matplotlib, charts", "Matplotlib, gráficos"],
    ["Colab, a notebook", "Colab, un cuaderno"],
    ["Yann LeCun, Corinna Cortes", "Yann LeCun, Corinna Cortes"],
    ["[60000, 28, 28] [60000]", "[60000, 28, 28] [60000]"],
    ["Figure `image-8`: image 8, a 1", "Figura `image-8`: imagen 8, un 1"],
    ["train.labels[8]); 1 ", "train.labels[8]); 1 "],
    ["supervised learning", "aprendizaje supervisado"],
    [" u8 0 255 ", " u8 0 255 "],
    ["NumPy calls it `uint8`", "NumPy lo llama `uint8`"],
    ["63 → 0.247", "63 → 0.247"],
    [" 3 [60000, 28, 28] ", " 3 [60000, 28, 28] "],
    ["(60000, 28, 28) → (60000, 784)", "(60000, 28, 28) → (60000, 784)"],
    [" 2 [60000, 784] 2 [10000, 784] ", " 2 [60000, 784] 2 [10000, 784] "],
    [" 5 7 [60000] [10000] ", " 5 7 [60000] [10000] "],
    ["[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]", "[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]"],
    ["[60000, 10] [10000, 10]", "[60000, 10] [10000, 10]"],
    ["multilayer perceptron", "perceptrón multicapa"],
    ["several hidden layers is called deep", "varias capas ocultas se llama profunda"],
    ["imprecise information", "información imprecisa"],
    ["without being given the instructions", "sin que nadie le dé las instrucciones"],
    ["inner representations", "representaciones internas"],
    ["Figure `biological-neuron`", "Figura `biological-neuron`"],
    ["Dendrites,", "Las dendritas,"],
    ["Synapses,", "Las sinapsis,"],
    ["The soma,", "El soma"],
    ["The threshold θ", "El umbral θ"],
    ["The axon,", "El axón,"],
    ["sends pulses", "envía pulsos"],
    ["y = f(net)", "y = f(net)"],
    ["b = −θ", "b = −θ"],
    ["Figure `neuron`", "Figura `neuron`"],
    ["into two categories", "en dos categorías"],
    ["Bipolar threshold:", "Umbral bipolar:"],
    ["It is not bounded", "No está acotada"],
    ["it is differentiable", "es derivable"],
    ["Figure `transfer-functions`", "Figura `transfer-functions`"],
    ["In a sequential model", "En un modelo secuencial"],
    ["pₖ = e^sₖ / Σ e^s", "pₖ = e^sₖ / Σ e^s"],
    ["Figure `softmax`", "Figura `softmax`"],
    ["Total params: 7,960", "Total params: 7,960"],
    ["10 × 10 weights and 10 biases, 110", "10 × 10 pesos y 10 sesgos, 110"],
    ["Figure `network`", "Figura `network`"],
    ["Keras has two ways to build", "Keras tiene dos formas de crear"],
    ["7960 true", "7960 true"],
    ["Forward propagation", "La propagación hacia adelante"],
    ["two probability distributions", "dos distribuciones de probabilidad"],
    ["Why the minus sign?", "¿Por qué el signo menos?"],
    ["The most used is Adam", "El más usado es Adam"],
    ["called a hyperparameter", "se llama hiperparámetro"],
    ["a local minimum", "un mínimo local"],
    ["Figure `learning-rates`", "Figura `learning-rates`"],
    ["An epoch is one pass", "Una época es una pasada"],
    ["This is overfitting", "Esto es el sobreajuste"],
    ["`argmax`", "`argmax`"],
    ["these three multiplied", "el producto de los tres"],
    ["Rumelhart", "Rumelhart"],
];

/// Looks for every point after the one before it, however the lines are broken.
pub(crate) fn check_points(out: &str, lang: Lang) {
    let words: Vec<&str> = out.split_whitespace().filter(|word| *word != "│").collect();
    let text = words.join(" ");
    let mut rest = text.as_str();
    for [english, spanish] in POINTS {
        let point = match lang {
            Lang::En => english,
            Lang::Es => spanish,
        };
        match rest.find(point) {
            Some(place) => rest = &rest[place + point.len()..],
            None => panic!("\"{point}\" is not told, or not in its place"),
        }
    }
}
