//! The texts about the data, from bytes to numbers that a network takes.

neurona::messages! {
    pub(in crate::guide) fn load_title() {
        en: "Load the data",
        es: "Cargar los datos",
    }

    pub(in crate::guide) fn load() {
        en: "MNIST is a set of handwritten digits that Yann LeCun, Corinna Cortes and Christopher Burges put \
             together to compare programs that learn to tell digits apart. It comes inside this program, in two \
             parts: with one the network learns; with the other, which it never sees while learning, it is tested.",
        es: "MNIST es un conjunto de dígitos escritos a mano que Yann LeCun, Corinna Cortes y Christopher Burges \
             reunieron para comparar programas que aprenden a distinguir dígitos. Viene dentro de este programa, en \
             dos partes: con una la red aprende; con la otra, que nunca ve mientras aprende, se la pone a prueba.",
    }

    pub(in crate::guide) fn sizes(train: usize, test: usize, rows: usize, columns: usize) {
        en: "That is {train} images to train and {test} to test, each of {rows} rows by {columns} columns, and a \
             label for each image.",
        es: "Son {train} imágenes para entrenar y {test} para probar, cada una de {rows} filas por {columns} \
             columnas, y una etiqueta por imagen.",
    }

    pub(in crate::guide) fn dtype() {
        en: "What is a pixel? The type of the images' elements, which NumPy calls `dtype`, says so; then the least \
             and the greatest value in all the training images:",
        es: "¿Qué es un píxel? Lo dice el tipo de los elementos de las imágenes, que NumPy llama `dtype`; después, el \
             valor mínimo y el máximo de todas las imágenes de entrenamiento:",
    }

    pub(in crate::guide) fn bytes() {
        en: "`u8` is an unsigned integer of 8 bits; NumPy calls it `uint8`. A pixel of 0 is paper and one of 255 is \
             full ink: the larger the number, the darker the pixel.",
        es: "`u8` es un entero sin signo de 8 bits; NumPy lo llama `uint8`. Un píxel de 0 es papel y uno de 255 \
             es tinta plena: cuanto mayor es el número, más oscuro es el píxel.",
    }

    pub(in crate::guide) fn look_title() {
        en: "Look at an image and its label",
        es: "Mirar una imagen y su etiqueta",
    }

    pub(in crate::guide) fn look() {
        en: "Before training anything, look at the data. This is training image number 8, counting from 0:",
        es: "Antes de entrenar nada, hay que mirar los datos. Esta es la imagen de entrenamiento número 8, \
             contando desde 0:",
    }

    pub(in crate::guide) fn label() {
        en: "Each image comes with its label, the digit that it shows: image 8 is a 1. To learn from pairs of a \
             question and its right answer is called supervised learning: the images are `x`, the labels are `y`, \
             and the task is to find a function that leads from one to the other.",
        es: "Cada imagen viene con su etiqueta, el dígito que muestra: la imagen 8 es un 1. Aprender de pares de \
             pregunta y respuesta correcta se llama aprendizaje supervisado: las imágenes son `x`, las etiquetas son \
             `y`, y la tarea es hallar una función que lleve de unas a otras.",
    }

    pub(in crate::guide) fn scale_title() {
        en: "From bytes to numbers between 0 and 1",
        es: "De bytes a números entre 0 y 1",
    }

    pub(in crate::guide) fn scale(pixels: usize, row: usize) {
        en: "A network multiplies and adds, and it learns better when what comes in is small. So each byte becomes \
             a number with decimals (`f32`, the `float32` of NumPy) and is divided by 255. These are {pixels} pixels \
             of image 8, in row {row}, before and after:",
        es: "Una red multiplica y suma, y aprende mejor cuando lo que entra es pequeño. Por eso cada byte pasa a \
             ser un número con decimales (`f32`, el `float32` de NumPy) y se divide por 255. Estos son {pixels} píxeles \
             de la imagen 8, de la fila {row}, antes y después:",
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
        en: "A densely connected layer takes a list of numbers, a vector, and not a picture. So the 28 rows of each \
             image are put one after another: 28 × 28 = 784 numbers. The images become a matrix with a row for each of \
             them; in NumPy's notation, (60000, 28, 28) → (60000, 784). No number changes; only the shape does.",
        es: "Una capa densamente conectada recibe una lista de números, un vector, y no una figura. Por eso las 28 \
             filas de cada imagen se ponen una tras otra: 28 × 28 = 784 números. Las imágenes pasan a ser una matriz \
             con una fila para cada una; con la notación de NumPy, (60000, 28, 28) → (60000, 784). Ningún número \
             cambia; solo cambia la forma.",
    }

    pub(in crate::guide) fn before() {
        en: "The training images are an array of three dimensions (image, row, column):",
        es: "Las imágenes de entrenamiento son un array de tres dimensiones (imagen, fila, columna):",
    }

    pub(in crate::guide) fn after(row: usize, column: usize, number: usize, value: usize) {
        en: "Two dimensions remain (image, pixel). The pixel of image 8 in row {row}, column {column} is now number \
             {row}\u{a0}×\u{a0}28\u{a0}+\u{a0}{column}\u{a0}=\u{a0}{number} of its row, and still {value}.",
        es: "Quedan dos dimensiones (imagen, píxel). El píxel de la imagen 8 que estaba en la fila {row}, columna {column} \
             es ahora el número {row}\u{a0}×\u{a0}28\u{a0}+\u{a0}{column}\u{a0}=\u{a0}{number} de su fila, y sigue valiendo {value}.",
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
        en: "The labels go from 0 to 9: ten classes. The network will answer with ten numbers, one for each, so the \
             right answer must have that form too. These are the first label of each part, and how many labels there \
             are:",
        es: "Las etiquetas van de 0 a 9: diez clases. La red responderá con diez números, uno por clase, así que la \
             respuesta correcta debe tener la misma forma. Estas son la primera etiqueta de cada parte y cuántas \
             etiquetas hay:",
    }

    pub(in crate::guide) fn one_hot_after() {
        en: "Now each label is ten numbers, nine zeros and a one; the place of the one, counting from 0, is the \
             digit. This is called one-hot encoding.",
        es: "Ahora cada etiqueta son diez números, nueve ceros y un uno; el lugar del uno, contando desde 0, es el \
             dígito. Esto se llama codificación one-hot.",
    }
}
