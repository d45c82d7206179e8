"""Nothing is reported to anybody: what libraries would send home is switched off.

Since 1.29, onnxruntime on Linux sends its maker which models are run and how long they
take, unless this variable is set before it is first imported.
"""

from __future__ import annotations

import os
import sys

NO_ORT_TELEMETRY = "ORT_DISABLE_TELEMETRY"


def report_nothing() -> None:
    """Switch reports off for this process and those that it starts.

    Where onnxruntime is loaded already, it is told to stop; what it has prepared until
    then is its own business.
    """
    os.environ[NO_ORT_TELEMETRY] = "1"
    if loaded := sys.modules.get("onnxruntime"):
        loaded.disable_telemetry_events()
