#: u8 a
#: u8 ones
#: bool found
#: comb
def count():
    n = 0
    for i in range(8):
        if a[i]:
            n += 1
    ones.next = n
    for i in range(8):
        if a[i]:
            found.next = True
            break
    else:
        found.next = False
