/* Calls of the host through the emulator. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include "harness.h"

/* The processor's part: an operation's number and its argument. */
uint32_t semihosting_call(uint32_t operation, const void *argument);

/* Ends the run; 0 is success. */
void semihosting_stop(uint32_t code);

#endif
