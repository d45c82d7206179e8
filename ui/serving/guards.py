"""What stands before Streamlit, outermost first, however the app is started."""

from __future__ import annotations

from pathlib import Path

from starlette.middleware import Middleware

from kb import load_settings
from ui.serving.headers import TellBrowsers
from ui.serving.origin import OwnOrigin
from ui.serving.provider import require_provider
from ui.serving.silence import ask_nobody
from ui.serving.uploads import OnlyWanted
from ui.serving.watched import Watched

SCRIPT = Path(__file__).parents[2] / "app.py"
"""What draws the pages."""


def guards() -> list[Middleware]:
    """Return the middleware of the web app; switch off what would call out.

    Raises:
        SettingsError: A setting does not fit, or nobody could log in.
    """
    if load_settings().login:
        require_provider()
    ask_nobody()
    return [
        Middleware(TellBrowsers),
        Middleware(Watched),
        Middleware(OwnOrigin),
        Middleware(OnlyWanted),
    ]
