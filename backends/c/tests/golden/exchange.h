/* exchange
 *
 * Emitted by pyhw from exchange.py:3.
 * State: 5 bytes. No heap, no recursion, no loops. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    /* inputs: set before exchange_step */
    uint8_t step;
    /* outputs: valid after exchange_init and exchange_step */
    uint8_t a;
    uint8_t b;
    uint8_t c;
    uint8_t d;
    uint8_t e;
} exchange_t;

/* Puts every register at its initial value and settles the outputs. */
void exchange_init(exchange_t *self);

/* One rising edge of clk: takes the inputs, updates registers, settles the outputs. */
void exchange_step(exchange_t *self);

#endif
