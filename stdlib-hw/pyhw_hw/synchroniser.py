"""The way for one bit from another clock domain, or from a pin."""

from pyhw import Clock, In, Out, Signal, always, always_comb, block, concat, uint


@block
def synchroniser(clk: Clock, d: In[bool], q: Out[bool], stages: int = 2, initial: int = 0):
    """brings one bit into the domain of `clk` through `stages` registers.

    Widths: one bit. Several bits would not arrive in the same cycle: give each word a handshake, or use Gray code.
    Timing: `q` follows `d` after `stages` rising edges, or one more where `d` changes close to an edge. What is
    shorter than a cycle of `clk` may be missed. `q` starts as `initial`; there is no reset, since it would only bring
    another way in.

    A register whose input changes at the edge may take a while to decide. Each stage gives it a cycle more: 2 suffice
    for most designs, 3 for fast clocks. Raises ValueError for fewer than 2, and for an
    `initial` that is no bit.
    """
    if initial not in (0, 1):
        raise ValueError(f"a synchroniser starts as 0 or 1: initial is {initial}")
    if stages < 2:
        raise ValueError(f"a synchroniser needs at least 2 stages, not {stages}")
    chain = Signal(uint[stages], (2**stages - 1) * initial)

    @always(clk.posedge)
    def shift():
        chain.next = concat(chain[stages - 1 :], d)

    @always_comb
    def settled():
        q.next = chain[stages - 1]

    return shift, settled
