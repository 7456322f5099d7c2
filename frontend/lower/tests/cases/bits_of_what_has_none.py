#: bool a q r
#: list bool 3 flags
#: enum State IDLE RUN
#: signal-of State s
#: comb
def parts():
    q.next[0] = a
    r.next[4:] = 0
    for i in range(3):
        flags[i].next[i] = a
    s.next[1] = a
