//! The table of the subset: each row's example, and its documentation.

use pyhw_diagnostics::{Code, FileId};
use pyhw_syntax::ast::FunctionDef;
use pyhw_syntax::parse_function;
use pyhw_syntax::subset::{Construct, Place, check, constructs, markdown};

/// A process that has the statements as its body.
fn process(body: &str) -> FunctionDef {
    let text = format!("def process():\n    {}\n", body.replace('\n', "\n    "));
    let (function, errors) = parse_function(&text, FileId(0), 1);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    function.expect("the text holds a function")
}

#[test]
fn each_example_is_accepted_or_refused_as_its_row_says() {
    for &construct in Construct::ALL {
        let row = construct.row();
        let function = process(row.example);
        let found = constructs(&function);
        assert!(found.iter().any(|(what, _)| *what == construct), "{construct:?} is not in its own example");
        for place in [Place::Elaboration, Place::TestBench, Place::Process] {
            let errors = check(&function, place);
            assert_eq!(errors.is_empty(), place <= row.accepted, "{construct:?} in {place}: {errors:?}");
            for (error, what) in errors.iter().zip(found.iter().filter(|(what, _)| !what.accepted_in(place)))
            {
                assert_eq!(error.code, Code::PH0201);
                assert_eq!(error.primary.span, what.1);
                assert!(error.message.contains(what.0.row().name), "{error:?}");
            }
        }
    }
}

#[test]
fn names_of_rows_are_unique() {
    let mut names: Vec<&str> = Construct::ALL.iter().map(|construct| construct.row().name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn all_that_is_outside_comes_in_one_run() {
    let function = process("try:\n    x = 1j\nfinally:\n    import os\nwith a:\n    del b");
    let found: Vec<u32> =
        check(&function, Place::Process).iter().map(|e| e.primary.span.start.line).collect();
    assert_eq!(found, [2, 3, 5, 6, 7]);
}

#[test]
fn annotations_and_decorators_of_the_process_are_elaboration() {
    let (function, _) =
        parse_function("@f(1j)\ndef p(x: 'a' @ b = 1j) -> 1j:\n    v: x @ y = 1\n", FileId(0), 1);
    let found = check(&function.unwrap(), Place::Process);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_documentation_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/subset.md");
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert!(golden == markdown(), "run: cargo run -p pyhw-syntax --example subset_table");
}
