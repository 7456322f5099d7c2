#: bool clk
#: u8 a
#: instance
def stimulus():
    for i in range(3):
        a.next = i
        yield clk.posedge
        print("%02x at %d" % (a, now()), f"{a:>4d}", i)
        assert a == i, "a is {}".format(a)
    yield delay(10), a
    raise StopSimulation
