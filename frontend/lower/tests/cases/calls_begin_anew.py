#: u8 a
#: u8 q
#: comb
def use():
    n = 0
    for i in range(4):
        # the next one
        n = n + pick(i) + both(i)
    q.next = n + pick(9)


def pick(i):
    if a == i:
        r = i + 1
    if a >= i:
        return r
    return 0


def both(i):
    if a == i:
        r = 1
    else:
        r = 2
    return r
