"""What the fields of a front matter are called, in the reader's language."""

from __future__ import annotations

from ingest import LISTED_FACTS
from ui.texts import _


def field_name(key: str) -> str:
    """Return the name of a key of a front matter or of a source; else the key."""
    names = {
        "title": _("Title"),
        "city": _("City"),
        "themes": _("Themes"),
        "actors": _("Who"),
        "period": _("Period"),
        "summary": _("Summary"),
        "sources": _("Public sources"),
        "publisher": _("Publisher"),
        "url": _("Address"),
        "language": _("Language"),
        "year": _("Year"),
        "not_before": _("Or not before"),
        "review": _("Review"),
        "checked": _("Compared with its sources"),
        "text": _("Text"),
        "figures": _("Key figures"),
        "conditions": _("Conditions"),
        "steps": _("Steps"),
    }
    return names.get(key, key)


def place_name(key: tuple[str, ...], section: str = "") -> str:
    """Return where in a case something stands, for example in which source.

    Args:
        key: Of the front matter, or beginning with ``text``.
        section: The heading above it in the text, where there is one.
    """
    if key[0] == "sources" and len(key) > 1:
        fields = " / ".join(map(field_name, key[2:])) or "…"
        return _("Source {id}: {fields}", id=key[1], fields=fields)
    if key[0] in LISTED_FACTS:
        return " / ".join((field_name(key[0]), *key[1:]))
    return " / ".join(filter(None, (field_name(key[0]), section)))
