//! Reading FILE.

use crate::findings::{Findings, of_error};
use pyhw_diagnostics::{Code, Diagnostic, FileId, Sources, Span};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The longest IR text that is read, in bytes.
const MAX_IR_BYTES: u64 = 1 << 30;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// As messages name it.
    pub name: String,
    /// As it lies on disk.
    pub bytes: Arc<[u8]>,
    /// Its text.
    pub text: Arc<str>,
}

impl Source {
    /// The file as the only source.
    pub fn sources(&self) -> (Sources, FileId) {
        let mut sources = Sources::new();
        let file = sources.add(&self.name, &self.text);
        (sources, file)
    }
}

/// Whether a file is IR text rather than Python, by its name.
pub fn is_ir_text(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "hwir")
}

/// Reads a design: Python whose nesting can be parsed, or IR text.
///
/// # Errors
/// PH0101 for a file that is not there, not a file, empty, too long or not text; PH0102 for Python that nests so deep that no
/// parser should see it.
pub fn read(path: &Path) -> Result<Source, Findings> {
    let name = path.display().to_string();
    let limit = if is_ir_text(path) { MAX_IR_BYTES } else { pyhw_syntax::MAX_SOURCE_BYTES as u64 };
    let bytes = bytes(path, limit).map_err(|error| unread(&name, &error))?;
    if is_ir_text(path) {
        return ir_text(name, bytes);
    }
    let mut sources = Sources::new();
    let file = sources.add(&name, "");
    let text = pyhw_syntax::decode(&bytes, file).map_err(|finding| Findings::new(&sources, vec![finding]))?;
    let source = Source { name, bytes: bytes.into(), text: text.into() };
    match refusal(&source) {
        Some(findings) => Err(findings),
        None => Ok(source),
    }
}

/// Reads IR text from the standard input.
///
/// # Errors
/// PH0101 for what cannot be read, is too long or not text.
pub fn read_stdin() -> Result<Source, Findings> {
    let name = "<stdin>".to_owned();
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_IR_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| unread("<stdin>", &error))?;
    ir_text(name, bytes)
}

fn unread(name: &str, error: &std::io::Error) -> Findings {
    Findings::one(Code::PH0101, format!("`{name}` cannot be read: {}", of_error(error)))
}

fn ir_text(name: String, bytes: Vec<u8>) -> Result<Source, Findings> {
    let unreadable = |why: String| {
        let mut sources = Sources::new();
        let file = sources.add(&name, "");
        let span = Span::new(file, (1, 0), (1, 0));
        Findings::new(&sources, vec![Diagnostic::new(Code::PH0101, span, why)])
    };
    if bytes.len() as u64 > MAX_IR_BYTES {
        return Err(unreadable(format!("the file is longer than {MAX_IR_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to())))?;
    Ok(Source { name, bytes: text.as_bytes().into(), text: text.into() })
}

/// Reads at most one byte more than the limit, so that no endless device is read.
fn bytes(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What our parser refuses to look at, because of how deep it nests, Python must not see: it may overflow its stack.
fn refusal(source: &Source) -> Option<Findings> {
    let (sources, file) = source.sources();
    let (module, faults) = pyhw_syntax::parse_module(&source.text, file);
    (module.body.is_empty() && !faults.is_empty()).then(|| Findings::new(&sources, faults))
}

/// What is wrong with the syntax of a file, as our own parser sees it: every error in one run.
pub fn syntax_faults(source: &Source) -> Findings {
    let (sources, file) = source.sources();
    let (_, faults) = pyhw_syntax::parse_module(&source.text, file);
    Findings::new(&sources, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(name: &str, bytes: &[u8]) -> String {
        let folder = std::env::temp_dir().join(format!("pyhw-source-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let found = match read(&path) {
            Ok(_) => "read".to_owned(),
            Err(findings) => format!("{}: {}", findings.diagnostics[0].code, findings.diagnostics[0].message),
        };
        std::fs::remove_file(&path).unwrap();
        found
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(fault("empty.py", b"").starts_with("PH0101: the file is empty"));
        assert!(fault("latin.py", b"x = '\xe4'\n").starts_with("PH0101"));
        assert!(fault("long.py", &vec![b'#'; 10_000_001]).starts_with("PH0101"));
        assert!(fault("bytes.hwir", b"\xff").starts_with("PH0101: byte 0 is not UTF-8"));
        assert_eq!(fault("fine.py", b"x = 1\n"), "read");
    }

    #[test]
    fn what_nests_too_deep_is_refused_before_python_sees_it() {
        assert!(fault("deep.py", "(".repeat(100_000).as_bytes()).starts_with("PH0102"));
        assert_eq!(fault("wrong.py", b"x = 1\ny = = 2\n"), "read");
    }

    #[test]
    fn what_is_not_there_or_no_file_is_told() {
        let missing = read(Path::new("/nowhere/a.py")).unwrap_err();
        assert_eq!(
            missing.diagnostics[0].message,
            "`/nowhere/a.py` cannot be read: no such file or directory"
        );
        assert!(read(Path::new("/")).is_err() && read(Path::new("/dev/zero")).is_err());
    }
}
