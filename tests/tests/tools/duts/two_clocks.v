// two_clocks: a sum on the rising edge of one clock, with asynchronous reset, sampled on the falling edge of another.
module two_clocks (
    input  wire       clk_a,
    input  wire       clk_b,
    input  wire       rst_n,
    input  wire [3:0] step,
    output reg  [7:0] sum,
    output reg  [7:0] copy,
    output wire       differ
);
    initial sum = 8'd7;
    initial copy = 8'h5a;

    always @(posedge clk_a or negedge rst_n) begin
        if (!rst_n) begin
            sum <= 8'd0;
        end else begin
            sum <= sum + {4'd0, step};
        end
    end

    always @(negedge clk_b) begin
        copy <= sum;
    end

    assign differ = sum != copy;
endmodule
