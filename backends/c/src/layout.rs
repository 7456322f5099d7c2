//! How values are stored, and the names of everything that the header shows.

use crate::cexpr::Ty;
use pyhw_ir::{Design, EnumId, ExprKind, Module, ProcessBody, Range, StructId, Type, Types, Value};
use pyhw_text::Namer;
use std::collections::BTreeSet;

/// Bits of a limb of a wide integer.
pub const LIMB_BITS: u32 = 32;

/// How a value lies in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// `bool`.
    Bool,
    /// An integer of at most 64 bits, in the smallest type.
    Scalar {
        /// The type.
        ty: Ty,
        /// How many bits the value needs.
        width: u32,
    },
    /// A longer integer: limbs of 32 bits, the least significant first, extended over the last limb.
    Wide {
        /// Whether it is extended by its sign.
        signed: bool,
        /// How many bits the value needs.
        width: u32,
    },
    /// The code of a member, in the smallest unsigned type.
    Enum(EnumId, Ty),
    /// Elements.
    Array(Box<Storage>, u32),
    /// A struct of the header.
    Struct(StructId),
}

/// How many limbs hold so many bits.
pub fn limbs(width: u32) -> u32 {
    width.div_ceil(LIMB_BITS).max(1)
}

/// How values of the type are stored; `None` for types that C cannot store: text, objects of the host, integers without bounds
/// and codes of more than 64 bits.
pub fn storage(types: &Types, ty: &Type) -> Option<Storage> {
    match ty {
        Type::Bool => Some(Storage::Bool),
        Type::Int(range) => of_range(range),
        Type::Enum(id) => {
            let width = types.enums[id.index()].width_bits;
            Some(Storage::Enum(*id, Ty::for_width(false, width)?))
        }
        Type::Array(element, count) => Some(Storage::Array(Box::new(storage(types, element)?), *count)),
        Type::Struct(id) => {
            let fields = &types.structs[id.index()].fields;
            fields.iter().all(|(_, ty)| storage(types, ty).is_some()).then_some(Storage::Struct(*id))
        }
        Type::Text | Type::Opaque => None,
    }
}

fn of_range(range: &Range) -> Option<Storage> {
    let width = range.width_bits()?;
    let signed = range.is_signed();
    Some(match Ty::for_width(signed, width) {
        Some(ty) => Storage::Scalar { ty, width },
        None => Storage::Wide { signed, width },
    })
}

/// The names of an enumeration in C.
#[derive(Clone, Debug)]
pub struct EnumNames {
    /// The type, or what stands for it in comments.
    pub ty: String,
    /// The constants of the members.
    pub members: Vec<String>,
    /// Whether it is written as an `enum` (whose constants must fit an `int` of 16 bits); otherwise as macros.
    pub is_enum: bool,
}

/// The names of a struct type in C.
#[derive(Clone, Debug)]
pub struct StructNames {
    /// The type.
    pub ty: String,
    /// The fields.
    pub fields: Vec<String>,
}

/// The names that belong to the file as a whole.
#[derive(Clone, Debug)]
pub struct Layout<'a> {
    /// The design.
    pub design: &'a Design,
    /// The one module.
    pub module: &'a Module,
    /// The module's name: of the files, and in front of every name.
    pub name: String,
    /// Names that are taken in the file.
    pub names: Namer,
    /// The state's type.
    pub ty: String,
    /// The field of each net, whether or not it has one.
    pub nets: Vec<String>,
    /// Each enumeration that is used.
    pub enums: Vec<Option<EnumNames>>,
    /// Each struct that is used.
    pub structs: Vec<Option<StructNames>>,
}

impl<'a> Layout<'a> {
    /// Gives names to everything that the header shows but functions.
    pub fn new(design: &'a Design, module: &'a Module) -> Layout<'a> {
        let mut names = Namer::c();
        names.reserve("self");
        let name = names.fresh(&module.name);
        let ty = names.fresh(&format!("{name}_t"));
        let mut fields = Namer::c();
        let nets = module.nets.iter().map(|net| fields.fresh(&net.name)).collect();
        let (used_enums, used_structs) = used_types(design, module);
        let enums = design
            .types
            .enums
            .iter()
            .enumerate()
            .map(|(index, of)| {
                used_enums.contains(&index).then(|| {
                    let stem = snake_case(of.name.strip_prefix("t_").unwrap_or(&of.name));
                    let prefix = format!("{name}_{stem}");
                    let upper = prefix.to_ascii_uppercase();
                    EnumNames {
                        ty: names.fresh(&format!("{prefix}_t")),
                        members: of
                            .members
                            .iter()
                            .map(|(member, _)| {
                                names.fresh(&format!("{upper}_{}", member.to_ascii_uppercase()))
                            })
                            .collect(),
                        is_enum: of.members.iter().all(|(_, code)| code.bit_length() < 16),
                    }
                })
            })
            .collect();
        let structs = design
            .types
            .structs
            .iter()
            .enumerate()
            .map(|(index, of)| {
                used_structs.contains(&index).then(|| {
                    let mut fields = Namer::c();
                    StructNames {
                        ty: names.fresh(&format!("{name}_{}_t", snake_case(&of.name))),
                        fields: of.fields.iter().map(|(field, _)| fields.fresh(field)).collect(),
                    }
                })
            })
            .collect();
        Layout { design, module, name, names, ty, nets, enums, structs }
    }

    /// A name of the file that starts with the module's.
    pub fn fresh(&mut self, wanted: &str) -> String {
        self.names.fresh(&format!("{}_{wanted}", self.name))
    }

    /// The declaration of a variable, parameter or field, without `;`.
    pub fn declare(&self, storage: &Storage, name: &str) -> String {
        let mut suffix = String::new();
        let mut inner = storage;
        loop {
            match inner {
                Storage::Array(element, count) => {
                    suffix += &format!("[{count}]");
                    inner = element;
                }
                Storage::Wide { width, .. } => return format!("uint32_t {name}{suffix}[{}]", limbs(*width)),
                Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) | Storage::Struct(_) => {
                    return format!("{} {name}{suffix}", self.element_type(inner));
                }
            }
        }
    }

    /// The type of a single value, or of what an array is made of.
    pub fn element_type(&self, storage: &Storage) -> String {
        match storage {
            Storage::Bool => "bool".to_owned(),
            Storage::Scalar { ty, .. } | Storage::Enum(_, ty) => ty.name(),
            Storage::Wide { .. } => "uint32_t".to_owned(),
            Storage::Array(element, _) => self.element_type(element),
            Storage::Struct(id) => match &self.structs[id.index()] {
                Some(names) => names.ty.clone(),
                None => String::from("void"),
            },
        }
    }

    /// How many bytes it takes, and how it is aligned, both as processors of 32 bits have it.
    pub fn size_and_alignment(&self, storage: &Storage) -> (u64, u64) {
        match storage {
            Storage::Bool => (1, 1),
            Storage::Scalar { ty, .. } | Storage::Enum(_, ty) => {
                (u64::from(ty.bits / 8), u64::from(ty.bits / 8))
            }
            Storage::Wide { width, .. } => (u64::from(limbs(*width)) * 4, 4),
            Storage::Array(element, count) => {
                let (size, alignment) = self.size_and_alignment(element);
                (size * u64::from(*count), alignment)
            }
            Storage::Struct(id) => {
                let fields = &self.design.types.structs[id.index()].fields;
                fields.iter().filter_map(|(_, ty)| storage_of(self, ty)).fold((0, 1), |sum, field| {
                    let (size, alignment) = self.size_and_alignment(&field);
                    (sum.0 + size, sum.1.max(alignment))
                })
            }
        }
    }

    /// The constant of an enumeration's member.
    pub fn member(&self, of: EnumId, member: u32) -> String {
        match &self.enums[of.index()] {
            Some(names) => names.members.get(member as usize).cloned().unwrap_or_else(|| "0U".into()),
            None => "0U".into(),
        }
    }
}

fn storage_of(layout: &Layout<'_>, ty: &Type) -> Option<Storage> {
    storage(&layout.design.types, ty)
}

/// The enumerations and structs that nets, variables and expressions of the module use, by index.
fn used_types(design: &Design, module: &Module) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let mut found = (BTreeSet::new(), BTreeSet::new());
    for net in &module.nets {
        note_type(&design.types, &net.ty, &mut found);
    }
    for process in &module.processes {
        let ProcessBody::Ir(body) = &process.body else { continue };
        for var in &body.vars {
            note_type(&design.types, &var.ty, &mut found);
        }
        for id in body.exprs.ids() {
            if !matches!(body.exprs.kind(id), ExprKind::Const(Value::Text(_))) {
                note_type(&design.types, body.exprs.ty(id), &mut found);
            }
        }
    }
    found
}

fn note_type(types: &Types, ty: &Type, found: &mut (BTreeSet<usize>, BTreeSet<usize>)) {
    match ty {
        Type::Enum(id) => {
            found.0.insert(id.index());
        }
        Type::Struct(id) => {
            if found.1.insert(id.index()) {
                for (_, field) in &types.structs[id.index()].fields {
                    note_type(types, field, found);
                }
            }
        }
        Type::Array(element, _) => note_type(types, element, found),
        Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => {}
    }
}

/// `HttpState` as `http_state`.
fn snake_case(name: &str) -> String {
    let mut result = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_lower {
            result.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        result.push(c.to_ascii_lowercase());
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_capitals_become_words() {
        assert_eq!(snake_case("State"), "state");
        assert_eq!(snake_case("BusState"), "bus_state");
        assert_eq!(snake_case("FSM"), "fsm");
    }

    #[test]
    fn the_smallest_type_is_chosen() {
        let types = Types::default();
        let of = |min: i64, max: i64| storage(&types, &Type::int(min, max));
        assert_eq!(of(0, 255), Some(Storage::Scalar { ty: Ty::unsigned(8), width: 8 }));
        assert_eq!(of(0, 867), Some(Storage::Scalar { ty: Ty::unsigned(16), width: 10 }));
        assert_eq!(of(-1, 127), Some(Storage::Scalar { ty: Ty::signed(8), width: 8 }));
        assert_eq!(storage(&types, &Type::unsigned(65)), Some(Storage::Wide { signed: false, width: 65 }));
        assert_eq!(storage(&types, &Type::Text), None);
    }
}
