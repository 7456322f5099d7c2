"""A bus that nothing drives is None, whichever way a process asks."""

from myhdl import *


@block
def bench():
    line = TristateSignal(True)
    word = TristateSignal(intbv(0)[4:])
    bit_driver, word_driver = line.driver(), word.driver()
    is_none, is_not_none, equals_none, of_word = [Signal(bool(0)) for _ in range(4)]

    @always_comb
    def ask():
        is_none.next = line.val is None
        is_not_none.next = line.val is not None
        equals_none.next = line == None  # noqa: E711
        if word.val is None:
            of_word.next = True
        else:
            of_word.next = False

    @instance
    def drive():
        for bit, value in ((None, 3), (True, None), (False, 0), (None, None)):
            bit_driver.next = bit
            word_driver.next = value
            yield delay(1)
            print(now(), is_none, is_not_none, equals_none, of_word, line.val is None, word.val is None)

    return ask, drive


bench().run_sim(quiet=1)
