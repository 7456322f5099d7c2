#: u8 a
#: u4 q
#: comb
def use():
    q.next = first(a)


def first(x):
    for i in range(3):
        if x[i]:
            return i
        missing(i)
    return 8
