//! Random designs: typed, verified, synthesisable, and without a fault when they are simulated.
//!
//! *Input*: a seed. *Output*: a [`Design`] ([`design`]), or a smaller one that shows the same fault ([`shrink`]).
//! *Guarantees*: the same seed gives the same design on every machine; it keeps the rules of [`pyhw_ir::verify`]; each net has
//! one driver, combinational processes drive their targets on each path and form no loop; whatever the inputs (of their
//! types), no store, index, division or conversion faults. *Deliberately not here*: test benches, tri-states, time.

mod body;
pub(crate) mod expr;
mod fit;
mod guarded;
mod module;
mod names;
pub mod rng;
pub mod shrink;
pub mod weights;

pub(crate) use expr::random_value;
use module::{Made, ModuleGen, Timing, random_types};
use pyhw_ir::{Design, ModuleId};
use rng::Rng;
use weights::Menu;

/// The design of a seed. Its top module is `rSEED`.
pub fn design(seed: u64) -> Design {
    let mut rng = Rng::new(seed);
    let rng = &mut rng;
    let menu = Menu::default();
    let timing = Timing::random(rng);
    let mut design = Design { types: random_types(rng), ..Design::default() };
    let mut made: Vec<Made> = Vec::new();
    let inner = *rng.pick(&[0, 0, 1, 1, 2]);
    for index in 0..=inner {
        let is_top = index == inner;
        let name = if is_top { format!("r{seed}") } else { format!("r{seed}_m{index}") };
        let make = ModuleGen::new(&design, &made, &timing, &menu, rng.fork(), name, is_top);
        let (module, what) = make.run();
        design.modules.push(module);
        made.push(what);
    }
    design.top = Some(ModuleId::new(inner));
    design
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_ir::{ExprKind, ProcessBody, print, verify};
    use std::collections::BTreeSet;

    #[test]
    fn designs_keep_every_rule_and_come_back_from_text() {
        for seed in 0..300 {
            let design = design(seed);
            let faults = verify::verify(&design);
            assert!(faults.is_empty(), "seed {seed}: {faults:?}");
            let text = print::print(&design);
            assert_eq!(pyhw_ir::parse::parse(&text).unwrap(), design.compact(), "seed {seed}");
        }
    }

    #[test]
    fn a_seed_gives_one_design() {
        assert_eq!(design(11), design(11));
        assert_ne!(print::print(&design(11)), print::print(&design(12)));
    }

    #[test]
    fn every_operator_of_hardware_occurs() {
        let mut seen = BTreeSet::new();
        for seed in 0..200 {
            for process in design(seed).modules.iter().flat_map(|module| &module.processes) {
                let ProcessBody::Ir(body) = &process.body else { continue };
                for id in body.exprs.ids() {
                    if let ExprKind::Op(op, _) = body.exprs.kind(id) {
                        seen.insert(op.info().mnemonic);
                    }
                }
            }
        }
        let missing: Vec<&str> =
            pyhw_ir::op::TABLE.iter().map(|row| row.mnemonic).filter(|name| !seen.contains(name)).collect();
        // Random designs have no tri-state nets, no time and no texts.
        assert_eq!(missing, ["is_z", "now", "format"]);
    }
}
