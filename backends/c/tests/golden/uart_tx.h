/* uart_tx: serial transmitter, 8 data bits, no parity, one stop bit.
 *
 * Emitted by pyhw from uart.py:15. Parameters: divisor = 868.
 * State: 7 bytes. No heap, no recursion, no loops. */
#ifndef UART_TX_H
#define UART_TX_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { UART_TX_STATE_IDLE, UART_TX_STATE_DATA, UART_TX_STATE_STOP } uart_tx_state_t;

typedef struct {
    /* inputs: set before uart_tx_step */
    bool rst;       /* synchronous, active high */
    bool start;
    uint8_t data;
    /* outputs: valid after uart_tx_init and uart_tx_step */
    bool tx;
    bool busy;
    /* registers */
    uint8_t state;  /* uart_tx_state_t */
    uint8_t index;  /* 0 to 7 */
    uint8_t shift;
    uint16_t tick;  /* 0 to 867 */
} uart_tx_t;

/* Puts every register at its initial value and settles the outputs. */
void uart_tx_init(uart_tx_t *self);

/* One rising edge of clk: takes the inputs, updates registers, settles the outputs. */
void uart_tx_step(uart_tx_t *self);

#endif
