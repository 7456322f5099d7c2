#: u8 a q
#: const WIDE 1
#: comb
def choose():
    if WIDE == 1:
        q.next = a
    else:
        q.next = undefined_name
