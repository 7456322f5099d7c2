//! Types of VHDL, their names, and constants of them.

use crate::phrase::{self, Kind};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{EnumId, Int, Range, StructId, Type, Types, Value};
use pyhw_text::Namer;

/// The result of emission; the diagnostic says what has no form in VHDL.
pub(crate) type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// What has no form in VHDL, as a finding.
pub(crate) fn inexpressible(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::PH0501, span, message))
}

/// Something that a verified design does not hold.
pub(crate) fn bug(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::bug(span, message))
}

/// A type of VHDL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// `std_logic`.
    Logic,
    /// `boolean`: local variables only.
    Boolean,
    /// `unsigned` or `signed`.
    Vector(Kind),
    /// An enumeration type, or the vector that stands for it.
    Enum(EnumId),
    /// An array type from 0 up.
    Array(Box<Shape>, u32),
    /// A record type.
    Record(StructId),
}

impl Shape {
    /// The type for values of an IR type; `None` for texts and objects of the host.
    pub fn of(ty: &Type) -> Option<Shape> {
        match ty {
            Type::Bool => Some(Shape::Logic),
            Type::Int(range) => Some(Shape::Vector(Kind::of(range))),
            Type::Enum(id) => Some(Shape::Enum(*id)),
            Type::Array(element, length) => Some(Shape::Array(Box::new(Shape::of(element)?), *length)),
            Type::Struct(id) => Some(Shape::Record(*id)),
            Type::Text | Type::Opaque => None,
        }
    }

    /// The vector's form.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Shape::Vector(kind) => Some(*kind),
            Shape::Logic | Shape::Boolean | Shape::Enum(_) | Shape::Array(..) | Shape::Record(_) => None,
        }
    }
}

/// The attribute by which synthesis takes the codes of an enumeration: nothing else may be called so.
pub(crate) const CODES: &str = "enum_encoding";

/// How an enumeration is written.
#[derive(Clone, Debug)]
pub(crate) struct EnumNames {
    /// The type's name.
    pub name: String,
    /// The members' names.
    pub members: Vec<String>,
    /// Whether members are constants of an `unsigned` subtype, because the type is seen at the ports of the top.
    pub encoded: bool,
    /// Whether the codes count from 0 up.
    pub is_plain: bool,
    /// Bits of a code.
    pub width: u32,
}

#[derive(Clone, Debug)]
struct RecordNames {
    name: String,
    fields: Vec<(String, Shape)>,
}

/// The names of the types that a package or an architecture can use.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeNames {
    arrays: Vec<(Shape, String)>,
    enums: Vec<(EnumId, EnumNames)>,
    records: Vec<(StructId, RecordNames)>,
    /// Whether the attribute that gives the codes of an enumeration is declared here.
    has_codes: bool,
}

impl TypeNames {
    /// The same names within an architecture, which may be without the package: it declares for itself what is no type.
    pub fn in_architecture(&self) -> TypeNames {
        TypeNames { has_codes: false, ..self.clone() }
    }

    /// Names the type and what it is made of, where they have no names yet, and gives the declarations of the new ones.
    /// `wanted` is the name for an array type.
    pub fn declare(
        &mut self,
        ty: &Type,
        wanted: &str,
        types: &Types,
        encoded: &[EnumId],
        names: &mut Namer,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        self.declare_into(ty, wanted, types, encoded, names, &mut lines);
        lines
    }

    fn declare_into(
        &mut self,
        ty: &Type,
        wanted: &str,
        types: &Types,
        encoded: &[EnumId],
        names: &mut Namer,
        lines: &mut Vec<String>,
    ) {
        match ty {
            Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => {}
            Type::Enum(id) => {
                if self.enums.iter().all(|(known, _)| known != id) {
                    self.declare_enum(*id, types, encoded.contains(id), names, lines);
                }
            }
            Type::Array(element, length) => {
                self.declare_into(element, &format!("{wanted}_row"), types, encoded, names, lines);
                let Some(shape) = Shape::of(ty) else { return };
                if self.arrays.iter().any(|(known, _)| *known == shape) {
                    return;
                }
                let name = names.fresh(&format!("{wanted}_t"));
                if let Shape::Array(element, _) = &shape {
                    let last = length.saturating_sub(1);
                    lines.push(format!("type {name} is array (0 to {last}) of {};", self.text(element)));
                }
                self.arrays.push((shape, name));
            }
            Type::Struct(id) => {
                if self.records.iter().any(|(known, _)| known == id) {
                    return;
                }
                let of = &types.structs[id.index()];
                for (field, ty) in &of.fields {
                    self.declare_into(ty, field, types, encoded, names, lines);
                }
                let name = names.fresh(&format!("{}_t", snake(&of.name)));
                let mut inner = Namer::hdl();
                let fields: Vec<(String, Shape)> = of
                    .fields
                    .iter()
                    .filter_map(|(field, ty)| Some((inner.fresh(field), Shape::of(ty)?)))
                    .collect();
                lines.push(format!("type {name} is record"));
                let longest = fields.iter().map(|(field, _)| field.len()).max().unwrap_or(0);
                for (field, shape) in &fields {
                    lines.push(format!("    {field:<longest$} : {};", self.text(shape)));
                }
                lines.push(format!("end record {name};"));
                self.records.push((*id, RecordNames { name, fields }));
            }
        }
    }

    fn declare_enum(
        &mut self,
        id: EnumId,
        types: &Types,
        encoded: bool,
        names: &mut Namer,
        lines: &mut Vec<String>,
    ) {
        let of = &types.enums[id.index()];
        let base = snake(&of.name);
        // MyHDL's users call their types `t_state`, or `state_t`.
        let name = if base.starts_with("t_") || base.ends_with("_t") {
            names.fresh(&base)
        } else {
            names.fresh(&format!("{base}_t"))
        };
        let prefix = base.to_uppercase();
        let named: Vec<String> = match prefix.is_empty() {
            // Nobody named it. A constant of a package, other than the member of a type, hides nothing that VHDL has under its name.
            true => of.members.iter().map(|(member, _)| format!("IS_{member}")).collect(),
            false => of.members.iter().map(|(member, _)| format!("{prefix}_{member}")).collect(),
        };
        let members: Vec<String> = named.iter().map(|member| names.fresh(member)).collect();
        let is_plain = of.members.iter().enumerate().all(|(at, (_, code))| *code == Int::from(at));
        if encoded {
            lines.push(format!("subtype {name} is unsigned({} downto 0);", of.width_bits.max(1) - 1));
            let longest = members.iter().map(String::len).max().unwrap_or(0);
            for (member, (_, code)) in members.iter().zip(&of.members) {
                let bits = phrase::bits(code, of.width_bits);
                lines.push(format!("constant {member:<longest$} : {name} := {bits};"));
            }
        } else {
            lines.extend(wrapped(&format!("type {name} is ("), &members, ");"));
            if !is_plain {
                let codes: Vec<String> = of
                    .members
                    .iter()
                    .map(|(_, code)| {
                        format!("{:0>1$}", code.low_bits(of.width_bits).to_radix(2), of.width_bits as usize)
                    })
                    .collect();
                if !self.has_codes {
                    lines.push(format!("attribute {CODES} : string;"));
                    self.has_codes = true;
                }
                lines.push(format!("attribute {CODES} of {name} : type is \"{}\";", codes.join(" ")));
            }
        }
        let width = of.width_bits;
        self.enums.push((id, EnumNames { name, members, encoded, is_plain, width }));
    }

    /// Whether the type has a name here, or is made of one that has.
    pub fn names(&self, ty: &Type, types: &Types) -> bool {
        match ty {
            Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => false,
            Type::Enum(id) => self.enums.iter().any(|(known, _)| known == id),
            Type::Array(element, _) => {
                let shape = Shape::of(ty);
                self.arrays.iter().any(|(known, _)| Some(known) == shape.as_ref())
                    || self.names(element, types)
            }
            Type::Struct(id) => {
                self.records.iter().any(|(known, _)| known == id)
                    || types.structs[id.index()].fields.iter().any(|(_, field)| self.names(field, types))
            }
        }
    }

    /// The names of an enumeration.
    pub fn enumeration(&self, id: EnumId) -> &EnumNames {
        let found = self.enums.iter().find(|(known, _)| *known == id);
        &found.expect("invariant: every type of a module is declared before it is used").1
    }

    /// The name of a field of a record and its type.
    pub fn field(&self, id: StructId, index: u32) -> Option<&(String, Shape)> {
        self.records.iter().find(|(known, _)| *known == id)?.1.fields.get(index as usize)
    }

    /// The fields of a record.
    pub fn fields(&self, id: StructId) -> &[(String, Shape)] {
        let found = self.records.iter().find(|(known, _)| *known == id);
        &found.expect("invariant: every type of a module is declared before it is used").1.fields
    }

    /// The type as it stands in a declaration.
    pub fn text(&self, shape: &Shape) -> String {
        match shape {
            Shape::Logic => "std_logic".to_owned(),
            Shape::Boolean => "boolean".to_owned(),
            Shape::Vector(kind) => format!("{}({} downto 0)", kind.name(), kind.width - 1),
            Shape::Enum(id) => self.enumeration(*id).name.clone(),
            Shape::Array(..) => {
                let found = self.arrays.iter().find(|(known, _)| known == shape);
                found.expect("invariant: every type of a module is declared before it is used").1.clone()
            }
            Shape::Record(id) => {
                let found = self.records.iter().find(|(known, _)| known == id);
                found.expect("invariant: every type of a module is declared before it is used").1.name.clone()
            }
        }
    }

    /// A constant of the type where the type is known from the context, such as an initial value.
    pub fn constant(&self, value: &Value, shape: &Shape) -> Option<String> {
        Some(match (value, shape) {
            (Value::Z, Shape::Vector(_)) => "(others => 'Z')".to_owned(),
            (Value::Z, _) => "'Z'".to_owned(),
            (Value::Bool(value), Shape::Boolean) => value.to_string(),
            (Value::Bool(value), _) => if *value { "'1'" } else { "'0'" }.to_owned(),
            (Value::Int(value), Shape::Vector(kind)) => store_literal(value, *kind),
            (Value::Enum(member), Shape::Enum(id)) => {
                self.enumeration(*id).members.get(*member as usize)?.clone()
            }
            (Value::Array(elements), Shape::Array(element, _)) => {
                let first = elements.first()?;
                if elements.iter().all(|value| value == first) {
                    return Some(format!("(others => {})", self.constant(first, element)?));
                }
                let texts: Option<Vec<String>> =
                    elements.iter().map(|value| self.element(value, element)).collect();
                wrapped("(", &texts?, ")").join("\n")
            }
            (Value::Struct(values), Shape::Record(id)) => {
                let fields = self.fields(*id).iter().zip(values.iter());
                let texts: Option<Vec<String>> = fields
                    .map(|((name, shape), value)| Some(format!("{name} => {}", self.constant(value, shape)?)))
                    .collect();
                format!("({})", texts?.join(", "))
            }
            (
                Value::Int(_)
                | Value::Enum(_)
                | Value::Array(_)
                | Value::Struct(_)
                | Value::Text(_)
                | Value::Opaque(_),
                _,
            ) => return None,
        })
    }

    /// An element of a table: numbers as bit strings, so that columns stay narrow.
    fn element(&self, value: &Value, shape: &Shape) -> Option<String> {
        match (value, shape) {
            (Value::Int(value), Shape::Vector(kind)) => Some(phrase::bits(value, kind.width)),
            _ => self.constant(value, shape),
        }
    }
}

/// A vector constant whose type is known from the context.
pub(crate) fn store_literal(value: &Int, kind: Kind) -> String {
    let text = phrase::vector(value, kind).text;
    if text.starts_with("to_") { text } else { phrase::bits(value, kind.width) }
}

/// The longest line of a list, which may be two levels deep.
const LIST_COLUMNS: usize = 92;

/// `head a, b, c tail`, in lines if it is long. Where all are of one length, a power of two of them stands on each line, so
/// that positions can be counted.
fn wrapped(head: &str, items: &[String], tail: &str) -> Vec<String> {
    let one_line = format!("{head}{}{tail}", items.join(", "));
    if one_line.len() <= LIST_COLUMNS {
        return vec![one_line];
    }
    let length = items.first().map_or(0, String::len);
    let is_even = items.iter().all(|item| item.len() == length);
    let most = if is_even { (LIST_COLUMNS - 3) / (length + 2) } else { items.len() };
    let most = if is_even && most > 1 { 1 << most.ilog2() } else { most.max(1) };
    let mut lines = vec![head.trim_end().to_owned()];
    let mut line = String::from("   ");
    let mut count = 0;
    for (at, item) in items.iter().enumerate() {
        if count == most || (count > 0 && line.len() + item.len() + 2 > LIST_COLUMNS) {
            lines.push(std::mem::replace(&mut line, String::from("   ")));
            count = 0;
        }
        line.push(' ');
        line.push_str(item);
        if at + 1 < items.len() {
            line.push(',');
        }
        count += 1;
    }
    lines.push(line);
    lines.push(tail.to_owned());
    lines
}

/// `TrafficLight` as `traffic_light`.
fn snake(name: &str) -> String {
    let mut result = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for c in name.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            result.push('_');
        }
        result.extend(c.to_lowercase());
        before = c;
    }
    result
}

/// `0 to 867` where a vector could hold more than the interval.
pub(crate) fn range_note(ty: &Type) -> Option<String> {
    let range: &Range = ty.range()?;
    let (min, max) = range.bounds()?;
    (Kind::of(range).range() != *range).then(|| format!("{min} to {max}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types_are_in_lower_case() {
        assert_eq!(snake("TrafficLight"), "traffic_light");
        assert_eq!(snake("t_State"), "t_state");
        assert_eq!(snake("FSM"), "fsm");
    }

    #[test]
    fn a_range_is_noted_where_the_vector_holds_more() {
        assert_eq!(range_note(&Type::int(0i64, 867i64)), Some("0 to 867".to_owned()));
        assert_eq!(range_note(&Type::unsigned(8)), None);
        assert_eq!(range_note(&Type::signed(8)), None);
        assert_eq!(range_note(&Type::int(-1i64, 1i64)), Some("-1 to 1".to_owned()));
    }

    #[test]
    fn a_long_table_has_a_power_of_two_on_each_line() {
        let items: Vec<String> = (0..20).map(|n| format!("x\"{n:02}\"")).collect();
        let lines = wrapped("(", &items, ")");
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[1].matches(',').count(), 8);
    }

    #[test]
    fn an_array_type_is_declared_once() {
        let mut names = TypeNames::default();
        let mut namer = Namer::hdl();
        let ty = Type::Array(Box::new(Type::unsigned(8)), 16);
        let types = Types::default();
        let lines = names.declare(&ty, "mem", &types, &[], &mut namer);
        assert_eq!(lines, ["type mem_t is array (0 to 15) of unsigned(7 downto 0);"]);
        assert!(names.declare(&ty, "other", &types, &[], &mut namer).is_empty());
    }
}
