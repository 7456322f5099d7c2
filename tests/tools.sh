#!/usr/bin/env bash
# Installs the simulators, compilers and emulators that the tests run, on Debian and its relatives.
# Prints the one command and exits with 2 where it may not install. `tools.sh --list` prints the packages only.
set -euo pipefail

packages=(
    verilator make g++ gcc binutils iverilog ghdl yosys
    gcc-avr avr-libc binutils-avr simavr
    gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
    gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc
    cppcheck
    python3-venv
)

# What the tests look for, so that tools which came another way (built from source, say) count as well.
programs=(
    verilator make g++ gcc nm iverilog vvp ghdl yosys avr-gcc avr-size simavr
    arm-none-eabi-gcc qemu-system-arm riscv64-unknown-elf-gcc qemu-system-riscv32 cppcheck
)

if [ "${1:-}" = --list ]; then
    printf '%s\n' "${packages[@]}"
    exit 0
fi

missing=()
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null 2>&1 || missing+=("$program")
done
# A cross compiler without its C library is not enough.
includes() { echo "#include <$1>" | "${@:2}" -E -o /dev/null - 2>/dev/null; }
includes avr/io.h avr-gcc -mmcu=atmega328p || missing+=(avr-libc)
includes string.h arm-none-eabi-gcc || missing+=(libnewlib-arm-none-eabi)
includes string.h riscv64-unknown-elf-gcc --specs=picolibc.specs || missing+=(picolibc-riscv64-unknown-elf)
# Some Pythons come without the means to make a virtual environment.
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
[ ${#missing[@]} -eq 0 ] && exit 0

command="apt-get update && apt-get install -y --no-install-recommends ${packages[*]}"
echo "missing: ${missing[*]}"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "This machine has no apt-get. Install the tools of these Debian packages: ${packages[*]}"
    exit 2
fi
if [ "$(id -u)" = 0 ]; then
    as_root=()
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    echo "Run this once, then again what you were doing:"
    echo "    sudo sh -c '$command'"
    exit 2
fi
echo "installing: ${packages[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
