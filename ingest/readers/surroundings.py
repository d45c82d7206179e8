"""What stands around the text of a web page: menus, banners, footers, hidden things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NO_TEXT = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "datalist",
        "dialog",
        "embed",
        "head",
        "iframe",
        "math",
        "menu",
        "nav",
        "noscript",
        "object",
        "option",
        "picture",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
        "del",
        "s",
        "strike",
    ]
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[^;]*line-through", re.I
)
_HEADING = re.compile(r"h[1-6]")
_ROLES = frozenset(
    ["alertdialog", "banner", "complementary", "contentinfo", "dialog", "search"]
)
# Names that page builders give to what surrounds the text, and the words that they put
# around these names: "main-menu", "related-articles". Any other word makes another
# name of it: "market-share", "related-costs".
_SURE = (
    "breadcrumbs? cookies? gdpr menu nav navbar navigation newsletter pager pagination "
    "sidebar skiplinks? toolbar"
)
_VAGUE = "consent related share sharing skip social"
_BEFORE = (
    "article bottom content desktop entry eu footer global has header js left main "
    "mobile page post primary right secondary side site sub top wp"
)
_AFTER = (
    r"area articles banner bar block box btn buttons? col container content dialog "
    r"events feed footer form header icons? inner items? links? lists? left main "
    r"media message mobile modal news notice overlay pages panel popup posts primary "
    r"products right secondary section signup stories subscribe to toggle tools top "
    r"topics widget wrap wrapper \d+"
)


def _one_of(*words: str) -> str:
    return f"(?:{'|'.join(' '.join(words).split())})"


_NAME = _one_of(_SURE, _VAGUE)
_SURE_NAME = re.compile(
    rf"(?:{_one_of(_BEFORE)}-)*(?:{_one_of(_SURE)}|{_NAME}(?:-{_NAME})+"
    rf"|{_NAME}(?=-{_one_of(_AFTER)}))(?:-{_one_of(_AFTER, _SURE, _VAGUE)})*"
    r"|(?:site|global)-?(?:header|footer)"
)
_VAGUE_NAME = re.compile(rf"(?:{_one_of(_BEFORE)}-)*{_one_of(_VAGUE)}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_]+")
# So many words beside links say something.
_PROSE_WORDS = 6
# A list of links is a menu if its links hold nearly all of its text, in few words, or
# where they are many.
_MENU_SHARE = 0.9
_MENU_WORDS = 4
_MANY_LINKS = 40


def is_dropped(element: HtmlElement) -> bool:
    """Return whether an element is never text: it is hidden, struck out or a script."""
    return (
        not isinstance(element.tag, str)
        or element.tag in _NO_TEXT
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def is_navigation(element: HtmlElement) -> bool:
    """Return whether an element leads to other pages, whatever its name is."""
    if _is_kept(element):
        return False
    return (
        element.tag == "nav" or element.get("role") == "navigation" or is_menu(element)
    )


def surrounds(element: HtmlElement) -> bool:
    """Return whether an element stands around the text: a menu, banner or footer."""
    if _is_kept(element):
        return False
    if element.get("role") in _ROLES or is_navigation(element):
        return True
    if element.tag in ("aside", "footer", "header"):
        # Inside an article these hold its own heading and notes.
        return next(element.iterancestors("article", "main"), None) is None
    names = f"{element.get('class', '')} {element.get('id', '')}".split()
    names = [_CAMEL.sub("-", name).strip("-").lower() for name in names]
    if any(map(_SURE_NAME.fullmatch, names)):
        return True
    return any(map(_VAGUE_NAME.fullmatch, names)) and not _is_prose(element)


def _is_kept(element: HtmlElement) -> bool:
    tag = str(element.tag)
    return tag in ("html", "body", "main", "article") or bool(_HEADING.fullmatch(tag))


def is_menu(element: HtmlElement) -> bool:
    """Return whether an element holds nothing but links, of a few words or many."""
    is_list = element.tag in ("ul", "ol", "table")
    if not is_list and element.tag not in ("div", "dl", "section"):
        return False
    links = [_text_of(link) for link in element.iter("a")]
    if len(links) < (2 if is_list else _MANY_LINKS):
        return False
    words = sum(len(link.split()) for link in links)
    is_short = words <= _MENU_WORDS * len(links)
    length = sum(map(len, links)) + len(links)
    return (is_short or len(links) >= _MANY_LINKS) and (
        length >= _MENU_SHARE * len(_text_of(element))
    )


def _is_prose(element: HtmlElement) -> bool:
    links = sum(len(_text_of(link).split()) for link in element.iter("a", "button"))
    return len(_text_of(element).split()) - links >= _PROSE_WORDS


def _text_of(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
