//! What is said before there is a network: the tools, and the data from bytes to numbers a network takes.

neurona::messages! {
    pub(in crate::guide) fn title() {
        en: "A neural network that reads digits, in ten steps",
        es: "Una red neuronal que lee dígitos, en diez pasos",
    }

    pub(in crate::guide) fn settings(version: &str, epochs: usize, seed: &str, threads: usize) {
        en: "neurona {version} · epochs: {epochs} · seed: {seed} · threads: {threads}",
        es: "neurona {version} · épocas: {epochs} · semilla: {seed} · hilos: {threads}",
    }

    pub(in crate::guide) fn introduction() {
        en: "Machine learning lets a program find its own rules in examples. Deep learning does it with \
             many transformations, one after another, between what comes in and what goes out. Here a small \
             network will learn to read handwritten digits; everything shown is computed now, on this machine.",
        es: "El aprendizaje automático permite que un programa encuentre sus propias reglas en ejemplos. El \
             aprendizaje profundo lo hace con muchas transformaciones, una tras otra, entre lo que entra y lo \
             que sale. Aquí una red pequeña aprenderá a leer dígitos escritos a mano; todo lo que se muestra \
             se calcula ahora, en esta máquina.",
    }

    pub(in crate::guide) fn tools_title() {
        en: "Tools",
        es: "Herramientas",
    }

    pub(in crate::guide) fn tools() {
        en: "The usual course takes Python and five libraries. Here one Rust library, `neurona`, does the work, \
             with the words of Keras, so that what is learned with one serves with the other.",
        es: "El curso habitual usa Python y cinco bibliotecas. Aquí el trabajo lo hace una sola biblioteca de \
             Rust, `neurona`, con las palabras de Keras: lo que se aprende con una sirve con la otra.",
    }

    pub(in crate::guide) fn tool_python() {
        en: "Python → Rust: the compiler checks names and types before anything runs.",
        es: "Python → Rust: el compilador revisa nombres y tipos antes de ejecutar nada.",
    }

    pub(in crate::guide) fn tool_tensorflow() {
        en: "TensorFlow → the engine inside `neurona`: each training step is compiled once and run thousands \
             of times.",
        es: "TensorFlow → el motor dentro de `neurona`: cada paso del entrenamiento se compila una vez y se \
             ejecuta miles de veces.",
    }

    pub(in crate::guide) fn tool_keras() {
        en: "Keras → `Sequential`, `Dense`, `compile`, `fit`, `evaluate`, `predict`: the same names.",
        es: "Keras → `Sequential`, `Dense`, `compile`, `fit`, `evaluate`, `predict`: los mismos nombres.",
    }

    pub(in crate::guide) fn tool_numpy() {
        en: "NumPy → `ndarray`: vectors, matrices and arrays of more dimensions.",
        es: "NumPy → `ndarray`: vectores, matrices y arreglos de más dimensiones.",
    }

    pub(in crate::guide) fn tool_pandas() {
        en: "Pandas → not needed: the only table is `history.csv`, which any spreadsheet opens.",
        es: "Pandas → no hace falta: la única tabla es `history.csv`, que abre cualquier hoja de cálculo.",
    }

    pub(in crate::guide) fn tool_matplotlib() {
        en: "Matplotlib → `neurona::plot`: figures as SVG and PNG.",
        es: "Matplotlib → `neurona::plot`: figuras en SVG y PNG.",
    }

    pub(in crate::guide) fn tool_colab() {
        en: "Colab → this terminal: no account, no network, nothing else to install.",
        es: "Colab → esta terminal: sin cuenta, sin conexión y sin nada más que instalar.",
    }

    pub(in crate::guide) fn load_title() {
        en: "Load the data",
        es: "Cargar los datos",
    }

    pub(in crate::guide) fn load() {
        en: "MNIST is a set of handwritten digits put together by Yann LeCun, Corinna Cortes and Christopher \
             Burges. It comes inside the program, in two parts: with one the network learns; with the other, \
             which it never sees while learning, it is tested.",
        es: "MNIST es un conjunto de dígitos escritos a mano reunido por Yann LeCun, Corinna Cortes y \
             Christopher Burges. Viene dentro del programa, en dos partes: con una la red aprende; con la otra, \
             que nunca ve mientras aprende, se la pone a prueba.",
    }

    pub(in crate::guide) fn sizes(train: usize, test: usize, rows: usize, columns: usize) {
        en: "That is {train} images to train and {test} to test, each of {rows} rows by {columns} columns, and as \
             many labels.",
        es: "Son {train} imágenes para entrenar y {test} para probar, cada una de {rows} filas por {columns} \
             columnas, y otras tantas etiquetas.",
    }

    pub(in crate::guide) fn bytes() {
        en: "The type says what each pixel is: `u8`, an unsigned integer of 8 bits, called `uint8` in NumPy. \
             The least value is 0, the paper; the greatest is 255, full ink.",
        es: "El tipo dice qué es cada píxel: `u8`, un entero sin signo de 8 bits, el `uint8` de NumPy. El valor \
             mínimo es 0, el papel; el máximo es 255, la tinta plena.",
    }

    pub(in crate::guide) fn look_title() {
        en: "Look at a digit and its label",
        es: "Mirar un dígito y su etiqueta",
    }

    pub(in crate::guide) fn look() {
        en: "Before training anything, look at the data. This is training image number 8, counting from 0:",
        es: "Antes de entrenar nada, hay que mirar los datos. Esta es la imagen de entrenamiento número 8, \
             contando desde 0:",
    }

    pub(in crate::guide) fn label() {
        en: "Each image comes with its label, the right answer. Learning from pairs of a question and its right \
             answer is called supervised learning: the images are `x` and the labels are `y`.",
        es: "Cada imagen viene con su etiqueta, la respuesta correcta. Aprender de pares de pregunta y respuesta \
             correcta se llama aprendizaje supervisado: las imágenes son `x` y las etiquetas, `y`.",
    }

    pub(in crate::guide) fn scale_title() {
        en: "From bytes to numbers between 0 and 1",
        es: "De bytes a números entre 0 y 1",
    }

    pub(in crate::guide) fn scale(pixels: usize, row: usize) {
        en: "A network multiplies and adds, and it learns better when what comes in is small. So each byte becomes \
             a number with decimals (`f32`, the `float32` of NumPy) and is divided by 255. These are {pixels} pixels \
             of digit 8, in row {row}, before and after:",
        es: "Una red multiplica y suma, y aprende mejor cuando lo que entra es pequeño. Por eso cada byte pasa a \
             ser un número con decimales (`f32`, el `float32` de NumPy) y se divide por 255. Estos son {pixels} píxeles \
             del dígito 8, de la fila {row}, antes y después:",
    }

    pub(in crate::guide) fn scaled(column: usize, byte: usize, pixel: crate::numbers::Fixed) {
        en: "The one in column {column} was {byte}; now it is {byte} / 255 = {pixel}.",
        es: "El de la columna {column} valía {byte}; ahora vale {byte} / 255 = {pixel}.",
    }

    pub(in crate::guide) fn rescaling(images: usize, bytes: crate::numbers::Fixed, floats: crate::numbers::Fixed) {
        en: "An `f32` takes four bytes. The {images} training images take {bytes} MB as they are, and would take {floats} MB \
             as decimals. So the network itself will do this, with its first layer, `Rescaling`: it divides the few \
             images that go in at a time, and the rest stay bytes.",
        es: "Un `f32` ocupa cuatro bytes. Las {images} imágenes de entrenamiento ocupan {bytes} MB como están, y ocuparían \
             {floats} MB con decimales. Por eso lo hará la propia red, con su primera capa, `Rescaling`: divide las pocas \
             imágenes que entran cada vez, y las demás siguen siendo bytes.",
    }

    pub(in crate::guide) fn reshape_title() {
        en: "From image to vector",
        es: "De imagen a vector",
    }

    pub(in crate::guide) fn reshape() {
        en: "A densely connected layer takes a list of numbers, not a picture. The 28 rows of the image are put \
             one after another: 28 × 28 = 784 numbers. No number changes; only the shape does.",
        es: "Una capa densamente conectada recibe una lista de números, no una figura. Las 28 filas de la \
             imagen se ponen una tras otra: 28 × 28 = 784 números. Ningún número cambia; solo cambia la forma.",
    }

    pub(in crate::guide) fn before() {
        en: "Before: two dimensions (row, column).",
        es: "Antes: dos dimensiones (fila, columna).",
    }

    pub(in crate::guide) fn after(row: usize, column: usize, number: usize) {
        en: "After: one dimension (pixel). The pixel in row {row}, column {column} is now number \
             {row}\u{a0}×\u{a0}28\u{a0}+\u{a0}{column}\u{a0}=\u{a0}{number}.",
        es: "Después: una dimensión (píxel). El píxel de la fila {row}, columna {column} es ahora el número \
             {row}\u{a0}×\u{a0}28\u{a0}+\u{a0}{column}\u{a0}=\u{a0}{number}.",
    }

    pub(in crate::guide) fn flatten(images: usize) {
        en: "The network will do this too, with its second layer, `Flatten`. So it takes the {images} images as they are, \
             of 28 rows by 28 columns of bytes, and no image has to be prepared beforehand.",
        es: "También esto lo hará la red, con su segunda capa, `Flatten`. Así recibe las {images} imágenes como están, de \
             28 filas por 28 columnas de bytes, y no hay que prepararlas antes.",
    }

    pub(in crate::guide) fn one_hot_title() {
        en: "From labels to one-hot rows",
        es: "De etiquetas a filas de ceros y un uno",
    }

    pub(in crate::guide) fn one_hot() {
        en: "The network will answer with ten numbers, one for each digit, so the right answer must have that \
             form too. The label of the first image of each part, and how many there are:",
        es: "La red responderá con diez números, uno por cada dígito, así que la respuesta correcta debe tener \
             la misma forma. La etiqueta de la primera imagen de cada parte, y cuántas hay:",
    }

    pub(in crate::guide) fn one_hot_after() {
        en: "Now each label is ten numbers, nine zeros and a one; the place of the one, counting from 0, is the \
             digit. This is called one-hot encoding.",
        es: "Ahora cada etiqueta son diez números, nueve ceros y un uno; el lugar del uno, contando desde 0, es el \
             dígito. Esto se llama codificación one-hot.",
    }
}
