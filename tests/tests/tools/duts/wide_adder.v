// wide_adder: the exact sum of two 130-bit numbers.
module wide_adder (
    input  wire [129:0] a,
    input  wire [129:0] b,
    output wire [130:0] total
);
    helper sum (.a(a), .b(b), .total(total));
endmodule
