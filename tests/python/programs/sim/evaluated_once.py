"""What Python evaluates once, later or not at all: operands of comparison chains, what `and` guards, indices of targets."""

from myhdl import *


@block
def chains():
    a = Signal(intbv(0)[8:])
    mem = [Signal(intbv(5)[8:]) for _ in range(4)]
    q = Signal(bool(0))

    @always_comb
    def look():
        q.next = 0 <= a < 4 < mem[a] + a + (a ^ 3) + 2 * a < 600

    @instance
    def go():
        for i in range(7):
            a.next = i
            yield delay(1)
            print(i, int(q))
        z = int(a) - 3
        print(z < 2 < 100 // (z - 3) + z * 3 + z < 100)
        print(z >= 3 > 2 < 100 // z + z * 3 + z + z < 100)
        m = 0
        if z > 5 and (m := 5) > 2:
            print("not here")
        print(m)
        print(1 if z < 5 else (m := 8), m)
        print(z < 1 < (m := 9) < 10, m)
        print(z < 4 < (m := 9) < 10, m)

    return look, go


@block
def targets():
    a = Signal(intbv(3)[8:])
    follower = Signal(intbv(0)[8:])
    regs = [Signal(intbv(0)[8:]) for _ in range(4)]
    first = regs[0]

    @always_comb
    def follow():
        follower.next = first

    @instance
    def go():
        def one():
            print("one")
            return 1

        def two():
            print("two")
            return int(a) - 1

        m = 0
        regs[(m := m + 1)].next = 7
        k = int(a) - 1
        regs[(k := k + 1)].next = 9
        yield delay(1)
        print(m, k, [int(r) for r in regs])
        regs[one()].next = 3
        regs[two()].next = 4
        yield delay(1)
        regs[two()].next[1] = 1
        regs[two()].next[one()] = 0
        regs[one()].next[two() + 2:two()] = one()
        yield delay(1)
        print([int(r) for r in regs])
        xs = [1, 2, 3]
        n = 0
        xs[(n := n + 1)] += 4
        xs[one()] += 5
        print(xs[0], xs[1], xs[2], n)
        xs[one()] = xs[0]
        print(xs[0], xs[1], xs[2], n)

    return follow, go


@block
def from_the_end():
    a = Signal(intbv(0, min=-8, max=8))
    follower = Signal(intbv(0)[8:])
    regs = [Signal(intbv(0)[8:]) for _ in range(3)]
    first = regs[0]

    @always_comb
    def follow():
        follower.next = first

    @instance
    def go():
        for i in range(2, -5, -1):
            a.next = i
            yield delay(1)
            k = int(a)
            regs[k].next = i + 10
            yield delay(1)
            print(i, int(regs[0]), int(regs[1]), int(regs[2]), int(follower))

    return follow, go


for design in (chains, targets, from_the_end):
    try:
        design().run_sim()
    except Exception as e:
        print(type(e), e)
