//! From the bytes of a source file to its text.

use pyhw_diagnostics::{Code, Diagnostic, FileId, Span};

/// The largest source file, in bytes. Longer ones are no designs.
pub const MAX_SOURCE_BYTES: usize = 10_000_000;

/// The text of a source file: UTF-8 (with or without a byte order mark), or latin-1 or ASCII where the file
/// declares it as PEP 263 has it.
///
/// # Errors
/// PH0101 if the file is empty, longer than [`MAX_SOURCE_BYTES`], declares another encoding, or has bytes
/// that its encoding does not have; PH0102 if it has a NUL, as no Python source may.
// A file is decoded once, so the size of its error does not count.
#[expect(clippy::result_large_err)]
pub fn decode(bytes: &[u8], file: FileId) -> Result<String, Diagnostic> {
    let text = decoded(bytes, file)?;
    match text.find('\0') {
        None => Ok(text),
        Some(at) => {
            let line = text[..at].matches('\n').count() as u32 + 1;
            let column = (at - text[..at].rfind('\n').map_or(0, |end| end + 1)) as u32;
            let span = Span::new(file, (line, column), (line, column + 1));
            Err(Diagnostic::new(Code::PH0102, span, "there is a NUL byte, which no Python source may have"))
        }
    }
}

/// The text in its encoding, whatever characters it has.
// As for `decode`.
#[expect(clippy::result_large_err)]
fn decoded(bytes: &[u8], file: FileId) -> Result<String, Diagnostic> {
    if bytes.len() > MAX_SOURCE_BYTES {
        return Err(too_long(bytes.len(), file));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Diagnostic::new(Code::PH0101, start(file), "the file is empty"));
    }
    let (marked, bytes) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let declared = declaration(bytes);
    let encoding = match declared {
        None => Encoding::Utf8,
        Some((name, line, column)) => {
            let text = String::from_utf8_lossy(name);
            let span = Span::new(file, (line, column), (line, column + name.len() as u32));
            match encoding(&text) {
                Some(Encoding::Utf8) => Encoding::Utf8,
                Some(_) if marked => {
                    let message =
                        format!("the file begins with a UTF-8 mark and declares the encoding `{text}`");
                    return Err(Diagnostic::new(Code::PH0101, span, message));
                }
                Some(other) => other,
                None => {
                    let message = format!("the encoding `{text}` is not supported");
                    let error = Diagnostic::new(Code::PH0101, span, message);
                    return Err(error.help("save the file as UTF-8"));
                }
            }
        }
    };
    match encoding {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(undecodable(bytes, error.valid_up_to(), "UTF-8", file)),
        },
        Encoding::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
            Some(at) => Err(undecodable(bytes, at, "ASCII", file)),
        },
        Encoding::Latin1 => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// PH0101 for a source that is too long.
pub(crate) fn too_long(len: usize, file: FileId) -> Diagnostic {
    let message = format!("the file has {len} bytes, more than the {MAX_SOURCE_BYTES} of the largest design");
    Diagnostic::new(Code::PH0101, start(file), message)
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
}

fn start(file: FileId) -> Span {
    Span::new(file, (1, 0), (1, 0))
}

fn undecodable(bytes: &[u8], at: usize, encoding: &str, file: FileId) -> Diagnostic {
    let before = &bytes[..at];
    let line_start =
        before.iter().rposition(|&byte| byte == b'\n' || byte == b'\r').map_or(0, |newline| newline + 1);
    let line = 1 + lines(before).count().saturating_sub(1) as u32;
    let column = (at - line_start) as u32;
    let span = Span::new(file, (line, column), (line, column + 1));
    let message = format!("the byte 0x{:02x} is not {encoding}", bytes[at]);
    Diagnostic::new(Code::PH0101, span, message)
        .help("save the file as UTF-8, or declare its encoding in the first line: `# coding: latin-1`")
}

/// The lines of a file without their ends; the last one may be empty.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let Some(end) = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r') else {
            rest = None;
            return Some(bytes);
        };
        let skip = if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&bytes[end + skip..]);
        Some(&bytes[..end])
    })
}

/// The encoding that one of the first two lines declares, with its line and column.
fn declaration(bytes: &[u8]) -> Option<(&[u8], u32, u32)> {
    for (index, line) in lines(bytes).take(2).enumerate() {
        let code = line.iter().position(|byte| !b" \t\x0c".contains(byte));
        match code {
            None => continue,
            Some(at) if line[at] != b'#' => return None,
            Some(_) => {}
        }
        let Some(word) = line.windows(7).position(|window| window == b"coding:" || window == b"coding=")
        else {
            continue;
        };
        let mut from = word + 7;
        while line.get(from).is_some_and(|byte| b" \t".contains(byte)) {
            from += 1;
        }
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let len = line[from..].iter().take_while(|byte| is_name(byte)).count();
        if len > 0 {
            return Some((&line[from..from + len], index as u32 + 1, from as u32));
        }
    }
    None
}

fn encoding(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    // Editors append their own word for the line ends: `utf-8-unix`.
    let name = name.trim_end_matches("-unix").trim_end_matches("-dos").trim_end_matches("-mac");
    match name {
        "utf-8" | "utf8" | "u8" | "utf-8-sig" => Some(Encoding::Utf8),
        "latin-1" | "latin1" | "l1" | "latin" | "iso-8859-1" | "iso8859-1" | "8859" | "iso-latin-1" => {
            Some(Encoding::Latin1)
        }
        "ascii" | "us-ascii" | "646" => Some(Encoding::Ascii),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> (String, Span) {
        let error = decode(bytes, FileId(0)).unwrap_err();
        assert_eq!(error.code, Code::PH0101);
        (error.message, error.primary.span)
    }

    #[test]
    fn a_byte_order_mark_is_taken_off() {
        assert_eq!(decode(b"\xef\xbb\xbfx = 1\n", FileId(0)).unwrap(), "x = 1\n");
    }

    #[test]
    fn declared_encodings_are_honoured() {
        let latin = decode(b"#!/usr/bin/python\n# -*- coding: iso-8859-1 -*-\nx = '\xe9'\n", FileId(0));
        assert!(latin.unwrap().ends_with("x = 'é'\n"));
        assert!(decode(b"# vim: set fileencoding=UTF_8 :\nx = '\xc3\xa9'\n", FileId(0)).is_ok());
        assert!(decode(b"# coding: utf-8-unix\nx = '\xc3\xa9'\n", FileId(0)).is_ok());
        assert_eq!(error(b"# coding: ascii\n\xe9\n").1, Span::new(FileId(0), (2, 0), (2, 1)));
    }

    #[test]
    fn only_comments_of_the_first_two_lines_declare() {
        assert!(decode(b"x = 1\n# coding: cp1252\n", FileId(0)).is_ok());
        assert!(decode(b"\n\n# coding: cp1252\n", FileId(0)).is_ok());
        let (message, span) = error(b"\n# coding: cp1252\n");
        assert_eq!(message, "the encoding `cp1252` is not supported");
        assert_eq!(span, Span::new(FileId(0), (2, 10), (2, 16)));
    }

    #[test]
    fn a_mark_and_another_encoding_contradict() {
        assert!(error(b"\xef\xbb\xbf# coding: latin-1\n").0.contains("UTF-8 mark"));
    }

    #[test]
    fn a_wrong_byte_is_named_with_its_place() {
        let (message, span) = error(b"x = 1\r\ny = '\xff'\n");
        assert_eq!(message, "the byte 0xff is not UTF-8");
        assert_eq!(span, Span::new(FileId(0), (2, 5), (2, 6)));
    }

    #[test]
    fn empty_and_huge_files_are_refused() {
        assert_eq!(error(b"").0, "the file is empty");
        assert_eq!(error(b"  \n\t\n").0, "the file is empty");
        assert!(error(&vec![b'#'; MAX_SOURCE_BYTES + 1]).0.contains("10000001 bytes"));
        assert!(decode(&vec![b'#'; MAX_SOURCE_BYTES], FileId(0)).is_ok());
    }
}
