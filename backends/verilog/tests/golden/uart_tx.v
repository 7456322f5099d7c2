// uart_tx: serial transmitter, 8 data bits, no parity, one stop bit.
//
// Emitted by pyhw from uart.py:15. Parameters: divisor = 868.
module uart_tx (
    input  wire       clk,
    input  wire       rst,  // synchronous, active high
    input  wire [7:0] data,
    input  wire       start,
    output reg        tx,
    output wire       busy
);
    localparam [1:0] STATE_IDLE = 2'd0;
    localparam [1:0] STATE_DATA = 2'd1;
    localparam [1:0] STATE_STOP = 2'd2;

    reg [1:0] state = STATE_IDLE;
    reg [9:0] tick  = 10'd0;  // 0 to 867
    reg [2:0] index = 3'd0;
    reg [7:0] shift = 8'd0;

    initial tx = 1'b1;

    // uart.py:23
    always @(posedge clk) begin : send
        if (rst) begin
            state <= STATE_IDLE;
            tick  <= 10'd0;
            index <= 3'd0;
            shift <= 8'd0;
            tx    <= 1'b1;
        end else if (state == STATE_IDLE) begin
            if (start) begin
                shift <= data;
                tx    <= 1'b0;  // start bit
                tick  <= 10'd0;
                index <= 3'd0;
                state <= STATE_DATA;
            end
        end else if (tick != 10'd867) begin
            tick <= tick + 10'd1;
        end else begin
            tick <= 10'd0;
            case (state)
                STATE_DATA: begin
                    tx    <= shift[0];
                    shift <= shift >> 1;
                    if (index == 3'd7) begin
                        state <= STATE_STOP;
                    end else begin
                        index <= index + 3'd1;
                    end
                end
                default: begin
                    tx    <= 1'b1;
                    state <= STATE_IDLE;
                end
            endcase
        end
    end

    // uart.py:48
    assign busy = state != STATE_IDLE;
endmodule
