#: bool clk
#: u8 din dout
#: list u8 16 mem
#: posedge clk
def port():
    mem[3].next[9999:0] = din >> 3
    dout.next = din[5000:0]
