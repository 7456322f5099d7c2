//! The header: enumerations, structs, the state, prototypes.

use super::{File, MAX_COLUMNS, write_comment};
use crate::layout::{Layout, Storage, limbs, storage};
use crate::plan::Role;
use crate::stmt::clean;
use pyhw_ir::{NetId, ProcessKind, StructId, Type};
use pyhw_text::{Row, Writer, comment_lines};
use std::collections::BTreeSet;

impl File<'_> {
    // The header

    pub(super) fn header(&self, has_loops: bool) -> String {
        let layout = &self.unit.layout;
        let module = self.module();
        let mut out = Writer::new("    ");
        let title = match &module.doc {
            Some(doc) => format!("{}: {}", layout.name, doc.trim()),
            None => layout.name.clone(),
        };
        let mut lines: Vec<String> = comment_lines(&title, MAX_COLUMNS - 3);
        lines.push(String::new());
        let mut origin = format!("Emitted by pyhw{}.", self.from());
        if !module.params.is_empty() {
            let params: Vec<String> =
                module.params.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            origin += &format!(" Parameters: {}.", params.join(", "));
        }
        lines.extend(comment_lines(&origin, MAX_COLUMNS - 3));
        let bytes: u64 = self
            .fields(|role| matches!(role, Role::Output | Role::Register | Role::Net))
            .iter()
            .map(|(_, storage)| layout.size_and_alignment(storage).0)
            .sum();
        let unit = if bytes == 1 { "byte" } else { "bytes" };
        let loops = if has_loops { "every loop has a fixed bound" } else { "no loops" };
        lines.push(format!("State: {bytes} {unit}. No heap, no recursion, {loops}."));
        write_comment(&mut out, &lines);
        let guard = format!("{}_H", layout.name.to_ascii_uppercase());
        out.line(format!("#ifndef {guard}"));
        out.line(format!("#define {guard}"));
        out.blank();
        out.line("#include <stdbool.h>");
        out.line("#include <stdint.h>");
        self.enums(&mut out);
        self.structs(&mut out);
        out.blank();
        self.state(&mut out);
        self.prototypes(&mut out);
        out.blank();
        out.line("#endif");
        out.finish()
    }

    fn enums(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        for (of, names) in layout.design.types.enums.iter().zip(&layout.enums) {
            let Some(names) = names else { continue };
            out.blank();
            if !names.is_enum {
                out.line(format!("/* {} */", names.ty));
                for ((_, code), name) in of.members.iter().zip(&names.members) {
                    out.line(format!("#define {name} 0x{}U", code.to_radix(16).to_uppercase()));
                }
                continue;
            }
            let counts =
                of.members.iter().enumerate().all(|(index, (_, code))| code.to_usize() == Some(index));
            let items: Vec<String> = of
                .members
                .iter()
                .zip(&names.members)
                .map(|((_, code), name)| if counts { name.clone() } else { format!("{name} = {code}") })
                .collect();
            let line = format!("typedef enum {{ {} }} {};", items.join(", "), names.ty);
            if line.len() <= MAX_COLUMNS {
                out.line(line);
                continue;
            }
            out.line("typedef enum {");
            out.indent();
            for (index, item) in items.iter().enumerate() {
                out.line(if index + 1 < items.len() { format!("{item},") } else { item.clone() });
            }
            out.dedent();
            out.line(format!("}} {};", names.ty));
        }
    }

    fn structs(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        let mut done = BTreeSet::new();
        for index in 0..layout.structs.len() {
            self.struct_type(StructId::new(index), &mut done, out);
        }
    }

    fn struct_type(&self, id: StructId, done: &mut BTreeSet<StructId>, out: &mut Writer) {
        let layout = &self.unit.layout;
        let Some(names) = &layout.structs[id.index()] else { return };
        if !done.insert(id) {
            return;
        }
        let fields = &layout.design.types.structs[id.index()].fields;
        for (_, ty) in fields {
            let mut ty = ty;
            while let Type::Array(element, _) = ty {
                ty = element;
            }
            if let Type::Struct(inner) = ty {
                self.struct_type(*inner, done, out);
            }
        }
        out.blank();
        out.line("typedef struct {");
        out.indent();
        let rows: Vec<Row> = fields
            .iter()
            .zip(&names.fields)
            .filter_map(|((_, ty), name)| {
                let storage = storage(&layout.design.types, ty)?;
                let notes = self.type_notes(ty, &storage);
                Some(field_row(layout, &storage, name, &notes))
            })
            .collect();
        out.table(&rows);
        out.dedent();
        out.line(format!("}} {};", names.ty));
    }

    /// The nets of some roles that have fields, with their storage, in the order of the struct.
    fn fields(&self, wanted: impl Fn(Role) -> bool) -> Vec<(NetId, Storage)> {
        let layout = &self.unit.layout;
        let module = self.module();
        (0..module.nets.len())
            .map(NetId::new)
            .filter(|net| wanted(self.plan.roles[net.index()]))
            .filter_map(|net| Some((net, storage(&layout.design.types, &module.net(net).ty)?)))
            .collect()
    }

    fn state(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        let init = &self.functions.init;
        let after = match self.functions.steps.as_slice() {
            [] => self.functions.settle.clone(),
            [step] => step.clone(),
            _ => "a step".to_owned(),
        };
        let mut rows = Vec::new();
        let sections = [
            (Role::Input, format!("inputs: set before {after}"), true),
            (Role::Output, format!("outputs: valid after {init} and {after}"), false),
            (Role::Register, "registers".to_owned(), true),
            (Role::Net, "nets".to_owned(), false),
        ];
        for (role, title, ascending) in sections {
            let mut fields = self.fields(|of| of == role);
            if fields.is_empty() {
                continue;
            }
            // Sections meet where alignments are alike, so that little is lost between fields.
            fields.sort_by_key(|(_, storage)| {
                let (alignment, is_bool) = (layout.size_and_alignment(storage).1, *storage == Storage::Bool);
                if ascending { (alignment, !is_bool) } else { (8 - alignment, is_bool) }
            });
            rows.push(Row::new([format!("/* {title} */")]));
            for (net, storage) in fields {
                let notes = self.net_notes(net, &storage);
                rows.push(field_row(layout, &storage, &layout.nets[net.index()], &notes));
            }
        }
        out.line("typedef struct {");
        out.indent();
        if rows.is_empty() {
            out.line("uint8_t unused; /* the design has no ports and no state */");
        }
        out.table(&rows);
        out.dedent();
        out.line(format!("}} {};", layout.ty));
    }

    /// What the C type of a net does not say.
    fn net_notes(&self, net: NetId, storage: &Storage) -> Vec<String> {
        let module = self.module();
        let mut notes = Vec::new();
        for (process, clocking) in module.processes.iter().zip(&self.plan.clockings) {
            let found = match (&process.kind, clocking.and_then(|found| found.reset)) {
                (ProcessKind::Clocked { reset: Some(reset), .. }, _) if reset.net == net => {
                    Some((reset.is_async, reset.active_high))
                }
                (_, Some(reset)) if reset.net == net => Some((true, reset.active_high)),
                _ => None,
            };
            if let Some((is_async, active_high)) = found {
                let kind = if is_async { "asynchronous" } else { "synchronous" };
                let level = if active_high { "high" } else { "low" };
                notes.push(format!("{kind}, active {level}"));
                break;
            }
        }
        notes.extend(self.type_notes(&module.net(net).ty, storage));
        notes.extend(module.net(net).comment.as_deref().map(clean));
        notes
    }

    fn type_notes(&self, ty: &Type, storage: &Storage) -> Vec<String> {
        let layout = &self.unit.layout;
        match (ty, storage) {
            (Type::Array(element, _), Storage::Array(inner, _)) => self.type_notes(element, inner),
            (Type::Enum(of), _) => layout.enums[of.index()].iter().map(|names| names.ty.clone()).collect(),
            (Type::Int(range), Storage::Scalar { ty, width }) => match range.bounds() {
                Some((min, max)) if !(range.is_full() && *width == ty.bits) => {
                    vec![format!("{min} to {max}")]
                }
                _ => Vec::new(),
            },
            (Type::Int(range), Storage::Wide { signed, width }) => match range.bounds() {
                Some((min, max)) if !range.is_full() => vec![format!("{min} to {max}")],
                _ => {
                    let sign = if *signed { " with sign" } else { "" };
                    vec![format!(
                        "{width} bits{sign}, in {} limbs from the least significant up",
                        limbs(*width)
                    )]
                }
            },
            _ => Vec::new(),
        }
    }

    fn prototypes(&self, out: &mut Writer) {
        let layout = &self.unit.layout;
        let functions = &self.functions;
        let what = if self.plan.settling_inputs.is_empty() {
            "Puts every register at its initial value and settles the outputs."
        } else if self.plan.edges.is_empty() {
            "Puts every input at its initial value and settles the outputs."
        } else {
            "Puts every input and register at its initial value and settles the outputs."
        };
        out.blank();
        out.line(format!("/* {what} */"));
        out.line(format!("void {}({} *self);", functions.init, layout.ty));
        if functions.settle_is_public {
            let what = if self.plan.edges.is_empty() {
                "Takes the inputs and settles the outputs."
            } else {
                "Takes the inputs and settles the outputs, without a clock edge."
            };
            out.blank();
            out.line(format!("/* {what} */"));
            out.line(format!("void {}({} *self);", functions.settle, layout.ty));
        }
        for (edge, name) in self.plan.edges.iter().zip(&functions.steps) {
            let kind = if edge.rising { "rising" } else { "falling" };
            let clock = &self.module().net(edge.clock).name;
            out.blank();
            out.line(format!(
                "/* One {kind} edge of {}: takes the inputs, updates registers, settles the outputs. */",
                clean(clock)
            ));
            out.line(format!("void {name}({} *self);", layout.ty));
        }
    }
}

fn field_row(layout: &Layout<'_>, storage: &Storage, name: &str, notes: &[String]) -> Row {
    let comment = (!notes.is_empty()).then(|| format!("/* {} */", notes.join("; ")));
    Row::new([format!("{};", layout.declare(storage, name))]).comment(comment)
}
