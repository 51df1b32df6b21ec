//! Folders of what was learned: written whole or not at all.

use crate::failure::Failure;
use indexmap::IndexMap;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The card: what it was learned from, and what it is worth.
pub const CARD: &str = "card.json";

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The file that every such folder has, and that a bundle names.
    pub mark: &'static str,
    /// What it is called.
    pub what: &'static str,
}

/// Whether a folder can be written to, before time is spent on what it is to hold.
///
/// # Errors
/// When something else is there.
pub fn check(folder: &Path, kind: Kind) -> Result<(), Failure> {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !folder.exists() || folder.join(kind.mark).is_file() || is_empty() {
        return Ok(());
    }
    let what =
        if folder.is_dir() { format!("holds something else than {}", kind.what) } else { "is no folder".to_owned() };
    Err(Failure::new(format!("{} {what}", folder.display())).help("name another folder with -o"))
}

/// A file of JSON, for people to read as well.
///
/// # Errors
/// What JSON does not have.
pub fn json(name: &str, content: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut text =
        serde_json::to_vec_pretty(content).map_err(|error| Failure::new(format!("cannot make {name}: {error}")))?;
    text.push(b'\n');
    Ok(text)
}

/// Puts files in their folder's place; what is there is gone when the new one is whole. Gives the names of files and their sizes.
///
/// # Errors
/// What cannot be written; then the folder is as it was.
pub fn write(
    folder: &Path,
    kind: Kind,
    files: &IndexMap<&'static str, Vec<u8>>,
) -> Result<Vec<(String, usize)>, Failure> {
    check(folder, kind)?;
    let unwritable = |error: std::io::Error| Failure::unwritable(folder, error);
    let parent =
        folder.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(PathBuf::from("."), Path::to_path_buf);
    fs::create_dir_all(&parent).map_err(unwritable)?;
    let beside = tempfile::Builder::new().prefix(".slotwise-").tempdir_in(&parent).map_err(unwritable)?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    fs::create_dir(&new).map_err(unwritable)?;
    let mut sizes = Vec::new();
    for (name, bytes) in files {
        fs::write(new.join(name), bytes).map_err(unwritable)?;
        sizes.push(((*name).to_owned(), bytes.len()));
    }
    if folder.exists() {
        fs::rename(folder, &old).map_err(unwritable)?;
    }
    fs::rename(&new, folder).map_err(unwritable)?;
    sizes.sort();
    Ok(sizes)
}
