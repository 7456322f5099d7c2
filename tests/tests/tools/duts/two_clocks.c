#include "two_clocks.h"

uint8_t helper(uint8_t a, uint8_t b)
{
    return (uint8_t)(a + b);
}

void two_clocks_settle(two_clocks_t *self)
{
    if (!self->in.rst_n) {
        self->sum = 0U;
    }
    self->differ = self->sum != self->copy;
}

void two_clocks_init(two_clocks_t *self)
{
    self->sum = 7U;
    self->copy = 0x5AU;
    self->differ = self->sum != self->copy;
}

void two_clocks_step_clk_a(two_clocks_t *self)
{
    if (self->in.rst_n) {
        self->sum = helper(self->sum, self->in.step);
    }
    two_clocks_settle(self);
}

void two_clocks_step_clk_b(two_clocks_t *self)
{
    self->copy = self->sum;
    two_clocks_settle(self);
}
