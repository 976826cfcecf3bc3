//! The page of each code: what it means, what leads to it, what to do. `neurona help E012` shows it.

use super::Code;
use crate::message::{Lang, Text};

/// What we say about a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code: `E012` an error, `W035` a warning, `N021` a note.
    pub code: &'static str,
    /// Its title: the error in a few words.
    pub title: Text,
    /// What causes it.
    pub cause: Text,
    /// What to do about it.
    pub fix: Text,
}

impl Code {
    /// Its page.
    pub fn page(self) -> Page {
        let (code, title, cause, fix) = match self {
            Code::E002 => ("E002", usage(), usage_cause(), usage_fix()),
            Code::E012 => ("E012", shapes(), shapes_cause(), shapes_fix()),
            Code::E013 => ("E013", last_layer(), last_layer_cause(), last_layer_fix()),
            Code::E014 => ("E014", not_ready(), not_ready_cause(), not_ready_fix()),
            Code::E015 => ("E015", name(), name_cause(), name_fix()),
            Code::E016 => ("E016", range(), range_cause(), range_fix()),
            Code::E021 => ("E021", targets(), targets_cause(), targets_fix()),
            Code::E022 => ("E022", labels(), labels_cause(), labels_fix()),
            Code::E023 => ("E023", finite(), finite_cause(), finite_fix()),
            Code::E024 => ("E024", rows(), rows_cause(), rows_fix()),
            Code::E025 => ("E025", empty(), empty_cause(), empty_fix()),
            Code::E031 => ("E031", missing(), missing_cause(), missing_fix()),
            Code::E034 => ("E034", damaged(), damaged_cause(), damaged_fix()),
            Code::E035 => ("E035", refused(), refused_cause(), refused_fix()),
            Code::E036 => ("E036", other_run(), other_run_cause(), other_run_fix()),
            Code::E037 => ("E037", in_use(), in_use_cause(), in_use_fix()),
            Code::E038 => ("E038", code_in_file(), code_in_file_cause(), code_in_file_fix()),
            Code::E041 => ("E041", diverged(), diverged_cause(), diverged_fix()),
        };
        Page { code, title, cause, fix }
    }
}

/// The pages of warnings and notes: for things that are legal but may not be meant, or that went
/// wrong without harm.
pub fn notes() -> Vec<Page> {
    let page = |code, title, cause, fix| Page { code, title, cause, fix };
    vec![
        page("N012", last_one(), last_one_cause(), last_one_fix()),
        page("N021", one_hot(), one_hot_cause(), one_hot_fix()),
        page("W013", doubtful(), doubtful_cause(), doubtful_fix()),
        page("W022", no_class(), no_class_cause(), no_class_fix()),
        page("W023", bad_weights(), bad_weights_cause(), bad_weights_fix()),
        page("W034", checkpoint(), checkpoint_cause(), checkpoint_fix()),
        page("W035", not_written(), not_written_cause(), not_written_fix()),
        page("W036", processor(), processor_cause(), processor_fix()),
        page("W038", left_out(), left_out_cause(), left_out_fix()),
        page("W039", afresh(), afresh_cause(), afresh_fix()),
        page("W040", not_here(), not_here_cause(), not_here_fix()),
        page("W041", precision(), precision_cause(), precision_fix()),
        page("W042", formula(), formula_cause(), formula_fix()),
        page("W043", renamed(), renamed_cause(), renamed_fix()),
        page("W051", slow(), slow_cause(), slow_fix()),
    ]
}

/// All pages: errors, then notes and warnings, each in the order of their numbers.
pub fn pages() -> Vec<Page> {
    Code::ALL.iter().map(|code| code.page()).chain(notes()).collect()
}

/// The page of a code by its name, in upper or lower case.
///
/// ```
/// use neurona_core::error::page_of;
/// use neurona_core::message::Lang;
///
/// let page = page_of("e024").unwrap();
/// assert_eq!(page.title.get(Lang::En), "inputs and targets have different numbers of rows");
/// assert!(page_of("E999").is_none());
/// ```
pub fn page_of(name: &str) -> Option<Page> {
    pages().into_iter().find(|page| page.code.eq_ignore_ascii_case(name))
}

/// All pages as one document, in a language: `docs/errors.md` and `docs/errores.md`.
pub fn document(lang: Lang) -> String {
    let mut text = format!("# {}\n\n{}\n", heading().get(lang), introduction().get(lang));
    for page in pages() {
        let [title, cause, fix] =
            [page.title, page.cause, page.fix].map(|t| t.get(lang).to_owned());
        let code = page.code;
        text += &format!("\n## {code}\n\n**{}.** {cause}\n\n{fix}\n", capital(&title));
    }
    text
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

crate::messages! {
    fn heading() {
        en: "Error codes",
        es: "Códigos de error",
    }

    fn introduction() {
        en: "Every error has a code that starts with E; warnings start with W and notes with N. `neurona help E012` shows the \
             same text in the terminal. The [Spanish page](errores.md) says the same.\n\n\
             The command's exit code tells a script what kind of error it was: 0 all went well; 2 the command line is wrong \
             (E002); 3 something is wrong with data, files or runs (E021 to E038); 4 something is wrong with the model (E012 to \
             E016); 5 training diverged (E041); 75 stopped by Ctrl-C or a shutdown with everything saved, so it can be resumed; \
             130 stopped at once.",
        es: "Cada error tiene un código que empieza por E; las advertencias empiezan por W y las notas por N. `neurona help E012 \
             --lang es` muestra el mismo texto en la terminal. La [página en inglés](errors.md) dice lo mismo.\n\n\
             El código de salida del comando le dice a un script qué clase de error hubo: 0, todo fue bien; 2, la línea de comandos \
             está mal (E002); 3, algo falla en los datos, los archivos o las ejecuciones (E021 a E038); 4, algo falla en el modelo \
             (E012 a E016); 5, el entrenamiento divergió (E041); 75, detenido con Ctrl-C o por un apagado con todo guardado, de modo \
             que se puede reanudar; 130, detenido de inmediato.",
    }

    fn usage() {
        en: "the command line is not understood",
        es: "no se entiende la línea de comandos",
    }

    fn usage_cause() {
        en: "A command or an option does not exist, an option lacks its value, or the value is not of the right kind.",
        es: "Un comando o una opción no existe, a una opción le falta su valor o el valor no es del tipo correcto.",
    }

    fn usage_fix() {
        en: "`neurona --help` lists the commands, and `neurona COMMAND --help` lists a command's options with examples.",
        es: "`neurona --help` muestra los comandos, y `neurona COMANDO --help`, las opciones de un comando con ejemplos.",
    }

    fn shapes() {
        en: "shapes do not fit",
        es: "las formas no encajan",
    }

    fn shapes_cause() {
        en: "The data do not have the shape that the model or a layer takes, or two inputs of an operation cannot be combined. \
             The first dimension of an array counts its rows (samples); the others are the shape of one sample.",
        es: "Los datos no tienen la forma que recibe el modelo o una capa, o no se pueden combinar dos entradas de una operación. \
             La primera dimensión de un array cuenta sus filas (muestras); las demás son la forma de una muestra.",
    }

    fn shapes_fix() {
        en: "Compare the two shapes in the message. Reshape the data, give a single sample a first dimension of 1, or declare \
             the model with the shape of your samples.",
        es: "Compare las dos formas del mensaje. Cambie la forma de los datos, dé a una muestra suelta una primera dimensión de 1 o \
             declare el modelo con la forma de sus muestras.",
    }

    fn last_layer() {
        en: "the last layer does not suit the data or the loss",
        es: "la última capa no es adecuada para los datos o la pérdida",
    }

    fn last_layer_cause() {
        en: "For example, a network with 9 outputs is trained on 10 classes, or a loss for probabilities follows a softmax of one \
             unit, which always gives 1.",
        es: "Por ejemplo, una red con 9 salidas se entrena con 10 clases, o una pérdida para probabilidades sigue a una softmax de \
             una sola unidad, que siempre da 1.",
    }

    fn last_layer_fix() {
        en: "Give the last layer one unit for each class with softmax, or one unit with sigmoid for yes or no, or one linear \
             unit for each number to be predicted.",
        es: "Dé a la última capa una unidad por clase con softmax, una unidad con sigmoide para sí o no, o una unidad lineal por \
             cada número que se quiera predecir.",
    }

    fn not_ready() {
        en: "the model is not ready for this",
        es: "el modelo no está listo para esto",
    }

    fn not_ready_cause() {
        en: "It has no layers, does not know the shape of its samples, or was not compiled with a loss and an optimizer; or \
             two options were given that exclude each other.",
        es: "No tiene capas, no sabe qué forma tienen sus muestras o no se compiló con una pérdida y un optimizador; o bien se \
             dieron dos opciones que se excluyen.",
    }

    fn not_ready_fix() {
        en: "Make the missing call first: `compile` before `fit` and `evaluate`; declare the shape of the samples or call `fit` before \
             `predict`.",
        es: "Haga antes la llamada que falta: `compile` antes de `fit` y `evaluate`; declare la forma de las muestras o llame a `fit` \
             antes de `predict`.",
    }

    fn name() {
        en: "a name does not exist",
        es: "un nombre no existe",
    }

    fn name_cause() {
        en: "A layer, loss, optimizer, metric, activation, column or array has another name.",
        es: "Una capa, pérdida, optimizador, métrica, activación, columna o array tiene otro nombre.",
    }

    fn name_fix() {
        en: "Use the name that the message suggests. Names are Keras' names.",
        es: "Use el nombre que sugiere el mensaje. Los nombres son los de Keras.",
    }

    fn range() {
        en: "a setting is out of its range",
        es: "un ajuste está fuera de su rango",
    }

    fn range_cause() {
        en: "For example, a dropout rate of 1.5, a batch size of 0, or a file name with an ending that the function cannot write.",
        es: "Por ejemplo, una tasa de dropout de 1,5, un tamaño de lote de 0 o un nombre de archivo con una terminación que la \
             función no sabe escribir.",
    }

    fn range_fix() {
        en: "Choose a value within the range that the message gives.",
        es: "Elija un valor dentro del rango que da el mensaje.",
    }

    fn targets() {
        en: "the targets are not encoded as the loss expects",
        es: "los objetivos no están codificados como los recibe la pérdida",
    }

    fn targets_cause() {
        en: "Losses for classes take integer labels or one-hot rows; others take numbers shaped like the outputs.",
        es: "Las pérdidas para clases reciben etiquetas enteras o filas one-hot; las demás, números con la forma de las salidas.",
    }

    fn targets_fix() {
        en: "Convert labels with `to_categorical` and one-hot rows with `from_categorical`, or choose the loss that goes with \
             your targets.",
        es: "Convierta etiquetas con `to_categorical` y filas one-hot con `from_categorical`, o elija la pérdida que corresponde a \
             sus objetivos.",
    }

    fn labels() {
        en: "labels or values are out of range",
        es: "hay etiquetas o valores fuera de rango",
    }

    fn labels_cause() {
        en: "Class labels of n outputs go from 0 to n − 1; the rows of an embedding's table are counted likewise; weights of \
             samples are at least 0; probabilities lie between 0 and 1.",
        es: "Las etiquetas de n salidas van de 0 a n − 1; igual se cuentan las filas de la tabla de un embedding; los pesos de las \
             muestras son al menos 0; las probabilidades están entre 0 y 1.",
    }

    fn labels_fix() {
        en: "The message names the first row that is outside. Correct the data, count labels from 0, or give the last layer more \
             units.",
        es: "El mensaje nombra la primera fila que está fuera. Corrija los datos, cuente las etiquetas desde 0 o dé más unidades a \
             la última capa.",
    }

    fn finite() {
        en: "the data contain numbers that are not finite, or weights are beyond the range of 32 bits",
        es: "los datos contienen números que no son finitos, o hay pesos que exceden los 32 bits",
    }

    fn finite_cause() {
        en: "A NaN, an infinity, or a number beyond 3.4 × 10³⁸, which 32 bits cannot hold, would spread to every weight.",
        es: "Un NaN, un infinito o un número mayor que 3,4 × 10³⁸, que no cabe en 32 bits, se extendería a todos los pesos.",
    }

    fn finite_fix() {
        en: "The message says how many there are and where the first one is. Fill in or remove those rows; weights as large as that usually come from a training that diverged.",
        es: "El mensaje dice cuántos hay y dónde está el primero. Complete o quite esas filas; los pesos tan grandes suelen venir de un \
             entrenamiento que divergió.",
    }

    fn rows() {
        en: "inputs and targets have different numbers of rows",
        es: "las entradas y los objetivos tienen distinto número de filas",
    }

    fn rows_cause() {
        en: "Each sample needs its own target, and its own weight if weights are given.",
        es: "Cada muestra necesita su objetivo, y su peso si se dan pesos.",
    }

    fn rows_fix() {
        en: "Check that both arrays come from the same rows, in the same order.",
        es: "Revise que ambos arrays vengan de las mismas filas, en el mismo orden.",
    }

    fn empty() {
        en: "there are no data",
        es: "no hay datos",
    }

    fn empty_cause() {
        en: "An array has no rows, a data set gives no batch, or a split leaves one side empty.",
        es: "Un array no tiene filas, un conjunto de datos no da ningún lote o una partición deja vacío uno de los lados.",
    }

    fn empty_fix() {
        en: "Check the file or the filter that the data come from; choose another `validation_split`.",
        es: "Revise el archivo o el filtro de donde vienen los datos; elija otro `validation_split`.",
    }

    fn missing() {
        en: "a file does not exist",
        es: "un archivo no existe",
    }

    fn missing_cause() {
        en: "Nothing exists at this path.",
        es: "No hay nada en esa ruta.",
    }

    fn missing_fix() {
        en: "Check the name, and the folder in which the command runs.",
        es: "Revise el nombre y la carpeta en la que se ejecuta el comando.",
    }

    fn damaged() {
        en: "a file is damaged or of another kind",
        es: "un archivo está dañado o es de otro tipo",
    }

    fn damaged_cause() {
        en: "Its content is truncated or changed, does not match its ending, or asks for more than the limits in SECURITY.md allow.",
        es: "Su contenido está cortado o cambiado, no es lo que promete su terminación o pide más de lo que permiten los límites de \
             SECURITY.md.",
    }

    fn damaged_fix() {
        en: "Copy or download it again, or save it again in the program that made it. The message says what was expected and \
             what was found.",
        es: "Vuelva a copiarlo o descargarlo, o a guardarlo en el programa que lo hizo. El mensaje dice qué se esperaba y qué se \
             encontró.",
    }

    fn refused() {
        en: "the system refused to read or write a file",
        es: "el sistema no permitió leer o escribir un archivo",
    }

    fn refused_cause() {
        en: "The folder does not exist, you may not write there, the disk is full, or the path is a folder.",
        es: "La carpeta no existe, no se puede escribir en ella, el disco está lleno o la ruta es una carpeta.",
    }

    fn refused_fix() {
        en: "Make the folder, choose another place, or make room. Nothing was lost: a file that existed before is as it was.",
        es: "Cree la carpeta, elija otro lugar o libere espacio. No se perdió nada: un archivo que ya existía queda como estaba.",
    }

    fn other_run() {
        en: "the run folder belongs to another training",
        es: "la carpeta de la ejecución es de otro entrenamiento",
    }

    fn other_run_cause() {
        en: "The folder already holds a run and resuming was not asked for, or the run differs in its network, data, seed, batch \
             size or callbacks.",
        es: "La carpeta ya contiene una ejecución y no se pidió reanudarla, o la ejecución difiere en la red, los datos, la semilla, \
             el tamaño de lote o los callbacks.",
    }

    fn other_run_fix() {
        en: "Ask to resume it (`--resume`, `Run::resume(true)`), restore the settings that the message names, or choose another folder.",
        es: "Pida reanudarla (`--resume`, `Run::resume(true)`), iguale lo que nombra el mensaje o elija otra carpeta.",
    }

    fn in_use() {
        en: "another process is using the run folder",
        es: "otro proceso está usando la carpeta de la ejecución",
    }

    fn in_use_cause() {
        en: "Two processes that save in the same folder would overwrite each other's work.",
        es: "Dos procesos que guardan en la misma carpeta se sobrescribirían mutuamente el trabajo.",
    }

    fn in_use_fix() {
        en: "Wait for the other process to end, stop it, or choose another folder.",
        es: "Espere a que termine el otro proceso, deténgalo o elija otra carpeta.",
    }

    fn code_in_file() {
        en: "a file asks for code to be run",
        es: "un archivo pide ejecutar código",
    }

    fn code_in_file_cause() {
        en: "It contains a `Lambda`, a user-defined class, a pickled object or a path to another file. Neurona never runs \
             code from a file.",
        es: "Contiene una `Lambda`, una clase definida por el usuario, un objeto de pickle o una ruta a otro archivo. Neurona nunca ejecuta \
             código de un archivo.",
    }

    fn code_in_file_fix() {
        en: "Build the model from Keras' own layers and save it again. Arrays of objects can be saved as arrays of numbers.",
        es: "Construya el modelo con las capas de Keras y guárdelo de nuevo. Los arrays de objetos se pueden guardar como arrays de \
             números.",
    }

    fn diverged() {
        en: "training diverged",
        es: "el entrenamiento divergió",
    }

    fn diverged_cause() {
        en: "The loss, a gradient or an update was NaN or infinite. Most often the learning rate is too large, or the inputs \
             are not scaled. The model keeps the weights of the last good step.",
        es: "La pérdida, un gradiente o una actualización fue NaN o infinita. Lo más frecuente es que la tasa de aprendizaje sea \
             demasiado grande o que las entradas no estén escaladas. El modelo conserva los pesos del último paso bueno.",
    }

    fn diverged_fix() {
        en: "Divide the learning rate by 10, bring the inputs to about −1 to 1, or clip gradients (`clipnorm`).",
        es: "Divida la tasa de aprendizaje entre 10, lleve las entradas a un rango de −1 a 1 o recorte los gradientes (`clipnorm`).",
    }

    fn one_hot() {
        en: "one-hot rows were taken as they are",
        es: "se tomaron filas one-hot tal como están",
    }

    fn one_hot_cause() {
        en: "The loss is named after integer labels, but the targets are rows with one 1; the result is the same.",
        es: "La pérdida lleva el nombre de etiquetas enteras, pero los objetivos son filas con un solo 1; el resultado es el mismo.",
    }

    fn one_hot_fix() {
        en: "Nothing needs to be done.",
        es: "No hace falta hacer nada.",
    }

    fn doubtful() {
        en: "loss and last layer seldom go together",
        es: "la pérdida y la última capa rara vez van juntas",
    }

    fn doubtful_cause() {
        en: "For example, a cross-entropy after a layer whose outputs are not probabilities.",
        es: "Por ejemplo, una entropía cruzada tras una capa cuyas salidas no son probabilidades.",
    }

    fn doubtful_fix() {
        en: "Use softmax or sigmoid in the last layer, or set `from_logits`.",
        es: "Use softmax o sigmoide en la última capa, o active `from_logits`.",
    }

    fn bad_weights() {
        en: "the file contains weights, or an optimizer's state, that are not finite",
        es: "el archivo contiene pesos, o un estado del optimizador, que no son finitos",
    }

    fn bad_weights_cause() {
        en: "The model was saved after its training diverged, so its predictions may be NaN, or it cannot be trained further as it is.",
        es: "El modelo se guardó después de que su entrenamiento divergiera, así que sus predicciones pueden ser NaN o no se puede seguir \
             entrenando tal como está.",
    }

    fn bad_weights_fix() {
        en: "Use an earlier file, or train again from new weights. Where only the optimizer's state is not finite, compile the model again.",
        es: "Use un archivo anterior o entrene de nuevo desde pesos nuevos. Si solo el estado del optimizador no es finito, compile de \
             nuevo el modelo.",
    }

    fn checkpoint() {
        en: "the last checkpoint is damaged and the one before it is used",
        es: "el último punto de control está dañado y se usa el anterior",
    }

    fn checkpoint_cause() {
        en: "Its checksum does not match: the disk or another program changed it.",
        es: "Su suma de control no coincide: lo cambió el disco u otro programa.",
    }

    fn checkpoint_fix() {
        en: "Nothing needs to be done: training continues from the checkpoint before it and ends with the same bits.",
        es: "No hace falta hacer nada: el entrenamiento continúa desde el anterior y termina con los mismos bits.",
    }

    fn not_written() {
        en: "a file could not be written during training",
        es: "no se pudo escribir un archivo durante el entrenamiento",
    }

    fn not_written_cause() {
        en: "Most often the disk is full. Training continues, and the file is tried again later.",
        es: "Lo más frecuente es que el disco esté lleno. El entrenamiento continúa y el archivo se vuelve a intentar más tarde.",
    }

    fn not_written_fix() {
        en: "Make room on the disk while training runs.",
        es: "Libere espacio en el disco mientras se entrena.",
    }

    fn processor() {
        en: "the run is resumed on a processor with other instructions",
        es: "la ejecución se reanuda en un procesador con otras instrucciones",
    }

    fn processor_cause() {
        en: "The last bits of the weights may then differ from an uninterrupted run.",
        es: "Los últimos bits de los pesos pueden diferir entonces de los de una ejecución sin interrupciones.",
    }

    fn processor_fix() {
        en: "Set `NEURONA_ISA` to the instructions of the first processor if every bit matters.",
        es: "Ponga en `NEURONA_ISA` las instrucciones del primer procesador si importa cada bit.",
    }

    fn afresh() {
        en: "the optimizer starts afresh",
        es: "el optimizador empieza de nuevo",
    }

    fn afresh_cause() {
        en: "The file does not hold the optimizer's state, or holds it in a form that cannot be used. Weights are not affected.",
        es: "El archivo no contiene el estado del optimizador o lo contiene en una forma que no se puede usar. Los pesos no se ven \
             afectados.",
    }

    fn afresh_fix() {
        en: "Nothing needs to be done. The first epochs of further training may differ from what they would have been.",
        es: "No hace falta hacer nada. Las primeras épocas de un nuevo entrenamiento pueden diferir de lo que habrían sido.",
    }

    fn last_one() {
        en: "a last dimension of 1 was added or dropped",
        es: "se agregó o se quitó una última dimensión de 1",
    }

    fn last_one_cause() {
        en: "As in Keras, an input that differs from what the model expects only by a last dimension of 1 is taken.",
        es: "Como en Keras, se acepta una entrada que difiere de lo que el modelo espera solo en una última dimensión de 1.",
    }

    fn last_one_fix() {
        en: "Nothing needs to be done. Reshape the array if you do not want to see the note.",
        es: "No hace falta hacer nada. Cambie la forma del array si no quiere ver la nota.",
    }

    fn no_class() {
        en: "some rows of targets name no class",
        es: "algunas filas de objetivos no indican ninguna clase",
    }

    fn no_class_cause() {
        en: "The targets are rows of probabilities, and some rows are all zeros. Such rows add nothing to the loss.",
        es: "Los objetivos son filas de probabilidades y algunas filas solo tienen ceros. Esas filas no aportan nada a la pérdida.",
    }

    fn no_class_fix() {
        en: "If these samples have a class, put a 1 in its column; otherwise leave the samples out.",
        es: "Si esas muestras tienen clase, ponga un 1 en su columna; si no, quite las muestras.",
    }

    fn left_out() {
        en: "a part defined in the program is not in the file",
        es: "algo definido en el programa no está en el archivo",
    }

    fn left_out_cause() {
        en: "A loss, an optimizer or a metric that the program defines itself has no name that can be stored in a file.",
        es: "Una pérdida, un optimizador o una métrica que define el propio programa no tiene un nombre que quepa en un archivo.",
    }

    fn left_out_fix() {
        en: "Call compile again after loading, with that part. Layers and weights are complete.",
        es: "Llame otra vez a compile después de cargar, con esa parte. Las capas y los pesos están completos.",
    }

    fn not_here() {
        en: "the file is compiled with something that cannot be used here",
        es: "el archivo está compilado con algo que aquí no se puede usar",
    }

    fn not_here_cause() {
        en: "It names a loss, an optimizer or a metric that does not exist here, or has no loss for an output. The model predicts \
             all the same.",
        es: "Nombra una pérdida, un optimizador o una métrica que aquí no existe, o no tiene pérdida para una salida. El modelo \
             predice de todos modos.",
    }

    fn not_here_fix() {
        en: "To evaluate or train, give the missing parts: --loss, --metrics and --optimizer on the command line, compile or recompile \
             in a program.",
        es: "Para evaluar o entrenar, dé lo que falta: --loss, --metrics y --optimizer en la línea de comandos, compile o recompile \
             en un programa.",
    }

    fn precision() {
        en: "the file asks for another precision",
        es: "el archivo pide otra precisión",
    }

    fn precision_cause() {
        en: "Layers were trained in mixed_float16, bfloat16 or the like. Here everything is computed in float32, and the request is \
             kept in files.",
        es: "Hay capas entrenadas en mixed_float16, bfloat16 o similares. Aquí todo se calcula en float32, y lo pedido se conserva en \
             los archivos.",
    }

    fn precision_fix() {
        en: "Nothing needs to be done. The last digits of results may differ from the program that wrote the file.",
        es: "No hace falta hacer nada. Las últimas cifras de los resultados pueden diferir de las del programa que escribió el archivo.",
    }

    fn formula() {
        en: "a formula of Keras 2 is computed as in Keras 2",
        es: "una fórmula de Keras 2 se calcula como en Keras 2",
    }

    fn formula_cause() {
        en: "Keras 2 wrote the file. Its hard_sigmoid is min(max(0.2 x + 0.5, 0), 1), and Keras 3 computes another formula under the \
             same name.",
        es: "Keras 2 escribió el archivo. Su hard_sigmoid es min(max(0,2 x + 0,5, 0), 1), y Keras 3 calcula otra fórmula con el mismo \
             nombre.",
    }

    fn formula_fix() {
        en: "Nothing needs to be done: predictions match Keras 2, also after the model is saved again.",
        es: "No hace falta hacer nada: las predicciones son las de Keras 2, también después de guardar el modelo de nuevo.",
    }

    fn renamed() {
        en: "names in the file differ from the model's names",
        es: "los nombres del archivo no son los del modelo",
    }

    fn renamed_cause() {
        en: "Keras refuses names with a slash, so the file has an underscore in its place. \
            When the file is read here, the names are restored.",
        es: "Keras rechaza los nombres con barra; por eso el archivo tiene un guion bajo en su lugar. Al leerlos aquí, los nombres son \
             los de antes.",
    }

    fn renamed_fix() {
        en: "Nothing needs to be done. For the same names in Keras, give the layers names without a slash.",
        es: "No hace falta hacer nada. Para tener los mismos nombres en Keras, dé a las capas nombres sin barra.",
    }

    fn slow() {
        en: "the program was compiled without optimization",
        es: "el programa se compiló sin optimización",
    }

    fn slow_cause() {
        en: "A plain `cargo run` does not optimize, and training then takes 60 to 250 times as long.",
        es: "Un `cargo run` sin más no optimiza, y el entrenamiento tarda entonces entre 60 y 250 veces más.",
    }

    fn slow_fix() {
        en: "Run `cargo run --release`, or put opt-level = 3 under [profile.dev.package.\"*\"] in Cargo.toml.",
        es: "Ejecute `cargo run --release`, o ponga opt-level = 3 bajo [profile.dev.package.\"*\"] en Cargo.toml.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_of_its_own_in_both_languages() {
        let pages = pages();
        assert_eq!(pages.len(), Code::ALL.len() + notes().len());
        for (i, page) in pages.iter().enumerate() {
            assert_eq!(page_of(&page.code.to_lowercase()).as_ref(), Some(page));
            assert!(pages[..i].iter().all(|other| other.title != page.title), "{}", page.code);
            for text in [&page.title, &page.cause, &page.fix] {
                assert_ne!(text.get(Lang::En), text.get(Lang::Es), "{}", page.code);
            }
        }
        for code in Code::ALL {
            assert_eq!(code.page().code, code.to_string());
        }
    }
}
