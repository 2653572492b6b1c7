"""Takes the keys away from every window, as another window does that comes before it (XSetInputFocus).

There is no other window on a screen in memory, and no window manager that could bring one.
"""

import ctypes
import ctypes.util
import sys

x = ctypes.CDLL(ctypes.util.find_library("X11"))
x.XOpenDisplay.restype = ctypes.c_void_p

display = ctypes.c_void_p(x.XOpenDisplay(None))
if not display:
    sys.exit(1)
# To the screen itself they would go wherever the pointer is, and that may be the window.
nobody, now = ctypes.c_ulong(0), ctypes.c_ulong(0)
x.XSetInputFocus(display, nobody, 0, now)
x.XSync(display, False)
