"""Signals of any Python value."""

from myhdl import *


class Packet:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return isinstance(other, Packet) and self.name == other.name

    def __str__(self):
        return f"<{self.name}>"


@block
def top():
    text = Signal("idle")
    pair = Signal((1, 2))
    items = Signal([])
    packet = Signal(Packet("none"))
    number = Signal(2.5)
    nothing = Signal(None)
    table = Signal({"a": 1})

    @instance
    def stimulus():
        text.next = "busy"
        pair.next = (3, 4)
        items.next = [1, 2]
        packet.next = Packet("first")
        number.next = 3.5
        table.next = {"a": 2}
        yield delay(1)
        print(text, pair, items, packet, number, nothing, table)
        print(text.val.upper(), pair[1], items.val[0], packet.name, number + 1, table["a"])
        packet.next = Packet("first")
        text.next = "busy"
        yield delay(1)
        text.next = "done"
        yield delay(1)
        try:
            text.next = 5
        except TypeError as error:
            print("TypeError", error)
        try:
            pair.next = [1]
        except TypeError as error:
            print("TypeError", error)
        print(text == "done", text != "busy", pair == (3, 4), items == [1, 2])

    @always(text, packet)
    def watch():
        print(now(), text, packet)

    return stimulus, watch


top().run_sim()
