//! Benches for GHDL: all modules of a run in one elaboration, compared line by line.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::WorkDir;
use super::exprs::port_bits;
use pyhw_ir::*;
use pyhw_vhdl::{Options, emit};
use std::fs;
use std::process::Command;

/// A module as the only one of a design, the values of its inputs for each step, and what its outputs show after it.
pub struct Trial {
    pub design: Design,
    pub steps: Vec<Step>,
}

/// One step: nets of the top with the values that they take, and nets with the values that they then have.
pub struct Step {
    pub set: Vec<(NetId, Value)>,
    /// A clock that rises after that, if there is one.
    pub clock: Option<NetId>,
    pub get: Vec<(NetId, Value)>,
}

/// The bench of a trial, which writes a line for each value that it gets, and the lines that are right.
fn bench(trial: &Trial) -> (String, Vec<String>) {
    let types = &trial.design.types;
    let module = trial.design.top_module().unwrap();
    let name = &module.name;
    let mut signals = String::new();
    let mut body = String::new();
    let mut expected = Vec::new();
    for port in &module.ports {
        let net = module.net(port.net);
        let of = match &net.ty {
            Type::Bool => "std_logic".to_owned(),
            Type::Enum(id) => format!("unsigned({} downto 0)", types.enums[id.index()].width_bits - 1),
            ty => {
                let range = ty.range().unwrap();
                let sign = if range.is_signed() { "signed" } else { "unsigned" };
                format!("{sign}({} downto 0)", range.width_bits().unwrap() - 1)
            }
        };
        signals.push_str(&format!("    signal {} : {of} := {};\n", net.name, literal(net, &net.init, types)));
    }
    for (index, step) in trial.steps.iter().enumerate() {
        for (id, value) in &step.set {
            let net = module.net(*id);
            body.push_str(&format!("        {} <= {};\n", net.name, literal(net, value, types)));
        }
        body.push_str("        wait for 1 ns;\n");
        if let Some(clock) = step.clock {
            let clock = &module.net(clock).name;
            body.push_str(&format!("        {clock} <= '1';\n        wait for 1 ns;\n"));
            body.push_str(&format!("        {clock} <= '0';\n        wait for 1 ns;\n"));
        }
        for (id, value) in &step.get {
            let net = module.net(*id);
            let shown = if net.ty == Type::Bool {
                format!("std_logic_vector'(0 => {})", net.name)
            } else {
                format!("std_logic_vector({})", net.name)
            };
            body.push_str(&format!("        show(\"{name} {index} {} \", {shown});\n", net.name));
            expected.push(format!("{name} {index} {} {}", net.name, port_bits(value, &net.ty, types)));
        }
    }
    let map: Vec<String> = module
        .ports
        .iter()
        .map(|port| &module.net(port.net).name)
        .map(|name| format!("{name} => {name}"))
        .collect();
    let text = format!(
        "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\nuse std.textio.all;\n\n\
         entity {name}_bench is\nend entity {name}_bench;\n\n\
         architecture sim of {name}_bench is\n{signals}\n{SHOW}begin\n    \
         dut : entity work.{name} port map ({});\n\n    process is\n    begin\n{body}        wait;\n    \
         end process;\nend architecture sim;\n",
        map.join(", ")
    );
    (text, expected)
}

fn literal(net: &Net, value: &Value, types: &Types) -> String {
    let quote = if net.ty == Type::Bool { '\'' } else { '"' };
    format!("{quote}{}{quote}", port_bits(value, &net.ty, types))
}

const SHOW: &str = "
    procedure show(head : string; value : std_logic_vector) is
        variable bits : string(1 to value'length);
        alias digits : std_logic_vector(1 to value'length) is value;
    begin
        for at in digits'range loop
            case digits(at) is
                when '0' => bits(at) := '0';
                when '1' => bits(at) := '1';
                when others => bits(at) := 'X';
            end case;
        end loop;
        write(output, head & bits & LF);
    end procedure show;
";

/// Emits the designs, runs them in GHDL under both standards, and compares every value. `name` names the run in messages.
pub fn compare(name: &str, trials: &[Trial]) {
    let mut files = Vec::new();
    let mut expected = Vec::new();
    let mut top = String::from("entity all_benches is\nend entity all_benches;\n\n");
    top.push_str("architecture sim of all_benches is\nbegin\n");
    for (index, trial) in trials.iter().enumerate() {
        let faults = verify::verify(&trial.design);
        assert!(faults.is_empty(), "{name}: {}", super::told(&faults));
        let emitted = emit(&trial.design, &Options::default())
            .unwrap_or_else(|errors| panic!("{name}: {}", super::told(&errors)));
        files.push((format!("dut{index}.vhd"), emitted[0].text.clone()));
        let (text, lines) = bench(trial);
        files.push((format!("bench{index}.vhd"), text));
        expected.extend(lines);
        top.push_str(&format!(
            "    u{index} : entity work.{}_bench;\n",
            trial.design.top_module().unwrap().name
        ));
    }
    top.push_str("end architecture sim;\n");
    files.push(("top.vhd".to_owned(), top));
    expected.sort_unstable();
    for std in ["--std=93", "--std=08"] {
        let work = WorkDir::new(&format!("{name}{std}"));
        for (name, text) in &files {
            fs::write(work.path().join(name), text).unwrap();
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let run = |args: &[&str]| {
            let output = Command::new("timeout")
                .arg("300")
                .arg("ghdl")
                .args(args)
                .current_dir(work.path())
                .output()
                .unwrap();
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            (text(output.stdout), text(output.stderr))
        };
        let (said, errors) = run(&[&["-a", std][..], &names].concat());
        assert!(said.is_empty() && errors.is_empty(), "{name} {std}: {said}{errors}");
        let (said, errors) = run(&["--elab-run", std, "all_benches"]);
        let mut lines: Vec<&str> = said.lines().filter(|line| line.starts_with("dut")).collect();
        lines.sort_unstable();
        let differ: Vec<String> = expected
            .iter()
            .filter(|line| lines.binary_search(&line.as_str()).is_err())
            .take(10)
            .map(|line| {
                let head = &line[..line.rfind(' ').unwrap() + 1];
                let given = lines.iter().find(|line| line.starts_with(head)).copied().unwrap_or("nothing");
                format!("wanted {line}\n given {given}\n{}", source_of(&files, head))
            })
            .collect();
        let noise: Vec<&str> = said
            .lines()
            .chain(errors.lines())
            .filter(|line| line.contains("warning") || line.contains("error"))
            .take(10)
            .collect();
        assert!(differ.is_empty(), "{name} {std}:\n{}\n{noise:#?}", differ.join("\n"));
        assert!(noise.is_empty(), "{name} {std}: {noise:#?}");
    }
}

/// The emitted line that gives an output its value.
fn source_of(files: &[(String, String)], head: &str) -> String {
    let words: Vec<&str> = head.split_whitespace().collect();
    let file = format!("{}.vhd", words[0]);
    let target = format!("{} <=", words[2]);
    let text = files.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| text);
    let is_store = |line: &&str| line.split_whitespace().collect::<Vec<_>>().join(" ").starts_with(&target);
    text.lines().filter(is_store).collect::<Vec<_>>().join("\n")
}
