//! A design with what drives it and what it must answer.

use super::ports::{Ports, width_bits};
use super::stimulus::{self, Drive};
use crate::generate;
use crate::generate::rng::Rng;
use crate::tools::{Bits, Trace};
use num_bigint::BigUint;
use pyhw_ir::verify::verify;
use pyhw_ir::{Design, Int, parse};
use pyhw_passes::{NarrowOptions, flatten, narrow};
use pyhw_sim::Cycles;
use std::collections::BTreeMap;

/// How many steps a design is driven where nothing else is said.
pub const STEPS: usize = 40;

/// How a design is prepared before it is emitted. The expected trace is always that of the design as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Plain,
    /// With the intervals that control flow shows.
    Narrowed,
    /// As one module.
    Flat,
}

/// A design that all runners are to agree on.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name, which no other subject has.
    pub name: String,
    /// The design.
    pub design: Design,
    /// How it is prepared for emission.
    pub form: Form,
    /// Its ports.
    pub ports: Ports,
    /// What drives it.
    pub steps: Vec<Drive>,
    /// Its outputs after each step, as the simulation has them.
    pub expected: Trace,
    /// Judges and languages that need not take it, each with the reason.
    pub skips: Vec<(String, String)>,
    /// Whether a generator wrote it: its statements say things twice, or nothing at all.
    pub is_random: bool,
}

/// A number that is not negative, for the runners.
pub fn to_biguint(value: &Int) -> BigUint {
    value.to_big().magnitude().clone()
}

impl Subject {
    /// The random design of a seed.
    ///
    /// # Errors
    /// It is not valid, or faults when it is simulated.
    pub fn random(seed: u64) -> Result<Subject, String> {
        let form = match seed % 8 {
            0..=3 => Form::Plain,
            4..=6 => Form::Narrowed,
            _ => Form::Flat,
        };
        let subject = Subject::new(format!("r{seed}"), generate::design(seed), form, |ports, design| {
            Ok(stimulus::random(ports, &design.types, STEPS, Rng::new(!seed)))
        })?;
        Ok(Subject { is_random: true, ..subject })
    }

    /// A design with the steps that `drive` makes for its ports.
    ///
    /// # Errors
    /// It is not valid, or faults when it is simulated.
    pub fn new(
        name: String,
        design: Design,
        form: Form,
        drive: impl FnOnce(&Ports, &Design) -> Result<Vec<Drive>, String>,
    ) -> Result<Subject, String> {
        let faults = verify(&design);
        if let Some(fault) = faults.first() {
            return Err(format!("{name} is not valid: {}; {}", fault.message, fault.notes.join("; ")));
        }
        let ports = Ports::of(&design)?;
        let steps = drive(&ports, &design)?;
        let expected =
            simulate(&design, &ports, &steps).map_err(|fault| format!("{name} faults: {fault}"))?;
        Ok(Subject { name, design, form, ports, steps, expected, skips: Vec::new(), is_random: false })
    }

    /// A text of IR whose comments may say how it is driven: `;! seed 7`, `;! steps 100`, `;! form narrowed`,
    /// `;! skip c the reason` (a judge or a language), and instead of random steps `;! step a=0x1 clk+ clk-`.
    ///
    /// # Errors
    /// As [`Subject::new`], a text that cannot be read, or a comment that means nothing.
    pub fn from_text(name: &str, text: &str) -> Result<Subject, String> {
        let mut design = parse::parse(text).map_err(|faults| {
            faults.first().map_or("the text cannot be read".to_owned(), |fault| {
                format!("line {}: {}", fault.primary.span.start.line, fault.message)
            })
        })?;
        let (mut seed, mut count, mut form) = (1, STEPS, Form::Plain);
        let (mut lines, mut skips) = (Vec::new(), Vec::new());
        for line in text.lines().filter_map(|line| line.strip_prefix(";! ")) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let number = || rest.trim().parse::<u64>().map_err(|_| format!("`{rest}` is no number"));
            match word {
                "seed" => seed = number()?,
                "steps" => count = number()? as usize,
                "step" => lines.push(rest),
                "form" => {
                    form = match rest.trim() {
                        "plain" => Form::Plain,
                        "narrowed" => Form::Narrowed,
                        "flat" => Form::Flat,
                        other => return Err(format!("there is no form `{other}`")),
                    }
                }
                "skip" => {
                    let (language, reason) = rest.split_once(' ').ok_or("`skip` needs a reason")?;
                    skips.push((language.to_owned(), reason.to_owned()));
                }
                other => return Err(format!("`;! {other}` means nothing")),
            }
        }
        if let Some(top) = design.top {
            // Names of runs must differ, and a runner may put all of them in one program.
            rename(&mut design, top.index(), name);
        }
        let drive = |ports: &Ports, design: &Design| {
            if lines.is_empty() {
                return Ok(stimulus::random(ports, &design.types, count, Rng::new(seed)));
            }
            let mut steps: Vec<Drive> = Vec::new();
            for line in &lines {
                steps.push(stimulus::parse(ports, &design.types, steps.last(), line)?);
            }
            Ok(steps)
        };
        let subject = Subject::new(name.to_owned(), design, form, drive)?;
        Ok(Subject { skips, ..subject })
    }

    /// The design as it is emitted.
    ///
    /// # Errors
    /// A pass fails, or what it leaves is not valid.
    pub fn prepared(&self) -> Result<Design, String> {
        let design = match self.form {
            Form::Plain => self.design.clone(),
            Form::Narrowed => {
                let mut design = self.design.clone();
                narrow(&mut design, NarrowOptions { bound_locals: true });
                design
            }
            Form::Flat => flatten(&self.design, &|_| false).map_err(|fault| fault.message.clone())?,
        };
        match verify(&design).first() {
            None => Ok(design),
            Some(fault) => Err(format!("{:?} leaves what is not valid: {}", self.form, fault.message)),
        }
    }

    /// The same subject under a name of its own, modules included.
    pub fn renamed(&self, name: &str) -> Subject {
        let mut subject = self.clone();
        name.clone_into(&mut subject.name);
        if let Some(top) = subject.design.top {
            rename(&mut subject.design, top.index(), name);
        }
        subject
    }

    /// The IR text with what [`Subject::from_text`] needs to drive it in the same way; `about` stands first as a comment.
    pub fn to_text(&self, about: &str) -> String {
        let text = pyhw_ir::print::print(&self.design);
        let (head, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let mut lines = format!("{head}\n\n");
        for line in about.lines() {
            lines.push_str(&format!("; {line}\n"));
        }
        match self.form {
            Form::Plain => {}
            Form::Narrowed => lines.push_str(";! form narrowed\n"),
            Form::Flat => lines.push_str(";! form flat\n"),
        }
        lines.push_str(&stimulus::print(&self.ports, &self.steps));
        lines.push_str(rest);
        lines
    }
}

fn rename(design: &mut Design, top: usize, name: &str) {
    for (index, module) in design.modules.iter_mut().enumerate() {
        module.name = if index == top { name.to_owned() } else { format!("{name}_m{index}") };
    }
}

/// The outputs after each step, as the kernel has them.
///
/// # Errors
/// The fault with which it ends.
pub fn simulate(design: &Design, ports: &Ports, steps: &[Drive]) -> Result<Trace, String> {
    let fault = |fault: pyhw_sim::SimFault| fault.to_string();
    let mut cycles = Cycles::new(design).map_err(fault)?;
    let mut trace = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let at = |error: pyhw_sim::SimFault| format!("step {number}: {error}");
        let mut whole: BTreeMap<&str, Int> = BTreeMap::new();
        for (input, value) in ports.inputs.iter().zip(&step.inputs) {
            let bits = whole.entry(&input.part.port).or_insert(Int::ZERO);
            *bits = bits.or(&value.shl(input.part.low));
        }
        for (port, bits) in whole {
            cycles.set(port, bits).map_err(at)?;
        }
        cycles.settle().map_err(at)?;
        for (clock, level) in &step.edges {
            cycles.set(&ports.clocks[*clock].0, i64::from(*level)).map_err(at)?;
            cycles.settle().map_err(at)?;
        }
        let mut row = Vec::new();
        for output in &ports.outputs {
            let width = width_bits(&output.ty, &design.types).unwrap_or(1);
            let bits = cycles.get(&output.part.port).map_err(at)?;
            row.push(Bits::new(width, to_biguint(&bits.shr(output.part.low).low_bits(width))));
        }
        trace.push(row);
    }
    Ok(Trace(trace))
}
