//! Emitted C on this machine and on emulated processors: compile each design, pack many into an image, run the image.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::time::Duration;

use super::c_driver::driver;
use super::c_targets::{AVRS, CORTEX_M0, HostMode, Memory, RISCV, STRICT, Target, host};
use super::dut::Dut;
use super::find::{Tool, Tools};
use super::process::{Fault, ToolError, ToolErrorKind, WorkDir, run};
use super::share::{Group, GroupSize, Item, Notation, Verdict, parallel_map, read_traces, requests, share};
use super::simavr::misreads;
use super::stimulus::{Stimulus, Trace};
use super::verilog::is_source;

/// An emulator is slower than this only if the program hangs.
const MAX_EMULATION: Duration = Duration::from_secs(120);

/// Runs emitted C on this machine.
///
/// Here and on the other processors, emitted files are compiled as freestanding C99 with `-Wall -Wextra -Wconversion
/// -pedantic -Werror`, apart from the driver.
///
/// # Errors
/// One [`ToolError`] for each design that has no complete trace.
pub fn host_c(
    tools: &Tools,
    duts: &[Dut],
    stimuli: &[Stimulus],
    mode: HostMode,
) -> Vec<Result<Trace, ToolError>> {
    run_on(tools, duts, stimuli, &host(mode))
}

/// Runs emitted C on an ATmega328P in simavr; a design that is too big for it on an ATmega1284P.
///
/// # Errors
/// One [`ToolError`] for each design that has no complete trace, of kind [`ToolErrorKind::TooBig`] where it does not
/// fit even there.
pub fn avr_c(tools: &Tools, duts: &[Dut], stimuli: &[Stimulus]) -> Vec<Result<Trace, ToolError>> {
    let [small, big] = &AVRS;
    let mut results = run_on(tools, duts, stimuli, small);
    let mut again = Vec::new();
    for (index, result) in results.iter().enumerate() {
        if let Err(ToolError { kind: ToolErrorKind::TooBig, work, .. }) = result {
            if let Some(work) = work {
                // The next device's run makes its own.
                let _ = fs::remove_dir_all(work);
            }
            again.push(index);
        }
    }
    let (duts, stimuli): (Vec<Dut>, Vec<Stimulus>) =
        again.iter().map(|&index| (duts[index].clone(), stimuli[index].clone())).unzip();
    for (index, result) in again.into_iter().zip(run_on(tools, &duts, &stimuli, big)) {
        results[index] = result;
    }
    results
}

/// Runs emitted C on a Cortex-M0 (qemu's microbit).
///
/// # Errors
/// As [`avr_c`].
pub fn cortex_m0_c(tools: &Tools, duts: &[Dut], stimuli: &[Stimulus]) -> Vec<Result<Trace, ToolError>> {
    run_on(tools, duts, stimuli, &CORTEX_M0)
}

/// Runs emitted C on RV32IMAC (qemu's virt machine).
///
/// # Errors
/// As [`avr_c`].
pub fn riscv_c(tools: &Tools, duts: &[Dut], stimuli: &[Stimulus]) -> Vec<Result<Trace, ToolError>> {
    run_on(tools, duts, stimuli, &RISCV)
}

fn run_on(
    tools: &Tools,
    duts: &[Dut],
    stimuli: &[Stimulus],
    target: &Target,
) -> Vec<Result<Trace, ToolError>> {
    // Compiling is spread over the threads within a group, so one group holds everything.
    let size = GroupSize { least: usize::MAX, most: usize::MAX };
    let requests = requests(target.tool, duts, stimuli);
    share(tools, target.tool, size, requests, |work, items| run_group(tools, work, items, target))
}

/// The object files of one design, and what they need.
struct Objects {
    position: usize,
    paths: Vec<String>,
    size: Memory,
}

fn run_group(
    tools: &Tools,
    work: &WorkDir,
    items: &[Item<'_>],
    target: &Target,
) -> Result<Group<Trace>, Fault> {
    work.write("harness.h", include_str!("platform/harness.h"))?;
    work.write("harness.c", include_str!("platform/harness.c"))?;
    work.write("platform.c", target.platform)?;
    work.write("target.ld", target.script)?;
    if target.semihosting {
        work.write("semihosting.h", include_str!("platform/semihosting.h"))?;
        work.write("semihosting.c", include_str!("platform/semihosting.c"))?;
    }
    let positions: Vec<usize> = (0..items.len()).collect();
    let compiled = parallel_map(tools.threads, &positions, |&position| {
        compile(tools, work, position, &items[position], target)
    });
    let mut verdicts: Vec<Verdict<Trace>> = Vec::new();
    let mut objects = Vec::new();
    for (position, result) in compiled.into_iter().enumerate() {
        match result {
            Ok(paths) => {
                objects.push(Objects { position, paths, size: Memory { flash_bytes: 0, ram_bytes: 0 } });
                verdicts.push(Verdict::Unknown);
            }
            Err(fault) => verdicts.push(Verdict::Failed(fault)),
        }
    }
    if objects.is_empty() {
        return Ok(Group { verdicts, fault: None });
    }
    separate(tools, work, &mut objects, target)?;
    let images = match target.memory {
        None => vec![objects],
        Some(memory) => {
            measure(tools, work, &mut objects, target)?;
            let (images, too_big) = pack(objects, memory);
            for object in too_big {
                let output = format!("{:?} of {memory:?}", object.size);
                verdicts[object.position] =
                    Verdict::Failed(Fault { output, ..Fault::new(ToolErrorKind::TooBig) });
            }
            images
        }
    };
    for &name in support(target) {
        gcc(tools, work, target, &["-std=gnu99", "-c", &format!("{name}.c")], name)?;
    }
    let numbered: Vec<(usize, Vec<Objects>)> = images.into_iter().enumerate().collect();
    let runs = parallel_map(tools.threads, &numbered, |(number, image)| {
        run_image(tools, work, items, target, *number, image)
    });
    let mut shared = None;
    for ((_, image), outcome) in numbered.iter().zip(runs) {
        match outcome {
            Ok(group) => {
                shared = shared.or(group.fault);
                for (position, verdict) in group.verdicts.into_iter().enumerate() {
                    if image.iter().any(|object| object.position == position) {
                        verdicts[position] = verdict;
                    }
                }
            }
            Err(fault) if image.len() == 1 => verdicts[image[0].position] = Verdict::Failed(fault),
            Err(fault) => shared = shared.or(Some(fault)),
        }
    }
    Ok(Group { verdicts, fault: shared })
}

fn gcc(tools: &Tools, work: &WorkDir, target: &Target, arguments: &[&str], log: &str) -> Result<(), Fault> {
    let mut command = Command::new(format!("{}gcc", target.prefix));
    let finished = run(command.args(target.machine).args(arguments), work.path(), log, tools.timeout)?;
    finished.succeeded(ToolErrorKind::Rejected).map(|_| ())
}

/// The harness's own files, without ending, that every image of a target needs.
fn support(target: &Target) -> &'static [&'static str] {
    if target.semihosting { &["harness", "platform", "semihosting"] } else { &["harness", "platform"] }
}

/// Compiles a design and its driver, otherwise than usual where the emulator does not take what comes out; the object files.
fn compile(
    tools: &Tools,
    work: &WorkDir,
    position: usize,
    item: &Item<'_>,
    target: &Target,
) -> Result<Vec<String>, Fault> {
    let mut objects = compile_with(tools, work, position, item, target, &[])?;
    if target.tool == Tool::Avr {
        for option in ["-O1", "-O2", "-O3", "-O0"] {
            let mut command = Command::new(format!("{}objdump", target.prefix));
            command.arg("-d").args(&objects);
            let listing = run(&mut command, work.path(), &format!("dump{position}"), tools.timeout)?
                .succeeded(ToolErrorKind::Rejected)?;
            if !misreads(&listing.stdout) {
                break;
            }
            objects = compile_with(tools, work, position, item, target, &[option])?;
        }
    }
    Ok(objects)
}

/// Compiles the emitted files strictly and the driver leniently; the object files.
fn compile_with(
    tools: &Tools,
    work: &WorkDir,
    position: usize,
    item: &Item<'_>,
    target: &Target,
    options: &[&str],
) -> Result<Vec<String>, Fault> {
    let Some(driver) = driver(position, item) else {
        return Err(Fault::new(ToolErrorKind::BadRequest("it has no C interface".to_owned())));
    };
    let folder = format!("d{position}");
    for (name, text) in &item.dut.sources {
        work.write(&format!("{folder}/{name}"), text)?;
    }
    let sources =
        item.dut.sources.iter().map(|(name, _)| name.as_str()).filter(|name| is_source(name, &["c"]));
    let sources: Vec<&str> = sources.collect();
    let mut objects = Vec::new();
    if !sources.is_empty() {
        let mut command = Command::new(format!("{}gcc", target.prefix));
        command.args(STRICT).args(target.machine).args(options).arg("-c").args(&sources);
        run(&mut command, &work.path().join(&folder), "compile", tools.timeout)?
            .succeeded(ToolErrorKind::Rejected)?;
        objects.extend(sources.iter().map(|name| format!("{folder}/{}o", name.trim_end_matches('c'))));
    }
    work.write(&format!("drive{position}.c"), &driver)?;
    let source = format!("drive{position}.c");
    let arguments = [options, &["-std=gnu99", "-c", &source]].concat();
    gcc(tools, work, target, &arguments, &format!("drive{position}"))?;
    objects.push(format!("drive{position}.o"));
    Ok(objects)
}

/// Designs that define equal global names are linked by themselves first, with only their driver left visible.
fn separate(tools: &Tools, work: &WorkDir, objects: &mut [Objects], target: &Target) -> Result<(), Fault> {
    if objects.len() < 2 {
        return Ok(());
    }
    let mut command = Command::new(format!("{}nm", target.prefix));
    command.args(["-A", "-P", "-g", "--defined-only"]).args(objects.iter().flat_map(|object| &object.paths));
    let listing = run(&mut command, work.path(), "nm", tools.timeout)?.succeeded(ToolErrorKind::Rejected)?;
    // Lines are `PATH: NAME TYPE VALUE SIZE`.
    let owner: BTreeMap<&str, usize> = objects
        .iter()
        .flat_map(|object| object.paths.iter().map(|path| (path.as_str(), object.position)))
        .collect();
    let mut holders: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for line in listing.stdout.lines() {
        let Some((path, rest)) = line.split_once(": ") else { continue };
        let (Some(name), Some(position)) = (rest.split(' ').next(), owner.get(path)) else { continue };
        holders.entry(name).or_default().insert(*position);
    }
    let clashing: BTreeSet<usize> = holders.into_values().filter(|set| set.len() > 1).flatten().collect();
    for object in objects.iter_mut().filter(|object| clashing.contains(&object.position)) {
        let (position, whole) = (object.position, format!("whole{}.o", object.position));
        let mut command = Command::new(format!("{}gcc", target.prefix));
        // Options that bring libraries or a linker script have no place in a partial link.
        let whole_program =
            |option: &&&str| option.starts_with("-fsanitize") || option.starts_with("--specs");
        command.args(target.machine.iter().filter(|option| !whole_program(option)));
        command.args(["-r", "-nostdlib", "-o", &whole]).args(&object.paths);
        run(&mut command, work.path(), &format!("join{position}"), tools.timeout)?
            .succeeded(ToolErrorKind::Rejected)?;
        let mut command = Command::new(format!("{}objcopy", target.prefix));
        command.args([&format!("--keep-global-symbol=harness_run_{position}"), &whole]);
        run(&mut command, work.path(), &format!("hide{position}"), tools.timeout)?
            .succeeded(ToolErrorKind::Rejected)?;
        object.paths = vec![whole];
    }
    Ok(())
}

/// Asks how much memory the objects of each design take.
fn measure(tools: &Tools, work: &WorkDir, objects: &mut [Objects], target: &Target) -> Result<(), Fault> {
    let mut command = Command::new(format!("{}size", target.prefix));
    command.args(objects.iter().flat_map(|object| &object.paths));
    let listing =
        run(&mut command, work.path(), "size", tools.timeout)?.succeeded(ToolErrorKind::Rejected)?;
    // Lines are `text data bss dec hex PATH`, in the order that was asked for.
    let mut sizes = listing.stdout.lines().skip(1).map(|line| {
        let mut numbers = line.split_whitespace().map(|word| word.parse().unwrap_or(0usize));
        let mut next = || numbers.next().unwrap_or(0);
        (next(), next(), next())
    });
    for object in objects {
        for (text, data, bss) in sizes.by_ref().take(object.paths.len()) {
            object.size.flash_bytes += text + data;
            object.size.ram_bytes += data + bss;
        }
    }
    Ok(())
}

/// Puts designs into as few images as a first-fit finds; those that fit into none come second.
fn pack(objects: Vec<Objects>, memory: Memory) -> (Vec<Vec<Objects>>, Vec<Objects>) {
    let mut images: Vec<(Memory, Vec<Objects>)> = Vec::new();
    let mut too_big = Vec::new();
    for object in objects {
        let size = object.size;
        let fits = |left: Memory| size.flash_bytes <= left.flash_bytes && size.ram_bytes <= left.ram_bytes;
        if !fits(memory) {
            too_big.push(object);
            continue;
        }
        let place = images.iter().position(|(left, _)| fits(*left)).unwrap_or_else(|| {
            images.push((memory, Vec::new()));
            images.len() - 1
        });
        let (left, list) = &mut images[place];
        left.flash_bytes -= size.flash_bytes;
        left.ram_bytes -= size.ram_bytes;
        list.push(object);
    }
    (images.into_iter().map(|(_, list)| list).collect(), too_big)
}

fn run_image(
    tools: &Tools,
    work: &WorkDir,
    items: &[Item<'_>],
    target: &Target,
    number: usize,
    objects: &[Objects],
) -> Result<Group<Trace>, Fault> {
    let mut calls = "#include \"harness.h\"\n\nvoid harness_run_all(void)\n{\n".to_owned();
    for Objects { position, .. } in objects {
        calls += &format!("    extern void harness_run_{position}(void);\n    harness_run_{position}();\n");
    }
    let (all, image) = (format!("all{number}"), format!("image{number}"));
    work.write(&format!("{all}.c"), &(calls + "}\n"))?;
    gcc(tools, work, target, &["-std=gnu99", "-c", &format!("{all}.c")], &all)?;
    let mut arguments: Vec<&str> = target.link.to_vec();
    let own = format!("{all}.o");
    arguments.extend(["-o", &image, &own]);
    let parts: Vec<String> = support(target).iter().map(|name| format!("{name}.o")).collect();
    arguments.extend(parts.iter().map(String::as_str));
    arguments.extend(objects.iter().flat_map(|object| object.paths.iter().map(String::as_str)));
    gcc(tools, work, target, &arguments, &format!("link{number}")).map_err(|fault| {
        let overflow = ["overflowed", "will not fit", "not within region"]
            .iter()
            .any(|text| fault.output.contains(text));
        if overflow { Fault { kind: ToolErrorKind::TooBig, ..fault } } else { fault }
    })?;
    let words: Vec<String> = target.run.iter().map(|word| word.replace("IMAGE", &image)).collect();
    let Some((program, arguments)) = words.split_first() else {
        return Err(Fault::new(ToolErrorKind::Io("the target has no run command".to_owned())));
    };
    let timeout = tools.timeout.min(MAX_EMULATION);
    let finished = run(Command::new(program).args(arguments), work.path(), &format!("run{number}"), timeout)?;
    Ok(read_traces(items, &finished, Notation::Field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn designs_are_packed_within_the_device() {
        let object = |(position, (flash_bytes, ram_bytes)): (usize, (usize, usize))| Objects {
            position,
            paths: Vec::new(),
            size: Memory { flash_bytes, ram_bytes },
        };
        let objects = [(60, 1), (50, 1), (101, 1), (40, 1), (1, 9), (1, 9)];
        let objects = objects.into_iter().enumerate().map(object).collect();
        let (images, too_big) = pack(objects, Memory { flash_bytes: 100, ram_bytes: 10 });
        let positions = |list: &Vec<Objects>| list.iter().map(|object| object.position).collect::<Vec<_>>();
        assert_eq!(images.iter().map(positions).collect::<Vec<_>>(), [vec![0, 3], vec![1, 4], vec![5]]);
        assert_eq!(positions(&too_big), [2]);
    }
}
