//! What is refused, what differs with the options, and that no verified design makes emission panic.

#![allow(clippy::unwrap_used)]

mod support;

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_vhdl::{Options, Standard, emit};
use std::fs;
use std::path::Path;
use support::Rng;

fn emitted(text: &str, options: &Options) -> Result<String, Vec<Diagnostic>> {
    let design = pyhw_ir::parse::parse(text).unwrap_or_else(|errors| panic!("{}", support::told(&errors)));
    let faults = pyhw_ir::verify::verify(&design);
    assert!(faults.is_empty(), "{}", support::told(&faults));
    emit(&design, options).map(|files| files[0].text.clone())
}

/// A design of one module with these lines in it.
fn module(lines: &str) -> String {
    format!("hwir 1\nfile 0 \"t.py\"\nmodule t @0:1:0-1 {{\n{lines}\n}}\ntop t\n")
}

fn emitted_module(lines: &str) -> String {
    emitted(&module(lines), &Options::default()).unwrap_or_else(|errors| panic!("{}", support::told(&errors)))
}

fn refused(lines: &str) -> Vec<Diagnostic> {
    emitted(&module(lines), &Options::default()).unwrap_err()
}

#[test]
fn a_net_with_two_drivers_is_refused_with_both() {
    let errors = refused(
        "in %a: bool = false\nnet %x: u4 = 0 @0:2:0-1\n\
         process p comb(%a) @0:3:0-1 { %x <= 1 }\nprocess q comb(%a) @0:4:0-1 { %x.bit(0) <= %a }",
    );
    assert_eq!(errors[0].code, Code::PH0401);
    assert_eq!(errors[0].primary.span.start.line, 2);
    assert_eq!(errors[0].labels.len(), 2);
}

#[test]
fn two_processes_may_drive_different_bits() {
    let text = emitted_module(
        "in %a: bool = false\nout %x: u4 = 0\n\
         process p comb(%a) { %x.bit(1) <= %a }\nprocess q comb(%a) { %x.bit(0) <= not(%a) }",
    );
    assert!(text.contains("x(1) <= a;") && text.contains("x(0) <= not a;"), "{text}");
}

#[test]
fn a_process_of_the_host_is_refused_with_its_reasons() {
    let errors = refused("process p timed host(1) @0:3:0-1 {\n reason PH0201 error \"a class\" @0:4:0-1\n}");
    assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), [Code::PH0201]);
    assert_eq!(errors[0].message, "a class");
    assert!(errors[0].notes[0].starts_with("`p` is left to Python"), "{errors:?}");
}

#[test]
fn every_finding_of_a_process_is_told() {
    let errors = refused(
        "net %a: bool = false\nprocess p timed {\nvar $t: text\nvar $i: u4\n$i = 3\n\
         wait delay(1), delay($i) @0:5:0-1\nprint format[\"{:+}\"]($i) @0:6:0-1\nwait join(change %a, delay(3)) @0:7:0-1\n}",
    );
    let codes: Vec<Code> = errors.iter().map(|error| error.code).collect();
    assert_eq!(codes, [Code::PH0501; 3], "{}", support::told(&errors));
}

#[test]
fn a_part_of_what_wraps_into_an_odd_interval_goes_through_the_next_value() {
    let text = emitted_module(
        "in %clk: bool = false\nnet %x: int[0, 16] = 3 wraps\n\
         process p clocked(rising %clk) { %x <= 4\n %x.bit(2) <= true }",
    );
    for line in [
        "variable x_next : unsigned(4 downto 0) := to_unsigned(3, 5);  -- 0 to 16",
        "x_next := to_unsigned(4, 5);",
        "wide := signed(resize(x_next, 6));",
        "wide(2) := '1';",
        "x_next := resize(unsigned(wide mod to_signed(17, 6)), 5);",
        "x <= x_next;",
    ] {
        assert!(text.lines().any(|found| found.trim() == line), "{line}\n{text}");
    }
}

#[test]
fn a_store_past_every_width_is_refused() {
    let errors = refused(
        "in %clk: bool = false\nnet %x: u8 = 0 wraps\n\
         process p clocked(rising %clk) { %x.bit(5000) <= true @0:3:0-1 }",
    );
    assert_eq!(errors[0].code, Code::PH0501);
}

#[test]
fn an_index_past_the_integers_of_vhdl_is_its_low_bits() {
    let with = |process: &str| {
        emitted_module(&format!(
            "in %a: u40 = 0\nin %clk: bool = false\nout %y: bool = false\nnet %m: array[bool, 4] = [false x 4]\n\
             process p {process}"
        ))
    };
    // What these leave out is past the end of the memory.
    let text = with("comb(%a, %m) { %y <= index(%m, %a) @0:3:0-1 }");
    assert!(text.contains("y <= m(to_integer(a(1 downto 0)));"), "{text}");
    let text = with("clocked(rising %clk) { %m[sub(%a, 1)] <= %y @0:3:0-1 }");
    assert!(text.contains("m(to_integer(a(1 downto 0) - 1)) <= y;"), "{text}");
}

#[test]
fn delayed_nets_that_vhdl_would_delay_otherwise_are_refused() {
    for ty in ["u8 = 0", "int[0, 1] = 0", "array[bool, 2] = [false x 2]"] {
        let errors =
            refused(&format!("net %late: {ty} delayed(3) @0:2:0-1\nprocess p timed {{ %late <= %late }}"));
        assert_eq!((errors[0].code, errors.len()), (Code::PH0501, 1), "{}", support::told(&errors));
        assert_eq!(errors[0].primary.span.start.line, 2);
    }
    let text = emitted_module("net %late: bool = false delayed(3)\nprocess p timed { %late <= not(%late) }");
    assert!(text.contains("late <= not late after 3 ns;"), "{text}");
}

#[test]
fn a_module_with_code_in_other_languages_only_is_refused() {
    let errors = refused("out %a: bool = false\nforeign verilog \"assign ${a} = 1;\" @0:3:0-1");
    assert_eq!(errors[0].code, Code::PH0501);
}

#[test]
fn without_initial_values_only_constants_have_values() {
    let lines = "in %clk: bool = false\nout %q: u4 = 3\nnet %n: u4 = 5\n\
                 process p clocked(rising %clk) { %n <= 5\n %q <= index([1, 2: u4, 3, 4]: array[u4, 4], slice[0, 2](%n)) }";
    let lines = format!(
        "{}\nnet %fixed: u4 = 9\nout %r: u4 = 0\nprocess c comb(%fixed) {{ %r <= %fixed }}",
        lines.replace("2: u4", "2")
    );
    let options = Options { init: false, ..Options::default() };
    let text = emitted(&module(&lines), &options).unwrap();
    assert!(text.contains("q   : out unsigned(3 downto 0);\n"), "{text}");
    assert!(text.contains("signal n     : unsigned(3 downto 0);"), "{text}");
    assert!(text.contains("signal fixed : unsigned(3 downto 0) := to_unsigned(9, 4);"), "{text}");
    assert!(text.contains(":= (\"0001\", \"0010\", \"0011\", \"0100\");"), "{text}");
    assert!(emitted_module(&lines).contains("signal n     : unsigned(3 downto 0) := to_unsigned(5, 4);"));
}

#[test]
fn the_end_of_a_simulation_depends_on_the_standard() {
    let lines = "process p timed { wait delay(3)\n finish }";
    assert!(emitted_module(lines).contains("std.env.finish;"));
    let options = Options { standard: Standard::V93, ..Options::default() };
    let text = emitted(&module(lines), &options).unwrap();
    assert!(text.contains("severity failure;") && !text.contains("std.env"), "{text}");
}

#[test]
fn steps_are_written_in_their_unit() {
    let lines = "process p timed { wait delay(3) }";
    let wait = |step_ps: u64| {
        let text = emitted(&module(lines), &Options { step_ps, ..Options::default() }).unwrap();
        text.lines().find(|line| line.contains("wait for")).unwrap().trim().to_owned()
    };
    assert_eq!(wait(1_000), "wait for 3 ns;");
    assert_eq!(wait(10), "wait for 30 ps;");
    assert_eq!(wait(5_000_000), "wait for 15 us;");
}

#[test]
fn names_that_vhdl_keeps_for_itself_are_changed_together() {
    let text = emitted_module(
        "in %entity: bool = false\nin %Entity_1: bool = false\nout %write: bool = false\n\
         process signal comb(%entity, %Entity_1) { %write <= and(%entity, %Entity_1) }",
    );
    assert!(text.contains("write <= entity_1 and Entity_1_1;"), "{text}");
}

#[test]
fn a_map_tells_the_line_of_the_source() {
    let text = module("out %y: bool = false @0:4:0-1\nprocess p comb() @0:9:0-1 { %y <= true @0:10:0-1 }");
    let design = pyhw_ir::parse::parse(&text).unwrap();
    let files = emit(&design, &Options::default()).unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["t.vhd", "t.vhd.map"]);
    let line = files[0].text.lines().position(|line| line.contains("y <= '1';")).unwrap() + 1;
    assert!(files[1].text.contains(&format!("[{line}, 0, 9]")), "{}", files[1].text);
}

#[test]
fn what_nests_as_deep_as_the_verifier_allows_is_written_or_refused() {
    for (first, next, out) in
        [("%a", "xor", "u8"), ("%a", "sub", "int[-999999, 999999]"), ("%c", "and", "bool")]
    {
        let other = if out == "bool" { "%d" } else { "%b" };
        let mut body = format!("let e0 = {next}({first}, {other})\n");
        for at in 1..990 {
            body.push_str(&format!("let e{at} = {next}(e{}, {other})\n", at - 1));
        }
        let init = if out == "bool" { "false" } else { "0" };
        let text = module(&format!(
            "in %a: u8 = 0\nin %b: u8 = 0\nin %c: bool = false\nin %d: bool = false\nout %y: {out} = {init}\n\
             process p comb(%a, %b, %c, %d) {{ {body} %y <= e989 }}"
        ));
        assert!(emitted(&text, &Options::default()).is_ok());
    }
    let mut body = "%y <= 1".to_owned();
    for _ in 0..190 {
        body = format!("if eq(%a, 1) {{ {body} }}");
    }
    let text = module(&format!("in %a: u8 = 0\nout %y: u8 = 0\nprocess p comb(%a) {{ {body} }}"));
    assert!(emitted(&text, &Options::default()).is_ok());
}

#[test]
fn an_expression_that_would_fill_the_disk_is_refused() {
    let mut body = String::from("let e0 = add(%a, 1)\n");
    for at in 1..60 {
        body.push_str(&format!("let e{at} = xor(e{}, slice[0, 8](shl(e{}, 1)))\n", at - 1, at - 1));
    }
    let errors = refused(&format!(
        "in %a: u8 = 0\nout %y: u9 = 0\nprocess p comb(%a) {{ {body} %y <= e59 @0:5:0-1 }}"
    ));
    assert_eq!(errors[0].code, Code::PH0501);
}

/// Numbers, operators and names of the golden designs exchanged at random: what the verifier passes, emission takes or refuses.
#[test]
fn mutated_designs_never_make_emission_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hwir");
    let mut texts: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    texts.sort();
    let mut rng = Rng::new(7);
    let mut valid = 0;
    for _ in 0..3000 {
        let text = rng.pick(&texts).clone();
        let mut words: Vec<&str> = text.split_inclusive([' ', '(', ')', ',', '\n']).collect();
        for _ in 0..1 + rng.below(3) {
            let (to, from) = (rng.below(words.len()), rng.below(words.len()));
            words[to] = words[from];
        }
        let Ok(design) = pyhw_ir::parse::parse(&words.concat()) else { continue };
        if pyhw_ir::verify::verify(&design).is_empty() {
            valid += 1;
            if let Err(errors) = emit(&design, &Options::default()) {
                assert!(
                    errors.iter().all(|error| error.code != Code::PH9999),
                    "{}\n{}",
                    support::told(&errors),
                    words.concat()
                );
            }
        }
    }
    assert!(valid > 100, "only {valid} designs were valid");
}
