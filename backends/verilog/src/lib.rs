//! Verilog-2005 (IEEE 1364-2005) from verified designs.
//!
//! *Input*: a verified [`Design`]. *Output*: Verilog files that keep hierarchy, processes, names and comments of the source, each
//! with a map from its lines to the source's. *Guarantees*: every expression computes what the IR says, at every width and sign;
//! the files pass Verilator, Icarus and Yosys without a warning that the design itself does not cause; what Verilog cannot say is
//! an error with its place, and then there are no files. *Deliberately not here*: flattening, optimisation, SystemVerilog, I/O.

mod arith;
mod assigned;
mod assigns;
mod block;
mod comment;
mod composite;
mod context;
mod cosimulation;
mod declare;
mod display;
mod expr;
mod flow;
mod fold;
mod foreign;
mod form;
mod function;
mod helper;
mod initial;
mod layout;
mod leaf;
mod literal;
mod loops;
mod message;
mod module;
mod naming;
mod process;
mod radix;
mod reads;
mod resets;
mod stmt;
mod text;
mod wait;
mod wake;
mod wrap;

use context::ModuleCx;
use pyhw_diagnostics::{Diagnostic, Span, has_errors};
use pyhw_ir::{Design, ModuleId};
use pyhw_passes::ModuleFacts;
use pyhw_text::{Namer, OutputFile, Text, Writer, source_map};

/// What the user can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// One file for each module, named after it, instead of one file with all modules, named after the top.
    pub file_per_module: bool,
    /// Initial values of registers are written; without them (for an ASIC) only resets give registers a value.
    pub init: bool,
    /// The operand of a `` `timescale `` directive, such as `1ns/1ps`.
    pub timescale: Option<String>,
    /// Text for the head of each file, comment signs included.
    pub header: Option<String>,
    /// Whether a file `NAME.v.map` with the lines' origins comes with each file.
    pub source_map: bool,
    /// Whether a combinational process may leave a signal without a value on some path: that it then remembers is meant.
    pub latches: bool,
    /// Whether each module opens with a line that tells where it comes from.
    pub origin: bool,
    /// How plain numbers are written.
    pub radix: Radix,
    /// Whether a memory that starts with zeros everywhere is given them. Some devices always start so.
    pub zero_memories: bool,
    /// A second file `tb_NAME.v`, through which a co-simulator drives the top.
    pub cosimulation: Option<Cosimulation>,
}

/// How plain numbers are written; masks and wide numbers are hexadecimal anyway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Radix {
    #[default]
    /// `8'd200`.
    Decimal,
    /// `8'hc8`.
    Hexadecimal,
}

/// A test bench for a co-simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosimulation {
    /// Whether it writes the waves of the top into `NAME.vcd`.
    pub trace: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            file_per_module: false,
            init: true,
            timescale: None,
            header: None,
            source_map: true,
            latches: false,
            origin: true,
            radix: Radix::default(),
            zero_memories: true,
            cosimulation: None,
        }
    }
}

/// Emits the design's top module and everything that it instantiates.
///
/// Errors: PH0501 for what Verilog has no form for, PH0201 for processes beyond the subset, PH0401, PH0403 and PH0405 where the
/// output could not mean what the simulation does, PH0404 unless latches are meant.
pub fn emit(design: &Design, options: &Options) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let Some(top) = design.top else {
        return Err(vec![Diagnostic::bug(Span::NONE, "a design without a top module")]);
    };
    let awake = pyhw_passes::without_idle(design);
    let design = &*awake;
    let order = reachable(design, top);
    let names = module_names(design, &order);
    let mut texts = Vec::new();
    let mut findings = Vec::new();
    let mut bench = None;
    let mut facts: Vec<Option<ModuleFacts>> = vec![None; design.modules.len()];
    for id in &order {
        facts[id.index()] = Some(ModuleFacts::new(design, design.module(*id)));
    }
    let mut both_ways = resets::used_both_ways(design, &order, &facts);
    let mut wakes = wake::wakes(design, &order, &facts);
    for id in &order {
        let (Some(facts), Some(wakes)) = (facts[id.index()].take(), wakes[id.index()].take()) else {
            continue;
        };
        let mut cx = ModuleCx::new(design, design.module(*id), &names[id.index()], options, facts, wakes);
        cx.both_ways = std::mem::take(&mut both_ways[id.index()]);
        texts.push((names[id.index()].clone(), module::write_module(&mut cx, &names, &names[id.index()])));
        if let (Some(wanted), true) = (options.cosimulation, *id == top) {
            bench = cosimulation::bench(&cx, &names[id.index()], wanted);
        }
        findings.append(&mut cx.diagnostics);
    }
    if has_errors(&findings) {
        return Err(findings);
    }
    let groups: Vec<(String, Vec<Text>)> = if options.file_per_module {
        texts.into_iter().map(|(name, text)| (name, vec![text])).collect()
    } else {
        vec![(names[top.index()].clone(), texts.into_iter().map(|(_, text)| text).collect())]
    };
    let mut files = Vec::new();
    for (name, texts) in groups {
        let name = format!("{name}.v");
        let text = file(&texts, options);
        let map = options.source_map.then(|| source_map(&name, &text.origins, &design.sources));
        files.push(OutputFile { name, text: text.text });
        files.extend(map);
    }
    files.extend(bench);
    Ok(files)
}

/// Which names of the top and of its ports the text has to change (PH0502).
pub fn renames(design: &Design) -> Vec<Diagnostic> {
    let Some(top) = design.top else { return Vec::new() };
    let module = design.module(top);
    let name = &module_names(design, &[top])[top.index()];
    pyhw_text::renames(module, name, &module::port_names(module, name), pyhw_text::Rules::Hdl)
}

fn file(modules: &[Text], options: &Options) -> Text {
    let mut w = Writer::new("    ");
    if let Some(header) = &options.header {
        header.trim_end().lines().for_each(|line| w.line(line));
        w.blank();
    }
    if let Some(timescale) = &options.timescale {
        w.line(format!("`timescale {timescale}"));
    }
    for (index, text) in modules.iter().enumerate() {
        w.set_span(Span::NONE);
        w.blank();
        if index == 1 {
            w.line("/* verilator lint_off DECLFILENAME */");
            w.blank();
        }
        let mut origins = text.origins.iter().peekable();
        for (at, line) in text.text.lines().enumerate() {
            let origin = origins.next_if(|origin| origin.line as usize == at + 1);
            w.set_span(origin.map_or(Span::NONE, |origin| origin.span));
            match options.radix {
                Radix::Decimal => wrap::lines(line).into_iter().for_each(|line| w.line(line)),
                Radix::Hexadecimal => {
                    wrap::lines(&radix::in_hex(line)).into_iter().for_each(|line| w.line(line));
                }
            }
        }
    }
    w.finish_with_origins()
}

/// The modules that the top needs, the top first, each before those that it instantiates, and these as they are instantiated.
fn reachable(design: &Design, top: ModuleId) -> Vec<ModuleId> {
    let instantiated = |id: ModuleId| {
        let module = design.module(id);
        let is_text = module.foreign.iter().any(|code| code.language == pyhw_ir::Language::Verilog);
        let instances = module.instances.iter().filter(move |_| !is_text);
        let ids = instances.map(|instance| instance.module);
        ids.filter(|id| foreign::filling(design, *id).is_none()).collect::<Vec<_>>()
    };
    let mut seen = vec![false; design.modules.len()];
    seen[top.index()] = true;
    // From the last instance to the first, and turned round, so that a module stands before what any of its users instantiates.
    let (mut order, mut open) = (Vec::new(), vec![(top, instantiated(top))]);
    while let Some((id, rest)) = open.last_mut() {
        match rest.pop() {
            Some(inner) if !std::mem::replace(&mut seen[inner.index()], true) => {
                open.push((inner, instantiated(inner)));
            }
            Some(_) => {}
            None => {
                order.push(*id);
                open.pop();
            }
        }
    }
    order.reverse();
    order
}

/// The top keeps its name; of others with one name the first in the design does, as in every language.
fn module_names(design: &Design, order: &[ModuleId]) -> Vec<String> {
    let mut namer = Namer::hdl();
    let mut names = vec![String::new(); design.modules.len()];
    let mut others = order.get(1..).unwrap_or_default().to_vec();
    others.sort();
    for id in order.iter().take(1).chain(&others) {
        names[id.index()] = namer.fresh(&design.module(*id).name);
    }
    names
}
