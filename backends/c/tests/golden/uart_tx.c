/* Emitted by pyhw from uart.py:15. */
#include "uart_tx.h"

static void uart_tx_settle(uart_tx_t *self)
{
    self->busy = self->state != (uint8_t)UART_TX_STATE_IDLE; /* uart.py:48 */
}

static void uart_tx_reset(uart_tx_t *self)
{
    self->state = (uint8_t)UART_TX_STATE_IDLE;
    self->tick = 0U;
    self->index = 0U;
    self->shift = 0U;
    self->tx = true;
}

void uart_tx_init(uart_tx_t *self)
{
    self->rst = false;
    self->data = 0U;
    self->start = false;
    uart_tx_reset(self);
    uart_tx_settle(self);
}

/* uart.py:23 */
static void uart_tx_send(uart_tx_t *self)
{
    if (self->rst) {
        uart_tx_reset(self);
    } else if (self->state == (uint8_t)UART_TX_STATE_IDLE) {
        if (self->start) {
            self->shift = self->data;
            self->tx = false; /* start bit */
            self->tick = 0U;
            self->index = 0U;
            self->state = (uint8_t)UART_TX_STATE_DATA;
        }
    } else if (self->tick != 867U) {
        self->tick = (uint16_t)(self->tick + 1U);
    } else {
        self->tick = 0U;
        switch (self->state) {
        case UART_TX_STATE_DATA:
            self->tx = (self->shift & 1U) != 0U;
            self->shift = (uint8_t)(self->shift >> 1);
            if (self->index == 7U) {
                self->state = (uint8_t)UART_TX_STATE_STOP;
            } else {
                self->index = (uint8_t)(self->index + 1U);
            }
            break;
        default:
            self->tx = true;
            self->state = (uint8_t)UART_TX_STATE_IDLE;
            break;
        }
    }
}

void uart_tx_step(uart_tx_t *self)
{
    uart_tx_send(self);
    uart_tx_settle(self);
}
