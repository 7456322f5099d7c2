import sys
import _signal
import _frozen_importlib as b
import _frozen_importlib_external as e
_, library, extension, *words = sys.argv
sys.path[0] = library
loader = e.ExtensionFileLoader("pyhw._native", extension)
native = b._load(b.ModuleSpec("pyhw._native", loader, origin=extension))
try:
    if hasattr(_signal, "pthread_sigmask"):
        # The launcher holds interrupts back until there is something that answers them.
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, [_signal.SIGINT])
    code = native.main(["pyhw", *words])
except KeyboardInterrupt:
    # It came while nothing was left that it could end.
    code = 130
sys.exit(code)
