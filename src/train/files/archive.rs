//! The archive that a `.keras` file is: its members, and what file managers add when they zip it again.

use super::{CONFIG, METADATA, OWN, WEIGHTS, parse};
use crate::nn::config::Value;
use neurona_core::error::{Error, Result};
use neurona_formats::zip::{self, Archive};
use std::borrow::Cow;

/// The members of a model's file, and the folder that they are all in: none, or the one that was
/// zipped with them.
pub(super) struct Members<'a> {
    archive: Archive<'a>,
    folder: String,
}

/// Whether a model's file may have a member with this name. Anything that layers keep besides
/// weights (vocabularies) is not read yet.
fn is_member(name: &str) -> bool {
    [CONFIG, METADATA, WEIGHTS, OWN].contains(&name) || name.starts_with("assets/")
}

impl<'a> Members<'a> {
    /// Opens an archive. Members that systems add by themselves are ignored. Errors (E034): it is
    /// damaged, or has other members.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Members<'a>> {
        let all = Archive::open(bytes, zip::TOTAL, |_| true)?;
        let mut folder = "";
        if !all.contains(CONFIG) {
            let inside = |name: &'a str| name.strip_suffix(CONFIG)?.strip_suffix('/');
            let mut folders =
                all.names().filter(|name| !zip::is_of_systems(name)).filter_map(inside);
            folder = folders.find(|folder| !folder.contains('/')).unwrap_or_default();
        }
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let known = |name: &str| {
            zip::is_of_systems(name) || name.strip_prefix(&folder).is_some_and(is_member)
        };
        let archive = Archive::open(bytes, zip::TOTAL, known)?;
        Ok(Members { archive, folder })
    }

    /// Whether there is a member with this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.archive.contains(&format!("{}{name}", self.folder))
    }

    /// The content of a member. Errors (E034): there is none, or it is damaged.
    pub(super) fn read(&self, name: &str) -> Result<Cow<'a, [u8]>> {
        let content = self.archive.read(&format!("{}{name}", self.folder));
        content.map_err(|error| error.inside(name.to_owned()))
    }

    /// A member that is JSON. Errors (E034): it is not, or as in [`read`](Members::read).
    pub(super) fn json(&self, name: &str) -> Result<Value> {
        let bytes = self.read(name)?;
        parse(&bytes).map_err(|error: Error| error.inside(name.to_owned()))
    }
}
