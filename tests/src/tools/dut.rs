//! A design under test as plain data.

use num_bigint::BigUint;

/// One emitted design in one language.
#[derive(Clone, Debug)]
pub struct Dut {
    /// The top module's or entity's name as it stands in the sources; for C the design's name. Unique in one call.
    pub name: String,
    /// File names (no folder part) and texts, in the order in which they must be analysed. Files with the endings
    /// `.v .sv .vhd .vhdl .c` go to the tool; others (`.h`, memory images) only stand beside them.
    pub sources: Vec<(String, String)>,
    /// The clocks; empty for a combinational design. C knows clocks by their index only.
    pub clocks: Vec<Clock>,
    /// Input ports other than clocks.
    pub inputs: Vec<Port>,
    /// Output ports, in the order in which a [`super::Trace`] lists them.
    pub outputs: Vec<Port>,
    /// How a C program reaches the ports; None for Verilog and VHDL.
    pub c: Option<CInterface>,
}

/// A clock port: one bit, `std_logic` in VHDL.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The port's name in the emitted text.
    pub name: String,
    /// The level before the first step, and to which a tick returns.
    pub idle: bool,
}

/// A data port.
#[derive(Clone, Debug)]
pub struct Port {
    /// The port's name in the emitted text.
    pub name: String,
    /// Where the port is an array: the element's indices, the outermost first. The elements of a port follow each other, in their
    /// order.
    pub place: Vec<u32>,
    /// The number of bits, at least 1.
    pub width: u32,
    /// How the languages type it.
    pub kind: PortKind,
    /// For an input: its value before the first step, as a bit pattern. Ignored for outputs.
    pub init: BigUint,
    /// For an input: whether a process waits for its edge (an asynchronous reset). Such an input has its initial
    /// value without any event at time zero.
    pub edge_sensitive: bool,
}

/// A port's type. Enumerations cross a port as [`PortKind::Unsigned`] or [`PortKind::Bits`] codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind {
    /// One bit: Verilog scalar, VHDL `std_logic`, C `bool`.
    Bool,
    /// Verilog vector, VHDL `unsigned(width - 1 downto 0)`, C unsigned integer.
    Unsigned,
    /// Verilog vector, VHDL `signed(width - 1 downto 0)`, C signed integer.
    Signed,
    /// VHDL `std_logic_vector(width - 1 downto 0)`; otherwise as [`PortKind::Unsigned`].
    Bits,
}

impl Clock {
    /// A clock that rests at 0, so that a tick is a rising and then a falling edge.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), idle: false }
    }
}

impl Port {
    /// A one-bit port with initial value 0.
    pub fn bool(name: impl Into<String>) -> Self {
        Self::of(name, 1, PortKind::Bool)
    }

    /// An unsigned port with initial value 0.
    pub fn unsigned(name: impl Into<String>, width: u32) -> Self {
        Self::of(name, width, PortKind::Unsigned)
    }

    /// A signed port with initial value 0.
    pub fn signed(name: impl Into<String>, width: u32) -> Self {
        Self::of(name, width, PortKind::Signed)
    }

    /// A port of any kind with initial value 0.
    pub fn of(name: impl Into<String>, width: u32, kind: PortKind) -> Self {
        Self { name: name.into(), place: Vec::new(), width, kind, init: BigUint::ZERO, edge_sensitive: false }
    }

    /// As an element of an array port.
    #[must_use]
    pub fn at(mut self, place: Vec<u32>) -> Self {
        self.place = place;
        self
    }

    /// Its name, with indices between an opening and a closing sign.
    pub(super) fn indexed(&self, open: char, close: char) -> String {
        self.place.iter().fold(self.name.clone(), |name, index| format!("{name}{open}{index}{close}"))
    }

    /// The same port with another initial value.
    #[must_use]
    pub fn with_init(mut self, init: impl Into<BigUint>) -> Self {
        self.init = init.into();
        self
    }

    /// The same port as an asynchronous reset or another input whose edges a process waits for.
    #[must_use]
    pub fn with_edges(mut self) -> Self {
        self.edge_sensitive = true;
        self
    }
}

/// How the driver program reaches an emitted C design: everything here is text of the emitted header.
#[derive(Clone, Debug)]
pub struct CInterface {
    /// The header's file name, one of [`Dut::sources`].
    pub header: String,
    /// The state's type, such as `uart_tx_t`. The driver declares one static variable of it, filled with 0xA5 before
    /// [`CInterface::init`] (with zeros if there is none).
    pub type_name: String,
    /// `void NAME_init(T *)`, called once with the inputs at their initial values.
    pub init: Option<String>,
    /// `void NAME_settle(T *)`, called after the inputs of a step changed and before its clock edges. Without it a
    /// step that changes inputs must also have an edge with a function.
    pub settle: Option<String>,
    /// `void NAME_step(T *)` for each clock edge that does something.
    pub edges: Vec<CEdge>,
    /// The fields of [`Dut::inputs`], in their order.
    pub inputs: Vec<CField>,
    /// The fields of [`Dut::outputs`], in their order.
    pub outputs: Vec<CField>,
}

/// The function that a C design offers for one edge of one clock.
#[derive(Clone, Debug)]
pub struct CEdge {
    /// The index into [`Dut::clocks`].
    pub clock: usize,
    /// The level after the edge: true for a rising edge.
    pub level: bool,
    /// `void NAME(T *)`.
    pub function: String,
}

/// Where a port is in the C state.
#[derive(Clone, Debug)]
pub struct CField {
    /// What follows `self.`: `data`, `bus.valid`, `lane[3]`.
    pub path: String,
    /// How the value is laid out.
    pub layout: CLayout,
}

/// How a value lies in its field. Either way it must be in its canonical form: zero-extended (unsigned) or
/// sign-extended (signed) to the whole of the field. A value that is not is reported as out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CLayout {
    /// A bool or an integer of up to 64 bits.
    Scalar,
    /// An array of unsigned limbs of 8, 16, 32 or 64 bits, the least significant first, just long enough.
    Limbs(u32),
}

impl CInterface {
    /// The convention of the C back-end: `NAME.h`, `NAME_t`, `NAME_init`, `NAME_settle` if there is no clock, and
    /// `NAME_step` for the edge that leaves the first clock's idle level; fields are named as the ports are, and
    /// ports of more than 64 bits are `uint32_t` limbs. Change what differs.
    pub fn conventional(dut: &Dut) -> Self {
        let name = &dut.name;
        let field = |port: &Port| CField {
            path: port.name.clone(),
            layout: if port.width > 64 { CLayout::Limbs(32) } else { CLayout::Scalar },
        };
        let edge = |clock: &Clock| CEdge { clock: 0, level: !clock.idle, function: format!("{name}_step") };
        Self {
            header: format!("{name}.h"),
            type_name: format!("{name}_t"),
            init: Some(format!("{name}_init")),
            settle: dut.clocks.is_empty().then(|| format!("{name}_settle")),
            edges: dut.clocks.first().map(edge).into_iter().collect(),
            inputs: dut.inputs.iter().map(field).collect(),
            outputs: dut.outputs.iter().map(field).collect(),
        }
    }
}

impl CLayout {
    /// The number of bits of the whole field as the driver moves it.
    pub(super) fn container_bits(self, width: u32) -> u32 {
        match self {
            Self::Scalar if width <= 8 => 8,
            Self::Scalar if width <= 16 => 16,
            Self::Scalar if width <= 32 => 32,
            Self::Scalar => 64,
            Self::Limbs(limb) => width.div_ceil(limb.max(1)) * limb.max(1),
        }
    }
}
