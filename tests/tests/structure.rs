//! The rules about crates that ARCHITECTURE.md states, held against `cargo metadata`.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// The folder, from the workspace's root, that the tests' own manifest lies in.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Which folders the crates of a folder may depend on. The root is the extension module and the launcher.
const FLOORS: [(&str, &[&str]); 6] = [
    ("ir", &["ir"]),
    ("frontend", &["frontend", "ir"]),
    ("backends", &["backends", "ir"]),
    ("cli", &["cli", "frontend", "backends", "ir"]),
    ("", &["cli", "frontend", "backends", "ir"]),
    ("tests", &["cli", "frontend", "backends", "ir"]),
];

/// Libraries that one crate alone names, so that another could take their place.
const LEAVES: [(&str, &str); 6] = [
    ("pyo3", "pyhw"),
    ("rustpython-ruff_python_parser", "pyhw-syntax"),
    ("fst-writer", "pyhw-sim"),
    ("clap", "pyhw-cli"),
    ("annotate-snippets", "pyhw-cli"),
    ("indicatif", "pyhw-cli"),
];

/// Licences that what is built may be under.
const PERMISSIVE: [&str; 10] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "BSL-1.0",
];

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version", "1"])
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

/// The first folder of a crate's place in the workspace; empty of the root's own.
fn floor(package: &Value) -> String {
    let root = Path::new(ROOT).canonicalize().unwrap();
    let folder = Path::new(text(package, "manifest_path")).parent().unwrap().canonicalize().unwrap();
    let within = folder.strip_prefix(root).unwrap().to_path_buf();
    within.iter().next().map(|first| first.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// The names of what a crate is built from; what only its tests use is left out.
fn dependencies(package: &Value) -> Vec<&str> {
    let all = package["dependencies"].as_array().unwrap();
    all.iter().filter(|one| text_or_empty(one, "kind") != "dev").map(|one| text(one, "name")).collect()
}

fn text_or_empty<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn dependencies_lead_downwards() {
    let metadata = metadata(&["--no-deps"]);
    let packages = metadata["packages"].as_array().unwrap();
    let floor_of = |name: &str| packages.iter().find(|package| text(package, "name") == name).map(floor);
    for package in packages {
        let own = floor(package);
        let (_, below) = FLOORS.iter().find(|(folder, _)| *folder == own).unwrap();
        for dependency in dependencies(package) {
            let Some(of) = floor_of(dependency) else { continue };
            assert!(below.contains(&of.as_str()), "{} must not know {dependency}", text(package, "name"));
        }
    }
}

#[test]
fn heavy_libraries_stand_behind_one_crate() {
    let metadata = metadata(&["--no-deps"]);
    for (library, owner) in LEAVES {
        let users: Vec<&str> = metadata["packages"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|package| dependencies(package).contains(&library))
            .map(|package| text(package, "name"))
            .collect();
        assert_eq!(users, [owner], "{library}");
    }
}

#[test]
fn what_is_built_is_under_permissive_licences() {
    let version = Command::new(env!("CARGO")).args(["-vV"]).output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = metadata(&["--filter-platform", host]);
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "{} packages", packages.len());
    for package in packages {
        // Of what is joined by OR one is enough; of what is joined by AND each is needed.
        let licence = text_or_empty(package, "license").replace('/', " OR ").replace(['(', ')'], "");
        let allowed = licence
            .split(" AND ")
            .all(|needed| needed.split(" OR ").any(|one| PERMISSIVE.contains(&one.trim())));
        assert!(allowed, "{} is under `{licence}`", text(package, "name"));
    }
}
