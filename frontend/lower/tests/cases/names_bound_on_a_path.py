#: u8 a
#: u8 q
#: comb
def choose():
    m = 0
    t = 1 if a > 3 and (m := 5) > 2 else 0
    q.next = m + t
