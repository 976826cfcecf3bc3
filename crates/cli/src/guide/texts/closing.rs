//! What is said at the end: the files, what to try next, the pictures' captions, and how an interrupted run ends.

use neurona::message::Text;

neurona::messages! {
    pub(in crate::guide) fn closing_title() {
        en: "What next",
        es: "Y ahora",
    }

    pub(in crate::guide) fn conclusion(accuracy: crate::numbers::Fixed) {
        en: "A network of two layers has learned to read digits from examples alone, and reads {accuracy}% of new \
             ones right. That is a small example of what neural networks can do; the same ten steps serve for other \
             data, and for ideas of your own.",
        es: "Una red de dos capas aprendió a leer dígitos solo a partir de ejemplos, y lee bien el {accuracy}\u{a0}% de los \
             nuevos. Es un pequeño ejemplo de lo que pueden las redes neuronales; los mismos diez pasos sirven para \
             otros datos y para ideas propias.",
    }

    pub(in crate::guide) fn saved() {
        en: "It is kept in a file of Keras, which Keras opens too: layers, weights, what it was compiled with, the course of \
             its training, and what its outputs stand for.",
        es: "Se guarda en un archivo de Keras, que Keras también abre: capas, pesos, con qué se compiló, el curso de su \
             entrenamiento y qué significan sus salidas.",
    }

    pub(in crate::guide) fn whole_program(example: &str) {
        en: "The whole program of this guide is `main.rs`, among the results; step 1 says how to run it in a project of \
             your own. In Neurona's folder it is the example `{example}`.",
        es: "El programa entero de esta guía es `main.rs`, entre los resultados; el paso 1 dice cómo ejecutarlo en un \
             proyecto propio. En la carpeta de Neurona es el ejemplo `{example}`.",
    }

    pub(in crate::guide) fn try_next() {
        en: "To try next:",
        es: "Para probar después:",
    }

    pub(in crate::guide) fn try_epochs() {
        en: "`neurona guide --epochs 35`: seven times the training, and about 0.92.",
        es: "`neurona guide --epochs 35`: siete veces el entrenamiento, y cerca de 0,92.",
    }

    pub(in crate::guide) fn try_seed() {
        en: "`neurona guide --seed 4`: other first weights, another order of the images. How much does it matter?",
        es: "`neurona guide --seed 4`: otros pesos iniciales y otro orden de las imágenes. ¿Cuánto importa?",
    }

    pub(in crate::guide) fn try_arrays() {
        en: "`neurona guide --arrays digits`: the digits as arrays of NumPy too, for `neurona inspect`, `predict`, `evaluate` \
             and `train`.",
        es: "`neurona guide --arrays digits`: también los dígitos como arreglos de NumPy, para `neurona inspect`, `predict`, \
             `evaluate` y `train`.",
    }

    pub(in crate::guide) fn try_lang() {
        en: "`neurona guide --lang es`: the same in Spanish.",
        es: "`neurona guide --lang en`: lo mismo en inglés.",
    }

    pub(in crate::guide) fn written(folder: &str) {
        en: "Written to the folder {folder}:",
        es: "Escrito en la carpeta {folder}:",
    }

    pub(in crate::guide) fn written_report() {
        en: "`report.html`: this whole run with its figures, to read in a browser or print",
        es: "`report.html`: toda esta ejecución con sus figuras, para leer en el navegador o imprimir",
    }

    pub(in crate::guide) fn written_program() {
        en: "`main.rs`: all the code of this guide, as one program",
        es: "`main.rs`: todo el código de esta guía, en un solo programa",
    }

    pub(in crate::guide) fn written_history() {
        en: "`history.csv`: loss and accuracy of each epoch",
        es: "`history.csv`: pérdida y exactitud de cada época",
    }

    pub(in crate::guide) fn written_model() {
        en: "`model.keras`: the network, for Keras and for `neurona inspect`",
        es: "`model.keras`: la red, para Keras y para `neurona inspect`",
    }

    pub(in crate::guide) fn written_figures() {
        en: "And the figures, each as SVG and as PNG:",
        es: "Y las figuras, cada una en SVG y en PNG:",
    }

    pub(in crate::guide) fn written_figure(name: &str, caption: &Text) {
        en: "`{name}`: {caption}",
        es: "`{name}`: {caption}",
    }

    pub(in crate::guide) fn interrupted() {
        en: "Interrupted with Ctrl-C, after the batch in progress. No report was written.",
        es: "Interrumpido con Ctrl-C, tras el lote en curso. No se escribió ningún informe.",
    }

    pub(in crate::guide) fn data_credit() {
        en: "Digits: MNIST, by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, licence CC BY-SA 3.0.",
        es: "Dígitos: MNIST, de Yann LeCun, Corinna Cortes y Christopher J. C. Burges, licencia CC BY-SA 3.0.",
    }

    pub(in crate::guide) fn made_with(version: &str, command: &str) {
        en: "Made with neurona {version}, by `{command}`. The same command gives the same numbers.",
        es: "Hecho con neurona {version}, con `{command}`. El mismo comando da los mismos números.",
    }

    pub(in crate::guide) fn contents() {
        en: "Contents",
        es: "Contenido",
    }

    pub(in crate::guide) fn output_of_code() {
        en: "Output",
        es: "Salida",
    }

    pub(in crate::guide) fn test_accuracy() {
        en: "test accuracy",
        es: "exactitud en la prueba",
    }

    pub(in crate::guide) fn test_loss() {
        en: "test loss",
        es: "pérdida en la prueba",
    }

    pub(in crate::guide) fn epochs_word() {
        en: "epochs",
        es: "épocas",
    }

    pub(in crate::guide) fn seed_word() {
        en: "seed",
        es: "semilla",
    }

    pub(in crate::guide) fn epoch_word() {
        en: "epoch",
        es: "época",
    }

    pub(in crate::guide) fn loss_word() {
        en: "loss",
        es: "pérdida",
    }

    pub(in crate::guide) fn accuracy_word() {
        en: "accuracy",
        es: "exactitud",
    }

    pub(in crate::guide) fn number(value: crate::numbers::Fixed) {
        en: "{value}",
        es: "{value}",
    }

    pub(in crate::guide) fn count(value: usize) {
        en: "{value}",
        es: "{value}",
    }
}
