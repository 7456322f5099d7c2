/* RV32 on qemu's virt machine: start-up, the trace over the serial port, and the test device that ends the run. */
#include "harness.h"

__asm__(".section .start, \"ax\"\n"
        ".globl harness_start\n"
        "harness_start:\n"
        "    la sp, harness_stack_top\n"
        "    la t0, harness_trap\n"
        "    .insn i 0x73, 1, x0, t0, 0x305\n" /* csrw mtvec, t0, which newer assemblers take with an extension only */
        "    call harness_main\n"
        "    .align 2\n"
        "harness_trap:\n"
        "    li t0, 0x100000\n"
        "    li t1, 0x33333\n" /* failure, code 3 */
        "    sw t1, 0(t0)\n"
        "    j harness_trap\n");

void harness_main(void);

void harness_char(char character)
{
    *(volatile uint8_t *)0x10000000U = (uint8_t)character;
}

void harness_main(void)
{
    harness_run_all();
    harness_char('\n');
    *(volatile uint32_t *)0x100000U = 0x5555U; /* success */
    for (;;) {
    }
}
