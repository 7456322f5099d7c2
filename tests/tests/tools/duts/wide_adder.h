/* wide_adder: the exact sum of two 130-bit numbers, in 32-bit limbs, the lowest first. */
#ifndef WIDE_ADDER_H
#define WIDE_ADDER_H

#include <stdint.h>

typedef struct {
    uint32_t a[5];
    uint32_t b[5];
    uint32_t total[5];
} wide_adder_t;

/* The name is used by another design, too. */
uint32_t helper(uint32_t a, uint32_t b, uint32_t *carry);

void wide_adder_settle(wide_adder_t *self);

#endif
