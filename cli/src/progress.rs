//! A line on the terminal that shows how far a long run is.

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::VecDeque;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A run that is over sooner shows nothing.
const QUIET: Duration = Duration::from_secs(1);

/// The line is drawn so often.
const DRAWN_EVERY: Duration = Duration::from_millis(250);

/// So many looks back the speed is measured from.
const LOOKS: usize = 20;

/// The line, drawn on stderr once a run takes long. Its copies are one.
#[derive(Clone)]
pub struct Progress {
    line: Arc<Mutex<Line>>,
}

struct Line {
    until: Option<u64>,
    /// Since when the run runs.
    begun: Option<Instant>,
    speed: Speed,
    /// When the line was drawn, or made room for something else.
    touched: Option<Instant>,
    /// Whether what was written last has left the cursor within a line, which is not to be wiped away.
    within: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing if stderr is no terminal.
    pub fn new(until: Option<u64>) -> Option<Progress> {
        std::io::stderr().is_terminal().then(|| {
            let speed = Speed::default();
            let line = Line { until, begun: None, speed, touched: None, within: false, bar: None };
            Progress { line: Arc::new(Mutex::new(line)) }
        })
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is told the time now and then.
    pub fn observe(&self, time: u64) {
        self.lock().observe(Instant::now(), time);
    }

    /// Text is about to be written on the terminal: the line vanishes, and comes back when there is room.
    pub fn before(&self, text: &str) {
        let mut line = self.lock();
        line.hide();
        if let Some(last) = text.chars().next_back() {
            line.within = last != '\n';
        }
    }

    /// The run is over for now: the line vanishes, and a later run is measured by itself.
    pub fn end(&self) {
        let mut line = self.lock();
        line.hide();
        (line.begun, line.touched) = (None, None);
        line.speed = Speed::default();
    }
}

impl Line {
    fn observe(&mut self, now: Instant, time: u64) {
        let begun = *self.begun.get_or_insert(now);
        if self.speed.looks.is_empty() {
            self.speed.look(now, time);
        }
        let is_due = self.touched.is_none_or(|touched| now.duration_since(touched) >= DRAWN_EVERY);
        if self.within || !is_due || now.duration_since(begun) < QUIET {
            return;
        }
        self.touched = Some(now);
        self.speed.look(now, time);
        let until = self.until;
        let bar = self.bar.get_or_insert_with(|| new_bar(until));
        bar.set_position(time);
        let rate = self.speed.steps_a_second();
        bar.set_message(match until {
            Some(until) => left(until.saturating_sub(time), rate),
            None => format!("{} steps a second", HumanCount(rate / 1_000 * 1_000)),
        });
        bar.tick();
    }

    fn hide(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
            self.touched = Some(Instant::now());
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.hide();
    }
}

fn new_bar(until: Option<u64>) -> ProgressBar {
    let (bar, template) = match until {
        Some(until) => (ProgressBar::new(until), "time {human_pos} of {human_len} {wide_bar} {msg}"),
        None => (ProgressBar::no_length(), "time {human_pos}, {msg} {spinner}"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// How long so many steps will take.
fn left(steps: u64, rate: u64) -> String {
    match rate {
        0 => String::new(),
        _ => format!("{} left", HumanDuration(Duration::from_secs(steps / rate))),
    }
}

/// How fast time moves: over the last few seconds, so that a run which slows down shows it.
#[derive(Default)]
struct Speed {
    looks: VecDeque<(Instant, u64)>,
}

impl Speed {
    fn look(&mut self, now: Instant, time: u64) {
        if self.looks.len() == LOOKS {
            self.looks.pop_front();
        }
        self.looks.push_back((now, time));
    }

    fn steps_a_second(&self) -> u64 {
        let (Some((since, from)), Some((now, to))) = (self.looks.front(), self.looks.back()) else {
            return 0;
        };
        let seconds = now.duration_since(*since).as_secs_f64();
        if seconds > 0.0 { (to.saturating_sub(*from) as f64 / seconds) as u64 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_right_from_the_first_look_on_and_follows_a_run_that_slows_down() {
        let (begun, mut speed) = (Instant::now(), Speed::default());
        let at = |millis| begun + Duration::from_millis(millis);
        speed.look(at(0), 1_000_000);
        assert_eq!(speed.steps_a_second(), 0);
        speed.look(at(1_000), 1_600_000);
        assert_eq!(speed.steps_a_second(), 600_000);
        for look in 1..=LOOKS as u64 {
            speed.look(at(1_000 + 250 * look), 1_600_000 + 1_000 * look);
        }
        assert_eq!(speed.steps_a_second(), 4_000);
    }

    #[test]
    fn the_line_waits_until_a_run_is_long_and_for_the_end_of_a_line_of_text() {
        let line = Line {
            until: None,
            begun: None,
            speed: Speed::default(),
            touched: None,
            within: false,
            bar: None,
        };
        let progress = Progress { line: Arc::new(Mutex::new(line)) };
        let begun = Instant::now();
        let drawn = |millis| {
            let mut line = progress.lock();
            line.observe(begun + Duration::from_millis(millis), millis * 1_000);
            line.bar.is_some()
        };
        assert!(!drawn(0) && !drawn(900) && drawn(1_100));
        progress.before("a line that is ");
        assert!(!drawn(5_000));
        progress.before("whole\n");
        assert!(drawn(6_000));
        progress.end();
        assert!(!drawn(7_000) && !drawn(7_900) && drawn(8_100));
        assert_eq!(
            progress.lock().speed.steps_a_second() / 10_000,
            99,
            "a second and a tenth since the run began"
        );
    }

    #[test]
    fn what_is_left_is_told_in_words() {
        assert_eq!(left(120_000, 1_000), "2 minutes left");
        assert_eq!(left(120_000, 0), "");
    }
}
