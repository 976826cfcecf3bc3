//! Ctrl-C, and a shutdown's request to end: the first one asks the program to stop, the second one
//! stops it.

use neurona::train;
use std::sync::LazyLock;

/// What an interrupted program returns to the shell.
pub(crate) const EXIT_CODE: u8 = 130;

/// What it returns if all is saved and can be resumed: "temporary failure, try again", by the
/// convention of `sysexits`.
pub(crate) const SAVED_EXIT_CODE: u8 = 75;

static STOP: LazyLock<train::Stop> = LazyLock::new(train::Stop::default);

/// From here on, Ctrl-C is noted instead of ending the program at once.
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
