//! What names, and bindings of the elaborated design, denote in a process.

use crate::changing::Slot;
use crate::lowerer::{Failed, Lowerer, Lowers};
use crate::nets::excess_width;
use crate::value::{BitsType, Local, SequenceKind, Typed, Val, VarRef};
use pyhw_diagnostics::{Code, Diagnostic, Span, nearest};
use pyhw_elaborate::{Binding, Object, ObjectId, SignalId};
use std::rc::Rc;
use std::sync::Arc;

impl<'a> Lowerer<'a> {
    /// What a name denotes here.
    pub fn name(&mut self, name: &str, span: Span) -> Lowers<Val<'a>> {
        let mut at = Some(self.frames.len() - 1);
        while let Some(index) = at {
            let frame = &self.frames[index];
            match frame.locals.get(name).cloned() {
                Some(Local::Known(value) | Local::Alias { value, .. } | Local::Object { value, .. }) => {
                    return Ok(value);
                }
                Some(Local::Var { known: Some(value), .. }) => return Ok(Val::Const(value)),
                Some(Local::Var { id, width, .. }) => {
                    self.reads.insert(id);
                    let id = self.read_var(id, span);
                    return Ok(Val::Expr(Typed { id, width }));
                }
                Some(Local::Conflict(place)) => {
                    let home = frame.home;
                    if self.in_one_variable(home, name) {
                        return self.begin_anew(span);
                    }
                    let error = Diagnostic::new(
                        Code::PH0201,
                        span,
                        format!("`{name}` is bound to different kinds of things on the paths that lead here"),
                    )
                    .label(place, "the paths meet here");
                    return self.fail(error);
                }
                Some(Local::LeftOut(place)) => {
                    let error = Diagnostic::new(
                        Code::PH0201,
                        span,
                        format!("`{name}` has its value from what is simulated only"),
                    )
                    .label(place, "outside the subset, and left out of what is emitted");
                    return self.fail(error);
                }
                Some(Local::Missing(place)) => {
                    let message = format!("`{name}` is bound on some of the paths only that lead here");
                    let error =
                        Diagnostic::new(Code::PH0201, span, message).label(place, "the paths meet here");
                    return self.fail(error.help("bind it on every path, or before they part"));
                }
                None if frame.unbound.contains(name) => return Err(Failed),
                None if frame.assigned.contains(name) => {
                    let message = format!("`{name}` is read before it is assigned");
                    let mut error = Diagnostic::new(Code::PH0202, span, message);
                    if self.hides_signal(name) {
                        error = error
                            .note(format!("a store into `{name}` makes it a local of the process"))
                            .help(format!("to store into the signal: `{name}.next = …`"));
                    } else if self.is_bound_around(name) {
                        error = error
                            .note(format!("a store into `{name}` makes it a local of the process, and no longer the `{name}` around it"))
                            .help(format!("what a process keeps is a signal, `{name} = Signal(intbv(0)[8:])`, which is stored into by `{name}.next = …`"));
                    }
                    return self.fail(error);
                }
                None => at = frame.parent,
            }
        }
        let home = self.frames[self.frames.len() - 1].home;
        let function = self.cx.elaborated.function(home);
        match function.names.get(name) {
            Some(binding) => {
                if !matches!(binding, Binding::Builtin(_) | Binding::Module(..)) {
                    self.slots.insert(Slot::Name(home, name.to_owned()));
                }
                self.bound(binding, span)
            }
            // Elaboration runs without `-O`.
            None if name == "__debug__" => Ok(Val::bool(true)),
            None => {
                let error = Diagnostic::new(Code::PH0202, span, format!("`{name}` is not defined"));
                let error = match nearest(name, self.names_in_sight()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error,
                };
                self.fail(error)
            }
        }
    }

    /// The names that could stand where a name is not found: locals, what the function mentions, what its block binds.
    fn names_in_sight(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for frame in self.frames.iter().rev() {
            names.extend(frame.locals.keys().map(String::as_str));
            names.extend(self.cx.elaborated.function(frame.home).names.keys().map(String::as_str));
        }
        let block = self.block.map(|block| self.cx.elaborated.block(block));
        names.extend(
            block
                .into_iter()
                .flat_map(|block| block.args.iter().chain(&block.locals))
                .map(|named| &*named.name),
        );
        names
    }

    /// Whether the process's block binds this name in its text.
    fn is_bound_around(&self, name: &str) -> bool {
        let def = self.block.and_then(|block| self.cx.parsed.block(self.cx.elaborated.block(block)));
        def.is_some_and(|def| {
            def.params.iter().any(|param| param.name.name == name)
                || pyhw_syntax::names::assigned(def).iter().any(|bound| bound.name == name)
        })
    }

    /// Whether the process's block has a signal of this name.
    pub fn hides_signal(&self, name: &str) -> bool {
        self.block.is_some_and(|block| crate::process::has_signal(self.cx.elaborated.block(block), name))
    }

    /// What a binding of the elaborated design denotes.
    pub fn bound(&mut self, binding: &Binding, span: Span) -> Lowers<Val<'a>> {
        Ok(match binding {
            Binding::Const(value) => Val::Const(value.clone()),
            Binding::Signal(id) => Val::Signal(self.named_signal(*id, span)?),
            Binding::Object(id) => return self.object(*id, span),
            Binding::Tuple(elements, class) => {
                let elements =
                    elements.iter().map(|element| self.bound(element, span)).collect::<Lowers<Vec<_>>>()?;
                Val::Sequence(Rc::new(elements), SequenceKind::of(class.as_ref()))
            }
            Binding::TupleClass(class) => Val::TupleClass(Arc::clone(class)),
            Binding::EnumType(id) => Val::EnumType(*id),
            Binding::Function(id) => match &self.cx.elaborated.function(*id).receiver {
                Some(receiver) => {
                    let receiver = self.bound(receiver, span)?;
                    Val::Function(*id, Some(Rc::new(receiver)))
                }
                None => Val::Function(*id, None),
            },
            Binding::Property(id) => return self.property(*id, span),
            Binding::Builtin(name) => Val::Builtin(name),
            Binding::Module(name, members) => Val::Module(name.clone(), Rc::new(members.clone())),
            Binding::Unknown(what) => {
                return self.unknown(what, span);
            }
        })
    }

    /// Something that the recorder knows no more of than a name.
    pub fn unknown<T>(&mut self, what: &str, span: Span) -> Lowers<T> {
        let error = Diagnostic::new(Code::PH0201, span, format!("{what} cannot be used in a process"));
        self.fail(if what.starts_with("the block ") {
            error.help("a block is called in the body of another block, which returns what the call gives")
        } else if let Some(name) = what.strip_prefix("the type `").and_then(|rest| rest.strip_suffix('`')) {
            error.help(format!("a signal of it is made in the block: `Signal({name})`"))
        } else {
            error
        })
    }

    fn object(&mut self, id: ObjectId, span: Span) -> Lowers<Val<'a>> {
        let object: &'a Object = self.cx.elaborated.object(id);
        if let Some(memory) = self.cx.nets.memory(id)
            && let Object::List(elements) = object
            && let Some(Binding::Signal(first)) = elements.first()
        {
            self.fits_the_ir(*first, span)?;
            return Ok(Val::Memory(memory, *first, elements.len() as u32));
        }
        Ok(match object {
            Object::List(elements) => {
                if let (Some(var), Some(Binding::Object(first))) = (self.registers.get(&id), elements.first())
                    && let Object::Intbv { range, width_bits, wraps, .. } = self.cx.elaborated.object(*first)
                {
                    let bits = BitsType {
                        range: range.clone(),
                        width: *width_bits,
                        wraps: *wraps,
                        is_outside: true,
                    };
                    return Ok(Val::Table(*var, bits, elements.len() as u32));
                }
                // A list whose integers are variables is not looked at.
                let is_kept = |element: &Binding| match element {
                    Binding::Object(id) => self.registers.contains_key(id),
                    _ => false,
                };
                if elements.is_empty() || !elements.iter().all(is_kept) {
                    self.frozen.insert(id);
                }
                Val::ListObject(id)
            }
            Object::Dict(_) => {
                self.frozen.insert(id);
                Val::DictObject(id)
            }
            Object::Instance { .. } => Val::Instance(id),
            Object::Intbv { value, range, width_bits, wraps } => {
                let bits =
                    BitsType { range: range.clone(), width: *width_bits, wraps: *wraps, is_outside: true };
                if let Some(var) = self.registers.get(&id) {
                    return Ok(Val::Var(VarRef::whole(*var), bits));
                }
                self.frozen.insert(id);
                let id = self.literal(value.clone(), span)?;
                Val::Bits(Typed { id, width: Some(bits.as_width()) }, bits)
            }
            Object::Cell(inner) => {
                self.frozen.insert(id);
                return self.bound(inner, span);
            }
        })
    }

    pub fn fits_the_ir(&mut self, id: SignalId, span: Span) -> Lowers<()> {
        let Some(width) = excess_width(&self.cx.elaborated.signal(id).ty) else { return Ok(()) };
        let declared = self.cx.elaborated.signal(id).span;
        let message = format!("the signal has {width} bits: only Python takes more than 4,096");
        let mut error = Diagnostic::new(Code::PH0303, span, message);
        if declared.is_known() {
            error = error.label(declared, "made here");
        }
        self.fail(error)
    }
}
