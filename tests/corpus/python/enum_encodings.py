"""State machines whose enumerations are encoded in each way, and a table that is indexed by a member."""

from pyhw import *


t_cold = enum("OPEN", "SHUT", "LOCKED", "BROKEN", encoding="one_cold")
t_hot = enum("LEFT", "RIGHT", "STILL", encoding="one_hot")
t_count = enum("ZERO", "ONE", "TWO", "THREE", "FOUR", encoding="binary")

AFTER = {t_count.ZERO: t_count.TWO, t_count.ONE: t_count.THREE, t_count.TWO: t_count.FOUR,
         t_count.THREE: t_count.ZERO, t_count.FOUR: t_count.ONE}  # fmt: skip


@block
def enum_encodings(clk: Clock, rst: Reset, go: In[bool], door: Out[uint[2]], way: Out[uint[2]], count: Out[uint[3]]):
    cold = Signal(t_cold.OPEN)
    hot = Signal(t_hot.STILL)
    binary = Signal(t_count.ZERO)

    @always_seq(clk.posedge, reset=rst)
    def step():
        if go:
            binary.next = AFTER[binary]
            if cold == t_cold.OPEN:
                cold.next = t_cold.SHUT
            elif cold == t_cold.SHUT:
                cold.next = t_cold.LOCKED if hot != t_hot.LEFT else t_cold.BROKEN
            else:
                cold.next = t_cold.OPEN
        match hot:
            case t_hot.LEFT:
                hot.next = t_hot.STILL
            case t_hot.STILL if binary in (t_count.TWO, t_count.THREE):
                hot.next = t_hot.RIGHT
            case t_hot.STILL | t_hot.RIGHT:
                hot.next = t_hot.LEFT

    @always_comb
    def show():
        door.next = 0 if cold == t_cold.OPEN else 1 if cold == t_cold.SHUT else 2 if cold == t_cold.LOCKED else 3
        way.next = 1 if hot == t_hot.LEFT else 2 if hot == t_hot.RIGHT else 0
        count.next = 0
        for number, member in enumerate((t_count.ONE, t_count.TWO, t_count.THREE, t_count.FOUR)):
            if binary == member:
                count.next = number + 1

    return step, show
