/* decoder
 *
 * Emitted by pyhw from decoder.py:2.
 * State: 2 bytes. No heap, no recursion, no loops. */
#ifndef DECODER_H
#define DECODER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    /* inputs: set before decoder_settle */
    bool enable;
    uint8_t sel;  /* 0 to 7 */
    /* outputs: valid after decoder_init and decoder_settle */
    uint8_t lines;
    bool parity;
} decoder_t;

/* Puts every input at its initial value and settles the outputs. */
void decoder_init(decoder_t *self);

/* Takes the inputs and settles the outputs. */
void decoder_settle(decoder_t *self);

#endif
