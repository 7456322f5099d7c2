//! From Python exceptions to findings.
//!
//! Of a traceback only the user's own lines are shown. An exception that the extension raised carries its findings with it
//! ([`attach`]), so that one that nobody catches is told like any other finding.

use crate::{meant, source};
use pyhw_cli::Findings;
use pyhw_cli::interpreter::Ended;
use pyhw_cli::interrupt::stopped;
use pyhw_diagnostics::{Code, Diagnostic, FileId, Label, Severity, Sources, Span, nearest};
use pyhw_sim::values_note;
use pyhw_syntax::ast::Ident;
use pyo3::exceptions::{
    PyAssertionError, PyBrokenPipeError, PyKeyboardInterrupt, PyOSError, PyRecursionError, PyRuntimeError,
    PySyntaxError, PySystemExit,
};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::collections::HashMap;
use std::sync::Mutex;

/// How many places on the way to an exception are shown.
const MAX_CALLERS: usize = 6;

/// The attribute of an exception that carries findings.
const FINDINGS: &str = "_pyhw_findings";

/// The attribute of an exception that tells when, and in which process, it was raised.
const PLACE: &str = "_pyhw_place";

/// The attribute of an exception about what a process waits for: the file and line of its `yield`, and advice.
const WAIT: &str = "_pyhw_wait";

/// The attribute of an exception that names the function which waits and is no generator process: its name, file and line.
const GENERATOR: &str = "generator";

/// Findings on their way through Python.
#[pyclass(module = "pyhw._native", frozen)]
struct Carried {
    findings: Mutex<Findings>,
}

/// Lets an exception carry the findings that it stands for.
pub fn attach(py: Python<'_>, error: &PyErr, findings: Findings) -> PyResult<()> {
    error.value(py).setattr(FINDINGS, Py::new(py, Carried { findings: Mutex::new(findings) })?)
}

/// The exception for findings that are no exception of Python's: faults of pyhw itself, mostly.
pub fn as_exception(py: Python<'_>, findings: Findings) -> PyErr {
    let text = findings.diagnostics.first().map_or(String::new(), |finding| match finding.severity {
        Severity::Bug => format!("internal fault of pyhw: {}", finding.message),
        Severity::Note | Severity::Warning | Severity::Error => finding.message.clone(),
    });
    let error = PyRuntimeError::new_err(text);
    match attach(py, &error, findings) {
        Ok(()) => error,
        Err(other) => other,
    }
}

/// Lets an exception of host code carry the time and the process in which it was raised.
pub fn attach_place(py: Python<'_>, error: &PyErr, time: u64, process: &str) {
    // An exception of a class without attributes goes without.
    let _ = error.value(py).setattr(PLACE, (time, process));
}

/// Lets an assertion that fails in host code carry the values of its condition.
pub fn attach_values(py: Python<'_>, error: &PyErr) {
    if error.is_instance_of::<PyAssertionError>(py) {
        // Without them it is told all the same.
        let _ = py
            .import("pyhw._told")
            .and_then(|told| told.call_method1("note_values", (error.value(py), error.traceback(py))));
    }
}

/// Lets an exception about what a process waits for carry where it does, and advice.
pub fn attach_wait(py: Python<'_>, error: &PyErr, file: &str, line: u32, advice: Option<&str>) {
    // An exception of a class without attributes goes without.
    let _ = error.value(py).setattr(WAIT, (file, line, advice));
}

/// The time and the process in which an exception of host code was raised.
fn place_of(value: &Bound<'_, PyAny>) -> PyResult<Option<(u64, String)>> {
    value.getattr_opt(PLACE)?.map(|place| place.extract()).transpose()
}

/// What an exception that nobody caught makes of a command. `simulated` tells whether a simulation had begun: what fails then is a
/// check of the design rather than its elaboration.
pub fn ended(py: Python<'_>, error: &PyErr, simulated: bool) -> Ended {
    // Whatever goes wrong on the way is told rather than lost.
    describe(py, error, simulated).unwrap_or_else(|other| {
        let message = format!("the exception `{error}` could not be shown: {other}");
        Ended::Findings(Findings::bug(message))
    })
}

fn describe(py: Python<'_>, error: &PyErr, simulated: bool) -> PyResult<Ended> {
    let value = error.value(py);
    if error.is_instance_of::<PySystemExit>(py) {
        return exit(py, value);
    }
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        let text = value.str()?.to_string();
        return Ok(Ended::Interrupted(match place_of(value)? {
            _ if !text.is_empty() => text,
            Some((time, process)) => {
                let mut files = Files::new(py)?;
                let frame = user_frames(error, &files)?.pop();
                let span = match frame {
                    Some(frame) => Span::new(files.file(&frame.file)?, frame.start, frame.end),
                    None => Span::NONE,
                };
                stopped(time, Some((process, span)).filter(|(path, _)| !path.is_empty()), &files.sources)
            }
            None => "interrupted".to_owned(),
        }));
    }
    if let Some(carried) = value.getattr_opt(FINDINGS)? {
        let carried = carried.cast_into::<Carried>()?;
        let findings = carried.get().findings.lock().map(|findings| findings.clone());
        return Ok(Ended::Findings(findings.unwrap_or_else(|poisoned| poisoned.into_inner().clone())));
    }
    if let Some(ended) = output_failed(py, error)? {
        return Ok(ended);
    }
    let mut files = Files::new(py)?;
    let finding = if error.is_instance_of::<PySyntaxError>(py) {
        syntax_error(value, &mut files)?
    } else if is_library_error(py, value, "MissingPortType")? {
        missing_port_type(value, &mut files)?
    } else if let Some(place) = value.getattr_opt(GENERATOR)? {
        wait_in_function(&place, &mut files)?
    } else {
        exception(py, error, simulated, &mut files)?
    };
    Ok(Ended::Findings(Findings { sources: files.sources, diagnostics: vec![finding] }))
}

/// The attribute of an exception that standard output raised, or another file of the command line's.
const OUTPUT: &str = "_pyhw_output";

/// Marks what standard output raised: that its disk is full, or that its reader went away, is no fault of the design.
pub fn of_output<T>(py: Python<'_>, written: PyResult<T>) -> PyResult<T> {
    written.inspect_err(|error| {
        // An exception of a class without attributes goes without.
        let _ = error.value(py).setattr(OUTPUT, true);
    })
}

/// The exception for a file of the command line's that cannot be written, which is no fault of the design either.
pub fn unwritten(py: Python<'_>, message: &str) -> PyErr {
    let error = PyOSError::new_err(message.to_owned());
    let _ = error.value(py).setattr(OUTPUT, true);
    error
}

/// What an exception of standard output, or of another file that was to be written, makes of a command.
fn output_failed(py: Python<'_>, error: &PyErr) -> PyResult<Option<Ended>> {
    let value = error.value(py);
    let is_closed = error.is_instance_of::<PyBrokenPipeError>(py);
    if is_closed && (value.hasattr(OUTPUT)? || has_no_reader(py).unwrap_or(false)) {
        return Ok(Some(Ended::Exit(0)));
    }
    if !error.is_instance_of::<PyOSError>(py) || !value.hasattr(OUTPUT)? {
        return Ok(None);
    }
    let reason = value.getattr("strerror")?;
    let message = match reason.is_none() {
        true => value.str()?.to_string(),
        false => format!("stdout: {}", reason.str()?.to_string().to_lowercase()),
    };
    Ok(Some(Ended::Usage(message)))
}

/// Whether what reads standard output went away. A pipe of the design's own may be broken as well.
fn has_no_reader(py: Python<'_>) -> PyResult<bool> {
    let select = py.import("select")?;
    let poll = select.call_method0("poll")?;
    let number = py.import("sys")?.getattr("stdout")?.call_method0("fileno")?;
    poll.call_method1("register", (number, 0))?;
    let error: u32 = select.getattr("POLLERR")?.extract()?;
    let events: Vec<(i64, u32)> = poll.call_method1("poll", (0,))?.extract()?;
    Ok(events.iter().any(|(_, event)| event & error != 0))
}

/// Whether it is of a class of the library's own.
pub fn is_library_error(py: Python<'_>, value: &Bound<'_, PyAny>, class: &str) -> PyResult<bool> {
    value.is_instance(&py.import("pyhw._errors")?.getattr(class)?)
}

/// `sys.exit()`, with whatever it was given.
fn exit(py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Ended> {
    let code = value.getattr("code")?;
    if code.is_none() {
        return Ok(Ended::Exit(0));
    }
    if let Ok(code) = code.extract::<i64>() {
        return Ok(Ended::Exit((code & 0xff) as u8));
    }
    // Python prints anything else, and fails.
    py.import("sys")?.getattr("stderr")?.call_method1("write", (format!("{}\n", code.str()?),))?;
    Ok(Ended::Exit(1))
}

/// The files that findings point into.
struct Files<'py> {
    py: Python<'py>,
    sources: Sources,
    known: HashMap<String, FileId>,
    /// The folder of the library, which is not the user's.
    library: String,
    /// The folder of Python's own library, which is less so.
    standard: String,
}

impl<'py> Files<'py> {
    fn new(py: Python<'py>) -> PyResult<Files<'py>> {
        let folder = |module: &str| -> PyResult<String> {
            let file: String = py.import(module)?.getattr("__file__")?.extract()?;
            Ok(file.rsplit_once(['/', '\\']).map_or(String::new(), |(folder, _)| format!("{folder}/")))
        };
        let (library, standard) = (folder("pyhw")?, folder("os")?);
        Ok(Files { py, sources: Sources::new(), known: HashMap::new(), library, standard })
    }

    /// The file of this name, with its text if that can be found.
    fn file(&mut self, name: &str) -> PyResult<FileId> {
        if let Some(&known) = self.known.get(name) {
            return Ok(known);
        }
        let text = source::text(self.py, name)?.unwrap_or_default();
        let id = self.sources.add(&source::shown_name(name), &text);
        self.known.insert(name.to_owned(), id);
        Ok(id)
    }
}

/// A line of a traceback.
struct Frame<'py> {
    /// Python's own.
    object: Bound<'py, PyAny>,
    file: String,
    function: String,
    start: (u32, u32),
    end: (u32, u32),
}

/// The user's lines of a traceback, the outermost first.
fn user_frames<'py>(error: &PyErr, files: &Files<'py>) -> PyResult<Vec<Frame<'py>>> {
    let mut frames = Vec::new();
    let mut next = error.traceback(files.py).map(Bound::into_any);
    while let Some(entry) = next {
        frames.push(frame(&entry)?);
        next = Some(entry.getattr("tb_next")?).filter(|next| !next.is_none());
    }
    frames.retain(|frame| !frame.file.starts_with(&files.library) && !frame.file.starts_with("<frozen "));
    let own = |frame: &Frame<'_>| {
        !frame.file.starts_with(&files.standard) && !frame.file.contains("/site-packages/")
    };
    if frames.iter().any(own) {
        frames.retain(own);
    }
    Ok(frames)
}

fn frame<'py>(entry: &Bound<'py, PyAny>) -> PyResult<Frame<'py>> {
    let object = entry.getattr("tb_frame")?;
    let code = object.getattr("f_code")?;
    let line: u32 = entry.getattr("tb_lineno")?.extract::<Option<u32>>()?.unwrap_or(1);
    let mut frame = Frame {
        object,
        file: source::file_of(&code)?,
        function: code.getattr("co_name")?.extract()?,
        start: (line, 0),
        end: (line, 0),
    };
    // Python tells columns from 3.11 on.
    if let Some(positions) = code.getattr_opt("co_positions")? {
        let instruction = entry.getattr("tb_lasti")?.extract::<i64>()?.max(0) as usize / 2;
        if let Some(position) = positions.call0()?.try_iter()?.nth(instruction) {
            let (start, end, from, to): (Option<u32>, Option<u32>, Option<u32>, Option<u32>) =
                position?.extract()?;
            if let (Some(start), Some(end), Some(from), Some(to)) = (start, end, from, to) {
                (frame.start, frame.end) = ((start, from), (end, to));
            }
        }
    }
    Ok(frame)
}

/// Any exception, with the user's lines.
fn exception<'py>(
    py: Python<'py>,
    error: &PyErr,
    simulated: bool,
    files: &mut Files<'py>,
) -> PyResult<Diagnostic> {
    let value = error.value(py);
    let message = class_and_text(value)?;
    let place = place_of(value)?;
    let code = match (simulated || place.is_some(), error.is_instance_of::<PyAssertionError>(py)) {
        (false, _) => Code::PH0103,
        (true, true) => Code::PH0602,
        (true, false) => Code::PH0603,
    };
    let mut frames = user_frames(error, files)?;
    let mut finding = Diagnostic::new(code, Span::NONE, message);
    if let Some(frame) = frames.pop() {
        finding.primary.span = Span::new(files.file(&frame.file)?, frame.start, frame.end);
        if error.is_instance_of::<PyAssertionError>(py) {
            finding = match value.getattr_opt("_pyhw_values")? {
                Some(values) => of_values(finding, &values)?,
                None => of_condition(finding, &frame, place.is_none(), files)?,
            };
        }
        let is_same = |other: &Frame<'_>| other.function == frame.function && other.file == frame.file;
        if error.is_instance_of::<PyRecursionError>(py) && frames.iter().any(is_same) {
            let name = &frame.function;
            finding = finding
                .help(format!("`{name}` calls itself: what it is given has to end that at some depth"));
        }
        let mut called = frame.function;
        let mut shown = vec![finding.primary.span];
        for frame in frames.into_iter().rev() {
            let span = Span::new(files.file(&frame.file)?, frame.start, frame.end);
            // What calls itself comes from one place again and again.
            if shown.contains(&span) {
                called = frame.function;
                continue;
            }
            if shown.len() > MAX_CALLERS {
                break;
            }
            shown.push(span);
            let text = if called.starts_with('<') {
                "from here".to_owned()
            } else {
                format!("`{called}` called here")
            };
            finding = finding.label(span, text);
            called = frame.function;
        }
    }
    finding = of_causes(finding, value, files)?;
    if let Some(call) = value.getattr_opt("call")?
        && let Ok(call) = call.extract::<Call>()
    {
        finding = of_call(finding, &call, files)?;
    }
    if let Some(advice) = meant::advice(py, error)? {
        finding = finding.help(advice);
    }
    let is_of_library = is_library_error(py, value, "Error")?;
    if let Some(about) = value.getattr_opt("about")?
        && let Ok((name, file, line)) = about.extract::<(String, String, u32)>()
        && is_of_library
    {
        let span = Span::new(files.file(&file)?, (line, 0), (line, 0));
        finding.message = without_count(&finding.message, &name);
        if !finding.primary.span.is_known() {
            finding.primary.span = span;
        } else if finding.primary.span.start.line != line {
            finding = finding.label(span, format!("`{name}` begins here"));
        }
    }
    if is_of_library && let Some(advice) = value.getattr("advice")?.extract::<Option<String>>()? {
        finding = finding.help(advice);
    }
    if let Some(wait) = value.getattr_opt(WAIT)? {
        let (file, line, advice): (String, u32, Option<String>) = wait.extract()?;
        if !finding.primary.span.is_known() {
            finding.primary.span = Span::new(files.file(&file)?, (line, 0), (line, 0));
        }
        finding.help.extend(advice);
    }
    if let Some((time, process)) = place {
        finding = finding.note(match process.is_empty() {
            true => format!("at time {time}"),
            false => format!("at time {time} in process `{process}`"),
        });
    }
    if let Some(notes) = value.getattr_opt("__notes__")? {
        for note in notes.try_iter()? {
            finding = finding.note(note?.str()?.to_string());
        }
    }
    Ok(finding)
}

/// A message without the number that MyHDL gives to each instance of a block: `BlockError: half0: …` is about `half`.
fn without_count(message: &str, block: &str) -> String {
    let counted = message.split_once(": ").and_then(|(class, rest)| {
        let rest = rest.strip_prefix(block)?.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.starts_with(':').then(|| format!("{class}: {block}{rest}"))
    });
    counted.unwrap_or_else(|| message.to_owned())
}

/// An exception as Python's last line has it.
fn class_and_text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let class = value.get_type().name()?.to_string();
    let text = value.str().map_or_else(|_| String::new(), |text| text.to_string());
    Ok(if text.is_empty() { class } else { format!("{class}: {text}") })
}

/// The values of the names in the condition of an assertion.
fn of_condition(
    finding: Diagnostic,
    frame: &Frame<'_>,
    signals: bool,
    files: &Files<'_>,
) -> PyResult<Diagnostic> {
    let text = files.sources.get(finding.primary.span.file).map_or("", |file| &file.text);
    let told = files.py.import("pyhw._told")?;
    let values = told.call_method1("condition_values", (&frame.object, text, frame.start.0, signals))?;
    of_values(finding, &values)
}

fn of_values(finding: Diagnostic, values: &Bound<'_, PyAny>) -> PyResult<Diagnostic> {
    Ok(match values_note(&values.extract::<Vec<(String, String)>>()?) {
        Some(note) => finding.note(note),
        None => finding,
    })
}

/// How many exceptions that led to another are told of.
const MAX_CAUSES: usize = 4;

/// Where the exceptions were raised that led to this one.
fn of_causes(
    mut finding: Diagnostic,
    value: &Bound<'_, PyAny>,
    files: &mut Files<'_>,
) -> PyResult<Diagnostic> {
    let mut value = value.clone();
    for _ in 0..MAX_CAUSES {
        let (cause, context) = (value.getattr("__cause__")?, value.getattr("__context__")?);
        let (before, how) = match (cause.is_none(), value.getattr("__suppress_context__")?.is_truthy()?) {
            (false, _) => (cause, "caused by"),
            (true, false) if !context.is_none() => (context, "raised while this was handled:"),
            (true, _) => break,
        };
        let text = format!("{how} `{}`", class_and_text(&before)?);
        let frame = user_frames(&PyErr::from_value(before.clone()), files)?.pop();
        finding = match frame {
            Some(frame) => finding.label(Span::new(files.file(&frame.file)?, frame.start, frame.end), text),
            None => finding.note(text),
        };
        value = before;
    }
    Ok(finding)
}

/// A call of a block that failed for its arguments: the block's name, file and line, and the parameter that got something else than a
/// signal, with the form of that.
type Call = (String, String, u32, Option<String>, String);

/// Lets a finding begin at the call, where the mistake is, and tell of the parameters.
fn of_call(mut finding: Diagnostic, call: &Call, files: &mut Files<'_>) -> PyResult<Diagnostic> {
    let (block, file, line, parameter, given) = call;
    let file = files.file(file)?;
    let (module, _) = pyhw_syntax::parse_module(files.sources.get(file).map_or("", |file| &file.text), file);
    let Some(function) = pyhw_syntax::functions_at(&module, *line).into_iter().next() else {
        return Ok(finding);
    };
    let place = |name: &str| function.params.iter().map(|one| &one.name).find(|one| one.name == name);
    if let Some(parameter) = parameter {
        if let Some(call) = finding.labels.first().map(|label| label.span) {
            let used = std::mem::replace(&mut finding.primary, Label { span: call, text: String::new() });
            finding.labels[0] = Label { span: used.span, text: "used here".to_owned() };
        }
        let span = place(parameter).map_or(Span::NONE, |one| one.span);
        return Ok(finding
            .at(format!("{given} is given to `{parameter}`"))
            .label(span, "a signal is expected"));
    }
    // Python quotes the parameters that it tells of.
    let quoted: Vec<String> = finding.message.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    let known: Vec<_> = quoted.iter().filter_map(|name| place(name)).collect();
    if !known.is_empty() {
        let told = |finding: Diagnostic, one: &&Ident| finding.label(one.span, format!("`{}`", one.name));
        return Ok(known.iter().fold(finding, told));
    }
    let finding = finding.label(function.name.span, format!("`{block}` begins here"));
    let names = function.params.iter().map(|param| param.name.name.as_str());
    Ok(match quoted.first().and_then(|name| nearest(name, names)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    })
}

/// A syntax error, of the file or of what it imports.
fn syntax_error(value: &Bound<'_, PyAny>, files: &mut Files<'_>) -> PyResult<Diagnostic> {
    let text: String = value.getattr("msg")?.str()?.extract()?;
    let number = |name: &str| -> PyResult<Option<u32>> {
        Ok(value.getattr_opt(name)?.and_then(|number| number.extract().ok()))
    };
    let span = match (value.getattr("filename")?.extract::<String>(), number("lineno")?) {
        (Ok(name), Some(line)) => {
            let file = files.file(&name)?;
            // Python counts columns from 1, in characters, and 0 where it knows none.
            let column = |line: u32, column: Option<u32>| {
                let text = files.sources.get(file).map_or("", |file| &file.text);
                let characters = column.unwrap_or(1).saturating_sub(1) as usize;
                let line = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or("");
                line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at) as u32
            };
            let start = (line, column(line, number("offset")?));
            let last = number("end_lineno")?.filter(|last| *last >= line).unwrap_or(line);
            let end = match number("end_offset")? {
                Some(offset) if offset > 0 => (last, column(last, Some(offset))),
                _ => start,
            };
            Span::new(file, start, end.max(start))
        }
        _ => Span::NONE,
    };
    Ok(Diagnostic::new(Code::PH0102, span, text))
}

fn missing_port_type(value: &Bound<'_, PyAny>, files: &mut Files<'_>) -> PyResult<Diagnostic> {
    let file = files.file(&value.getattr("file")?.extract::<String>()?)?;
    let line: u32 = value.getattr("line")?.extract()?;
    let parameter: String = value.getattr("parameter")?.extract()?;
    let text = files.sources.get(file).map_or("", |file| &file.text);
    let span = source::parameter_span(text, file, line, &parameter);
    let span = span.unwrap_or(Span::new(file, (line, 0), (line, 0)));
    let message = value.str()?.to_string();
    let finding = Diagnostic::new(Code::PH0105, span, message);
    Ok(finding.help(format!(
        "give it a type, as in `{parameter}: In[uint[8]]`, or a value: a default, or `-p {parameter}=VALUE`"
    )))
}

/// A function of `@always` and the like that waits.
fn wait_in_function(place: &Bound<'_, PyAny>, files: &mut Files<'_>) -> PyResult<Diagnostic> {
    let (name, file, line): (String, String, u32) = place.extract()?;
    let file = files.file(&file)?;
    let text = files.sources.get(file).map_or("", |file| &file.text);
    let lines = text.lines().enumerate().skip(line.saturating_sub(1) as usize);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let outer = text.lines().nth(line.saturating_sub(1) as usize).map_or(0, indent);
    let (mut span, mut begun) = (Span::new(file, (line, 0), (line, 0)), false);
    for (index, content) in lines {
        begun |= content.trim_start().starts_with("def ");
        if begun
            && !content.trim_start().starts_with("def ")
            && !content.trim().is_empty()
            && indent(content) <= outer
        {
            break;
        }
        if let Some(at) = source::find_word(content.split('#').next().unwrap_or(""), "yield") {
            let (row, at) = (index as u32 + 1, at as u32);
            span = Span::new(file, (row, at), (row, at + 5));
            break;
        }
    }
    let message = format!("`{name}` waits, and only a generator process can");
    Ok(Diagnostic::new(Code::PH0205, span, message).help("`@instance` makes it one"))
}

/// The text of an exception, for messages.
pub fn text_of(py: Python<'_>, error: &PyErr) -> String {
    error.value(py).str().map_or_else(|_| error.to_string(), |text: Bound<'_, PyString>| text.to_string())
}
