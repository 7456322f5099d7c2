//! Everything of a file, to be checked: what it converts and simulates, and the blocks that it does not build itself.

use super::Host;
use super::blocks::BlockFunction;
use crate::collect::{Conversions, Told, Unrun};
use pyhw_cli::interpreter::{Ended, Origin, Request, Unit};
use pyhw_cli::{Findings, Reporter};
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyo3::prelude::*;
use std::path::Path;

impl<'py> Host<'py> {
    pub(super) fn elaborate_all_here(
        &self,
        request: &Request<'_>,
        reporter: &Reporter,
    ) -> Result<Vec<Unit>, Ended> {
        if request.top.is_some() {
            return self.elaborate_here(request);
        }
        let failed = |error: PyErr| self.failed(request, &error, false);
        let path = self.prepare(request, &[]).map_err(failed)?;
        let conversions = Bound::new(self.py, Conversions::default()).map_err(failed)?;
        let unrun = Bound::new(self.py, Unrun::default()).map_err(failed)?;
        let replaced = [
            ("convert", conversions.clone().into_any().unbind()),
            ("Simulation", unrun.clone().into_any().unbind()),
        ];
        self.trace_nothing().map_err(failed)?;
        let ran = self.replacing(&replaced, || self.run_script(request, &path)).map_err(failed)?;
        let simulated = unrun.borrow().take();
        let mut units = conversions.borrow().take();
        // What a file expects of simulations that did not run, it does not find.
        let excused = !simulated.is_empty();
        units.extend(simulated);
        let module = match ran {
            Ok(module) => module,
            Err(_) if excused => return Ok(units),
            Err(error) => match self.failed(request, &error, false) {
                Ended::Exit(0) if !units.is_empty() => return Ok(units),
                other => return Err(other),
            },
        };
        self.unbuilt_blocks(request, &module, &path, &mut units, reporter)?;
        Ok(units)
    }

    /// Waves that are asked for are not written, nor is a file made for them.
    fn trace_nothing(&self) -> PyResult<()> {
        let untraced = c"lambda self, dut, *args, **kwargs: dut(*args, **kwargs) if args or kwargs or callable(dut) else dut";
        let untraced = self.py.eval(untraced, None, None)?;
        self.py.import("pyhw._trace")?.getattr("_TraceSignals")?.setattr("__call__", untraced)
    }

    /// The blocks of a file that it does not build itself, as far as what is written tells how. One that cannot be built is told of at once,
    /// and so are those that are not built for want of types; they are all that is wrong where there is nothing else.
    fn unbuilt_blocks(
        &self,
        request: &Request<'_>,
        module: &Bound<'py, PyModule>,
        path: &Path,
        units: &mut Vec<Unit>,
        reporter: &Reporter,
    ) -> Result<(), Ended> {
        let failed = |error: PyErr| self.failed(request, &error, false);
        let blocks = self.blocks(module, path).map_err(failed)?;
        if blocks.is_empty() && units.is_empty() {
            return Err(self.no_block(request, module, path).map_err(failed)?);
        }
        let mut untyped = Vec::new();
        let mut any_failed = false;
        for block in self.unbuilt(&blocks).map_err(failed)? {
            let is_bench = self.takes_nothing(&block.object).map_err(failed)?;
            let origin = if is_bench { Origin::Simulation } else { Origin::Top };
            match self.build(&block.object, request.params).and_then(|built| self.unit(&built, origin)) {
                Ok(unit) => units.push(unit),
                Err(Ended::Findings(findings))
                    if findings.diagnostics.iter().all(|f| f.code == Code::PH0105) =>
                {
                    untyped.push((block, findings));
                }
                Err(Ended::Findings(findings)) => {
                    any_failed = true;
                    Told::new(reporter).report(self.py, &findings).map_err(failed)?;
                }
                Err(other) => return Err(other),
            }
        }
        if units.is_empty() && !any_failed {
            return match untyped.into_iter().next() {
                Some((_, findings)) => Err(Ended::Findings(findings)),
                None => Ok(()),
            };
        }
        // Those that another block has built in the meantime were looked at with it.
        let left = self.unbuilt(untyped.iter().map(|(block, _)| *block)).map_err(failed)?;
        untyped.retain(|(block, _)| left.iter().any(|other| std::ptr::eq(*block, *other)));
        self.tell_of_unchecked(request, &untyped, reporter).map_err(failed)
    }

    /// Tells of blocks that nobody looks at, so that their silence is not taken for praise.
    fn tell_of_unchecked(
        &self,
        request: &Request<'_>,
        blocks: &[(&BlockFunction<'py>, Findings)],
        reporter: &Reporter,
    ) -> PyResult<()> {
        let Some(((first, why), others)) = blocks.split_first() else { return Ok(()) };
        let (sources, file) = request.source.sources();
        let at = |block: &BlockFunction<'_>| block.span(request, file);
        let why = why.diagnostics.first().map_or("", |finding| finding.message.as_str());
        let what = match others.len() {
            0 => format!("`{}` is not checked: nothing here builds it, and {why}", first.name),
            more => format!(
                "{} blocks are not checked: nothing here builds them, and of each a parameter has no type and no value",
                more + 1
            ),
        };
        let finding = Diagnostic::new(Code::PH0105, at(first), what).severity(Severity::Note);
        let finding = others.iter().fold(finding, |finding, (block, _)| finding.label(at(block), ""));
        let finding = finding.help("annotate the ports, as in `clk: Clock, d: In[uint[8]], q: Out[bool]`, and give the rest defaults");
        Told::new(reporter).report(self.py, &Findings::new(&sources, vec![finding]))
    }
}
