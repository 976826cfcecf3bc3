//! The environment variable `NEURONA_ISA`, which names the instructions to use.

use neurona::internals::cpu::Level;
use neurona::internals::error::{Error, unknown_name};

/// Checks that the processor has the instructions that the variable names. Errors (E015): it does
/// not; the library would use the best it has, which is not what was asked for.
pub(crate) fn check(named: Option<&str>) -> Result<(), Error> {
    let names: Vec<&str> = Level::available().map(Level::name).collect();
    match named {
        Some(name) if !names.contains(&name) => {
            Err(unknown_name(&instructions(), name, &names).at("NEURONA_ISA"))
        }
        _ => Ok(()),
    }
}

neurona::messages! {
    fn instructions() {
        en: "instruction set of this processor",
        es: "ningún juego de instrucciones de este procesador",
    }
}
