//! Why a command ends early.

use neurona::{Code, Error};
use std::io;

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something is wrong, and the user is told what.
    Error(Error),
    /// Whoever read the output has gone: `neurona guide | head`.
    ReaderGone,
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-C or a shutdown, with all work saved: it can be resumed.
    Saved,
}

neurona::messages! {
    fn output_refused(why: &io::Error) {
        en: "the output cannot be written: {why}",
        es: "no se puede escribir la salida: {why}",
    }

    fn make_room() {
        en: "check where the output is sent, and that there is room",
        es: "revise adónde se envía la salida y que haya espacio",
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

impl From<io::Error> for Stop {
    /// Only the output is written without naming the place of the error, so it is the output that failed.
    fn from(error: io::Error) -> Stop {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Stop::ReaderGone;
        }
        Error::new(Code::E035, output_refused(&error)).fix(make_room()).caused_by(error).into()
    }
}
