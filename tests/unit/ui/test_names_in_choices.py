"""Names of cities and themes beside which Streamlit draws Markdown."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_names_that_look_like_addresses():
    """They become no links where they can be chosen."""

    def page() -> None:
        from types import SimpleNamespace
        from typing import Any

        from kb.types import Theme
        from tests.support.made_up import case, city
        from ui.library.choice import CaseFilter
        from ui.library.overview import _map
        from ui.prepare.visit_kit import _theme_choice

        _map([city("www.evil.example")], [], CaseFilter())
        themes = [Theme(slug, f"{slug} https://evil.example", "x") for slug in "ab"]
        cases = [case("lund/a", themes=("a", "b"))]
        kb: Any = SimpleNamespace(themes=themes, cases=lambda: cases)
        _theme_choice(kb, "lund")

    drawn = AppTest.from_function(page, default_timeout=60).run()
    assert not drawn.exception
    options = [name for pills in drawn.pills for name in pills.options]
    assert len(options) == 3
    assert not [name for name in options if "www.evil" in name or "https://" in name]
