//! The most memory this program ever used.

/// The peak, in bytes; `None` where the system keeps no account of it that can be read.
pub(super) fn peak() -> Option<u64> {
    // Only Linux has this file.
    highest(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// From the line `VmHWM:   12345 kB`, where a kB is 1024 bytes.
fn highest(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_mark_is_found() {
        assert_eq!(highest("VmPeak:\t 9 kB\nVmHWM:\t   12 kB\nVmRSS:\t 8 kB\n"), Some(12 * 1024));
        assert_eq!(highest("VmHWM:\t many kB\n"), None);
        assert_eq!(highest(""), None);
    }
}
