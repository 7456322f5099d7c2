//! A line on the terminal that shows how far a long run is.

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// A run that is over sooner shows nothing.
const QUIET: Duration = Duration::from_secs(1);

/// What a simulation tells the time, for [`pyhw_sim::Options::observer`]: draws on stderr once a run takes long. Nothing if stderr
/// is no terminal. The line vanishes when the observer is dropped.
pub fn observer(until: Option<u64>) -> Option<Box<dyn FnMut(u64) + Send>> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let begun = Instant::now();
    let mut line: Option<Line> = None;
    Some(Box::new(move |time| match &line {
        Some(line) => line.0.set_position(time),
        None if begun.elapsed() >= QUIET => line = Some(Line::new(until)),
        None => {}
    }))
}

struct Line(ProgressBar);

impl Line {
    fn new(until: Option<u64>) -> Line {
        let (bar, template) = match until {
            Some(until) => (ProgressBar::new(until), "time {human_pos} of {human_len} {wide_bar} {eta} left"),
            None => (ProgressBar::no_length(), "time {human_pos}, {rate} steps a second {spinner}"),
        };
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(4));
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", write_rate));
        }
        Line(bar)
    }
}

/// Steps a second, without the digits that change with every look.
fn write_rate(state: &ProgressState, line: &mut dyn Write) {
    let rate = state.per_sec() as u64 / 1_000 * 1_000;
    // There is nobody to tell that the line could not be drawn.
    let _ = write!(line, "{}", HumanCount(rate));
}

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
