//! The C interface of a design as data, for programs that generate drivers.

use crate::file::File;
use crate::layout::{LIMB_BITS, Storage, limbs, storage};
use crate::plan::Role;
use pyhw_ir::{Direction, NetId};

/// How a design is used from C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// The header's file name.
    pub header: String,
    /// The state's type.
    pub type_name: String,
    /// `void init(T *)`: initial values, settled.
    pub init: String,
    /// `void settle(T *)`, where inputs reach outputs or registers without a clock edge, or where there is no clock.
    pub settle: Option<String>,
    /// `void step(T *)` for each edge of each clock that does something.
    pub steps: Vec<Step>,
    /// The ports that have fields, in the order of the design; clocks have none.
    pub fields: Vec<Field>,
}

/// The function of one edge of one clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The clock's name in the source.
    pub clock: String,
    /// Whether it is the rising edge.
    pub rising: bool,
    /// The function.
    pub function: String,
}

/// A port of the design in the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The port's name in the source.
    pub port: String,
    /// The field's name in C.
    pub name: String,
    /// Its direction.
    pub direction: Direction,
    /// How it lies in memory.
    pub ty: FieldType,
}

/// How a port lies in memory. Integers are extended (by zeros, or by their sign) over the whole of their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// `bool`.
    Bool,
    /// An integer in the smallest type of `<stdint.h>`; an enum is the code of its member.
    Int {
        /// How many bits the value needs.
        width_bits: u32,
        /// Whether it can be negative.
        signed: bool,
        /// How many bits the C type has.
        storage_bits: u32,
    },
    /// `uint32_t` limbs, the least significant first.
    Limbs {
        /// How many bits the value needs.
        width_bits: u32,
        /// Whether it can be negative.
        signed: bool,
        /// How many limbs there are.
        count: u32,
    },
    /// An array.
    Array(Box<FieldType>, u32),
    /// A struct of the header.
    Struct {
        /// Its type.
        type_name: String,
        /// Its fields: name and type.
        fields: Vec<(String, FieldType)>,
    },
}

/// The interface of prepared files.
pub(crate) fn of_file(file: &File<'_>) -> Interface {
    let (layout, plan, functions) = (file.layout(), file.plan(), file.functions());
    let module = layout.module;
    let name = |net: NetId| module.net(net).name.clone();
    Interface {
        header: format!("{}.h", layout.name),
        type_name: layout.ty.clone(),
        init: functions.init.clone(),
        settle: functions.settle_is_public.then(|| functions.settle.clone()),
        steps: plan
            .edges
            .iter()
            .zip(&functions.steps)
            .map(|(edge, function)| Step {
                clock: name(edge.clock),
                rising: edge.rising,
                function: function.clone(),
            })
            .collect(),
        fields: module
            .ports
            .iter()
            .filter(|port| plan.roles[port.net.index()] != Role::Clock)
            .filter_map(|port| {
                let storage = storage(&layout.design.types, &module.net(port.net).ty)?;
                Some(Field {
                    port: name(port.net),
                    name: layout.nets[port.net.index()].clone(),
                    direction: port.direction,
                    ty: field_type(file, &storage),
                })
            })
            .collect(),
    }
}

fn field_type(file: &File<'_>, of: &Storage) -> FieldType {
    let layout = file.layout();
    match of {
        Storage::Bool => FieldType::Bool,
        Storage::Scalar { ty, width } => {
            FieldType::Int { width_bits: *width, signed: ty.signed, storage_bits: ty.bits }
        }
        Storage::Enum(id, ty) => FieldType::Int {
            width_bits: layout.design.types.enums[id.index()].width_bits,
            signed: false,
            storage_bits: ty.bits,
        },
        Storage::Wide { signed, width } => {
            debug_assert_eq!(LIMB_BITS, 32);
            FieldType::Limbs { width_bits: *width, signed: *signed, count: limbs(*width) }
        }
        Storage::Array(element, count) => FieldType::Array(Box::new(field_type(file, element)), *count),
        Storage::Struct(id) => {
            let fields = &layout.design.types.structs[id.index()].fields;
            let (type_name, names) = match &layout.structs[id.index()] {
                Some(names) => (names.ty.clone(), names.fields.clone()),
                None => (String::new(), Vec::new()),
            };
            FieldType::Struct {
                type_name,
                fields: names
                    .into_iter()
                    .zip(fields)
                    .filter_map(|(name, (_, ty))| {
                        Some((name, field_type(file, &storage(&layout.design.types, ty)?)))
                    })
                    .collect(),
            }
        }
    }
}
