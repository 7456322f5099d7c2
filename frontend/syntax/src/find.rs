//! Finding the function that a code object was compiled from.

use crate::ast::{FunctionDef, Module};
use crate::visit::{Visitor, walk_block, walk_function};
use pyhw_diagnostics::Pos;

/// The function whose code object has this `co_firstlineno` and `co_name`: the `def` of this name at this line
/// (or with its first decorator there), or the lambda (`<lambda>`) if it is the only one that begins there. For
/// several lambdas on a line see [`functions_at`].
pub fn find_function<'a>(module: &'a Module, line: u32, name: &str) -> Option<&'a FunctionDef> {
    let mut found = functions_at(module, line);
    found.retain(|function| function.name.name == name);
    match found[..] {
        [] => None,
        [first, ..] if !first.is_lambda => Some(first),
        [only] => Some(only),
        [..] => None,
    }
}

/// The lambda that begins at this line and whose code begins at this place: of several that hold the place the innermost one.
pub fn find_lambda(module: &Module, line: u32, place: Pos) -> Option<&FunctionDef> {
    let holds = |function: &&FunctionDef| {
        let body = function.body.stmts.first().map(|stmt| stmt.span);
        function.is_lambda && body.is_some_and(|body| body.start <= place && place < body.end)
    };
    // Inner ones come after those that they stand in.
    functions_at(module, line).into_iter().rfind(holds)
}

/// Every function and lambda that begins at this line, in source order, wherever it is nested. Asynchronous
/// functions are left out.
pub fn functions_at(module: &Module, line: u32) -> Vec<&FunctionDef> {
    let mut finder = Finder { line: Some(line), found: Vec::new() };
    walk_block(&mut finder, &module.body);
    finder.found
}

/// The first function or lambda of a module.
pub(crate) fn first_function(module: &Module) -> Option<&FunctionDef> {
    let mut finder = Finder { line: None, found: Vec::new() };
    walk_block(&mut finder, &module.body);
    finder.found.first().copied()
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
