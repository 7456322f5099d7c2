"""A bus that nothing drives is None, whichever way a process asks; it differs from every value."""

from myhdl import *


@block
def bench():
    line = TristateSignal(True)
    word = TristateSignal(intbv(0)[4:])
    bit_driver, word_driver = line.driver(), word.driver()
    is_none, is_not_none, equals_none, of_word, itself = [Signal(bool(0)) for _ in range(5)]
    answers = [Signal(bool(0)) for _ in range(9)]

    @always_comb
    def ask():
        is_none.next = line.val is None
        is_not_none.next = line.val is not None
        equals_none.next = line == None  # noqa: E711
        itself.next = line is None or None is word
        if word.val is None:
            of_word.next = True
        else:
            of_word.next = False

    @always_comb
    def compare():
        answers[0].next = line == False  # noqa: E712
        answers[1].next = line != False  # noqa: E712
        answers[2].next = True == line  # noqa: E712
        answers[3].next = line != 1
        answers[4].next = word == 3
        answers[5].next = word != 3
        answers[6].next = word_driver != None and word_driver == 0  # noqa: E711
        if line == 0:
            answers[7].next = 0
        elif line == None:  # noqa: E711
            answers[7].next = 1
        else:
            answers[7].next = 0
        answers[8].next = not line

    @instance
    def drive():
        for bit, value in ((None, 3), (True, None), (False, 0), (None, None)):
            bit_driver.next = bit
            word_driver.next = value
            yield delay(1)
            print(now(), is_none, is_not_none, equals_none, of_word, line.val is None, word.val is None)
            print(itself, [int(answer) for answer in answers])

    return ask, compare, drive


bench().run_sim(quiet=1)
