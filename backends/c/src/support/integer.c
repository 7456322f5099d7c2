/* 64 bits read as two's complement. */
static int64_t to_s64(uint64_t bits)
{
    return (bits <= (uint64_t)INT64_MAX) ? (int64_t)bits : (-(int64_t)(UINT64_MAX - bits) - 1);
}

/* value / 2^amount, rounded down. */
static int@B_t shift_right_s@B(int@B_t value, uint16_t amount)
{
    const uint16_t places = (uint16_t)((amount < @TOPU) ? amount : @TOPU);
    return (int@B_t)((value < 0) ? ~(~value >> places) : (value >> places));
}

/* a / b, rounded down; 0 for b = 0. */
static int@B_t floor_div_s@B(int@B_t a, int@B_t b)
{
    if (b == 0) {
        return 0;
    }
    return (int@B_t)((((a % b) != 0) && ((a < 0) != (b < 0))) ? ((a / b) - 1) : (a / b));
}

/* The remainder of a / b rounded down: it has the sign of b; 0 for b = 0. */
static int@B_t floor_mod_s@B(int@B_t a, int@B_t b)
{
    if (b == 0) {
        return 0;
    }
    return (int@B_t)((((a % b) != 0) && ((a < 0) != (b < 0))) ? ((a % b) + b) : (a % b));
}

/* The low 32 bits of base^exponent. */
static uint32_t power_u32(uint32_t base, uint16_t exponent)
{
    uint32_t result = 1U;
    uint32_t square = base;
    for (uint16_t rest = exponent; rest != 0U; rest = (uint16_t)(rest >> 1)) {
        if ((rest & 1U) != 0U) {
            result = (uint32_t)((uint64_t)result * square);
        }
        square = (uint32_t)((uint64_t)square * square);
    }
    return result;
}

/* The low 64 bits of base^exponent. */
static uint64_t power_u64(uint64_t base, uint16_t exponent)
{
    uint64_t result = 1U;
    uint64_t square = base;
    for (uint16_t rest = exponent; rest != 0U; rest = (uint16_t)(rest >> 1)) {
        if ((rest & 1U) != 0U) {
            result = result * square;
        }
        square = square * square;
    }
    return result;
}
