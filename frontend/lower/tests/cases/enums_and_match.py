#: bool clk go
#: enum State IDLE RUN DONE
#: signal-of State state
#: u2 code
#: posedge clk
def fsm():
    match state:
        case State.IDLE:
            if go:
                state.next = State.RUN
        case State.RUN | State.DONE:
            state.next = State.IDLE
    code.next = 1 if state == State.RUN else 2
