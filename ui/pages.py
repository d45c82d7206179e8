"""Where the pages lie, for the navigation and for links to them.

Streamlit takes the address of a page from the name of its file.
"""

ABOUT = "ui/about/about.py"
ASK = "ui/ask/ask.py"
CASE = "ui/case/case.py"
CITY = "ui/city/city.py"
COMPARE = "ui/compare/compare.py"
CURATE = "ui/curate/curate.py"
FIGURES = "ui/figures/figures.py"
LIBRARY = "ui/library/library.py"
PREPARE = "ui/prepare/prepare.py"
QUALITY = "ui/quality/quality.py"
