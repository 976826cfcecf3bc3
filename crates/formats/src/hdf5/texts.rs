//! What is said about HDF5 files that are damaged, or outside what Keras writes.

use crate::cursor::damaged;
use neurona_core::error::{Error, Result};
use neurona_core::message::Text;

/// The error for a file outside the subset, with the feature that it uses.
pub(super) fn unsupported(what: &Text) -> Error {
    damaged(outside(what)).fix(save_again())
}

/// A name as a group may have it.
pub(super) fn name(bytes: &[u8]) -> Result<&str> {
    let name = std::str::from_utf8(bytes).ok().filter(|name| is_name(name));
    name.ok_or_else(|| damaged(bad_name()))
}

/// Names are parts of paths: not empty, not the group itself.
pub(super) fn is_name(name: &str) -> bool {
    !matches!(name, "" | ".") && !name.contains(['/', '\0'])
}

neurona_core::messages! {
    fn outside(what: &Text) {
        en: "it uses {what}, which is not read here",
        es: "usa {what}, que aquí no se lee",
    }
    fn save_again() {
        en: "load the file with the program that wrote it, and save the model with Keras as .weights.h5 or .keras",
        es: "cargue el archivo con el programa que lo escribió y guarde el modelo con Keras como .weights.h5 o .keras",
    }

    // Files outside the subset.
    pub(super) fn newer_superblock(version: usize) {
        en: "a superblock of version {version} (versions 0 to 3 are read)",
        es: "un superbloque de versión {version} (se leen las versiones 0 a 3)",
    }
    pub(super) fn other_sizes(offsets: usize, lengths: usize) {
        en: "offsets of {offsets} bytes and lengths of {lengths} (both of 8 are read)",
        es: "direcciones de {offsets} bytes y longitudes de {lengths} (se leen ambas de 8)",
    }
    pub(super) fn driver() {
        en: "a file driver, which can lie in other files",
        es: "un controlador de archivos, que puede estar en otros archivos",
    }
    pub(super) fn soft_link() {
        en: "a soft link",
        es: "un enlace simbólico",
    }
    pub(super) fn external_link() {
        en: "an external link, to another file",
        es: "un enlace externo, a otro archivo",
    }
    pub(super) fn external_storage() {
        en: "external storage: its numbers lie in another file",
        es: "almacenamiento externo: sus números están en otro archivo",
    }
    pub(super) fn virtual_dataset() {
        en: "a virtual dataset, made of other files",
        es: "un conjunto de datos virtual, hecho de otros archivos",
    }
    pub(super) fn other_layout(version: usize) {
        en: "a data layout of version {version}",
        es: "una disposición de datos de versión {version}",
    }
    pub(super) fn other_index(number: usize) {
        en: "an index of chunks of kind {number}",
        es: "un índice de trozos de tipo {number}",
    }
    pub(super) fn filter(name: &str, number: usize) {
        en: "the filter {name} (number {number})",
        es: "el filtro {name} (número {number})",
    }
    pub(super) fn other_filter(number: usize) {
        en: "filter number {number} (deflate, shuffle, fletcher32 and LZF are read)",
        es: "el filtro número {number} (se leen deflate, shuffle, fletcher32 y LZF)",
    }
    pub(super) fn packed_heap() {
        en: "filters on links or attributes",
        es: "filtros sobre enlaces o atributos",
    }
    pub(super) fn shared() {
        en: "a message shared with another object",
        es: "un mensaje compartido con otro objeto",
    }
    pub(super) fn named_type() {
        en: "a named datatype",
        es: "un tipo de datos con nombre",
    }
    pub(super) fn unknown_message(kind: usize) {
        en: "a message of type {kind}, which must be understood",
        es: "un mensaje de tipo {kind}, que debe entenderse",
    }
    pub(super) fn other_class(class: &str) {
        en: "elements of class {class}",
        es: "elementos de clase {class}",
    }
    pub(super) fn other_version(structure: &str, version: usize) {
        en: "a {structure} of version {version}",
        es: "un {structure} de versión {version}",
    }

    // What is damaged.
    pub(super) fn not_hdf5() {
        en: "this is not an HDF5 file: it does not start with the HDF5 signature",
        es: "no es un archivo HDF5: no empieza con la firma de HDF5",
    }
    pub(super) fn left_open() {
        en: "the program that wrote it did not close it, so it may not be whole",
        es: "el programa que lo escribió no lo cerró, así que puede no estar completo",
    }
    pub(super) fn clear() {
        en: "let that program end; if it was stopped, run h5clear -s on a copy of the file, or save the model again",
        es: "espere a que ese programa termine; si fue detenido, ejecute h5clear -s sobre una copia del archivo o guarde el modelo de nuevo",
    }
    pub(super) fn checksum(structure: &str, at: usize) {
        en: "the {structure} at byte {at} does not have the checksum that belongs to it",
        es: "{structure} en el byte {at} no tiene la suma de control que le corresponde",
    }
    pub(super) fn bad_heap() {
        en: "the heap of its links or attributes is damaged",
        es: "el montón de sus enlaces o atributos está dañado",
    }
    pub(super) fn bad_index() {
        en: "the index of its chunks is damaged",
        es: "el índice de sus trozos está dañado",
    }
    pub(super) fn bad_chunk() {
        en: "one of its chunks is damaged: it does not unpack, or its size or checksum does not match",
        es: "uno de sus trozos está dañado: no se descomprime, o su tamaño o su suma de control no coinciden",
    }
    pub(super) fn chunks_missing(needs: usize, has: usize) {
        en: "it needs {needs} chunks, but {has} of them were ever written",
        es: "necesita {needs} trozos, pero solo se escribieron {has}",
    }
    pub(super) fn too_many_messages(most: usize) {
        en: "an object has more than {most} messages",
        es: "un objeto tiene más de {most} mensajes",
    }
    pub(super) fn bomb(expands: usize, file: usize) {
        en: "its chunks expand to {expands} bytes from a file of {file}, more than 64 MiB and more than 100 times its size",
        es: "sus trozos se expanden a {expands} bytes desde un archivo de {file}, más de 64 MiB y de 100 veces su tamaño",
    }
    pub(super) fn repack() {
        en: "if you trust the file, unpack it with h5repack -f NONE file.h5 unpacked.h5 and give the result",
        es: "si confía en el archivo, descomprímalo con h5repack -f NONE archivo.h5 descomprimido.h5 e indique el resultado",
    }
    pub(super) fn cut(declared: usize, has: usize) {
        en: "it declares {declared} bytes, but has {has}",
        es: "declara {declared} bytes, pero tiene {has}",
    }
    pub(super) fn not_there(structure: &str, at: usize) {
        en: "there is no {structure} at byte {at}, where one should be",
        es: "no hay {structure} en el byte {at}, donde debería haber uno",
    }
    pub(super) fn outside_file(at: usize, size: usize, has: usize) {
        en: "{size} bytes at byte {at} lie outside the file, which has {has}",
        es: "{size} bytes en el byte {at} quedan fuera del archivo, que tiene {has}",
    }
    pub(super) fn met_before(at: usize) {
        en: "the bytes at {at} belong to another object too: a cycle, a second link, or damage",
        es: "los bytes en {at} pertenecen también a otro objeto: un ciclo, un segundo enlace o un daño",
    }
    pub(super) fn too_deep(most: usize) {
        en: "groups are nested more than {most} deep",
        es: "hay grupos anidados a más de {most} niveles",
    }
    pub(super) fn too_many_objects(most: usize) {
        en: "it has more than {most} objects, or more than its size can hold",
        es: "tiene más de {most} objetos, o más de los que caben en su tamaño",
    }
    pub(super) fn declares_more(needs: usize, stored: usize) {
        en: "it declares {needs} bytes of numbers, but stores {stored}",
        es: "declara {needs} bytes de números, pero guarda {stored}",
    }
    pub(super) fn bad_name() {
        en: "one of its names is empty, not UTF-8, a dot, or contains a slash",
        es: "uno de sus nombres está vacío, no es UTF-8, es un punto o contiene una barra",
    }
    pub(super) fn names_overlap() {
        en: "its names are longer than the place they lie in",
        es: "sus nombres son más largos que el lugar en que están",
    }
    pub(super) fn twice(name: &str) {
        en: "\"{name}\" is in it twice",
        es: "\"{name}\" está en él dos veces",
    }
    pub(super) fn message_twice(kind: usize) {
        en: "it has two messages of type {kind}",
        es: "tiene dos mensajes de tipo {kind}",
    }
    pub(super) fn no_kind() {
        en: "it is neither a group nor a dataset",
        es: "no es un grupo ni un conjunto de datos",
    }
    pub(super) fn bad_tree() {
        en: "the tree of its names is damaged",
        es: "el árbol de sus nombres está dañado",
    }
    pub(super) fn text_missing() {
        en: "one of its strings is not where it should be",
        es: "uno de sus textos no está donde debería",
    }
    pub(super) fn texts_too_long() {
        en: "its strings are longer than the whole file",
        es: "sus textos son más largos que todo el archivo",
    }
    pub(super) fn not_utf8() {
        en: "one of its strings is not UTF-8",
        es: "uno de sus textos no es UTF-8",
    }
    pub(super) fn texts_not_numbers() {
        en: "it holds strings, not numbers",
        es: "contiene textos, no números",
    }
    pub(super) fn numbers_not_texts(name: &str) {
        en: "it holds {name}, not strings",
        es: "contiene {name}, no textos",
    }

    // What cannot be written.
    pub(super) fn too_long(bytes: usize) {
        en: "it takes {bytes} bytes, but an attribute has room for at most 65,528",
        es: "ocupa {bytes} bytes, pero un atributo tiene lugar para 65\u{a0}528 como máximo",
    }
    pub(super) fn too_many_attributes() {
        en: "it has more than 65,000 attributes",
        es: "tiene más de 65\u{a0}000 atributos",
    }
    pub(super) fn name_cannot_be() {
        en: "a name cannot be empty, a dot, longer than 32,000 bytes, have a slash or a zero in it, or be a group's and a dataset's at once",
        es: "un nombre no puede estar vacío, ser un punto, pasar de 32\u{a0}000 bytes, contener una barra o un cero, ni ser a la vez de un grupo y de un conjunto de datos",
    }
}
