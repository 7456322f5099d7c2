"""Enumerations with codes of their own in two blocks, of which one crosses a port."""

from pyhw import *

light = enum("RED", "GREEN", "BLUE", encoding="one_hot")
step = enum("LOAD", "WAIT", "DONE", encoding="one_cold")


@block
def cycled(clk, state):
    @always(clk.posedge)
    def turn():
        if state == light.RED:
            state.next = light.GREEN
        elif state == light.GREEN:
            state.next = light.BLUE
        else:
            state.next = light.RED

    return turn


@block
def stepped(clk, go, done):
    state = Signal(step.LOAD)

    @always(clk.posedge)
    def walk():
        if state == step.LOAD:
            state.next = step.WAIT
        elif state == step.WAIT and go:
            state.next = step.DONE
        else:
            state.next = step.LOAD

    @always_comb
    def tell():
        done.next = state == step.DONE

    return walk, tell


@block
def enums_of_two_blocks(clk: Clock, go: In[bool], done: Out[bool], green: Out[bool]):
    state = Signal(light.RED)

    @always_comb
    def tell():
        green.next = state == light.GREEN

    return cycled(clk, state), stepped(clk, go, done), tell
