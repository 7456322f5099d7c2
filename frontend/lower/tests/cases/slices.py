#: u8 a
#: u8 q
#: u3 n
#: s4 s
#: comb
def cut():
    q.next[4:] = a[8:4]
    q.next[8:4] = concat(a[1], a[3:0])
    q.next[n] = a[n] and not a[0]
    s.next = a[4:].signed()
