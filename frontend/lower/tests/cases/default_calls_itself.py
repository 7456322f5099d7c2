#: u8 a b
#: u9 q
#: comb
def use():
    q.next = add(a)


def add(x, y=add(1, 2)):
    return x + y


