//! Emission for the Python library: a block in, files as text out.

use crate::failure;
use crate::record::record_block;
use pyhw_cli::Findings;
use pyhw_cli::emission::{Settings, as_refused, emit, renames, untold, weigh};
use pyhw_cli::interpreter::{Conversion, Target};
use pyhw_cli::pipeline;
use pyhw_diagnostics::{Diagnostic, Severity, has_errors};
use pyhw_ir::Design;
use pyhw_passes::Pipeline;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// Emits a block as `verilog` or `vhdl`; gives the files' texts by name.
///
/// Raises `ToVerilogError` or `ToVHDLError`, which carry the findings; warnings are Python warnings.
#[pyfunction]
pub fn convert<'py>(
    py: Python<'py>,
    block: &Bound<'py, PyAny>,
    language: &str,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyDict>> {
    let target = target(language)?;
    let mut conversion = conversion(target, options)?;
    if target == Target::Verilog && !is_set(options, "no_testbench")? {
        conversion.bench = Some(is_set(options, "trace")?);
    }
    let recorded = record_block(py, block)?;
    let built = pipeline::build(&recorded.elaborated, &Pipeline::for_emission(false), &mut |_, _| {});
    let (design, mut found) = (built.design, weigh(&built.diagnostics, target, true));
    let settings = Settings { source_map: false, ..Settings::default() };
    let files =
        if has_errors(&found) { Err(Vec::new()) } else { emit(&design, target, &settings, &conversion) };
    match files {
        Err(errors) => {
            found = as_refused(found, &errors);
            let errors = untold(errors, &found);
            found.extend(errors);
            Err(conversion_error(py, target, &design, found)?)
        }
        Ok(files) => {
            found.extend(renames(&design, target, &conversion));
            warn(py, target, &design, &found)?;
            let texts = PyDict::new(py);
            for file in files {
                texts.set_item(file.name, file.text)?;
            }
            Ok(texts)
        }
    }
}

/// The language of a conversion call.
pub fn target(language: &str) -> PyResult<Target> {
    match language {
        "verilog" => Ok(Target::Verilog),
        "vhdl" => Ok(Target::Vhdl),
        _ => Err(PyValueError::new_err(format!("unknown language {language:?}"))),
    }
}

/// Whether an attribute is there and true.
fn is_set(options: &Bound<'_, PyDict>, key: &str) -> PyResult<bool> {
    options.get_item(key)?.map_or(Ok(false), |value| value.is_truthy())
}

/// What a conversion call asks for, from the attributes of the converter.
pub fn conversion(target: Target, options: &Bound<'_, PyDict>) -> PyResult<Conversion> {
    let text = |key: &str| -> PyResult<Option<String>> {
        let value = options.get_item(key)?.filter(|value| !value.is_none());
        value.map(|value| Ok(value.str()?.to_string())).transpose()
    };
    // What is MyHDL's default says nothing of what the user wants.
    let library = text("library")?.filter(|name| name != "work").map(|name| format!("library {name};"));
    let clauses: Vec<String> = library.into_iter().chain(text("use_clauses")?).collect();
    let flag = |key: &str| is_set(options, key);
    let radix = text("radix")?.unwrap_or_default().to_lowercase();
    let initial = options.get_item("initial_values")?.filter(|value| !value.is_none());
    Ok(Conversion {
        no_origin: flag("no_myhdl_header")?,
        init: initial.as_ref().map(|value| value.is_truthy()).transpose()?,
        bare_zero_memories: text("initial_values")?.as_deref() == Some("skip_zero_mem_init"),
        hexadecimal: radix == "hex",
        std_logic_ports: flag("std_logic_ports")?,
        bench: None,
        architecture: text("architecture")?.filter(|name| name != "MyHDL"),
        context: Some(clauses.join("\n")).filter(|clauses| !clauses.trim().is_empty()),
        declarations: text("component_declarations")?,
        language: Some(target),
        name: text("name")?,
        header: text("header")?.filter(|header| !header.trim().is_empty()),
        timescale: text("timescale")?,
    })
}

fn class<'py>(py: Python<'py>, target: Target, kind: &str) -> PyResult<Bound<'py, PyAny>> {
    let language = if target == Target::Vhdl { "ToVHDL" } else { "ToVerilog" };
    py.import("pyhw._errors")?.getattr(format!("{language}{kind}"))
}

fn conversion_error(
    py: Python<'_>,
    target: Target,
    design: &Design,
    found: Vec<Diagnostic>,
) -> PyResult<PyErr> {
    let errors: Vec<&Diagnostic> = found.iter().filter(|finding| finding.is_error()).collect();
    let text: String =
        errors.iter().map(|finding| pyhw_cli::render_plain(finding, &design.sources)).collect();
    let text = format!("the design cannot be emitted\n{}", text.trim_end());
    let codes = PyTuple::new(py, errors.iter().map(|finding| finding.code.to_string()))?;
    let value = class(py, target, "Error")?.call_method1("of_findings", (text, codes))?;
    let error = PyErr::from_value(value);
    failure::attach(py, &error, Findings::new(&design.sources, found))?;
    Ok(error)
}

fn warn(py: Python<'_>, target: Target, design: &Design, found: &[Diagnostic]) -> PyResult<()> {
    let warnings = found.iter().filter(|finding| finding.severity == Severity::Warning);
    for finding in warnings {
        let span = finding.primary.span;
        let file = design.sources.get(span.file).map_or("<unknown>", |file| &file.name);
        let text = format!("{}: {}", finding.code, finding.message);
        let category = class(py, target, "Warning")?;
        py.import("warnings")?
            .call_method1("warn_explicit", (text, category, file, span.start.line.max(1)))?;
    }
    Ok(())
}
