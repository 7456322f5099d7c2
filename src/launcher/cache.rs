//! The folder for what need not be done twice.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders to try, the user's own cache first; then beside the program, which serves where there is no home; then among temporary files.
///
/// The last one is made when it is come to.
pub fn folders() -> impl Iterator<Item = PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let user = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    user.map(|user| user.join("pyhw"))
        .into_iter()
        .chain(beside.map(|beside| beside.join("pyhw-cache")))
        .chain(std::iter::once_with(private_temporary).flatten())
}

/// A folder among temporary files that nobody else can write: what is found in it is run.
#[cfg(unix)]
fn private_temporary() -> Option<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let user = nix::unistd::Uid::effective().as_raw();
    let folder = std::env::temp_dir().join(format!("pyhw-{user}"));
    // It may be there already.
    let _ = fs::DirBuilder::new().mode(0o700).create(&folder);
    let found = fs::symlink_metadata(&folder).ok()?;
    (found.is_dir() && found.uid() == user && found.mode() & 0o022 == 0).then_some(folder)
}

#[cfg(not(unix))]
fn private_temporary() -> Option<PathBuf> {
    // The user's own, where there are users.
    Some(std::env::temp_dir().join("pyhw"))
}

/// Writes a file as a whole: another process sees all of it or nothing.
pub fn write(path: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // It may not have come into being.
        let _ = fs::remove_file(&temporary);
    }
    written
}
