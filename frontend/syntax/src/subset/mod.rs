//! The table of what may stand where: one row per construct of Python.
//!
//! Elaboration is all of Python, run by the host. Processes are compiled, so they are written in a subset; test
//! benches have a few constructs more. What a row accepts may still be an error for another reason, such as a
//! type; what it refuses makes the host run a process of a simulation, and is PH0201 where something is emitted.

mod check;
mod table;

pub use check::{check, constructs, diagnostic};
pub use table::{Construct, Row};

use std::fmt;

/// Where code stands, from the place that accepts most to the one that accepts least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Module level and the bodies of blocks and classes: run by Python itself.
    Elaboration,
    /// A process of a test bench: simulated, never emitted.
    TestBench,
    /// A process of hardware or firmware, and functions that it calls.
    Process,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Elaboration => "elaboration only",
            Place::TestBench => "test benches",
            Place::Process => "processes",
        })
    }
}

impl Construct {
    /// Whether it may stand there.
    pub fn accepted_in(self, place: Place) -> bool {
        place <= self.row().accepted
    }
}

/// The table as Markdown, for the documentation.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The subset\n\n\
         Elaboration (module level, the bodies of blocks, classes) is all of Python. Processes of hardware and\n\
         firmware, and the functions that they call, are written in the subset of this table. Processes of test\n\
         benches may also use what is marked *test benches*; a process that uses more is run by Python.\n\n\
         This page is generated: `cargo run -p pyhw-syntax --example subset_table`.\n",
    );
    let mut section = "";
    for construct in Construct::ALL {
        let row = construct.row();
        if row.section != section {
            section = row.section;
            text.push_str(&format!(
                "\n## {section}\n\n| construct | example | accepted in | note |\n| --- | --- | --- | --- |\n"
            ));
        }
        let example = row.example.replace('|', "\\|").replace('\n', "`<br>`");
        let accepted = match row.accepted {
            Place::Elaboration => "elaboration only",
            Place::TestBench => "*test benches*",
            Place::Process => "**processes**",
        };
        text.push_str(&format!(
            "| {} | `{example}` | {accepted} | {} |\n",
            row.name,
            row.note.replace('|', "\\|")
        ));
    }
    text
}
