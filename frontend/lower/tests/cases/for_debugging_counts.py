#: u8 a
#: u8 q
#: comb
def use():
    for i in range(4):
        q.next[i] = a[i + 4]
    if __debug__:
        seen = {}
        for i in range(4):
            seen[i] = a
    for i in range(4):
        q.next[i + 4] = a[i]
