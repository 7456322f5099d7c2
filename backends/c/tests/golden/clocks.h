/* clocks
 *
 * Emitted by pyhw from clocks.py:2.
 * State: 3 bytes. No heap, no recursion, no loops. */
#ifndef CLOCKS_H
#define CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    /* outputs: valid after clocks_init and a step */
    uint8_t a;
    uint8_t b;
    uint8_t c;
} clocks_t;

/* Puts every register at its initial value and settles the outputs. */
void clocks_init(clocks_t *self);

/* One rising edge of fast: takes the inputs, updates registers, settles the outputs. */
void clocks_step_fast_rising(clocks_t *self);

/* One falling edge of fast: takes the inputs, updates registers, settles the outputs. */
void clocks_step_fast_falling(clocks_t *self);

/* One rising edge of slow: takes the inputs, updates registers, settles the outputs. */
void clocks_step_slow(clocks_t *self);

#endif
