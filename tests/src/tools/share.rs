//! Many designs in one run of a tool, and how one design's fault is kept from the others.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use num_bigint::BigUint;

use super::bits::{Bits, mask};
use super::dut::{Dut, PortKind};
use super::find::{Tool, Tools};
use super::process::{Fault, Finished, ToolError, ToolErrorKind, WorkDir};
use super::stimulus::{Stimulus, Trace, verify_ports, verify_request};

/// One design of a shared run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// The position in the caller's list.
    pub(super) index: usize,
    pub(super) dut: &'a Dut,
    pub(super) stimulus: &'a Stimulus,
}

/// What a shared run says about one design.
#[derive(Clone, Debug)]
pub(super) enum Verdict<T> {
    Done(T),
    Failed(Fault),
    /// The run ended before anything could be said.
    Unknown,
}

/// What a shared run says about its designs, and why it ended early if it did.
#[derive(Debug)]
pub(super) struct Group<T> {
    pub(super) verdicts: Vec<Verdict<T>>,
    pub(super) fault: Option<Fault>,
}

/// How many designs go into one run: split over the threads, but not into runs smaller than `least`.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupSize {
    pub(super) least: usize,
    pub(super) most: usize,
}

/// A design with its place, or why it cannot be asked about.
pub(super) type Request<'a> = Result<Item<'a>, ToolError>;

/// Checks the designs and stimuli of one call.
pub(super) fn requests<'a>(tool: Tool, duts: &'a [Dut], stimuli: &'a [Stimulus]) -> Vec<Request<'a>> {
    let mut names = HashSet::new();
    let request = |(index, dut): (usize, &'a Dut)| {
        let refuse = |text| Fault::new(ToolErrorKind::BadRequest(text)).named(tool, &dut.name, None);
        if !names.insert(dut.name.to_lowercase()) {
            return Err(refuse("another design has the same name".to_owned()));
        }
        let stimulus = stimuli.get(index).ok_or_else(|| refuse("there is no stimulus for it".to_owned()))?;
        verify_request(dut, stimulus).map_err(refuse)?;
        Ok(Item { index, dut, stimulus })
    };
    duts.iter().enumerate().map(request).collect()
}

/// The same for tools that only look at the files.
pub(super) fn lint_requests<'a>(tool: Tool, duts: &'a [Dut], nothing: &'a Stimulus) -> Vec<Request<'a>> {
    let request = |(index, dut): (usize, &'a Dut)| {
        let refuse = |text| Fault::new(ToolErrorKind::BadRequest(text)).named(tool, &dut.name, None);
        verify_ports(dut).map_err(refuse)?;
        Ok(Item { index, dut, stimulus: nothing })
    };
    duts.iter().enumerate().map(request).collect()
}

/// Runs groups of designs until there is a result for each.
pub(super) fn share<T, F>(
    tools: &Tools,
    tool: Tool,
    size: GroupSize,
    requests: Vec<Request<'_>>,
    run: F,
) -> Vec<Result<T, ToolError>>
where
    T: Send,
    F: Fn(&WorkDir, &[Item<'_>]) -> Result<Group<T>, Fault> + Sync,
{
    let mut results: Vec<Option<Result<T, ToolError>>> = Vec::new();
    let mut items = Vec::new();
    for request in requests {
        match (tools.require(tool), request) {
            (_, Err(error)) => results.push(Some(Err(error))),
            (Err(missing), Ok(item)) => {
                let fault = Fault::new(ToolErrorKind::Missing(Box::new(missing)));
                results.push(Some(Err(fault.named(tool, &item.dut.name, None))));
            }
            (Ok(()), Ok(item)) => {
                results.push(None);
                items.push(item);
            }
        }
    }
    let each = items.len().div_ceil(tools.threads.max(1)).clamp(size.least, size.most);
    let groups: Vec<&[Item<'_>]> = items.chunks(each).collect();
    let found = parallel_map(tools.threads, &groups, |group| resolve(tools, tool, group, &run));
    for (index, result) in found.into_iter().flatten() {
        results[index] = Some(result);
    }
    let complete = "invariant: resolve returns a result for each item";
    results.into_iter().map(|result| result.expect(complete)).collect()
}

type Resolved<T> = Vec<(usize, Result<T, ToolError>)>;

/// Runs one group; what stays unknown is run again in smaller ones.
fn resolve<T, F>(tools: &Tools, tool: Tool, items: &[Item<'_>], run: &F) -> Resolved<T>
where
    F: Fn(&WorkDir, &[Item<'_>]) -> Result<Group<T>, Fault>,
{
    let mut resolved = Vec::new();
    let mut unknown = Vec::new();
    match WorkDir::new(&tools.work, tool.name()) {
        Err(fault) => {
            let error = |item: &Item<'_>| (item.index, Err(fault.clone().named(tool, &item.dut.name, None)));
            return items.iter().map(error).collect();
        }
        Ok(mut work) => {
            let outcome = run(&work, items);
            let shared = match &outcome {
                Ok(group) => group.fault.clone(),
                Err(fault) => Some(fault.clone()),
            };
            let verdicts = match outcome {
                Ok(group) => group.verdicts,
                Err(_) => items.iter().map(|_| Verdict::Unknown).collect(),
            };
            for (item, verdict) in items.iter().zip(verdicts) {
                let fault = match (verdict, &shared) {
                    (Verdict::Done(result), _) => {
                        resolved.push((item.index, Ok(result)));
                        continue;
                    }
                    (Verdict::Failed(fault), _) => fault,
                    (Verdict::Unknown, Some(fault)) if items.len() == 1 => fault.clone(),
                    (Verdict::Unknown, None) if items.len() == 1 => Fault::new(ToolErrorKind::Stopped),
                    (Verdict::Unknown, _) => {
                        unknown.push(*item);
                        continue;
                    }
                };
                resolved.push((item.index, Err(fault.named(tool, &item.dut.name, Some(work.keep())))));
            }
        }
    }
    // Where nothing at all is known, some design spoils the run for all of them: look for it in each half.
    let parts = if unknown.len() == items.len() { 2 } else { 1 };
    for part in unknown.chunks(unknown.len().div_ceil(parts).max(1)) {
        resolved.extend(resolve(tools, tool, part, run));
    }
    resolved
}

/// Applies `work` to each element, with up to `threads` at once; results in order.
pub(super) fn parallel_map<A: Sync, B: Send>(
    threads: usize,
    list: &[A],
    work: impl Fn(&A) -> B + Sync,
) -> Vec<B> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let serve = || {
        while let Some((index, element)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            list.get(index).map(|element| (index, element))
        } {
            let result = work(element);
            done.lock().expect("invariant: no holder of this lock panics").push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, list.len().max(1)) {
            scope.spawn(serve);
        }
        serve();
    });
    let mut done = done.into_inner().expect("invariant: no holder of this lock panics");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How a driver writes the value of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// A bit string, most significant bit first.
    Binary,
    /// The field of a C design in hexadecimal: 64 bits for a scalar, all limbs otherwise.
    Field,
}

/// Reads what the drivers wrote: `@B DUT` when one begins, `@T DUT STEP VALUE…` for each step, `@E DUT` at its end,
/// where DUT is the position in the group. Other lines are the designs' own.
pub(super) fn read_traces(items: &[Item<'_>], run: &Finished, notation: Notation) -> Group<Trace> {
    let mut begun = vec![false; items.len()];
    let mut ended = vec![false; items.len()];
    let mut traces: Vec<Result<Trace, Fault>> = items.iter().map(|_| Ok(Trace::default())).collect();
    // simavr and qemu's semihosting write what the program says to stderr.
    for line in marked_lines(run.stderr.lines().chain(run.stdout.lines())) {
        let mut words = line.split_ascii_whitespace();
        let (mark, dut) =
            (words.next().unwrap_or(""), words.next().and_then(|word| word.parse::<usize>().ok()));
        let Some(dut) = dut.filter(|&dut| dut < items.len()) else { continue };
        match mark {
            "@B" => begun[dut] = true,
            "@E" => ended[dut] = true,
            "@T" => {
                if let Ok(trace) = &mut traces[dut] {
                    match read_step(items[dut].dut, trace.0.len(), words, notation) {
                        Ok(row) => trace.0.push(row),
                        Err(kind) => traces[dut] = Err(run.fault(kind)),
                    }
                }
            }
            _ => {}
        }
    }
    let kind = if run.timed_out { ToolErrorKind::TimedOut } else { ToolErrorKind::Stopped };
    let verdict = |(dut, trace): (usize, Result<Trace, Fault>)| match trace {
        Err(fault) => Verdict::Failed(fault),
        Ok(trace) if ended[dut] && trace.0.len() == items[dut].stimulus.steps.len() => Verdict::Done(trace),
        Ok(_) if begun[dut] => Verdict::Failed(run.fault(kind.clone())),
        Ok(_) => Verdict::Unknown,
    };
    Group {
        verdicts: traces.into_iter().enumerate().map(verdict).collect(),
        fault: Some(run.fault(kind.clone())),
    }
}

/// The drivers' lines, each from its `@` on. A line that ends with a backslash goes on in the next one, after `@+`.
fn marked_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut marked: Vec<String> = Vec::new();
    for line in lines {
        let Some(start) = line.find('@') else { continue };
        let line = &line[start..];
        match (line.strip_prefix("@+"), marked.last_mut()) {
            (Some(rest), Some(last)) => {
                last.truncate(last.rfind('\\').unwrap_or(last.len()));
                last.push_str(rest);
            }
            (Some(_), None) | (None, _) => marked.push(line.to_owned()),
        }
    }
    marked
}

fn read_step<'a>(
    dut: &Dut,
    step: usize,
    mut words: impl Iterator<Item = &'a str>,
    notation: Notation,
) -> Result<Vec<Bits>, ToolErrorKind> {
    if words.next().and_then(|word| word.parse().ok()) != Some(step) {
        return Err(ToolErrorKind::Stopped);
    }
    let mut row = Vec::new();
    for (output, port) in dut.outputs.iter().enumerate() {
        let word = words.next().ok_or(ToolErrorKind::Stopped)?;
        let bits = match notation {
            Notation::Binary => Bits::parse(word).filter(|bits| bits.width() == port.width),
            Notation::Field => {
                let field = BigUint::parse_bytes(word.as_bytes(), 16).ok_or(ToolErrorKind::Stopped)?;
                let container =
                    dut.c.as_ref().map_or(64, |c| c.outputs[output].layout.container_bits(port.width));
                Some(read_field(&field, container.max(64), port.width, port.kind).ok_or_else(|| {
                    let text =
                        format!("step {step}: `{}` ({} bits) holds 0x{field:x}", port.name, port.width);
                    ToolErrorKind::OutOfRange(text)
                })?)
            }
        };
        row.push(bits.ok_or(ToolErrorKind::Stopped)?);
    }
    Ok(row)
}

/// The port's value if the field has its canonical form.
fn read_field(field: &BigUint, container_bits: u32, width: u32, kind: PortKind) -> Option<Bits> {
    let bits = Bits::new(width, field.clone());
    let negative = kind == PortKind::Signed && field.bit(u64::from(width) - 1);
    let above = if negative { mask(container_bits) - mask(width) } else { BigUint::ZERO };
    (*field == (bits.known()? | above)).then_some(bits)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::super::dut::Port;
    use super::*;

    fn duts(names: &[&str]) -> Vec<Dut> {
        let dut = |name: &&str| Dut {
            name: (*name).to_owned(),
            sources: Vec::new(),
            clocks: Vec::new(),
            inputs: Vec::new(),
            outputs: vec![Port::signed("y", 4)],
            c: None,
        };
        names.iter().map(dut).collect()
    }

    fn present() -> Tools {
        // Nothing is started here: the tool only must not count as missing.
        let mut tools = Tools::find(std::env::temp_dir());
        tools.threads = 2;
        tools
    }

    #[test]
    fn one_bad_design_costs_the_others_nothing() {
        let duts = duts(&["a", "b", "bad", "c", "d", "e"]);
        let stimuli = vec![Stimulus::default(); duts.len()];
        let runs = AtomicUsize::new(0);
        let size = GroupSize { least: 6, most: 6 };
        let requests = requests(Tool::HostC, &duts, &stimuli);
        let results = share(&present(), Tool::HostC, size, requests, |_, items| {
            runs.fetch_add(1, Ordering::Relaxed);
            if items.iter().any(|item| item.dut.name == "bad") {
                return Err(Fault::new(ToolErrorKind::Rejected));
            }
            Ok(Group { verdicts: items.iter().map(|item| Verdict::Done(item.index)).collect(), fault: None })
        });
        for (index, result) in results.iter().enumerate() {
            match result {
                Ok(found) => assert_eq!(*found, index),
                Err(error) => {
                    assert_eq!((index, &error.kind), (2, &ToolErrorKind::Rejected));
                    std::fs::remove_dir_all(error.work.as_ref().unwrap()).unwrap();
                }
            }
        }
        assert!(results[2].is_err());
        assert!(runs.into_inner() <= 7);
    }

    #[test]
    fn equal_names_and_missing_stimuli_are_refused() {
        let duts = duts(&["a", "A", "b"]);
        let stimuli = [Stimulus::default(), Stimulus::default()];
        let found = requests(Tool::HostC, &duts, &stimuli);
        let bad: Vec<bool> = found.iter().map(Result::is_err).collect();
        assert_eq!(bad, [false, true, true]);
    }

    #[test]
    fn traces_are_read_from_among_other_lines() {
        let duts = duts(&["a", "b", "c"]);
        let stimulus = Stimulus { steps: vec![super::super::stimulus::Step::default(); 2] };
        let item = |index| Item { index, dut: &duts[index], stimulus: &stimulus };
        let items = [item(0), item(1), item(2)];
        let stdout =
            "hello @ all\n@B 0\n@T 0 0 0001\n@B 1\n@T 1 0 000x\nnoise\n@T 0 1 1111\n@E 0\n@T 9 0 1\n";
        let run = Finished {
            success: false,
            timed_out: false,
            command: String::new(),
            stdout: stdout.to_owned(),
            stderr: "crashed".to_owned(),
        };
        let group = read_traces(&items, &run, Notation::Binary);
        assert!(matches!(&group.verdicts[0], Verdict::Done(trace) if trace.0.len() == 2));
        assert!(matches!(&group.verdicts[1], Verdict::Failed(fault) if fault.output.contains("crashed")));
        assert!(matches!(&group.verdicts[2], Verdict::Unknown));
    }

    #[test]
    fn long_lines_are_put_together() {
        let lines = ["noise", "\u{1b}[32m@T 0 0 ab\\ .", "@+cd 1\\ .", "@+2 .", "@E 0 ."];
        assert_eq!(marked_lines(lines.into_iter()), ["@T 0 0 abcd 12 .", "@E 0 ."]);
    }

    #[test]
    fn a_field_out_of_its_range_is_found() {
        let read = |field: u64, kind| read_field(&BigUint::from(field), 64, 4, kind);
        assert_eq!(read(9, PortKind::Unsigned), Some(Bits::new(4, 9u8)));
        assert_eq!(read(16, PortKind::Unsigned), None);
        assert_eq!(read(7, PortKind::Signed), Some(Bits::new(4, 7u8)));
        assert_eq!(read(u64::MAX, PortKind::Signed), Some(Bits::new(4, 15u8)));
        assert_eq!(read(15, PortKind::Signed), None);
    }

    #[test]
    fn parallel_results_stand_in_order() {
        let list: Vec<u32> = (0..50).collect();
        assert_eq!(parallel_map(4, &list, |n| n * 2), (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert!(parallel_map(4, &[] as &[u32], |n| *n).is_empty());
    }
}
