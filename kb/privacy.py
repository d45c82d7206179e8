"""Nothing is reported to anybody: what libraries would send home is switched off.

Since 1.29, onnxruntime on Linux sends its maker which models are run and how long they
take, unless this variable is set before it is first imported.
"""

from __future__ import annotations

import os

NO_ORT_TELEMETRY = "ORT_DISABLE_TELEMETRY"


def report_nothing() -> None:
    """Switch reports off for this process and those that it starts."""
    os.environ[NO_ORT_TELEMETRY] = "1"
