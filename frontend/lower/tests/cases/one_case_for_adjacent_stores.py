#: bool clk
#: u2 at
#: u1 row
#: u8 a
#: u8 p q r s w x
#: bool u v
#: collect ends p q
#: collect data r s
#: collect valid u v
#: posedge clk
def port():
    if at < 2:
        data[at].next = a
        valid[at].next = True
        # What a comment stands at stays apart.
        ends[at].next = 5
    ends[row].next = a
    w.next = 3
    ends[row].next = 7
    data[row].next = 7
    data[1 - row].next = 8
    match row:
        case 0:
            w.next = 1
        case _:
            w.next = 2
    match row:
        case 0:
            x.next = 1
        case _:
            x.next = 2
