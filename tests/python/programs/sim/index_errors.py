from myhdl import *
@block
def t():
    s = Signal(intbv(0)[4:])
    tab = (1, 2, 3)
    lst = [4, 5]
    @instance
    def p():
        yield delay(1)
        s.next = 5
        yield delay(1)
        print(tab[0])
        print(tab[s])
        yield delay(1)
    return p
try:
    t().run_sim()
except Exception as e:
    print(type(e), e)
@block
def t2():
    s = Signal(intbv(0)[4:])
    lst = [4, 5]
    @instance
    def p():
        yield delay(1)
        s.next = 5
        yield delay(1)
        print(lst[s])
        yield delay(1)
    return p
try:
    t2().run_sim()
except Exception as e:
    print(type(e), e)
@block
def t3():
    s = Signal(intbv(0)[4:])
    lst = [Signal(intbv(0)[4:]) for i in range(3)]
    @instance
    def p():
        yield delay(1)
        s.next = 5
        yield delay(1)
        lst[s].next = 3
        yield delay(1)
    return p
try:
    t3().run_sim()
except Exception as e:
    print(type(e), e)
@block
def t4():
    s = Signal(intbv(0)[4:])
    lst = (3, 4, 5)
    @instance
    def p():
        yield delay(1)
        print(lst[7])
        yield delay(1)
    return p
try:
    t4().run_sim()
except Exception as e:
    print(type(e), e)
@block
def t5():
    s = Signal(intbv(0)[4:])
    lst = {1:2, 3:4}
    txt = ("a", "b")
    @instance
    def p():
        yield delay(1)
        try:
            x = 1
        except ValueError:
            pass
        print(lst[s])
        yield delay(1)
    return p
try:
    t5().run_sim()
except Exception as e:
    print(type(e), e)
@block
def t6():
    s = Signal(intbv(0)[4:])
    @instance
    def p():
        yield delay(1)
        s.next = 5
        yield delay(1)
        print(s[5])
    return p
try:
    t6().run_sim()
except Exception as e:
    print(type(e), e)
@block
def t7():
    s = Signal(intbv(0)[4:])
    m = {1:2, 3:4}
    @instance
    def p():
        yield delay(1)
        s.next = 5
        yield delay(1)
        print(m[int(s)])
    return p
try:
    t7().run_sim()
except Exception as e:
    print(type(e), e)
