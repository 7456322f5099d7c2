"""Names that are keywords of a target, or differ only in case."""

from pyhw import *


@block
def keyword_names(signal: In[bool], wire: In[bool], Wire: In[bool], out: Out[bool], entity: Out[bool]):
    @always_comb
    def process():
        out.next = signal and wire
        entity.next = wire != Wire

    return process
