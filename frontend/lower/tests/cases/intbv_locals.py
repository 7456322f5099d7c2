#: u8 a q
#: bool clk
#: posedge clk
def shift():
    v = intbv(0)[8:]
    v[:] = a
    v[0] = a[7]
    w = v
    w += 1
    m = modbv(0)[4:]
    m[:] = m + a
    q.next = v ^ m
