#include <stdio.h>

#include "harness.h"

void harness_char(char character)
{
    (void)putchar(character);
}

int main(void)
{
    /* Whole lines, so that a design that crashes leaves its marks. */
    (void)setvbuf(stdout, NULL, _IOLBF, 4096U);
    harness_run_all();
    harness_char('\n');
    return 0;
}
