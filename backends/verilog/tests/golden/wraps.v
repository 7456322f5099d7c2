// wraps: Values that wrap from many sizes away.
//
// Emitted by pyhw from wraps.py:5.
module wraps (
    input  wire        [7:0] a,
    input  wire signed [8:0] s,
    output wire        [3:0] decade,   // 0 to 9
    output wire        [6:0] hundred,  // 0 to 99
    output wire signed [3:0] around,   // -5 to 7
    output wire        [2:0] above     // 3 to 7
);
    // The value wrapped into 0 to 9.
    function [3:0] wrap_0_to_9;
        input [15:0] value;
        reg [11:0] unused;
        {unused, wrap_0_to_9} = value % 16'd10;
    endfunction

    // The value wrapped into 0 to 99.
    function [6:0] wrap_0_to_99;
        input signed [17:0] value;
        reg signed [19:0] offset;
        reg [12:0] unused;
        begin
            offset = $signed({{2{value[17]}}, value}) % 20'sd100;
            if (offset[19]) begin
                offset = offset + 20'sd100;
            end
            {unused, wrap_0_to_99} = offset;
        end
    endfunction

    // The value wrapped into -5 to 7.
    function [3:0] wrap_m5_to_7;
        input signed [10:0] value;
        reg signed [12:0] offset;
        reg [8:0] unused;
        begin
            offset = ($signed({{2{value[10]}}, value}) + 13'sd5) % 13'sd13;
            if (offset[12]) begin
                offset = offset + 13'sd13;
            end
            {unused, wrap_m5_to_7} = offset - 13'sd5;
        end
    endfunction

    // The value wrapped into 3 to 7.
    function [2:0] wrap_3_to_7;
        input [8:0] value;
        reg signed [10:0] offset;
        reg [7:0] unused;
        begin
            offset = ($signed({2'd0, value}) - 11'sd3) % 11'sd5;
            if (offset[10]) begin
                offset = offset + 11'sd5;
            end
            {unused, wrap_3_to_7} = offset + 11'sd3;
        end
    endfunction

    // wraps.py:10
    assign decade  = wrap_0_to_9(a * a);
    assign hundred = wrap_0_to_99(s * s);
    assign around  = wrap_m5_to_7({{2{s[8]}}, s} * 11'd3);
    assign above   = wrap_3_to_7(a + 9'd1);
endmodule
