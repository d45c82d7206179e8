"""The door for programs that speak HTTP: a versioned API that only reads.

Every result is JSON in the shapes of `kb.records`; an answer is that of
`mentorkb ask --json`. Errors are problem details with a remedy.
"""

from doors.rest.api import build_api, is_of_api
from doors.rest.desk import Desk
from doors.rest.server import serve

__all__ = ["Desk", "build_api", "is_of_api", "serve"]
