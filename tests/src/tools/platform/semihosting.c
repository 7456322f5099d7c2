/* The trace over semihosting, a line at a time, and the end of the run. */
#include "semihosting.h"

static char row[256];
static uint32_t filled;

static void flush(void)
{
    row[filled] = '\0';
    (void)semihosting_call(4U, row); /* SYS_WRITE0 */
    filled = 0U;
}

void harness_char(char character)
{
    row[filled++] = character;
    if (character == '\n' || filled == sizeof row - 1U) {
        flush();
    }
}

void semihosting_stop(uint32_t code)
{
    const uint32_t reason[2] = {0x20026U, code}; /* ADP_Stopped_ApplicationExit */
    flush();
    (void)semihosting_call(0x20U, reason); /* SYS_EXIT_EXTENDED */
    for (;;) {
    }
}
