#: u8 a
#: u8 q
#: comb
def use():
    limit = 1
    if __debug__:
        seen = {}
        seen[a] = 1
        limit = 2
    q.next = limit
