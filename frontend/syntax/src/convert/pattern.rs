//! Patterns.

use super::Converter;
use crate::ast::{Expr, ExprKind, Pattern, PatternKind};
use crate::subset::Construct;
use ruff_python_ast as ruff;

impl Converter<'_> {
    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Pattern {
        let span = self.span(pattern);
        let kind = match pattern {
            ruff::Pattern::MatchValue(node) => PatternKind::Value(self.expr(&node.value)),
            ruff::Pattern::MatchSingleton(node) => {
                let kind = match node.value {
                    ruff::Singleton::None => ExprKind::None,
                    ruff::Singleton::True => ExprKind::Bool(true),
                    ruff::Singleton::False => ExprKind::Bool(false),
                };
                PatternKind::Value(Expr { kind, span })
            }
            ruff::Pattern::MatchSequence(node) => PatternKind::Sequence(self.patterns(&node.patterns)),
            ruff::Pattern::MatchOr(node) => PatternKind::Or(self.patterns(&node.patterns)),
            ruff::Pattern::MatchAs(node) => match (&node.pattern, &node.name) {
                (None, None) => PatternKind::Wildcard,
                (None, Some(name)) => PatternKind::Capture(self.ident(name)),
                (Some(pattern), Some(name)) => {
                    PatternKind::As { pattern: Box::new(self.pattern(pattern)), name: self.ident(name) }
                }
                // Only after a syntax error.
                (Some(pattern), None) => return self.pattern(pattern),
            },
            ruff::Pattern::MatchStar(node) => PatternKind::Unsupported {
                what: Construct::StarPattern,
                inside: Vec::new(),
                values: Vec::new(),
                binds: node.name.as_ref().map(|name| self.ident(name)),
            },
            ruff::Pattern::MatchMapping(node) => PatternKind::Unsupported {
                what: Construct::MappingPattern,
                inside: self.patterns(&node.patterns),
                values: self.exprs(&node.keys),
                binds: node.rest.as_ref().map(|name| self.ident(name)),
            },
            ruff::Pattern::MatchClass(node) => {
                let class = self.expr(&node.cls);
                let mut inside = self.patterns(&node.arguments.patterns);
                for keyword in &node.arguments.keywords {
                    inside.push(self.pattern(&keyword.pattern));
                }
                let is_value = inside.len() == 1 && node.arguments.keywords.is_empty();
                match inside.pop() {
                    Some(value) if is_value => PatternKind::Class { class, value: Box::new(value) },
                    last => {
                        inside.extend(last);
                        let what = Construct::AttributePattern;
                        PatternKind::Unsupported { what, inside, values: vec![class], binds: None }
                    }
                }
            }
        };
        Pattern { kind, span }
    }

    fn patterns(&mut self, patterns: &[ruff::Pattern]) -> Vec<Pattern> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }
}
