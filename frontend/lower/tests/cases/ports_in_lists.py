#: bool clk
#: u2 at
#: u8 a b c x y
#: u8 q
#: collect ins a b c
#: collect outs x y
#: posedge clk
def port():
    if at < 3:
        q.next = ins[at]
    outs[at[0]].next = ins[2]
