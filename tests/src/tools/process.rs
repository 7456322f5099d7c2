//! Running one program with a time limit, in a folder that goes away when all went well.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::find::{Missing, Tool};

/// A program that writes more than this is stopped.
const MAX_OUTPUT_BYTES: u64 = 256 << 20;
/// As much of a tool's output as a message shows.
const MAX_SHOWN_BYTES: usize = 6000;

/// Why there is no trace for a design.
#[derive(Clone, Debug)]
pub struct ToolError {
    /// The tool that was asked.
    pub tool: Tool,
    /// The design's name.
    pub dut: String,
    /// What went wrong.
    pub kind: ToolErrorKind,
    /// The command as one could type it, then all that it wrote. Empty if nothing was started.
    pub output: String,
    /// The folder with all files of the run, kept for looking at.
    pub work: Option<PathBuf>,
}

/// The ways in which a run fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolErrorKind {
    /// The tool is not installed.
    Missing(Box<Missing>),
    /// The request itself makes no sense; no tool was started.
    BadRequest(String),
    /// The tool refuses the emitted files, or warns about them.
    Rejected,
    /// The program, simulation or emulator ended before the trace was complete.
    Stopped,
    /// The time limit was reached, or far too much was written.
    TimedOut,
    /// The design does not fit into the device.
    TooBig,
    /// A C field holds a value that its port cannot have: which one, and what.
    OutOfRange(String),
    /// A program could not be started, or a file not be written.
    Io(String),
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on `{}`: ", self.tool.name(), self.dut)?;
        match &self.kind {
            ToolErrorKind::Missing(missing) => write!(f, "{missing}")?,
            ToolErrorKind::BadRequest(text) => write!(f, "bad request: {text}")?,
            ToolErrorKind::Rejected => write!(f, "the emitted files are refused")?,
            ToolErrorKind::Stopped => write!(f, "it ended before the trace was complete")?,
            ToolErrorKind::TimedOut => write!(f, "the time limit was reached")?,
            ToolErrorKind::TooBig => write!(f, "it does not fit into the device")?,
            ToolErrorKind::OutOfRange(text) => write!(f, "{text}")?,
            ToolErrorKind::Io(text) => write!(f, "{text}")?,
        }
        if let Some(work) = &self.work {
            write!(f, "\n  files kept in: {}", work.display())?;
        }
        if !self.output.trim().is_empty() {
            write!(f, "\n{}", shorten(self.output.trim_end()))?;
        }
        Ok(())
    }
}

impl std::error::Error for ToolError {}

/// The beginning and the end of a long text.
fn shorten(text: &str) -> String {
    if text.len() <= MAX_SHOWN_BYTES {
        return text.to_owned();
    }
    let half = MAX_SHOWN_BYTES / 2;
    let head = text.floor_char_boundary(half);
    let tail = text.ceil_char_boundary(text.len() - half);
    format!("{}\n  […]\n{}", &text[..head], &text[tail..])
}

/// A [`ToolError`] before it is known to which design it belongs.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) kind: ToolErrorKind,
    pub(super) command: String,
    pub(super) output: String,
}

impl Fault {
    pub(super) fn new(kind: ToolErrorKind) -> Self {
        Self { kind, command: String::new(), output: String::new() }
    }

    pub(super) fn named(self, tool: Tool, dut: &str, work: Option<PathBuf>) -> ToolError {
        let Self { kind, command, output } = self;
        let output = if command.is_empty() { output } else { format!("$ {command}\n{output}") };
        ToolError { tool, dut: dut.to_owned(), kind, output, work }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::new(ToolErrorKind::Io(error.to_string()))
    }
}

/// What a program did within its time.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) success: bool,
    pub(super) timed_out: bool,
    pub(super) command: String,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Finished {
    /// Both streams, for a message.
    pub(super) fn output(&self) -> String {
        format!("{}{}", self.stderr, self.stdout)
    }

    /// A fault of this run.
    pub(super) fn fault(&self, kind: ToolErrorKind) -> Fault {
        Fault { kind, command: self.command.clone(), output: self.output() }
    }

    /// The run itself if the program succeeded.
    pub(super) fn succeeded(self, otherwise: ToolErrorKind) -> Result<Self, Fault> {
        match (self.timed_out, self.success) {
            (true, _) => Err(self.fault(ToolErrorKind::TimedOut)),
            (false, false) => Err(self.fault(otherwise)),
            (false, true) => Ok(self),
        }
    }
}

/// Runs `command` in `folder`. Its output goes to the files `LOG.out` and `LOG.err` there, so that no pipe can fill up.
pub(super) fn run(
    command: &mut Command,
    folder: &Path,
    log: &str,
    timeout: Duration,
) -> Result<Finished, Fault> {
    let (out_path, err_path) = (folder.join(format!("{log}.out")), folder.join(format!("{log}.err")));
    let (out, err) = (File::create(&out_path)?, File::create(&err_path)?);
    let text = command_text(command);
    let spawned = command.current_dir(folder).stdin(Stdio::null()).stdout(out).stderr(err).spawn();
    let mut child = spawned.map_err(|error| {
        let kind = ToolErrorKind::Io(format!("cannot start it: {error}"));
        Fault { kind, command: text.clone(), output: String::new() }
    })?;
    let status = wait(&mut child, timeout, [&out_path, &err_path])?;
    Ok(Finished {
        success: status == Some(true),
        timed_out: status.is_none(),
        command: text,
        stdout: String::from_utf8_lossy(&fs::read(&out_path)?).into_owned(),
        stderr: String::from_utf8_lossy(&fs::read(&err_path)?).into_owned(),
    })
}

/// Whether the child succeeded; None if it had to be killed.
fn wait(child: &mut Child, timeout: Duration, logs: [&Path; 2]) -> io::Result<Option<bool>> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        let mut written_bytes = 0;
        for log in logs {
            written_bytes += fs::metadata(log)?.len();
        }
        if start.elapsed() > timeout || written_bytes > MAX_OUTPUT_BYTES {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(20));
    }
}

fn command_text(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| {
        let word = word.to_string_lossy();
        if word.contains([' ', ';', '$', '"']) { format!("'{word}'") } else { word.into_owned() }
    }));
    words.join(" ")
}

/// A fresh folder for one run, removed when dropped unless it was kept.
#[derive(Debug)]
pub(super) struct WorkDir {
    path: PathBuf,
    kept: bool,
}

impl WorkDir {
    /// Makes `ROOT/pyhw-LABEL-PROCESS-NUMBER` with the first number that is free.
    pub(super) fn new(root: &Path, label: &str) -> Result<Self, Fault> {
        fs::create_dir_all(root)?;
        let process = std::process::id();
        for number in 0u32.. {
            let path = root.join(format!("pyhw-{label}-{process}-{number}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path, kept: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Fault::new(ToolErrorKind::Io("no free name for a work folder".to_owned())))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the folder where it is.
    pub(super) fn keep(&mut self) -> PathBuf {
        self.kept = true;
        self.path.clone()
    }

    /// Writes a file, and the folders above it.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), Fault> {
        let path = self.path.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)?;
        Ok(())
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        if !self.kept {
            // A folder that cannot be removed is no reason to fail a test.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, timeout: Duration) -> Finished {
        let work = WorkDir::new(&std::env::temp_dir(), "process-test").unwrap();
        run(Command::new("sh").args(["-c", script]), work.path(), "sh", timeout).unwrap()
    }

    #[test]
    fn both_streams_and_the_exit_code_are_kept() {
        let finished = shell("echo out; echo err >&2; exit 3", Duration::from_secs(20));
        assert_eq!((finished.success, finished.timed_out), (false, false));
        assert_eq!((finished.stdout.as_str(), finished.stderr.as_str()), ("out\n", "err\n"));
        assert!(finished.succeeded(ToolErrorKind::Rejected).is_err());
    }

    #[test]
    fn a_program_that_hangs_is_stopped() {
        let finished = shell("echo begun; exec sleep 60", Duration::from_millis(300));
        assert!(finished.timed_out);
        assert_eq!(finished.succeeded(ToolErrorKind::Stopped).unwrap_err().kind, ToolErrorKind::TimedOut);
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let work = WorkDir::new(&std::env::temp_dir(), "process-test").unwrap();
        let fault =
            run(&mut Command::new("no-such-program"), work.path(), "x", Duration::from_secs(1)).unwrap_err();
        assert!(matches!(fault.kind, ToolErrorKind::Io(_)));
    }

    #[test]
    fn a_work_folder_goes_away_unless_kept() {
        let mut work = WorkDir::new(&std::env::temp_dir(), "folder-test").unwrap();
        let path = work.keep();
        drop(work);
        assert!(path.is_dir());
        fs::remove_dir_all(&path).unwrap();
        let work = WorkDir::new(&std::env::temp_dir(), "folder-test").unwrap();
        let path = work.path().to_owned();
        drop(work);
        assert!(!path.exists());
    }
}
