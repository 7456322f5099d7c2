"""A queue within one clock domain."""

from pyhw import Clock, In, Int, Mod, Out, Reset, Signal, always, always_comb, always_seq, block, uint


@block
def fifo(
    clk: Clock,
    rst: Reset,
    write: In[bool],
    data_in: In[uint[8]],
    full: Out[bool],
    read: In[bool],
    data_out: Out[uint[8]],
    empty: Out[bool],
    depth: int = 16,
):
    """queue of `depth` words; what was written first is read first.

    Widths: `data_in` and `data_out` are of one type, and so is the memory; 8 bits if the block is emitted alone.
    Timing: a word is taken at a rising edge with `write` and not `full`. The oldest word stands at `data_out` whenever
    `empty` is low, and goes at a rising edge with `read`. A word can be read in the cycle after it was written.
    `write` when `full` and `read` when `empty` do nothing. A full queue that is read has room in the next cycle, not
    in the same.

    The memory is read without a clock, as the small memories of an FPGA (LUT RAM) are: meant for some 16 to 64 words.
    Any `depth` from 1 on; the reset forgets the words, and does not clear the memory. Raises ValueError for none.
    """
    if depth < 1:
        raise ValueError(f"a queue needs room for at least 1 word: depth is {depth}")
    memory = [Signal(data_in.val) for _ in range(depth)]
    first = Signal(Mod[depth])
    last = Signal(Mod[depth])
    count = Signal(Int[0, depth + 1])
    taken, given = Signal(bool), Signal(bool)

    @always_comb
    def status():
        full.next = count == depth
        empty.next = count == 0
        taken.next = write and count != depth
        given.next = read and count != 0

    @always_comb
    def look():
        data_out.next = memory[first]

    @always(clk.posedge)
    def store():
        if taken:
            memory[last].next = data_in

    @always_seq(clk.posedge, reset=rst)
    def move():
        if taken:
            last.next = last + 1
        if given:
            first.next = first + 1
        if taken and not given:
            assert count < depth
            count.next = count + 1
        elif given and not taken:
            assert count > 0
            count.next = count - 1

    return status, look, store, move
