// signs: products, comparisons and shifts of signed numbers; a 70-bit port.
module signs (
    input  wire signed [6:0]  a,
    input  wire signed [8:0]  b,
    output wire signed [15:0] product,
    output wire               less,
    output wire signed [6:0]  half,
    output wire signed [69:0] wide
);
    helper compare (.a(a), .b(b), .less(less));

    assign product = $signed({{9{a[6]}}, a}) * $signed({{7{b[8]}}, b});
    assign half = a >>> 1;
    assign wide = {{61{b[8]}}, b};
endmodule
