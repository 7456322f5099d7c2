/* What a driver of one design sees of the machine that it runs on. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __AVR__
#include <avr/pgmspace.h>
#define HARNESS_FLASH PROGMEM
#define HARNESS_READ(place) pgm_read_byte(place)
#else
#define HARNESS_FLASH
#define HARNESS_READ(place) (*(place))
#endif

/* The platform: writes one character, and runs every design of the image. */
void harness_char(char character);
void harness_run_all(void);

/* The stimulus table is read byte by byte, the least significant byte of a value first. */
void harness_open(const uint8_t *table);
uint8_t harness_byte(void);
uint32_t harness_u32(uint8_t bytes);
uint64_t harness_u64(uint8_t bytes);

/* Lines of the trace. */
void harness_mark(char mark, uint16_t design);
void harness_row(uint16_t design, uint32_t step);
void harness_value(uint64_t value);
void harness_digits(uint64_t value, uint8_t count);
void harness_fill(void *place, size_t size, uint8_t byte);

#endif
