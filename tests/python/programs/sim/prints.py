"""Values in prints, formats and f-strings."""

from myhdl import *


@block
def top():
    n = Signal(intbv(200)[8:])
    s = Signal(intbv(-3, min=-8, max=8))
    u = Signal(1000)
    flag = Signal(True)

    @instance
    def stimulus():
        yield delay(1)
        print(n, s, u, flag)
        print("%s %d %x %5s|%-5s|%05d" % (n, n, n, n, n, n))
        print("{} {:d} {:x} {!s:>6}|".format(int(n), int(n), int(n), n))
        print(f"{int(n)} {int(n):08b} {n.val} {hex(n)} {bin(n)} {bin(n, 12)}")
        print(n & 0xF0, n | 3, n ^ 0xFF, n >> 2, n << 2, ~n, n + 1, n - 1, -n, n * 2, n // 3, n % 7)
        print(n[4:], n[8:4], n[7], n[3], s & 7, s + 1, ~s, s.signed(), n.signed(), n.val.signed())
        x = n & 0x3C
        y = x >> 2
        z = intbv(12)
        w = intbv(12)[4:]
        print(x, y, x + 1, z, z + 1, w, ~w, ~z, z | 1, concat(w, z[2:]), len(w))
        z += 20
        w[2:] = 3
        print(z, w, int(z), str(w), repr(w), repr(z))
        print(n == 200, n > s, flag and n, not flag, min(n, 3), max(int(n), 3), abs(s), bool(n), int(flag))
        print([int(n), 3], (str(n),), {"a": int(n)}, now())
        print("a", "b", sep="-", end="!\n")

    return stimulus


top().run_sim()
