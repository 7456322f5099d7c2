//! The machines that run emitted C.

use super::find::Tool;

/// How emitted C is compiled for this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostMode {
    /// `-O2`.
    Plain,
    /// `-O1` with the undefined-behaviour and address sanitisers, which stop at the first finding.
    Sanitized,
}

/// One machine: its compiler, its memory, and how an image is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) tool: Tool,
    /// The prefix of the compiler and its companions.
    pub(super) prefix: &'static str,
    /// Options for everything that is compiled or linked.
    pub(super) machine: &'static [&'static str],
    /// Options for linking only; the linker script stands in the work folder.
    pub(super) link: &'static [&'static str],
    /// The start-up and output code.
    pub(super) platform: &'static str,
    /// Whether output goes through semihosting.
    pub(super) semihosting: bool,
    /// The linker script, or empty.
    pub(super) script: &'static str,
    /// What designs may use in one image, after the harness's own needs; None on the host.
    pub(super) memory: Option<Memory>,
    /// The command that runs `IMAGE`.
    pub(super) run: &'static [&'static str],
}

/// Room for designs in one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    pub(super) flash_bytes: usize,
    pub(super) ram_bytes: usize,
}

/// The options under which emitted files must compile without a word.
pub(super) const STRICT: [&str; 7] =
    ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-ffreestanding", "-Werror"];

pub(super) fn host(mode: HostMode) -> Target {
    // GCC's manual advises against errors out of warnings here: checks stand between an expression and what GCC knows of it.
    // The same files have compiled without a warning for the host as it is.
    const SANITIZED: &[&str] =
        &["-Wno-error", "-O1", "-g", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"];
    Target {
        tool: Tool::HostC,
        prefix: "",
        machine: match mode {
            HostMode::Plain => &["-O2"],
            HostMode::Sanitized => SANITIZED,
        },
        link: &[],
        platform: include_str!("platform/host.c"),
        semihosting: false,
        script: "",
        memory: None,
        run: &["./IMAGE"],
    }
}

const AVR: Target = Target {
    tool: Tool::Avr,
    prefix: "avr-",
    machine: &["-mmcu=atmega328p", "-Os"],
    link: &[],
    platform: include_str!("platform/avr.c"),
    semihosting: false,
    script: "",
    // 32 KB and 2 KB, less 4 KB for driver and libgcc, and 600 bytes for the stack.
    memory: Some(Memory { flash_bytes: 28_000, ram_bytes: 1_400 }),
    run: &["simavr", "-m", "atmega328p", "-f", "16000000", "IMAGE"],
};

/// The machines for AVR code, the smallest first.
pub(super) const AVRS: [Target; 2] = [
    AVR,
    Target {
        machine: &["-mmcu=atmega1284p", "-Os"],
        // 128 KB and 16 KB; tables must stand in the first 64 KB.
        memory: Some(Memory { flash_bytes: 100_000, ram_bytes: 14_000 }),
        run: &["simavr", "-m", "atmega1284p", "-f", "16000000", "IMAGE"],
        ..AVR
    },
];

pub(super) const CORTEX_M0: Target = Target {
    tool: Tool::CortexM0,
    prefix: "arm-none-eabi-",
    machine: &["-mcpu=cortex-m0", "-mthumb", "-O2"],
    link: &["-nostartfiles", "-T", "target.ld"],
    platform: include_str!("platform/cortex_m0.c"),
    semihosting: true,
    script: include_str!("platform/cortex_m0.ld"),
    memory: Some(Memory { flash_bytes: 240_000, ram_bytes: 12_000 }),
    run: &[
        "qemu-system-arm",
        "-M",
        "microbit",
        "-nographic",
        "-monitor",
        "none",
        "-serial",
        "null",
        "-semihosting-config",
        "enable=on,target=native",
        "-kernel",
        "IMAGE",
    ],
};

pub(super) const RISCV: Target = Target {
    tool: Tool::Riscv,
    prefix: "riscv64-unknown-elf-",
    machine: &["-march=rv32imac", "-mabi=ilp32", "-mcmodel=medany", "--specs=picolibc.specs", "-O2"],
    link: &["-nostartfiles", "-T", "target.ld"],
    platform: include_str!("platform/riscv.c"),
    semihosting: true,
    script: include_str!("platform/riscv.ld"),
    memory: Some(Memory { flash_bytes: 32 << 20, ram_bytes: 16 << 20 }),
    run: &[
        "qemu-system-riscv32",
        "-M",
        "virt",
        "-nographic",
        "-monitor",
        "none",
        "-serial",
        "null",
        "-semihosting-config",
        "enable=on,target=native",
        "-bios",
        "none",
        "-kernel",
        "IMAGE",
    ],
};
