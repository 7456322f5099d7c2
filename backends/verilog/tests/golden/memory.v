// memory: RAM, ROM and a list of signals.
//
// Emitted by pyhw from memory.py:5.
module memory (
    input  wire             clk,
    input  wire             rst,  // synchronous, active high
    input  wire             we,
    input  wire       [3:0] addr,
    input  wire       [7:0] din,
    input  wire       [1:0] sel,  // 0 to 2
    output reg        [7:0] dout,
    output reg        [7:0] async_out,
    output reg signed [7:0] sine,
    output reg        [7:0] square,
    output wire       [7:0] picked,
    output wire             low
);
    reg        [7:0] ram [0:15];
    reg signed [7:0] coefficients [0:3];  // never changes
    (* mem2reg *)
    reg        [7:0] taps [0:2];
    wire       [7:0] ram_word = ram[addr];
    /* verilator lint_off UNUSED */
    reg [3:0] window [0:3];
    /* verilator lint_on UNUSED */

    initial dout   = 8'd0;
    initial sine   = 8'sd0;
    initial square = 8'd0;

    initial begin : ram_init
        integer i;

        for (i = 0; i < 16; i = i + 1) begin
            ram[i] = 8'd0;
        end
    end

    initial begin : coefficients_init
        coefficients[0] = -8'sd1;
        coefficients[1] = 8'sd2;
        coefficients[2] = 8'sd3;
        coefficients[3] = -8'sd4;
    end

    initial begin : taps_init
        taps[0] = 8'd1;
        taps[1] = 8'd2;
        taps[2] = 8'd3;
    end

    initial begin : window_init
        integer i;

        for (i = 0; i < 4; i = i + 1) begin
            window[i] = 4'd0;
        end
    end

    // A table of 16 words.
    function [7:0] rom;
        input [3:0] index;
        case (index)
            4'd0:  rom = 8'd0;
            4'd1:  rom = 8'd49;
            4'd2:  rom = 8'd90;
            4'd3:  rom = 8'd117;
            4'd4:  rom = 8'd127;
            4'd5:  rom = 8'd117;
            4'd6:  rom = 8'd90;
            4'd7:  rom = 8'd49;
            4'd8:  rom = 8'd0;
            4'd9:  rom = 8'd207;
            4'd10: rom = 8'd166;
            4'd11: rom = 8'd139;
            4'd12: rom = 8'd129;
            4'd13: rom = 8'd139;
            4'd14: rom = 8'd166;
            4'd15: rom = 8'd207;
        endcase
    endfunction

    // memory.py:12
    always @(posedge clk) begin : write
        if (we) begin
            ram[addr] <= din;
        end
        dout <= ram[addr];
    end

    // memory.py:17
    always @* begin : read
        if (we) begin
            async_out = 8'd0;
        end else begin
            async_out = ram_word;
        end
    end

    // memory.py:23
    always @(posedge clk) begin : table_1
        sine   <= rom(addr);
        square <= coefficients[addr[1:0]] * din;
    end

    // memory.py:27
    always @(posedge clk) begin : shift
        integer i;
        integer i_1;

        if (rst) begin
            taps[0] <= 8'd1;
            taps[1] <= 8'd2;
            taps[2] <= 8'd3;
            for (i_1 = 0; i_1 < 4; i_1 = i_1 + 1) begin
                window[i_1] <= 4'd0;
            end
        end else begin
            taps[0] <= din;
            for (i = 1; i < 3; i = i + 1) begin
                taps[i] <= taps[i - 1];
            end
            window[addr[1:0]] <= din[3:0];
        end
    end

    // memory.py:33
    assign picked = taps[sel];
    assign low    = window[3][0];
endmodule
