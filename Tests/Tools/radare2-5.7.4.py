"""radare2 5.7.4 from its libraries. Arguments: those of radare2."""
import ctypes
import os
import sys

import libr

library = ctypes.CDLL(os.path.join(os.path.dirname(libr.__file__), "libr", "libr_main.so"))
arguments = [b"radare2"] + [argument.encode() for argument in sys.argv[1:]]
vector = (ctypes.c_char_p * (len(arguments) + 1))(*arguments, None)
sys.exit(library.r_main_radare2(len(arguments), vector))
