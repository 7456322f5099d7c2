//! Finding the function that a code object was compiled from.

use crate::ast::{FunctionDef, Module};
use crate::visit::{Visitor, walk_block, walk_function};

/// The function whose code object has this `co_firstlineno`: the `def` at this line (or its first decorator),
/// else the lambda if there is exactly one. For several lambdas on a line see [`functions_at`].
pub fn find_function(module: &Module, line: u32) -> Option<&FunctionDef> {
    let found = functions_at(module, line);
    match found.iter().find(|function| !function.is_lambda) {
        Some(function) => Some(function),
        None if found.len() == 1 => found.first().copied(),
        None => None,
    }
}

/// Every function and lambda that begins at this line, in source order, wherever it is nested. Asynchronous
/// functions are left out.
pub fn functions_at(module: &Module, line: u32) -> Vec<&FunctionDef> {
    let mut finder = Finder { line: Some(line), found: Vec::new() };
    walk_block(&mut finder, &module.body);
    finder.found
}

/// Every function and lambda, in source order.
pub(crate) fn all_functions(module: &Module) -> Vec<&FunctionDef> {
    let mut finder = Finder { line: None, found: Vec::new() };
    walk_block(&mut finder, &module.body);
    finder.found
}

struct Finder<'a> {
    line: Option<u32>,
    found: Vec<&'a FunctionDef>,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn function(&mut self, function: &'a FunctionDef) {
        if self.line.is_none_or(|line| line == function.first_line()) && !function.is_async {
            self.found.push(function);
        }
        walk_function(self, function);
    }
}
