//! Designs of the corpus that are written in Python: `pyhw` itself makes them IR.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The program that was built beside the tests.
///
/// `scratch` is the `CARGO_TARGET_TMPDIR` of the test.
pub fn program(scratch: &str) -> PathBuf {
    Path::new(scratch).parent().unwrap_or(Path::new("target")).join("debug/pyhw")
}

/// The IR text of the block in a file whose name is that of the file. Comments `#! …` of the file say how it is driven, like the
/// `;! …` of IR texts.
///
/// # Errors
/// What `pyhw` says, or why it did not run.
pub fn ir_text(program: &Path, file: &Path, scratch: &str) -> Result<String, String> {
    let name = file.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let folder = Path::new(scratch).join("python-corpus");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let output = Command::new(program)
        .args(["emit", "--ir", "--top", &name, "-o"])
        .arg(&folder)
        .arg(file)
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(format!("{}: {}", file.display(), String::from_utf8_lossy(&output.stderr)));
    }
    let path = folder.join(format!("{name}.hwir"));
    let read =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let about = read(file)?;
    let said = about.lines().filter_map(|line| line.strip_prefix("#! ")).map(|line| format!(";! {line}\n"));
    Ok(read(&path)? + &said.collect::<String>())
}
