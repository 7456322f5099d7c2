//! The extension module `pyhw._native`: records what the Python library built, simulates and emits it.
//!
//! It is the only code that knows PyO3. Everything it is told becomes plain data ([`record`]) before anything else sees it.

mod record;
mod simulate;

use pyo3::prelude::*;

/// The native half of pyhw.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(ir_text, module)?)?;
    module.add_class::<simulate::Simulation>()?;
    Ok(())
}

/// The IR of a block as text; for looking at it.
#[pyfunction]
fn ir_text(block: &Bound<'_, PyAny>) -> PyResult<String> {
    let recorded = record::record_block(block.py(), block)?;
    let lowered = pyhw_lower::lower(&recorded.elaborated);
    let faults = pyhw_ir::verify::verify(&lowered.design);
    Ok(format!("{}{faults:#?}{:#?}", pyhw_ir::print::print_pretty(&lowered.design), lowered.diagnostics))
}
