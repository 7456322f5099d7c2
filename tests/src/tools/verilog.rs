//! What the Verilog and VHDL runners share: the stimulus file, writing sources, and keeping equal names apart.

use std::collections::{BTreeMap, BTreeSet};

use super::dut::{Dut, Port};
use super::process::{Fault, WorkDir};
use super::share::Item;
use super::stimulus::Stimulus;

/// The shape of one line of a stimulus file: `slots` edge slots, then all inputs, each most significant bit first.
/// A slot is a valid bit, `clock_bits` bits of clock index and the level after the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StimulusShape {
    pub(super) slots: usize,
    pub(super) clock_bits: usize,
    pub(super) input_bits: usize,
}

impl StimulusShape {
    pub(super) fn of(dut: &Dut, stimulus: &Stimulus) -> Self {
        let clocks = dut.clocks.len().max(2);
        Self {
            slots: stimulus.steps.iter().map(|step| step.edges.len()).max().unwrap_or(0),
            clock_bits: (usize::BITS - (clocks - 1).leading_zeros()) as usize,
            input_bits: dut.inputs.iter().map(|port| port.width as usize).sum(),
        }
    }

    /// Bits of one edge slot.
    pub(super) fn slot_bits(self) -> usize {
        self.clock_bits + 2
    }

    /// Characters of one line; at least one, so that no tool meets an empty vector.
    pub(super) fn line_bits(self) -> usize {
        (self.slots * self.slot_bits() + self.input_bits).max(1)
    }
}

/// The stimulus as lines of 0 and 1, one for each step.
pub(super) fn stimulus_file(dut: &Dut, stimulus: &Stimulus) -> String {
    let shape = StimulusShape::of(dut, stimulus);
    let mut text = String::new();
    for step in &stimulus.steps {
        let mut line = String::new();
        for slot in 0..shape.slots {
            match step.edges.get(slot) {
                Some(edge) => {
                    line += &format!(
                        "1{:0width$b}{}",
                        edge.clock,
                        u8::from(edge.level),
                        width = shape.clock_bits
                    );
                }
                None => line += &"0".repeat(shape.slot_bits()),
            }
        }
        for (port, value) in dut.inputs.iter().zip(&step.inputs) {
            line += &format!("{:0>width$}", value.to_str_radix(2), width = port.width as usize);
        }
        if line.is_empty() {
            line.push('0');
        }
        text += &line;
        text.push('\n');
    }
    text
}

/// The connections of ports, each with its net. An array port is a vector, of which the first element is the lowest.
pub(super) fn connections<'a>(nets: impl IntoIterator<Item = (&'a Port, String)>) -> Vec<(&'a str, String)> {
    let mut list: Vec<(&Port, Vec<String>)> = Vec::new();
    for (port, net) in nets {
        match list.last_mut() {
            Some((first, nets)) if first.name == port.name => nets.insert(0, net),
            _ => list.push((port, vec![net])),
        }
    }
    let text = |port: &Port, nets: Vec<String>| {
        if port.place.is_empty() { nets.concat() } else { format!("{{{}}}", nets.join(", ")) }
    };
    list.into_iter().map(|(port, nets)| (&port.name[..], text(port, nets))).collect()
}

/// Whether a tool is given the file on its command line.
pub(super) fn is_source(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}

/// The folder of an item's files within the work folder.
pub(super) fn folder(position: usize) -> String {
    format!("d{position}")
}

/// A tool's messages about the files of one item, or None. Tools begin a message with the file's path; what follows it
/// (excerpts, notes) is taken along.
pub(super) fn messages_about(position: usize, output: &str) -> Option<String> {
    let prefix = format!("{}/", folder(position));
    let starts = |line: &str| {
        line.match_indices(&prefix)
            .any(|(at, _)| at == 0 || line[..at].ends_with([' ', '\'', '"', '`', '(', '/']))
    };
    let lines: Vec<&str> = output.lines().filter(|line| starts(line)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The Verilog designs of one run with their sources written. Where two designs define a module of the same name, the
/// later one's is renamed throughout its sources; all other texts are left as they are.
pub(super) struct VerilogFiles {
    /// For each item, the paths of its sources relative to the work folder.
    pub(super) paths: Vec<Vec<String>>,
    renamed: Vec<BTreeMap<String, String>>,
}

impl VerilogFiles {
    pub(super) fn write(work: &WorkDir, items: &[Item<'_>]) -> Result<Self, Fault> {
        let mut files = Self { paths: Vec::new(), renamed: Vec::new() };
        let mut taken = BTreeSet::new();
        for (position, item) in items.iter().enumerate() {
            let sources = || item.dut.sources.iter().filter(|(name, _)| is_source(name, &["v", "sv"]));
            let defined: BTreeSet<String> = sources().flat_map(|(_, text)| defined_modules(text)).collect();
            let clashes = defined.intersection(&taken).cloned();
            let names: BTreeMap<_, _> =
                clashes.map(|old| (old.clone(), format!("{old}_d{position}"))).collect();
            taken.extend(defined);
            for (name, text) in &item.dut.sources {
                let path = format!("{}/{name}", folder(position));
                let is_source = is_source(name, &["v", "sv"]);
                if is_source && !names.is_empty() {
                    work.write(&path, &rename(text, &names))?;
                } else {
                    work.write(&path, text)?;
                }
            }
            files.paths.push(sources().map(|(name, _)| format!("{}/{name}", folder(position))).collect());
            files.renamed.push(names);
        }
        Ok(files)
    }

    /// The name that an identifier of an item's sources has in the written files.
    pub(super) fn name<'a>(&'a self, position: usize, name: &'a str) -> &'a str {
        self.renamed.get(position).and_then(|names| names.get(name)).map_or(name, String::as_str)
    }
}

/// The pieces of a Verilog text: identifiers, and everything between them.
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let bytes = text.as_bytes();
    let mut list = Vec::new();
    let (mut from, mut at) = (0, 0);
    let skip_to =
        |at: usize, end: &str| text[at..].find(end).map_or(text.len(), |found| at + found + end.len());
    while at < bytes.len() {
        let rest = &text[at..];
        if rest.starts_with("//") {
            at = skip_to(at, "\n");
        } else if rest.starts_with("/*") {
            at = skip_to(at + 2, "*/");
        } else if rest.starts_with('"') {
            at += 1;
            while at < bytes.len() && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            at = (at + 1).min(bytes.len());
            while !text.is_char_boundary(at) {
                at += 1;
            }
        } else if rest.starts_with('\\') {
            at = rest.find(char::is_whitespace).map_or(text.len(), |found| at + found);
        } else if rest.starts_with(['`', '$']) {
            // A directive or a system task is never a module of ours.
            let end = rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            at = end.map_or(text.len(), |found| at + 1 + found);
        } else if bytes[at].is_ascii_alphabetic() || bytes[at] == b'_' {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '$'));
            let end = end.map_or(text.len(), |found| at + found);
            list.push((false, &text[from..at]));
            list.push((true, &text[at..end]));
            (from, at) = (end, end);
        } else if bytes[at].is_ascii_digit() || bytes[at] == b'\'' {
            // A number with its base, whose digits may look like a name: 8'hab.
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '\''));
            at = end.map_or(text.len(), |found| at + found);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    list.push((false, &text[from..]));
    list
}

fn defined_modules(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut after_keyword = false;
    for (is_name, piece) in pieces(text) {
        if !is_name {
            continue;
        }
        if after_keyword && piece != "automatic" && piece != "static" {
            names.push(piece.to_owned());
            after_keyword = false;
        }
        after_keyword = after_keyword || ["module", "macromodule", "package", "interface"].contains(&piece);
    }
    names
}

fn rename(text: &str, names: &BTreeMap<String, String>) -> String {
    let new = |(is_name, piece): (bool, &str)| match names.get(piece) {
        Some(name) if is_name => name.clone(),
        Some(_) | None => piece.to_owned(),
    };
    pieces(text).into_iter().map(new).collect()
}

#[cfg(test)]
mod tests {
    use super::super::dut::{Clock, Port};
    use super::super::stimulus::Step;
    use super::*;

    #[test]
    fn modules_are_found_and_renamed_outside_comments_and_strings() {
        let text = "// module no\nmodule fifo (input a); /* fifo */ initial $display(\"fifo \\\" fifo\");\n\
                    leaf fifo(8'hfifo, fifo_x, \\fifo );\nendmodule\nmodule leaf; endmodule\n";
        assert_eq!(defined_modules(text), ["fifo", "leaf"]);
        let names = BTreeMap::from([("fifo".to_owned(), "other".to_owned())]);
        let expected = text.replace("module fifo", "module other").replace("leaf fifo(", "leaf other(");
        assert_eq!(rename(text, &names), expected);
    }

    #[test]
    fn unfinished_text_is_no_fault() {
        for text in ["\"abc\\", "/* x", "// x", "module", "\"é\\é", "\\", "$", "`define"] {
            assert_eq!(rename(text, &BTreeMap::new()), text);
            let _ = defined_modules(text);
        }
    }

    #[test]
    fn a_stimulus_line_has_its_edges_first() {
        let dut = Dut {
            name: "d".to_owned(),
            sources: Vec::new(),
            clocks: vec![Clock::new("a"), Clock::new("b")],
            inputs: vec![Port::unsigned("x", 3), Port::bool("y")],
            outputs: Vec::new(),
            c: None,
        };
        let steps =
            vec![Step::new(vec![5u8.into(), 1u8.into()]).tick(1), Step::new(vec![1u8.into(), 0u8.into()])];
        assert_eq!(stimulus_file(&dut, &Stimulus { steps }), "1111101011\n0000000010\n");
        assert_eq!(
            stimulus_file(&Dut { inputs: vec![], ..dut }, &Stimulus { steps: vec![Step::default()] }),
            "0\n"
        );
    }

    #[test]
    fn the_elements_of_an_array_port_are_one_vector() {
        let element = |index| Port::unsigned("x", 3).at(vec![index]);
        let ports = [Port::bool("e"), element(0), element(1), Port::unsigned("y", 2)];
        let nets = ports.iter().enumerate().map(|(index, port)| (port, format!("n{index}")));
        let expected = [("e", "n0"), ("x", "{n2, n1}"), ("y", "n3")];
        assert_eq!(connections(nets), expected.map(|(name, net)| (name, net.to_owned())));
    }

    #[test]
    fn messages_are_given_to_the_design_that_they_are_about() {
        let output = "d1/a.v:3: warning: x\nd11/b.v:4: error\nharness.v:1: d1 is odd\n";
        assert_eq!(messages_about(1, output).unwrap(), "d1/a.v:3: warning: x");
        assert_eq!(messages_about(2, output), None);
    }
}
