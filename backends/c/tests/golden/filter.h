/* filter
 *
 * Emitted by pyhw from filter.py:4.
 * State: 36 bytes. No heap, no recursion, every loop has a fixed bound. */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    /* inputs: set before filter_step */
    bool rst;         /* asynchronous, active high */
    int16_t x;        /* -2048 to 2047 */
    /* outputs: valid after filter_init and filter_step */
    int64_t y;        /* -549755813888 to 549755813887 */
    uint32_t acc[4];  /* 100 bits, in 4 limbs from the least significant up */
    /* registers */
    int16_t taps[4];  /* -2048 to 2047 */
    /* nets */
    int32_t product;  /* -8388608 to 8388607 */
} filter_t;

/* Puts every input and register at its initial value and settles the outputs. */
void filter_init(filter_t *self);

/* Takes the inputs and settles the outputs, without a clock edge. */
void filter_settle(filter_t *self);

/* One rising edge of clk: takes the inputs, updates registers, settles the outputs. */
void filter_step(filter_t *self);

#endif
