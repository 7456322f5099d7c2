// shared_bus: Two drivers on a bus, a struct, names that no HDL allows.
//
// Emitted by pyhw from shared_bus.py:12.
module shared_bus (
    input  wire       clk,
    input  wire       signal_1,
    input  wire [7:0] in_1,
    input  wire [7:0] odd_name,
    /* verilator lint_off UNUSED */
    input  wire [7:0] unused,
    /* verilator lint_on UNUSED */
    inout  wire [7:0] bus_1,
    output reg  [7:0] out_1,
    output reg  [7:0] Out_2,
    output reg  [2:0] mode,
    output wire [3:0] fixed,
    output reg  [7:0] flags
);
    localparam [2:0] MODE_OFF     = 3'd1;
    localparam [2:0] MODE_READING = 3'd2;
    localparam [2:0] MODE_WRITING = 3'd4;

    reg [13:0] at          = 14'd6141;  // x [8:0], seen [9], tag [13:10]; where it is
    reg        other       = 1'b0;
    reg [7:0]  slow        = 8'd0;
    reg        slow_enable = 1'b0;
    /* verilator lint_off UNUSED */
    reg [7:0] written = 8'd0;
    /* verilator lint_on UNUSED */

    initial out_1 = 8'd0;
    initial Out_2 = 8'd0;
    initial mode  = MODE_OFF;
    initial flags = 8'd129;

    assign fixed = 4'd9;
    assign bus_1 = slow_enable ? slow : 8'bz;

    // The name of a member.
    function [55:0] name_of;
        input [2:0] code;
        case (code)
            3'd1:    name_of = {32'd0, "OFF"};
            3'd2:    name_of = "Reading";
            3'd4:    name_of = "WRITING";
            default: name_of = {48'd0, "?"};
        endcase
    endfunction

    // shared_bus.py:20
    driver first (
        .enable (signal_1),
        .value  (in_1),
        .bus_1  (bus_1)
    );

    // shared_bus.py:21
    driver second (
        .enable (other),
        .value  (odd_name),
        .bus_1  (bus_1)
    );

    // shared_bus.py:23
    always @(posedge clk) begin : take
        flags[0]   <= 1'b1;
        flags[7:3] <= 5'd16;
        at[13:10]  <= 4'd5;
        out_1       <= bus_1;
        at[8:0]     <= at[8:0] - 9'd1;
        at[9]       <= signal_1;
        Out_2       <= {at[13:10], at[9], at[2:0]};
        other       <= !other;
        written     <= in_1;
        slow        <= in_1;
        slow_enable <= other;
        flags[2:1]  <= in_1[1:0];
    end

    // shared_bus.py:33
    always @(posedge clk) begin : next_mode
        case (mode)
            MODE_OFF: begin
                mode <= MODE_READING;
            end
            MODE_READING: begin
                if (signal_1) begin
                    mode <= MODE_WRITING;
                end
            end
            default: begin  // MODE_WRITING
                // : verilator lint_off EVERYTHING
                mode <= MODE_OFF;
            end
        endcase
        `ifndef SYNTHESIS
        $display("mode %0s is %0d %0s", name_of(mode), in_1, signal_1 ? {8'd0, "True"} : "False");
        `endif
    end
endmodule

/* verilator lint_off DECLFILENAME */

// driver: emitted by pyhw from shared_bus.py:5.
module driver (
    input wire       enable,
    input wire [7:0] value,
    inout wire [7:0] bus_1
);
    // shared_bus.py:8
    assign bus_1 = enable ? value : 8'bz;
endmodule
