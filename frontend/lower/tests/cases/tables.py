#: u2 a
#: u8 q
#: table T 7 0 255 3
#: comb
def rom():
    q.next = T[a]
