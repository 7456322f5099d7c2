//! Which Python: the `python3` on PATH, found once.
//!
//! What stands under that name may be a script (pyenv's shims are) that chooses an interpreter by the folder, by variables and by
//! files. It is asked for the interpreter that it chooses, and the answer holds as long as all of these are the same.

use super::{cache, prune};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::UNIX_EPOCH;

/// The oldest Python that the extension runs in.
const OLDEST: (u32, u32) = (3, 10);

/// Tells interpreter and version, and compiles the library, so that not even the first run has to: also where Python is told to
/// write no byte code beside sources, since the library lies in a cache of ours.
const ASK: &str = "\
import sys
print(sys.executable, *sys.version_info[:2], sep='\\n')
if sys.version_info >= (3, 10):
    import compileall
    compileall.compile_dir(sys.argv[1], quiet=2)
";

/// The interpreter to start.
///
/// # Errors
/// There is none on PATH, or it is too old.
pub fn find(library: &Path) -> Result<PathBuf, String> {
    let (oldest_major, oldest_minor) = OLDEST;
    let needed = format!("Python {oldest_major}.{oldest_minor} or later is needed");
    let mut unfit = None;
    for name in ["python3", "python"] {
        let Some(command) = on_path(name) else { continue };
        let Some(answer) = remembered(&command, library) else {
            unfit = unfit.or(Some(format!("{needed}; `{}` does not tell its version", command.display())));
            continue;
        };
        if answer.version >= OLDEST {
            return Ok(answer.executable);
        }
        let (major, minor) = answer.version;
        unfit = unfit.or(Some(format!("{needed}; `{}` is {major}.{minor}", command.display())));
    }
    Err(unfit.unwrap_or_else(|| format!("{needed}, and there is no `python3` on PATH")))
}

/// What a command turned out to be.
struct Answer {
    executable: PathBuf,
    version: (u32, u32),
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|candidate| is_program(candidate))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// The answer from the cache, if everything that it depends on is as it was; else it is asked for, and kept.
fn remembered(command: &Path, library: &Path) -> Option<Answer> {
    let key = key(command, library);
    let name = format!("python-{:016x}", fnv(key.as_bytes()));
    // It is beside the library, which came first into its folder.
    let place = library.parent()?.join(&name);
    if let Some(answer) = read(&place, &key) {
        prune::use_answer(&place);
        return Some(answer);
    }
    let answer = ask(command, library)?;
    let (major, minor) = answer.version;
    // A path that is no text is asked for each time.
    if let Some(executable) = answer.executable.to_str() {
        let stamp = stamp(&answer.executable);
        let text = format!("{executable}\n{major}\n{minor}\n{stamp}\n{key}");
        // Where nothing can be kept it is asked for each time.
        let _ = cache::write(&place, &text);
    }
    Some(answer)
}

fn read(place: &Path, key: &str) -> Option<Answer> {
    let text = fs::read_to_string(place).ok()?;
    let mut parts = text.splitn(5, '\n');
    let executable = PathBuf::from(parts.next()?);
    let version = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let same = parts.next()? == stamp(&executable) && parts.next()? == key && executable.is_file();
    same.then_some(Answer { executable, version })
}

fn ask(command: &Path, library: &Path) -> Option<Answer> {
    let mut asked = Command::new(command);
    let output =
        asked.args(["-c", ASK]).arg(library).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut lines = text.lines();
    let executable = PathBuf::from(lines.next().filter(|line| !line.is_empty())?);
    Some(Answer { executable, version: (lines.next()?.parse().ok()?, lines.next()?.parse().ok()?) })
}

/// Everything that the choice of an interpreter may depend on.
fn key(command: &Path, library: &Path) -> String {
    let mut key = format!("{}\n{}\n{}\n", command.display(), stamp(command), library.display());
    for name in
        ["VIRTUAL_ENV", "PYENV_VERSION", "PYENV_ROOT", "PYTHONHOME", "ASDF_PYTHON_VERSION", "CONDA_PREFIX"]
    {
        let value = std::env::var_os(name).unwrap_or_default();
        // Writing into a String cannot fail.
        let _ = writeln!(key, "{name}={}", value.display());
    }
    if is_script(command) {
        let here = std::env::current_dir().unwrap_or_default();
        for name in [".python-version", ".tool-versions"] {
            let found = here.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file());
            if let Some(path) = found {
                let _ = writeln!(key, "{}={}", path.display(), fs::read_to_string(&path).unwrap_or_default());
            }
        }
        // The shims of pyenv lie beside the file that holds its global choice.
        if let Some(root) = command.parent().and_then(Path::parent) {
            let _ = writeln!(key, "global={}", fs::read_to_string(root.join("version")).unwrap_or_default());
        }
    }
    key
}

fn is_script(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; 2];
    fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok_and(|()| head == *b"#!")
}

/// Size and time of change, as a word.
fn stamp(path: &Path) -> String {
    let Ok(data) = path.metadata() else { return "-".to_owned() };
    let time = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{}-{}", data.len(), time.as_nanos())
}

/// FNV-1a.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_only_for_its_key() {
        let folder = std::env::temp_dir().join(format!("pyhw-launcher-{}", std::process::id()));
        let place = folder.join("python-1");
        let program = std::env::current_exe().unwrap();
        let text = format!("{}\n3\n11\n{}\nkey\nmore", program.display(), stamp(&program));
        cache::write(&place, &text).unwrap();
        assert_eq!(read(&place, "key\nmore").unwrap().version, (3, 11));
        assert!(read(&place, "key").is_none());
        cache::write(&place, &text.replace("-", "_")).unwrap();
        assert!(read(&place, "key\nmore").is_none());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn commands_are_found_in_the_folders_of_path_only() {
        assert!(on_path("no such command").is_none());
    }
}
