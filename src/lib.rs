//! The extension module `pyhw._native`: records what the Python library built, simulates and emits it, and runs the command line.
//!
//! *Input*: the library's objects, the words of a command line. *Output*: simulations, files as text, exit codes. *Guarantees*: it is the only code that
//! knows PyO3; everything it is told becomes plain data ([`record`]) before anything else sees it. *Deliberately not here*: what
//! a design means, and every message's looks.

mod collect;
mod convert;
mod failure;
mod host;
mod meant;
mod record;
mod simulate;
mod source;
mod undecorated;

use pyo3::prelude::*;

/// The native half of pyhw.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(host::main, module)?)?;
    module.add_function(wrap_pyfunction!(convert::convert, module)?)?;
    module.add_class::<simulate::Simulation>()?;
    Ok(())
}
