"""Tuples whose elements have names: as constants, in tables that signals index, made in processes and returned by functions."""

from collections import namedtuple
from typing import NamedTuple

from pyhw import *


class Instruction(NamedTuple):
    opcode: int
    operand: int
    jumps: bool = False


Point = namedtuple("Point", "x y", defaults=[3])
PROGRAM = [Instruction(1, 20), Instruction(operand=7, opcode=2), Instruction(3, 2, True), Instruction(1, 9)]
ORIGIN = Point(5)
SCALES = {"near": Point(1, 2), "far": Point(8, y=16)}


def moved(p, dx, dy=1):
    if dx == 0:
        return Point(p.x, p.y)
    return p._replace(x=p.x + dx, y=p.y + dy)


def split(word):
    return Point(word[8:4], word[4:])


@block
def named_tuples(
    clk: Clock, pc: In[uint[2]], word: In[uint[8]], opcode: Out[uint[2]], operand: Out[uint[6]], jumps: Out[bool],
    x: Out[uint[6]], y: Out[uint[6]], total: Out[uint[8]], same: Out[bool], nearest: Out[uint[8]],
):  # fmt: skip
    pins = Point(Signal(uint[4]), Signal(uint[4], 9))
    choice = Point(word, y)

    @always_comb
    def fetch():
        current = PROGRAM[pc]
        opcode.next = current.opcode
        operand.next = current[1] + PROGRAM[0].operand
        jumps.next = PROGRAM[pc].jumps

    @always(clk.posedge)
    def move():
        p = moved(split(word), pc)
        x.next = p.x
        q = moved(ORIGIN, 2, dy=int(word[0]))
        y.next = q.y + p.y
        a, b = split(word)
        far = SCALES["far"]
        total.next = a * far.x + b + far.y + pins.y
        pins.x.next = b
        pins.y.next = pins.x
        same.next = split(word) == ORIGIN

    @always_comb
    def search():
        best = Point(255, 0)
        for i, step in enumerate(PROGRAM):
            if step.operand < word[6:]:
                best = Point(x=step.operand, y=i)
                break
        nearest.next = best.x + best.y if choice.x[7] else best.y

    return fetch, move, search
