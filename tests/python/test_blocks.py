"""What calling a block records: arguments, local names, children and their names."""

import sys
import threading

import pytest

from pyhw import (
    BlockError,
    In,
    Out,
    ResetSignal,
    Signal,
    always,
    always_comb,
    always_seq,
    block,
    delay,
    instance,
    instances,
    intbv,
    uint,
)


@block
def register(clk, d, q, init=3, *rest, mode="fast", **options):
    """keeps a value."""
    local = Signal(intbv(0)[4:])

    @always(clk.posedge)
    def store():
        q.next = d

    after = local
    return store


@pytest.fixture
def nets():
    return [Signal(bool(0)) for _ in range(3)]


def test_arguments_are_recorded_by_name_in_order_with_defaults(nets):
    clk, d, q = nets
    made = register(clk, q=q, d=d, mode="slow", depth=5)
    assert list(made.args) == ["clk", "d", "q", "init", "mode", "rest", "options"]
    assert made.args["clk"] is clk and made.args["d"] is d and made.args["q"] is q
    assert made.args["init"] == 3 and made.args["mode"] == "slow"
    assert made.args["rest"] == () and made.args["options"] == {"depth": 5}
    more = register(clk, d, q, 7, 8, 9)
    assert more.args["init"] == 7 and more.args["rest"] == (8, 9) and more.args["mode"] == "fast"


def test_local_names_are_those_at_return(nets):
    made = register(*nets)
    assert {"local", "after", "store", "clk", "init"} <= set(made.locals)
    assert made.locals["after"] is made.locals["local"]
    assert made.subs == [made.locals["store"]]


def test_names_assigned_after_the_last_process_are_kept(nets):
    @block
    def top():
        @always_comb
        def logic():
            nets[0].next = nets[1]

        result = logic
        del logic
        late = 5
        return result

    names = top().locals
    assert names["late"] == 5 and "logic" not in names


def test_names_that_a_process_closes_over_are_kept(nets):
    @block
    def top():
        captured = Signal(intbv(1)[4:])

        @always_comb
        def logic():
            nets[0].next = captured[0]

        captured = Signal(intbv(2)[4:])
        return logic

    assert top().locals["captured"].val == 2


def test_place_and_documentation_are_recorded(nets):
    made = register(*nets)
    assert made.func is register.func and made.func.__name__ == "register"
    assert made.doc == "keeps a value." and made.file == __file__
    assert made.line == register.func.__code__.co_firstlineno
    assert made.verilog_code is None and made.vhdl_code is None


def test_children_are_named_after_local_names(nets):
    clk, d, q = nets

    @block
    def top():
        first = register(clk, d, q)
        taps = [register(clk, d, q) for _ in range(2)]
        grid = [[register(clk, d, q)], (register(clk, d, q),)]
        by_key = {"left": register(clk, d, q)}
        return first, taps, grid, list(by_key.values())

    names = [sub.name for sub in top().subs]
    assert names == ["first", "taps_0", "taps_1", "grid_0_0", "grid_1_0", "by_key_left"]


def test_a_list_names_the_blocks_of_a_loop(nets):
    clk, d, q = nets

    @block
    def top():
        stages = []
        for _ in range(3):
            stage = register(clk, d, q)
            stages.append(stage)
        return stages

    assert [sub.name for sub in top().subs] == ["stages_0", "stages_1", "stages_2"]


def test_a_list_of_named_blocks_leaves_their_names(nets):
    clk, d, q = nets

    @block
    def top():
        left = register(clk, d, q)
        right = register(clk, q, d)
        both = [left, right]
        return both

    assert [sub.name for sub in top().subs] == ["left", "right"]


def test_a_child_without_a_local_name_is_called_after_its_function(nets):
    @block
    def fresh(clk):
        @always(clk.posedge)
        def logic():
            pass

        return logic

    @block
    def top():
        return fresh(nets[0]), fresh(nets[0])

    assert [sub.name for sub in top().subs] == ["fresh0", "fresh1"]


def test_a_name_that_the_user_gives_stays(nets):
    @block
    def top():
        child = register(*nets)
        child.name = "mine"
        return child

    assert top().subs[0].name == "mine"


def test_skipname_leaves_a_block_without_name(nets):
    @block(skipname=True)
    def hidden():
        child = register(*nets)
        return child

    made = hidden()
    assert made.name is None and made.subs[0].name == "child"


class Component:
    def __init__(self, sig):
        self.sig = sig

    @block
    def part(self, q, gain=2):
        self.part.verilog_code = "assign $q = $gain;"
        self.inner = register(q, q, q)

        @always_comb
        def logic():
            q.next = self.sig

        return logic, self.inner


def test_a_method_is_a_block_with_its_object(nets):
    owner = Component(nets[0])
    made = owner.part(nets[1])
    assert made.owner is owner and list(made.args) == ["q", "gain"]
    assert made.func is Component.part.func
    assert made.locals["self"] is owner
    assert made.subs[1].name == "inner"
    assert made.call_name == "Component0_part0"
    assert owner.part(nets[1]).call_name == "Component0_part1"
    assert Component(nets[0]).part(nets[1]).call_name.startswith("Component1")


def test_user_code_of_a_method_is_found(nets):
    made = Component(nets[0]).part(nets[1])
    # Signals stay names of the design, other values are put in.
    assert made.verilog_code.template() == ("assign ${q} = 2;", {"q": nets[1]})
    assert made.vhdl_code is None


def test_user_code_of_a_function_is_found(nets):
    @block
    def counter(count, width):
        counter.vhdl_code = "x <= $count; -- $width"

        @always_comb
        def logic():
            count.next = 1

        return logic

    counter.verilog_instance = "u1"
    made = counter(nets[0], 7)
    assert made.vhdl_code.language == "vhdl" and "-- 7" in str(made.vhdl_code)
    assert made.verilog_code.is_instance
    assert made.verilog_code.template() == ("counter u1 (\n    .count (${count})\n);", {"count": nets[0]})


def test_user_code_names_a_list_of_signals_among_the_parameters(nets):
    @block
    def reader(taps, mem_size):
        own = list(nets)

        @always_comb
        def logic():
            nets[0].next = own[mem_size] and taps[0]

        return logic

    taps = [Signal(bool(0)) for _ in range(2)]
    reader.verilog_code = 'assign q = taps[1] + $taps[0] + taps_1; // taps\nshow u (.taps (x)); $$write("taps"); own[0]'
    text, signals = reader(taps, 1).verilog_code.template()
    assert text == 'assign q = ${taps}[1] + ${taps}[0] + taps_1; // taps\nshow u (.taps (x)); $write("taps"); own[0]'
    assert signals == {"taps": taps}
    reader.vhdl_code = "u : show port map (taps => taps); -- taps"
    assert reader(taps, 1).vhdl_code.template()[0] == "u : show port map (taps => ${taps}); -- taps"
    reader.verilog_instance = "u1"
    assert reader(taps, 1).verilog_code.template()[0] == "reader u1 (\n    .taps ({${taps}[1], ${taps}[0]})\n);"


def test_a_block_drives_what_its_own_function_says_it_drives():
    clk, d, a, q = (Signal(bool(0)) for _ in range(4))

    @block
    def register(q, d, clk):
        @always(clk.posedge)
        def logic():
            q.next = d

        q.driven = "reg"
        d.read = clk.read = True
        return logic

    register.verilog_code = "always @(posedge $clk) $q <= $d;"
    first, second = register(a, d, clk), register(q, a, clk)
    assert [code.verilog_code.drives(a) for code in (first, second)] == [True, False]
    assert [code.verilog_code.drives(q) for code in (first, second)] == [False, True]
    # What is said outside of such blocks is said of all of them.
    d.driven = "wire"
    assert first.verilog_code.drives(d)


def test_an_unknown_name_in_user_code_is_an_error(nets):
    from pyhw import ToVerilogError

    @block
    def wrong():
        @always_comb
        def logic():
            nets[0].next = 1

        return logic

    wrong.verilog_code = "assign $nowhere = 1;"
    with pytest.raises(ToVerilogError, match="function wrong starting on line"):
        str(wrong().verilog_code)


def test_processes_record_what_they_wait_for(nets):
    clk, d, q = nets
    rst = ResetSignal(0, active=1, isasync=False)

    @always(clk.posedge, d, delay(3))
    def one():
        pass

    @always_seq(clk.negedge, reset=rst)
    def two():
        pass

    @always_comb
    def three():
        pass

    @instance
    def four():
        yield delay(1)

    assert one.kind == "always" and one.sens[0]._kind == "posedge" and one.sens[1] is d and one.sens[2]._time == 3
    assert two.kind == "seq" and two.edge._sig is clk and two.edge._kind == "negedge" and two.reset is rst
    assert three.kind == "comb" and three.func.__name__ == "three"
    assert four.kind == "instance" and four.gen is None
    assert [process.name for process in (one, two, three, four)] == ["one", "two", "three", "four"]


def test_a_process_made_in_a_comprehension_belongs_to_the_block(nets):
    def body():
        nets[0].next = nets[1]

    @block
    def top():
        processes = [always_comb(body) for _ in range(2)]
        return processes

    made = top()
    assert len(made.subs) == 2 and "processes" in made.locals


def test_a_process_made_outside_a_block_is_refused_in_it(nets):
    def helper():
        @always_comb
        def logic():
            nets[0].next = nets[1]

        return logic

    @block
    def top():
        return helper()

    with pytest.raises(BlockError, match="subblock helper should be encapsulated"):
        top()


def test_nothing_is_left_behind_by_a_block_that_fails(nets):
    from pyhw import _scope

    @block
    def failing():
        register(*nets)
        raise KeyError("oh")

    with pytest.raises(KeyError):
        failing()
    assert not _scope._building


def test_instances_collects_local_blocks_and_processes(nets):
    @block
    def top():
        a = register(*nets)

        @always_comb
        def logic():
            nets[0].next = nets[1]

        number = 5
        empty = []
        return instances()

    assert [type(sub).__name__ for sub in top().subs] == ["Block", "Process"]


def test_recording_works_under_a_trace_function(nets):
    lines = []

    def tracer(frame, event, arg):
        lines.append(event)
        return tracer

    previous = sys.gettrace()
    sys.settrace(tracer)
    try:
        made = register(*nets)
    finally:
        sys.settrace(previous)
    assert lines and "local" in made.locals


def test_threads_do_not_mix_their_blocks():
    made = {}

    def build(number):
        sig = Signal(bool(0))
        for _ in range(50):

            @block
            def top():
                mark = number
                child = register(sig, sig, sig)
                return child

            made.setdefault(number, []).append(top())

    threads = [threading.Thread(target=build, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(b.locals["mark"] == number and b.subs[0].name == "child" for number, bs in made.items() for b in bs)


def test_annotations_are_evaluated_once_and_when_asked():
    @block
    def annotated(d: "In[uint[width]]", q: Out[bool, 1], broken: "no.such.name"):  # noqa: F821
        @always_comb
        def logic():
            q.next = d[0]

        return logic

    width = 6
    function = annotated
    # A free variable of a string annotation is known only if the function closes over it.
    assert function.annotations()["broken"] == "no.such.name"
    assert function.annotations()["q"].init == 1
    assert function.annotations() is function.annotations()
