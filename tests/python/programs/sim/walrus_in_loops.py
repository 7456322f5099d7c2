"""Names that `:=` binds within loops, wherever an expression can stand; and long repeated values."""

from myhdl import Signal, block, delay, instance, intbv


@block
def bench():
    a = Signal(intbv(0)[8:])

    @instance
    def augmented():
        n = 0
        yield delay(100)
        acc = 0
        for _ in range(3):
            a.next = n
            yield delay(1)
            acc += (n := n + 1)
            print("augmented", a, n, acc)

    @instance
    def asserted():
        n = 0
        yield delay(200)
        for _ in range(3):
            assert (n := n + 1) < 10
            print("assert", n)

    @instance
    def text():
        n = 0
        yield delay(300)
        while n < 3:
            print(f"text {(n := n + 1)}")

    @instance
    def index():
        n = 0
        yield delay(400)
        table = [5, 6, 7, 8]
        while n < 3:
            print("index", table[(n := n + 1)])

    @instance
    def matched():
        n = 0
        yield delay(500)
        for _ in range(3):
            match (n := n + 2):
                case 4:
                    print("match four", n)
                case _:
                    print("match", n)

    @instance
    def annotated():
        n = 0
        yield delay(600)
        for _ in range(2):
            total: int = (n := n + 3) + 1
            print("annotated", n, total)

    @instance
    def waited():
        n = 0
        yield delay(700)
        for _ in range(3):
            yield delay((n := n + 1))
            print("yield", n)

    @instance
    def comprehension():
        n = 0
        yield delay(800)
        while n < 4:
            seen = [(n := n + 1) for _ in range(2)]
            print("comprehension", n, seen)

    @instance
    def called():
        n = 0
        yield delay(900)
        for _ in range(3):
            print("call", max((n := n + 1), 2))
            print("choice", n if (m := n) > 1 else -1, m)

    @instance
    def read_before():
        n = 0
        yield delay(950)
        for _ in range(3):
            print("before", n + (n := n + 1), [n, (n := n * 2), n])

    @instance
    def augmented_itself():
        n = 1
        yield delay(970)
        for _ in range(3):
            n += (n := n * 2)
            print("itself", n)
            n -= (n := 5) + n
            print("itself", n)

    @instance
    def repeated():
        n = 0
        yield delay(1000)
        print(n, len([0] * 70000))

    @instance
    def repeated_text():
        n = 0
        yield delay(1100)
        print(n, len("ab" * 70000), len([0] * -1))

    return read_before, augmented, augmented_itself, asserted, text, index, matched, annotated, waited, comprehension, called, repeated, repeated_text


if __name__ == "__main__":
    bench().run_sim()
