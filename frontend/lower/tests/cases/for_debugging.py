#: u8 a
#: u8 q
#: u8 r
#: comb
def use():
    q.next = a
    if __debug__:
        assert a != 3
    if __debug__:
        seen = {}
        seen[a] = 1
    if a == 1:
        r.next = 1
    else:
        r.next = 0
