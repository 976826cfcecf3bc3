//! What the help pages of the commands on model files say, and the complaints about their options.

use neurona::message::Text;

neurona::messages! {
    pub(super) fn inspect_about() {
        en: "What a model file or an array file contains",
        es: "Qué contiene un archivo de modelo o de arrays",
    }

    pub(super) fn inspect_usage() {
        en: "neurona inspect [OPTIONS] FILE",
        es: "neurona inspect [OPCIONES] ARCHIVO",
    }

    pub(super) fn inspect_after() {
        en: "Of a model (.keras, .h5): its layers, what it is compiled with, each weight with\n\
             its mean, standard deviation, range and share of zeros, its history, seed and\n\
             class names. Of arrays (.safetensors, .npz, .npy, .weights.h5): the arrays.\n\n\
             Examples:\n\
             \x20 neurona inspect model.keras\n\
             \x20 neurona inspect model.keras --json",
        es: "De un modelo (.keras, .h5): capas, con qué está compilado, cada peso con media,\n\
             desviación estándar, rango y proporción de ceros, historia, semilla y nombres de\n\
             clases. De arrays (.safetensors, .npz, .npy, .weights.h5): los arrays.\n\n\
             Ejemplos:\n\
             \x20 neurona inspect modelo.keras\n\
             \x20 neurona inspect modelo.keras --json",
    }

    pub(super) fn predict_about() {
        en: "A model's outputs for given inputs",
        es: "Las salidas de un modelo para entradas dadas",
    }

    pub(super) fn predict_usage() {
        en: "neurona predict [OPTIONS] MODEL --input FILE",
        es: "neurona predict [OPCIONES] MODELO --input ARCHIVO",
    }

    pub(super) fn predict_after() {
        en: "A model of several inputs or outputs takes the option once for each, in its\n\
             order, or one .npz file with an array of each name. One array of a file is\n\
             named after a colon: data.npz:x_test.\n\n\
             Examples:\n\
             \x20 neurona predict model.keras --input x.npy\n\
             \x20 neurona predict model.keras --input data.npz:x_test\n\
             \x20 neurona predict model.keras --input a.npy --input b.npy --output y.npy",
        es: "Si el modelo tiene varias entradas o salidas, la opción se repite para cada una,\n\
             en su orden, o se da un archivo .npz con un array de cada nombre. Un array\n\
             de un archivo se nombra tras dos puntos: datos.npz:x_test.\n\n\
             Ejemplos:\n\
             \x20 neurona predict modelo.keras --input x.npy\n\
             \x20 neurona predict modelo.keras --input datos.npz:x_test\n\
             \x20 neurona predict modelo.keras --input a.npy --input b.npy --output y.npy",
    }

    pub(super) fn evaluate_about() {
        en: "The loss and the metrics of a model on given data",
        es: "La pérdida y las métricas de un modelo con datos dados",
    }

    pub(super) fn evaluate_usage() {
        en: "neurona evaluate [OPTIONS] MODEL --data X --target Y",
        es: "neurona evaluate [OPCIONES] MODELO --data X --target Y",
    }

    pub(super) fn evaluate_after() {
        en: "The loss and metrics that the model in the file was compiled with are used,\n\
             unless others are given.\n\n\
             Examples:\n\
             \x20 neurona evaluate model.keras --data x.npy --target y.npy\n\
             \x20 neurona evaluate model.keras --data d.npz:x --target d.npz:y --loss mse",
        es: "La pérdida y las métricas son aquellas con las que está compilado el modelo del\n\
             archivo, salvo que se den otras.\n\n\
             Ejemplos:\n\
             \x20 neurona evaluate modelo.keras --data x.npy --target y.npy\n\
             \x20 neurona evaluate modelo.keras --data d.npz:x --target d.npz:y --loss mse",
    }

    pub(super) fn train_about() {
        en: "Continues training the model in a file",
        es: "Continúa el entrenamiento del modelo de un archivo",
    }

    pub(super) fn train_usage() {
        en: "neurona train [OPTIONS] MODEL --data X --target Y --output FILE",
        es: "neurona train [OPCIONES] MODELO --data X --target Y --output ARCHIVO",
    }

    pub(super) fn train_after() {
        en: "It continues with the optimizer, loss and metrics saved in the file, unless\n\
             others are given. With --run, Ctrl-C or a shutdown saves the training and ends\n\
             with exit code 75; the same command with --resume continues, to the same bits\n\
             as if it had not stopped.\n\n\
             Examples:\n\
             \x20 neurona train model.keras --data x.npy --target y.npy --epochs 5 \\\n\
             \x20     --output trained.keras\n\
             \x20 neurona train model.keras --data x.npy --target y.npy --epochs 5 \\\n\
             \x20     --output trained.keras --run runs/1 --resume",
        es: "Continúa con el optimizador, la pérdida y las métricas del archivo, salvo que se\n\
             den otros. Con --run, Ctrl-C o el apagado guardan el entrenamiento y terminan\n\
             con el código 75; el mismo comando con --resume continúa, hasta los mismos bits\n\
             que sin detenerse.\n\n\
             Ejemplos:\n\
             \x20 neurona train modelo.keras --data x.npy --target y.npy --epochs 5 \\\n\
             \x20     --output entrenado.keras\n\
             \x20 neurona train modelo.keras --data x.npy --target y.npy --epochs 5 \\\n\
             \x20     --output entrenado.keras --run runs/1 --resume",
    }

    pub(super) fn convert_about() {
        en: "The same model or weights in another kind of file",
        es: "El mismo modelo o los mismos pesos en otro tipo de archivo",
    }

    pub(super) fn convert_usage() {
        en: "neurona convert IN OUT",
        es: "neurona convert ENTRADA SALIDA",
    }

    pub(super) fn convert_after() {
        en: "The file endings choose the conversion:\n\
             \x20 model.keras, model.h5  to  .keras (the whole model)\n\
             \x20 model.keras, model.h5  to  .weights.h5, .safetensors or .npz (its weights)\n\
             \x20 .safetensors, .npz     to  .safetensors or .npz\n\
             \x20 .weights.h5, .h5 of weights alone  to  .safetensors or .npz\n\n\
             Example:\n\
             \x20 neurona convert model.h5 model.keras",
        es: "Las terminaciones eligen la conversión:\n\
             \x20 modelo.keras, modelo.h5  a  .keras (el modelo entero)\n\
             \x20 modelo.keras, modelo.h5  a  .weights.h5, .safetensors o .npz (sus pesos)\n\
             \x20 .safetensors, .npz       a  .safetensors o .npz\n\
             \x20 .weights.h5, .h5 con solo pesos  a  .safetensors o .npz\n\n\
             Ejemplo:\n\
             \x20 neurona convert modelo.h5 modelo.keras",
    }

    pub(super) fn input() {
        en: "An input, .npy or .npz; repeated, in order",
        es: "Una entrada, .npy o .npz; se repite en orden",
    }

    pub(super) fn predictions() {
        en: "An output, .npy or .npz [default: shows rows]",
        es: "Una salida, .npy o .npz [si falta: muestra filas]",
    }

    pub(super) fn data() {
        en: "An input, .npy or .npz; repeated, in order",
        es: "Una entrada, .npy o .npz; se repite en orden",
    }

    pub(super) fn target() {
        en: "What an output should be; repeated, in order",
        es: "Lo que debe dar una salida; se repite en orden",
    }

    pub(super) fn optimizer() {
        en: "An optimizer, such as adam [default: the file's]",
        es: "Un optimizador, p. ej. adam [si falta: el del archivo]",
    }

    pub(super) fn loss() {
        en: "A loss, such as mse [default: the file's]",
        es: "Una pérdida, p. ej. mse [si falta: la del archivo]",
    }

    pub(super) fn metrics() {
        en: "Metrics, such as mae,AUC [default: the file's]",
        es: "Métricas, p. ej. mae,AUC [si falta: del archivo]",
    }

    pub(super) fn epochs() {
        en: "Passes over the samples [default: 1]",
        es: "Pasadas por las muestras [si falta: 1]",
    }

    pub(super) fn samples_at_once() {
        en: "Samples at once [default: 32]",
        es: "Muestras a la vez [si falta: 32]",
    }

    pub(super) fn batch_size() {
        en: "Samples a step [default: 32]",
        es: "Muestras por paso [si falta: 32]",
    }

    pub(super) fn no_shuffle() {
        en: "Takes the samples in their order",
        es: "Toma las muestras en su orden",
    }

    pub(super) fn seed() {
        en: "Decides order and dropout [default: the file's]",
        es: "Decide orden y dropout [si falta: la del archivo]",
    }

    pub(super) fn output() {
        en: "The trained model, .keras",
        es: "El modelo entrenado, .keras",
    }

    pub(super) fn run() {
        en: "Saves the training here as it goes",
        es: "Guarda aquí el entrenamiento a medida que avanza",
    }

    pub(super) fn resume() {
        en: "Continues the run in that folder",
        es: "Continúa la ejecución de esa carpeta",
    }

    pub(super) fn json() {
        en: "One line of JSON instead of a table",
        es: "Una línea de JSON en vez de una tabla",
    }

    pub(super) fn no_file() {
        en: "the command needs the name of a file",
        es: "el comando necesita el nombre de un archivo",
    }

    pub(super) fn no_second_file() {
        en: "the command needs the name of a second file, the one to write",
        es: "el comando necesita el nombre de un segundo archivo, el que se escribe",
    }

    pub(super) fn empty_name() {
        en: "the name is empty",
        es: "el nombre está vacío",
    }

    pub(super) fn missing() {
        en: "the option is missing",
        es: "falta la opción",
    }

    pub(super) fn resume_what() {
        en: "it needs the folder of the run to continue",
        es: "necesita la carpeta de la ejecución que se continúa",
    }

    pub(super) fn name_the_run() {
        en: "name it with --run, for example --run runs/1",
        es: "indíquela con --run, por ejemplo --run runs/1",
    }

    pub(super) fn for_example(example: &str) {
        en: "for example {example}",
        es: "por ejemplo {example}",
    }

    pub(super) fn model_first(example: &str, way: &Text) {
        en: "name the model first and give the data with options, for example {example}; to make arrays of this file, {way}",
        es: "nombre primero el modelo y dé los datos con opciones, por ejemplo {example}; para hacer arrays de este archivo, {way}",
    }
}
