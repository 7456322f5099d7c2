/* Emitted by pyhw from filter.py:4. */
#include "filter.h"

static void wide_zero(uint32_t *out, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = 0U;
    }
}

static void wide_from_s64(uint32_t *out, int64_t value, uint8_t n)
{
    const uint64_t bits = (uint64_t)value;
    for (uint8_t i = 0U; i < n; i++) {
        if (i == 0U) {
            out[i] = (uint32_t)(bits & 0xFFFFFFFFU);
        } else if (i == 1U) {
            out[i] = (uint32_t)(bits >> 32);
        } else {
            out[i] = (value < 0) ? 0xFFFFFFFFU : 0U;
        }
    }
}

/* Modulo 2^(32 n); out may be a or b. */
static void wide_add(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint64_t carry = 0U;
    for (uint8_t i = 0U; i < n; i++) {
        carry = (carry + a[i]) + b[i];
        out[i] = (uint32_t)(carry & 0xFFFFFFFFU);
        carry = carry >> 32;
    }
}

/* Modulo 2^(32 n); out is not a. */
static void wide_shl(uint32_t *out, const uint32_t *a, uint16_t amount, uint8_t n)
{
    const uint16_t limbs = (uint16_t)(amount / 32U);
    const uint16_t bits = (uint16_t)(amount % 32U);
    for (uint8_t i = 0U; i < n; i++) {
        uint64_t word = 0U;
        if (i >= limbs) {
            word = (uint64_t)a[i - limbs] << bits;
        }
        if (i > limbs) {
            word = word | (((uint64_t)a[(i - limbs) - 1] << bits) >> 32);
        }
        out[i] = (uint32_t)(word & 0xFFFFFFFFU);
    }
}

static const int8_t filter_table[4] = {
    3, -7, 11, 5,
};

static void filter_reset(filter_t *self)
{
    self->y = 0;
    wide_zero(self->acc, 4U);
}

void filter_settle(filter_t *self)
{
    self->product = (int32_t)((int32_t)self->x * self->x); /* filter.py:12 */
    if (self->rst) {
        filter_reset(self);
    }
}

void filter_init(filter_t *self)
{
    self->rst = false;
    self->x = 0;
    filter_reset(self);
    for (uint8_t i = 0U; i < 4U; i++) {
        self->taps[i] = 0;
    }
    filter_settle(self);
}

/* filter.py:17 */
static void filter_shift(filter_t *self)
{
    int16_t old_taps[4];
    for (uint8_t i = 0U; i < 4U; i++) {
        old_taps[i] = self->taps[i];
    }
    self->taps[0] = self->x;
    for (uint8_t i = 1U; i < 4U; i++) {
        self->taps[i] = old_taps[i - 1U];
    }
}

/* filter.py:23 */
static void filter_sum(filter_t *self)
{
    if (self->rst) {
        filter_reset(self);
    } else {
        int64_t total = self->product;
        for (uint8_t j = 0U; j < 4U; j++) {
            total = (int64_t)(((uint64_t)(total + (filter_table[j] * self->taps[j])) & 0xFFFFFFFFFFU) ^ 0x8000000000U) - 549755813888;
        }
        self->y = total;
        uint32_t t[4];
        wide_from_s64(t, total, 4U);
        uint32_t t_1[4];
        wide_shl(t_1, t, 60U, 4U);
        uint32_t t_2[4];
        wide_add(t_2, self->acc, t_1, 4U);
        uint32_t t_3[4];
        wide_from_s64(t_3, total, 4U);
        wide_add(self->acc, t_2, t_3, 4U);
        self->acc[3] = self->acc[3] & 0xFU;
    }
}

void filter_step(filter_t *self)
{
    filter_settle(self);
    filter_sum(self);
    filter_shift(self);
    filter_settle(self);
}
