"""Closes the window of this name, as a window manager does when its button is pressed (ICCCM section 4.2.8.1).

There is no window manager on a screen in memory, and a test has to ask for the end of an app in its own words.
"""

import ctypes
import ctypes.util
import sys

x = ctypes.CDLL(ctypes.util.find_library("X11"))
Window = ctypes.c_ulong
x.XOpenDisplay.restype = ctypes.c_void_p
x.XDefaultRootWindow.restype = Window
x.XInternAtom.restype = ctypes.c_ulong


class ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", Window),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    ]


# Xlib writes into the whole union, which has room for 24 longs.
class Event(ctypes.Union):
    _fields_ = [("message", ClientMessage), ("room", ctypes.c_long * 24)]


display = ctypes.c_void_p(x.XOpenDisplay(None))
root, parent = Window(), Window()
children, count = ctypes.POINTER(Window)(), ctypes.c_uint()
x.XQueryTree(
    display,
    Window(x.XDefaultRootWindow(display)),
    ctypes.byref(root),
    ctypes.byref(parent),
    ctypes.byref(children),
    ctypes.byref(count),
)
protocols = x.XInternAtom(display, b"WM_PROTOCOLS", False)
delete = x.XInternAtom(display, b"WM_DELETE_WINDOW", False)
closed = 0
for window in children[: count.value]:
    name = ctypes.c_char_p()
    x.XFetchName(display, Window(window), ctypes.byref(name))
    if name.value != sys.argv[1].encode():
        continue
    event = Event()
    event.message.type = 33  # ClientMessage
    event.message.window = window
    event.message.message_type = protocols
    event.message.format = 32
    event.message.data[0] = delete
    x.XSendEvent(display, Window(window), False, ctypes.c_long(0), ctypes.byref(event))
    closed += 1
x.XFlush(display)
sys.exit(0 if closed else 1)
