//! Small helpers that build designs by hand, and run the C compilers on what comes out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(dead_code, reason = "each test file uses some of it")]

#[path = "../../../text/tests/support/installed.rs"]
mod installed;

use pyhw_diagnostics::{FileId, Span};
use pyhw_ir::{
    Body, Design, Direction, Edge, Event, ExprId, LabelId, Module, ModuleId, Net, NetId, Op, Place, Process,
    ProcessBody, ProcessKind, Projection, Reset, Root, Stmt, StmtKind, SwitchArm, Type, Types, Value, Var,
    VarId,
};
use pyhw_text::OutputFile;
use std::path::{Path, PathBuf};
use std::process::Command;

pub mod machine;
pub mod random;

/// A place in the first file.
pub fn at(line: u32) -> Span {
    Span::new(FileId(0), (line, 4), (line, 12))
}

/// A module under construction.
pub struct Build {
    pub design: Design,
    pub module: Module,
}

impl Build {
    pub fn new(name: &str, file: &str, line: u32) -> Build {
        let mut design = Design::default();
        design.sources.add(file, "");
        Build { design, module: Module::new(name, at(line)) }
    }

    pub fn input(&mut self, name: &str, ty: Type, init: Value) -> NetId {
        self.module.add_port(Net::new(name, ty, init, at(1)), Direction::In)
    }

    pub fn output(&mut self, name: &str, ty: Type, init: Value) -> NetId {
        self.module.add_port(Net::new(name, ty, init, at(1)), Direction::Out)
    }

    pub fn bit(&mut self, name: &str) -> NetId {
        self.input(name, Type::Bool, Value::Bool(false))
    }

    pub fn net(&mut self, name: &str, ty: Type, init: Value) -> NetId {
        self.module.add_net(Net::new(name, ty, init, at(1)))
    }

    pub fn process(&mut self, name: &str, kind: ProcessKind, body: Code, line: u32) {
        self.module.add_process(Process {
            name: name.into(),
            kind,
            body: ProcessBody::Ir(body.body),
            doc: None,
            span: at(line),
        });
    }

    /// A combinational process that is woken by everything it reads.
    pub fn comb(&mut self, name: &str, body: Code, line: u32) {
        let process = Process {
            name: name.into(),
            kind: ProcessKind::Timed,
            body: ProcessBody::Ir(body.body.clone()),
            doc: None,
            span: at(line),
        };
        let sensitivity = pyhw_passes::read_nets(&process);
        self.process(name, ProcessKind::Comb { sensitivity }, body, line);
    }

    pub fn clocked(&mut self, name: &str, clk: NetId, body: Code, line: u32) {
        self.process(name, rising(clk), body, line);
    }

    /// The module as the top, after the others.
    pub fn finish(self) -> Design {
        let mut design = self.design;
        design.modules.push(self.module);
        design.top = Some(ModuleId::new(design.modules.len() - 1));
        design
    }

    /// An empty body that knows the nets' types.
    pub fn code(&self) -> Code {
        Code {
            body: Body::default(),
            nets: self.module.nets.iter().map(|net| net.ty.clone()).collect(),
            types: self.design.types.clone(),
        }
    }
}

/// Woken by a rising edge.
pub fn rising(clk: NetId) -> ProcessKind {
    ProcessKind::Clocked { events: vec![Event { net: clk, edge: Edge::Rising }], reset: None }
}

/// Woken by a rising edge, with a reset that is active high.
pub fn with_reset(clk: NetId, rst: NetId, is_async: bool) -> ProcessKind {
    let mut events = vec![Event { net: clk, edge: Edge::Rising }];
    if is_async {
        events.push(Event { net: rst, edge: Edge::Rising });
    }
    ProcessKind::Clocked { events, reset: Some(Reset::new(rst, true, is_async)) }
}

/// A body under construction.
#[derive(Clone)]
pub struct Code {
    pub body: Body,
    nets: Vec<Type>,
    types: Types,
}

impl Code {
    pub fn op(&mut self, op: Op, args: &[ExprId]) -> ExprId {
        self.body.exprs.op(op, args, &self.types, at(1)).unwrap()
    }

    pub fn get(&mut self, net: NetId) -> ExprId {
        self.body.exprs.net(net, &self.nets[net.index()].clone(), at(1))
    }

    pub fn int(&mut self, value: i64) -> ExprId {
        self.body.exprs.int(value, at(1))
    }

    pub fn bool(&mut self, value: bool) -> ExprId {
        self.body.exprs.bool(value, at(1))
    }

    pub fn constant(&mut self, value: Value, ty: Type) -> ExprId {
        self.body.exprs.constant(value, ty, at(1))
    }

    pub fn var(&mut self, name: &str, ty: Type) -> VarId {
        self.body.add_var(Var { name: name.into(), ty, wraps: false, span: at(1) })
    }

    pub fn read(&mut self, var: VarId) -> ExprId {
        let ty = self.body.var(var).ty.clone();
        self.body.exprs.var(var, &ty, at(1))
    }

    pub fn label(&mut self, name: &str) -> LabelId {
        self.body.add_label(name)
    }

    pub fn push(&mut self, stmt: Stmt) {
        self.body.stmts.push(stmt);
    }
}

pub fn stmt(kind: StmtKind) -> Stmt {
    Stmt::new(kind, at(1))
}

pub fn next(net: NetId, value: ExprId) -> Stmt {
    stmt(StmtKind::Next { place: Place::net(net), value })
}

pub fn next_at(net: NetId, path: Vec<Projection>, value: ExprId) -> Stmt {
    stmt(StmtKind::Next { place: Place { root: Root::Net(net), path }, value })
}

pub fn assign(var: VarId, value: ExprId) -> Stmt {
    stmt(StmtKind::Assign { place: Place::var(var), value })
}

pub fn when(arms: Vec<(ExprId, Vec<Stmt>)>, orelse: Vec<Stmt>) -> Stmt {
    stmt(StmtKind::If { arms, orelse })
}

pub fn switch(subject: ExprId, arms: Vec<(Vec<Value>, Vec<Stmt>)>, default: Option<Vec<Stmt>>) -> Stmt {
    let arms = arms.into_iter().map(|(values, body)| SwitchArm { values, body }).collect();
    stmt(StmtKind::Switch { subject, arms, default })
}

pub fn count(label: LabelId, var: VarId, [start, stop, step]: [i64; 3], body: Vec<Stmt>) -> Stmt {
    let (start, stop, step) = (start.into(), stop.into(), step.into());
    stmt(StmtKind::For { label, var, start, stop, step, body })
}

/// The files of a design, or a panic with what was refused.
pub fn emitted(design: &Design) -> Vec<OutputFile> {
    pyhw_c::emit(design, &pyhw_c::Options::default()).unwrap_or_else(|errors| panic!("refused: {errors:#?}"))
}

/// What a driver's program for the host begins with.
pub const HOST: &str = r#"
#include <stdio.h>
#include <stdint.h>
#include <stdbool.h>
static unsigned failures;
void expect(bool holds, uint16_t vector, uint16_t output);
void expect(bool holds, uint16_t vector, uint16_t output)
{
    if (!holds) {
        printf("vector %u, net %u\n", (unsigned)vector, (unsigned)output);
        failures++;
    }
}
"#;

/// What every driver begins with.
pub const EXPECT: &str =
    "#include <stdint.h>\n#include <stdbool.h>\nvoid expect(bool holds, uint16_t vector, uint16_t output);\n";

/// Compiles designs with their drivers (`run_NAME` each) into one program for the host, and runs it with every check that gcc has.
pub fn run_on_host(dir: &Path, designs: &[(String, &Design, String)]) {
    let mut main = String::from(HOST);
    let mut calls = String::new();
    let mut sources = Vec::new();
    for (name, design, driver) in designs {
        write(dir, &emitted(design));
        std::fs::write(dir.join(format!("drive_{name}.c")), format!("{EXPECT}{driver}")).unwrap();
        main += &format!("void run_{name}(void);\n");
        calls += &format!("    printf(\"{name}\\n\");\n    run_{name}();\n");
        sources.push(format!("{name}.c"));
        sources.push(format!("drive_{name}.c"));
    }
    main += &format!("int main(void)\n{{\n{calls}    return failures != 0U;\n}}\n");
    std::fs::write(dir.join("main.c"), main).unwrap();
    let mut args =
        vec!["-std=c99", "-O1", "-g", "-w", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"];
    args.extend(sources.iter().map(String::as_str));
    args.extend(["main.c", "-o", "main"]);
    run(dir, "gcc", &args);
    run(dir, dir.join("main").to_str().unwrap(), &[]);
}

/// A folder for a test's files.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Whether a program is there.
pub fn has_tool(name: &str) -> bool {
    installed::installed(name, "--version")
}

/// Runs a program and gives what it says; a panic if it fails.
pub fn run(dir: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(dir).output().unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {args:?} in {}:\n{text}", dir.display());
    text
}

pub const FLAGS: &[&str] =
    &["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-ffreestanding", "-Werror"];

/// Compiles C files for every processor there is a compiler for, with every warning an error.
pub fn compile_everywhere(dir: &Path, sources: &[&str]) {
    let targets: [(&str, &[&str]); 5] = [
        ("gcc", &["-O2"]),
        ("gcc", &["-O0"]),
        ("avr-gcc", &["-mmcu=atmega328p", "-Os"]),
        ("arm-none-eabi-gcc", &["-mcpu=cortex-m0", "-mthumb", "-Os"]),
        ("riscv64-unknown-elf-gcc", &["-march=rv32imac", "-mabi=ilp32", "-Os"]),
    ];
    for (compiler, machine) in targets {
        if !has_tool(compiler) {
            continue;
        }
        for source in sources {
            let mut args = FLAGS.to_vec();
            args.extend(machine);
            args.extend(["-c", source, "-o", "compiled.o"]);
            run(dir, compiler, &args);
        }
    }
}

/// What cppcheck says is an error. `checks` are the groups that it makes besides errors.
pub fn cppcheck(dir: &Path, sources: &[&str], checks: &str) {
    if !has_tool("cppcheck") {
        return;
    }
    let enabled = format!("--enable={checks}");
    let mut args = vec![
        "--quiet",
        "--std=c99",
        &enabled,
        "--error-exitcode=9",
        "--suppress=missingIncludeSystem",
        "--suppress=unusedStructMember",
        "--suppress=unmatchedSuppression",
    ];
    args.extend(sources);
    let said = run(dir, "cppcheck", &args);
    assert!(said.trim().is_empty(), "cppcheck in {}: {said}", dir.display());
}

/// Writes files into a folder.
pub fn write(dir: &Path, files: &[OutputFile]) {
    for file in files {
        std::fs::write(dir.join(&file.name), &file.text).unwrap();
    }
}
