"""The door for programs that speak HTTP: a versioned API that only reads.

Every result is JSON in the shapes of `kb.records`; an answer is that of
`mentorkb ask --json`. Errors are problem details with a remedy.
"""

from doors.rest.api import ADDRESSES, build_api
from doors.rest.server import serve

__all__ = ["ADDRESSES", "build_api", "serve"]
