/* Cortex-M0: start-up. */
#include "semihosting.h"

extern uint32_t harness_stack_top[], harness_data[], harness_data_end[], harness_data_load[];
extern uint32_t harness_bss[], harness_bss_end[];

void harness_start(void);

uint32_t semihosting_call(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void fault(void)
{
    semihosting_stop(3U);
}

void harness_start(void)
{
    const uint32_t *from = harness_data_load;
    for (uint32_t *to = harness_data; to < harness_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = harness_bss; to < harness_bss_end; to++) {
        *to = 0U;
    }
    harness_run_all();
    harness_char('\n');
    semihosting_stop(0U);
}

typedef void (*vector)(void);
__attribute__((section(".vectors"), used)) static const vector vectors[] = {
    (vector)(uintptr_t)harness_stack_top, harness_start, fault, fault,
};
