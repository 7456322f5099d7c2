#: s8 a b
#: int[-200, 400] q
#: bool t
#: comb
def compute():
    x, y = b, a
    q.next = max(x, y) + abs(a) - (a // 3) % 5
    t.next = a in (1, 2, 3) or a < b <= 7 or bool(a & 1)
