//! Which comment goes where.

use pyhw_diagnostics::FileId;
use pyhw_syntax::ast::{Block, Comment, Module, StmtKind};
use pyhw_syntax::parse_module;

fn module(text: &str) -> Module {
    let (module, errors) = parse_module(text, FileId(0));
    assert!(errors.is_empty(), "{text}: {errors:?}");
    module
}

fn texts(comments: &[Comment]) -> Vec<&str> {
    comments.iter().map(|comment| comment.text.as_str()).collect()
}

fn text(comment: &Option<Comment>) -> &str {
    comment.as_ref().map_or("", |comment| comment.text.as_str())
}

/// How many comments a block and what is in it have taken.
fn taken(block: &Block) -> usize {
    let inside =
        |block: &Block| block.leading.len() + usize::from(block.opening.is_some()) + block.ending.len();
    let mut count = inside(block);
    for stmt in block {
        count += stmt.leading.len() + usize::from(stmt.trailing.is_some());
        count += match &stmt.kind {
            StmtKind::If { arms, orelse } => {
                arms.iter().map(|arm| taken(&arm.body)).sum::<usize>() + taken(orelse)
            }
            StmtKind::While { body, orelse, .. } | StmtKind::For { body, orelse, .. } => {
                taken(body) + taken(orelse)
            }
            StmtKind::Match { cases, .. } => cases.iter().map(|case| taken(&case.body)).sum(),
            StmtKind::Function(function) => taken(&function.body),
            StmtKind::Unsupported(unsupported) => unsupported.blocks.iter().map(taken).sum(),
            _ => 0,
        };
    }
    count
}

#[test]
fn comments_go_to_the_statement_below_or_beside_them() {
    let module = module("#!first\n\n# second\nx = 1  #third \ny = 2; z = 3 # fourth\n# last\n");
    let stmts = &module.body.stmts;
    assert_eq!(texts(&stmts[0].leading), ["!first", "second"]);
    assert_eq!(text(&stmts[0].trailing), "third");
    assert_eq!(text(&stmts[1].trailing), "");
    assert_eq!(text(&stmts[2].trailing), "fourth");
    assert_eq!(texts(&module.body.ending), ["last"]);
    assert_eq!(module.comments.len(), 5);
    assert!(module.comments[0].own_line && !module.comments[2].own_line);
}

#[test]
fn blocks_keep_what_is_indented_as_they_are() {
    let module = module(
        "if a:  # when a\n    # first\n    x = 1  # one\n    # end of a\n# before elif\nelif b:\n    y = 1\n  \
         # odd\n# before else\nelse:  # otherwise\n    z = 1\n    # end of else\n# after\nw = 1\n",
    );
    let StmtKind::If { arms, orelse } = &module.body.stmts[0].kind else { panic!() };
    assert_eq!(text(&arms[0].body.opening), "when a");
    assert_eq!(texts(&arms[0].body.stmts[0].leading), ["first"]);
    assert_eq!(text(&arms[0].body.stmts[0].trailing), "one");
    assert_eq!(texts(&arms[0].body.ending), ["end of a"]);
    assert_eq!(texts(&arms[1].body.leading), ["before elif"]);
    assert_eq!(texts(&orelse.leading), ["odd", "before else"]);
    assert_eq!(text(&orelse.opening), "otherwise");
    assert_eq!(texts(&orelse.ending), ["end of else"]);
    assert_eq!(texts(&module.body.stmts[1].leading), ["after"]);
}

#[test]
fn comments_within_brackets_go_to_their_statement() {
    let module = module(
        "x = [  # open\n    1,  # one\n    # two\n    2,\n]  # close\nif (a and  # why\n        b):\n    c()\n",
    );
    assert_eq!(texts(&module.body.stmts[0].leading), ["open", "one", "two"]);
    assert_eq!(text(&module.body.stmts[0].trailing), "close");
    let StmtKind::If { arms, .. } = &module.body.stmts[1].kind else { panic!() };
    assert_eq!(texts(&arms[0].body.leading), ["why"]);
}

#[test]
fn every_kind_of_block_hands_its_comments_on() {
    let text = "while a: # 1\n    b()\n    # 2\n# 3\nelse: # 4\n    # 5\n    c()\nfor i in x: # 6\n    d()\n\
                match s:\n    # 7\n    case 1: # 8\n        e()\n        # 9\n    # 10\n    case _: # 11\n        f()\n\
                # 12\n@d # 13\n# 14\ndef g(a, # 15\n      b): # 16\n    # 17\n    h()\n    # 18\n\
                class C: # 19\n    # 20\n    x = 1 # 21\n\
                try: # 22\n    i()\n    # 23\n# 24\nexcept E: # 25\n    j()\nelse: # 26\n    k()\n# 27\nfinally: # 28\n    l()\n\
                with a as b: # 29\n    m() # 30\nif q: r() # 31\n";
    let module = module(text);
    assert_eq!(module.comments.len(), 31);
    assert_eq!(taken(&module.body), 31);
    let StmtKind::While { body, orelse, .. } = &module.body.stmts[0].kind else { panic!() };
    assert_eq!((texts(&body.ending), texts(&orelse.leading)), (vec!["2"], vec!["3"]));
    assert_eq!((self::text(&orelse.opening), texts(&orelse.stmts[0].leading)), ("4", vec!["5"]));
    let StmtKind::Match { cases, .. } = &module.body.stmts[2].kind else { panic!() };
    assert_eq!((texts(&cases[0].body.leading), texts(&cases[0].body.ending)), (vec!["7"], vec!["9"]));
    assert_eq!(texts(&cases[1].body.leading), ["10"]);
    let StmtKind::Function(g) = &module.body.stmts[3].kind else { panic!() };
    assert_eq!(texts(&module.body.stmts[3].leading), ["12"]);
    assert_eq!((texts(&g.body.leading), self::text(&g.body.opening)), (vec!["13", "14", "15"], "16"));
    assert_eq!(texts(&g.body.ending), ["18"]);
}
