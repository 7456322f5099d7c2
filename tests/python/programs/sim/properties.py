"""Properties of objects in processes: of values, of signals, with effects, and of what changes during the run."""

from myhdl import *


class Part:
    def __init__(self, size):
        self.size = size
        self.asked = 0
        self.level = Signal(intbv(1)[8:])
        self.parts = [Signal(intbv(i)[4:]) for i in range(3)]
        self.rows = [1, 2, 3]

    @property
    def half(self):
        return self.size // 2

    @property
    def next_level(self):
        return (self.level + self.half) % 256

    @property
    def first(self):
        return self.parts[0]

    @property
    def times(self):
        self.asked += 1
        return self.asked

    @property
    def table(self):
        return self.rows

    @property
    def word(self):
        return "even" if self.level % 2 == 0 else "odd"


@block
def top():
    part, other = Part(9), Part(20)
    clk = Signal(bool(0))
    q = Signal(intbv(0)[8:])
    second = part.parts[1]

    @always(clk.posedge)
    def step():
        part.level.next = part.next_level
        other.level.next = other.half + part.half

    @always(clk.posedge)
    def signals():
        part.first.next = (part.first + 3) % 16
        second.next = part.first

    @always_comb
    def follow():
        q.next = part.level + other.half

    @always(clk.negedge)
    def effects():
        before = part.asked
        print(part.times - before, part.asked - before, part.table[0], sum(part.table))

    @instance
    def drive():
        for turn in range(6):
            clk.next = 1
            yield delay(5)
            clk.next = 0
            yield delay(5)
            print(part.level, other.level, part.first, second, q, part.word, part.half)
            if turn == 2:
                part.size = 31
                part.table[0] = 70
        raise StopSimulation

    return instances()


top().run_sim()
