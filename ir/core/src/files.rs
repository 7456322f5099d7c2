//! The source files of a design that something in it names.

use crate::design::{Design, ProcessBody};
use crate::stmt::Stmt;
use pyhw_diagnostics::{FileId, Sources, Span};

impl Design {
    /// The same design without the source files in which nothing of its text form stands; the others keep their order. Recording meets
    /// more files than a design is made of: those of Python's own functions, above all.
    pub(crate) fn with_named_files(mut self) -> Design {
        let mut named = vec![false; self.sources.files().len()];
        self.each_span(&mut |span| {
            if let Some(named) = named.get_mut(span.file.0 as usize) {
                *named = true;
            }
        });
        if named.iter().all(|named| *named) {
            return self;
        }
        let mut sources = Sources::new();
        let mut places: Vec<Option<FileId>> = Vec::new();
        for (file, named) in self.sources.files().iter().zip(named) {
            places.push(named.then(|| sources.add(&file.name, &file.text)));
        }
        let mut renumber = |span: &mut Span| match places.get(span.file.0 as usize) {
            Some(Some(file)) => span.file = *file,
            Some(None) => *span = Span::NONE,
            // It pointed nowhere before.
            None => {}
        };
        self.each_span(&mut renumber);
        for process in self.modules.iter_mut().flat_map(|module| &mut module.processes) {
            if let ProcessBody::Ir(body) = &mut process.body {
                body.exprs.each_span(&mut renumber);
            }
        }
        self.sources = sources;
        self
    }

    /// Visits every span that the text form keeps.
    fn each_span(&mut self, visit: &mut impl FnMut(&mut Span)) {
        self.types.enums.iter_mut().for_each(|of| visit(&mut of.span));
        self.types.structs.iter_mut().for_each(|of| visit(&mut of.span));
        for module in &mut self.modules {
            visit(&mut module.span);
            module.nets.iter_mut().for_each(|net| visit(&mut net.span));
            module.instances.iter_mut().for_each(|instance| visit(&mut instance.span));
            module.foreign.iter_mut().for_each(|foreign| visit(&mut foreign.span));
            for process in &mut module.processes {
                visit(&mut process.span);
                match &mut process.body {
                    ProcessBody::Ir(body) => {
                        body.vars.iter_mut().for_each(|var| visit(&mut var.span));
                        body.stmts = of_stmts(std::mem::take(&mut body.stmts), visit);
                    }
                    ProcessBody::Host(host) => {
                        for reason in &mut host.reason {
                            visit(&mut reason.primary.span);
                            reason.labels.iter_mut().for_each(|label| visit(&mut label.span));
                        }
                    }
                }
            }
        }
    }
}

fn of_stmts(stmts: Vec<Stmt>, visit: &mut impl FnMut(&mut Span)) -> Vec<Stmt> {
    let of_stmt = |mut stmt: Stmt| {
        visit(&mut stmt.span);
        Stmt { kind: stmt.kind.map_blocks(&mut |block| of_stmts(block, visit)), ..stmt }
    };
    stmts.into_iter().map(of_stmt).collect()
}
