/* Emitted by pyhw from decoder.py:2. */
#include "decoder.h"

/* decoder.py:6 */
static void decoder_decode(decoder_t *self)
{
    self->lines = 0U;
    if (self->enable) {
        self->lines = (uint8_t)(1U << self->sel);
    }
}

void decoder_settle(decoder_t *self)
{
    decoder_decode(self);
    self->parity = (((self->sel & 1U) != 0U) != ((self->sel & 2U) != 0U)) != ((self->sel & 4U) != 0U); /* decoder.py:12 */
}

void decoder_init(decoder_t *self)
{
    self->sel = 0U;
    self->enable = false;
    decoder_settle(self);
}
