"""How the web app is served: what stands before Streamlit, and how both start."""

from ui.serving.guards import SCRIPT, guards
from ui.serving.stopping import finishing

__all__ = ["SCRIPT", "finishing", "guards"]
