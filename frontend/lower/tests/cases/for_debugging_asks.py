#: u8 a
#: u8 q
#: u8 r
#: comb
def use():
    q.next = a & 7
    if __debug__:
        print(q, a)
    if __debug__:
        assert a != 3
    r.next = a
