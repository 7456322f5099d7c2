//! Constant tables: ROMs and wide constants.

use crate::func::{Unit, to_i128};
use crate::layout::{LIMB_BITS, Storage, limbs, storage};
use pyhw_ir::{Int, Value};
use std::collections::HashMap;

/// The longest line of a table.
const MAX_COLUMNS: usize = 100;

/// The constant tables of a file, in the order of first use.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    known: HashMap<(String, Vec<String>), String>,
    /// Their names and definitions.
    pub texts: Vec<(String, String)>,
}

impl Unit<'_> {
    /// The name of a table with this value; `wanted` is what it would like to be called.
    pub fn table(&mut self, storage: &Storage, value: &Value, wanted: &str) -> String {
        let shape = self.layout.declare(storage, "");
        let items = self.initialiser(storage, value);
        if let Some(name) = self.tables.known.get(&(shape.clone(), items.clone())) {
            return name.clone();
        }
        let name = self.layout.fresh(wanted);
        let declaration = self.layout.declare(storage, &name);
        let text = match (storage, items.as_slice()) {
            (Storage::Array(..) | Storage::Wide { .. } | Storage::Struct(_), items) => {
                let mut text = format!("static const {declaration} = {{\n");
                let mut line = String::from("   ");
                for item in items {
                    if line.len() + item.len() + 2 > MAX_COLUMNS && line.len() > 3 {
                        text += &format!("{line}\n");
                        line = String::from("   ");
                    }
                    line += &format!(" {item},");
                }
                text + &format!("{line}\n}};")
            }
            (_, items) => format!("static const {declaration} = {};", items.join(", ")),
        };
        self.tables.texts.push((name.clone(), text));
        self.tables.known.insert((shape, items), name.clone());
        name
    }

    /// The name of a table with the limbs of a constant.
    pub fn wide_table(&mut self, value: &Int, count: u32) -> String {
        let width = count * LIMB_BITS;
        let storage = Storage::Wide { signed: false, width };
        self.table(&storage, &Value::Int(value.low_bits(width)), "constant")
    }

    /// The items between the braces of an initialiser, or the one item of a plain value.
    fn initialiser(&self, storage: &Storage, value: &Value) -> Vec<String> {
        let nested = |storage: &Storage, value: &Value| {
            let items = self.initialiser(storage, value);
            match storage {
                Storage::Array(..) | Storage::Struct(_) | Storage::Wide { .. } => {
                    format!("{{{}}}", items.join(", "))
                }
                Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) => items.join(", "),
            }
        };
        match (storage, value) {
            (Storage::Array(element, _), Value::Array(values)) => {
                values.iter().map(|value| nested(element, value)).collect()
            }
            (Storage::Struct(of), Value::Struct(values)) => {
                let types = &self.layout.design.types;
                let fields = &types.structs[of.index()].fields;
                values
                    .iter()
                    .zip(fields)
                    .filter_map(|(value, (_, ty))| Some(nested(&self::storage(types, ty)?, value)))
                    .collect()
            }
            (Storage::Wide { width, .. }, Value::Int(value)) => {
                let bits = limbs(*width) * LIMB_BITS;
                value.limbs_32(bits).iter().map(|limb| format!("0x{limb:08X}U")).collect()
            }
            _ => vec![self.scalar_text(storage, value)],
        }
    }

    /// A constant that is a single value.
    pub fn scalar_text(&self, storage: &Storage, value: &Value) -> String {
        match (storage, value) {
            (Storage::Bool, Value::Bool(value)) => value.to_string(),
            (Storage::Enum(of, ty), Value::Enum(member)) => {
                format!("({}){}", ty.name(), self.layout.member(*of, *member))
            }
            (Storage::Scalar { ty, .. }, Value::Int(value)) => match to_i128(value) {
                Some(value) => crate::cexpr::CExpr::literal(value).stored(*ty),
                None => "0".into(),
            },
            _ => "0".into(),
        }
    }
}
