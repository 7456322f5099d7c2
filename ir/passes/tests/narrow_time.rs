//! Narrowing takes time that is near to linear in the size of the body.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

mod support;

use pyhw_passes::{NarrowOptions, narrow};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// A body of about so many statements: nested ifs and long chains over many locals and nets.
fn large(statements: usize) -> String {
    let mut text = String::from("module m {\nnet %clk: bool = false\n");
    for net in 0..40 {
        writeln!(text, "net %n{net}: u8 = 0").unwrap();
    }
    text.push_str("process p clocked(rising %clk) {\n");
    for var in 0..100 {
        writeln!(text, "var $v{var}: int[-inf, inf]").unwrap();
    }
    for var in 0..100 {
        writeln!(text, "$v{var} = %n{}", var % 40).unwrap();
    }
    let mut depth = 0;
    for at in 0..statements {
        let (a, b, c) = (at % 100, (at * 7 + 3) % 100, (at * 13) % 40);
        match at % 10 {
            0 | 1 if depth < 12 => {
                writeln!(text, "if and_then(lt($v{a}, {}), ne(%n{c}, {})) {{", 20 + at % 200, at % 9)
                    .unwrap();
                depth += 1;
            }
            4 if depth > 0 => writeln!(text, "}} elif eq(%n{c}, {}) {{", at % 256).unwrap(),
            5 if depth > 0 => text.push_str("} else {\n"),
            8 | 9 if depth > 6 => {
                text.push_str("}\n");
                depth -= 1;
            }
            3 => writeln!(text, "%n{c} <= slice[0, 8](add($v{a}, mul(%n{c}, $v{b})))").unwrap(),
            _ => writeln!(text, "$v{a} = and(add($v{b}, mux(gt($v{a}, %n{c}), sub($v{a}, %n{c}), 1)), 255)")
                .unwrap(),
        }
        if at % 97 == 96 {
            for _ in 0..depth {
                text.push_str("}\n");
            }
            depth = 0;
        }
    }
    for _ in 0..depth {
        text.push_str("}\n");
    }
    text.push_str("}\n}\ntop m\n");
    text
}

fn time(text: &str) -> Duration {
    let design = support::design(text);
    let runs = (0..3).map(|_| {
        let mut copy = design.clone();
        let start = Instant::now();
        narrow(&mut copy, NarrowOptions::default());
        start.elapsed()
    });
    runs.min().unwrap()
}

#[test]
fn ten_times_the_statements_take_not_much_more_than_ten_times_as_long() {
    let (small, big) = (time(&large(500)), time(&large(5_000)));
    println!("500 statements {small:?}, 5,000 statements {big:?}");
    assert!(big < small * 40, "500 statements {small:?}, 5,000 statements {big:?}");
}

/// Each choice stands in the condition and in both arms of the next one.
#[test]
fn nested_choices_are_not_followed_along_every_path() {
    let mut value = "%n0".to_owned();
    let mut text = String::from("module m {\n");
    for net in 0..60 {
        writeln!(text, "net %n{net}: u8 = 0").unwrap();
    }
    text.push_str("net %o: u8 = 0\nprocess p comb(%n0) {\nvar $v: int[-inf, inf]\n$v = %n0\n");
    for net in 1..18 {
        value = format!("mux(lt({value}, %n{net}), {value}, %n{net})");
        if value.len() > 60_000 {
            break;
        }
    }
    writeln!(text, "%o <= {value}\n}}\n}}\ntop m").unwrap();
    let taken = time(&text);
    println!("{taken:?}");
    assert!(taken < Duration::from_secs(2), "{taken:?}");
}
