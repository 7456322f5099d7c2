#include "wide_adder.h"

uint32_t helper(uint32_t a, uint32_t b, uint32_t *carry)
{
    const uint64_t sum = (uint64_t)a + b + *carry;
    *carry = (uint32_t)(sum >> 32);
    return (uint32_t)sum;
}

void wide_adder_settle(wide_adder_t *self)
{
    uint32_t carry = 0U;
    for (uint8_t i = 0U; i < 5U; i++) {
        self->total[i] = helper(self->a[i], self->b[i], &carry);
    }
}
