import sys
import _frozen_importlib as b
import _frozen_importlib_external as e
_, library, extension, *words = sys.argv
sys.path[0] = library
loader = e.ExtensionFileLoader("pyhw._native", extension)
native = b._load(b.ModuleSpec("pyhw._native", loader, origin=extension))
sys.exit(native.main(["pyhw", *words]))
