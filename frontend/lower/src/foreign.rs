//! A user's own code in a block: what its names stand for, and its text with the names of the module's nets.

use crate::net_names::Fresh;
use crate::nets::{Nets, SignalPlace};
use pyhw_elaborate::{Binding, Driven, Elaborated, Object};
use pyhw_ir::{Assigned, Direction, Module, NetId};
use std::collections::BTreeMap;

/// A signal in a user's own code, or a list of them.
pub struct ForeignName {
    pub name: String,
    pub what: ForeignWhat,
    /// Whether the design says that something drives it, and the code seems to.
    pub is_driven: bool,
    pub driven: Driven,
}

pub enum ForeignWhat {
    Net(NetId),
    /// An element of a memory.
    Element(NetId, u32),
    /// Nets of one type, which the code takes for an array.
    List(Vec<NetId>),
}

impl ForeignWhat {
    pub fn nets(&self) -> &[NetId] {
        match self {
            ForeignWhat::Net(net) | ForeignWhat::Element(net, _) => std::slice::from_ref(net),
            ForeignWhat::List(nets) => nets,
        }
    }
}

/// What a block's own code names.
pub fn foreign_names(
    elaborated: &Elaborated,
    block: &pyhw_elaborate::Block,
    nets: &Nets,
) -> Vec<ForeignName> {
    let mut found = Vec::new();
    for (name, what) in &block.foreign_names {
        let place = match &what.value {
            Binding::Signal(id) => Some(match nets.place(*id) {
                SignalPlace::Net(net) => ForeignWhat::Net(net),
                SignalPlace::Element(net, index) => ForeignWhat::Element(net, index),
            }),
            Binding::Object(id) => match nets.memory(*id) {
                Some(net) => Some(ForeignWhat::Net(net)),
                None => alike(elaborated, *id, nets).map(ForeignWhat::List),
            },
            _ => None,
        };
        if let Some(place) = place {
            let is_driven = what.driven != Driven::No
                && block.foreign.iter().any(|code| pyhw_ir::foreign::stores(&code.text, name));
            found.push(ForeignName { name: name.clone(), what: place, is_driven, driven: what.driven });
        }
    }
    found
}

/// The nets of a list of signals, if it is one whose elements are of one type.
pub fn alike(elaborated: &Elaborated, list: pyhw_elaborate::ObjectId, nets: &Nets) -> Option<Vec<NetId>> {
    let Object::List(elements) = elaborated.object(list) else { return None };
    let place = |element: &Binding| match element {
        Binding::Signal(id) => match nets.place(*id) {
            SignalPlace::Net(net) => Some(net),
            SignalPlace::Element(..) => None,
        },
        _ => None,
    };
    let found: Option<Vec<NetId>> = elements.iter().map(place).collect();
    found.filter(|found| found.iter().all(|net| nets.net(*net).ty == nets.net(found[0]).ty))
}

/// A block's own code with the names of the module's nets in it.
pub fn foreign_text(
    code: &pyhw_ir::Foreign,
    module: &Module,
    locals: &BTreeMap<NetId, NetId>,
    known: &[ForeignName],
    mut names: Fresh,
) -> pyhw_ir::Foreign {
    let mut lists: Vec<pyhw_ir::ForeignList> = Vec::new();
    let text = pyhw_ir::foreign::substitute(&code.text, |name| {
        let found = known.iter().find(|one| one.name == name)?;
        let own = |net: &NetId| locals.get(net).copied();
        Some(match (&found.what, code.language) {
            (ForeignWhat::Net(net), _) => format!("${{{}}}", module.net(own(net)?).name),
            (ForeignWhat::Element(net, index), pyhw_ir::Language::Vhdl) => {
                format!("${{{}}}({index})", module.net(own(net)?).name)
            }
            (ForeignWhat::Element(net, index), pyhw_ir::Language::Verilog | pyhw_ir::Language::C) => {
                format!("${{{}}}[{index}]", module.net(own(net)?).name)
            }
            (ForeignWhat::List(nets), _) => {
                let elements = nets.iter().map(own).collect::<Option<Vec<NetId>>>()?;
                if let Some(list) = lists.iter().find(|list| list.elements == elements) {
                    return Some(format!("${{{}}}", list.name));
                }
                // Either all of them come from outside, or none does; what is within only is no array and something else as well.
                let is_input = |net: &NetId| module.direction(*net) == Some(Direction::In);
                if elements.iter().any(|net| is_input(net) != is_input(&elements[0])) {
                    return None;
                }
                let is_element =
                    |one: &&ForeignName| matches!(one.what, ForeignWhat::Net(net) if nets.contains(&net));
                let mut by_itself = known.iter().filter(is_element);
                if module.direction(elements[0]).is_none()
                    && by_itself.any(|one| code.text.contains(&format!("${{{}}}", one.name)))
                {
                    return None;
                }
                let name = names.fresh(name);
                lists.push(pyhw_ir::ForeignList { name: name.clone(), elements });
                format!("${{{name}}}")
            }
        })
    });
    let mut drives: Vec<(NetId, Assigned)> = Vec::new();
    for one in known {
        let Driven::As(how) = one.driven else { continue };
        for net in one.what.nets().iter().filter_map(|net| locals.get(net)) {
            // What is within the block only is driven by its code, whatever that looks like.
            let is_driven = match module.direction(*net) {
                None => true,
                Some(Direction::Out | Direction::InOut) => one.is_driven,
                Some(Direction::In) => false,
            };
            // Elements of one net may be named by themselves.
            if is_driven && drives.iter().all(|(other, _)| other != net) {
                drives.push((*net, how));
            }
        }
    }
    drives.sort_by_key(|(net, _)| *net);
    pyhw_ir::Foreign { language: code.language, text, lists, drives, span: module.span }
}
