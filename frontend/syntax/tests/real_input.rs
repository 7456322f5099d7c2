//! The subset over the source distribution of MyHDL 0.11.52, which `./test` unpacks into the target folder.
//! Without it the test is shown as skipped.

mod census;

use libtest_mimic::{Arguments, Failed, Trial};
use pyhw_syntax::subset::Construct;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NAME: &str = "the processes of MyHDL's own sources are in the subset";

fn main() -> ExitCode {
    let trial = match distribution() {
        Some(folder) => Trial::test(NAME, move || count(&folder)),
        None => Trial::test(format!("{NAME} (skipped: no myhdl-0.11.52 in the target folder)"), || Ok(()))
            .with_ignored_flag(true),
    };
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit_code()
}

/// The distribution, beside the profile's folder that this program lies in.
fn distribution() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().map(|folder| folder.join("myhdl-0.11.52")).find(|folder| folder.is_dir())
}

fn count(folder: &Path) -> Result<(), Failed> {
    let census = census::census(folder);
    // What Python 3 cannot parse either: `print` and `raise` statements.
    let broken: Vec<&str> = census.broken.iter().map(|(name, _)| name.as_str()).collect();
    let python2 = [
        "example/cookbook/johnson/test_jc2.py",
        "example/manual/queue.py",
        "example/manual/rs232.py",
        "example/manual/sparseMemory.py",
        "example/rs232/test_rs232.py",
        "scripts/benchmark/test_randgen.py",
    ];
    assert_eq!(broken, python2);
    assert_eq!((census.processes, census.inside), (638, 611));
    // MyHDL's tests of what cannot be converted are made of these.
    let refused: Vec<(Construct, usize)> =
        census.refused.iter().map(|(what, places)| (*what, places.len())).collect();
    let expected = [
        (Construct::Global, 1),
        (Construct::Try, 3),
        (Construct::Import, 19),
        (Construct::Class, 1),
        (Construct::DoubleStarArgument, 1),
        (Construct::TrueDivision, 2),
    ];
    assert_eq!(refused, expected);
    Ok(())
}
