"""A filter with a finite impulse response: each output is a weighted sum of the last inputs."""

from pyhw import Clock, In, Out, Reset, Signal, always_seq, block, sint

# A low pass over 8 samples, scaled by 256. The taps add up to 256, so that what changes slowly passes as it is.
LOW_PASS = (-4, 8, 50, 74, 74, 50, 8, -4)
SCALE_BITS = 8


@block
def fir(clk: Clock, rst: Reset, enable: In[bool], sample: In[sint[12]], result: Out[sint[13]], taps: tuple = LOW_PASS):
    """filters one sample in each cycle with `enable`.

    The result is taps[0] * sample + taps[1] * the sample before + ..., divided by 256 and rounded down. It comes with
    the next enabled cycle. The sum is exact: how wide it must be follows from the taps and from the range of the
    samples.
    """
    history = [Signal(sint[12]) for _ in taps]

    @always_seq(clk.posedge, reset=rst)
    def filter():
        if enable:
            history[0].next = sample
            for i in range(1, len(taps)):
                history[i].next = history[i - 1]
            total = sum(tap * past for tap, past in zip(taps, history))
            result.next = total >> SCALE_BITS

    return filter
