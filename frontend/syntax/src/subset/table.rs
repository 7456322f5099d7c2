//! The rows.

use super::Place;
use std::fmt;

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The part of the table that it stands in.
    pub section: &'static str,
    /// What it is called, in lower case.
    pub name: &'static str,
    /// Where it is accepted, and in the places before that one.
    pub accepted: Place,
    /// Statements that have it.
    pub example: &'static str,
    /// What else is to be known; may be empty.
    pub note: &'static str,
}

macro_rules! rows {
    ($($section:literal: $($construct:ident $accepted:ident $name:literal $example:literal $note:literal;)*)*) => {
        /// A construct of Python, which is a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Construct {
            $($(#[doc = $name] $construct,)*)*
        }

        impl Construct {
            /// Every row in the order of the table.
            pub const ALL: &'static [Construct] = &[$($(Construct::$construct,)*)*];

            /// Its row.
            pub fn row(self) -> &'static Row {
                match self {
                    $($(Construct::$construct => &Row {
                        section: $section, name: $name, accepted: Place::$accepted, example: $example, note: $note,
                    },)*)*
                }
            }
        }
    };
}

impl fmt::Display for Construct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().name)
    }
}

rows! {
"Assignment":
    Assign Process "assignment" "v = a" "binds a local";
    AttributeTarget Process "assignment to an attribute" "q.next = d" "of a signal: its next value";
    SubscriptTarget Process "assignment to a bit or an element" "q.next[3] = d" "";
    SliceTarget Process "assignment to a slice" "q.next[8:4] = d" "the upper bound is exclusive, as in MyHDL";
    TupleTarget Process "tuple assignment" "x, y = y0, x0" "the right side is evaluated first";
    ChainedAssign Process "chained assignment" "x = y = a" "stored from left to right";
    StarTarget Process "starred target" "first, *others = xs" "the number of values must be known";
    AugAssign Process "augmented assignment" "v += 1" "changes an intbv in place";
    AnnAssign Process "annotated assignment" "v: int = 0" "the annotation is the type of the local";
    Walrus Process "assignment expression" "if (v := a + b) > 3:\n    q.next = v" "";
    Delete TestBench "`del`" "del xs[0]" "";
    Global TestBench "`global`" "global count\ncount = 1" "";
    Nonlocal TestBench "`nonlocal`" "nonlocal count\ncount = 1" "";

"Control":
    If Process "`if`, `elif`, `else`" "if a:\n    q.next = 0\nelif b:\n    q.next = 1\nelse:\n    q.next = 2" "what `if __debug__:` holds is not emitted where it is outside the subset and drives nothing";
    While Process "`while`" "while v < 8:\n    v += 1" "bounded, or with a wait in each round, where it is emitted";
    WhileElse Process "`while` with `else`" "while v < 8:\n    v += 1\nelse:\n    q.next = v" "";
    For Process "`for`" "for i in range(8):\n    q.next[i] = d[7 - i]" "over range, downrange, lists, enumerate, zip, reversed";
    ForElse Process "`for` with `else`" "for i in range(8):\n    if d[i]:\n        break\nelse:\n    q.next = 0" "";
    Break Process "`break`" "while a:\n    break" "";
    Continue Process "`continue`" "for i in range(4):\n    continue" "";
    Pass Process "`pass`" "pass" "";
    Return Process "`return`" "return a" "a function that is called for its value";
    Raise Process "`raise`" "raise StopSimulation" "ends the simulation; not emitted";
    Assert Process "`assert`" "assert count < 8, 'full'" "checked in simulation, and narrows the range of what it speaks of";
    Match Process "`match`" "match state:\n    case 0:\n        q.next = 1" "";
    Yield Process "`yield`" "yield clk.posedge" "a wait, as a statement or as the right side of an assignment";
    YieldFrom Process "`yield from`" "yield from send(3)" "waits as the other generator does";
    YieldInside Elaboration "`yield` inside an expression" "v = 1 + (yield a)" "assign it first: `x = yield a`";
    ExprStatement Process "call as a statement" "print(a)" "";
    Docstring Process "docstring" "\"what it does.\"" "carried into the output";
    Try Elaboration "`try`" "try:\n    f()\nexcept ValueError as e:\n    g(e)\nelse:\n    h()\nfinally:\n    k()" "";
    With Elaboration "with" "with f() as v:\n    g(v)" "";
    AsyncFor Elaboration "`async for`" "async for x in xs:\n    f(x)" "";
    AsyncWith Elaboration "`async with`" "async with f() as v:\n    g(v)" "";
    Import Elaboration "`import`" "from math import log2 as log" "import at the top of the file";
    TypeAlias Elaboration "type alias" "type Byte = int" "from Python 3.12 on";

"Patterns":
    ValuePattern Process "value pattern" "match state:\n    case State.IDLE | -1:\n        pass" "numbers, strings, None, True, False, dotted names";
    OrPattern Process "alternatives" "match state:\n    case 1 | 2:\n        pass" "";
    WildcardPattern Process "wildcard" "match state:\n    case _:\n        pass" "";
    CapturePattern Process "capture" "match state:\n    case other:\n        q.next = other" "";
    AsPattern Process "`as`" "match state:\n    case 1 | 2 as some:\n        q.next = some" "";
    SequencePattern Process "sequence pattern" "match a, b:\n    case 0, 1:\n        pass" "the subject is a tuple";
    Guard Process "guard" "match state:\n    case 1 if ready:\n        pass" "";
    StarPattern Elaboration "star in a pattern" "match xs:\n    case [first, *others]:\n        pass" "";
    MappingPattern Elaboration "mapping pattern" "match d:\n    case {'a': 1, **others}:\n        pass" "";
    ClassPattern Process "class pattern with one value" "match state:\n    case intbv(5):\n        pass" "fits the value, as in MyHDL's conversion";
    AttributePattern Elaboration "class pattern" "match p:\n    case Point(0, y=0):\n        pass" "compare the attributes instead";

"Functions and classes":
    NestedDef Process "nested function" "def parity(x):\n    return x ^ 1\nq.next = parity(d)" "";
    Decorated Elaboration "decorated function" "@cache\ndef f(x):\n    return x" "processes and tasks are declared in a block";
    DefaultArgument Process "default argument" "def f(x, n=1):\n    return x" "";
    VariadicParameter Process "`*args`" "def f(*xs):\n    return xs[0]" "known at each call";
    KeywordsParameter TestBench "`**kwargs`" "def f(**options):\n    return 0" "";
    TypeParameters Process "type parameters" "def f[T](x: T):\n    return x" "without meaning to pyhw; from Python 3.12 on";
    Lambda Process "`lambda`" "f = lambda x: x + 1" "";
    AsyncDef Elaboration "`async def`" "async def f():\n    return 1" "tasks are generators";
    Class Elaboration "`class`" "class Point:\n    x = 0" "";

"Names, constants, displays":
    Name Process "name" "v = a" "locals, and what surrounds the process";
    Int Process "integer" "v = 0x_FF" "of any size";
    Float Process "float" "v = 1.5" "as a parameter; what a signal holds is an integer";
    Complex Elaboration "complex number" "v = 1j" "";
    Bool Process "`True` and `False`" "v = True" "";
    None Process "`None`" "q.next = None" "what a tri-state driver lets go to";
    Ellipsis Process "`...`" "..." "does nothing";
    Str Process "string" "print('a' \"b\")" "in prints and assertions; as a bit pattern for intbv";
    Bytes Elaboration "bytes" "v = b'ab'" "use a list or tuple of integers";
    FString Process "f-string" "print(f'{a:>4} {b!r} {c=}')" "in prints and assertions; `!r` and `=` of a signal are left to Python";
    TString Elaboration "t-string" "v = t'{a}'" "";
    Tuple Process "tuple" "v = (1, a)" "";
    List Process "list" "v = [0, 1, a]" "of a fixed length where it is emitted";
    Dict Process "dict" "v = {0: 1, 1: 3}" "constant where it is emitted";
    Set Process "set" "if a in {1, 2}:\n    pass" "constant, on the right of `in`";
    StarElement TestBench "star in a display" "v = [0, *xs]" "";
    DictUnpack TestBench "`**` in a dict" "v = {**d, 1: 2}" "";
    ListComprehension Process "list comprehension" "v = [intbv(0)[8:] for i in range(4)]" "";
    GeneratorExpression Process "generator expression" "q.next = any(x == 1 for x in xs)" "as the argument of any, all, sum, min, max";
    SetComprehension TestBench "set comprehension" "v = {x + 1 for x in xs}" "";
    DictComprehension TestBench "dict comprehension" "v = {x: x + 1 for x in xs}" "";
    AsyncComprehension Elaboration "asynchronous comprehension" "v = [x async for x in xs]" "";

"Access":
    Attribute Process "attribute" "v = bus.data" "";
    Subscript Process "index" "v = d[3]" "a bit of an integer, or an element";
    Slice Process "slice" "v = d[8:4]" "of an integer: bits 7 to 4";
    SliceStep TestBench "slice with a step" "v = xs[::2]" "";
    Call Process "call" "v = f(a)" "of a function in the subset, or a built-in one that is known";
    KeywordArgument Process "keyword argument" "v = f(x=a)" "";
    StarArgument Process "`*argument`" "v = concat(*xs)" "of a length that is known";
    DoubleStarArgument TestBench "`**argument`" "v = f(**options)" "";

"Operators":
    Sign Process "`-` and `+` with one operand" "v = -a + +b" "exact: the result is as wide as it must be";
    Invert Process "`~`" "v = ~a" "keeps the width of its operand";
    Not Process "`not`" "v = not a" "";
    Arithmetic Process "`+`, `-`, `*`" "v = a + b * c - 1" "exact";
    FloorDivision Process "`//` and `%`" "v = a // 2 + a % 4" "round down, as Python does; % with a string on the left formats it";
    TrueDivision TestBench "`/`" "v = a / 2" "gives a float";
    Power Process "`**`" "v = a ** 2" "with a constant exponent, or a constant base";
    Shift Process "`<<` and `>>`" "v = a << 1 | a >> 7" "";
    Bitwise Process "`&`, `|`, `^`" "v = a & b | c ^ d" "";
    MatrixProduct Elaboration "`@`" "v = a @ b" "";
    BoolOp Process "`and`, `or`" "v = a and b or c" "";
    Compare Process "comparison" "v = a < b" "";
    ChainedCompare Process "chained comparison" "v = 0 < a <= 5" "";
    In Process "`in`, `not in`" "v = a in (1, 2)" "";
    Is Process "`is`, `is not`" "v = a is None" "with None, True, False and enum members";
    Conditional Process "conditional expression" "v = a if c else b" "";
    Await Elaboration "`await`" "v = await f()" "";
}
