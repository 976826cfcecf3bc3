//! Ctrl-C, and the asking to end of a shutdown: the first one asks to stop, the second one stops.

use neurona::train;
use std::sync::LazyLock;

/// What a program that was interrupted gives back to the shell.
pub(crate) const EXIT_CODE: u8 = 130;

/// What it gives back if all is saved and it can be resumed: a "temporary failure, try again" by the convention of `sysexits`.
pub(crate) const SAVED_EXIT_CODE: u8 = 75;

static STOP: LazyLock<train::Stop> = LazyLock::new(train::Stop::default);

/// From here on Ctrl-C is noted instead of ending the program at once.
pub(crate) fn watch() {
    // Where the system has no such signal, Ctrl-C does what it does without us.
    let _ = ctrlc::set_handler(|| {
        if STOP.is_requested() {
            std::process::exit(EXIT_CODE.into());
        }
        STOP.request();
    });
}

/// Whether Ctrl-C was pressed.
pub(crate) fn asked() -> bool {
    STOP.is_requested()
}

/// What tells a training with a run folder that Ctrl-C was pressed.
pub(crate) fn stop() -> &'static train::Stop {
    &STOP
}
