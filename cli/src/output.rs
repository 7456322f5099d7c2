//! Writing results: all files, or none.

use crate::findings::of_error;
use pyhw_text::OutputFile;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes every file into a folder, which is made if it is not there, and gives their paths. Each is first written under a
/// temporary name beside its place; only when all are there are they renamed.
///
/// # Errors
/// What could not be written, and why. Then no file has changed, unless a renaming failed: the folder was changed by others meanwhile. Then
/// the files before it are the new ones, which the error says.
pub fn write_all(files: &[OutputFile], folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |path: &Path, error: &std::io::Error| {
        format!("`{}` cannot be written: {}", path.display(), of_error(error))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut waiting = Waiting(Vec::new());
    for file in files {
        let path = folder.join(&file.name);
        if path.is_dir() {
            return Err(format!("`{}` cannot be written: it is a folder", path.display()));
        }
        let temporary = folder.join(format!(".{}.{}.tmp", file.name, std::process::id()));
        waiting.0.push((temporary.clone(), path.clone()));
        write(&temporary, &file.text).map_err(|error| failed(&path, &error))?;
    }
    let mut paths = Vec::new();
    for (temporary, path) in &waiting.0 {
        fs::rename(temporary, path).map_err(|error| match paths.len() {
            0 => failed(path, &error),
            written => {
                format!("{}; {written} of {} files were written before", failed(path, &error), files.len())
            }
        })?;
        paths.push(path.clone());
    }
    Ok(paths)
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    fs::File::create(path)?.write_all(text.as_bytes())
}

/// Temporary files with their places; those that are still there at the end are removed.
struct Waiting(Vec<(PathBuf, PathBuf)>);

impl Drop for Waiting {
    fn drop(&mut self) {
        for (temporary, _) in &self.0 {
            // Most were renamed.
            let _ = fs::remove_file(temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> OutputFile {
        OutputFile { name: name.to_owned(), text: format!("{name}\n") }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = std::env::temp_dir().join(format!("pyhw-output-{}", std::process::id()));
        let paths = write_all(&[file("a.v"), file("b.v")], &folder.join("inner")).unwrap();
        assert_eq!(names(&folder.join("inner")), ["a.v", "b.v"]);
        assert_eq!(fs::read_to_string(&paths[1]).unwrap(), "b.v\n");
        fs::create_dir(folder.join("d.v")).unwrap();
        let error = write_all(&[file("c.v"), file("d.v")], &folder).unwrap_err();
        assert!(error.ends_with("d.v` cannot be written: it is a folder"), "{error}");
        assert_eq!(names(&folder), ["d.v", "inner"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
