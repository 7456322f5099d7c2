#: u8 a q
#: comb
def bad():
    try:
        q.next = a
    except ValueError:
        pass
    q.next = missing
    q.next = a / 2
