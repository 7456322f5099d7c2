"""What an index or a condition picks among signals is a signal, which lists and `repr` show as one."""

from myhdl import *


@block
def top():
    row, column = Signal(intbv(0)[1:]), Signal(intbv(1)[2:])
    table = [[Signal(intbv(r * 3 + c)[5:]) for c in range(3)] for r in range(2)]
    a, b = Signal(intbv(3)[5:]), Signal(intbv(4)[5:])

    @instance
    def by_two_indices():
        yield delay(1)
        print([table[row][2 - column], 1], int(table[row][column]))

    @instance
    def by_repr():
        yield delay(2)
        print(repr(table[row][column]), f"{table[row][row]!r}")

    @instance
    def in_a_tuple():
        yield delay(3)
        print(repr((a, b)[row]))

    @instance
    def by_a_condition():
        yield delay(4)
        print([a if row == 0 else b], "%r" % (b if row == 0 else a))

    @instance
    def by_a_name():
        yield delay(5)
        picked = table[row]
        one = picked[column]
        print(picked, repr(one))

    @instance
    def by_rows():
        yield delay(6)
        for one in table:
            print([one[column]], repr(one[row + 1]))

    @instance
    def values():
        yield delay(7)
        print([int(table[row][column]), table[row][column] + 1])

    return instances()


top().run_sim()
