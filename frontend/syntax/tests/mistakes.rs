//! What is told of a text that is not Python: each mistake once, at its place, with advice for the usual slips.

use pyhw_diagnostics::FileId;
use pyhw_syntax::parse_module;

/// Each error as `line:column message`, with its help behind an arrow.
fn told(text: &str) -> Vec<String> {
    let (_, errors) = parse_module(text, FileId(0));
    let one = |error: pyhw_diagnostics::Diagnostic| {
        let start = error.primary.span.start;
        let help = error.help.first().map(|help| format!(" -> {help}")).unwrap_or_default();
        format!("{}:{} {}{help}", start.line, start.column, error.message)
    };
    errors.into_iter().map(one).collect()
}

#[track_caller]
fn one(text: &str, expected: &str) {
    assert_eq!(told(text), [expected], "{text}");
}

#[test]
fn a_store_in_a_condition_is_one_mistake() {
    let help = "`==` compares, `=` stores";
    one(
        "def p():\n    if a = 3:\n        q = 1\n    return p\n",
        &format!("2:9 expected `:`, found `=` -> {help}"),
    );
    one("while (a = 3):\n    pass\nx = 1\n", &format!("1:9 expected `)`, found `=` -> {help}"));
}

#[test]
fn what_is_missing_at_the_end_of_a_line_is_missing_there() {
    let help = "a line that begins a block ends with `:`";
    one("def p()\n    q = 1\n", &format!("1:7 expected `:`, found newline -> {help}"));
    one(
        "if a == 3\r\n    q = 1\r\nelse:\r\n    q = 2\r\n",
        &format!("1:9 expected `:`, found newline -> {help}"),
    );
    one("x = a +\ny = 2\n", "1:7 expected an expression");
    let (_, errors) = parse_module("x = a +\ny = 2\n", FileId(0));
    assert_eq!(errors[0].primary.span.end.line, 1, "the next line is no part of it");
}

#[test]
fn a_bracket_is_told_of_once() {
    one("def p():\n    q = (a + (1\n    return p\n", "2:8 `(` is never closed");
    one("x = [1, 2\ny = 3\n", "1:4 `[` is never closed");
    one("f(1,\ny = 3\nz = 4\n", "1:1 `(` is never closed");
    assert_eq!(
        told("f(1,\ndef p(x):\n    y = = 3\n"),
        ["1:1 `(` is never closed", "3:8 expected an expression"]
    );
    one("q = a + 1)\nz = 2\n", "1:9 `)` closes no bracket");
    assert_eq!(told("x = = 1\ny = (2\n"), ["1:4 expected an expression", "2:4 `(` is never closed"]);
    assert_eq!(told("x = 1)\ny = = 2\n"), ["1:5 `)` closes no bracket", "2:4 expected an expression"]);
}

#[test]
fn layout_is_told_of_unless_it_follows_from_another_mistake() {
    one("x = 1\n    y = 2\n", "2:0 unexpected indentation");
    one("def p():\nx = 1\n", "2:0 expected an indented block after function definition");
    let tabs = "2:1 the indentation is that of no line above -> some lines are indented by tabs and others by spaces";
    let text = "if a:\n    if b:\n        x = 1\n\ty = 2\n    z = 3\n";
    one(text, &tabs.replace("2:1", "4:1"));
    one(
        "if a:\n    if b:\n        x = 1\n      y = 2\n    z = 3\n",
        "4:0 the indentation is that of no line above",
    );
}

#[test]
fn habits_from_other_languages_are_recognised() {
    one("b = a && c || !d\n", "1:7 expected an expression -> Python's word for it is `and`");
    one("b = a || c\n", "1:7 expected an expression -> Python's word for it is `or`");
    one("b = !c\n", "1:4 expected an expression -> Python's word for it is `not`");
    let hex = "missing closing quote in string literal -> Python writes it `0xff`; a width belongs to a signal, or to `intbv(0xff)[8:]`";
    one("x = 8'hff\n", &format!("1:5 {hex}"));
    one("f(8'hff)\n", &format!("1:3 {hex}"));
    one("x = 4'b10_1\n", &format!("1:5 {}", hex.replace("0xff", "0b10_1").replace("[8:]", "[4:]")));
    one("x = 8'hallo\n", "1:5 missing closing quote in string literal");
    one("x = a'hff\n", "1:5 missing closing quote in string literal");
    one("a++\n", "1:3 expected an expression -> `+= 1` counts up");
    one(
        "if a:\n    b = 1\nelse if c:\n    b = 2\n",
        "3:5 expected `:`, found `if` -> `elif` goes on with another condition",
    );
    one("else:\n    b = 2\n", "1:0 `else` stands below no statement that it could belong to");
    one(
        "print 'a'\n",
        "1:6 simple statements must be separated by newlines or semicolons -> `print` is a function: `print(…)`",
    );
}

#[test]
fn mistakes_in_different_lines_are_all_told() {
    assert_eq!(
        told("if a = 3:\n    b = 1\nc = = 2\nd = (1,\n     2 3)\n"),
        [
            "1:5 expected `:`, found `=` -> `==` compares, `=` stores",
            "3:4 expected an expression",
            "5:7 expected `,`, found int",
        ]
    );
}

#[test]
fn a_bracket_whose_end_a_text_takes_in_is_not_told_of() {
    one("print(\"hello)\nx = 1\n", "1:6 missing closing quote in string literal");
    one("print(\"hello\", x\ny = 1\n", "1:5 `(` is never closed");
}
