/* fifo
 *
 * Emitted by pyhw from fifo.py:5.
 * State: 22 bytes. No heap, no recursion, every loop has a fixed bound. */
#ifndef FIFO_H
#define FIFO_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    /* inputs: set before fifo_step */
    bool we;
    bool re;
    uint8_t din;
    /* outputs: valid after fifo_init and fifo_step */
    uint8_t dout;
    bool full;
    bool empty;
    /* registers */
    uint8_t mem[16];
    uint8_t wp;     /* 0 to 15 */
    uint8_t rp;     /* 0 to 15 */
    uint8_t count;  /* 0 to 16 */
} fifo_t;

/* Puts every register at its initial value and settles the outputs. */
void fifo_init(fifo_t *self);

/* One rising edge of clk: takes the inputs, updates registers, settles the outputs. */
void fifo_step(fifo_t *self);

#endif
