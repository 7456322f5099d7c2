//! Random expressions, compiled and run, against the evaluator.

mod common;

use common::random::{Case, case};
use std::fmt::Write;
use std::path::Path;

/// Runs the cases on the host, many vectors each.
fn run_on_host(dir: &Path, cases: &[(u64, Case)], vectors: u32) {
    let designs: Vec<(String, &pyhw_ir::Design, String)> = cases
        .iter()
        .map(|(seed, case)| {
            let (driver, checks) = case.driver(&format!("run_random_{seed}"), vectors);
            assert!(checks > 0);
            (format!("random_{seed}"), &case.design, driver)
        })
        .collect();
    common::run_on_host(dir, &designs);
}

#[test]
fn random_expressions_give_what_the_evaluator_says() {
    if !common::has_tool("gcc") {
        return;
    }
    let cases: Vec<(u64, Case)> = (0..12).map(|seed| (seed, case(seed, 24, 4))).collect();
    run_on_host(&common::folder("random_host"), &cases, 10);
}

#[test]
fn random_expressions_compile_without_a_warning_everywhere() {
    let dir = common::folder("random_everywhere");
    let mut sources = Vec::new();
    for seed in 100..103 {
        common::write(&dir, &common::emitted(&case(seed, 24, 4).design));
        sources.push(format!("random_{seed}.c"));
    }
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    common::compile_everywhere(&dir, &sources);
    // Random expressions are redundant, and the style checks say so.
    common::cppcheck(&dir, &sources, "warning,performance,portability");
}

#[test]
#[ignore = "takes minutes: many more of the same"]
fn many_random_expressions() {
    let dir = common::folder("random_many");
    for block in 0..40 {
        let first = 1000 + block * 8;
        let cases: Vec<(u64, Case)> = (first..first + 8).map(|seed| (seed, case(seed, 30, 5))).collect();
        run_on_host(&dir, &cases, 12);
        let sources: Vec<String> = cases.iter().map(|(seed, _)| format!("random_{seed}.c")).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        common::compile_everywhere(&dir, &sources);
        common::cppcheck(&dir, &sources, "warning,performance,portability");
        println!("seeds {first} to {} are fine", first + 7);
    }
}

const AVR: &str = r#"
#include <avr/io.h>
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <stdint.h>
#include <stdbool.h>
static uint16_t failures;
static uint16_t checks;
static void put(char c)
{
    while ((UCSR0A & _BV(UDRE0)) == 0) {
    }
    UDR0 = (uint8_t)c;
}
static void number(uint16_t value)
{
    if (value > 9U) {
        number(value / 10U);
    }
    put((char)('0' + (value % 10U)));
}
void expect(bool holds, uint16_t vector, uint16_t output);
void expect(bool holds, uint16_t vector, uint16_t output)
{
    checks++;
    if (!holds) {
        failures++;
        put('v');
        number(vector);
        put('n');
        number(output);
        put('\n');
    }
}
"#;

#[test]
fn random_expressions_are_right_with_an_int_of_16_bits() {
    if !common::has_tool("avr-gcc") || !common::has_tool("simavr") {
        return;
    }
    let dir = common::folder("random_avr");
    let mut main = String::from(AVR);
    let mut calls = String::new();
    let mut sources = vec!["main.c".to_owned()];
    for seed in 200..204 {
        let case = case(seed, 8, 3);
        common::write(&dir, &common::emitted(&case.design));
        let (driver, _) = case.driver(&format!("run_{seed}"), 5);
        std::fs::write(dir.join(format!("drive_{seed}.c")), format!("{}{driver}", common::EXPECT)).unwrap();
        let _ = writeln!(main, "void run_{seed}(void);");
        let _ = writeln!(calls, "    run_{seed}();");
        sources.push(format!("random_{seed}.c"));
        sources.push(format!("drive_{seed}.c"));
    }
    let _ = writeln!(
        main,
        "int main(void)\n{{\n    UCSR0B = _BV(TXEN0);\n{calls}    put('=');\n    number(failures);\n    put('/');\n    number(checks);\n    put('\\n');\n    cli();\n    sleep_mode();\n    return 0;\n}}"
    );
    std::fs::write(dir.join("main.c"), main).unwrap();
    let mut args = vec!["-mmcu=atmega1284p", "-std=c99", "-Os", "-w"];
    args.extend(sources.iter().map(String::as_str));
    args.extend(["-o", "main.elf"]);
    common::run(&dir, "avr-gcc", &args);
    let said =
        common::run(&dir, "timeout", &["120", "simavr", "-m", "atmega1284p", "-f", "16000000", "main.elf"]);
    let verdict = said.lines().find(|line| line.contains('=')).unwrap_or_else(|| panic!("no result: {said}"));
    assert!(verdict.contains("=0/"), "{said}");
    assert!(!verdict.contains("=0/0"), "{said}");
}
