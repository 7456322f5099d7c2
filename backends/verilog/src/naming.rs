//! Names of a module's own: of the members of enumerations, and of the locals of processes.

use crate::context::ModuleCx;
use pyhw_ir::{Design, EnumId, ProcessBody, Type};
use std::collections::{BTreeSet, HashSet};

impl ModuleCx<'_> {
    /// Names the members of the enumerations that the module uses.
    pub fn name_enums(&mut self) {
        let mut used = BTreeSet::new();
        fn of_type(ty: &Type, design: &Design, used: &mut BTreeSet<EnumId>) {
            match ty {
                Type::Enum(id) => {
                    used.insert(*id);
                }
                Type::Array(element, _) => of_type(element, design, used),
                Type::Struct(id) => {
                    for (_, field) in &design.types.structs[id.index()].fields {
                        of_type(field, design, used);
                    }
                }
                Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => {}
            }
        }
        for net in &self.module.nets {
            of_type(&net.ty, self.design, &mut used);
        }
        for process in &self.module.processes {
            if let ProcessBody::Ir(body) = &process.body {
                for var in &body.vars {
                    of_type(&var.ty, self.design, &mut used);
                }
                for id in body.exprs.ids() {
                    of_type(body.exprs.ty(id), self.design, &mut used);
                }
            }
        }
        for id in used {
            let ty = &self.design.types.enums[id.index()];
            let prefix = upper_snake(&ty.name);
            for (member, _) in &ty.members {
                let name = self.namer.fresh(&format!("{prefix}_{}", upper_snake(member)));
                self.enum_names[id.index()].push(name);
                self.enum_used[id.index()].push(false);
            }
        }
    }

    /// Names the variables of the processes.
    pub fn name_vars(&mut self) {
        self.outer = self.namer.scope();
        for process in &self.module.processes {
            let mut locals = HashSet::new();
            let vars = match &process.body {
                ProcessBody::Ir(body) => &body.vars[..],
                ProcessBody::Host(_) => &[],
            };
            let names: Vec<String> =
                vars.iter().map(|var| self.outer.local(&var.name, &mut locals)).collect();
            for name in &names {
                // A function of the module must not be hidden by a local of this name.
                self.namer.reserve(name);
            }
            self.var_names.push(names);
        }
    }
}

/// `UartState` and `uart_state` as `UART_STATE`.
fn upper_snake(name: &str) -> String {
    let mut result = String::new();
    let mut before_was_lower = false;
    for c in name.chars() {
        if c.is_uppercase() && before_was_lower {
            result.push('_');
        }
        before_was_lower = c.is_lowercase() || c.is_ascii_digit();
        result.extend(c.to_uppercase());
    }
    result
}
