/* RV32 on qemu's virt machine: start-up. */
#include "semihosting.h"

__asm__(".section .start, \"ax\"\n"
        ".globl harness_start\n"
        "harness_start:\n"
        "    la sp, harness_stack_top\n"
        "    la t0, harness_trap\n"
        "    .insn i 0x73, 1, x0, t0, 0x305\n" /* csrw mtvec, t0, which newer assemblers take with an extension only */
        "    call harness_main\n"
        "    .align 2\n"
        "harness_trap:\n"
        "    li a0, 3\n"
        "    la sp, harness_stack_top\n"
        "    call semihosting_stop\n");

/* The three instructions must stand on one page, uncompressed: the emulator looks for exactly these. */
__asm__(".text\n"
        ".globl semihosting_call\n"
        ".option push\n"
        ".option norvc\n"
        ".balign 16\n"
        "semihosting_call:\n"
        "    slli x0, x0, 0x1f\n"
        "    ebreak\n"
        "    srai x0, x0, 7\n"
        "    ret\n"
        ".option pop\n");

void harness_main(void);

void harness_main(void)
{
    harness_run_all();
    harness_char('\n');
    semihosting_stop(0U);
}
