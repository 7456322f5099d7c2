//! Hand-written designs in three languages, each with a model in Rust.

use num_bigint::{BigInt, BigUint};
use pyhw_tests::tools::{
    Bits, CEdge, CField, CInterface, CLayout, Clock, Dut, Language, Port, PortKind, Step, Stimulus, Trace,
};

/// A design in one language, what drives it, and what it must answer.
#[derive(Clone)]
pub struct Case {
    pub dut: Dut,
    pub stimulus: Stimulus,
    pub expected: Trace,
}

/// Numbers that look random and are the same in each run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    pub fn bits(&mut self, width: u32) -> BigUint {
        // All ones, zero and small numbers come often: they are where sums and signs go wrong.
        let all = (BigUint::from(1u8) << width) - 1u8;
        match self.below(6) {
            0 => all,
            1 => BigUint::ZERO,
            2 => BigUint::from(self.below(4)) & all,
            _ => {
                let limbs: Vec<u32> = (0..width.div_ceil(32)).map(|_| self.below(1 << 32) as u32).collect();
                BigUint::new(limbs) & all
            }
        }
    }
}

/// Two designs have a module of the same name in a file of the same name.
fn helper(language: Language, text: &str) -> Vec<(String, String)> {
    if language == Language::Verilog { vec![("helper.v".to_owned(), text.to_owned())] } else { Vec::new() }
}

/// The designs in one language.
pub fn all(language: Language) -> Vec<Case> {
    vec![
        uart_tx(language),
        wide_adder(language),
        two_clocks(language),
        signs(language),
        wires(language),
        ticker(language),
    ]
}

macro_rules! sources {
    ($language:expr, $name:literal) => {
        match $language {
            Language::Verilog => {
                vec![(
                    concat!($name, ".v").to_owned(),
                    include_str!(concat!("duts/", $name, ".v")).to_owned(),
                )]
            }
            Language::Vhdl => {
                vec![(
                    concat!($name, ".vhd").to_owned(),
                    include_str!(concat!("duts/", $name, ".vhd")).to_owned(),
                )]
            }
            Language::C => vec![
                (concat!($name, ".h").to_owned(), include_str!(concat!("duts/", $name, ".h")).to_owned()),
                (concat!($name, ".c").to_owned(), include_str!(concat!("duts/", $name, ".c")).to_owned()),
            ],
        }
    };
}

fn with_c(mut dut: Dut, language: Language, change: impl FnOnce(&mut CInterface)) -> Dut {
    if language == Language::C {
        let mut c = CInterface::conventional(&dut);
        change(&mut c);
        dut.c = Some(c);
    }
    dut
}

pub fn uart_tx(language: Language) -> Case {
    let dut = Dut {
        name: "uart_tx".to_owned(),
        sources: sources!(language, "uart_tx"),
        clocks: vec![Clock::new("clk")],
        inputs: vec![Port::bool("rst"), Port::unsigned("data", 8), Port::bool("start")],
        outputs: vec![Port::bool("tx"), Port::bool("busy")],
        c: None,
    };
    let mut random = Random::new(1);
    let (mut stimulus, mut expected) = (Stimulus::default(), Trace::default());
    // What is left to be sent, the next bit first, three clocks each.
    let (mut tx, mut queue): (bool, Vec<bool>) = (true, Vec::new());
    for _ in 0..150 {
        let (reset, data, start) = (random.below(90) == 0, random.bits(8), random.below(3) == 0);
        if reset {
            (tx, queue) = (true, Vec::new());
        } else if let Some(next) = (!queue.is_empty()).then(|| queue.remove(0)) {
            tx = next;
        } else if start {
            tx = false;
            queue = vec![false; 2];
            queue.extend((0..8).flat_map(|bit| vec![data.bit(bit); 3]));
            queue.push(true);
        }
        let inputs = vec![BigUint::from(reset), data, BigUint::from(start)];
        stimulus.steps.push(Step::new(inputs).tick(0));
        expected.0.push(vec![Bits::new(1, tx), Bits::new(1, !queue.is_empty())]);
    }
    Case { dut: with_c(dut, language, |_| {}), stimulus, expected }
}

pub fn wide_adder(language: Language) -> Case {
    let mut sources = sources!(language, "wide_adder");
    sources.extend(helper(language, include_str!("duts/wide_adder_helper.v")));
    let dut = Dut {
        name: "wide_adder".to_owned(),
        sources,
        clocks: vec![],
        inputs: vec![Port::unsigned("a", 130), Port::unsigned("b", 130)],
        outputs: vec![Port::unsigned("total", 131)],
        c: None,
    };
    let mut random = Random::new(2);
    let (mut stimulus, mut expected) = (Stimulus::default(), Trace::default());
    for _ in 0..60 {
        let (a, b) = (random.bits(130), random.bits(130));
        expected.0.push(vec![Bits::new(131, &a + &b)]);
        stimulus.steps.push(Step::new(vec![a, b]));
    }
    Case { dut: with_c(dut, language, |c| c.init = None), stimulus, expected }
}

pub fn two_clocks(language: Language) -> Case {
    let copy = Port::of("copy", 8, PortKind::Bits);
    let dut = Dut {
        name: "two_clocks".to_owned(),
        sources: sources!(language, "two_clocks"),
        clocks: vec![Clock::new("clk_a"), Clock { name: "clk_b".to_owned(), idle: true }],
        inputs: vec![Port::bool("rst_n").with_init(1u8).with_edges(), Port::unsigned("step", 4)],
        outputs: vec![Port::unsigned("sum", 8), copy, Port::bool("differ")],
        c: None,
    };
    let dut = with_c(dut, language, |c| {
        c.settle = Some("two_clocks_settle".to_owned());
        let edge =
            |clock, level, name: &str| CEdge { clock, level, function: format!("two_clocks_step_{name}") };
        c.edges = vec![edge(0, true, "clk_a"), edge(1, false, "clk_b")];
        let field = |path: &str| CField { path: path.to_owned(), layout: CLayout::Scalar };
        c.inputs = vec![field("in.rst_n"), field("in.step")];
    });
    let mut random = Random::new(3);
    let (mut stimulus, mut expected) = (Stimulus::default(), Trace::default());
    let (mut sum, mut copy) = (7u8, 0x5au8);
    for index in 0..120 {
        // The first step leaves everything alone: initial values must be seen.
        let (running, add) = (index == 0 || random.below(8) != 0, random.below(16));
        let mut step = Step::new(vec![BigUint::from(running), BigUint::from(add)]);
        if !running {
            sum = 0;
        }
        for _ in 0..if index == 0 { 0 } else { random.below(4) } {
            if random.below(2) == 0 {
                step = step.tick(0);
                if running {
                    sum = sum.wrapping_add(add as u8);
                }
            } else {
                step = step.edge(1, false).edge(1, true);
                copy = sum;
            }
        }
        stimulus.steps.push(step);
        expected.0.push(vec![Bits::new(8, sum), Bits::new(8, copy), Bits::new(1, sum != copy)]);
    }
    Case { dut, stimulus, expected }
}

pub fn signs(language: Language) -> Case {
    let mut sources = sources!(language, "signs");
    sources.extend(helper(language, include_str!("duts/signs_helper.v")));
    let dut = Dut {
        name: "signs".to_owned(),
        sources,
        clocks: vec![],
        inputs: vec![Port::signed("a", 7), Port::signed("b", 9)],
        outputs: vec![
            Port::signed("product", 16),
            Port::bool("less"),
            Port::signed("half", 7),
            Port::signed("wide", 70),
        ],
        c: None,
    };
    let dut = with_c(dut, language, |c| {
        c.init = None;
        c.outputs[3].layout = CLayout::Limbs(16);
    });
    let mut random = Random::new(4);
    let (mut stimulus, mut expected) = (Stimulus::default(), Trace::default());
    for _ in 0..80 {
        let (a, b) = (random.bits(7), random.bits(9));
        let signed = |width: u32, value: &BigUint| {
            let number = value.iter_u64_digits().next().unwrap_or(0) as i64;
            if value.bit(u64::from(width) - 1) { number - (1 << width) } else { number }
        };
        let (x, y) = (signed(7, &a), signed(9, &b));
        expected.0.push(vec![
            Bits::from_signed(16, &BigInt::from(x * y)),
            Bits::new(1, x < y),
            Bits::from_signed(7, &BigInt::from(x.div_euclid(2))),
            Bits::from_signed(70, &BigInt::from(y)),
        ]);
        stimulus.steps.push(Step::new(vec![a, b]));
    }
    Case { dut, stimulus, expected }
}

/// Ports of every size and kind, each input wired to an output.
pub fn wires(language: Language) -> Case {
    let widths = [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 96, 128, 129, 300];
    let mut ports =
        vec![("b".to_owned(), Port::bool("b")), ("v".to_owned(), Port::of("v", 5, PortKind::Bits))];
    for width in widths {
        ports.push((format!("u{width}"), Port::unsigned(format!("u{width}"), width)));
        ports.push((format!("s{width}"), Port::signed(format!("s{width}"), width)));
    }
    let inputs = ports.iter().map(|(name, port)| Port { name: format!("{name}_in"), ..port.clone() });
    let outputs = ports.iter().map(|(name, port)| Port { name: format!("{name}_out"), ..port.clone() });
    let dut = Dut {
        name: "wires".to_owned(),
        sources: wires_sources(language, &ports),
        clocks: vec![],
        inputs: inputs.collect(),
        outputs: outputs.collect(),
        c: None,
    };
    let dut = with_c(dut, language, |c| c.init = None);
    let mut random = Random::new(5);
    let (mut stimulus, mut expected) = (Stimulus::default(), Trace::default());
    for _ in 0..20 {
        let values: Vec<BigUint> = dut.inputs.iter().map(|port| random.bits(port.width)).collect();
        let row = dut.outputs.iter().zip(&values).map(|(port, value)| Bits::new(port.width, value.clone()));
        expected.0.push(row.collect());
        stimulus.steps.push(Step::new(values));
    }
    Case { dut, stimulus, expected }
}

fn wires_sources(language: Language, ports: &[(String, Port)]) -> Vec<(String, String)> {
    let list = |separator: &str, item: &dyn Fn(&str, &Port) -> String| {
        ports.iter().map(|(name, port)| item(name, port)).collect::<Vec<_>>().join(separator)
    };
    let high = |port: &Port| port.width - 1;
    match language {
        Language::Verilog => {
            let range = |port: &Port| match port.kind {
                PortKind::Bool => String::new(),
                _ => format!(" [{}:0]", high(port)),
            };
            let heads = list(",\n", &|name, port| {
                format!("    input wire{0} {name}_in,\n    output wire{0} {name}_out", range(port))
            });
            let body = list("\n", &|name, _| format!("    assign {name}_out = {name}_in;"));
            vec![("wires.v".to_owned(), format!("module wires (\n{heads}\n);\n{body}\nendmodule\n"))]
        }
        Language::Vhdl => {
            let heads = list(";\n", &|name, port| {
                let kind = match port.kind {
                    PortKind::Bool => "std_logic".to_owned(),
                    PortKind::Unsigned => format!("unsigned({} downto 0)", high(port)),
                    PortKind::Signed => format!("signed({} downto 0)", high(port)),
                    PortKind::Bits => format!("std_logic_vector({} downto 0)", high(port)),
                };
                format!("{name}_in : in {kind};\n{name}_out : out {kind}")
            });
            let body = list("\n", &|name, _| format!("{name}_out <= {name}_in;"));
            let text = format!(
                "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n\nentity wires is\nport (\n\
                 {heads}\n);\nend entity wires;\n\narchitecture rtl of wires is\nbegin\n{body}\n\
                 end architecture rtl;\n"
            );
            vec![("wires.vhd".to_owned(), text)]
        }
        Language::C => {
            let heads = list("\n", &|name, port| {
                let (bits, sign) = (
                    port.width.next_power_of_two().max(8),
                    if port.kind == PortKind::Signed { "" } else { "u" },
                );
                match port.kind {
                    PortKind::Bool => format!("    bool {name}_in;\n    bool {name}_out;"),
                    _ if port.width > 64 => {
                        let limbs = port.width.div_ceil(32);
                        format!("    uint32_t {name}_in[{limbs}];\n    uint32_t {name}_out[{limbs}];")
                    }
                    _ => format!("    {sign}int{bits}_t {name}_in;\n    {sign}int{bits}_t {name}_out;"),
                }
            });
            let body = list("\n", &|name, port| match port.width.div_ceil(32) {
                limbs @ 3.. => (0..limbs)
                    .map(|i| format!("    self->{name}_out[{i}] = self->{name}_in[{i}];\n"))
                    .collect(),
                _ => format!("    self->{name}_out = self->{name}_in;"),
            });
            let header = format!(
                "#include <stdbool.h>\n#include <stdint.h>\n\ntypedef struct {{\n{heads}\n}} wires_t;\n\n\
                 void wires_settle(wires_t *self);\n"
            );
            let text = format!("#include \"wires.h\"\n\nvoid wires_settle(wires_t *self)\n{{\n{body}\n}}\n");
            vec![("wires.h".to_owned(), header), ("wires.c".to_owned(), text)]
        }
    }
}

/// A design without inputs, on the falling edge of a clock that rests at 0.
pub fn ticker(language: Language) -> Case {
    let text = match language {
        Language::Verilog => {
            "module ticker (input wire clk, output reg [1:0] count);\n    initial count = 2'd1;\n\
             \x20   always @(negedge clk) count <= count + 2'd1;\nendmodule\n"
        }
        Language::Vhdl => {
            "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n\nentity ticker is\n\
             port (clk : in std_logic; count : out unsigned(1 downto 0));\nend entity ticker;\n\n\
             architecture rtl of ticker is\nsignal now : unsigned(1 downto 0) := \"01\";\nbegin\n\
             now <= now + 1 when falling_edge(clk);\ncount <= now;\nend architecture rtl;\n"
        }
        Language::C => {
            "#include \"ticker.h\"\n\nvoid ticker_init(ticker_t *self)\n{\n    self->count = 1U;\n}\n\n\
             void ticker_step(ticker_t *self)\n{\n    self->count = (uint8_t)((self->count + 1U) & 3U);\n}\n"
        }
    };
    let ending = match language {
        Language::Verilog => "v",
        Language::Vhdl => "vhd",
        Language::C => "c",
    };
    let mut sources = vec![(format!("ticker.{ending}"), text.to_owned())];
    if language == Language::C {
        let header = "#include <stdint.h>\n\ntypedef struct {\n    uint8_t count;\n} ticker_t;\n\n\
                      void ticker_init(ticker_t *self);\nvoid ticker_step(ticker_t *self);\n";
        sources.push(("ticker.h".to_owned(), header.to_owned()));
    }
    let dut = Dut {
        name: "ticker".to_owned(),
        sources,
        clocks: vec![Clock::new("clk")],
        inputs: vec![],
        outputs: vec![Port::unsigned("count", 2)],
        c: None,
    };
    let dut = with_c(dut, language, |c| c.edges[0].level = false);
    let mut expected = Trace::default();
    let mut stimulus = Stimulus { steps: vec![Step::default()] };
    expected.0.push(vec![Bits::new(2, 1u8)]);
    for count in 2..9u8 {
        stimulus.steps.push(Step::default().tick(0));
        expected.0.push(vec![Bits::new(2, count & 3)]);
    }
    Case { dut, stimulus, expected }
}

/// `signs` with a comparison that is wrong for equal operands only, under another name.
pub fn wrong_signs(language: Language) -> Case {
    let mut case = signs(language);
    let replace = |text: &str| match language {
        Language::Verilog => text.replace(", a}) < b", ", a}) <= b"),
        Language::Vhdl => text.replace("when a < b", "when a <= b"),
        Language::C => text.replace("self->a < self->b", "self->a <= self->b"),
    };
    change(&mut case, "wrong", replace);
    case
}

/// A case under another name with other texts.
pub fn change(case: &mut Case, name: &str, replace: impl Fn(&str) -> String) {
    let (old, old_upper) = (case.dut.name.clone(), case.dut.name.to_uppercase());
    for (file, text) in &mut case.dut.sources {
        *file = file.replace(&old, name);
        *text = replace(text).replace(&old, name).replace(&old_upper, &name.to_uppercase());
    }
    case.dut.name = name.to_owned();
    if let Some(c) = &mut case.dut.c {
        for text in [&mut c.header, &mut c.type_name].into_iter().chain(&mut c.init).chain(&mut c.settle) {
            *text = text.replace(&old, name);
        }
        for edge in &mut c.edges {
            edge.function = edge.function.replace(&old, name);
        }
    }
}
