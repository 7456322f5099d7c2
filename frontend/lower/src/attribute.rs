//! Attributes: of signals, values, objects and modules.

use crate::call::Args;
use crate::changing::Slot;
use crate::lowerer::{Lowerer, Lowers};
use crate::value::{SequenceKind, SignalRef, Val, Width};
use pyhw_diagnostics::{Code, Diagnostic, Span, nearest};
use pyhw_elaborate::{Binding, Const, FunctionId, Object, ObjectId, SignalType};
use pyhw_ir::{Edge, Int, Range};
use pyhw_syntax::ast::{self, ExprKind};
use std::rc::Rc;

/// So many attributes of an object are listed where one is missing.
const MOST_LISTED: usize = 8;

impl<'a> Lowerer<'a> {
    /// The fields of a signal of a struct; none of any other object.
    pub fn fields(&self, id: ObjectId) -> Option<Vec<String>> {
        match self.cx.elaborated.object(id) {
            Object::Instance { attributes, is_struct: true, .. } => {
                Some(attributes.keys().cloned().collect())
            }
            Object::Instance { .. }
            | Object::List(_)
            | Object::Dict(_)
            | Object::Intbv { .. }
            | Object::Cell(_) => None,
        }
    }

    /// `value.name`.
    pub fn attribute(&mut self, value: &Val<'a>, name: &str, span: Span) -> Lowers<Val<'a>> {
        match value {
            Val::Signal(signal) => self.signal_attribute(signal, name, span),
            Val::Var(_, bits) | Val::Bits(_, bits) => match name {
                "min" | "_min" => Ok(bits.range.min.clone().map_or(Val::Const(Const::None), Val::int)),
                "max" | "_max" => Ok(bits
                    .range
                    .max
                    .as_ref()
                    .map_or(Val::Const(Const::None), |max| Val::int(max.add(&Int::ONE)))),
                "_nrbits" => Ok(Val::int(bits.width.unwrap_or(0))),
                "signed" | "unsigned" => Ok(Val::Method(Rc::new(value.clone()), name.to_owned())),
                _ => self.no_attribute(value, name, span),
            },
            Val::Expr(typed)
                if matches!(name, "min" | "max" | "_min" | "_max" | "_nrbits")
                    && let Some(bits) = typed.width.and_then(Width::declaration) =>
            {
                self.attribute(&Val::Bits(*typed, bits), name, span)
            }
            Val::Expr(_) if matches!(name, "signed" | "unsigned" | "bit_length") => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::Const(Const::Str(_)) | Val::Const(Const::Int(_)) => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::Sequence(elements, SequenceKind::Named(class))
                if class.fields.iter().any(|field| field == name) =>
            {
                let place = class.fields.iter().position(|field| field == name).unwrap_or_default();
                Ok(elements[place].clone())
            }
            Val::Sequence(..) | Val::ListObject(_) | Val::Dict(_) | Val::DictObject(_) => {
                Ok(Val::Method(Rc::new(value.clone()), name.to_owned()))
            }
            Val::EnumType(id) => {
                let members = &self.cx.elaborated.types.enums[id.index()].members;
                match members.iter().position(|(member, _)| member == name) {
                    Some(place) => Ok(Val::Const(Const::Enum(*id, place as u32))),
                    None => {
                        let known: Vec<&str> = members.iter().map(|(member, _)| member.as_str()).collect();
                        let error = Diagnostic::new(
                            Code::PH0202,
                            span,
                            format!("{} has no member `{name}`", self.enum_in_words(*id)),
                        )
                        .help(format!("its members are {}", known.join(", ")));
                        self.fail(error)
                    }
                }
            }
            Val::Instance(id) => {
                let object = self.cx.elaborated.object(*id);
                match object {
                    Object::Instance { attributes, class, .. } => match attributes.get(name) {
                        // It is asked anew each time, and what it looks at is noted there.
                        Some(Binding::Property(getter)) => self.property(*getter, span),
                        Some(binding) => {
                            self.slots.insert(Slot::Attribute(*id, name.to_owned()));
                            self.bound(binding, span)
                        }
                        None => {
                            let message =
                                format!("`{class}` has no attribute `{name}` that a process can use");
                            let known: Vec<&str> = attributes
                                .keys()
                                .map(String::as_str)
                                .filter(|name| !name.starts_with('_'))
                                .collect();
                            let error = Diagnostic::new(Code::PH0201, span, message);
                            self.fail(match (nearest(name, known.iter().copied()), known.len()) {
                                (Some(near), _) => error.help(format!("did you mean `{near}`?")),
                                (None, 1..=MOST_LISTED) => {
                                    error.help(format!("it has `{}`", known.join("`, `")))
                                }
                                (None, _) => error,
                            })
                        }
                    },
                    _ => self.no_attribute(value, name, span),
                }
            }
            Val::Picked(objects, place) => {
                let mut attributes = Vec::new();
                for object in objects.iter() {
                    attributes.push(self.attribute(object, name, span)?);
                }
                match attributes.iter().all(|attribute| matches!(attribute, Val::Instance(_))) {
                    true => Ok(Val::Picked(attributes.into(), *place)),
                    false => self.pick(&attributes, *place, span),
                }
            }
            Val::Module(module, members) => match members.get(name) {
                Some(binding) => {
                    self.slots.insert(Slot::Member(module.clone(), name.to_owned()));
                    self.bound(binding, span)
                }
                None => {
                    let message = format!("the module `{module}` has no `{name}` that a process can use");
                    self.outside(span, message)
                }
            },
            _ => self.no_attribute(value, name, span),
        }
    }

    /// What a property gives: a value. One that gives signals or objects is left to Python, since what a process names decides what wakes it
    /// and what it drives.
    pub fn property(&mut self, getter: FunctionId, span: Span) -> Lowers<Val<'a>> {
        let function = self.cx.elaborated.function(getter);
        let receiver = match &function.receiver {
            Some(receiver) => Some(Rc::new(self.bound(receiver, span)?)),
            None => None,
        };
        let value = self.call_value(&Val::Function(getter, receiver), Args::default(), span)?;
        match &value {
            Val::Const(_) | Val::Expr(_) | Val::Var(..) | Val::Bits(..) => Ok(value),
            _ => {
                let message = format!("the property `{}` gives {}", function.name, value.describe());
                self.outside(span, message)
            }
        }
    }

    /// `list[index].name` of a list of objects: the index picks from what the attribute is of each.
    pub fn picked_attribute(
        &mut self,
        list: &'a ast::Expr,
        index: &'a ast::Expr,
        name: &str,
        span: Span,
    ) -> Lowers<Option<Val<'a>>> {
        if !matches!(&list.kind, ExprKind::Name(_)) || matches!(&index.kind, ExprKind::Slice { .. }) {
            return Ok(None);
        }
        let list = self.eval(list)?;
        if !matches!(&list, Val::ListObject(_) | Val::Sequence(..)) {
            return Ok(None);
        }
        let objects = self.elements(&list, span)?;
        if objects.is_empty() || !objects.iter().all(|object| matches!(object, Val::Instance(_))) {
            return Ok(None);
        }
        let place = self.eval(index)?;
        if let Some(known) = place.as_const_int() {
            let object = self.element(&list, &known, span)?;
            return self.attribute(&object, name, span).map(Some);
        }
        let mut attributes = Vec::new();
        for object in &objects {
            attributes.push(self.attribute(object, name, span)?);
        }
        let place = self.int_expr(&place, index.span)?.id;
        let place = self.counted_from_end(place, attributes.len(), index.span)?;
        self.pick(&attributes, place, span).map(Some)
    }

    fn signal_attribute(&mut self, signal: &SignalRef, name: &str, span: Span) -> Lowers<Val<'a>> {
        let declared = self.signal_type(signal).clone();
        match name {
            "next" => Ok(Val::Next(signal.clone())),
            "val" => Ok(Val::Signal(signal.clone())),
            "posedge" => Ok(Val::Edge(signal.clone(), Edge::Rising)),
            "negedge" => Ok(Val::Edge(signal.clone(), Edge::Falling)),
            "min" | "_min" => Ok(match declared {
                SignalType::Int { range: Range { min: Some(min), .. }, .. } => Val::int(min),
                SignalType::Bool => Val::int(0i64),
                _ => Val::Const(Const::None),
            }),
            "max" | "_max" => Ok(match declared {
                SignalType::Int { range: Range { max: Some(max), .. }, .. } => Val::int(max.add(&Int::ONE)),
                SignalType::Bool => Val::int(2i64),
                _ => Val::Const(Const::None),
            }),
            "_nrbits" => Ok(match declared {
                SignalType::Int { width_bits, .. } => Val::int(width_bits.unwrap_or(0)),
                SignalType::Bool => Val::int(1i64),
                _ => Val::int(0i64),
            }),
            "active" => match self.cx.elaborated.signal(signal.like()).reset {
                Some(reset) => Ok(Val::bool(reset.active_high)),
                None => self.outside(span, "only a reset signal has `active`"),
            },
            "signed" | "unsigned" => Ok(Val::Method(Rc::new(Val::Signal(signal.clone())), name.to_owned())),
            _ => {
                let message = format!("a signal has no attribute `{name}` in a process");
                let known =
                    ["next", "val", "posedge", "negedge", "min", "max", "active", "signed", "unsigned"];
                // What has no near one may be an attribute of the value, which Python finds.
                let near = nearest(name, known).filter(|_| !name.starts_with('_'));
                let code = if near.is_some() { Code::PH0202 } else { Code::PH0201 };
                let error = Diagnostic::new(code, span, message);
                self.fail(match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(
                        "a signal of numbers has no parts with names: those of a `@struct` are its fields, and an object of signals has attributes",
                    ),
                })
            }
        }
    }

    fn no_attribute<T>(&mut self, value: &Val<'a>, name: &str, span: Span) -> Lowers<T> {
        let message = format!("{} has no attribute `{name}` in a process", value.describe());
        self.outside(span, message)
    }
}
