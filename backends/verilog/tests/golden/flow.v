// flow: Loops that end early.
//
// Emitted by pyhw from flow.py:5.
module flow (
    input  wire             clk,
    input  wire       [7:0] bits,
    input  wire       [3:0] limit,
    output reg signed [3:0] first,  // -1 to 7
    output reg        [3:0] ones,   // 0 to 8
    output reg        [2:0] last,
    output reg              odd,
    output reg        [7:0] reversed,
    output reg        [3:0] early,
    output reg        [7:0] inner
);
    initial early = 4'd0;

    // flow.py:10
    always @* begin : find
        integer i;
        reg search_done;

        first = -4'sd1;
        search_done = 1'b0;
        for (i = 0; i < 8; i = i + 1) begin
            if (!search_done) begin
                if (bits[i]) begin
                    first = i[3:0];
                    search_done = 1'b1;
                end
            end
        end
    end

    // flow.py:17
    always @* begin : count
        integer i;
        reg [3:0] n;

        n = 4'd0;
        for (i = 7; i >= 0; i = i - 1) begin
            if (bits[i] && i < 6) begin
                n = n + 4'd1;  // one more
            end
        end
        ones = n;
    end

    // flow.py:26
    always @* begin : leave
        integer i_count;
        reg [2:0] i;
        reg       loop_done;

        i = 3'd0;
        odd = bits[0] ^ bits[1];
        loop_done = 1'b0;
        for (i_count = 0; i_count < 8; i_count = i_count + 1) begin
            if (!loop_done) begin
                i = i_count[2:0];
                if ({1'b0, i} == limit) begin
                    loop_done = 1'b1;
                end
            end
        end
        last = i;
    end

    // flow.py:33
    always @* begin : mirror
        integer i;

        for (i = 0; i < 8; i = i + 1) begin
            reversed[i] = bits[7 - i];
        end
    end

    // flow.py:37
    always @(posedge clk) begin : back
        if (limit != 4'd3) begin
            if (!bits[0]) begin
                early <= limit;
            end
            `ifndef SYNTHESIS
            if (!(limit < 4'd15)) begin
                $display("flow.py:44: assertion failed: limit is %0d of %02h", limit, bits);
                $finish;
            end
            `endif
        end
    end

    // flow.py:46
    always @* begin : nested
        integer i;
        integer j;
        reg [7:0] sum;
        reg       outer_done;
        reg       outer_next;

        sum = 8'd0;
        outer_done = 1'b0;
        for (i = 0; i < 4; i = i + 1) begin
            if (!outer_done) begin
                outer_next = 1'b0;
                for (j = 0; j < 4; j = j + 1) begin
                    if (!(outer_done || outer_next)) begin
                        if (i[3:0] * j[3:0] == limit) begin
                            outer_done = 1'b1;
                        end else if (i + j > 4) begin
                            outer_next = 1'b1;
                        end else begin
                            sum = sum + i[7:0] * bits;
                        end
                    end
                end
                if (!(outer_done || outer_next)) begin
                    sum = sum + 8'd1;
                end
            end
        end
        inner = sum;
    end
endmodule
