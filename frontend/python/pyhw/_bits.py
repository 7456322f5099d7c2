"""Two's complement strings and widths.

`width_bits(n)` is the rule by which MyHDL sizes an intbv from its bounds, and `bin(n)` has just
that length.
"""

from __future__ import annotations


def width_bits(number: int) -> int:
    """The length of `bin(number)`: the least bits that tell `number` from others of its sign."""
    if number >= 0:
        return number.bit_length() or 1
    return (~number).bit_length() + 1


def range_bits(low: int, high: int) -> int:
    """The width in bits of the half-open range `low` to `high`, as MyHDL counts it.

    A range that reaches below and above zero has a sign bit.
    """
    if low >= 0:
        return width_bits(high - 1)
    if high <= 1:
        return width_bits(low)
    return max(width_bits(high - 1) + 1, width_bits(low))


def bin(num: object, width: int = 0) -> str:
    """Returns `num` as a string of 0 and 1, in two's complement.

    `width` is the least length: the string is extended to it by its sign.
    """
    number = int(num)  # type: ignore[call-overload]
    bits = width_bits(number)
    text = format(number & ((1 << bits) - 1), "b")
    return text.rjust(width, "1" if number < 0 else "0")
