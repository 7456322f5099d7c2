#: bool p q r
#: u2 n
#: comb
def gather():
    total = 0
    for s in (p, q, r):
        if not s:
            continue
        total += 1
    n.next = total
