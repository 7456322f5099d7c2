//! The smallest subject that a judge still refuses in the same way.

use super::check::{Failure, FailureKind, Judge};
use super::ports::Ports;
use super::stimulus::Drive;
use super::subject::{Subject, simulate};
use crate::generate::shrink::{Cleaning, Edit, apply, edits, tidy};
use crate::tools::{Runner, Tools};
use pyhw_ir::Design;
use pyhw_ir::print::print;
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// How long reducing may take.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// No new candidates are tried after this time.
    pub time: Duration,
}

impl Default for Limit {
    fn default() -> Limit {
        Limit { time: Duration::from_secs(60) }
    }
}

/// Makes the subject smaller while the judge says the like of `failure`. The result is the smallest one that was found, with
/// what the judge said of it.
pub fn reduce(
    tools: &Tools,
    judge: Judge,
    subject: &Subject,
    failure: &Failure,
    limit: Limit,
) -> (Subject, Failure) {
    let mut reducer = Reducer {
        tools,
        judge,
        best: subject.clone(),
        failure: failure.clone(),
        until: Instant::now() + limit.time,
        batch: batch_of(judge, failure),
        seen: HashSet::new(),
        cleaning: Cleaning::Dead,
    };
    reducer.run();
    (reducer.best, reducer.failure)
}

/// How many candidates one run of the tool takes: few where a run costs little, so that each success counts at once.
fn batch_of(judge: Judge, failure: &Failure) -> usize {
    let Judge::Runner(runner) = judge else { return if judge == Judge::Yosys { 4 } else { 6 } };
    if failure.kind == FailureKind::Refused {
        return 1;
    }
    match runner {
        Runner::Icarus | Runner::Host(_) => 4,
        Runner::Ghdl(_) | Runner::Avr | Runner::CortexM0 | Runner::Riscv => 8,
        Runner::Verilator => 24,
    }
}

struct Reducer<'a> {
    tools: &'a Tools,
    judge: Judge,
    best: Subject,
    failure: Failure,
    until: Instant,
    batch: usize,
    /// Candidates that were judged already.
    seen: HashSet<String>,
    /// Whether what has no effect on an output can go.
    cleaning: Cleaning,
}

impl Reducer<'_> {
    fn run(&mut self) {
        if let Some(tidied) = tidy(&self.best.design).and_then(|design| self.with_design(&design)) {
            let shows = self.try_all(vec![tidied]);
            self.cleaning = if shows { Cleaning::Dead } else { Cleaning::Unnamed };
        }
        while Instant::now() < self.until {
            let before = self.weight(&self.best);
            self.shorten();
            self.shrink();
            if self.weight(&self.best) >= before {
                return;
            }
        }
    }

    /// How much there is to read: the text, and the steps.
    fn weight(&self, subject: &Subject) -> usize {
        let values: usize = subject
            .steps
            .iter()
            .map(|step| step.inputs.iter().map(|value| 1 + value.bit_length() as usize).sum::<usize>())
            .sum();
        let edges: usize = subject.steps.iter().map(|step| step.edges.len()).sum();
        print(&subject.design).len() * 4 + values + edges + subject.steps.len() * 8
    }

    /// Judges candidates that are smaller than the best and takes the smallest that still fails; whether there was one.
    fn try_all(&mut self, mut candidates: Vec<Subject>) -> bool {
        let most = self.weight(&self.best);
        candidates
            .retain(|candidate| self.weight(candidate) < most && self.seen.insert(candidate.to_text("")));
        if candidates.is_empty() {
            return false;
        }
        let named: Vec<Subject> = candidates
            .iter()
            .enumerate()
            .map(|(index, subject)| subject.renamed(&format!("c{index}")))
            .collect();
        let verdicts = self.judge.judge(self.tools, &named.iter().collect::<Vec<_>>());
        let failing = verdicts.into_iter().zip(candidates).filter_map(|(verdict, subject)| {
            let failure = verdict.err()?;
            remove_files(&failure);
            failure.is_like(&self.failure).then_some((subject, failure))
        });
        let smallest = failing.min_by_key(|(subject, _)| self.weight(subject));
        match smallest {
            Some((subject, failure)) => {
                self.best = subject;
                self.failure = failure;
                true
            }
            None => false,
        }
    }

    /// The best with another design, driven as far as the ports are the same.
    fn with_design(&self, design: &Design) -> Option<Subject> {
        let ports = Ports::of(design).ok()?;
        let old = &self.best.ports;
        let input = |name: &str| old.inputs.iter().position(|input| input.name == name);
        let clock = |index: usize| ports.clocks.iter().position(|(name, _)| *name == old.clocks[index].0);
        let mut steps: Vec<Drive> = Vec::new();
        for step in &self.best.steps {
            let mut inputs = Vec::new();
            for own in &ports.inputs {
                let width = super::ports::width_bits(&own.ty, &design.types)?;
                inputs.push(step.inputs[input(&own.name)?].low_bits(width));
            }
            let edges =
                step.edges.iter().filter_map(|&(index, level)| Some((clock(index)?, level))).collect();
            steps.push(Drive { inputs, edges });
        }
        self.with(design.clone(), ports, steps)
    }

    fn with(&self, design: Design, ports: Ports, steps: Vec<Drive>) -> Option<Subject> {
        let steps = only_changes(&ports, steps);
        let expected = simulate(&design, &ports, &steps).ok()?;
        Some(Subject { design, ports, steps, expected, ..self.best.clone() })
    }

    /// Fewer steps, and simpler inputs.
    fn shorten(&mut self) {
        let mut part = self.best.steps.len().div_ceil(2);
        while part > 0 && Instant::now() < self.until {
            let count = self.best.steps.len();
            let mut candidates = Vec::new();
            for start in (0..count).step_by(part) {
                let steps = self.best.steps.iter().enumerate();
                let steps: Vec<Drive> = steps
                    .filter(|(index, _)| !(start..start + part).contains(index))
                    .map(|(_, step)| step.clone())
                    .collect();
                if !steps.is_empty() {
                    candidates.extend(self.with(self.best.design.clone(), self.best.ports.clone(), steps));
                }
            }
            candidates.truncate(16);
            if !self.try_all(candidates) {
                part /= 2;
            }
        }
        let mut candidates = Vec::new();
        for input in 0..self.best.ports.inputs.len() {
            let mut steps = self.best.steps.clone();
            for step in &mut steps {
                step.inputs[input] = self.best.ports.inputs[input].init.clone();
            }
            candidates.extend(self.with(self.best.design.clone(), self.best.ports.clone(), steps));
        }
        if Instant::now() < self.until {
            self.try_all(candidates);
        }
    }

    /// A smaller design, edit by edit.
    fn shrink(&mut self) {
        let mut all = edits(&self.best.design);
        let mut at = 0;
        while at < all.len() && Instant::now() < self.until {
            let mut candidates = Vec::new();
            while candidates.len() < self.batch && at < all.len() && Instant::now() < self.until {
                let edit = &all[at];
                at += 1;
                let design = apply(&self.best.design, edit, self.cleaning);
                candidates.extend(design.and_then(|design| self.with_design(&design)));
            }
            if self.try_all(candidates) {
                // Go on behind what was tried: what failed before mostly fails again.
                let kind = all.get(at.saturating_sub(1)).map(std::mem::discriminant::<Edit>);
                all = edits(&self.best.design);
                at = all.iter().position(|edit| Some(std::mem::discriminant(edit)) == kind).unwrap_or(0);
            }
        }
    }
}

/// The steps without edges that do not change their clock's level.
fn only_changes(ports: &Ports, mut steps: Vec<Drive>) -> Vec<Drive> {
    let mut levels: Vec<bool> = ports.clocks.iter().map(|(_, idle)| *idle).collect();
    for step in &mut steps {
        step.edges.retain(|&(clock, level)| std::mem::replace(&mut levels[clock], level) != level);
    }
    steps
}

/// Removes what a tool's run left for someone to look at.
pub fn remove_files(failure: &Failure) {
    for line in failure.text.lines() {
        if let Some(path) = line.trim_start().strip_prefix("files kept in: ")
            && std::path::Path::new(path).is_absolute()
        {
            // What cannot be removed is left for the system, which empties its temporary folder.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}
