//! What source text becomes.

use pyhw_diagnostics::{Diagnostic, FileId, Pos, Span};
use pyhw_syntax::ast::{
    Argument, BinaryOp, BoolOp, CompareOp, ComprehensionKind, Conversion, Expr, ExprKind, FStringPart,
    FunctionDef, Module, ParameterKind, PatternKind, Stmt, StmtKind, UnaryOp,
};
use pyhw_syntax::subset::Construct;
use pyhw_syntax::{find_function, find_lambda, functions_at, parse_function, parse_module};

const FILE: FileId = FileId(0);

fn module(text: &str) -> Module {
    let (module, errors) = parse_module(text, FILE);
    assert!(errors.is_empty(), "{text}: {errors:?}");
    module
}

fn stmts(text: &str) -> Vec<Stmt> {
    module(text).body.stmts
}

fn stmt(text: &str) -> StmtKind {
    let mut found = stmts(text);
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0).kind
}

fn expr(text: &str) -> Expr {
    match stmt(text) {
        StmtKind::Expr(expr) => expr,
        other => panic!("{text}: {other:?}"),
    }
}

fn function(text: &str) -> FunctionDef {
    match stmt(text) {
        StmtKind::Function(function) => *function,
        other => panic!("{text}: {other:?}"),
    }
}

fn errors(text: &str) -> Vec<Diagnostic> {
    parse_module(text, FILE).1
}

/// An expression in a short notation, with every nesting bracketed.
fn show(expr: &Expr) -> String {
    let all = |values: &[Expr]| values.iter().map(show).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Name(name) => name.clone(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Str(text) => format!("{text:?}"),
        ExprKind::FString(parts) => format!("f<{}>", show_parts(parts)),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::None => "none".to_owned(),
        ExprKind::Ellipsis => "...".to_owned(),
        ExprKind::Attribute { value, attr } => format!("{}.{}", show(value), attr.name),
        ExprKind::Subscript { value, index } => format!("{}[{}]", show(value), show(index)),
        ExprKind::Slice { lower, upper, step } => {
            let part = |part: &Option<Box<Expr>>| part.as_deref().map(show).unwrap_or_default();
            format!("{}:{}:{}", part(lower), part(upper), part(step))
        }
        ExprKind::Call { function, args } => {
            let args: Vec<String> = args
                .iter()
                .map(|arg| match arg {
                    Argument::Position(value) => show(value),
                    Argument::Name(name, value) => format!("{}={}", name.name, show(value)),
                    Argument::Star(value) => format!("*{}", show(value)),
                    Argument::DoubleStar(value) => format!("**{}", show(value)),
                })
                .collect();
            format!("{}({})", show(function), args.join(" "))
        }
        ExprKind::Unary { op, operand } => format!("({} {})", op.symbol(), show(operand)),
        ExprKind::Binary { first, rest } => {
            let rest: String =
                rest.iter().map(|(op, value)| format!(" {} {}", op.symbol(), show(value))).collect();
            format!("({}{rest})", show(first))
        }
        ExprKind::BoolOp { op, values } => format!("({} {})", op.symbol(), all(values)),
        ExprKind::Compare { first, rest } => {
            let rest: String =
                rest.iter().map(|(op, value)| format!(" {} {}", op.symbol(), show(value))).collect();
            format!("({}{rest})", show(first))
        }
        ExprKind::Conditional { test, body, orelse } => {
            format!("(if {} {} {})", show(test), show(body), show(orelse))
        }
        ExprKind::Lambda(function) => {
            let params: Vec<&str> = function.params.iter().map(|param| param.name.name.as_str()).collect();
            let StmtKind::Return(Some(value)) = &function.body.stmts[0].kind else { panic!("{function:?}") };
            format!("(lambda {}: {})", params.join(" "), show(value))
        }
        ExprKind::Walrus { target, value } => format!("({} := {})", target.name, show(value)),
        ExprKind::Tuple(values) => format!("tuple<{}>", all(values)),
        ExprKind::List(values) => format!("list<{}>", all(values)),
        ExprKind::Set(values) => format!("set<{}>", all(values)),
        ExprKind::Dict(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| match &item.key {
                    Some(key) => format!("{}: {}", show(key), show(&item.value)),
                    None => format!("**{}", show(&item.value)),
                })
                .collect();
            format!("dict<{}>", items.join(" "))
        }
        ExprKind::Comprehension(comprehension) => {
            let kind = match comprehension.kind {
                ComprehensionKind::List => "list",
                ComprehensionKind::Set => "set",
                ComprehensionKind::Dict => "dict",
                ComprehensionKind::Generator => "generator",
            };
            let value = comprehension.value.as_ref().map(|value| format!(": {}", show(value)));
            let clauses: String = comprehension
                .clauses
                .iter()
                .map(|clause| {
                    let ifs: String = clause.ifs.iter().map(|test| format!(" if {}", show(test))).collect();
                    format!(" for {} in {}{ifs}", show(&clause.target), show(&clause.iter))
                })
                .collect();
            format!("{kind}<{}{}{clauses}>", show(&comprehension.element), value.unwrap_or_default())
        }
        ExprKind::Starred(value) => format!("*{}", show(value)),
        ExprKind::Yield(value) => format!("yield<{}>", value.as_deref().map(show).unwrap_or_default()),
        ExprKind::YieldFrom(value) => format!("yield from<{}>", show(value)),
        ExprKind::Unsupported { what, inside } => format!("{what:?}<{}>", all(inside)),
    }
}

fn show_parts(parts: &[FStringPart]) -> String {
    let show_part = |part: &FStringPart| match part {
        FStringPart::Text(text) => format!("{text:?}"),
        FStringPart::Value { value, conversion, format, .. } => {
            let conversion = match conversion {
                Conversion::None => "",
                Conversion::Str => "!s",
                Conversion::Repr => "!r",
                Conversion::Ascii => "!a",
            };
            let format = format.as_ref().map(|format| format!(":{}", show_parts(format)));
            format!("{{{}{conversion}{}}}", show(value), format.unwrap_or_default())
        }
    };
    parts.iter().map(show_part).collect::<Vec<_>>().join(" ")
}

#[test]
fn operators_bind_as_python_binds_them() {
    for (text, tree) in [
        ("a + b * c - d", "(a + (b * c) - d)"),
        ("(a - b) - (c - d)", "(a - b - (c - d))"),
        ("-a ** -b ** c", "(- (a ** (- (b ** c))))"),
        ("a << 1 | b & ~c ^ d", "(a << 1 | (b & (~ c) ^ d))"),
        ("a // b % c / d", "(a // b % c / d)"),
        ("not a and b or c or d", "(or (and (not a) b) c d)"),
        ("0 < a <= b != c", "(0 < a <= b != c)"),
        ("a in b is not c not in d is e", "(a in b is not c not in d is e)"),
        ("a if b else c if d else e", "(if b a (if d c e))"),
        ("(v := a + 1)", "(v := (a + 1))"),
        ("lambda x, *y, z=1, **k: x if y else z", "(lambda x y z k: (if y x z))"),
        ("a @ b", "(a @ b)"),
    ] {
        assert_eq!(show(&expr(text)), tree, "{text}");
    }
}

#[test]
fn every_operator_has_its_own_node() {
    let binary = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"];
    for symbol in binary {
        let ExprKind::Binary { rest, .. } = expr(&format!("a {symbol} b")).kind else { panic!("{symbol}") };
        assert_eq!(rest[0].0.symbol(), symbol);
        let StmtKind::AugAssign { op, .. } = stmt(&format!("a {symbol}= b")) else { panic!("{symbol}") };
        assert_eq!(op.symbol(), symbol);
    }
    for symbol in ["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"] {
        let ExprKind::Compare { rest, .. } = expr(&format!("a {symbol} b")).kind else { panic!("{symbol}") };
        assert_eq!(rest[0].0.symbol(), symbol);
    }
    for symbol in ["-", "+", "~", "not"] {
        let ExprKind::Unary { op, .. } = expr(&format!("{symbol} a")).kind else { panic!("{symbol}") };
        assert_eq!(op.symbol(), symbol);
    }
    let ops = (BinaryOp::Add, BoolOp::Or, CompareOp::NotIn, UnaryOp::Invert);
    assert_eq!((ops.0.symbol(), ops.1.symbol(), ops.2.symbol(), ops.3.symbol()), ("+", "or", "not in", "~"));
}

#[test]
fn access_calls_and_displays() {
    for (text, tree) in [
        ("bus.data[8:4].next", "bus.data[8:4:].next"),
        ("a[:], a[::2], a[1:, ...]", "tuple<a[::] a[::2] a[tuple<1:: ...>]>"),
        ("f(a, *b, c=1, **d)", "f(a *b c=1 **d)"),
        ("f(c=1, *b)", "f(c=1 *b)"),
        ("f(x for x in y if z if w)", "f(generator<x for x in y if z if w>)"),
        ("[*a, b]", "list<*a b>"),
        ("{a, *b}, {}, {1: 2, **c}, ()", "tuple<set<a *b> dict<> dict<1: 2 **c> tuple<>>"),
        ("[x for x, y in z for w in y]", "list<x for tuple<x y> in z for w in y>"),
        ("{x for x in y}, {x: y for x in z}", "tuple<set<x for x in y> dict<x: y for x in z>>"),
        ("None, True, False, ...", "tuple<none true false ...>"),
    ] {
        assert_eq!(show(&expr(text)), tree, "{text}");
    }
}

#[test]
fn literals_have_their_values() {
    for (text, tree) in [
        ("0x_ff + 0b1_0 + 0o17 + 1_000", "(255 + 2 + 15 + 1000)"),
        ("340282366920938463463374607431768211456", "340282366920938463463374607431768211456"),
        ("0xFFFFFFFFFFFFFFFFFFFF", "1208925819614629174706175"),
        ("1.5e3 + .5 + 1.", "(1500.0 + 0.5 + 1.0)"),
        (r#"'a\n' "b\x41" r'\n' '''"'''"#, r#""a\nbA\\n\"""#),
        (r"'\N{BULLET}'", "\"•\""),
    ] {
        assert_eq!(show(&expr(&format!("({text})"))), tree, "{text}");
    }
}

#[test]
fn f_strings_have_parts() {
    for (text, tree) in [
        (r"f'{a}'", "f<{a}>"),
        (r"'x' f'y{{{a!r:>{w}}}}' f'z'", r#"f<"xy{" {a!r:">" {w}} "}z">"#),
        (r"f'{a = }'", r#"f<"a = " {a!r}>"#),
        (r"f'{a+1=!s}'", r#"f<"a+1=" {(a + 1)!s}>"#),
        (r"f'{a=:04x}'", r#"f<"a=" {a:"04x"}>"#),
        (r"f'{a:}'", "f<{a:}>"),
        (r"f'''{f'{b}'} {d['k']}'''", r#"f<{f<{b}>} " " {d["k"]}>"#),
        (r"f''", "f<>"),
    ] {
        assert_eq!(show(&expr(text)), tree, "{text}");
    }
}

#[test]
fn yields_stand_as_statements_and_in_assignments_only() {
    assert_eq!(show(&expr("yield a, b")), "yield<tuple<a b>>");
    assert_eq!(show(&expr("yield")), "yield<>");
    assert_eq!(show(&expr("yield from f()")), "yield from<f()>");
    let StmtKind::Assign { value, .. } = stmt("x = yield a") else { panic!() };
    assert_eq!(show(&value), "yield<a>");
    let StmtKind::AugAssign { value, .. } = stmt("x += yield a") else { panic!() };
    assert_eq!(show(&value), "yield<a>");
    let StmtKind::AnnAssign { value: Some(value), .. } = stmt("x: int = yield a") else { panic!() };
    assert_eq!(show(&value), "yield<a>");
    assert_eq!(show(&expr("f((yield a))")), "f(YieldInside<yield<a>>)");
}

#[test]
fn assignments_have_their_targets() {
    let targets = |text: &str| match stmt(text) {
        StmtKind::Assign { targets, .. } => targets.iter().map(show).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(targets("a = b.next = c[1:0] = d"), ["a", "b.next", "c[1:0:]"]);
    assert_eq!(targets("a, (b, *c) = d"), ["tuple<a tuple<b *c>>"]);
    assert_eq!(targets("[a, b] = d"), ["list<a b>"]);
    let StmtKind::AnnAssign { target, annotation, value: None } = stmt("a: uint[8]") else { panic!() };
    assert_eq!((show(&target), show(&annotation)), ("a".to_owned(), "uint[8]".to_owned()));
}

#[test]
fn an_if_chain_is_flat() {
    let StmtKind::If { arms, orelse } = stmt("if a: f()\nelif b:\n  pass\nelif c: pass\nelse: g()\n") else {
        panic!()
    };
    assert_eq!(arms.iter().map(|arm| show(&arm.test)).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(arms[1].span, Span::new(FILE, (2, 0), (3, 6)));
    assert_eq!(orelse.stmts.len(), 1);
    let StmtKind::If { arms, orelse } = stmt("if a: f()\n") else { panic!() };
    assert_eq!((arms.len(), orelse.is_empty()), (1, true));
}

#[test]
fn loops_have_an_else() {
    let StmtKind::While { test, body, orelse } = stmt("while a:\n  break\nelse:\n  f()\n  g()\n") else {
        panic!()
    };
    assert_eq!((show(&test), body.stmts.len(), orelse.stmts.len()), ("a".to_owned(), 1, 2));
    let StmtKind::For { target, iter, body, orelse } = stmt("for i, j in x, y: continue\n") else { panic!() };
    assert_eq!((show(&target), show(&iter)), ("tuple<i j>".to_owned(), "tuple<x y>".to_owned()));
    assert_eq!((body.stmts.len(), orelse.is_empty()), (1, true));
}

#[test]
fn small_statements() {
    let StmtKind::Raise { exception: Some(a), cause: Some(b) } = stmt("raise a from b") else { panic!() };
    assert_eq!((show(&a), show(&b)), ("a".to_owned(), "b".to_owned()));
    assert!(matches!(stmt("raise"), StmtKind::Raise { exception: None, cause: None }));
    let StmtKind::Assert { test, message: Some(message) } = stmt("assert a, 'b'") else { panic!() };
    assert_eq!((show(&test), show(&message)), ("a".to_owned(), "\"b\"".to_owned()));
    assert!(matches!(stmt("del a, b[0]"), StmtKind::Delete(targets) if targets.len() == 2));
    assert!(matches!(stmt("global a, b"), StmtKind::Global(names) if names[1].name == "b"));
    assert!(matches!(stmt("nonlocal a"), StmtKind::Nonlocal(names) if names[0].name == "a"));
    assert!(matches!(stmts("pass; break; continue; return")[3].kind, StmtKind::Return(None)));
}

#[test]
fn patterns() {
    let text = "match a, b:\n  case 0, State.DATA if c: pass\n  case [1 | -2 as v, x]: pass\n  case None | 's': pass\n  \
                case intbv(3): pass\n  case _: pass\n";
    let StmtKind::Match { subject, cases } = stmt(text) else { panic!() };
    assert_eq!(show(&subject), "tuple<a b>");
    let PatternKind::Sequence(parts) = &cases[0].pattern.kind else { panic!() };
    assert!(matches!(&parts[1].kind, PatternKind::Value(value) if show(value) == "State.DATA"));
    assert_eq!(cases[0].guard.as_ref().map(show).as_deref(), Some("c"));
    let PatternKind::Sequence(parts) = &cases[1].pattern.kind else { panic!() };
    let PatternKind::As { pattern, name } = &parts[0].kind else { panic!() };
    let PatternKind::Or(choices) = &pattern.kind else { panic!() };
    assert!(matches!(&choices[1].kind, PatternKind::Value(value) if show(value) == "(- 2)"));
    assert_eq!(name.name, "v");
    assert!(matches!(&parts[1].kind, PatternKind::Capture(name) if name.name == "x"));
    let PatternKind::Or(choices) = &cases[2].pattern.kind else { panic!() };
    assert!(matches!(&choices[0].kind, PatternKind::Value(value) if value.kind == ExprKind::None));
    let PatternKind::Class { class, value } = &cases[3].pattern.kind else { panic!() };
    assert_eq!(show(class), "intbv");
    assert!(matches!(&value.kind, PatternKind::Value(value) if show(value) == "3"));
    assert_eq!(cases[4].pattern.kind, PatternKind::Wildcard);
    assert_eq!(cases[4].span, Span::new(FILE, (6, 2), (6, 14)));
}

#[test]
fn functions_have_parameters_of_every_kind() {
    let f = function("@a\n@b(1)\ndef f[T](x, /, y: int = 2, *z, w, **k) -> bool:\n  'doc'\n  return x\n");
    assert_eq!(f.decorators.iter().map(show).collect::<Vec<_>>(), ["a", "b(1)"]);
    let params: Vec<_> = f.params.iter().map(|param| (param.name.name.as_str(), param.kind)).collect();
    let expected = [
        ("x", ParameterKind::PositionOnly),
        ("y", ParameterKind::Normal),
        ("z", ParameterKind::Variadic),
        ("w", ParameterKind::NameOnly),
        ("k", ParameterKind::Keywords),
    ];
    assert_eq!(params, expected);
    assert_eq!(f.params[1].default.as_ref().map(show).as_deref(), Some("2"));
    assert_eq!(f.returns.as_ref().map(show).as_deref(), Some("bool"));
    assert_eq!(f.type_params[0].name, "T");
    assert_eq!(f.raw_docstring(), Some("doc"));
    assert_eq!(f.span, Span::new(FILE, (3, 0), (5, 10)));
    assert_eq!(f.first_line(), 1);
}

#[test]
fn a_docstring_loses_its_indentation() {
    let f = function("def f():\n    '''What it does.\n\n    More:\n      indented\n    '''\n");
    assert_eq!(f.docstring().as_deref(), Some("What it does.\n\nMore:\n  indented"));
    assert_eq!(module("'''\n  The file.\n'''\nx = 1\n").docstring().as_deref(), Some("The file."));
    assert_eq!(function("def f():\n    1\n").docstring(), None);
}

#[test]
fn spans_point_at_bytes() {
    let text = "é = ä + (b *\r\n  c)\r\n\tx.y[1] = 'ü'\n";
    let (module, _) = parse_module(&text.replace('\t', ""), FILE);
    let StmtKind::Assign { targets, value } = &module.body.stmts[0].kind else { panic!() };
    assert_eq!(targets[0].span, Span::new(FILE, (1, 0), (1, 2)));
    assert_eq!(value.span, Span::new(FILE, (1, 5), (2, 4)));
    let ExprKind::Binary { rest, .. } = &value.kind else { panic!() };
    assert_eq!(rest[0].1.span, Span::new(FILE, (1, 11), (2, 3)));
    assert_eq!(module.body.stmts[1].span, Span::new(FILE, (3, 0), (3, 13)));
}

#[test]
fn what_the_subset_lacks_is_kept_as_a_node_with_its_parts() {
    let text = "class A(B):\n  def m(self): pass\ntry:\n  f()\nexcept E as e:\n  g()\nfinally:\n  h()\n\
                with a as b, c:\n  i()\nimport os.path, re as r\nasync def z():\n  await q\nx = 1j\n";
    let found = stmts(text);
    let unsupported = |index: usize| match &found[index].kind {
        StmtKind::Unsupported(unsupported) => unsupported,
        other => panic!("{other:?}"),
    };
    let class = unsupported(0);
    assert_eq!((class.what, class.own_scope, class.binds[0].name.as_str()), (Construct::Class, true, "A"));
    assert_eq!(class.span, Span::new(FILE, (1, 0), (1, 7)));
    assert_eq!(class.blocks[0].stmts.len(), 1);
    let catch = unsupported(1);
    assert_eq!((catch.what, catch.binds[0].name.as_str(), catch.blocks.len()), (Construct::Try, "e", 4));
    assert_eq!(catch.blocks[3].stmts.len(), 1);
    let with = unsupported(2);
    assert_eq!((with.what, show(&with.targets[0]).as_str(), with.values.len()), (Construct::With, "b", 2));
    let names: Vec<&str> = unsupported(3).binds.iter().map(|name| name.name.as_str()).collect();
    assert_eq!(names, ["os", "r"]);
    assert_eq!(unsupported(4).what, Construct::AsyncDef);
    let StmtKind::Assign { value, .. } = &found[5].kind else { panic!() };
    assert_eq!(show(value), "Complex<>");
}

#[test]
fn a_function_is_found_by_the_line_of_its_code_object() {
    let text = "class C:\n  @block\n  def top(self):\n    @always(clk)\n    def p(): pass\n    \
                f = lambda: 1; g = lambda: 2\n    h = map(\n      lambda x: x, y)\n    async def a(): pass\n";
    let module = module(text);
    let find = |line, name| find_function(&module, line, name).map(|f| f.span.start.line);
    assert_eq!(find(2, "top"), Some(3));
    assert_eq!(find(3, "top"), None);
    assert_eq!(find(4, "p"), Some(5));
    assert_eq!(find(6, "<lambda>"), None);
    assert_eq!(functions_at(&module, 6).len(), 2);
    assert_eq!(find(8, "<lambda>"), Some(8));
    assert_eq!(find(9, "a"), None);
    let lambda = |column| find_lambda(&module, 6, Pos { line: 6, column }).map(|f| f.span.start.column);
    assert_eq!([lambda(16), lambda(31), lambda(20)], [Some(8), Some(23), None]);
    let inner = parse_module("k = lambda n: (lambda x: x + n)\n", FILE).0;
    let lambda = |column| find_lambda(&inner, 1, Pos { line: 1, column }).map(|f| f.span.start.column);
    assert_eq!([lambda(15), lambda(25)], [Some(4), Some(15)]);
}

#[test]
fn a_snippet_keeps_its_columns_and_lines() {
    let text = "    @always_comb\n    def p():\n        q.next = '''a\nb'''\n        # over\n";
    let (function, errors) = parse_function(text, FILE, 41);
    assert!(errors.is_empty(), "{errors:?}");
    let function = function.unwrap();
    assert_eq!((function.name.name.as_str(), function.first_line()), ("p", 41));
    assert_eq!(function.span, Span::new(FILE, (42, 4), (44, 4)));
    let StmtKind::Assign { value, .. } = &function.body.stmts[0].kind else { panic!() };
    assert_eq!(show(value), "\"a\\nb\"");
    assert_eq!(function.body.ending[0].text, "over");

    let (function, errors) = parse_function("x = 1\ndef p(): pass\n", FILE, 7);
    assert!(errors.is_empty());
    assert_eq!(function.unwrap().span.start.line, 8);

    let (function, errors) = parse_function("    def p():\n      x = = 1\n", FILE, 7);
    assert!(function.is_some());
    assert_eq!(errors[0].primary.span, Span::new(FILE, (8, 10), (8, 11)));

    assert_eq!(parse_function("x = 1\n", FILE, 7), (None, Vec::new()));
}

#[test]
fn several_errors_come_in_one_run() {
    let found = errors("x = = 1\ndef f(:\n  pass\nwhile True print\ny = 2\n");
    let lines: Vec<u32> = found.iter().map(|error| error.primary.span.start.line).collect();
    assert!(lines.contains(&1) && lines.contains(&2) && lines.contains(&4), "{found:?}");
    assert_eq!(found[0].message, "expected an expression");
    assert_eq!(found[0].primary.span, Span::new(FILE, (1, 4), (1, 5)));
    let many = errors(&"x = = 1\n".repeat(1_000));
    assert_eq!(many.len(), 100);
    assert_eq!(many[99].notes, ["900 more errors in this file are not shown"]);
}

#[test]
fn an_unclosed_bracket_is_named_first() {
    let found = errors("x = (1,\ny = 2\n");
    assert_eq!(found[0].message, "`(` is never closed");
    assert_eq!(found[0].primary.span, Span::new(FILE, (1, 4), (1, 5)));
}

#[test]
fn nested_fields_of_an_f_string_have_spans_in_the_file() {
    let ExprKind::FString(parts) = expr("f'''a\n{b + c}'''").kind else { panic!() };
    let FStringPart::Value { value, span, .. } = &parts[1] else { panic!() };
    assert_eq!(value.span, Span::new(FILE, (2, 1), (2, 6)));
    assert_eq!(*span, Span::new(FILE, (2, 0), (2, 7)));
}
