#: u8 a
#: u8 q
#: comb
def pick():
    if (n := a >> 4) > 3 and n != 9:
        q.next = n
    else:
        q.next = a if n else ~a
