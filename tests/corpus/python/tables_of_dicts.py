"""Lists of dicts and dicts of dicts, at places that are known at run time."""

from pyhw import *

op_t = enum("ADD", "SUB", "AND", "NOP")

DECODED = [
    {"op": op_t.ADD, "cycles": 1, "writes": True, "scale": {0: 3, 1: 5}},
    {"op": op_t.SUB, "cycles": 2, "writes": True, "scale": {1: 7, 0: 2}},
    {"op": op_t.AND, "cycles": 1, "writes": True, "scale": {0: 1, 1: 1}},
    {"op": op_t.NOP, "cycles": 4, "writes": False, "scale": {0: 0, 1: 9}},
]
TIMING = {
    op_t.ADD: {"rise": 3, "fall": [1, 2]},
    op_t.SUB: {"rise": 5, "fall": [3, 4]},
    op_t.AND: {"rise": 7, "fall": [5, 6]},
    op_t.NOP: {"rise": 9, "fall": [7, 8]},
}
SPARSE = {number * 9: {"low": number, "high": number + 20} for number in range(12)}


@block
def tables_of_dicts(
    clk: Clock,
    code: In[uint[2]],
    key: In[uint[7]],
    op: Out[op_t],
    cycles: Out[uint[3]],
    writes: Out[bool],
    scaled: Out[uint[4]],
    rise: Out[uint[4]],
    fall: Out[uint[4]],
    found: Out[uint[6]],
):
    state = Signal(op_t.NOP)

    @always(clk.posedge)
    def decode():
        row = DECODED[code]
        state.next = row["op"]
        cycles.next = row["cycles"]
        writes.next = row["writes"]
        scaled.next = row["scale"][int(key[0])]
        rise.next = TIMING[state.val]["rise"]
        fall.next = TIMING[state.val]["fall"][key[0]]
        number = int(key)
        if number in SPARSE:
            found.next = SPARSE[number]["high"] if key[0] else SPARSE[number]["low"]

    @always_comb
    def show():
        op.next = state

    return decode, show
