/* Emitted by pyhw from fifo.py:5. */
#include "fifo.h"

static void fifo_settle(fifo_t *self)
{
    self->full = self->count == 16U; /* fifo.py:30 */
    self->empty = self->count == 0U; /* fifo.py:34 */
}

void fifo_init(fifo_t *self)
{
    self->we = false;
    self->re = false;
    self->din = 0U;
    for (uint8_t i = 0U; i < 16U; i++) {
        self->mem[i] = 0U;
    }
    self->wp = 0U;
    self->rp = 0U;
    self->count = 0U;
    self->dout = 0U;
    fifo_settle(self);
}

/* fifo.py:14 */
static void fifo_run(fifo_t *self)
{
    bool mem_stored = false;
    uint8_t mem_index = 0U;
    uint8_t mem_value = 0U;
    const uint8_t old_count = self->count;
    if (self->we) {
        mem_stored = true;
        mem_index = self->wp;
        mem_value = self->din;
        self->wp = (uint8_t)((self->wp + 1U) & 0xFU);
        self->count = (uint8_t)((self->count + 1U) & 0x1FU);
    }
    if (self->re) {
        self->dout = self->mem[self->rp];
        self->rp = (uint8_t)((self->rp + 1U) & 0xFU);
        self->count = (uint8_t)((old_count - 1U) & 0x1FU);
    }
    if (mem_stored) {
        self->mem[mem_index] = mem_value;
    }
}

void fifo_step(fifo_t *self)
{
    fifo_run(self);
    fifo_settle(self);
}
