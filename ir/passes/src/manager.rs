//! The table of passes, and pipelines made of them.
//!
//! A pass has a name, a description and options that are either given or not. A [`Pipeline`] is a list of passes with their
//! options; its text form (`narrow[bound_locals] check flatten`) is what the command line reads and shows. The three pipelines
//! that pyhw itself uses are [`Pipeline::for_simulation`], [`Pipeline::for_emission`] and [`Pipeline::for_check`].

use crate::narrow::NarrowOptions;
use pyhw_diagnostics::{Diagnostic, Severity};
use pyhw_ir::print::print_pretty;
use pyhw_ir::verify::verify;
use pyhw_ir::{Design, Module};
use std::fmt;
use std::str::FromStr;

/// An option of a pass: a word that is given or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassOption {
    /// The word.
    pub name: &'static str,
    /// What the pass does differently when it is given, in one sentence.
    pub description: &'static str,
}

/// A row of the table of passes.
#[derive(Clone, Copy)]
pub struct Pass {
    /// Its name, by which `--print-after` and pipelines know it.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub description: &'static str,
    /// What can be asked of it.
    pub options: &'static [PassOption],
    run: fn(&mut Design, Given<'_>) -> Vec<Diagnostic>,
    /// How the design is shown after it.
    text: fn(&Design) -> String,
}

/// Two passes are one if their names are.
impl PartialEq for Pass {
    fn eq(&self, other: &Pass) -> bool {
        self.name == other.name
    }
}

impl Eq for Pass {}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Pass {
    /// The pass of this name.
    pub fn find(name: &str) -> Option<&'static Pass> {
        PASSES.iter().find(|pass| pass.name == name)
    }

    /// The design as it is shown after this pass.
    pub fn text(&self, design: &Design) -> String {
        (self.text)(design)
    }
}

/// The options that a step gives.
#[derive(Clone, Copy)]
struct Given<'a>(&'a [&'static str]);

impl Given<'_> {
    fn has(self, option: &str) -> bool {
        self.0.contains(&option)
    }
}

/// Every pass, in the order in which pipelines use them.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "clocked",
        description: "Makes clocked processes of those that wait for edges in an endless loop and for nothing else.",
        options: &[],
        run: |design, _| {
            crate::clocked(design);
            Vec::new()
        },
        text: print_pretty,
    },
    Pass {
        name: "narrow",
        description: "Finds the intervals that values really take, and stores that do not fit.",
        options: &[PassOption {
            name: "bound_locals",
            description: "Gives locals that nothing bounds 32 bits with a sign, with a warning.",
        }],
        run: |design, given| crate::narrow(design, NarrowOptions { bound_locals: given.has("bound_locals") }),
        text: print_pretty,
    },
    Pass {
        name: "registers",
        description: "Makes clocked processes of those, too, that keep variables from turn to turn: these become registers.",
        options: &[],
        run: |design, _| {
            crate::registers(design);
            Vec::new()
        },
        text: print_pretty,
    },
    Pass {
        name: "gather",
        description: "Merges instances that store into one memory into the module that holds it.",
        options: &[],
        run: |design, _| {
            crate::gather(design);
            Vec::new()
        },
        text: print_pretty,
    },
    Pass {
        name: "check",
        description: "Finds several drivers, missing drivers, latches and combinational loops; changes nothing.",
        options: &[],
        run: |design, _| crate::structure(design),
        text: print_pretty,
    },
    Pass {
        name: "flatten",
        description: "Puts one module in place of the hierarchy; modules with code of the user's own stay instances.",
        options: &[],
        run: |design, _| match crate::flatten(design, &has_foreign) {
            Ok(flat) => {
                *design = flat;
                Vec::new()
            }
            Err(finding) => vec![*finding],
        },
        text: print_pretty,
    },
    Pass {
        name: "tristate",
        description: "Makes tri-state nets that no port shows a value and a bit that tells whether something drives it.",
        options: &[],
        run: |design, _| {
            crate::tristate(design);
            Vec::new()
        },
        text: print_pretty,
    },
    Pass {
        name: "dataflow",
        description: "Makes processes straight-line: what may fault first, then one expression for each net.",
        options: &[],
        run: |design, _| {
            // What stays as it was is no finding: any engine can run it.
            crate::dataflow(design, crate::dataflow::Limits::default());
            Vec::new()
        },
        text: print_pretty,
    },
];

fn has_foreign(module: &Module) -> bool {
    !module.foreign.is_empty()
}

/// A pass with the options that it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The pass.
    pub pass: &'static Pass,
    /// Names of its options.
    pub options: Vec<&'static str>,
}

/// Passes in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    steps: Vec<Step>,
}

/// Why a text is no pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PipelineError {
    /// There is no pass of this name.
    NoPass(String),
    /// The pass of the first name has no option of the second.
    NoOption(String, String),
    /// A bracket is missing.
    Brackets(String),
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PipelineError::NoPass(name) => write!(f, "there is no pass `{name}`"),
            PipelineError::NoOption(pass, option) => write!(f, "the pass `{pass}` has no option `{option}`"),
            PipelineError::Brackets(text) => write!(f, "`{text}` should be `PASS` or `PASS[OPTION,OPTION]`"),
        }
    }
}

impl std::error::Error for PipelineError {}

/// Passes with spaces between: `narrow[bound_locals] flatten`.
impl FromStr for Pipeline {
    type Err = PipelineError;

    fn from_str(text: &str) -> Result<Pipeline, PipelineError> {
        let steps = text.split_whitespace().map(parse_step).collect::<Result<Vec<Step>, PipelineError>>()?;
        Ok(Pipeline { steps })
    }
}

fn parse_step(text: &str) -> Result<Step, PipelineError> {
    let (name, options) = match text.split_once('[') {
        None => (text, ""),
        Some((name, rest)) => {
            (name, rest.strip_suffix(']').ok_or_else(|| PipelineError::Brackets(text.to_owned()))?)
        }
    };
    let pass = Pass::find(name).ok_or_else(|| PipelineError::NoPass(name.to_owned()))?;
    let known = |option: &str| {
        let found = pass.options.iter().find(|known| known.name == option);
        found
            .map(|known| known.name)
            .ok_or_else(|| PipelineError::NoOption(name.to_owned(), option.to_owned()))
    };
    let options = options.split(',').filter(|option| !option.is_empty()).map(known);
    Ok(Step { pass, options: options.collect::<Result<Vec<&'static str>, PipelineError>>()? })
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{}", step.pass.name)?;
            if !step.options.is_empty() {
                write!(f, "[{}]", step.options.join(","))?;
            }
        }
        Ok(())
    }
}

impl Pipeline {
    /// What a design goes through before it is simulated: intervals that let values be machine integers. Findings are warnings
    /// of what may go wrong; a store that cannot fit is a fault when it happens.
    pub fn for_simulation() -> Pipeline {
        Pipeline::of("narrow")
    }

    /// What a design goes through before it is emitted, as one module if `flat`.
    pub fn for_emission(flat: bool) -> Pipeline {
        Pipeline::of(if flat {
            "clocked narrow[bound_locals] registers gather check flatten"
        } else {
            "clocked narrow[bound_locals] registers gather check"
        })
    }

    /// What `pyhw check` looks at.
    pub fn for_check() -> Pipeline {
        Pipeline::of("clocked narrow[bound_locals] registers gather check")
    }

    fn of(text: &str) -> Pipeline {
        text.parse().expect("invariant: pyhw's own pipelines name passes of the table")
    }

    /// The passes in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether a pass of this name is in it.
    pub fn contains(&self, name: &str) -> bool {
        self.steps.iter().any(|step| step.pass.name == name)
    }

    /// Adds a pass at the end.
    pub fn push(&mut self, pass: &'static Pass) {
        self.steps.push(Step { pass, options: Vec::new() });
    }

    /// Runs every pass on the design and gives all findings. `after` is called after each pass with its name; what it may want
    /// to print is [`Pass::text`].
    ///
    /// A pass that cannot do its work says so, leaves the design as it was, and the next one goes on: one run tells everything.
    /// Where debug assertions are on, the verifier runs after each pass; what it finds is a fault of pyhw, which ends the run.
    pub fn run(&self, design: &mut Design, after: &mut dyn FnMut(&'static str, &Design)) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for step in &self.steps {
            findings.extend((step.pass.run)(design, Given(&step.options)));
            after(step.pass.name, design);
            if cfg!(debug_assertions) {
                findings.extend(verified_after(step.pass.name, design));
            }
            if findings.iter().any(|finding| finding.severity == Severity::Bug) {
                break;
            }
        }
        findings
    }
}

/// What the verifier finds in a design that a pass left behind, as a fault of pyhw.
fn verified_after(pass: &str, design: &Design) -> Option<Diagnostic> {
    let faults = verify(design);
    let first = faults.first()?;
    let message = format!("after `{pass}` the design is not valid: {}", first.message);
    let mut bug = Diagnostic::bug(first.primary.span, message);
    bug.notes.extend(first.notes.iter().cloned());
    if faults.len() > 1 {
        bug = bug.note(format!("{} faults in all", faults.len()));
    }
    Some(bug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::{Code, Span};
    use pyhw_ir::{ModuleId, Net, Type, Value};

    fn one_net() -> Design {
        let mut module = Module::new("m", Span::NONE);
        module.add_net(Net::new("a", Type::Bool, Value::Bool(false), Span::NONE));
        Design { modules: vec![module], top: Some(ModuleId::new(0)), ..Design::default() }
    }

    #[test]
    fn a_pipeline_is_read_as_it_is_written() {
        for text in ["", "narrow", "narrow[bound_locals] flatten"] {
            assert_eq!(text.parse::<Pipeline>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_text_that_is_no_pipeline_is_told_why() {
        let error = |text: &str| text.parse::<Pipeline>().unwrap_err().to_string();
        assert_eq!(error("narow"), "there is no pass `narow`");
        assert_eq!(error("narrow[wide]"), "the pass `narrow` has no option `wide`");
        assert_eq!(
            error("narrow[bound_locals"),
            "`narrow[bound_locals` should be `PASS` or `PASS[OPTION,OPTION]`"
        );
    }

    #[test]
    fn names_of_passes_and_options_are_distinct() {
        for (index, pass) in PASSES.iter().enumerate() {
            assert!(PASSES[..index].iter().all(|other| other.name != pass.name), "{}", pass.name);
            for (at, option) in pass.options.iter().enumerate() {
                assert!(pass.options[..at].iter().all(|other| other.name != option.name), "{}", option.name);
            }
        }
    }

    #[test]
    fn the_observer_sees_each_pass_in_order() {
        let mut seen = Vec::new();
        let pipeline = Pipeline::for_emission(true);
        let findings = pipeline.run(&mut one_net(), &mut |name, design| {
            assert_eq!(design.modules.len(), 1);
            seen.push(name);
        });
        assert_eq!(findings, []);
        let steps: Vec<&str> = pipeline.steps().iter().map(|step| step.pass.name).collect();
        assert_eq!(seen, steps);
        assert_eq!(seen.last(), Some(&"flatten"));
    }

    #[test]
    fn a_design_that_a_pass_leaves_invalid_is_a_fault_of_pyhw() {
        let mut design = one_net();
        design.modules[0].nets[0].init = Value::int(3i64);
        let findings = Pipeline::for_emission(true).run(&mut design, &mut |_, _| {});
        let [bug] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!((bug.code, bug.severity), (Code::PH9999, Severity::Bug));
        assert_eq!(
            bug.message,
            "after `clocked` the design is not valid: the initial value of net `a` does not belong to bool"
        );
    }

    #[test]
    fn a_pass_that_fails_leaves_the_design_alone() {
        let mut design = one_net();
        design.top = None;
        let before = design.clone();
        let pipeline: Pipeline = "flatten".parse().unwrap();
        assert_eq!(pipeline.run(&mut design, &mut |_, _| {})[0].code, Code::PH9999);
        assert_eq!(design, before);
    }
}
