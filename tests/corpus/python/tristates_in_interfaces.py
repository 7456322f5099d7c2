"""Tri-state nets in interfaces and in lists of these, as ports of a block, which drives them and reads them."""

from pyhw import *


class Pins:
    def __init__(self):
        self.io = TristateSignal(uint[4])
        self.drives = Signal(bool)
        self.seen = Signal(uint[4])


class Connector:
    def __init__(self):
        self.main = Pins()
        self.sides = [Pins(), Pins()]


@block
def near(clk, connector, value):
    driver = connector.main.io.driver()
    side = connector.sides[1].io.driver()
    driving = Signal(bool)

    @always_comb
    def drive():
        if connector.main.drives:
            driver.next = value
        else:
            driver.next = None

    @always(clk.posedge)
    def drive_side():
        side.next = value ^ 5 if connector.sides[1].drives else None
        driving.next = connector.sides[1].drives

    @always(clk.posedge)
    def look():
        connector.main.seen.next = connector.main.io
        if driving:
            connector.sides[1].seen.next = connector.sides[1].io
        connector.sides[0].seen.next = connector.sides[0].io

    return drive, drive_side, look


@block
def far(connector, value):
    driver = connector.main.io.driver()
    side = connector.sides[0].io.driver()

    @always_comb
    def drive():
        driver.next = None if connector.main.drives else value
        side.next = ~value[4:]

    return drive


@block
def tristates_in_interfaces(clk: Clock, a: In[uint[4]], b: In[uint[4]], mine: In[bool], q: Out[uint[4]], r: Out[uint[6]]):
    connector = Connector()
    first, second = [side.seen for side in connector.sides]
    ends = near(clk, connector, a), far(connector, b)

    @always_comb
    def connect():
        connector.main.drives.next = mine
        connector.sides[1].drives.next = not mine

    @always_comb
    def results():
        q.next = connector.main.io if connector.main.io != None else 0
        r.next = connector.main.seen + first + second

    return ends, connect, results
