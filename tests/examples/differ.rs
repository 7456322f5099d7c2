//! Many random designs on demand: `cargo run -p pyhw-tests --example differ -- --seeds A..B [--judge NAME]… [--shrink SECONDS]
//! [--keep]`. `--keep` writes what disagrees to `tests/corpus/hwir`; `--file PATH` takes a text of IR instead of seeds.
//!
//! Exit code: 0 all agree, 1 something disagrees, 2 bad usage.

use pyhw_tests::differential::{Failure, Judge, Limit, Subject, exhaustive, reduce};
use pyhw_tests::tools::Tools;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

struct Options {
    subjects: Vec<Subject>,
    judges: Vec<Judge>,
    shrink: u64,
    keep: bool,
    batch: usize,
    most: usize,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let options = match read(&arguments) {
        Ok(options) => options,
        Err(text) => {
            eprintln!("{text}");
            eprintln!(
                "usage: differ (--seeds A..B | --file PATH | --exhaustive)… [--judge NAME]… [--shrink SECONDS] [--most N] [--keep]"
            );
            return ExitCode::from(2);
        }
    };
    let mut tools = Tools::find(std::env::temp_dir());
    tools.threads = 2;
    let mut failed = 0;
    for judge in &options.judges {
        let begun = Instant::now();
        let (mut passed, mut shown) = (0, Vec::<Failure>::new());
        for part in options.subjects.chunks(options.batch) {
            let verdicts = judge.judge(&tools, &part.iter().collect::<Vec<_>>());
            for (subject, verdict) in part.iter().zip(verdicts) {
                match verdict {
                    Ok(()) => passed += 1,
                    Err(failure) => {
                        failed += 1;
                        println!(
                            "--- {} {}: {:?} [{}]",
                            judge.name(),
                            subject.name,
                            failure.kind,
                            failure.mark
                        );
                        if shown.len() < options.most
                            && !shown.iter().any(|known| known.is_like(&failure) && !known.mark.is_empty())
                        {
                            show(&tools, *judge, subject, &failure, &options);
                            shown.push(failure);
                        } else {
                            pyhw_tests::differential::reduce::remove_files(&failure);
                        }
                    }
                }
            }
        }
        println!(
            "{}: {passed} of {} agree, {:.1} s",
            judge.name(),
            options.subjects.len(),
            begun.elapsed().as_secs_f64()
        );
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn read(arguments: &[String]) -> Result<Options, String> {
    let mut options =
        Options { subjects: Vec::new(), judges: Vec::new(), shrink: 0, keep: false, batch: 100, most: 3 };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--seeds" => {
                let (from, to) = value()?.split_once("..").ok_or("seeds are A..B")?;
                let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{text}` is no number"));
                for seed in number(from)?..number(to)? {
                    match Subject::random(seed) {
                        Ok(subject) => options.subjects.push(subject),
                        Err(fault) => println!("--- seed {seed}: {fault}"),
                    }
                }
            }
            "--file" => {
                let path = Path::new(value()?);
                let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
                let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or("design");
                options.subjects.push(Subject::from_text(name, &text)?);
            }
            "--exhaustive" => {
                for name in exhaustive::names() {
                    options.subjects.push(exhaustive::subject(&name)?);
                }
            }
            "--judge" | "--runner" => {
                let name = value()?;
                options.judges.push(Judge::of_name(name).ok_or_else(|| {
                    let names: Vec<&str> = Judge::ALL.iter().map(|judge| judge.name()).collect();
                    format!("there is no judge `{name}`; there are {}", names.join(", "))
                })?);
            }
            "--shrink" => options.shrink = value()?.parse().map_err(|_| "--shrink needs seconds")?,
            "--most" => options.most = value()?.parse().map_err(|_| "--most needs a number")?,
            "--batch" => options.batch = value()?.parse().map_err(|_| "--batch needs a number")?,
            "--keep" => options.keep = true,
            other => return Err(format!("`{other}` is no option")),
        }
    }
    if options.judges.is_empty() {
        options.judges = Judge::ALL.to_vec();
    }
    Ok(options)
}

/// Prints what differs, as small as it becomes.
fn show(tools: &Tools, judge: Judge, subject: &Subject, failure: &Failure, options: &Options) {
    println!("{failure}");
    if options.shrink == 0 {
        return;
    }
    let limit = Limit { time: Duration::from_secs(options.shrink) };
    let (small, failure) = reduce(tools, judge, subject, failure, limit);
    let about = format!("Found from {} by {}.", subject.name, judge.name());
    let text = small.to_text(&about);
    println!("as small as it became:\n{text}\n{failure}\n");
    if options.keep {
        let name = format!("{}_{}", subject.name, judge.name().replace('-', "_"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/hwir").join(format!("{name}.hwir"));
        match std::fs::write(&path, text) {
            Ok(()) => println!("written to {}", path.display()),
            Err(error) => println!("{}: {error}", path.display()),
        }
    }
}
