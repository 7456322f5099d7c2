"""What is changed by way of a module, a list of lists, a tuple or a list of objects, and looked at by another name."""

import types

from myhdl import *

settings = types.ModuleType("settings")
settings.table = [1, 2]


class Box:
    def __init__(self):
        self.value = 2
        self.items = [1, 2]


@block
def top():
    clk = Signal(bool(0))
    values = [Signal(intbv(0)[8:]) for _ in range(5)]
    by_module, by_list, by_tuple, by_object, by_attribute = values
    lists = [[1, 2], [3, 4]]
    of_list = lists[0]
    pair = ([1, 2], [3, 4])
    of_pair = pair[0]
    boxes = [Box(), Box()]
    box = boxes[1]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def look_at_module():
        by_module.next = settings.table[1]

    @always(clk.posedge)
    def look_at_list():
        by_list.next = of_list[1]

    @always(clk.posedge)
    def look_at_tuple():
        by_tuple.next = of_pair[1]

    @always(clk.posedge)
    def look_at_object():
        by_object.next = box.value

    @always(clk.posedge)
    def look_at_attribute():
        by_attribute.next = box.items[1]

    @instance
    def change():
        yield clk.posedge
        settings.table[1] = 9
        lists[0][1] = 8
        pair[0][1] = 7
        boxes[1].value = 6
        boxes[1].items[1] = 5
        for _ in range(4):
            yield clk.posedge
            yield delay(1)
            print(now(), [int(value) for value in values])
        raise StopSimulation("")

    return instances()


top().run_sim()
