#: u8 a b
#: list u8 16 mem
#: bool q
#: comb
def look():
    q.next = 0 <= a < 16 < mem[a] + b + (b ^ 3) < 600
