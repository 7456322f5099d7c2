//! The reference is what the code says, and its examples are text that parses.

use pyhw_ir::parse::parse;
use pyhw_ir::print::print;
use pyhw_ir::reference::{CONSTANTS, NETS, PROCESSES, STATEMENTS, TYPES, reference};
use pyhw_ir::verify::verify;
use pyhw_ir::*;

#[test]
fn the_reference_is_up_to_date() {
    assert!(
        reference() == include_str!("../REFERENCE.md"),
        "REFERENCE.md is out of date: cargo test -p pyhw-ir --test reference -- --ignored"
    );
}

#[test]
#[ignore = "writes REFERENCE.md"]
fn write_the_reference() {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/REFERENCE.md"), reference()).unwrap();
}

/// The items in a module that has what the examples name.
fn module(items: &str) -> String {
    format!(
        "hwir 1
        enum State: u2 {{ IDLE = 0 RUN = 1 STOP = 2 }}
        struct Point {{ x: s8 on: bool }}
        module m {{
            net %t: u8 = z tristate
            net %clk: bool = false net %rst: bool = false net %b: bool = false
            {items}
        }}
        top m"
    )
}

fn parsed(items: &str) -> Design {
    let design = parse(&module(items)).unwrap_or_else(|faults| panic!("{}\n{items}", faults[0].message));
    let faults = verify(&design);
    assert!(faults.is_empty(), "{}\n{items}", faults[0].message);
    design
}

#[test]
fn types_and_constants_are_as_the_reference_says() {
    for form in TYPES {
        let init = match form.text {
            "bool" => "true",
            "State" => "State.RUN",
            "Point" => "{1, false}",
            "array[u8, 16]" => "[0 x 16]",
            "text" => "\"\"",
            "opaque" => "host(1)",
            _ => "0",
        };
        let design = parsed(&format!("net %x: {} = {init}", form.text));
        let ty = &design.modules[0].nets.last().unwrap().ty;
        assert_eq!(print::print_type(ty, &design.types), form.text);
    }
    for form in CONSTANTS {
        let text = module(&format!("process p timed {{ print {} }}", form.text));
        let printed = print(&parse(&text).unwrap());
        // A member's place is for members whose name is not their own.
        let shown = form.text.replace("member(2): State", "State.STOP");
        assert!(printed.contains(&format!("print {shown}\n")), "{printed}");
    }
}

#[test]
fn nets_and_processes_are_as_the_reference_says() {
    for form in NETS {
        let printed = print(&parsed(form.text));
        assert!(printed.contains(&format!("  {}\n", form.text)), "{printed}");
    }
    for form in PROCESSES {
        let printed = print(&parsed(&format!("net %a: bool = false {}", form.text.replace('…', "return"))));
        let head = form.text.split('{').next().unwrap();
        assert!(printed.contains(head), "{printed}");
    }
}

/// A number for each kind of statement.
fn number(kind: &StmtKind) -> usize {
    match kind {
        StmtKind::Assign { .. } => 0,
        StmtKind::Next { .. } => 1,
        StmtKind::If { .. } => 2,
        StmtKind::Switch { .. } => 3,
        StmtKind::For { .. } => 4,
        StmtKind::While { .. } => 5,
        StmtKind::Block { .. } => 6,
        StmtKind::Break(_) => 7,
        StmtKind::Continue(_) => 8,
        StmtKind::Wait(_) => 9,
        StmtKind::Assert { .. } => 10,
        StmtKind::Print { .. } => 11,
        StmtKind::Raise { .. } => 12,
        StmtKind::Finish { .. } => 13,
        StmtKind::Return => 14,
        StmtKind::Unset(_) => 15,
    }
}

#[test]
fn every_statement_is_in_the_reference_and_is_as_it_says() {
    let mut seen = [false; 16];
    for form in STATEMENTS {
        let design = parsed(&format!(
            "net %a: bool = false net %n: u8 = 0 net %i: u8 = 0 net %ram: array[u8, 4] = [0 x 4]
             net %p: Point = {{0, false}} net %s: State = State.IDLE
             process p timed {{ var $x: u9 var $i: u8 while 'around true {{ {} }} }}",
            form.text.replace('…', "return")
        ));
        let ProcessBody::Ir(body) = &design.modules[0].processes[0].body else { panic!() };
        let StmtKind::While { body, .. } = &body.stmts[0].kind else { panic!() };
        if !form.text.starts_with("let ") {
            assert_eq!(body.len(), 1, "{}", form.text);
            seen[number(&body[0].kind)] = true;
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let printed = words(&print(&design));
        let form = words(&form.text.replace('…', "return"));
        assert!(form.starts_with("let ") || printed.contains(&form), "{form}\n{printed}");
    }
    assert_eq!(seen, [true; 16]);
}
