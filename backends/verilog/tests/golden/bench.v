// bench: A test bench.
//
// Emitted by pyhw from bench.py:9.
module bench;
    reg        clk  = 1'b0;
    wire       half;
    reg  [7:0] n    = 8'd0;
    reg  [7:0] stored [0:3];
    reg        done = 1'b0;

    initial begin : stored_init
        stored[0] = 8'd1;
        stored[1] = 8'd2;
        stored[2] = 8'd3;
        stored[3] = 8'd4;
    end

    // bench.py:11
    divider dut (
        .clk  (clk),
        .half (half)
    );

    // bench.py:13
    /* verilator lint_off INITIALDLY */
    initial begin : clock
        forever begin
            #10;
            clk <= !clk;
        end
    end
    /* verilator lint_on INITIALDLY */

    // bench.py:18
    // counts edges
    /* verilator lint_off INITIALDLY */
    initial begin : stimulus
        integer i;
        reg signed [31:0] total;

        total = 32'sd0;
        for (i = 0; i < 4; i = i + 1) begin
            begin : loop_turn
                @(posedge clk);
                total = total + {24'd0, stored[i]};
                n <= i[7:0] * 8'd3 + 8'd1;
                if (i == 2) begin
                    disable loop_turn;
                end
                $display("%0d %4d %02h %0s %0d", i[1:0], n, n, half ? {8'd0, "True"} : "False", $time);
            end
        end
        $display("total %0d", total);
        fork
            #5;
            @(negedge clk);
        join
        $display("joined at %0d", $time);
        begin : first
            fork
                begin @(posedge half); disable first; end
                begin #7; disable first; end
            join
        end
        $display("first at %0d", $time);
        @(posedge clk or negedge clk);
        stored[1] <= 8'd77;
        #(n + 9'd1);
        if (!(stored[1] == 8'd77)) begin
            $display("bench.py:35: assertion failed: stored");
            $finish;
            disable stimulus;
        end
        begin : search
            forever begin
                @(clk);
                if ($time > 64'd200) begin
                    disable search;
                end
            end
        end
        done <= 1'b1;
        disable stimulus;
        $display("never");
    end
    /* verilator lint_on INITIALDLY */

    // bench.py:44
    initial begin : watch
        @(posedge done);
        $display("done at %0d, \"%0s\" 100 %%", $time, done ? {8'd0, "True"} : "False");
        $display("end");
        $finish;
        disable watch;
    end
endmodule

/* verilator lint_off DECLFILENAME */

// divider: emitted by pyhw from bench.py:3.
module divider (
    input  wire clk,
    output reg  half = 1'b0
);
    // bench.py:5
    always @(posedge clk) begin : divide
        half <= !half;
    end
endmodule
