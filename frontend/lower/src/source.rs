//! The parsed sources of a design, each file once.

use pyhw_diagnostics::{Diagnostic, FileId};
use pyhw_elaborate::{Elaborated, Function};
use pyhw_syntax::ast::{FunctionDef, Module};
use std::collections::BTreeMap;

/// Every file that holds a function of the design, parsed.
pub struct Parsed {
    modules: BTreeMap<FileId, Module>,
    faults: BTreeMap<FileId, Vec<Diagnostic>>,
}

impl Parsed {
    /// Parses the files of the design's functions.
    pub fn new(elaborated: &Elaborated) -> Parsed {
        let mut parsed = Parsed { modules: BTreeMap::new(), faults: BTreeMap::new() };
        for function in &elaborated.functions {
            if parsed.modules.contains_key(&function.file) {
                continue;
            }
            if let Some(file) = elaborated.sources.get(function.file) {
                let (module, faults) = pyhw_syntax::parse_module(&file.text, function.file);
                parsed.modules.insert(function.file, module);
                parsed.faults.insert(function.file, faults);
            }
        }
        parsed
    }

    /// The tree of a function, by the line on which it begins and its name.
    pub fn function(&self, function: &Function) -> Option<&FunctionDef> {
        pyhw_syntax::find_function(self.modules.get(&function.file)?, function.line, &function.name)
    }

    /// What is wrong with the file as a whole.
    pub fn faults(&self, file: FileId) -> &[Diagnostic] {
        self.faults.get(&file).map_or(&[], Vec::as_slice)
    }
}
