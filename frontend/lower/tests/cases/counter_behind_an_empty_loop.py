#: u8 a q
#: comb
def use():
    for i in range(8):
        """nothing"""
    v = intbv(0)[8:]
    v[:] = a
    v[0] = a[i]
    q.next = i
