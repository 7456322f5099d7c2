#: bool clk rst go stop
#: u4 count
#: posedge clk
#: reset rst
def run():
    if go:  # starts
        count.next = 0
    elif stop and not rst:
        pass
    elif 3 <= count < 9:
        # in the middle
        count.next = count + 2
    else:
        count.next = count + 1
