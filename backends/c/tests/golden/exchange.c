/* Emitted by pyhw from exchange.py:3. */
#include "exchange.h"

void exchange_init(exchange_t *self)
{
    self->step = 1U;
    self->a = 1U;
    self->b = 2U;
    self->c = 3U;
    self->d = 4U;
    self->e = 5U;
}

/* exchange.py:8 */
static void exchange_forth(exchange_t *self)
{
    self->a = self->b;
}

/* exchange.py:12 */
static void exchange_back(exchange_t *self, uint8_t old_a)
{
    self->b = old_a;
}

/* exchange.py:16 */
static void exchange_swap(exchange_t *self)
{
    const uint8_t old_c = self->c;
    self->c = self->d;
    self->d = old_c;
}

/* exchange.py:21 */
static void exchange_sum(exchange_t *self)
{
    const uint8_t old_e = self->e;
    self->e = (uint8_t)(self->e + self->step);
    if (old_e > 200U) {
        self->e = (uint8_t)(old_e + old_e);
    }
}

void exchange_step(exchange_t *self)
{
    const uint8_t old_a = self->a;
    exchange_swap(self);
    exchange_sum(self);
    exchange_forth(self);
    exchange_back(self, old_a);
}
