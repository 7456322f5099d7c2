"""What is changed through names of loops, second names, parameters and elements that are unpacked, and looked at by another name."""

from myhdl import *


class Box:
    def __init__(self):
        self.value = 2
        self.items = [1, 2]

    def fill(self, value):
        self.items[1] = value


def store(into, value):
    into[1] = value


def store_deeper(value, rows):
    store(rows[0], value)


@block
def top():
    clk = Signal(bool(0))
    values = [Signal(intbv(0)[8:]) for _ in range(6)]
    by_loop, by_name, by_call, by_pair, by_method, untouched = values
    boxes = [Box(), Box()]
    box = boxes[1]
    lists = [[1, 2], [3, 4]]
    of_list = lists[0]
    pair = ([1, 2], [3, 4])
    of_pair = pair[0]
    rows = [[1, 2], [3, 4]]
    row = rows[1]
    others = [Box()]
    other = others[0]
    kept = [1, 2]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def look_at_object():
        by_loop.next = box.value

    @always(clk.posedge)
    def look_at_list():
        by_name.next = of_list[1]

    @always(clk.posedge)
    def look_at_tuple():
        by_call.next = of_pair[1]

    @always(clk.posedge)
    def look_at_row():
        by_pair.next = row[1]

    @always(clk.posedge)
    def look_at_items():
        by_method.next = other.items[1]

    @always(clk.posedge)
    def look_at_what_stays():
        untouched.next = kept[1]

    @instance
    def change():
        local = [5, 6]
        yield clk.posedge
        for each in boxes:
            each.value = 9
        second = lists[0]
        second[1] = 8
        store_deeper(7, rows=pair)
        for at, each_row in enumerate(rows):
            each_row[1] = 6 + at
        for one in others:
            one.fill(5)
        local[1] = 3
        store(local, 4)
        for _ in range(3):
            yield clk.posedge
            yield delay(1)
            print(now(), [int(value) for value in values], local)
        raise StopSimulation("")

    return instances()


top().run_sim()
