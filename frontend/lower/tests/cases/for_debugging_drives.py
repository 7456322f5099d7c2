#: u8 a
#: u8 q
#: comb
def use():
    if __debug__:
        seen = {}
        seen[a] = 1
        q.next = a
