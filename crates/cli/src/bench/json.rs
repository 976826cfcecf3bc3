//! The measurements as one line of JSON, with the names that the scripts for other programs use.

use super::Workload;
use super::measure::Measured;
use super::profile::shares;
use neurona::internals::cpu::Level;

/// The line, without its end.
pub(super) fn line(workload: Workload, measured: &Measured) -> String {
    let losses: Vec<String> = measured.losses.iter().map(|loss| format!("{loss:.4}")).collect();
    let kinds: Vec<String> = shares(&measured.profile)
        .iter()
        .map(|(kind, share)| format!("\"{}\": {share:.4}", kind.unwrap_or("around")))
        .collect();
    let peak = measured.peak.map(|bytes| format!("{:.1}", bytes as f64 / 1e6));
    // Every text here is a plain word of ours: there is nothing to escape.
    format!(
        "{{\"peer\": \"neurona\", \"workload\": \"{}\", \"threads\": {}, \"isa\": \"{}\", \
         \"first_epoch_s\": {:.4}, \"epoch_s\": {:.4}, \"losses\": [{}], \
         \"predict_one_ms\": {:.5}, \"steps_per_s\": {:.1}, \"peak_mb\": {}, \"kinds\": {{{}}}}}",
        workload.name(),
        measured.threads,
        Level::chosen().name(),
        measured.first_epoch.as_secs_f64(),
        measured.epoch().as_secs_f64(),
        losses.join(", "),
        measured.predict_one.as_secs_f64() * 1e3,
        measured.steps_per_second(),
        peak.as_deref().unwrap_or("null"),
        kinds.join(", "),
    )
}
