/* Emitted by pyhw from clocks.py:2. */
#include "clocks.h"

void clocks_init(clocks_t *self)
{
    self->a = 0U;
    self->b = 0U;
    self->c = 0U;
}

/* clocks.py:5 */
static void clocks_rise(clocks_t *self)
{
    self->a = (uint8_t)(self->a + 1U);
}

/* clocks.py:9 */
static void clocks_fall(clocks_t *self)
{
    self->b = (uint8_t)((self->b + 1U) ^ self->a);
}

/* clocks.py:13 */
static void clocks_other(clocks_t *self)
{
    self->c = (uint8_t)((self->c + 1U) ^ self->a);
}

void clocks_step_fast_rising(clocks_t *self)
{
    clocks_rise(self);
}

void clocks_step_fast_falling(clocks_t *self)
{
    clocks_fall(self);
}

void clocks_step_slow(clocks_t *self)
{
    clocks_other(self);
}
