/* Cortex-M0: start-up, and the trace over semihosting. */
#include "harness.h"

extern uint32_t harness_stack_top[], harness_data[], harness_data_end[], harness_data_load[];
extern uint32_t harness_bss[], harness_bss_end[];

void harness_start(void);
static void harness_stop(uint32_t code);

static char row[256];
static uint32_t filled;

static uint32_t semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void flush(void)
{
    row[filled] = '\0';
    (void)semihost(4U, row); /* SYS_WRITE0 */
    filled = 0U;
}

void harness_char(char character)
{
    row[filled++] = character;
    if (character == '\n' || filled == sizeof row - 1U) {
        flush();
    }
}

static void harness_stop(uint32_t code)
{
    const uint32_t reason[2] = {0x20026U, code}; /* ADP_Stopped_ApplicationExit */
    flush();
    (void)semihost(0x20U, reason); /* SYS_EXIT_EXTENDED */
    for (;;) {
    }
}

static void fault(void)
{
    harness_stop(3U);
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
    harness_stop(0U);
}

typedef void (*vector)(void);
__attribute__((section(".vectors"), used)) static const vector vectors[] = {
    (vector)(uintptr_t)harness_stack_top, harness_start, fault, fault,
};
