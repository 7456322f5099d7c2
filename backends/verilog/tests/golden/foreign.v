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
    output reg  [3:0] q = 4'd0,
    output wire [3:0] n
);
    reg [3:0] kept = 4'd0;
    reg [3:0] put  = 4'd0;

    // foreign.py:5
    assign n = ~q ^ kept ^ put;

    always @(posedge clk) kept <= d;

    task add_one(output [3:0] sum);
        sum = d + 4'd1;
    endtask
    always @(posedge clk) add_one(put);

    always @(posedge clk) begin
        q <= d;
    end
endmodule
