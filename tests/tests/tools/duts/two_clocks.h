/* two_clocks: a sum on the rising edge of one clock, with asynchronous reset, sampled on the falling edge of another. */
#ifndef TWO_CLOCKS_H
#define TWO_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    struct {
        bool rst_n;
        uint8_t step; /* 0 to 15 */
    } in;
    uint8_t sum;
    uint8_t copy;
    bool differ;
} two_clocks_t;

/* The name is used by another design, too. */
uint8_t helper(uint8_t a, uint8_t b);

void two_clocks_init(two_clocks_t *self);
void two_clocks_settle(two_clocks_t *self);
void two_clocks_step_clk_a(two_clocks_t *self);
void two_clocks_step_clk_b(two_clocks_t *self);

#endif
