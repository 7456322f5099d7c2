//! Lists the files of the Python library, so that the program carries them.
//!
//! Writes `library.rs`: `FILES`, a table of (path within the library's folder, content), and `HASH`, which names the content.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let folder = root.join("frontend/python");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", folder.join("pyhw").display());
    let mut files = Vec::new();
    collect(&folder.join("pyhw"), &mut files)?;
    files.sort();
    let mut table = String::new();
    // FNV-1a of 128 bits: the name needs to be different for different content, and nothing more.
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    };
    for path in &files {
        let within = path.strip_prefix(&folder).map_err(io::Error::other)?.display().to_string();
        feed(within.as_bytes());
        feed(b"\0");
        feed(&fs::read(path)?);
        feed(b"\0");
        // Writing into a String cannot fail.
        let _ = writeln!(table, "    ({within:?}, include_str!({:?})),", path.display().to_string());
    }
    let text = format!("const HASH: &str = \"{hash:032x}\";\nconst FILES: &[(&str, &str)] = &[\n{table}];\n");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    fs::write(out.join("library.rs"), text)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "__pycache__") {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "py") || path.ends_with("py.typed") {
            files.push(path);
        }
    }
    Ok(())
}
