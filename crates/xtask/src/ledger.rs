//! The ledger of `docs/RELIABILITY.md`: a row for each campaign, with the day and the commit.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a campaign found.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) found: String,
    pub(crate) seconds: f64,
}

/// Appends rows to the table that ends the page. Errors: the system's.
pub(crate) fn append<'r>(rows: impl Iterator<Item = &'r Row>) -> io::Result<()> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/RELIABILITY.md");
    // The page must already exist: nothing is written to a page that does not.
    fs::metadata(&page)?;
    let mut page = File::options().append(true).open(page)?;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let (day, commit) = (date(seconds / 86_400), commit());
    for Row { name, found, seconds } in rows {
        writeln!(page, "| {day} | {commit} | {name} | {found} | {seconds:.0} |")?;
    }
    Ok(())
}

/// The commit that was tested, with a plus sign if there were changes on top of it.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok();
        let output = output.filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let changed = git(&["status", "--porcelain"]).is_some_and(|changes| !changes.is_empty());
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    commit + if changed { "+" } else { "" }
}

/// The date of a day since 1970-01-01: Howard Hinnant's `civil_from_days`.
fn date(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_have_dates() {
        for (days, expected) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (11_016, "2000-02-29"), (20_781, "2026-11-24")]
        {
            assert_eq!(date(days), expected);
        }
    }
}
