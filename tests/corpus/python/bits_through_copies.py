"""Bits that follow from each other through copies of the whole: a chain of ready signals, a ripple of carries by way of a sum."""

from pyhw import *

STAGES = 4


@block
def ready_chain(full: In[uint[STAGES]], taken: In[bool], ready: Out[uint[STAGES + 1]]):
    chain = Signal(uint[STAGES + 1])
    copied = Signal(uint[STAGES + 1])

    @always_comb
    def follow():
        chain.next[STAGES] = taken
        for i in range(STAGES):
            chain.next[STAGES - 1 - i] = copied[STAGES - i] and not full[STAGES - 1 - i]

    @always_comb
    def copy():
        copied.next = chain

    @always_comb
    def show():
        ready.next = chain

    return follow, copy, show


@block
def ripple(a: In[uint[6]], b: In[uint[6]], total: Out[uint[7]]):
    carries = Signal(uint[7])
    moved = Signal(uint[7])
    turned = Signal(uint[7])

    @always_comb
    def carry():
        for i in range(6):
            carries.next[i] = (a[i] and b[i]) or (a[i] and moved[i]) or (b[i] and moved[i])
        carries.next[6] = 0

    @always_comb
    def move():
        # The carry out of each place is the one into the next.
        moved.next = concat(turned[7:1], False)

    @always_comb
    def turn():
        turned.next = concat(carries[6:], carries[6])

    @always_comb
    def sum_up():
        total.next = (a ^ b) ^ moved

    return carry, move, turn, sum_up


@block
def bits_through_copies(
    a: In[uint[6]],
    b: In[uint[6]],
    taken: In[bool],
    ready: Out[uint[STAGES + 1]],
    total: Out[uint[7]],
):
    return ready_chain(a(STAGES, 0), taken, ready), ripple(a, b, total)
