/* ATmega328P or ATmega1284P: the trace goes out over the first serial port, at its highest speed. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

#include "harness.h"

static uint8_t column;

static void put(char character)
{
    while ((UCSR0A & _BV(UDRE0)) == 0U) {
    }
    UDR0 = (uint8_t)character;
}

void harness_char(char character)
{
    if (character == '\n') {
        /* simavr shows the end of a line as a dot, too: it must not touch the last value. */
        put(' ');
        column = 0U;
    } else if (column == 200U) {
        /* Its lines hold 256 characters. */
        put('\\');
        put('\n');
        put('@');
        put('+');
        column = 1U;
    } else {
        column++;
    }
    put(character);
}

int main(void)
{
    UBRR0 = 0U;
    UCSR0A = _BV(U2X0);
    UCSR0B = _BV(TXEN0);
    harness_run_all();
    harness_char('\n');
    harness_char('\n');
    while ((UCSR0A & _BV(UDRE0)) == 0U) {
    }
    /* Sleeping without interrupts ends the emulation. */
    cli();
    sleep_enable();
    sleep_cpu();
    return 0;
}
