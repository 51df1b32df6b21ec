//! The folder of a model: written whole or not at all.

use crate::failure::Failure;
use crate::learned::{Learned, MODEL};
use crate::train::Card;
use std::fs;
use std::path::{Path, PathBuf};

/// The model card.
const CARD: &str = "card.json";

/// Whether a model can be written to a folder, before time is spent on making one.
///
/// # Errors
/// When something else is there.
pub fn check(folder: &Path) -> Result<(), Failure> {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !folder.exists() || folder.join(MODEL).is_file() || is_empty() {
        return Ok(());
    }
    let what = if folder.is_dir() { "holds something else than a model" } else { "is no folder" };
    Err(Failure::new(format!("{} {what}", folder.display())).help("name another folder with -o"))
}

/// Puts a model in its folder's place; one that is there is gone when the new one is whole. Gives the names of files and their sizes.
///
/// # Errors
/// What cannot be written; then the folder is as it was.
pub fn write(folder: &Path, learned: &Learned, items: &[String], card: &Card) -> Result<Vec<(String, usize)>, Failure> {
    check(folder)?;
    let unwritable = |error: std::io::Error| Failure::unwritable(folder, error);
    let parent =
        folder.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(PathBuf::from("."), Path::to_path_buf);
    fs::create_dir_all(&parent).map_err(unwritable)?;
    let beside = tempfile::Builder::new().prefix(".slotwise-").tempdir_in(&parent).map_err(unwritable)?;
    let (new, old) = (beside.path().join("new"), beside.path().join("old"));
    fs::create_dir(&new).map_err(unwritable)?;
    let mut files = learned.files(items).into_bytes()?;
    let mut text =
        serde_json::to_vec_pretty(card).map_err(|error| Failure::new(format!("cannot make {CARD}: {error}")))?;
    text.push(b'\n');
    files.insert(CARD, text);
    let mut sizes = Vec::new();
    for (name, bytes) in files {
        fs::write(new.join(name), &bytes).map_err(unwritable)?;
        sizes.push((name.to_owned(), bytes.len()));
    }
    if folder.exists() {
        fs::rename(folder, &old).map_err(unwritable)?;
    }
    fs::rename(&new, folder).map_err(unwritable)?;
    sizes.sort();
    Ok(sizes)
}
