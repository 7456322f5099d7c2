//! A subject in a target language, as the runners take it.

use super::ports::{Part, Ports, width_bits};
use super::subject::{Subject, to_biguint};
use crate::tools::{
    CEdge, CField, CInterface, CLayout, Clock, Dut, Edge, Language, Port, PortKind, Std, Step, Stimulus,
};
use pyhw_c::FieldType;
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Design, Type};

/// A header that stands before an emitted one where inputs reach nothing without an edge, so that there is nothing to settle.
const SETTLED: &str = "settled.h";

/// Emits the subject and describes it to the runners.
///
/// # Errors
/// A pass or the back-end refuses it; the text names the code and tells the finding.
pub fn dut(subject: &Subject, language: Language, std: Std) -> Result<Dut, String> {
    // A panic of a pass or a back-end is one subject's failure; the others go on.
    let emitted = std::panic::catch_unwind(|| {
        let design = subject.prepared()?;
        match language {
            Language::Verilog => verilog(subject, &design),
            Language::Vhdl => vhdl(subject, &design, std),
            Language::C => c(subject, &design),
        }
    });
    emitted.unwrap_or_else(|reason| {
        let text =
            reason.downcast_ref::<String>().map(String::as_str).or(reason.downcast_ref::<&str>().copied());
        Err(format!("it makes a back-end panic: {}", text.unwrap_or("for no reason that it tells")))
    })
}

/// The steps as the runners take them.
pub fn stimulus(subject: &Subject) -> Stimulus {
    let step = |drive: &super::stimulus::Drive| Step {
        inputs: drive.inputs.iter().map(to_biguint).collect(),
        edges: drive.edges.iter().map(|&(clock, level)| Edge { clock, level }).collect(),
    };
    Stimulus { steps: subject.steps.iter().map(step).collect() }
}

fn refused(language: &str, findings: &[Diagnostic]) -> String {
    let list: Vec<String> =
        findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    format!("{language} refuses it: {}", list.join("; "))
}

fn kind(ty: &Type) -> PortKind {
    match ty {
        Type::Bool => PortKind::Bool,
        Type::Int(range) if range.is_signed() => PortKind::Signed,
        _ => PortKind::Unsigned,
    }
}

/// The description that Verilog and VHDL share: the names that both give to ports.
fn hdl(subject: &Subject, design: &Design, name: String, sources: Vec<(String, String)>) -> Dut {
    let ports = &subject.ports;
    let mut namer = pyhw_text::Namer::hdl();
    let names: Vec<(String, String)> = match design.top_module() {
        None => Vec::new(),
        Some(top) => {
            let nets = top.ports.iter().map(|port| &top.net(port.net).name);
            nets.map(|name| (name.clone(), namer.fresh(name))).collect()
        }
    };
    let legal = |name: &str| {
        let found = names.iter().find(|(own, _)| own == name);
        found.map_or_else(|| name.to_owned(), |(_, legal)| legal.clone())
    };
    data(ports, design, name, sources, legal)
}

fn data(
    ports: &Ports,
    design: &Design,
    name: String,
    sources: Vec<(String, String)>,
    legal: impl Fn(&str) -> String,
) -> Dut {
    let port = |part: &Part, ty: &Type| {
        let width = width_bits(ty, &design.types).unwrap_or(1);
        Port::of(legal(&part.port), width, kind(ty)).at(part.path.clone())
    };
    let clocks = ports.clocks.iter().map(|(name, idle)| Clock { name: legal(name), idle: *idle }).collect();
    let inputs = ports.inputs.iter().map(|input| {
        let made = port(&input.part, &input.ty).with_init(to_biguint(&input.init));
        if input.has_edges { made.with_edges() } else { made }
    });
    let inputs = inputs.collect();
    let outputs = ports.outputs.iter().map(|output| port(&output.part, &output.ty)).collect();
    Dut { name, sources, clocks, inputs, outputs, c: None }
}

/// The name of the top: that of the file, which no other module of the design bears.
fn stem(files: &[(String, String)], ending: &str) -> String {
    let name = files.iter().find_map(|(name, _)| name.strip_suffix(ending));
    name.unwrap_or("nothing").to_owned()
}

fn verilog(subject: &Subject, design: &Design) -> Result<Dut, String> {
    let options = pyhw_verilog::Options { source_map: false, ..pyhw_verilog::Options::default() };
    let files = pyhw_verilog::emit(design, &options).map_err(|found| refused("Verilog", &found))?;
    let files: Vec<(String, String)> = files.into_iter().map(|file| (file.name, file.text)).collect();
    Ok(hdl(subject, design, stem(&files, ".v"), files))
}

fn vhdl(subject: &Subject, design: &Design, std: Std) -> Result<Dut, String> {
    let standard = match std {
        Std::V93 => pyhw_vhdl::Standard::V93,
        Std::V08 => pyhw_vhdl::Standard::V2008,
    };
    let options = pyhw_vhdl::Options { standard, ..pyhw_vhdl::Options::default() };
    let files = pyhw_vhdl::emit(design, &options).map_err(|found| refused("VHDL", &found))?;
    let files: Vec<(String, String)> = files.into_iter().map(|file| (file.name, file.text)).collect();
    Ok(hdl(subject, design, stem(&files, ".vhd"), files))
}

fn c(subject: &Subject, design: &Design) -> Result<Dut, String> {
    let files = pyhw_c::emit(design, &pyhw_c::Options::default()).map_err(|found| refused("C", &found))?;
    let interface = pyhw_c::interface(design).map_err(|found| refused("C", &found))?;
    let mut sources: Vec<(String, String)> = files.into_iter().map(|file| (file.name, file.text)).collect();
    let name = stem(&sources, ".h");
    let ports = &subject.ports;
    let field = |part: &Part| -> Result<CField, String> {
        let found = interface.fields.iter().find(|field| field.port == part.port);
        let field = found.ok_or_else(|| format!("C has no field for the port `{}`", part.port))?;
        let (mut path, mut ty) = (field.name.clone(), &field.ty);
        for index in &part.path {
            let FieldType::Array(element, _) = ty else {
                return Err(format!("C stores the port `{}` as {ty:?}", part.port));
            };
            path += &format!("[{index}]");
            ty = element;
        }
        Ok(CField { path, layout: layout(ty, part)? })
    };
    let inputs: Result<Vec<CField>, String> = ports.inputs.iter().map(|input| field(&input.part)).collect();
    let outputs: Result<Vec<CField>, String> =
        ports.outputs.iter().map(|output| field(&output.part)).collect();
    let mut edges = Vec::new();
    for step in &interface.steps {
        let clock = ports.clocks.iter().position(|(name, _)| *name == step.clock);
        let clock = clock.ok_or_else(|| format!("C has a step for `{}`, which is no clock", step.clock))?;
        edges.push(CEdge { clock, level: step.rising, function: step.function.clone() });
    }
    let mut header = interface.header.clone();
    let settle = interface.settle.clone().unwrap_or_else(|| {
        let (ty, inner) = (&interface.type_name, &interface.header);
        let text = format!(
            "#include \"{inner}\"\n\nstatic inline void {name}_settled({ty} *self)\n{{\n    (void)self;\n}}\n"
        );
        header = format!("{name}_{SETTLED}");
        sources.push((header.clone(), text));
        format!("{name}_settled")
    });
    let interface = CInterface {
        header,
        type_name: interface.type_name.clone(),
        init: Some(interface.init.clone()),
        settle: Some(settle),
        edges,
        inputs: inputs?,
        outputs: outputs?,
    };
    let dut = data(ports, design, name, sources, str::to_owned);
    Ok(Dut { c: Some(interface), ..dut })
}

fn layout(field: &FieldType, part: &Part) -> Result<CLayout, String> {
    match field {
        FieldType::Bool | FieldType::Int { .. } => Ok(CLayout::Scalar),
        FieldType::Limbs { .. } => Ok(CLayout::Limbs(32)),
        FieldType::Array(..) | FieldType::Struct { .. } => {
            Err(format!("C stores `{}` in parts", part.name()))
        }
    }
}
