//! Which tools are on this machine.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A tool, with everything that it needs to run an emitted design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Icarus Verilog.
    Icarus,
    /// Verilator, make and a C++ compiler.
    Verilator,
    /// GHDL.
    Ghdl,
    /// Yosys.
    Yosys,
    /// gcc for this machine.
    HostC,
    /// avr-gcc, avr-libc and simavr.
    Avr,
    /// arm-none-eabi-gcc and qemu.
    CortexM0,
    /// riscv64-unknown-elf-gcc and qemu.
    Riscv,
    /// cppcheck.
    Cppcheck,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 9] = [
        Self::Icarus,
        Self::Verilator,
        Self::Ghdl,
        Self::Yosys,
        Self::HostC,
        Self::Avr,
        Self::CortexM0,
        Self::Riscv,
        Self::Cppcheck,
    ];

    /// The name in test names and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Icarus => "icarus",
            Self::Verilator => "verilator",
            Self::Ghdl => "ghdl",
            Self::Yosys => "yosys",
            Self::HostC => "host-c",
            Self::Avr => "avr-c",
            Self::CortexM0 => "cortex-m0-c",
            Self::Riscv => "riscv-c",
            Self::Cppcheck => "cppcheck",
        }
    }

    /// The programs that must be on `PATH`, each with the Debian packages that bring it.
    pub fn programs(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Self::Icarus => &[("iverilog", &["iverilog"]), ("vvp", &["iverilog"])],
            Self::Verilator => &[("verilator", &["verilator"]), ("make", &["make"]), ("g++", &["g++"])],
            Self::Ghdl => &[("ghdl", &["ghdl"])],
            Self::Yosys => &[("yosys", &["yosys"])],
            Self::HostC => &[("gcc", &["gcc"]), ("nm", &["binutils"]), ("objcopy", &["binutils"])],
            Self::Avr => &[
                ("avr-gcc", &["gcc-avr", "avr-libc"]),
                ("avr-size", &["binutils-avr"]),
                ("simavr", &["simavr"]),
            ],
            Self::CortexM0 => &[
                ("arm-none-eabi-gcc", &["gcc-arm-none-eabi", "libnewlib-arm-none-eabi"]),
                ("qemu-system-arm", &["qemu-system-arm"]),
            ],
            Self::Riscv => &[
                ("riscv64-unknown-elf-gcc", &["gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf"]),
                ("qemu-system-riscv32", &["qemu-system-misc"]),
            ],
            Self::Cppcheck => &[("cppcheck", &["cppcheck"])],
        }
    }
}

/// A tool that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The tool.
    pub tool: Tool,
    /// The first program that was not found.
    pub program: String,
    /// The Debian packages to install.
    pub packages: Vec<String>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not installed: apt-get install {}", self.program, self.packages.join(" "))
    }
}

/// What a missing tool means. A test's main function decides this once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingTools {
    /// The test is listed as ignored, with the package's name.
    Skip,
    /// The test fails.
    Fail,
}

impl MissingTools {
    /// `Fail` where the environment variable `CI`, which the caller passes in, is `true` or `1`.
    pub fn for_ci(ci: Option<&OsStr>) -> Self {
        match ci.and_then(OsStr::to_str) {
            Some("true" | "1") => Self::Fail,
            Some(_) | None => Self::Skip,
        }
    }
}

/// The tools of this machine, and how they are to be run.
#[derive(Clone, Debug)]
pub struct Tools {
    missing: BTreeMap<Tool, Missing>,
    /// The folder in which each run makes its work folder; these are removed unless a run fails.
    pub work: PathBuf,
    /// A folder that outlives the run: compiled parts that every run needs.
    pub cache: PathBuf,
    /// How many programs run at once.
    pub threads: usize,
    /// The time limit of one program.
    pub timeout: Duration,
}

impl Tools {
    /// Looks for every tool on `PATH`. Work folders are made in the system's folder for temporary files, the cache in
    /// `cache` (a test passes `env!("CARGO_TARGET_TMPDIR")`).
    pub fn find(cache: impl Into<PathBuf>) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let missing =
            Tool::ALL.into_iter().filter_map(|tool| Some((tool, first_missing(tool, &folders)?))).collect();
        Self {
            missing,
            work: std::env::temp_dir(),
            cache: cache.into(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            timeout: Duration::from_secs(300),
        }
    }

    /// Whether a tool can be run.
    ///
    /// # Errors
    /// The tool is missing; the error names its package.
    pub fn require(&self, tool: Tool) -> Result<(), Missing> {
        self.missing.get(&tool).map_or(Ok(()), |missing| Err(missing.clone()))
    }

    /// All tools that are not there.
    pub fn missing(&self) -> impl Iterator<Item = &Missing> {
        self.missing.values()
    }
}

fn first_missing(tool: Tool, folders: &[PathBuf]) -> Option<Missing> {
    let absent = |program: &str| !folders.iter().any(|folder| is_program(&folder.join(program)));
    let (program, packages) = tool.programs().iter().find(|(program, _)| absent(program))?;
    let packages = packages.iter().map(|&package| package.to_owned()).collect();
    Some(Missing { tool, program: (*program).to_owned(), packages })
}

fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_names_its_package() {
        let missing = first_missing(Tool::Avr, &[]).unwrap();
        assert_eq!(missing.to_string(), "`avr-gcc` is not installed: apt-get install gcc-avr avr-libc");
    }

    #[test]
    fn a_missing_tool_fails_in_ci_only() {
        assert_eq!(MissingTools::for_ci(Some(OsStr::new("true"))), MissingTools::Fail);
        assert_eq!(MissingTools::for_ci(Some(OsStr::new("false"))), MissingTools::Skip);
        assert_eq!(MissingTools::for_ci(None), MissingTools::Skip);
    }

    #[test]
    fn every_package_is_installed_by_the_script() {
        let script = include_str!("../../tools.sh");
        let listed: Vec<&str> = script.split_whitespace().collect();
        for tool in Tool::ALL {
            for package in tool.programs().iter().flat_map(|(_, packages)| packages.iter()) {
                assert!(listed.contains(package), "tests/tools.sh does not install {package}");
            }
        }
    }
}
