//! GHDL: a test bench for each design, all of them in one elaboration.

use std::collections::BTreeSet;
use std::process::Command;

use super::bits::Bits;
use super::dut::{Dut, Port, PortKind};
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Notation, Verdict, read_traces, requests, share};
use super::stimulus::{Stimulus, Trace};
use super::verilog::{StimulusShape, folder, is_source, messages_about, stimulus_file};

/// The VHDL standard under which files are analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Std {
    /// `--std=93`.
    V93,
    /// `--std=08`.
    V08,
}

impl Std {
    fn option(self) -> &'static str {
        match self {
            Self::V93 => "--std=93",
            Self::V08 => "--std=08",
        }
    }
}

/// Simulates VHDL designs with GHDL. Any message about an emitted file in analysis or elaboration is an error.
///
/// # Errors
/// One [`ToolError`] for each design that has no complete trace.
pub fn ghdl(tools: &Tools, duts: &[Dut], stimuli: &[Stimulus], std: Std) -> Vec<Result<Trace, ToolError>> {
    let size = GroupSize { least: 16, most: 128 };
    let requests = requests(Tool::Ghdl, duts, stimuli);
    share(tools, Tool::Ghdl, size, requests, |work, items| run_group(tools, work, items, std))
}

fn run_group(tools: &Tools, work: &WorkDir, items: &[Item<'_>], std: Std) -> Result<Group<Trace>, Fault> {
    let mut libraries: Vec<Library> = Vec::new();
    let mut of_item = Vec::new();
    let mut bench = BENCH_HEAD.to_owned();
    for (position, item) in items.iter().enumerate() {
        let mut paths = Vec::new();
        let mut units = BTreeSet::new();
        for (name, text) in &item.dut.sources {
            let path = format!("{}/{name}", folder(position));
            work.write(&path, text)?;
            if is_source(name, &["vhd", "vhdl"]) {
                units.extend(defined_units(text));
                paths.push(path);
            }
        }
        work.write(&format!("d{position}.stim"), &stimulus_file(item.dut, item.stimulus))?;
        // Designs share a library, and so one call of the analyser, unless they define equal names.
        let free = libraries.iter().position(|library| library.units.is_disjoint(&units));
        let library = free.unwrap_or_else(|| {
            libraries.push(Library::default());
            libraries.len() - 1
        });
        libraries[library].units.extend(units);
        libraries[library].paths.extend(paths);
        of_item.push(library);
        bench += &bench_entity(position, item, library);
    }
    bench += &top_entity(items.len());
    work.write("harness.vhd", &bench)?;

    let mut said = String::new();
    let mut broken = None;
    for (index, library) in libraries.iter().enumerate() {
        let name = format!("--work=designs{index}");
        let mut command = Command::new("ghdl");
        command.args(["-a", std.option(), &name]).args(&library.paths);
        let finished = run(&mut command, work.path(), &format!("analyse{index}"), tools.timeout)?;
        said += &finished.output();
        broken = broken.or(finished.succeeded(ToolErrorKind::Rejected).err());
    }
    let mut group = match broken {
        Some(fault) => Group { verdicts: vec![Verdict::Unknown; items.len()], fault: Some(fault) },
        None => simulate(tools, work, items, std, &mut said)?,
    };
    for (position, verdict) in group.verdicts.iter_mut().enumerate() {
        if let Some(output) = messages_about(position, &said) {
            let command = format!("ghdl -a {}", std.option());
            *verdict = Verdict::Failed(Fault { kind: ToolErrorKind::Rejected, command, output });
        }
    }
    Ok(group)
}

fn simulate(
    tools: &Tools,
    work: &WorkDir,
    items: &[Item<'_>],
    std: Std,
    said: &mut String,
) -> Result<Group<Trace>, Fault> {
    let mut command = Command::new("ghdl");
    command.args(["-a", std.option(), "harness.vhd"]);
    let finished = run(&mut command, work.path(), "bench", tools.timeout)?;
    *said += &finished.output();
    finished.succeeded(ToolErrorKind::Rejected)?;
    let changes = |item: &Item<'_>| {
        item.stimulus.steps.len() * (StimulusShape::of(item.dut, item.stimulus).slots + 1) + 10
    };
    let stop = format!("--stop-time={}us", items.iter().map(changes).max().unwrap_or(0));
    let mut command = Command::new("ghdl");
    command.args(["--elab-run", std.option(), "harness", &stop, "--ieee-asserts=disable-at-0"]);
    let finished = run(&mut command, work.path(), "run", tools.timeout)?;
    *said += &finished.stderr;
    Ok(read_traces(items, &finished, Notation::Binary))
}

#[derive(Default)]
struct Library {
    units: BTreeSet<String>,
    paths: Vec<String>,
}

/// The entities and packages that a text defines, in lower case.
fn defined_units(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("--").next().unwrap_or("").to_lowercase() + "\n").collect();
    let words: Vec<&str> = code.split_ascii_whitespace().collect();
    let unit = |three: &[&str]| {
        let defines =
            ["entity", "package", "configuration", "context"].contains(&three[0]) && three[2] == "is";
        (defines && three[1] != "body").then(|| three[1].to_owned())
    };
    words.windows(3).filter_map(unit).collect()
}

const BENCH_HEAD: &str = r#"library ieee;
use ieee.std_logic_1164.all;

package harness_tools is
    function bits(row : string; first : positive; width : positive) return std_logic_vector;
    function number(digits : string) return natural;
    function level(digit : character) return std_logic;
    function image(value : std_logic_vector) return string;
    procedure say(text : string);
end package harness_tools;

use std.textio.all;

package body harness_tools is
    function level(digit : character) return std_logic is
    begin
        if digit = '1' then
            return '1';
        end if;
        return '0';
    end function level;

    function bits(row : string; first : positive; width : positive) return std_logic_vector is
        variable value : std_logic_vector(width - 1 downto 0);
    begin
        for bit_index in 0 to width - 1 loop
            value(width - 1 - bit_index) := level(row(first + bit_index));
        end loop;
        return value;
    end function bits;

    function number(digits : string) return natural is
        variable value : natural := 0;
    begin
        for index in digits'range loop
            value := value * 2;
            if digits(index) = '1' then
                value := value + 1;
            end if;
        end loop;
        return value;
    end function number;

    function image(value : std_logic_vector) return string is
        alias digits : std_logic_vector(1 to value'length) is value;
        variable text : string(1 to value'length);
    begin
        for index in text'range loop
            text(index) := std_logic'image(digits(index))(2);
        end loop;
        return text;
    end function image;

    procedure say(text : string) is
        variable row : line;
    begin
        write(row, text);
        writeline(output, row);
    end procedure say;
end package body harness_tools;
"#;

fn vhdl_type(port: &Port) -> String {
    let name = match port.kind {
        PortKind::Bool => return "std_logic".to_owned(),
        PortKind::Unsigned => "unsigned",
        PortKind::Signed => "signed",
        PortKind::Bits => "std_logic_vector",
    };
    format!("{name}({} downto 0)", port.width - 1)
}

fn initial_value(port: &Port) -> String {
    let quote = if port.kind == PortKind::Bool { '\'' } else { '"' };
    let digits = Bits::new(port.width, port.init.clone());
    let digits = digits.known().map_or_else(String::new, |value| value.to_str_radix(2));
    format!("{quote}{digits:0>width$}{quote}", width = port.width as usize)
}

/// The test bench of one item. Its design settles for a microsecond after each change.
fn bench_entity(position: usize, item: &Item<'_>, library: usize) -> String {
    let (dut, shape) = (item.dut, StimulusShape::of(item.dut, item.stimulus));
    let (mut signals, mut maps) = (String::new(), Vec::new());
    for (index, clock) in dut.clocks.iter().enumerate() {
        signals += &format!("    signal c{index} : std_logic := '{}';\n", u8::from(clock.idle));
        maps.push(format!("{} => c{index}", clock.name));
    }
    for (index, port) in dut.inputs.iter().enumerate() {
        signals += &format!("    signal i{index} : {} := {};\n", vhdl_type(port), initial_value(port));
        maps.push(format!("{} => i{index}", port.indexed('(', ')')));
    }
    for (index, port) in dut.outputs.iter().enumerate() {
        signals += &format!("    signal o{index} : {};\n", vhdl_type(port));
        maps.push(format!("{} => o{index}", port.indexed('(', ')')));
    }
    let slot = shape.slot_bits();
    let (mut assigns, mut first) = (String::new(), 1 + shape.slots * slot);
    for (index, port) in dut.inputs.iter().enumerate() {
        let value = match port.kind {
            PortKind::Bool => format!("level(word({first}))"),
            PortKind::Unsigned => format!("unsigned(bits(word, {first}, {}))", port.width),
            PortKind::Signed => format!("signed(bits(word, {first}, {}))", port.width),
            PortKind::Bits => format!("bits(word, {first}, {})", port.width),
        };
        assigns += &format!("            i{index} <= {value};\n");
        first += port.width as usize;
    }
    let mut edges = String::new();
    if shape.slots > 0 {
        edges += &format!("            for slot in 0 to {} loop\n", shape.slots - 1);
        edges +=
            &format!("                at := slot * {slot} + 1;\n                if word(at) = '1' then\n");
        edges += &format!("                    case number(word(at + 1 to at + {})) is\n", shape.clock_bits);
        for index in 0..dut.clocks.len() {
            let level = format!("level(word(at + {}))", shape.clock_bits + 1);
            edges += &format!("                        when {index} => c{index} <= {level};\n");
        }
        edges += "                        when others => null;\n                    end case;\n";
        edges += "                    wait for 1 us;\n                end if;\n            end loop;\n";
    }
    let image = |(index, port): (usize, &Port)| match port.kind {
        PortKind::Bool => format!(" & \" \" & std_logic'image(o{index})(2)"),
        PortKind::Unsigned | PortKind::Signed | PortKind::Bits => {
            format!(" & \" \" & image(std_logic_vector(o{index}))")
        }
    };
    let values: String = dut.outputs.iter().enumerate().map(image).collect();
    format!(
        r#"
library ieee, designs{library};
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;
use work.harness_tools.all;

entity harness_{position} is
end entity harness_{position};

architecture bench of harness_{position} is
{signals}begin
    dut : entity designs{library}.{name}{map};

    drive : process
        file stimulus : text open read_mode is "d{position}.stim";
        variable row : line;
        variable word : string(1 to {line_bits});
        variable step : natural := 0;
        variable at : positive;
    begin
        wait for 1 us;
        while not endfile(stimulus) loop
            readline(stimulus, row);
            read(row, word);
{assigns}            wait for 1 us;
{edges}            say("@T {position} " & integer'image(step){values});
            step := step + 1;
        end loop;
        say("@E {position}");
        wait;
    end process drive;
end architecture bench;
"#,
        name = dut.name,
        map = if maps.is_empty() { String::new() } else { format!(" port map ({})", maps.join(", ")) },
        line_bits = shape.line_bits(),
    )
}

fn top_entity(count: usize) -> String {
    let instances: String =
        (0..count).map(|position| format!("    h{position} : entity work.harness_{position};\n")).collect();
    format!(
        "\nentity harness is\nend entity harness;\n\narchitecture bench of harness is\nbegin\n{instances}\
         end architecture bench;\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_without_regard_to_case_and_comments() {
        let text = "-- entity no is\nENTITY Fifo IS\nend entity fifo;\narchitecture rtl of fifo is\n\
                    u : entity work.leaf port map (a);\npackage types is\npackage body types is\n";
        assert_eq!(defined_units(text), ["fifo", "types"]);
    }
}
