#: u8 a b
#: u9 q
#: u8 top
#: comb
def use():
    q.next = add(a, b)
    top.next = greatest(a, b)


def add(x, y):
    """the sum."""
    return x + y


def greatest(x, y):
    if x > y:
        return x
    return y
