//! A test that needs a tool, for a libtest-mimic main function.

use libtest_mimic::{Failed, Trial};

use super::find::{Missing, MissingTools, Tool, Tools};

/// A test that runs where its tools are present. Where one is missing it is listed as ignored with the package's name
/// in its own name, or fails, as `missing_tools` says.
pub fn trial(
    tools: &Tools,
    missing_tools: MissingTools,
    needed: &[Tool],
    name: impl Into<String>,
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    let name = name.into();
    let absent: Vec<Missing> = needed.iter().filter_map(|&tool| tools.require(tool).err()).collect();
    if absent.is_empty() {
        return Trial::test(name, test);
    }
    let why = absent.iter().map(Missing::to_string).collect::<Vec<_>>().join("; ");
    match missing_tools {
        MissingTools::Skip => {
            Trial::test(format!("{name} (skipped: {why})"), || Ok(())).with_ignored_flag(true)
        }
        MissingTools::Fail => Trial::test(name, move || Err(why.into())),
    }
}
