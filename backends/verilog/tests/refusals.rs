//! What Verilog cannot say is an error with its place, and then there is no file.

use pyhw_diagnostics::Diagnostic;
use pyhw_text::OutputFile;
use pyhw_verilog::{Options, emit};

fn emitted(text: &str, options: &Options) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let design = pyhw_ir::parse::parse(&format!("hwir 1\nfile 0 \"a.py\"\n{text}\n")).expect("it is IR text");
    let faults = pyhw_ir::verify::verify(&design);
    assert!(faults.is_empty(), "{faults:?}");
    emit(&design, options)
}

/// The codes, lines and messages of the refusal.
fn refused(text: &str) -> Vec<String> {
    let faults = emitted(text, &Options::default()).expect_err("it is refused");
    faults.iter().map(|d| format!("{} {} {}", d.code, d.primary.span.start.line, d.message)).collect()
}

fn text(text: &str, options: &Options) -> String {
    emitted(text, options).expect("it is emitted").remove(0).text
}

#[test]
fn a_host_process_is_refused_with_its_reason() {
    let design = "module m { out %q: bool = false
        process model timed host(4) @0:7:4-30 { reason PH0201 error \"a `class` in a process\" at \"here\" @0:9:4-30 } }
        top m";
    let faults = emitted(design, &Options::default()).expect_err("it is refused");
    assert_eq!(faults[0].code.name(), "PH0201");
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].primary.span.start.line, faults[0].message.as_str()),
        (9, "a `class` in a process")
    );
    assert!(faults[0].notes[0].starts_with("`model` is left to Python"), "{faults:?}");
}

#[test]
fn what_simulation_alone_has_is_refused() {
    let delayed = "module m { in %a: bool = false out %q: bool = false delayed(5) @0:3:0-9
        process p comb(%a) { %q <= %a } } top m";
    assert_eq!(refused(delayed), ["PH0501 3 `q` is a delayed signal, which hardware does not have"]);
    let edge = "module m { net %n: int[-inf, inf] = 0 out %q: bool = false
        process p clocked(rising %n) @0:5:0-9 { %q <= not(%q) @0:6:0-9 } } top m";
    assert_eq!(refused(edge), ["PH0501 6 an edge of `n`, which has 32 bits"]);
}

#[test]
fn a_net_with_two_drivers_is_refused() {
    let design = "module m { in %a: bool = false in %b: bool = false out %q: bool = false @0:2:0-9
        process p comb(%a) @0:3:0-9 { %q <= %a }
        process r comb(%b) @0:4:0-9 { %q <= %b } } top m";
    assert_eq!(refused(design), ["PH0401 2 `q` is driven from 2 places"]);
}

#[test]
fn a_latch_is_refused_unless_it_is_meant() {
    let design = "module m { in %g: bool = false in %d: bool = false out %q: bool = true
        process p comb(%g, %d) @0:3:0-9 { if %g { %q <= %d } } } top m";
    assert_eq!(refused(design), ["PH0404 3 not every path gives `q` a value"]);
    let text = text(design, &Options { latches: true, ..Options::default() });
    assert!(text.contains("initial q = 1'b1;") && text.contains("lint_off LATCH"), "{text}");
}

#[test]
fn drivers_of_different_bits_share_a_net() {
    let design = "module m { in %a: bool = false in %b: bool = false out %q: u3 = 0
        process p comb(%a) { %q.bit(0) <= %a }
        process r comb(%b) { %q.bit(2) <= %b } } top m";
    let text = text(design, &Options::default());
    assert!(text.contains("assign q[0] = a;") && text.contains("assign q[2] = b;"), "{text}");
    assert!(text.contains("assign q[1] = 1'b0;"), "{text}");
}

#[test]
fn a_process_that_some_reads_do_not_wake_is_refused() {
    let design = "module m { in %a: u4 = 0 in %b: u4 = 0 out %q: u4 = 0
        process p comb(%a) @0:3:0-9 { if gt(%a, 3) { %q <= %b } else { %q <= %a } } } top m";
    assert_eq!(refused(design), ["PH0405 3 a change of `b` does not wake the process that reads it"]);
}

#[test]
fn a_combinational_process_that_reads_what_it_drives_is_refused() {
    let design = "module m { in %a: bool = false out %q: bool = false
        process p comb(%a, %q) @0:3:0-9 { if %a { %q <= not(%q) } } } top m";
    assert_eq!(refused(design), ["PH0403 3 the combinational process reads `q`, which it drives"]);
}

#[test]
fn a_format_that_display_lacks_is_refused() {
    let design = "module m { in %clk: bool = false in %a: u8 = 0
        process p clocked(rising %clk) { print format[\"{:<8X}\\n\"](%a) @0:3:0-9 } } top m";
    assert_eq!(
        refused(design),
        [
            "PH0501 3 the format `<8X`, which `$display` cannot say: it has no form for what stands at the left of its field"
        ]
    );
}

#[test]
fn every_fault_is_told_in_one_run() {
    let design = "module m { in %a: bool = false out %q: bool = false out %r: bool = false delayed(2)
        process p comb(%a, %q) { if %a { %q <= not(%q) } }
        process s comb(%a) { %r <= %a } } top m";
    assert_eq!(refused(design).len(), 2);
}

const REGISTER: &str = "module inner { in %clk: bool = false out %q: u4 = 5
        process p clocked(rising %clk) { %q <= add(refine[0, 14](%q), 1) } }
    module outer @0:9:0-9 { in %clk: bool = false out %q: u4 = 5
        instance u of inner(clk = %clk, q = %q) @0:10:0-9 }
    top outer";

#[test]
fn initial_values_can_be_left_out() {
    assert!(text(REGISTER, &Options::default()).contains("initial q = 4'd5;"));
    assert!(!text(REGISTER, &Options { init: false, ..Options::default() }).contains("initial"));
}

#[test]
fn each_module_can_have_a_file_of_its_own() {
    let options = Options { file_per_module: true, timescale: Some("1ns/1ps".into()), ..Options::default() };
    let files = emitted(REGISTER, &options).expect("it is emitted");
    let names: Vec<&str> = files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["outer.v", "outer.v.map", "inner.v", "inner.v.map"]);
    assert!(files[0].text.starts_with("`timescale 1ns/1ps\n\n// outer:"), "{}", files[0].text);
    assert!(files.iter().all(|file| file.text.ends_with('\n') && !file.text.contains("DECLFILENAME")));
}

#[test]
fn the_map_names_the_source_of_a_line() {
    let files = emitted(REGISTER, &Options::default()).expect("it is emitted");
    let line = files[0].text.lines().position(|line| line.contains("inner u (")).expect("the instance") + 1;
    assert!(files[1].text.contains(&format!("[{line}, 0, 10]")), "{}", files[1].text);
}

#[test]
fn modules_that_are_not_instantiated_are_left_out() {
    let design = "module lost { out %q: bool = false process p timed host(1) { } }
        module m { in %a: bool = false out %q: bool = false process p comb(%a) { %q <= %a } }
        top m";
    assert!(!text(design, &Options::default()).contains("lost"));
}

#[test]
fn an_expression_too_large_to_write_out_is_refused() {
    let mut body = String::from("let e0 = slice[0, 8](mul(%a, %a))\n");
    for index in 1..30 {
        body.push_str(&format!("let e{index} = slice[0, 8](mul(e{}, e{}))\n", index - 1, index - 1));
    }
    let design = format!(
        "module m {{ in %a: u8 = 0 out %q: u8 = 0 process p comb(%a) {{ {body} %q <= e29 @0:8:0-9 }} }} top m"
    );
    assert_eq!(refused(&design), ["PH0501 8 an expression that is too large to be written out"]);
}
