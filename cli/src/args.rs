//! The command line as types. Each command's help ends with an example.

use crate::exit::EXIT_CODES;
use crate::time::parse_steps;
use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{ArgGroup, Args as Arguments, CommandFactory, Parser, Subcommand, ValueEnum};
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const ABOUT: &str = "\
Hardware and firmware in typed Python: simulates a design natively, and emits Verilog, VHDL and C.

FILE is a Python file with a design, or IR text (FILE.hwir); for IR text Python is not started.
Results go to stdout, messages to stderr.";

/// What the user typed.
#[derive(Debug, Parser)]
#[command(name = "pyhw", version, about = ABOUT, after_help = EXIT_CODES, styles = STYLES)]
#[command(max_term_width = 100, disable_help_subcommand = false)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How messages look.
    #[command(flatten)]
    pub messages: Messages,
}

/// How messages look and what they weigh.
#[derive(Clone, Debug, Default, Arguments)]
pub struct Messages {
    /// Write each message as one JSON object on a line of its own
    #[arg(long, global = true, help_heading = "Messages")]
    pub json: bool,
    /// Make every warning an error
    #[arg(long, global = true, help_heading = "Messages")]
    pub deny_warnings: bool,
    /// When to use colours
    #[arg(long, global = true, help_heading = "Messages", value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When messages have colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a design, with its test bench, on the native simulation kernel
    Sim(Sim),
    /// Write a design as Verilog, VHDL, C or IR text
    Emit(Emit),
    /// Report every error and warning of a design; write nothing
    Check(Check),
    /// Verify IR text and print it, or run it on the evaluator
    Ir(Ir),
    /// Tell what a message's code means, with a failing and a mended example
    Explain(Explain),
    /// List the passes that a design goes through
    #[command(after_help = "Example:\n  pyhw passes")]
    Passes,
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Which block of FILE is meant, and its parameters.
#[derive(Clone, Debug, Default, Arguments)]
pub struct Top {
    /// The block to build; FILE is then imported, not run as a script
    #[arg(long, value_name = "NAME")]
    pub top: Option<String>,
    /// A value for a parameter of that block; may be repeated
    #[arg(short = 'p', long = "param", value_name = "KEY=VALUE", value_parser = parse_param)]
    pub params: Vec<(String, String)>,
}

/// `pyhw sim`
#[derive(Debug, Arguments)]
#[command(
    long_about = "\
Run a design, with its test bench, on the native simulation kernel

FILE is run as a script. Simulations that it starts run natively. If it starts none, the test bench is the block named \
with --top, or the only block that can be called without arguments.",
    after_help = "Example:\n  pyhw sim bench.py --wave bench.vcd --until 10us"
)]
pub struct Sim {
    /// The design
    pub file: PathBuf,
    /// The test bench.
    #[command(flatten)]
    pub top: Top,
    /// Write waves to this file, OUT.vcd or OUT.fst; those of a second simulation go to OUT.1.vcd, and so on
    #[arg(long, value_name = "OUT", value_parser = parse_wave)]
    pub wave: Option<PathBuf>,
    /// Stop at this time: steps, or a time of 1 ns per step such as 10us
    #[arg(long, value_name = "TIME", value_parser = parse_steps, allow_hyphen_values = true)]
    pub until: Option<u64>,
    /// Seed of Python's random numbers
    #[arg(long, value_name = "N", value_parser = parse_seed, allow_hyphen_values = true)]
    pub seed: Option<u64>,
    /// Run every process in Python, for a debugger, or to compare
    #[arg(long)]
    pub in_python: bool,
    /// Tell why a process is run by Python
    #[arg(short, long)]
    pub verbose: bool,
    /// Arguments for FILE, in its sys.argv
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<OsString>,
}

/// `pyhw emit`
#[derive(Debug, Arguments)]
#[command(
    long_about = "\
Write a design as Verilog, VHDL, C or IR text

The block is the one named with --top, with ports from its annotations. Without --top the blocks are those that FILE itself \
converts: it is run as a script, and its conversion calls say what is emitted. Nothing is written unless all of it could be.",
    after_help = "Example:\n  pyhw emit --verilog uart.py --top uart_tx -p divisor=434 -o build"
)]
#[command(group = ArgGroup::new("language").required(true).multiple(true).args(["verilog", "vhdl", "c", "ir"]))]
pub struct Emit {
    /// Write Verilog-2005
    #[arg(long)]
    pub verilog: bool,
    /// Write VHDL
    #[arg(long)]
    pub vhdl: bool,
    /// Write freestanding C99
    #[arg(long)]
    pub c: bool,
    /// Write IR text
    #[arg(long)]
    pub ir: bool,
    /// The design
    pub file: PathBuf,
    /// The top.
    #[command(flatten)]
    pub top: Top,
    /// The folder to write into; made if it is not there
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub output: PathBuf,
    /// Write one module instead of a hierarchy
    #[arg(long)]
    pub flat: bool,
    /// Leave out initial values of registers, as for an ASIC
    #[arg(long)]
    pub no_init: bool,
    /// The edition of VHDL; 08 if not given
    #[arg(long, value_name = "EDITION")]
    pub std: Option<VhdlStd>,
    /// Print the IR after this pass, and tell of written files on stderr; see `pyhw passes`
    #[arg(long, value_name = "PASS")]
    pub print_after: Vec<String>,
}

/// Editions of VHDL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum VhdlStd {
    /// IEEE 1076-1993
    #[value(name = "93")]
    V93,
    /// IEEE 1076-2008
    #[default]
    #[value(name = "08", alias = "2008")]
    V08,
}

/// `pyhw check`
#[derive(Debug, Arguments)]
#[command(
    long_about = "\
Report every error and warning of a design; write nothing

Blocks are those that FILE converts or simulates (simulations are not run), or the one named with --top, or else every block \
of FILE whose ports are annotated.",
    after_help = "Example:\n  pyhw check uart.py --deny-warnings\n\nA comment silences a warning on its line:\n  q.next = a + b  # pyhw: ignore[PH0313]"
)]
pub struct Check {
    /// The design
    pub file: PathBuf,
    /// The top.
    #[command(flatten)]
    pub top: Top,
    /// Print the IR after this pass; see `pyhw passes`
    #[arg(long, value_name = "PASS")]
    pub print_after: Vec<String>,
}

/// `pyhw ir`
#[derive(Debug, Arguments)]
#[command(after_help = "Example:\n  pyhw ir uart.hwir --run --until 100")]
pub struct Ir {
    /// The IR text; - for the standard input
    pub file: PathBuf,
    /// Run the design instead of printing it, and print what its nets hold at the end
    #[arg(long)]
    pub run: bool,
    /// Stop the run at this time: steps, or a time of 1 ns per step such as 10us
    #[arg(long, value_name = "TIME", value_parser = parse_steps, allow_hyphen_values = true, requires = "run")]
    pub until: Option<u64>,
    /// Write waves of the run to this file, OUT.vcd or OUT.fst
    #[arg(long, value_name = "OUT", value_parser = parse_wave, requires = "run")]
    pub wave: Option<PathBuf>,
    /// Print the IR as it is after this pass instead of as it was read; see `pyhw passes`
    #[arg(long, value_name = "PASS", conflicts_with = "run")]
    pub print_after: Vec<String>,
}

/// `pyhw explain`
#[derive(Debug, Arguments)]
#[command(after_help = "Example:\n  pyhw explain PH0312")]
pub struct Explain {
    /// The code; without one, all codes are listed
    pub code: Option<String>,
}

/// `pyhw completions`
#[derive(Debug, Arguments)]
#[command(after_help = "Example:\n  pyhw completions bash > ~/.local/share/bash-completion/completions/pyhw")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

impl Args {
    /// The same, if no parameter is given twice: of two values one would be lost.
    ///
    /// # Errors
    /// It tells the parameter.
    pub fn with_single_values(self) -> Result<Args, clap::Error> {
        let params = match &self.command {
            Command::Sim(Sim { top, .. })
            | Command::Emit(Emit { top, .. })
            | Command::Check(Check { top, .. }) => &top.params[..],
            Command::Ir(_) | Command::Explain(_) | Command::Passes | Command::Completions(_) => &[],
        };
        let mut known = HashSet::new();
        match params.iter().map(|(key, _)| key).find(|key| !known.insert(*key)) {
            Some(key) => {
                let message = format!("the parameter `{key}` is given twice: `-p {key}=…` stands once");
                Err(Args::command().error(ErrorKind::ArgumentConflict, message))
            }
            None => Ok(self),
        }
    }
}

impl Command {
    /// The design that the command is about.
    pub fn file(&self) -> Option<&PathBuf> {
        match self {
            Command::Sim(Sim { file, .. })
            | Command::Emit(Emit { file, .. })
            | Command::Check(Check { file, .. })
            | Command::Ir(Ir { file, .. }) => Some(file),
            Command::Explain(_) | Command::Passes | Command::Completions(_) => None,
        }
    }

    /// Whether the command elaborates Python.
    pub fn needs_python(&self) -> bool {
        match self {
            Command::Sim(_) | Command::Emit(_) | Command::Check(_) => {
                !self.file().is_some_and(|file| crate::source::is_ir_text(file))
            }
            Command::Ir(_) | Command::Explain(_) | Command::Passes | Command::Completions(_) => false,
        }
    }
}

fn parse_param(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

fn parse_seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 on, at most {}", u64::MAX))
}

fn parse_wave(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("vcd" | "fst") => Ok(path),
        _ => Err("expected a name that ends with .vcd or .fst".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        for command in Args::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Example:\n  pyhw "), "{}", command.get_name());
        }
    }

    #[test]
    fn a_simulation_passes_what_follows_two_dashes() {
        let args = parse("pyhw sim a.py -p n=3 --until 1us -p text=a=b -- -x --top 1").unwrap();
        let Command::Sim(sim) = args.command else { panic!("not sim") };
        assert_eq!(sim.args, ["-x", "--top", "1"]);
        assert_eq!(sim.top.params, [("n".to_owned(), "3".to_owned()), ("text".to_owned(), "a=b".to_owned())]);
        assert_eq!(sim.until, Some(1000));
    }

    #[test]
    fn an_emission_needs_a_language_and_takes_several() {
        assert!(parse("pyhw emit a.py").is_err());
        let args = parse("pyhw emit --verilog --c a.py --std 93").unwrap();
        let Command::Emit(emit) = args.command else { panic!("not emit") };
        assert!(emit.verilog && emit.c && !emit.vhdl && emit.std == Some(VhdlStd::V93));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for line in [
            "pyhw sim a.py -p n",
            "pyhw sim a.py -p =3",
            "pyhw sim a.py --wave x.txt",
            "pyhw sim a.py --until 1h",
            "pyhw sim a.py --until --wave a.vcd",
            "pyhw sim a.py extra",
            "pyhw ir a.hwir --until 3",
            "pyhw completions tcl",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_parameter_has_one_value() {
        for command in ["sim", "check", "emit --c"] {
            let parsed = |params: &str| {
                parse(&format!("pyhw {command} a.py --top t {params}")).and_then(Args::with_single_values)
            };
            assert!(parsed("-p n=3 -p m=3").is_ok());
            let text = parsed("-p n=3 --param n=3").unwrap_err().to_string();
            assert!(text.starts_with("error: the parameter `n` is given twice"), "{text}");
        }
    }

    #[test]
    fn a_number_below_zero_is_told_of_as_what_it_is() {
        for (line, why) in [
            ("pyhw sim a.py --until -5", "expected a number of steps"),
            ("pyhw sim a.py --until -5ns", "expected a number before the unit"),
            ("pyhw sim a.py --seed -1", "expected a whole number from 0 on"),
            ("pyhw ir a.hwir --run --until -5", "expected a number of steps"),
        ] {
            let text = parse(line).unwrap_err().to_string();
            assert!(text.contains(why) && !text.contains("-- -"), "{line}: {text}");
        }
    }

    #[test]
    fn only_python_files_need_python() {
        for (line, needs) in [
            ("pyhw sim a.py", true),
            ("pyhw sim a.hwir", false),
            ("pyhw emit --c a.hwir", false),
            ("pyhw check a", true),
            ("pyhw ir a.py", false),
            ("pyhw explain PH0312", false),
        ] {
            assert_eq!(parse(line).unwrap().command.needs_python(), needs, "{line}");
        }
    }
}
