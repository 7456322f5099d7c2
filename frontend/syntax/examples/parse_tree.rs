//! Parses every `.py` file under a folder and counts, within hardware processes, what the subset lacks:
//! `cargo run -p pyhw-syntax --example parse_tree DIR`.

use pyhw_diagnostics::FileId;
use pyhw_syntax::ast::{Expr, ExprKind, FunctionDef};
use pyhw_syntax::subset::{Place, constructs};
use pyhw_syntax::visit::{Visitor, walk_block, walk_function};
use pyhw_syntax::{decode, parse_module};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn main() -> std::process::ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: parse_tree DIR");
        return std::process::ExitCode::from(2);
    };
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files);
    let mut report = Report::default();
    for path in &files {
        report.file(path);
    }
    println!("{} files, {} of them not parsed", files.len(), report.broken.len());
    for line in &report.broken {
        println!("    {line}");
    }
    println!("{} functions, {} of them processes", report.functions, report.processes);
    println!("{} processes are inside the subset of processes", report.inside);
    for ((what, accepted), places) in &report.refused {
        println!("    {:4} {what} ({accepted}), first in {}", places.len(), places[0]);
    }
    std::process::ExitCode::SUCCESS
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
}

#[derive(Default)]
struct Report {
    broken: Vec<String>,
    functions: usize,
    processes: usize,
    inside: usize,
    refused: BTreeMap<(String, String), Vec<String>>,
}

impl Report {
    fn file(&mut self, path: &Path) {
        if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
            return;
        }
        let text = std::fs::read(path).map_err(|error| error.to_string());
        let text = text.and_then(|bytes| decode(&bytes, FileId(0)).map_err(|error| error.message));
        let text = match text {
            Ok(text) => text,
            Err(message) => return self.broken.push(format!("{}: {message}", path.display())),
        };
        let (module, errors) = parse_module(&text, FileId(0));
        if let Some(first) = errors.first() {
            let line = first.primary.span.start.line;
            self.broken.push(format!("{}:{line}: {}", path.display(), first.message));
            return;
        }
        let mut finder = Functions { found: Vec::new() };
        walk_block(&mut finder, &module.body);
        self.functions += finder.found.len();
        for function in finder.found.into_iter().filter(|function| is_process(function)) {
            self.process(path, function);
        }
    }

    fn process(&mut self, path: &Path, function: &FunctionDef) {
        self.processes += 1;
        let mut refused = constructs(function);
        refused.retain(|(what, _)| !what.accepted_in(Place::Process));
        self.inside += usize::from(refused.is_empty());
        for (what, span) in refused {
            let key = (what.to_string(), what.row().accepted.to_string());
            let place = format!("{}:{}", path.display(), span.start.line);
            self.refused.entry(key).or_default().push(place);
        }
    }
}

struct Functions<'a> {
    found: Vec<&'a FunctionDef>,
}

impl<'a> Visitor<'a> for Functions<'a> {
    fn function(&mut self, function: &'a FunctionDef) {
        self.found.push(function);
        walk_function(self, function);
    }
}

/// Whether a decorator makes the function a process.
fn is_process(function: &FunctionDef) -> bool {
    function.decorators.iter().any(|decorator| {
        let name = match &decorator.kind {
            ExprKind::Call { function, .. } => last_name(function),
            _ => last_name(decorator),
        };
        matches!(name, Some("always" | "always_comb" | "always_seq" | "instance"))
    })
}

fn last_name(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Attribute { attr, .. } => Some(&attr.name),
        _ => None,
    }
}
