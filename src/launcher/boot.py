import sys
import _frozen_importlib as b
import _frozen_importlib_external as e
_, library, extension, *words = sys.argv
sys.path[0] = library
loader = e.ExtensionFileLoader("pyhw._native", extension)
native = b._load(b.ModuleSpec("pyhw._native", loader, origin=extension))
try:
    code = native.main(["pyhw", *words])
except KeyboardInterrupt:
    # It came while nothing was left that it could end.
    code = 130
sys.exit(code)
