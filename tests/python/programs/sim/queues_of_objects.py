"""Lists that methods change: of the object itself, by way of another object, and looked at by a process that could be compiled."""

from myhdl import *


class Queue:
    def __init__(self):
        self.items = []
        self.empty = Signal(bool(1))
        self.marks = {"seen": 0}

    def write(self, item):
        self.items.append(item)
        self.empty.next = False

    def read(self):
        item = self.items.pop(0)
        self.empty.next = len(self.items) == 0
        self.marks["seen"] = item
        return item

    def is_empty(self):
        return len(self.items) == 0


class Link:
    def __init__(self):
        self.queue = Queue()

    def send(self, item):
        self.queue.write(item)
        yield delay(3)


@block
def top(link):
    clk = Signal(bool(0))
    n = Signal(intbv(0)[8:])
    seen = Signal(intbv(0)[8:])

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def producer():
        for i in range(5):
            yield link.send(10 + i)
        yield delay(100)
        print("left", len(link.queue.items), int(n), int(seen))
        raise StopSimulation("")

    @always(clk.posedge)
    def watch():
        if not link.queue.is_empty():
            n.next = n + 1
        seen.next = link.queue.marks["seen"]

    @always(clk.negedge)
    def consumer():
        if not link.queue.is_empty():
            print(now(), link.queue.read(), len(link.queue.items))

    return clock, producer, watch, consumer


top(Link()).run_sim()
