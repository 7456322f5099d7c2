//! Which comment belongs to which statement.
//!
//! Comments are handed out in the order of the text: before a statement to it, on its last line after it to it
//! as well, after a block's last statement to the block if they are indented as it is.

use super::Converter;
use crate::ast::{Block, Comment, Stmt, StmtKind};
use pyhw_diagnostics::Pos;
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

impl Converter<'_> {
    fn pos(&self, offset: usize) -> Pos {
        self.lines.span(offset, offset).start
    }

    /// Takes the comments before an offset.
    pub(super) fn take_before(&mut self, offset: usize) -> Vec<Comment> {
        let end = self.pos(offset);
        let from = self.next;
        while self.comments.get(self.next).is_some_and(|comment| comment.span.start < end) {
            self.next += 1;
        }
        self.comments[from..self.next].to_vec()
    }

    /// Takes the next comment if nothing but white space and semicolons lies between it and `end`, and all of
    /// it on one line.
    fn take_trailing(&mut self, end: usize) -> Option<Comment> {
        let comment = self.comments.get(self.next)?;
        let from = self.pos(end);
        let start = comment.span.start;
        if start.line != from.line || start < from {
            return None;
        }
        let between = &self.text[end..end + (start.column - from.column) as usize];
        if !between.chars().all(|c| c.is_whitespace() || c == ';') {
            return None;
        }
        self.next += 1;
        self.comments.get(self.next - 1).cloned()
    }

    /// The body of a file.
    pub(super) fn module_body(&mut self, stmts: &[ruff::Stmt]) -> Block {
        let stmts = self.stmts(stmts, self.text.len());
        let ending = self.take_before(self.text.len());
        Block { leading: Vec::new(), opening: None, stmts, ending }
    }

    /// A block that belongs to a clause. `header_end` is where the clause's last expression ends, and `limit`
    /// where the next clause or statement begins.
    pub(super) fn block(&mut self, header_end: usize, stmts: &[ruff::Stmt], limit: usize) -> Block {
        let leading = self.take_before(header_end);
        let Some(first) = stmts.first() else {
            return Block { leading, ..Block::default() };
        };
        let start = self.pos(first.start().to_usize());
        let opening = match self.comments.get(self.next) {
            Some(comment) if !comment.own_line && comment.span.start < start => {
                self.next += 1;
                self.comments.get(self.next - 1).cloned()
            }
            Some(_) | None => None,
        };
        let stmts = self.stmts(stmts, limit);
        let from = self.next;
        let limit = self.pos(limit);
        let on_own_line = start.line > self.pos(header_end).line;
        while on_own_line
            && self.comments.get(self.next).is_some_and(|comment| {
                let at = comment.span.start;
                comment.own_line && at.column >= start.column && at < limit
            })
        {
            self.next += 1;
        }
        let ending = self.comments[from..self.next].to_vec();
        Block { leading, opening, stmts, ending }
    }

    fn stmts(&mut self, stmts: &[ruff::Stmt], limit: usize) -> Vec<Stmt> {
        let mut converted = Vec::with_capacity(stmts.len());
        for (index, stmt) in stmts.iter().enumerate() {
            let next = stmts.get(index + 1).map_or(limit, |next| next.start().to_usize());
            let mut leading = self.take_before(stmt.start().to_usize());
            let mut kind = self.stmt_kind(stmt, next);
            if let StmtKind::Function(def) = &mut kind {
                def.leading.clone_from(&leading);
            }
            leading.extend(self.take_before(stmt.end().to_usize()));
            let trailing = self.take_trailing(stmt.end().to_usize());
            converted.push(Stmt { kind, span: self.span(stmt), leading, trailing });
        }
        converted
    }

    /// The offset of the first token at or after `from`.
    pub(super) fn next_token(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'#' => {
                    while !matches!(bytes.get(at), None | Some(b'\n' | b'\r')) {
                        at += 1;
                    }
                }
                b' ' | b'\t' | b'\x0c' | b'\n' | b'\r' | b';' | b'\\' => at += 1,
                _ => break,
            }
        }
        at
    }
}
