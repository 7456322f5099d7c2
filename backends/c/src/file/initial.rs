//! Initial values, as stores.

use super::File;
use crate::func::counted;
use crate::layout::{Storage, limbs, storage};
use crate::support::Helper;
use pyhw_ir::{NetId, Value};
use pyhw_text::Writer;

impl File<'_> {
    /// Inner nets first, then ports, each in the order of the source.
    pub(super) fn in_reset_order(&self, mut nets: Vec<NetId>) -> Vec<NetId> {
        nets.sort_by_key(|net| (self.module().direction(*net).is_some(), *net));
        nets
    }

    /// Stores of initial values.
    pub(super) fn initial_values(&mut self, nets: &[NetId]) -> pyhw_text::Text {
        let mut out = Writer::new("    ");
        for &net in nets {
            out.set_span(self.module().net(net).span);
            for line in self.initial_lines(net) {
                out.line(line);
            }
        }
        out.finish_with_origins()
    }

    fn initial_lines(&mut self, net: NetId) -> Vec<String> {
        let layout = &self.unit.layout;
        let module = layout.module;
        let Some(storage) = storage(&layout.design.types, &module.net(net).ty) else { return Vec::new() };
        let target = format!("self->{}", layout.nets[net.index()]);
        let init = module.net(net).init.clone();
        self.fill(&storage, &target, &init, &format!("{}_init", module.net(net).name), 0)
    }

    fn fill(
        &mut self,
        storage: &Storage,
        target: &str,
        value: &Value,
        wanted: &str,
        depth: usize,
    ) -> Vec<String> {
        match (storage, value) {
            (Storage::Wide { width, .. }, Value::Int(number)) => {
                let count = self.unit.count(limbs(*width));
                let call = if number.is_zero() {
                    self.unit.call(Helper::WideZero, &[target.to_owned(), count])
                } else {
                    let table = self.unit.wide_table(number, limbs(*width));
                    self.unit.call(Helper::WideCopy, &[target.to_owned(), table, count])
                };
                vec![format!("{call};")]
            }
            (Storage::Array(element, length), Value::Array(values)) => {
                let counter = ["i", "j", "k", "l"].get(depth).unwrap_or(&"m");
                let inner = match values.first() {
                    Some(first) if values.iter().all(|value| value == first) => {
                        self.fill(element, &format!("{target}[{counter}]"), first, wanted, depth + 1)
                    }
                    _ => {
                        let table = self.unit.table(storage, value, wanted);
                        return self.copy(storage, target, &table);
                    }
                };
                counted(counter, *length, inner)
            }
            (Storage::Struct(_), _) => {
                let table = self.unit.table(storage, value, wanted);
                vec![format!("{target} = {table};")]
            }
            _ => vec![format!("{target} = {};", self.unit.scalar_text(storage, value))],
        }
    }

    fn copy(&mut self, storage: &Storage, to: &str, from: &str) -> Vec<String> {
        let names = self.unit.locals.clone();
        self.unit.copy_lines(&names, storage, to, from)
    }
}
