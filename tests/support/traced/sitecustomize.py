"""Python loads this first where its folder is on the path: it notes who is called.

Every connection to another machine, and every look-up of a name, becomes a line of the
file that a variable names; no name is ever resolved, as with a resolver that is silent.
"""

import os
import sys
import time
from pathlib import Path

_NOTES = Path(os.environ["CALLS_NOTED_IN"])
_SILENT_SECONDS = 20
_HERE = {"localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "", None}
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_CALLS = {"socket.connect": 1, "socket.sendto": 1}


def _note(event: str, args: tuple[object, ...]) -> None:
    if event in _LOOKS_UP:
        asked = args[0]
    elif event in _CALLS:
        address = args[_CALLS[event]]
        asked = address[0] if isinstance(address, tuple) else None
    else:
        return
    name = asked.decode() if isinstance(asked, bytes) else asked
    if name in _HERE:
        return
    with _NOTES.open("a") as file:
        file.write(f"{event} {name} by {sys.argv[:2]}\n")
    if event in _LOOKS_UP:
        time.sleep(_SILENT_SECONDS)
        raise OSError("the resolver is silent")


sys.addaudithook(_note)
