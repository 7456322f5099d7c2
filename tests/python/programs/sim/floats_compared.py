"""Integers and floats that are known while a design is made, compared in processes."""

from myhdl import *

N, H, BIG, NEAR = 8, 4.0, 2**53 + 1, float(2**53)


@block
def top():
    s = Signal(intbv(4)[4:])

    @instance
    def stimulus():
        for i in range(N):
            if i == N / 2:
                print("half", i, s)
        print(N == 8.0, N / 2 == 4, H == 4, True == 1.0, N != 8.0, N in (8.0, 3), (N, 1) == (8.0, 1.0), N == 8.5)
        print(N < 8.5, N > 7.5, -N < -8.5, N >= 8.0, H <= N, 8.5 < N, 0 == -0.0, BIG == NEAR, BIG > NEAR)
        print([i for i in range(6) if i in (4.0, 1.5) or i % 3 == 0.0], N < 1e300, N > -1e300)
        yield delay(1)
        print([k for k in range(3) if k * 2 == H], s)

    return stimulus


top().run_sim()
