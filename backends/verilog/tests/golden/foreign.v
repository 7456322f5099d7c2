// foreign: emitted by pyhw from foreign.py:9.
module foreign (
    input  wire       clk,
    input  wire [3:0] d,
    output wire [3:0] q
);
    /* verilator lint_off UNUSED */
    wire [3:0] n;
    /* verilator lint_on UNUSED */

    // foreign.py:11
    inner u0 (
        .clk (clk),
        .d   (d),
        .q   (q),
        .n   (n)
    );
endmodule

/* verilator lint_off DECLFILENAME */

// inner: emitted by pyhw from foreign.py:3.
module inner (
    input  wire       clk,
    input  wire [3:0] d,
    output reg  [3:0] q,
    output wire [3:0] n
);
    // foreign.py:5
    assign n = ~q;

    always @(posedge clk) begin
        q <= d;
    end
endmodule
