// counters: Counters of each kind.
//
// They count up, down and around.
//
// Emitted by pyhw from counters.py:5. Parameters: step = 3, name = 'a * / b'.
module counters (
    input  wire               clk,
    input  wire               rst_n,      // asynchronous, active low
    input  wire               enable,     // counts while high
    input  wire        [7:0]  a,
    input  wire        [7:0]  b,
    input  wire signed [7:0]  c,
    input  wire signed [7:0]  d,
    output reg         [3:0]  decade,     // 0 to 9
    output reg signed  [3:0]  down,       // -5 to 6
    output wire        [7:0]  average,
    output wire        [8:0]  sum,
    output wire signed [8:0]  difference,
    output wire signed [8:0]  signed_sum,
    output wire        [15:0] product,
    output wire signed [7:0]  scaled,
    output wire        [3:0]  remainder,  // 0 to 9
    output wire signed [8:0]  quotient,
    output wire signed [7:0]  clamped,
    output reg         [7:0]  total,
    output reg                parity,
    output wire        [3:0]  nibble
);
    initial decade = 4'd0;
    initial down   = 4'sd6;
    initial total  = 8'd0;
    initial parity = 1'b0;

    // The value wrapped into 0 to 9.
    function [3:0] wrap_0_to_9;
        input [3:0] value;
        if (value > 4'd9) begin
            wrap_0_to_9 = value - 4'd10;
        end else begin
            wrap_0_to_9 = value;
        end
    endfunction

    // Bits 8 to 1 of 9.
    function [7:0] bits_8_1_of_9;
        input [8:0] value;
        reg unused;
        {bits_8_1_of_9, unused} = value;
    endfunction

    // Bits 14 to 7 of 15.
    function [7:0] bits_14_7_of_15;
        input [14:0] value;
        reg [6:0] unused;
        {bits_14_7_of_15, unused} = value;
    endfunction

    // Bits 3 to 0 of 8.
    function [3:0] bits_3_0_of_8;
        input [7:0] value;
        reg [3:0] unused;
        {unused, bits_3_0_of_8} = value;
    endfunction

    // The quotient rounded towards minus infinity.
    function signed [8:0] floordiv_9;
        input signed [8:0] a_1;
        input signed [8:0] b_1;
        begin
            floordiv_9 = a_1 / b_1;
            if (a_1[8] != b_1[8] && a_1 % b_1 != 9'sd0) begin
                floordiv_9 = floordiv_9 - 9'sd1;
            end
        end
    endfunction

    // counters.py:10
    // one decade after the other
    always @(posedge clk or negedge rst_n) begin : count
        if (!rst_n) begin
            decade <= 4'd0;
            down   <= 4'sd6;
        end else begin
            // wraps at ten
            if (enable) begin
                decade <= wrap_0_to_9(decade + 4'd1);
            end
            if (down > -4'sd5) begin
                down <= down - 4'sd1;
            end else begin
                down <= 4'sd6;
            end
        end
    end

    // counters.py:20
    assign average = bits_8_1_of_9(a + b);

    // counters.py:23
    assign sum        = a + b;  // with carry
    assign difference = a - b;
    assign signed_sum = c + d;
    assign product    = a * b;
    assign scaled     = bits_14_7_of_15(c * d);
    assign remainder  = bits_3_0_of_8(a % 8'd10);
    assign quotient   = floordiv_9({c[7], c}, 9'sd3);
    assign clamped    = (c > 8'sd100) ? 8'sd100 : (c < -8'sd100) ? -8'sd100 : c;
    assign nibble     = a[5:2];

    // counters.py:35
    always @(posedge clk) begin : accumulate
        total  <= total + a;
        parity <= a[0] != b[7];
    end
endmodule
