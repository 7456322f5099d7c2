"""Hardware that most designs need, in the same Python as one's own: `from pyhw.hw import fifo`.

Each block has annotated ports, so that it can be emitted alone; as a part of a design it takes the widths of the
signals that it is given. All are for one clock domain, with `synchroniser` as the way in from another one.
"""

from .debouncer import debouncer
from .edge_detector import edge_detector
from .fifo import fifo
from .synchroniser import synchroniser
from .uart import uart_rx, uart_tx

__all__ = ["debouncer", "edge_detector", "fifo", "synchroniser", "uart_rx", "uart_tx"]
