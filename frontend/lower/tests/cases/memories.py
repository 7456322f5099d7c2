#: bool clk we
#: u4 addr
#: u8 din dout
#: list u8 16 mem
#: posedge clk
def port():
    if we:
        mem[addr].next = din
    dout.next = mem[addr]
    mem[3].next[4:0] = addr
