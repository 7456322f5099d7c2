/* uart_tx: serial transmitter, 8 data bits, no parity, one stop bit, three clocks for each. */
#ifndef UART_TX_H
#define UART_TX_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { UART_TX_STATE_IDLE, UART_TX_STATE_DATA, UART_TX_STATE_STOP } uart_tx_state_t;

typedef struct {
    /* inputs: set before uart_tx_step */
    bool rst;
    bool start;
    uint8_t data;
    /* outputs: valid after uart_tx_init and uart_tx_step */
    bool tx;
    bool busy;
    /* registers */
    uint8_t state;    /* uart_tx_state_t */
    uint8_t index;    /* 0 to 7 */
    uint8_t shift;
    uint8_t tick;     /* 0 to 2 */
} uart_tx_t;

void uart_tx_init(uart_tx_t *self);
void uart_tx_step(uart_tx_t *self);

#endif
