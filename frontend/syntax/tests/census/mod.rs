//! Counts, in every `.py` file under a folder, what hardware processes use that the subset lacks.

use pyhw_diagnostics::FileId;
use pyhw_syntax::ast::{Expr, ExprKind, FunctionDef};
use pyhw_syntax::subset::{Construct, Place, constructs};
use pyhw_syntax::visit::{Visitor, walk_block, walk_function};
use pyhw_syntax::{decode, parse_module};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was counted.
#[derive(Default)]
pub struct Census {
    /// How many files there are, empty ones left out.
    pub files: usize,
    /// Those that cannot be read, relative to the folder, each with its first error.
    pub broken: Vec<(String, String)>,
    /// How many functions the others have.
    pub functions: usize,
    /// How many of these are decorated as processes.
    pub processes: usize,
    /// How many of these use nothing but what processes may.
    pub inside: usize,
    /// What the others use, with the places.
    pub refused: BTreeMap<Construct, Vec<String>>,
}

/// Counts under a folder.
pub fn census(folder: &Path) -> Census {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    let mut census = Census::default();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        census.file(&path, &name);
    }
    census
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

impl Census {
    fn file(&mut self, path: &Path, name: &str) {
        let bytes = std::fs::read(path).map_err(|error| error.to_string());
        if bytes.as_ref().is_ok_and(Vec::is_empty) {
            return;
        }
        self.files += 1;
        let text = bytes.and_then(|bytes| decode(&bytes, FileId(0)).map_err(|error| error.message));
        let module = text.and_then(|text| {
            let (module, errors) = parse_module(&text, FileId(0));
            match errors.first() {
                Some(first) => Err(format!("line {}: {}", first.primary.span.start.line, first.message)),
                None => Ok(module),
            }
        });
        let module = match module {
            Ok(module) => module,
            Err(message) => return self.broken.push((name.to_owned(), message)),
        };
        let mut finder = Functions { found: Vec::new() };
        walk_block(&mut finder, &module.body);
        self.functions += finder.found.len();
        for function in finder.found.into_iter().filter(|function| is_process(function)) {
            self.process(name, function);
        }
    }

    fn process(&mut self, name: &str, function: &FunctionDef) {
        self.processes += 1;
        let mut refused = constructs(function);
        refused.retain(|(what, _)| !what.accepted_in(Place::Process));
        self.inside += usize::from(refused.is_empty());
        for (what, span) in refused {
            self.refused.entry(what).or_default().push(format!("{name}:{}", span.start.line));
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
