/* Wide integers are n limbs of 32 bits, the least significant first. */
static void wide_copy(uint32_t *out, const uint32_t *a, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i];
    }
}

static void wide_zero(uint32_t *out, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = 0U;
    }
}

static void wide_from_u64(uint32_t *out, uint64_t value, uint8_t n)
{
    uint64_t rest = value;
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (uint32_t)(rest & 0xFFFFFFFFU);
        rest = rest >> 32;
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

/* The m limbs of a with zeros above, m <= n. */
static void wide_extend_u(uint32_t *out, const uint32_t *a, uint8_t m, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (i < m) ? a[i] : 0U;
    }
}

/* The m limbs of a with their sign above, m <= n. */
static void wide_extend_s(uint32_t *out, const uint32_t *a, uint8_t m, uint8_t n)
{
    const uint32_t sign = ((a[m - 1U] >> 31) != 0U) ? 0xFFFFFFFFU : 0U;
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (i < m) ? a[i] : sign;
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

/* Modulo 2^(32 n); out may be a or b. */
static void wide_sub(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint64_t carry = 1U;
    for (uint8_t i = 0U; i < n; i++) {
        carry = (carry + a[i]) + (0xFFFFFFFFU - b[i]);
        out[i] = (uint32_t)(carry & 0xFFFFFFFFU);
        carry = carry >> 32;
    }
}

/* Modulo 2^(32 n); out may be a. */
static void wide_neg(uint32_t *out, const uint32_t *a, uint8_t n)
{
    uint64_t carry = 1U;
    for (uint8_t i = 0U; i < n; i++) {
        carry = carry + (0xFFFFFFFFU - a[i]);
        out[i] = (uint32_t)(carry & 0xFFFFFFFFU);
        carry = carry >> 32;
    }
}

static void wide_not(uint32_t *out, const uint32_t *a, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = (uint32_t)(0xFFFFFFFFU - a[i]);
    }
}

static void wide_and(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i] & b[i];
    }
}

static void wide_or(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i] | b[i];
    }
}

static void wide_xor(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = a[i] ^ b[i];
    }
}

/* Modulo 2^(32 n); out is neither a nor b. */
static void wide_mul(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    for (uint8_t i = 0U; i < n; i++) {
        out[i] = 0U;
    }
    for (uint8_t i = 0U; i < n; i++) {
        uint64_t carry = 0U;
        for (uint8_t j = 0U; j < (uint8_t)(n - i); j++) {
            carry = carry + out[i + j] + ((uint64_t)a[i] * b[j]);
            out[i + j] = (uint32_t)(carry & 0xFFFFFFFFU);
            carry = carry >> 32;
        }
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

/* n limbs of a, which has m, shifted right; out is not a. */
static void wide_shr_u(uint32_t *out, const uint32_t *a, uint8_t m, uint16_t amount, uint8_t n)
{
    const uint16_t limbs = (uint16_t)(amount / 32U);
    const uint16_t bits = (uint16_t)(amount % 32U);
    for (uint8_t i = 0U; i < n; i++) {
        const uint16_t at = (uint16_t)(i + limbs);
        uint64_t word = (at < m) ? a[at] : 0U;
        if (at + 1U < m) {
            word = word | ((uint64_t)a[at + 1U] << 32);
        }
        out[i] = (uint32_t)((word >> bits) & 0xFFFFFFFFU);
    }
}

/* n limbs of a, which has m and a sign above them, shifted right; out is not a. */
static void wide_shr_s(uint32_t *out, const uint32_t *a, uint8_t m, uint16_t amount, uint8_t n)
{
    const uint32_t sign = ((a[m - 1U] >> 31) != 0U) ? 0xFFFFFFFFU : 0U;
    const uint16_t limbs = (uint16_t)(amount / 32U);
    const uint16_t bits = (uint16_t)(amount % 32U);
    for (uint8_t i = 0U; i < n; i++) {
        const uint16_t at = (uint16_t)(i + limbs);
        uint64_t word = (at < m) ? a[at] : sign;
        word = word | ((uint64_t)((at + 1U < m) ? a[at + 1U] : sign) << 32);
        out[i] = (uint32_t)((word >> bits) & 0xFFFFFFFFU);
    }
}

static bool wide_equal(const uint32_t *a, const uint32_t *b, uint8_t n)
{
    bool equal = true;
    for (uint8_t i = 0U; i < n; i++) {
        equal = equal && (a[i] == b[i]);
    }
    return equal;
}

static bool wide_less_u(const uint32_t *a, const uint32_t *b, uint8_t n)
{
    bool less = false;
    for (uint8_t i = 0U; i < n; i++) {
        less = (a[i] == b[i]) ? less : (a[i] < b[i]);
    }
    return less;
}

static bool wide_less_s(const uint32_t *a, const uint32_t *b, uint8_t n)
{
    const bool a_negative = (a[n - 1U] >> 31) != 0U;
    const bool b_negative = (b[n - 1U] >> 31) != 0U;
    return (a_negative == b_negative) ? wide_less_u(a, b, n) : a_negative;
}

static bool wide_bit_u(const uint32_t *a, uint8_t n, uint16_t index)
{
    const uint16_t limb = (uint16_t)(index / 32U);
    return (limb < n) && (((a[limb] >> (index % 32U)) & 1U) != 0U);
}

static bool wide_bit_s(const uint32_t *a, uint8_t n, uint16_t index)
{
    const uint16_t limb = (uint16_t)(index / 32U);
    return (limb < n) ? (((a[limb] >> (index % 32U)) & 1U) != 0U) : ((a[n - 1U] >> 31) != 0U);
}

/* The low 64 bits of two limbs or more. */
static uint64_t wide_to_u64(const uint32_t *a)
{
    return ((uint64_t)a[1] << 32) | a[0];
}

/* A shift amount or exponent; what is too long for 16 bits becomes 65534, or 65535 if it is odd. */
static uint16_t wide_amount_u(const uint32_t *a, uint8_t n)
{
    bool fits = a[0] <= 65535U;
    for (uint8_t i = 1U; i < n; i++) {
        fits = fits && (a[i] == 0U);
    }
    return (uint16_t)(fits ? a[0] : (65534U + (a[0] & 1U)));
}

/* As wide_amount_u; 0 for negative values. */
static uint16_t wide_amount_s(const uint32_t *a, uint8_t n)
{
    return (uint16_t)(((a[n - 1U] >> 31) != 0U) ? 0U : wide_amount_u(a, n));
}

/* 64 bits of a, which has m limbs, from bit low up. */
static uint64_t wide_bits_u(const uint32_t *a, uint8_t m, uint16_t low)
{
    uint32_t bits[2];
    wide_shr_u(bits, a, m, low, 2U);
    return wide_to_u64(bits);
}

/* 64 bits of a, which has m limbs and a sign above them, from bit low up. */
static uint64_t wide_bits_s(const uint32_t *a, uint8_t m, uint16_t low)
{
    uint32_t bits[2];
    wide_shr_s(bits, a, m, low, 2U);
    return wide_to_u64(bits);
}

static void wide_set_bit(uint32_t *out, uint16_t index, bool value)
{
    const uint32_t bit = (uint32_t)((uint64_t)1U << (index % 32U));
    const uint32_t others = out[index / 32U] & (0xFFFFFFFFU - bit);
    out[index / 32U] = (uint32_t)(others | (value ? bit : 0U));
}

/* The low bits of a take the place of as many bits of out from bit low up. */
static void wide_insert(uint32_t *out, uint16_t low, const uint32_t *a, uint16_t width)
{
    for (uint16_t i = 0U; i < width; i++) {
        wide_set_bit(out, (uint16_t)(low + i), ((a[i / 32U] >> (i % 32U)) & 1U) != 0U);
    }
}

/* The low bits of a value take the place of as many bits of out from bit low up. */
static void wide_insert_u64(uint32_t *out, uint16_t low, uint64_t value, uint16_t width)
{
    for (uint16_t i = 0U; i < width; i++) {
        wide_set_bit(out, (uint16_t)(low + i), ((value >> i) & 1U) != 0U);
    }
}

/* Of values that are not negative as two's complement; the outputs are none of the operands. */
static void wide_divide(uint32_t *quotient, uint32_t *rest, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    wide_zero(quotient, n);
    wide_zero(rest, n);
    for (uint16_t i = (uint16_t)(n * 32U); i != 0U; i--) {
        const uint16_t at = (uint16_t)(i - 1U);
        uint32_t carry = (a[at / 32U] >> (at % 32U)) & 1U;
        for (uint8_t j = 0U; j < n; j++) {
            const uint64_t word = ((uint64_t)rest[j] << 1) | carry;
            rest[j] = (uint32_t)(word & 0xFFFFFFFFU);
            carry = (uint32_t)(word >> 32);
        }
        if (!wide_less_u(rest, b, n)) {
            wide_sub(rest, rest, b, n);
            quotient[at / 32U] = (uint32_t)(quotient[at / 32U] | ((uint64_t)1U << (at % 32U)));
        }
    }
}

/* a / b, rounded down; out is neither a nor b. */
static void wide_floor_div(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint32_t x[@MAX];
    uint32_t y[@MAX];
    uint32_t rest[@MAX];
    const bool a_negative = (a[n - 1U] >> 31) != 0U;
    const bool b_negative = (b[n - 1U] >> 31) != 0U;
    bool exact = true;
    wide_copy(x, a, n);
    wide_copy(y, b, n);
    if (a_negative) {
        wide_neg(x, x, n);
    }
    if (b_negative) {
        wide_neg(y, y, n);
    }
    wide_divide(out, rest, x, y, n);
    for (uint8_t i = 0U; i < n; i++) {
        exact = exact && (rest[i] == 0U);
    }
    if (a_negative != b_negative) {
        if (exact) {
            wide_neg(out, out, n);
        } else {
            wide_not(out, out, n);
        }
    }
}

/* The remainder of a / b rounded down: it has the sign of b; out is neither a nor b. */
static void wide_floor_mod(uint32_t *out, const uint32_t *a, const uint32_t *b, uint8_t n)
{
    uint32_t x[@MAX];
    uint32_t y[@MAX];
    uint32_t quotient[@MAX];
    const bool a_negative = (a[n - 1U] >> 31) != 0U;
    const bool b_negative = (b[n - 1U] >> 31) != 0U;
    bool exact = true;
    wide_copy(x, a, n);
    wide_copy(y, b, n);
    if (a_negative) {
        wide_neg(x, x, n);
    }
    if (b_negative) {
        wide_neg(y, y, n);
    }
    wide_divide(quotient, out, x, y, n);
    for (uint8_t i = 0U; i < n; i++) {
        exact = exact && (out[i] == 0U);
    }
    if (a_negative) {
        wide_neg(out, out, n);
    }
    if (!exact && (a_negative != b_negative)) {
        wide_add(out, out, b, n);
    }
}

/* The low bits of base^exponent; out is not base. */
static void wide_power(uint32_t *out, const uint32_t *base, uint16_t exponent, uint8_t n)
{
    uint32_t square[@MAX];
    uint32_t product[@MAX];
    wide_copy(square, base, n);
    wide_zero(out, n);
    out[0] = 1U;
    for (uint16_t rest = exponent; rest != 0U; rest = (uint16_t)(rest >> 1)) {
        if ((rest & 1U) != 0U) {
            wide_mul(product, out, square, n);
            wide_copy(out, product, n);
        }
        wide_mul(product, square, square, n);
        wide_copy(square, product, n);
    }
}
