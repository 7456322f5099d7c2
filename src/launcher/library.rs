//! The Python library, carried in the program and unpacked once.

use super::{cache, prune};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The folder that holds the package `pyhw`. Its name tells its content, so that it is right once it is there.
///
/// # Errors
/// No folder can be written.
pub fn unpack() -> Result<PathBuf, String> {
    let mut failed = None;
    for folder in cache::folders() {
        let place = folder.join(format!("library-{HASH}"));
        if prune::use_library(&place) {
            return Ok(place);
        }
        match unpack_into(&folder, &place) {
            Ok(()) => {
                prune::use_library(&place);
                // With a new version an old one goes, which no other run waits for.
                prune::prune(&folder, &place);
                return Ok(place);
            }
            Err(error) => {
                failed = failed.or(Some(format!("`{}`: {}", folder.display(), pyhw_cli::of_error(&error))))
            }
        }
    }
    let why = failed.unwrap_or_else(|| "there is no home".to_owned());
    Err(format!("the Python library cannot be unpacked: {why}; XDG_CACHE_HOME names another folder for it"))
}

/// Unpacks beside the place and renames at the end: another process never sees half a library.
fn unpack_into(folder: &Path, place: &Path) -> io::Result<()> {
    let temporary = folder.join(format!("unpacking-{}", std::process::id()));
    let unpacked = write_files(&temporary).and_then(|()| fs::rename(&temporary, place));
    if unpacked.is_err() {
        // It may not have come into being.
        let _ = fs::remove_dir_all(&temporary);
        // Another process may have been faster.
        if place.is_dir() {
            return Ok(());
        }
    }
    unpacked
}

fn write_files(folder: &Path) -> io::Result<()> {
    for (name, text) in FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}
