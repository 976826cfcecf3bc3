//! The texts before the data: what the guide does, the fields it belongs to, and the tools.

neurona::messages! {
    pub(in crate::guide) fn title() {
        en: "A neural network that reads digits, in ten steps",
        es: "Una red neuronal que lee dígitos, en diez pasos",
    }

    pub(in crate::guide) fn settings(version: &str, epochs: usize, seed: &str, threads: usize) {
        en: "neurona {version} · epochs: {epochs} · seed: {seed} · threads: {threads}",
        es: "neurona {version} · épocas: {epochs} · semilla: {seed} · hilos: {threads}",
    }

    pub(in crate::guide) fn summary() {
        en: "This guide builds, trains and tests a small neural network that reads handwritten digits, and then opens \
             it to see how it learned. The digits are MNIST, the set that most courses begin with. Everything is \
             computed now, on this machine: what the code prints, the figures, and the numbers in the text.",
        es: "Esta guía crea, entrena y prueba una red neuronal pequeña que lee dígitos escritos a mano, y después la \
             abre para ver cómo aprendió. Los dígitos son los de MNIST, el conjunto con el que empiezan casi todos \
             los cursos. Todo se calcula ahora, en esta máquina: lo que imprime el código, las figuras y los números \
             del texto.",
    }

    pub(in crate::guide) fn introduction_title() {
        en: "Introduction",
        es: "Introducción",
    }

    pub(in crate::guide) fn fields() {
        en: "Artificial intelligence is the attempt to make machines do what seems to take intelligence: see, \
             understand speech, plan, play. Machine learning is the part of it in which nobody writes the rules: a \
             program finds them in examples. Deep learning is the part of machine learning in which the data pass \
             through many transformations, one after another, between what comes in and what goes out, and all of \
             them are learned. Each field lies within the one before.",
        es: "La inteligencia artificial intenta que las máquinas hagan lo que parece exigir inteligencia: ver, \
             entender el habla, planificar, jugar. El aprendizaje automático es la parte de ella en la que nadie \
             escribe las reglas: un programa las encuentra en ejemplos. El aprendizaje profundo es la parte del \
             aprendizaje automático en la que los datos pasan por muchas transformaciones, una tras otra, entre lo \
             que entra y lo que sale, y todas se aprenden. Cada campo está dentro del anterior.",
    }

    pub(in crate::guide) fn uses() {
        en: "Deep learning is at work in translators, voice assistants and chatbots, in face recognition, in cars \
             that drive themselves, and in what shops and film and music services recommend to each person. Robots \
             that live among people no longer sound like fiction.",
        es: "El aprendizaje profundo ya trabaja en los traductores, los asistentes de voz y los chatbots, en el \
             reconocimiento de rostros, en los autos que se conducen solos y en lo que las tiendas y los servicios de \
             cine y música recomiendan a cada persona. Los robots que conviven con la gente ya no parecen ficción.",
    }

    pub(in crate::guide) fn why() {
        en: "Why neural networks? Five properties set them apart:",
        es: "¿Por qué redes neuronales? Cinco propiedades las distinguen:",
    }

    pub(in crate::guide) fn why_real_time() {
        en: "Real time: a trained network answers with a fixed number of multiplications and additions, fast enough \
             to follow what a camera or a microphone brings in.",
        es: "Tiempo real: una red entrenada responde con un número fijo de multiplicaciones y sumas, lo bastante \
             rápido para seguir lo que llega de una cámara o un micrófono.",
    }

    pub(in crate::guide) fn why_robustness() {
        en: "Robustness: what it knows is spread over thousands of weights. If some of them fail, the answers get a \
             little worse; they do not vanish.",
        es: "Robustez: lo que sabe está repartido en miles de pesos. Si fallan algunos, las respuestas empeoran un \
             poco; no desaparecen.",
    }

    pub(in crate::guide) fn why_adaptation() {
        en: "Adaptation: trained further with new examples, the same network adjusts to a task that has changed.",
        es: "Adaptación: si se la sigue entrenando con ejemplos nuevos, la misma red se ajusta a una tarea que cambió.",
    }

    pub(in crate::guide) fn why_noise() {
        en: "Noise: it copes with data that are blurred, noisy or inconsistent, as handwriting is.",
        es: "Ruido: acepta datos difusos, ruidosos o inconsistentes, como lo es la escritura a mano.",
    }

    pub(in crate::guide) fn why_parallelism() {
        en: "Parallelism: the neurons of a layer do not wait for each other, so that many can be computed at once.",
        es: "Paralelismo: las neuronas de una capa no se esperan unas a otras, así que se pueden calcular muchas a la \
             vez.",
    }

    pub(in crate::guide) fn tools_title() {
        en: "Tools",
        es: "Herramientas",
    }

    pub(in crate::guide) fn tools() {
        en: "The usual course takes Python and five libraries. Here one Rust library, `neurona`, does the work, \
             with the words of Keras, so that what is learned with one serves with the other. What each tool is for, \
             and what takes its place:",
        es: "El curso habitual usa Python y cinco bibliotecas. Aquí el trabajo lo hace una sola biblioteca de \
             Rust, `neurona`, con las palabras de Keras: lo que se aprende con una sirve con la otra. Para qué es cada \
             herramienta, y qué ocupa su lugar:",
    }

    pub(in crate::guide) fn tool_python() {
        en: "Python, a language that is quick to learn and has a large community → Rust, whose compiler checks names \
             and types before anything runs.",
        es: "Python, un lenguaje que se aprende rápido y tiene una gran comunidad → Rust, cuyo compilador revisa \
             nombres y tipos antes de ejecutar nada.",
    }

    pub(in crate::guide) fn tool_tensorflow() {
        en: "TensorFlow, Google's open-source library that computes with arrays and finds gradients → the engine \
             inside `neurona`, which compiles each training step once and runs it thousands of times.",
        es: "TensorFlow, la biblioteca de código abierto de Google que calcula con arrays y halla gradientes → el \
             motor dentro de `neurona`, que compila cada paso del entrenamiento una vez y lo ejecuta miles de veces.",
    }

    pub(in crate::guide) fn tool_keras() {
        en: "Keras, which describes networks layer by layer, so that ideas are soon tried → `Sequential`, `Dense`, \
             `compile`, `fit`, `evaluate`, `predict`: the same names.",
        es: "Keras, que describe las redes capa por capa para probar ideas en poco tiempo → `Sequential`, `Dense`, \
             `compile`, `fit`, `evaluate`, `predict`: los mismos nombres.",
    }

    pub(in crate::guide) fn tool_numpy() {
        en: "NumPy, vectors, matrices and the mathematics on them → `ndarray`, which does the same in Rust.",
        es: "NumPy, vectores, matrices y las operaciones entre ellos → `ndarray`, que hace lo mismo en Rust.",
    }

    pub(in crate::guide) fn tool_pandas() {
        en: "Pandas, tables and time series → not needed here: the only table is `history.csv`.",
        es: "Pandas, tablas y series de tiempo → aquí no hace falta: la única tabla es `history.csv`.",
    }

    pub(in crate::guide) fn tool_matplotlib() {
        en: "Matplotlib, charts and pictures of data → `neurona::plot`, figures as SVG and PNG.",
        es: "Matplotlib, gráficos e imágenes de los datos → `neurona::plot`, figuras en SVG y PNG.",
    }

    pub(in crate::guide) fn tool_colab() {
        en: "Colab, a notebook in the browser that runs on Google's computers → this terminal: no account, no \
             connection, nothing else to install.",
        es: "Colab, un cuaderno en el navegador que se ejecuta en las computadoras de Google → esta terminal: sin \
             cuenta, sin conexión y sin nada más que instalar.",
    }

    pub(in crate::guide) fn program() {
        en: "Every line of code in this guide runs. Put together in their order, the lines are one program, which is \
             written whole to the folder of the results, as `main.rs`. To run it in a project of your own: make one \
             beside Neurona's folder with `cargo new digits`, copy the program to `digits/src/main.rs`, and end \
             `digits/Cargo.toml` with these lines:",
        es: "Cada línea de código de esta guía funciona. Juntas y en su orden, las líneas son un solo programa, que \
             se escribe entero en la carpeta de los resultados, como `main.rs`. Para ejecutarlo en un proyecto propio: \
             se crea uno al lado de la carpeta de Neurona con `cargo new digitos`, se copia el programa a \
             `digitos/src/main.rs`, y se termina `digitos/Cargo.toml` con estas líneas:",
    }

    pub(in crate::guide) fn manifest() {
        en: "[dependencies]\n\
             neurona = {{ path = \"../neurona\" }}  # Neurona's folder\n\
             \n\
             [profile.dev.package.\"*\"]  # many times faster than without\n\
             opt-level = 3",
        es: "[dependencies]\n\
             neurona = {{ path = \"../neurona\" }}  # la carpeta de Neurona\n\
             \n\
             [profile.dev.package.\"*\"]  # muchas veces más rápido que sin esto\n\
             opt-level = 3",
    }

    pub(in crate::guide) fn example() {
        en: "In Neurona's folder itself, the program is one of the examples:",
        es: "En la propia carpeta de Neurona, el programa es uno de los ejemplos:",
    }

    pub(in crate::guide) fn run_example(name: &str) {
        en: "cargo run --release -p neurona-cli --example {name}",
        es: "cargo run --release -p neurona-cli --example {name}",
    }

    pub(in crate::guide) fn program_begins() {
        en: "The program begins with the names that it uses:",
        es: "El programa empieza con los nombres que usa:",
    }
}
