"""A queue between two parts of a design that take their time at different moments."""

from pyhw import Array, Clock, In, Int, Mod, Out, Reset, Signal, always, always_comb, always_seq, block, uint


@block
def fifo(
    clk: Clock,
    rst: Reset,
    write: In[bool],
    data_in: In[uint[8]],
    read: In[bool],
    data_out: Out[uint[8]],
    full: Out[bool],
    empty: Out[bool],
    depth: int = 16,
):
    """queue of `depth` bytes in one clock domain.

    A `write` when `full` and a `read` when `empty` do nothing. `data_out` follows a `read` by one cycle, because block
    RAM does not answer sooner.
    """
    memory = Signal(Array[uint[8], depth])
    # `Mod` wraps: after the last place of the memory comes the first, whatever the depth is.
    first = Signal(Mod[depth])  # where the oldest byte is
    last = Signal(Mod[depth])  # where the next one goes
    count = Signal(Int[0, depth + 1])
    taken, given = Signal(bool), Signal(bool)

    @always_comb
    def decide():
        full.next = count == depth
        empty.next = count == 0
        taken.next = write and count != depth
        given.next = read and count != 0

    # The memory and the register behind it have no reset: block RAM has none.
    @always(clk.posedge)
    def store():
        if taken:
            memory[last].next = data_in
        if given:
            data_out.next = memory[first]

    @always_seq(clk.posedge, reset=rst)
    def move():
        if taken:
            last.next = last + 1
        if given:
            first.next = first + 1
        # One in and one out leave the count as it is. The assertions are checked in simulation, and tell that the
        # count stays within its range.
        if taken and not given:
            assert count < depth
            count.next = count + 1
        elif given and not taken:
            assert count > 0
            count.next = count - 1

    return decide, store, move
