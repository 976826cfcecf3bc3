//! What the help pages and the complaints about the command line say.

neurona::messages! {
    pub(super) fn about() {
        en: "Neurona: from data to a trained, tested and understood neural network",
        es: "Neurona: de los datos a una red neuronal entrenada, probada y comprendida",
    }

    pub(super) fn usage_heading() {
        en: "Usage:",
        es: "Uso:",
    }

    pub(super) fn commands_heading() {
        en: "Commands:",
        es: "Comandos:",
    }

    pub(super) fn options_heading() {
        en: "Options:",
        es: "Opciones:",
    }

    pub(super) fn usage() {
        en: "neurona [OPTIONS] COMMAND",
        es: "neurona [OPCIONES] COMANDO",
    }

    pub(super) fn guide_usage() {
        en: "neurona guide [OPTIONS]",
        es: "neurona guide [OPCIONES]",
    }

    pub(super) fn guide_about() {
        en: "A network that reads handwritten digits, in ten steps",
        es: "Una red que lee dígitos escritos a mano, en diez pasos",
    }

    pub(super) fn guide_after() {
        en: "It prints each step with its code and its real output, and writes the figures,\n\
             the code as one program (main.rs), history.csv, report.html and the network in\n\
             model.keras. Ctrl-C during the training saves it and ends with exit code 75;\n\
             the same command with --resume ends with the same numbers, files and report.\n\
             --arrays writes train-images.npy, train-labels.npy, test-images.npy and\n\
             test-labels.npy, for the other commands.\n\n\
             Examples:\n  neurona guide\n  neurona guide --epochs 35 --out 35-epochs\n\
             \x20 neurona guide --arrays digits",
        es: "Muestra cada paso con su código y su salida real, y escribe las figuras, el\n\
             código como un programa (main.rs), la red (model.keras), report.html,\n\
             history.csv e historial-hoja.csv (para hojas de cálculo). Ctrl-C guarda el\n\
             entrenamiento y sale con el código 75; el mismo comando con --resume acaba con\n\
             los mismos números, archivos e informe. --arrays escribe train-images.npy,\n\
             train-labels.npy, test-images.npy y test-labels.npy, para los demás comandos.\n\n\
             Ejemplos:\n  neurona guide\n  neurona guide --epochs 35 --out 35-epocas\n\
             \x20 neurona guide --arrays digits",
    }

    pub(super) fn bench_usage() {
        en: "neurona bench [OPTIONS] guide|mlp|cnn|tabular",
        es: "neurona bench [OPCIONES] guide|mlp|cnn|tabular",
    }

    pub(super) fn bench_about() {
        en: "How long a known training takes, and where its time goes",
        es: "Cuánto tarda un entrenamiento conocido y en qué se le va el tiempo",
    }

    pub(super) fn bench_after() {
        en: "The trainings:\n\
             \x20 guide    60,000 digits, 10 and 10 units, SGD, batches of 32\n\
             \x20 mlp      60,000 digits, 512, 512 and 10 units, dropout, Adam, batches of 128\n\
             \x20 cnn      12,800 digits, convolutions of 32 and 64 filters with pools,\n\
             \x20          10 units, dropout, Adam, batches of 128\n\
             \x20 tabular  100,000 rows of 30, 64, 64 and 1 units, Adam, batches of 256\n\n\
             Examples:\n  neurona bench guide\n  neurona bench mlp --epochs 2 --profile",
        es: "Los entrenamientos:\n\
             \x20 guide    60\u{a0}000 dígitos, 10 y 10 unidades, SGD, lotes de 32\n\
             \x20 mlp      60\u{a0}000 dígitos, 512, 512 y 10 unidades, dropout, Adam, lotes de 128\n\
             \x20 cnn      12\u{a0}800 dígitos, convoluciones de 32 y 64 filtros con reducción,\n\
             \x20          10 unidades, dropout, Adam, lotes de 128\n\
             \x20 tabular  100\u{a0}000 filas de 30, 64, 64 y 1 unidades, Adam, lotes de 256\n\n\
             Ejemplos:\n  neurona bench guide\n  neurona bench mlp --epochs 2 --profile",
    }

    pub(super) fn bench_epochs() {
        en: "Passes over the samples [default: 4]",
        es: "Pasadas por las muestras [si falta: 4]",
    }

    pub(super) fn json() {
        en: "One line of JSON instead of a table",
        es: "Una línea de JSON en vez de una tabla",
    }

    pub(super) fn profile() {
        en: "Also the steps of the compiled program, each with its time",
        es: "También los pasos del programa, con sus tiempos",
    }

    pub(super) fn arrays() {
        en: "Only writes the samples to DIR, as x.npy and y.npy",
        es: "Solo escribe x.npy e y.npy, las muestras, en CARPETA",
    }

    pub(super) fn guide_resume() {
        en: "Continues the interrupted guide of the folder --out",
        es: "Continúa la guía interrumpida de la carpeta --out",
    }

    pub(super) fn guide_arrays() {
        en: "Also the digits, in DIR, as NumPy arrays (58 MB)",
        es: "También los dígitos, para NumPy, en CARPETA (58 MB)",
    }

    pub(super) fn epochs() {
        en: "Passes over the 60,000 images [default: 5]",
        es: "Pasadas por las 60\u{a0}000 imágenes [si falta: 5]",
    }

    pub(super) fn seed() {
        en: "Seed of all random numbers [default: 3]",
        es: "Semilla de todos los números al azar [si falta: 3]",
    }

    pub(super) fn out() {
        en: "Where the files go [default: neurona-guide]",
        es: "Dónde van los archivos [si falta: neurona-guide]",
    }

    pub(super) fn lang() {
        en: "Language [default: the system's]",
        es: "Idioma [si falta: el del sistema]",
    }

    pub(super) fn threads() {
        en: "Threads; they do not change the results [default: all]",
        es: "Hilos; no cambian los resultados [si falta: todos]",
    }

    pub(super) fn plain() {
        en: "Plain text: no colours, nothing redrawn",
        es: "Texto simple: sin colores y sin redibujar nada",
    }

    pub(super) fn help() {
        en: "Shows this help",
        es: "Muestra esta ayuda",
    }

    pub(super) fn version() {
        en: "Shows the version",
        es: "Muestra la versión",
    }

    pub(super) fn help_usage() {
        en: "neurona help [COMMAND|CODE]",
        es: "neurona help [COMANDO|CÓDIGO]",
    }

    pub(super) fn help_about() {
        en: "The help of a command, or what an error code means",
        es: "La ayuda de un comando, o qué significa un código de error",
    }

    pub(super) fn help_after() {
        en: "Examples:\n  neurona help train\n  neurona help E012",
        es: "Ejemplos:\n  neurona help train\n  neurona help E012",
    }

    pub(super) fn exit_codes() {
        en: "Exit codes:\n\
             \x20 0    all went well\n\
             \x20 2    the command line is wrong\n\
             \x20 3    something is wrong with data, files or runs\n\
             \x20 4    something is wrong with the model\n\
             \x20 5    training diverged\n\
             \x20 75   stopped with everything saved: the same command with --resume continues\n\
             \x20 130  stopped at once\n\n\
             neurona help E012 says what an error code means.",
        es: "Códigos de salida:\n\
             \x20 0    todo fue bien\n\
             \x20 2    la línea de comandos está mal\n\
             \x20 3    algo falla en los datos, los archivos o las ejecuciones\n\
             \x20 4    algo falla en el modelo\n\
             \x20 5    el entrenamiento divergió\n\
             \x20 75   detenido con todo guardado: el mismo comando con --resume continúa\n\
             \x20 130  detenido de inmediato\n\n\
             neurona help E012 dice qué significa un código de error.",
    }

    pub(super) fn nothing_to_explain(given: &str) {
        en: "\"{given}\" is neither a command nor an error code",
        es: "\"{given}\" no es un comando ni un código de error",
    }

    pub(super) fn unknown_option(given: &str) {
        en: "there is no option \"{given}\"",
        es: "no existe la opción \"{given}\"",
    }

    pub(super) fn unknown_command(given: &str) {
        en: "there is no command \"{given}\"",
        es: "no existe el comando \"{given}\"",
    }

    pub(super) fn unknown_workload(given: &str) {
        en: "there is no training called \"{given}\"",
        es: "no existe ningún entrenamiento llamado \"{given}\"",
    }

    pub(super) fn no_workload() {
        en: "\"neurona bench\" needs the name of a training",
        es: "\"neurona bench\" necesita el nombre de un entrenamiento",
    }

    pub(super) fn one_of(names: &str) {
        en: "use one of: {names}",
        es: "use uno de: {names}",
    }

    pub(super) fn two_reports() {
        en: "it prints only one line, so it cannot be combined with --profile",
        es: "muestra una sola línea, así que no se puede combinar con --profile",
    }

    pub(super) fn one_report() {
        en: "use one of the two",
        es: "use una de las dos",
    }

    pub(super) fn unexpected(given: &str) {
        en: "\"{given}\" is not expected here",
        es: "no se esperaba \"{given}\" aquí",
    }

    pub(super) fn did_you_mean(near: &str) {
        en: "did you mean \"{near}\"?",
        es: "¿quiso decir \"{near}\"?",
    }

    pub(super) fn see_help() {
        en: "\"neurona --help\" and \"neurona COMMAND --help\" list what there is",
        es: "\"neurona --help\" y \"neurona COMANDO --help\" muestran lo que hay",
    }

    pub(super) fn see_help_of(command: &str) {
        en: "\"neurona {command} --help\" lists its options",
        es: "\"neurona {command} --help\" muestra sus opciones",
    }

    pub(super) fn with_option(example: &str) {
        en: "files of data are given with an option: {example}",
        es: "los archivos de datos se dan con una opción: {example}",
    }

    pub(super) fn leave_out(command: &str) {
        en: "leave it out; \"neurona {command} --help\" says what the command takes",
        es: "quítelo; \"neurona {command} --help\" dice qué recibe el comando",
    }

    pub(super) fn other_name() {
        en: "rename the file, or write the argument again in UTF-8",
        es: "cambie el nombre del archivo, o escriba el argumento de nuevo en UTF-8",
    }

    pub(super) fn no_value(option: &str) {
        en: "{option} needs a value after it",
        es: "{option} necesita un valor a continuación",
    }

    pub(super) fn takes_no_value(option: &str, given: &str) {
        en: "{option} takes no value, but has \"{given}\"",
        es: "{option} no lleva valor, pero tiene \"{given}\"",
    }

    pub(super) fn without_value(option: &str) {
        en: "write just {option}",
        es: "escriba solo {option}",
    }

    pub(super) fn not_unicode() {
        en: "an argument is not valid Unicode text",
        es: "un argumento no es texto Unicode válido",
    }

    pub(super) fn other(kind: &str) {
        en: "the command line cannot be understood ({kind})",
        es: "no se entiende la línea de comandos ({kind})",
    }

    pub(super) fn not_a_count(given: &str, least: &str, most: &str) {
        en: "\"{given}\" is not a whole number from {least} to {most}",
        es: "\"{given}\" no es un número entero de {least} a {most}",
    }

    pub(super) fn for_example(example: &str) {
        en: "for example {example}",
        es: "por ejemplo {example}",
    }

    pub(super) fn not_a_language(given: &str) {
        en: "\"{given}\" is not a language of this program",
        es: "\"{given}\" no es un idioma de este programa",
    }

    pub(super) fn two_languages() {
        en: "--lang es (Spanish) or --lang en (English)",
        es: "--lang es (español) o --lang en (inglés)",
    }

    pub(super) fn empty_folder() {
        en: "the name of the folder is empty",
        es: "el nombre de la carpeta está vacío",
    }
}
