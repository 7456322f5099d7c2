/* signs: products, comparisons and shifts of signed numbers; a 70-bit port. */
#ifndef SIGNS_H
#define SIGNS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int8_t a;         /* -64 to 63 */
    int16_t b;        /* -256 to 255 */
    int16_t product;
    bool less;
    int8_t half;
    uint16_t wide[5]; /* limbs, the lowest first; sign-extended */
} signs_t;

void signs_settle(signs_t *self);

#endif
