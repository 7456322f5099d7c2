#include "harness.h"

static const uint8_t *cursor;

void harness_open(const uint8_t *table)
{
    cursor = table;
}

uint8_t harness_byte(void)
{
    uint8_t byte = HARNESS_READ(cursor);
    cursor++;
    return byte;
}

uint32_t harness_u32(uint8_t bytes)
{
    uint32_t value = 0U;
    for (uint8_t i = 0U; i < bytes; i++) {
        value |= (uint32_t)harness_byte() << (8U * i);
    }
    return value;
}

uint64_t harness_u64(uint8_t bytes)
{
    uint32_t low = harness_u32(bytes < 4U ? bytes : 4U);
    uint32_t high = bytes > 4U ? harness_u32((uint8_t)(bytes - 4U)) : 0U;
    return ((uint64_t)high << 32) | low;
}

static void put_decimal(uint32_t value)
{
    char digits[10];
    uint8_t count = 0U;
    do {
        digits[count++] = (char)('0' + (char)(value % 10U));
        value /= 10U;
    } while (value != 0U);
    while (count != 0U) {
        harness_char(digits[--count]);
    }
}

void harness_mark(char mark, uint16_t design)
{
    harness_char('\n');
    harness_char('@');
    harness_char(mark);
    harness_char(' ');
    put_decimal(design);
    harness_char('\n');
}

void harness_row(uint16_t design, uint32_t step)
{
    harness_char('\n');
    harness_char('@');
    harness_char('T');
    harness_char(' ');
    put_decimal(design);
    harness_char(' ');
    put_decimal(step);
}

void harness_digits(uint64_t value, uint8_t count)
{
    while (count != 0U) {
        count--;
        /* Eight digits at a time: 64-bit shifts are slow on small machines. */
        uint32_t half = count >= 8U ? (uint32_t)(value >> 32) : (uint32_t)value;
        harness_char("0123456789abcdef"[(half >> (4U * (count & 7U))) & 15U]);
    }
}

void harness_value(uint64_t value)
{
    uint8_t count = 1U;
    uint32_t half = (uint32_t)(value >> 32);
    if (half != 0U) {
        count = 9U;
    } else {
        half = (uint32_t)value;
    }
    while ((half >> 4) != 0U) {
        half >>= 4;
        count++;
    }
    harness_char(' ');
    harness_digits(value, count);
}

void harness_fill(void *place, size_t size, uint8_t byte)
{
    volatile uint8_t *bytes = place;
    for (size_t i = 0U; i < size; i++) {
        bytes[i] = byte;
    }
}
