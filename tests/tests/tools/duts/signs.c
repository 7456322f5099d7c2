#include "signs.h"

void signs_settle(signs_t *self)
{
    self->product = (int16_t)(self->a * self->b);
    self->less = self->a < self->b;
    self->half = (int8_t)((self->a - (self->a & 1)) / 2);
    self->wide[0] = (uint16_t)self->b;
    for (uint8_t i = 1U; i < 5U; i++) {
        self->wide[i] = (self->b < 0) ? 0xFFFFU : 0U;
    }
}
