#: u8 a b q r s
#: comb
def use():
    values = [int(a), int(b)]
    same = values
    copy = [value for value in values]
    same[0] = 7
    change(values)
    q.next = values[0]
    r.next = same[1]
    s.next = copy[0]


def change(some):
    some[1] = 9
