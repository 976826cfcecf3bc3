//! The texts at the end: what to try next, the files, the words around the report, and how an
//! interrupted run ends.

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
        es: "`neurona guide --arrays digits`: también los dígitos como arrays de NumPy, para `neurona inspect`, `predict`, \
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
        en: "`history.csv`: loss and accuracy of each epoch, all their digits, for programs and spreadsheets",
        es: "`history.csv`: pérdida y exactitud de cada época, con todas sus cifras, para programas (con comas y punto \
             decimal)",
    }

    pub(in crate::guide) fn written_sheet() {
        en: "`historial-hoja.csv`: the same for a spreadsheet in Spanish (semicolons and decimal commas)",
        es: "`historial-hoja.csv`: lo mismo para abrirlo con una hoja de cálculo en español (con puntos y comas y coma \
             decimal)",
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
        en: "Interrupted with Ctrl-C before the training. There was nothing to save yet, and no report was written.",
        es: "Interrumpido con Ctrl-C antes del entrenamiento. Todavía no había nada que guardar y no se escribió ningún \
             informe.",
    }

    pub(in crate::guide) fn interrupted_and_saved(folder: &str) {
        en: "Interrupted with Ctrl-C. The training is saved in the folder {folder}; the report is still to be written. To continue, \
             to the same numbers and the whole report:",
        es: "Interrumpido con Ctrl-C. El entrenamiento quedó guardado en la carpeta {folder}; falta escribir el informe. Para \
             continuar, hasta los mismos números y el informe completo:",
    }

    pub(in crate::guide) fn unfinished() {
        en: "a guide that was interrupted has its training saved here",
        es: "aquí está guardado el entrenamiento de una guía que se interrumpió",
    }

    pub(in crate::guide) fn resume_or_elsewhere() {
        en: "continue it with --resume, choose another folder with --out, or delete this one to begin anew",
        es: "continúela con --resume, elija otra carpeta con --out, o borre esta para empezar de nuevo",
    }

    pub(in crate::guide) fn nothing_to_resume() {
        en: "no interrupted guide is saved here, so there is nothing to resume",
        es: "aquí no hay guardada ninguna guía interrumpida, así que no hay nada que continuar",
    }

    pub(in crate::guide) fn without_resume() {
        en: "name the folder of the interrupted guide with --out, or leave out --resume to begin one",
        es: "indique con --out la carpeta de la guía interrumpida, o quite --resume para empezar una",
    }

    pub(in crate::guide) fn stays(why: &std::io::Error) {
        en: "the training is done, but its saved run cannot be removed: {why}",
        es: "el entrenamiento terminó, pero no se puede borrar lo que se guardó de él: {why}",
    }

    pub(in crate::guide) fn remove_it() {
        en: "all other files are written; delete this folder",
        es: "todos los demás archivos están escritos; borre esta carpeta",
    }

    pub(in crate::guide) fn other_training() {
        en: "repeat the --epochs and --seed of the interrupted guide, or choose another folder with --out",
        es: "repita el --epochs y el --seed de la guía interrumpida, o elija otra carpeta con --out",
    }

    pub(in crate::guide) fn resumed(step: usize, epoch: usize, batch: usize) {
        en: "Resumed from step {step} (epochs done: {epoch}, batches of the next: {batch})",
        es: "Reanudado desde el paso {step} (épocas hechas: {epoch}, lotes de la siguiente: {batch})",
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

    pub(in crate::guide) fn threads_word() {
        en: "threads",
        es: "hilos",
    }

    pub(in crate::guide) fn time_word() {
        en: "training time",
        es: "tiempo de entrenamiento",
    }

    /// Fixed spaces, because it is one number.
    pub(in crate::guide) fn seconds(value: crate::numbers::Fixed) {
        en: "{value}\u{a0}s",
        es: "{value}\u{a0}s",
    }

    pub(in crate::guide) fn minutes(minutes: usize, seconds: usize) {
        en: "{minutes}\u{a0}min {seconds}\u{a0}s",
        es: "{minutes}\u{a0}min {seconds}\u{a0}s",
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
