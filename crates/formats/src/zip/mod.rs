//! ZIP archives in memory: members that were asked for, under limits, and archives of stored members.
//!
//! Our own, over `flate2`, because what makes an archive dangerous lies between its two tables of
//! contents: the available crates read one and trust it, and the largest of them brings ten more
//! crates. Nothing is ever written to disk.
//!
//! Refused, before anything is unpacked: a member that was not asked for; two with the same name;
//! names with `..`, a backslash or a colon (except before a number), or from the root; encryption;
//! links; methods other than stored and deflate; members that overlap; tables that disagree; more
//! than 10,000 members; more than 64 MiB (or 100 times what is stored, if that is more) from one
//! member, and more than the caller's limit (or the archive's size) from all. Format:
//! [APPNOTE 6.3.10](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
//!
//! ```
//! use neurona_formats::zip::{self, Archive};
//!
//! let file = zip::write(&[("config.json", b"{}"), ("model.weights.h5", b"...")])?;
//! let known = |name: &str| ["config.json", "model.weights.h5"].contains(&name);
//! let archive = Archive::open(&file, zip::TOTAL, known)?;
//! assert_eq!(*archive.read("config.json")?, *b"{}");
//! assert!(Archive::open(&file, zip::TOTAL, |name| name == "config.json").is_err());
//! # Ok::<(), neurona_core::error::Error>(())
//! ```

mod read;
mod texts;
mod write;

pub use read::Archive;
pub use write::write;

/// An archive has at most this many members.
pub const MAX_MEMBERS: usize = 10_000;

/// How far all members may expand: to 8 GiB, or the size of the archive if that is more.
pub const TOTAL: u64 = 8 << 30;

/// How far one member may expand: to this many bytes, or [`RATIO`] times what is stored if that is
/// more.
const EXPANDED: u64 = 64 << 20;
const RATIO: u64 = 100;

const LOCAL: u32 = 0x0403_4B50;
const CENTRAL: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const END_64: u32 = 0x0606_4B50;
const LOCATOR_64: u32 = 0x0706_4B50;

/// Bit 11 of the flags: the name is UTF-8.
const UTF8: u16 = 1 << 11;

/// Folders that macOS, Windows and file servers keep for themselves, and files that they and Linux
/// desktops keep in any folder, in lower case.
const FOLDERS_OF_SYSTEMS: [&str; 10] = [
    "__macosx",
    ".appledouble",
    ".documentrevisions-v100",
    ".fseventsd",
    ".spotlight-v100",
    ".temporaryitems",
    ".trashes",
    "@eadir",
    "$recycle.bin",
    "system volume information",
];
const FILES_OF_SYSTEMS: [&str; 9] = [
    ".directory",
    ".ds_store",
    ".localized",
    ".lsoverride",
    "desktop.ini",
    "ehthumbs.db",
    "ehthumbs_vista.db",
    "icon\r",
    "thumbs.db",
];

/// Whether a member is one that systems add to archives by themselves, with nothing in it that the
/// archive's maker put there: folders themselves, and files that macOS, Windows, Linux desktops and
/// file servers keep about folders.
pub fn is_of_systems(name: &str) -> bool {
    let name = name.to_lowercase();
    let (folders, last) = name.rsplit_once('/').unwrap_or(("", name.as_str()));
    last.is_empty()
        || last.starts_with("._")
        || last.starts_with(".nfs")
        || FILES_OF_SYSTEMS.contains(&last)
        || folders.split('/').any(|folder| FOLDERS_OF_SYSTEMS.contains(&folder))
}

/// Whether a name stays inside the folder in which an archive is unpacked. A colon before a number
/// does not name a drive: arrays may have the names of TensorFlow's variables, such as `kernel:0`.
fn is_safe(name: &str) -> bool {
    let folder_or_file = name.strip_suffix('/').unwrap_or(name);
    let after_colons = name.split(':').skip(1);
    !name.contains(['\\', '\0'])
        && after_colons.into_iter().all(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        && folder_or_file.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
