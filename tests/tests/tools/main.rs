//! The runners on hand-written designs: those that are right must agree with a model in Rust, and those that are wrong
//! in any way must be found, without harm to their neighbours in the same run.

mod duts;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use duts::Case;
use libtest_mimic::{Arguments, Failed};
use pyhw_tests::tools::{
    Checks, Disagreement, Dut, HostMode, Language, MissingTools, Runner, Std, Stimulus, Tool, ToolError,
    ToolErrorKind, Tools, Trace, agree, cppcheck, trial, verilator_lint, yosys_synth,
};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut tools = Tools::find(env!("CARGO_TARGET_TMPDIR"));
    tools.threads = 2;
    let (tools, missing) = (Arc::new(tools), MissingTools::for_ci(std::env::var_os("CI").as_deref()));
    let mut trials = Vec::new();
    for runner in Runner::ALL {
        let name = runner.name();
        let mut add = |what: &str, test: fn(&Tools, Runner) -> Result<(), Failed>| {
            let shared = Arc::clone(&tools);
            trials.push(trial(&tools, missing, &[runner.tool()], format!("{name} {what}"), move || {
                test(&shared, runner)
            }));
        };
        add("agrees with the models, and finds wrong and broken designs", agreement);
    }
    let mut add = |tool: Tool, name: &str, test: fn(&Tools) -> Result<(), Failed>| {
        let shared = Arc::clone(&tools);
        trials.push(trial(&tools, missing, &[tool], name, move || test(&shared)));
    };
    add(Tool::Icarus, "icarus shows an X as a difference", |tools| unknown_is_found(tools, Runner::Icarus));
    add(Tool::Ghdl, "ghdl shows a U as a difference", |tools| {
        unknown_is_found(tools, Runner::Ghdl(Std::V93))
    });
    add(Tool::Icarus, "icarus gives up on a design that never settles", verilog_hang);
    add(Tool::HostC, "host-c gives up on a design that never ends", c_hang);
    add(Tool::HostC, "host-c finds a field out of its range", out_of_range);
    add(Tool::HostC, "host-c refuses what compiles with a warning", c_warning);
    add(Tool::HostC, "host-c-sanitized finds undefined behaviour", undefined_behaviour);
    add(Tool::Avr, "avr-c takes the bigger device where the smaller one is too small", big_state);
    add(Tool::Verilator, "verilator-lint passes clean designs and names a warning", lint_verilator);
    add(Tool::Yosys, "yosys passes clean designs and finds two drivers", lint_yosys);
    add(Tool::Cppcheck, "cppcheck passes clean designs and names a finding", lint_cppcheck);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(condition: bool, what: impl Into<String>) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(what.into().into()) }
}

/// The error of a design that must fail; its kept files are removed.
fn expect_error<T>(result: Result<T, ToolError>) -> Result<ToolError, Failed> {
    let Err(error) = result else { return Err("the design must fail, and does not".into()) };
    if let Some(work) = &error.work {
        std::fs::remove_dir_all(work)?;
    }
    Ok(error)
}

fn expect_success<T>(result: Result<T, ToolError>) -> Result<(), Failed> {
    result.map(|_| ()).map_err(|error| error.to_string().into())
}

fn split(cases: &[Case]) -> (Vec<Dut>, Vec<Stimulus>, Vec<Trace>) {
    let duts = cases.iter().map(|case| case.dut.clone()).collect();
    let stimuli = cases.iter().map(|case| case.stimulus.clone()).collect();
    (duts, stimuli, cases.iter().map(|case| case.expected.clone()).collect())
}

fn run(tools: &Tools, runner: Runner, cases: &[Case]) -> Vec<Result<Trace, ToolError>> {
    let (duts, stimuli, _) = split(cases);
    runner.run(tools, &duts, &stimuli)
}

fn agreement(tools: &Tools, runner: Runner) -> Result<(), Failed> {
    let mut cases = duts::all(runner.language());
    let good = cases.len();
    cases.insert(2, duts::wrong_signs(runner.language()));
    let mut broken = duts::uart_tx(runner.language());
    duts::change(&mut broken, "broken", |text| text.replace("index", "index ?"));
    cases.push(broken);
    let (duts, stimuli, expected) = split(&cases);
    let mut agreed = 0;
    for (index, result) in agree(tools, runner, &duts, &stimuli, &expected).into_iter().enumerate() {
        match (duts[index].name.as_str(), result) {
            ("wrong", Err(Disagreement::Trace { what, difference, table, files })) => {
                check(
                    difference.output == Some(1),
                    format!("{what} differs elsewhere: {difference}\n{table}"),
                )?;
                check(table.contains("(expected 1'h0)"), table)?;
                check(Path::new(&files).join(&duts[index].sources[0].0).is_file(), files.clone())?;
                std::fs::remove_dir_all(files)?;
            }
            ("broken", Err(Disagreement::Tool(error))) => {
                let error = expect_error::<()>(Err(*error))?;
                check(error.kind == ToolErrorKind::Rejected, error.to_string())?;
                check(error.output.contains("broken."), format!("the file is not named: {error}"))?;
            }
            ("wrong" | "broken", Ok(())) => return Err(format!("{} was not found", duts[index].name).into()),
            (_, Err(disagreement)) => return Err(disagreement.to_string().into()),
            (_, Ok(())) => agreed += 1,
        }
    }
    check(agreed == good, format!("{agreed} of {good} agree"))
}

/// A register without an initial value or reset, which two of the tools can show.
fn unknown_is_found(tools: &Tools, runner: Runner) -> Result<(), Failed> {
    let mut case = duts::two_clocks(runner.language());
    duts::change(&mut case, "unset", |text| {
        text.replace("initial copy = 8'h5a;", "").replace(" := to_unsigned(90, 8)", "")
    });
    let (_, _, expected) = split(std::slice::from_ref(&case));
    let trace = run(tools, runner, std::slice::from_ref(&case)).remove(0)?;
    let Some(difference) = trace.first_difference(&expected[0]) else {
        return Err("X was taken for a value".into());
    };
    let found = difference.found.map(|bits| bits.to_string());
    check(found.as_deref() == Some("8'bxxxxxxxx"), format!("{found:?}"))
}

fn impatient(tools: &Tools) -> Tools {
    let mut tools = tools.clone();
    tools.timeout = Duration::from_secs(3);
    tools
}

fn verilog_hang(tools: &Tools) -> Result<(), Failed> {
    let mut loops = duts::wide_adder(Language::Verilog);
    loops.dut.sources.truncate(1);
    let text = "module loops (input wire [129:0] a, input wire [129:0] b, output wire [130:0] total);\n\
                reg ring = 1'b0;\nalways @(a) ring = ~ring;\nalways @(ring) ring <= ~ring;\n\
                assign total = {131{ring}} & {1'b0, b};\nendmodule\n";
    duts::change(&mut loops, "loops", |_| text.to_owned());
    let mut results = run(&impatient(tools), Runner::Icarus, &[loops, duts::signs(Language::Verilog)]);
    expect_success(results.remove(1))?;
    let error = expect_error(results.remove(0))?;
    check(error.kind == ToolErrorKind::TimedOut, error.to_string())
}

fn c_hang(tools: &Tools) -> Result<(), Failed> {
    let mut hangs = duts::uart_tx(Language::C);
    duts::change(&mut hangs, "hangs", |text| text.replace("if (self->start) {", "while (self->start) {"));
    let cases = [duts::signs(Language::C), hangs, duts::two_clocks(Language::C)];
    let mut results = run(&impatient(tools), Runner::Host(HostMode::Plain), &cases);
    expect_success(results.remove(2))?;
    let error = expect_error(results.remove(1))?;
    check(error.kind == ToolErrorKind::TimedOut, error.to_string())?;
    expect_success(results.remove(0))
}

fn out_of_range(tools: &Tools) -> Result<(), Failed> {
    let mut case = duts::signs(Language::C);
    duts::change(&mut case, "unmasked", |text| {
        text.replace("(int8_t)((self->a - (self->a & 1)) / 2)", "(int8_t)(self->a ^ 0x40)")
    });
    let error = expect_error(run(tools, Runner::Host(HostMode::Plain), &[case]).remove(0))?;
    match &error.kind {
        ToolErrorKind::OutOfRange(text) => check(text.contains("`half` (7 bits)"), text.clone()),
        other => Err(format!("{other:?}").into()),
    }
}

fn c_warning(tools: &Tools) -> Result<(), Failed> {
    let mut case = duts::uart_tx(Language::C);
    duts::change(&mut case, "narrowing", |text| {
        text.replace("(uint8_t)(self->shift >> 1)", "self->shift * 0x101 >> 9")
    });
    let error = expect_error(run(tools, Runner::Host(HostMode::Plain), &[case]).remove(0))?;
    check(error.output.contains("-Werror=conversion"), error.to_string())
}

fn undefined_behaviour(tools: &Tools) -> Result<(), Failed> {
    let mut case = duts::signs(Language::C);
    duts::change(&mut case, "overflows", |text| {
        text.replace("(int16_t)(self->a * self->b)", "(int16_t)((self->a * 0x2000000 * self->b) / 0x2000000)")
    });
    let cases = [duts::two_clocks(Language::C), case, duts::uart_tx(Language::C)];
    let mut results = run(tools, Runner::Host(HostMode::Sanitized), &cases);
    expect_success(results.remove(2))?;
    let error = expect_error(results.remove(1))?;
    check(error.output.contains("signed integer overflow"), error.to_string())?;
    expect_success(results.remove(0))
}

fn big_state(tools: &Tools) -> Result<(), Failed> {
    let mut case = duts::uart_tx(Language::C);
    duts::change(&mut case, "roomy", |text| {
        text.replace("uint8_t tick; ", "uint8_t memory[4000];\n    uint8_t tick; ")
    });
    let (_, _, expected) = split(std::slice::from_ref(&case));
    let trace = run(tools, Runner::Avr, &[case.clone()]).remove(0)?;
    check(trace.first_difference(&expected[0]).is_none(), "the traces differ")?;
    duts::change(&mut case, "vast", |text| text.replace("memory[4000]", "memory[20000]"));
    let error = expect_error(run(tools, Runner::Avr, &[case]).remove(0))?;
    check(error.kind == ToolErrorKind::TooBig, error.to_string())
}

/// All good designs pass; the last one, a changed one, does not, and the error says `message`.
fn lint(
    language: Language,
    message: &str,
    tool: impl Fn(&[Dut]) -> Vec<Result<(), ToolError>>,
    replace: impl Fn(&str) -> String,
) -> Result<(), Failed> {
    let mut cases = duts::all(language);
    let mut bad = duts::uart_tx(language);
    duts::change(&mut bad, "bad", replace);
    cases.insert(1, bad);
    let (duts, _, _) = split(&cases);
    for (index, result) in tool(&duts).into_iter().enumerate() {
        if index == 1 {
            let error = expect_error(result)?;
            check(error.output.contains(message), error.to_string())?;
        } else {
            expect_success(result)?;
        }
    }
    Ok(())
}

fn lint_verilator(tools: &Tools) -> Result<(), Failed> {
    let tool = |duts: &[Dut]| verilator_lint(tools, duts);
    lint(Language::Verilog, "WIDTH", tool, |text| text.replace("index + 3'd1", "index + 4'd1"))
}

fn lint_yosys(tools: &Tools) -> Result<(), Failed> {
    let tool = |duts: &[Dut]| yosys_synth(tools, duts);
    lint(Language::Verilog, "multiple conflicting drivers", tool, |text| {
        text.replace("assign busy", "assign busy = rst;\n    assign busy")
    })
}

fn lint_cppcheck(tools: &Tools) -> Result<(), Failed> {
    let tool = |duts: &[Dut]| cppcheck(tools, duts, &vec![Checks::All; duts.len()]);
    lint(Language::C, "uninitvar", tool, |text| {
        text.replace("self->tx = false;", "bool level;\n            self->tx = level;")
    })
}
