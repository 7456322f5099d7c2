//! The parsed sources of a design, each file once.

use pyhw_diagnostics::{Diagnostic, FileId, Span};
use pyhw_elaborate::{Binding, Block, Elaborated, Function, Object, ObjectId, SignalId};
use pyhw_syntax::ast::{Expr, ExprKind, FunctionDef, Module, StmtKind};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// Every file that holds a function of the design, parsed.
pub struct Parsed {
    modules: BTreeMap<FileId, Module>,
    faults: BTreeMap<FileId, Vec<Diagnostic>>,
}

impl Parsed {
    /// Parses the files of the design's functions.
    pub fn new(elaborated: &Elaborated) -> Parsed {
        let mut parsed = Parsed { modules: BTreeMap::new(), faults: BTreeMap::new() };
        let of_functions = elaborated.functions.iter().map(|function| function.file);
        let of_blocks = elaborated.blocks.iter().map(|block| block.span.file);
        for id in of_functions.chain(of_blocks) {
            if parsed.modules.contains_key(&id) {
                continue;
            }
            if let Some(file) = elaborated.sources.get(id) {
                let (module, faults) = pyhw_syntax::parse_module(&file.text, id);
                parsed.modules.insert(id, module);
                parsed.faults.insert(id, faults);
            }
        }
        parsed
    }

    /// The tree of a file.
    pub fn module(&self, file: FileId) -> Option<&Module> {
        self.modules.get(&file)
    }

    /// The tree of a function, by the line on which it begins and its name.
    pub fn function(&self, function: &Function) -> Option<&FunctionDef> {
        let module = self.modules.get(&function.file)?;
        let lambda = function.place.and_then(|place| pyhw_syntax::find_lambda(module, function.line, place));
        lambda.or_else(|| pyhw_syntax::find_function(module, function.line, &function.name))
    }

    /// The tree of a block's function.
    pub fn block(&self, block: &Block) -> Option<&FunctionDef> {
        let module = self.modules.get(&block.span.file)?;
        pyhw_syntax::find_function(module, block.span.start.line, &block.function)
    }

    /// What is wrong with the file as a whole.
    pub fn faults(&self, file: FileId) -> &[Diagnostic] {
        self.faults.get(&file).map_or(&[], Vec::as_slice)
    }
}

/// Where signals were declared: the name in the block that they were bound to first.
#[derive(Debug, Default)]
pub struct Declarations {
    spans: HashMap<SignalId, Span>,
    /// What comments at these places say.
    comments: HashMap<SignalId, String>,
    /// Signals that nothing but parameters of inner blocks names: they were made in an argument.
    in_arguments: HashSet<SignalId>,
}

impl Declarations {
    /// Looks up the locals and parameters of every block in its source.
    pub fn new(elaborated: &Elaborated, parsed: &Parsed) -> Declarations {
        let mut declarations = Declarations::default();
        for block in &elaborated.blocks {
            let Some(def) = parsed.block(block) else { continue };
            let params = def.params.iter().map(|param| (param.name.name.as_str(), param.name.span));
            let assigned = pyhw_syntax::names::assigned(def);
            let spans: HashMap<&str, Span> =
                assigned.iter().map(|ident| (ident.name.as_str(), ident.span)).chain(params).collect();
            let comments = comments(def);
            for named in block.args.iter().chain(&block.locals) {
                if let Some(span) = spans.get(named.name.as_str()) {
                    let mut declared = Vec::new();
                    declarations.declare(elaborated, &named.value, *span, &mut HashSet::new(), &mut declared);
                    // Of several signals that one statement makes the first one has the comment.
                    if let (Some(first), Some(comment)) =
                        (declared.first(), comments.get(named.name.as_str()))
                    {
                        declarations.comments.insert(*first, comment.clone());
                    }
                }
            }
            if block.parent.is_some() {
                for named in &block.args {
                    if let (Binding::Signal(id), Some(span)) = (&named.value, spans.get(named.name.as_str()))
                        && declarations.span(*id) == *span
                    {
                        declarations.in_arguments.insert(*id);
                    }
                }
            }
        }
        declarations
    }

    fn declare(
        &mut self,
        elaborated: &Elaborated,
        value: &Binding,
        span: Span,
        seen: &mut HashSet<ObjectId>,
        declared: &mut Vec<SignalId>,
    ) {
        match value {
            Binding::Signal(id) => {
                self.spans.entry(*id).or_insert_with(|| {
                    declared.push(*id);
                    span
                });
            }
            Binding::Tuple(elements, _) => {
                elements.iter().for_each(|element| self.declare(elaborated, element, span, seen, declared));
            }
            Binding::Object(id) if seen.insert(*id) => match elaborated.object(*id) {
                Object::List(elements) => {
                    elements
                        .iter()
                        .for_each(|element| self.declare(elaborated, element, span, seen, declared));
                }
                Object::Instance { attributes, .. } => {
                    attributes
                        .values()
                        .for_each(|value| self.declare(elaborated, value, span, seen, declared));
                }
                Object::Dict(_) | Object::Intbv { .. } | Object::Cell(_) => {}
            },
            _ => {}
        }
    }

    /// Whether the signal was made in the argument of a block, so that the source gives it no name of its own.
    pub fn is_in_argument(&self, id: SignalId) -> bool {
        self.in_arguments.contains(&id)
    }

    /// What the comments at the declaration of a signal say.
    pub fn comment(&self, id: SignalId) -> Option<String> {
        self.comments.get(&id).cloned()
    }

    /// Where the signal was declared, if that is known.
    pub fn span(&self, id: SignalId) -> Span {
        self.spans.get(&id).copied().unwrap_or(Span::NONE)
    }
}

/// The comments at the statements of a block that bind names: those before it, and the one behind it.
fn comments(def: &FunctionDef) -> HashMap<&str, String> {
    let mut found = HashMap::new();
    for stmt in &def.body.stmts {
        let targets = match &stmt.kind {
            StmtKind::Assign { targets, .. } => &targets[..],
            StmtKind::AnnAssign { target, .. } => std::slice::from_ref(target),
            _ => continue,
        };
        if stmt.leading.is_empty() && stmt.trailing.is_none() {
            continue;
        }
        // The last line stands behind the declaration.
        let mut lines: Vec<&str> = stmt.leading.iter().map(|comment| comment.text.as_str()).collect();
        lines.push(stmt.trailing.as_ref().map_or("", |comment| &comment.text));
        let mut targets: VecDeque<&Expr> = targets.iter().collect();
        while let Some(target) = targets.pop_front() {
            match &target.kind {
                ExprKind::Name(name) => {
                    found.entry(name.as_str()).or_insert_with(|| lines.join("\n"));
                    // Further names of the statement need not say it again.
                    break;
                }
                ExprKind::Tuple(parts) | ExprKind::List(parts) => targets.extend(parts),
                _ => {}
            }
        }
    }
    found
}
