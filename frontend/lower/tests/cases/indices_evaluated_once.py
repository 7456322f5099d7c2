#: u8 a
#: list u8 16 mem
#: u8 d
#: instance
def fill():
    m = 0

    def place():
        print("place")
        return 3

    mem[(m := m + 1)].next[a] = 1
    mem[place()].next = d
    values = [1, 2, 3]
    values[(m := m + 1)] += 4
    d.next = values[2]
    yield delay(1)
