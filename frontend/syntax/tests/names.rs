//! Scopes, accesses and sensitivity.

use pyhw_diagnostics::{FileId, Span};
use pyhw_syntax::ast::FunctionDef;
use pyhw_syntax::names::{
    Path, assigned, assigns_attribute, free_variables, has_yield, is_generator, outer_declarations,
    reads_and_writes, sensitivity,
};
use pyhw_syntax::parse_function;

/// A process that has the statements as its body.
fn process(body: &str) -> FunctionDef {
    function(&format!("def p(par, *rest):\n    {}\n", body.replace('\n', "\n    ")))
}

fn function(text: &str) -> FunctionDef {
    let (function, errors) = parse_function(text, FileId(0), 1);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    function.expect("the text holds a function")
}

/// The free names of a process with that body, with `!` after rebound ones and `:` after those of annotations.
fn free(body: &str) -> String {
    let names = free_variables(&process(body));
    let shown = names.iter().map(|name| {
        let mark = |on: bool, mark: &'static str| if on { mark } else { "" };
        let unread = mark(!name.read, "-");
        format!("{}{}{}{unread}", name.name, mark(name.rebound, "!"), mark(name.annotation_only, ":"))
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn bound(body: &str) -> String {
    let names = assigned(&process(body));
    names.iter().map(|name| name.name.as_str()).collect::<Vec<_>>().join(" ")
}

fn paths(list: &[(Path, Span)]) -> String {
    list.iter().map(|(path, _)| path.to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn locals_and_parameters_are_not_free() {
    assert_eq!(free("x = a + par + rest\ny = x"), "a");
    assert_eq!(free("print(x)\nx = 1"), "print");
    assert_eq!(free("for i in range(n): pass\nreturn i"), "range n");
    assert_eq!(free("import os.path\nclass C(B): y = z\nreturn os, C"), "B z");
    assert_eq!(free("with a as b: pass\ntry: b\nexcept E as e: e"), "a E");
    assert_eq!(free("del x\nx"), "");
    assert_eq!(free("match s:\n    case [A.B, c, 1 as d]: c, d\n    case {'k': v, **r}: v, r"), "s A");
    assert_eq!(free("x, (y, *z), q[i], w.v = a"), "q i w a");
    assert_eq!(free("x += a\nx: T = b\nu: V"), "a T: b V:");
}

#[test]
fn what_is_declared_outer_is_free_also_where_it_is_bound() {
    assert_eq!(free("nonlocal n\nn = 1"), "n!-");
    assert_eq!(free("global n\nn += 1"), "n!");
    assert_eq!(free("nonlocal n\nn = n + 1"), "n!");
    assert_eq!(free("nonlocal n\n(n := 1)"), "n!-");
    assert_eq!(
        free("global a, b, c, d\nimport a\ndef b(): pass\nmatch 1:\n    case c: pass\nclass d: pass"),
        "a!- b!- c!- d!-"
    );
    let function = process("global a\nnonlocal b, c\nx = 1");
    let (globals, nonlocals) = outer_declarations(&function);
    assert_eq!((globals.len(), nonlocals.len()), (1, 2));
    assert_eq!(bound("global a\na = 1\nx = 1"), "x");
}

#[test]
fn comprehensions_have_a_scope_of_their_own() {
    assert_eq!(free("x = [i + a for i in i if i]"), "i a");
    assert_eq!(free("[j for i in r for j in i]"), "r");
    assert_eq!(free("[(y := i) for i in r]\nreturn y"), "r");
    assert_eq!(bound("[(y := i) for i in r]"), "y");
    assert_eq!(free("{k: v for k, v in d}\nk"), "d k");
}

#[test]
fn nested_functions_see_the_process_and_hide_from_it() {
    assert_eq!(
        free("def f(a, b=c, *, d: T = e) -> R:\n    g = a + h\n    return f\nreturn g"),
        "c e T: R: h g"
    );
    assert_eq!(free("@dec\ndef f(): return x\nx = 1"), "dec");
    assert_eq!(free("f = lambda a, b=c: a + b + d\nreturn a"), "c d a");
    assert_eq!(free("def f():\n    nonlocal x\n    x = y\nx = 1"), "y");
    assert_eq!(free("def f():\n    global x\n    x = 1\nx = 1"), "x!-");
    assert_eq!(free("class C:\n    y = 1\n    z = y\n    def m(self): return y"), "y");
    assert_eq!(bound("def f(a): b = 1\ng = lambda c: (d := 1)\nclass C: e = 1"), "f g C");
}

#[test]
fn free_names_come_in_the_order_of_their_first_use() {
    let names = free_variables(&process("z.next = b\na.next = z"));
    let found: Vec<(&str, u32, u32)> =
        names.iter().map(|name| (name.name.as_str(), name.span.start.line, name.span.start.column)).collect();
    assert_eq!(found, [("z", 2, 4), ("b", 2, 13), ("a", 3, 4)]);
}

#[test]
fn a_yield_counts_for_its_own_function() {
    assert!(is_generator(&process("x = yield a")));
    assert!(is_generator(&process("if a:\n    yield from f()")));
    assert!(is_generator(&process("f((yield))")));
    assert!(is_generator(&process("with a:\n    yield")));
    assert!(!is_generator(&process("def f(): yield a")));
    assert!(!is_generator(&process("f = lambda: (yield)")));
    assert!(has_yield(&process("while a: yield b").body));
}

#[test]
fn attributes_are_found_where_they_are_stored_into() {
    let function = process("a.b.next[c.d] += e.f(g.h)\ndef k(): return [l.m for n.o in p]\ndel q.r");
    for name in ["b", "next", "o"] {
        assert!(assigns_attribute(&function.body, name), "{name}");
    }
    for name in ["a", "d", "f", "h", "k", "m", "p", "q"] {
        assert!(!assigns_attribute(&function.body, name), "{name}");
    }
}

#[test]
fn reads_and_writes_are_paths_from_free_names() {
    let found = reads_and_writes(&process(
        "x = 1\nbus.q.next = bus.d[i:0] + x.y\nports[n].q.next[k] = self.fifo.we\nacc.next += a\n\
         regs[x] = b\nx.next = c.posedge\nq.next = q.next",
    ));
    assert_eq!(paths(&found.read), "bus.d[] i n k self.fifo.we a b c q");
    assert_eq!(paths(&found.driven), "bus.q ports[].q acc q");
    assert_eq!(paths(&found.updated), "acc");
    assert_eq!(paths(&found.stored), "regs[]");
}

#[test]
fn asking_for_the_shape_of_a_signal_is_no_read() {
    let found = reads_and_writes(&process("x = len(a) + b.max + c.d.min + len(e[f])"));
    assert_eq!(paths(&found.read), "len f");
    assert_eq!(free("x = len(a) + b.max"), "len a b");
}

#[test]
fn nested_functions_read_for_the_process() {
    let found = reads_and_writes(&process("def f(n):\n    s.next = n + t\ny = [u[i] for i in v]\nf(w)"));
    assert_eq!(paths(&found.read), "t v u[] w");
    assert_eq!(paths(&found.driven), "s");
}

#[test]
fn an_augmented_store_into_a_captured_object_reads_it() {
    let found = reads_and_writes(&process("nonlocal n\nn += 1\nmem[i] += 1\ndel log[0]"));
    assert_eq!(paths(&found.read), "n mem[] i");
    assert_eq!(paths(&found.stored), "n mem[] log[]");
}

/// Inputs, outputs and in-outs as MyHDL sees them.
fn myhdl(body: &str) -> [String; 3] {
    let found = sensitivity(&process(body));
    [paths(&found.inputs), paths(&found.outputs), paths(&found.inouts)]
}

#[test]
fn sensitivity_is_what_myhdl_takes_it_to_be() {
    assert_eq!(myhdl("q.next = a and b.val"), ["a b", "q", ""]);
    assert_eq!(myhdl("q.next = q + a"), ["q a", "q", ""]);
    assert_eq!(myhdl("q.next |= a"), ["a", "", "q"]);
    assert_eq!(myhdl("bus.q.next = bus.d.e.posedge"), ["bus.d.e", "bus.q", ""]);
    assert_eq!(myhdl("q.next[i] = a[j]"), ["i a j", "q", ""]);
    assert_eq!(myhdl("x = a\nq.next = x"), ["a", "q", ""]);
    assert_eq!(myhdl("q.next = ports[i].d"), ["ports i", "q", ""]);
    assert_eq!(myhdl("q.next = len(a) + f(b)"), ["f b", "q", ""]);
    assert_eq!(myhdl("for i in range(n):\n    q.next[i] = a"), ["range n a", "q", ""]);
}

#[test]
fn sensitivity_has_the_turns_of_myhdl() {
    assert_eq!(myhdl("a[i].next, b.next = c, d"), ["i b c d", "a", ""]);
    assert_eq!(myhdl("b.next, a[i].next = c, d"), ["i c d", "b a", ""]);
    assert_eq!(myhdl("a[i].next = b.next = c"), ["i b c", "a", ""]);
    assert_eq!(myhdl("if __debug__:\n    q.next = a"), ["", "", ""]);
    assert_eq!(myhdl("if __debug__:\n    q.next = a\nelse:\n    q.next = b"), ["__debug__ a b", "q", ""]);
    assert_eq!(myhdl("if a:\n    pass\nelif __debug__:\n    q.next = b"), ["a", "", ""]);
    assert_eq!(myhdl("def f(): return a\nq.next = f()"), ["", "q", ""]);
    let found = sensitivity(&process("def f(): return a\nq.next = f()"));
    assert_eq!(found.embedded.map(|name| name.name).as_deref(), Some("f"));
    assert_eq!(myhdl("f = lambda x: x + a\nq.next = f(b)"), ["a b", "q", ""]);
}
