//! What is said about archives that are damaged, refused, or cannot be written.

use neurona_core::message::Text;

neurona_core::messages! {
    pub(super) fn not_zip() {
        en: "this is not a ZIP archive: the end of its table of contents is missing",
        es: "no es un archivo ZIP: falta el final de su tabla de contenidos",
    }
    pub(super) fn bad_table() {
        en: "its table of contents is damaged",
        es: "su tabla de contenidos está dañada",
    }
    pub(super) fn many_disks() {
        en: "it is one part of an archive in several",
        es: "es una parte de un archivo dividido en varias",
    }
    pub(super) fn too_many(count: usize, most: usize) {
        en: "it has {count} members, but at most {most} are allowed",
        es: "tiene {count} miembros, pero el máximo es {most}",
    }
    pub(super) fn bad_name() {
        en: "a member's name is not UTF-8",
        es: "el nombre de un miembro no es UTF-8",
    }
    pub(super) fn unsafe_name() {
        en: "the member's name could lead out of a folder",
        es: "el nombre del miembro podría llevar fuera de una carpeta",
    }
    pub(super) fn not_expected() {
        en: "no such member belongs in this kind of file",
        es: "un miembro así no pertenece a esta clase de archivo",
    }
    pub(super) fn take_out(name: &str) {
        en: "if you trust the file, take that member out of a copy: zip -d copy.zip \"{name}\"",
        es: "si confía en el archivo, quite ese miembro de una copia: zip -d copia.zip \"{name}\"",
    }
    pub(super) fn zip_again() {
        en: "unpack it and zip its members again without a password, by deflate or without compression",
        es: "descomprímalo y comprima de nuevo sus miembros sin contraseña, con deflate o sin compresión",
    }
    pub(super) fn twice() {
        en: "two members have this name",
        es: "dos miembros tienen este nombre",
    }
    pub(super) fn encrypted() {
        en: "the member is encrypted",
        es: "el miembro está cifrado",
    }
    pub(super) fn link() {
        en: "the member is a link or a device, not a file",
        es: "el miembro es un enlace o un dispositivo, no un archivo",
    }
    pub(super) fn method(method: usize) {
        en: "the member is packed by method {method}; stored (0) and deflate (8) are read",
        es: "el miembro está comprimido por el método {method}; se leen sin compresión (0) y deflate (8)",
    }
    pub(super) fn disagree(part: &str) {
        en: "the table of contents and the member itself disagree about its {part}",
        es: "la tabla de contenidos y el propio miembro no coinciden en: {part}",
    }
    pub(super) fn overlap(other: &Text) {
        en: "the member overlaps with {other}",
        es: "el miembro se superpone con {other}",
    }
    pub(super) fn table_of_contents() {
        en: "the table of contents",
        es: "la tabla de contenidos",
    }
    pub(super) fn bomb(expands: usize, stored: usize) {
        en: "it expands to {expands} bytes from {stored}, more than 64 MiB and more than 100 times its stored size",
        es: "se expande a {expands} bytes desde {stored}, más de 64 MiB y de 100 veces lo guardado",
    }
    pub(super) fn cannot_hold(expands: usize, stored: usize) {
        en: "it declares {expands} bytes, which {stored} packed bytes cannot hold",
        es: "declara {expands} bytes, que no caben en {stored} bytes comprimidos",
    }
    pub(super) fn total(expands: usize, most: usize) {
        en: "its members expand to {expands} bytes in all, but {most} are allowed",
        es: "sus miembros se expanden a {expands} bytes en total, pero se permiten {most}",
    }
    pub(super) fn store() {
        en: "if you trust the file, write it again without compression (in NumPy: savez, not savez_compressed)",
        es: "si confía en el archivo, escríbalo de nuevo sin comprimir (en NumPy: savez, no savez_compressed)",
    }
    pub(super) fn wrong_size(declared: usize, found: usize) {
        en: "it declares {declared} bytes, but unpacks to {found} or more",
        es: "declara {declared} bytes, pero al descomprimir son {found} o más",
    }
    pub(super) fn damaged_data() {
        en: "its packed data is damaged",
        es: "sus datos comprimidos están dañados",
    }
    pub(super) fn checksum() {
        en: "its content does not have the checksum that belongs to it",
        es: "su contenido no tiene la suma de control que le corresponde",
    }
    pub(super) fn no_member() {
        en: "the archive has no such member",
        es: "el archivo no tiene ese miembro",
    }
    pub(super) fn fetch_again() {
        en: "the download or copy was cut or changed; fetch the file again",
        es: "la descarga o copia quedó incompleta o alterada; obtenga el archivo de nuevo",
    }
    pub(super) fn too_large() {
        en: "members, and the archive, must be shorter than 4 GiB",
        es: "los miembros, y el archivo, deben medir menos de 4 GiB",
    }
}
