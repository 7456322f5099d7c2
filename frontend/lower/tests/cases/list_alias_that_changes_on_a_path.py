#: u8 a b q
#: comb
def use():
    values = [int(a), int(b)]
    same = values
    if a > 3:
        same[0] = 7
    q.next = values[0]
