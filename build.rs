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
    let hardware = root.join("stdlib-hw/pyhw_hw");
    println!("cargo:rerun-if-changed={}", hardware.display());
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut files = Vec::new();
    collect(&folder.join("pyhw"), &folder, "", &mut files)?;
    // The hardware library is the package `pyhw.hw`; the wheel takes it from the folder of output.
    collect(&hardware, &hardware, "pyhw/hw/", &mut files)?;
    files.sort();
    fs::create_dir_all(out.join("hw"))?;
    for (within, path) in files.iter().filter(|(within, _)| within.starts_with("pyhw/hw/")) {
        fs::copy(path, out.join(within.trim_start_matches("pyhw/")))?;
    }
    let mut table = String::new();
    // FNV-1a of 128 bits: the name needs to be different for different content, and nothing more.
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    };
    for (within, path) in &files {
        feed(within.as_bytes());
        feed(b"\0");
        feed(&fs::read(path)?);
        feed(b"\0");
        // Writing into a String cannot fail.
        let _ = writeln!(table, "    ({within:?}, include_str!({:?})),", path.display().to_string());
    }
    let text = format!("const HASH: &str = \"{hash:032x}\";\nconst FILES: &[(&str, &str)] = &[\n{table}];\n");
    fs::write(out.join("library.rs"), text)
}

/// Finds the files of the library below a folder, each with its place in the library: `prefix`, and what follows `root`.
fn collect(folder: &Path, root: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "__pycache__") {
                collect(&path, root, prefix, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "py") || path.ends_with("py.typed") {
            let within = path.strip_prefix(root).map_err(io::Error::other)?.display();
            files.push((format!("{prefix}{within}"), path));
        }
    }
    Ok(())
}
