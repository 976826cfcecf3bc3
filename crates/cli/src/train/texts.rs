//! What `neurona train` says.

use neurona::message::Decimal;

neurona::messages! {
    pub(super) fn interrupted() {
        en: "Stopped. Nothing was saved: with --run FOLDER a training that is stopped can be resumed.",
        es: "Detenido. No se guardó nada: con --run CARPETA un entrenamiento detenido se puede reanudar.",
    }

    pub(super) fn saved(step: usize, epoch: usize, batch: usize, folder: &str) {
        en: "Stopped at step {step} (epochs done: {epoch}, batches of the next: {batch}), saved in {folder}. To resume:",
        es: "Detenido en el paso {step} (épocas hechas: {epoch}, lotes de la siguiente: {batch}), guardado en {folder}. Para reanudar:",
    }

    pub(super) fn score(name: &str, value: Decimal) {
        en: "{name} {value}",
        es: "{name} {value}",
    }

    pub(super) fn written(path: &str) {
        en: "saved: {path}",
        es: "guardado: {path}",
    }

    pub(super) fn resume_it() {
        en: "resume it with --resume, or choose another folder with --run",
        es: "reanúdela con --resume, o elija otra carpeta con --run",
    }
}
