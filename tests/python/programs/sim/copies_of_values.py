"""`intbv(s.val)` is an object of its own with the width and the bounds of the signal."""

from myhdl import *


@block
def top():
    bounded = Signal(intbv(3, min=-5, max=20))
    wrapping = Signal(modbv(3)[4:])
    flag = Signal(bool(1))
    number = Signal(7)
    memory = [Signal(intbv(i)[6:]) for i in range(4)]

    @instance
    def show():
        yield delay(1)
        v = intbv(bounded.val)
        print(v, v.min, v.max, len(v), repr(v))
        w = modbv(wrapping.val)
        w += 20
        print(w, w.min, w.max, len(w))
        x = intbv(wrapping.val)
        print(x, x.min, x.max, len(x))
        print(intbv(flag.val) == 1, int(intbv(flag.val)), int(intbv(number.val, 0, 16)))
        i = intbv(memory[bounded - 2].val)
        i[0] = not i[0]
        print(i, len(i), memory[1])
        # The bounds of what is copied stay, whatever else is said.
        j = intbv(val=bounded.val, min=0, max=5)
        print(j, j.min, j.max, ~intbv(wrapping.val), intbv(bounded.val)[3:])

    @instance
    def keep():
        yield delay(3)
        v = intbv(bounded.val)
        bounded.next = 7
        yield delay(1)
        print(v, bounded)
        v += 3
        print(v)

    return instances()


top().run_sim()
