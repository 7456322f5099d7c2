//! Indices that intervals do not keep within their arrays: each is tested where nothing on its path has tested it, and only there.

mod common;

use common::*;
use pyhw_ir::Design;

/// A design with the ports and memories below, and one process.
fn design(name: &str, process: &str) -> Design {
    let text = format!(
        "hwir 1
module {name} {{
  in %clk: bool = false
  in %at: u5 = 0
  in %to: s6 = 0
  in %value: u8 = 0
  out %y: u8 = 0
  out %z: u8 = 0
  net %place: u5 = 0
  net %data: array[u8, 20] = [1 x 20]
  net %places: array[u5, 20] = [1 x 20]

  process p {process}
}}

top {name}
"
    );
    pyhw_ir::parse::parse(&text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

struct Case {
    name: &'static str,
    process: &'static str,
    /// Lines of the C, in order; `data` stands for the memory or the table that it became.
    lines: &'static [&'static str],
    /// How many tests of the index's end there are.
    tests: usize,
}

const CASES: &[Case] = &[
    Case {
        name: "arm_of_a_choice",
        process: "comb(%at, %data) { %y <= mux(lt(%at, 20), index(%data, %at), 0) }",
        lines: &["self->y = (self->at < 20U) ? data[self->at] : 0U;"],
        tests: 1,
    },
    Case {
        name: "other_arm_of_a_choice",
        process: "comb(%at, %data) { %y <= mux(ge(%at, 20), 0, index(%data, %at)) }",
        lines: &["self->y = (self->at >= 20U) ? 0U : data[self->at];"],
        tests: 1,
    },
    Case {
        name: "half_of_the_test",
        process: "comb(%to, %data) { %y <= mux(lt(%to, 20), index(%data, %to), 0) }",
        lines: &["self->y = (self->to < 20) ? data[(self->to >= 0) ? self->to : 0] : 0U;"],
        tests: 1,
    },
    Case {
        name: "both_halves",
        process: "comb(%at, %to, %data) {
            if and_then(ge(%to, 0), lt(%to, 20)) { %y <= index(%data, %to) } else { %y <= index(%data, %at) }
        }",
        lines: &["self->y = data[self->to];", "self->y = data[(self->at < 20U) ? self->at : 0U];"],
        tests: 2,
    },
    Case {
        name: "branch_not_taken",
        process: "comb(%at, %value, %data) {
            if ge(%at, 20) { %y <= 0 } elif eq(%value, 3) { %y <= index(%data, %at) } else { %z <= index(%data, %at) }
        }",
        lines: &["self->y = data[self->at];", "self->z = data[self->at];"],
        tests: 1,
    },
    Case {
        name: "after_the_arm",
        process: "comb(%at, %data) {
            if lt(%at, 20) { %y <= index(%data, %at) }
            %z <= index(%data, %at)
        }",
        lines: &["self->y = data[self->at];", "self->z = data[(self->at < 20U) ? self->at : 0U];"],
        tests: 2,
    },
    Case {
        name: "local_that_changes",
        process: "comb(%at, %value, %data) {
            var $i: u5
            $i = %at
            if lt($i, 20) {
                %y <= index(%data, $i)
                $i = wrap[0, 31](add($i, %value))
                %z <= index(%data, $i)
            }
        }",
        lines: &["self->y = data[i];", "self->z = data[(i < 20U) ? i : 0U];"],
        tests: 2,
    },
    Case {
        name: "local_that_one_branch_changes",
        process: "comb(%at, %value, %data) {
            var $i: u5
            $i = %at
            if lt($i, 20) {
                if eq(%value, 9) { $i = %value } else { %y <= index(%data, $i) }
                %z <= index(%data, $i)
            }
        }",
        // The branch that changes it comes first, and what it does counts from then on.
        lines: &["self->y = data[(i < 20U) ? i : 0U];", "self->z = data[(i < 20U) ? i : 0U];"],
        tests: 3,
    },
    Case {
        name: "local_of_which_a_bit_changes",
        process: "comb(%at, %value, %data) {
            var $i: u5
            $i = %at
            if lt($i, 20) {
                $i.bit(3) = bit(%value, 0)
                %z <= index(%data, $i)
            }
        }",
        lines: &["self->z = data[(i < 20U) ? i : 0U];"],
        tests: 2,
    },
    Case {
        name: "later_turns_of_a_loop",
        process: "comb(%at, %data) {
            var $i: u5
            var $turn: u5
            $i = %at
            if and_then(lt(%at, 20), lt($i, 20)) {
                for 'turns $turn in range(0, 3, 1) {
                    %y <= index(%data, %at)
                    %z <= index(%data, $i)
                    $i = wrap[0, 31](add($i, 9))
                }
            }
        }",
        lines: &["self->y = data[self->at];", "self->z = data[(i < 20U) ? i : 0U];"],
        tests: 3,
    },
    Case {
        name: "condition_of_a_loop",
        process: "comb(%at, %data) {
            var $i: u5
            $i = %at
            while 'turns lt($i, 20) {
                %y <= index(%data, $i)
                $i = add($i, 2)
                %z <= index(%data, $i)
            }
        }",
        lines: &["while (i < 20U) {", "self->y = data[i];", "self->z = data[(i < 20U) ? i : 0U];"],
        tests: 2,
    },
    Case {
        name: "counter_of_a_loop",
        process: "comb(%data) {
            var $i: u5
            for 'turns $i in range(0, 25, 1) {
                if lt($i, 20) { %y <= index(%data, $i) } else { %z <= index(%data, wrap[0, 31](add($i, 12))) }
            }
        }",
        lines: &["self->y = data[i];"],
        tests: 2,
    },
    Case {
        name: "register_that_changes",
        process: "clocked(rising %clk) {
            if lt(%place, 20) {
                %place <= %at
                %data[%place] <= %value
                %z <= index(%data, %place)
            }
        }",
        lines: &[
            "if (self->place < 20U) {",
            "self->place = self->at;",
            "self->z = self->data[old_place];",
            "self->data[old_place] = self->value;",
        ],
        tests: 1,
    },
    Case {
        name: "register_of_which_a_bit_changes",
        process: "clocked(rising %clk) {
            if lt(%at, 20) { %data[%at].slice[4](2) <= slice[0, 4](%value) }
            %data[%at].bit(0) <= bit(%value, 0)
            %place.bit(4) <= bit(%value, 1)
            %y <= index(%data, %place)
        }",
        // Reads of the memory come before the stores into it.
        lines: &["self->y = data[(old_place < 20U) ? old_place : 0U];", "if (self->at < 20U) {", "if (self->at < 20U) {"],
        tests: 3,
    },
    Case {
        name: "place_that_a_memory_gives",
        process: "clocked(rising %clk) {
            if lt(index(%places, 3), 20) {
                %places[3] <= %at
                %data[index(%places, 3)] <= %value
            }
            %y <= index(%data, index(%places, 3))
        }",
        lines: &["if (self->places[3] < 20U) {", "self->data[self->places[3]] = self->value;"],
        tests: 2,
    },
];

#[test]
fn what_the_path_tested_is_not_tested_again() {
    for Case { name, process, lines, tests } in CASES {
        let text = emitted(&design(name, process)).swap_remove(1).text;
        let plain = text.replace(&format!("{name}_data["), "data[").replace("self->data[", "data[");
        let mut rest = &plain[..];
        for line in *lines {
            let line = line.replace("self->data[", "data[");
            let Some(at) = rest.find(&line) else { panic!("{name} has no line {line}:\n{text}") };
            rest = &rest[at + line.len()..];
        }
        let found =
            text.matches("< 20U").count() + text.matches("< 20)").count() + text.matches(">= 20U").count();
        // The loops that set initial values count to 20 as well.
        let found = found - text.matches("i < 20U; i++").count();
        assert_eq!(found, *tests, "{name}:\n{text}");
    }
}

/// Compiled with gcc's checks of bounds, and run with every place: those outside the arrays too.
#[test]
fn no_place_leads_out_of_an_array() {
    if !has_tool("gcc") {
        return;
    }
    let designs: Vec<Design> = CASES.iter().map(|case| design(case.name, case.process)).collect();
    let driven: Vec<(String, &Design, String)> = CASES
        .iter()
        .zip(&designs)
        .map(|(case, design)| (case.name.to_owned(), design, driver(case)))
        .collect();
    run_on_host(&folder("guards"), &driven);
}

fn driver(case: &Case) -> String {
    let Case { name, process, .. } = case;
    let entry = if process.starts_with("clocked") { "step" } else { "settle" };
    format!(
        "#include \"{name}.h\"
        void run_{name}(void);
        void run_{name}(void)
        {{
            static {name}_t it;
            {name}_init(&it);
            for (int n = 0; n < 64 * 64; n++) {{
                it.at = n & 31;
                it.to = (n >> 6) - 32;
                it.value = (n * 7) & 255;
                {name}_{entry}(&it);
            }}
            expect(true, 0, 0);
        }}
"
    )
}
