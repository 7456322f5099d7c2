//! Members of Python's own enumerations in texts: as Python shows them, which is for the class to say.

use crate::lowerer::{Lowerer, Lowers};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_elaborate::ShownMember;
use pyhw_ir::{Conversion, EnumId, ExprId, Op, Piece, Type, Value};

impl<'a> Lowerer<'a> {
    /// The pieces of a template that show a member as `str` does, or `repr`, with a specification. Its operand is the member itself where
    /// text around it is all that the name lacks, and else a choice among texts.
    pub fn shown_member(
        &mut self,
        (member, of): (ExprId, EnumId),
        shown: Option<&[ShownMember]>,
        conversion: Conversion,
        spec: &str,
        span: Span,
    ) -> Lowers<(Vec<Piece>, Vec<ExprId>)> {
        let Some(shown) = shown else {
            let message = format!("how {} shows its members only Python can tell", self.enum_in_words(of));
            let error = Diagnostic::new(Code::PH0201, span, message);
            return self.fail(error.help("print the members by numbers or texts of your own"));
        };
        let is_repr = matches!(conversion, Conversion::Repr | Conversion::ReprNamed(_));
        let texts = shown.iter().map(|one| if is_repr { &one.repr } else { &one.str });
        let texts: Vec<String> = texts.cloned().collect();
        if let Some(Value::Enum(known)) = self.body.exprs.as_const(member)
            && let Some(text) = texts.get(*known as usize).filter(|_| spec.is_empty())
        {
            return Ok((vec![Piece::Text(text.clone())], Vec::new()));
        }
        let names = &self.cx.elaborated.types.enums[of.index()].members;
        let around = texts.iter().zip(names).map(|(text, (name, _))| text.strip_suffix(name.as_str()));
        let around: Option<Vec<&str>> = around.collect();
        if let Some(before) = around.as_deref().and_then(|all| all.first())
            && spec.is_empty()
            && around.iter().flatten().all(|other| other == before)
        {
            let name = Piece::Operand { conversion: Conversion::Str, spec: String::new() };
            let before = (!before.is_empty()).then(|| Piece::Text((*before).to_owned()));
            return Ok((before.into_iter().chain([name]).collect(), vec![member]));
        }
        let mut choice = None;
        for (place, text) in texts.iter().enumerate().rev() {
            let text = self.body.exprs.constant(Value::Text(text.as_str().into()), Type::Text, span);
            choice = Some(match choice {
                None => text,
                Some(others) => {
                    let this = Value::Enum(place as u32);
                    let this = self.body.exprs.constant(this, Type::Enum(of), span);
                    let is_this = self.op(Op::Eq, &[member, this], span)?;
                    self.op(Op::Mux, &[is_this, text, others], span)?
                }
            });
        }
        let text = match choice {
            Some(text) => text,
            None => self.body.exprs.constant(Value::Text("".into()), Type::Text, span),
        };
        let piece = Piece::Operand { conversion: Conversion::Str, spec: spec.to_owned() };
        Ok((vec![piece], vec![text]))
    }
}
