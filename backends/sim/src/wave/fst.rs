//! GTKWave's compressed waves.
//!
//! Members of enums are shown by their codes, integers without bounds by their low 64 bits. Texts have no place in the format
//! as the writer knows it, and are left out.

use super::{Scope, Shown, Var, VarKind, WaveSink};
use fst_writer::{
    FstBodyWriter, FstFileType, FstHeaderWriter, FstInfo, FstScopeType, FstSignalId, FstSignalType,
    FstVarDirection, FstVarType, FstWriteError,
};
use pyhw_ir::Int;
use std::io::{self, Seek, Write};

/// More than this in memory is written out.
const BLOCK_BYTES: usize = 64 << 20;

const INTEGER_BITS: u32 = 64;

/// Writes waves in the format FST.
pub struct Fst<W: Write + Seek + Send> {
    stage: Stage<W>,
    exponent: i8,
    /// The variables that are written, with their widths.
    vars: Vec<Option<(FstSignalId, VarKind)>>,
    digits: Vec<u8>,
}

enum Stage<W: Write + Seek> {
    New(W),
    Running(Box<FstBodyWriter<W>>),
    Over,
}

fn of_fst(error: FstWriteError) -> io::Error {
    match error {
        FstWriteError::Io(error) => error,
        other => io::Error::other(other),
    }
}

impl<W: Write + Seek + Send> Fst<W> {
    /// Waves that go to `out`. A step lasts 10^`exponent` seconds: −9 for a nanosecond.
    pub fn new(out: W, exponent: i8) -> Fst<W> {
        Fst { stage: Stage::New(out), exponent, vars: Vec::new(), digits: Vec::new() }
    }

    fn scope(&mut self, header: &mut FstHeaderWriter<W>, scope: &Scope) -> Result<(), FstWriteError> {
        header.scope(&scope.name, "", FstScopeType::Module)?;
        for Var { name, id, kind } in &scope.vars {
            let width = match kind {
                VarKind::Bit => 1,
                VarKind::Bits(width) => *width,
                VarKind::Member(of) => of.width_bits.max(1),
                VarKind::Integer => INTEGER_BITS,
                VarKind::Text => continue,
            };
            if self.vars.len() <= *id {
                self.vars.resize(*id + 1, None);
            }
            let known = self.vars[*id].as_ref().map(|(id, _)| *id);
            let var = header.var(
                name,
                FstSignalType::bit_vec(width),
                FstVarType::Wire,
                FstVarDirection::Implicit,
                known,
            )?;
            self.vars[*id] = Some((var, kind.clone()));
        }
        for inner in &scope.scopes {
            self.scope(header, inner)?;
        }
        header.up_scope()
    }
}

impl<W: Write + Seek + Send> WaveSink for Fst<W> {
    fn begin(&mut self, root: &Scope) -> io::Result<()> {
        let Stage::New(out) = std::mem::replace(&mut self.stage, Stage::Over) else { return Ok(()) };
        let info = FstInfo {
            start_time: 0,
            timescale_exponent: self.exponent,
            version: "pyhw".into(),
            date: String::new(),
            file_type: FstFileType::Verilog,
        };
        let mut header = FstHeaderWriter::new(out, &info).map_err(of_fst)?;
        self.scope(&mut header, root).map_err(of_fst)?;
        self.stage = Stage::Running(Box::new(header.finish().map_err(of_fst)?));
        Ok(())
    }

    fn time(&mut self, time: u64) -> io::Result<()> {
        let Stage::Running(body) = &mut self.stage else { return Ok(()) };
        if body.size() > BLOCK_BYTES {
            body.flush().map_err(of_fst)?;
        }
        body.time_change(time).map_err(of_fst)
    }

    fn change(&mut self, id: usize, value: Shown<'_>) -> io::Result<()> {
        let (Stage::Running(body), Some(Some((var, kind)))) = (&mut self.stage, self.vars.get(id)) else {
            return Ok(());
        };
        self.digits.clear();
        let mut push = |int: &Int, width: u32| {
            self.digits.extend((0..width).rev().map(|at| b'0' + u8::from(int.bit(at))));
        };
        match (value, kind) {
            (Shown::Bit(bit), _) => push(&Int::from(bit), 1),
            (Shown::Int(int), VarKind::Bits(width)) => push(int, *width),
            (Shown::Int(int), _) => push(int, INTEGER_BITS),
            (Shown::Member(member), VarKind::Member(of)) => {
                let none = Int::ZERO;
                let code = of.members.get(member as usize).map_or(&none, |(_, code)| code);
                push(code, of.width_bits.max(1));
            }
            (Shown::Z, VarKind::Bit) => self.digits.push(b'z'),
            (Shown::Z, VarKind::Bits(width)) => self.digits.resize(*width as usize, b'z'),
            (Shown::Member(_) | Shown::Text(_) | Shown::Z, _) => return Ok(()),
        }
        body.signal_change(*var, &self.digits).map_err(of_fst)
    }

    fn flush(&mut self) -> io::Result<()> {
        // A block is written when it is full; a short one would only cost space.
        Ok(())
    }

    fn finish(&mut self, time: u64) -> io::Result<()> {
        let Stage::Running(mut body) = std::mem::replace(&mut self.stage, Stage::Over) else {
            return Ok(());
        };
        // The format keeps the times after the first one, and readers need one of them: waves that end where they begin last
        // a step.
        body.time_change(time.max(1)).map_err(of_fst)?;
        body.finish().map_err(of_fst)?.flush()
    }
}
