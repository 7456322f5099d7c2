//! Running a design that needs no Python.

use super::Done;
use crate::exit::Exit;
use crate::findings::Findings;
use crate::interrupt::Guard;
use crate::report::Reporter;
use crate::{progress, stdout, waves};
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Design, ProcessBody, Type, Value};
use pyhw_sim::{NoHost, Options, Outcome, Simulation, TextSink};
use std::io::Write;
use std::path::Path;

/// How it runs.
pub struct Run<'a> {
    /// Stops there, in steps.
    pub until: Option<u64>,
    /// Where waves go.
    pub wave: Option<&'a Path>,
    /// Whether the values of the top's nets are printed at the end.
    pub show_nets: bool,
}

struct Stdout;

impl TextSink for Stdout {
    fn print(&mut self, text: &str) {
        // A reader that went away does not end the run.
        let _ = std::io::stdout().write_all(text.as_bytes());
    }

    fn warn(&mut self, message: &str) {
        eprintln!("warning: {message}");
    }
}

/// Runs a verified design to its end.
pub fn run(design: &Design, how: &Run<'_>, reporter: &mut Reporter) -> Done<()> {
    reporter.report(&host_processes(design));
    if reporter.has_errors() {
        return Ok(());
    }
    let guard =
        Guard::new().map_err(|error| reporter.usage(&format!("Ctrl-C cannot be watched: {error}")))?;
    let waves = how.wave.map(waves::open).transpose().map_err(|why| reporter.usage(&why))?;
    let options = Options {
        text: Box::new(Stdout),
        waves,
        interrupt: guard.flag(),
        observer: progress::observer(how.until),
        ..Options::default()
    };
    let fault = |fault: &pyhw_sim::SimFault| Findings::new(&design.sources, vec![fault.diagnostic()]);
    let mut simulation = match Simulation::new(design, options) {
        Ok(simulation) => simulation,
        Err(found) => {
            reporter.report(&fault(&found));
            return Ok(());
        }
    };
    let outcome = simulation.run(how.until, &mut NoHost);
    let time = simulation.now();
    let shown = if how.show_nets { nets(design, &simulation) } else { String::new() };
    let closed = simulation.finish();
    drop(simulation);
    stdout::write(&shown)?;
    if let Err(error) = closed {
        return Err(reporter.usage(&format!("the waves cannot be written: {error}")));
    }
    match outcome {
        Outcome::Suspended(_) | Outcome::NoMoreEvents | Outcome::Finished(_) | Outcome::Over => Ok(()),
        Outcome::Interrupted => {
            reporter.remark(&format!("stopped at time {time}"));
            Err(Exit::Interrupted)
        }
        Outcome::Fault(found) => {
            reporter.report(&fault(&found));
            Ok(())
        }
        Outcome::Raised(raised) => {
            reporter.report(&Findings::bug(format!("Python was asked for without one: {raised:?}")));
            Ok(())
        }
    }
}

/// Processes that only Python can run.
fn host_processes(design: &Design) -> Findings {
    let mut found = Vec::new();
    for process in design.modules.iter().flat_map(|module| &module.processes) {
        if let ProcessBody::Host(host) = &process.body {
            let message = format!("`{}` is run by Python, which IR text does not have", process.name);
            let code = pyhw_diagnostics::Code::PH0201;
            let finding = Diagnostic::new(code, process.span, message);
            found.push(
                host.reason.iter().fold(finding, |finding, reason| finding.note(reason.message.clone())),
            );
        }
    }
    Findings::new(&design.sources, found)
}

/// What the top's nets hold, a line for each.
fn nets(design: &Design, simulation: &Simulation) -> String {
    let Some(top) = design.top_module() else { return String::new() };
    let width = top.nets.iter().map(|net| net.name.chars().count()).max().unwrap_or(0);
    let mut text = format!("time {}\n", simulation.now());
    for (index, net) in top.nets.iter().enumerate() {
        if let Some(place) = simulation.flat().net(0, pyhw_ir::NetId::new(index)) {
            let value = shown(&simulation.peek(place), &net.ty, design);
            text.push_str(&format!("{:<width$} = {value}\n", net.name));
        }
    }
    text
}

/// A value as IR text has it.
fn shown(value: &Value, ty: &Type, design: &Design) -> String {
    let joined = |values: &[Value], ty: &dyn Fn(usize) -> Option<Type>| {
        let parts = values.iter().enumerate().map(|(at, value)| match ty(at) {
            Some(ty) => shown(value, &ty, design),
            None => "?".to_owned(),
        });
        format!("[{}]", parts.collect::<Vec<String>>().join(", "))
    };
    match (value, ty) {
        (Value::Bool(value), _) => value.to_string(),
        (Value::Int(value), _) => value.to_string(),
        (Value::Enum(member), Type::Enum(id)) => {
            let members = design.types.enums.get(id.index()).map(|of| &of.members);
            members
                .and_then(|members| members.get(*member as usize))
                .map_or("?".into(), |(name, _)| name.clone())
        }
        (Value::Array(values), Type::Array(element, _)) => joined(values, &|_| Some((**element).clone())),
        (Value::Struct(values), Type::Struct(id)) => {
            let fields = design.types.structs.get(id.index()).map(|of| &of.fields);
            joined(values, &|at| fields.and_then(|fields| fields.get(at)).map(|(_, ty)| ty.clone()))
        }
        (Value::Text(text), _) => format!("{text:?}"),
        (Value::Z, _) => "z".to_owned(),
        (Value::Enum(_) | Value::Array(_) | Value::Struct(_) | Value::Opaque(_), _) => "?".to_owned(),
    }
}
