//! What the processes of one architecture share: names, types and the functions in use.

use crate::Options;
use crate::helpers::Helper;
use crate::ports::VectorPorts;
use crate::types::{Shape, TypeNames};
use pyhw_ir::{Design, Module, NetId, Value};
use pyhw_passes::ModuleFacts;
use std::collections::{BTreeSet, HashMap};

/// The frame of a module; nothing of it changes while its processes are written.
pub(crate) struct Unit<'a> {
    pub design: &'a Design,
    pub module: &'a Module,
    pub facts: &'a ModuleFacts,
    pub options: &'a Options,
    /// The name of each net.
    pub nets: Vec<String>,
    pub types: TypeNames,
    /// Constant arrays that are indexed, by their text and type.
    pub tables: Vec<(Value, Shape, String)>,
    /// The name of the constant that holds the initial value of a net, where that is a long table which a reset stores again.
    pub inits: Vec<Option<String>>,
    /// Ports that are of another type outside.
    pub vectors: VectorPorts,
    /// The names of helpers, by what they would like to be called.
    pub helper_names: HashMap<String, String>,
}

impl Unit<'_> {
    /// The name of a net.
    pub fn net(&self, id: NetId) -> &str {
        &self.nets[id.index()]
    }

    /// The name of a constant array.
    pub fn table(&self, value: &Value, shape: &Shape) -> Option<&str> {
        self.tables.iter().find(|(v, s, _)| v == value && s == shape).map(|(.., name)| name.as_str())
    }

    /// The initial value of a net, inside of the architecture.
    pub fn init(&self, id: NetId) -> Option<String> {
        if let Some(name) = &self.inits[id.index()] {
            return Some(name.clone());
        }
        let net = self.module.net(id);
        self.types.constant(&net.init, &Shape::of(&net.ty)?)
    }

    /// The name of a helper.
    pub fn helper(&self, helper: Helper) -> String {
        let wanted = helper.wanted(&self.types);
        self.helper_names.get(&wanted).cloned().unwrap_or(wanted)
    }

    /// So many steps as a time of VHDL.
    pub fn time(&self, steps: u64) -> String {
        const UNITS: [(u64, &str); 4] =
            [(1_000_000_000_000, "sec"), (1_000_000_000, "ms"), (1_000_000, "us"), (1_000, "ns")];
        let step = self.options.step_ps.max(1);
        // The unit is that of the step, so that a bench reads in one unit.
        let (size, unit) =
            UNITS.into_iter().find(|(size, _)| step.is_multiple_of(*size)).unwrap_or((1, "ps"));
        format!("{} {unit}", u128::from(steps) * u128::from(step / size))
    }
}

/// What the processes of an architecture turned out to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uses {
    /// Functions of the declarative part.
    pub helpers: BTreeSet<Helper>,
    /// Whether texts are written to the standard output.
    pub textio: bool,
}
