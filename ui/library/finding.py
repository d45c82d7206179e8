"""Words looked for in the cases of the Library, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from kb import KnowledgeBase
from kb.types import Statement
from kb.words import fold
from ui.state import FIND, knowledge_base
from ui.texts import _

_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Found:
    """Which cases hold the words, and where."""

    cases: frozenset[str]
    """Ids of the cases of which title, summary and statements hold all words."""
    statements: Mapping[str, list[Statement]]
    """The statements that hold all of them, by the id of their case."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A case as it is looked through, folded."""

    head: str
    statements: list[tuple[str, Statement]]


def find_field() -> str:
    """Draw the field for the words; return what is typed, which the address holds.

    Streamlit replaces the address here: what is typed letter by letter is no step to
    go back to.
    """
    typed = st.text_input(
        _("Find in titles, summaries and statements"),
        key=FIND,
        bind="query-params",
        live=True,
        type="search",
        max_chars=_MOST_CHARS,
        placeholder=_("For example: assembly, heat pump"),
        icon=":material/search:",
    )
    return (typed or "").strip()


def find_words(kb: KnowledgeBase, typed: str) -> Found | None:
    """Return where all words of a text stand, or None where there are none.

    Case and accents do not matter, and a part of a word is enough.

    Args:
        kb: The cases.
        typed: The words, in any order.
    """
    wanted = fold(typed).split()
    if not wanted:
        return None
    cases, statements = set[str](), dict[str, list[Statement]]()
    for case_id, text in _texts(kb.manifest.generation).items():
        holding = [
            one for said, one in text.statements if all(word in said for word in wanted)
        ]
        if holding:
            statements[case_id] = holding
        whole = "\n".join([text.head, *(said for said, _one in text.statements)])
        if all(word in whole for word in wanted):
            cases.add(case_id)
    return Found(frozenset(cases), statements)


@st.cache_resource(max_entries=2, show_spinner=False)
def _texts(_generation: str) -> dict[str, _Text]:
    """Return every case as it is looked through; a new index has its own."""
    kb = knowledge_base()
    names = {city.slug: city.name for city in kb.cities}
    found = {
        case.case_id: _Text(
            fold(f"{case.title}\n{case.summary}\n{names[case.city]}"), []
        )
        for case in kb.cases()
    }
    for one in kb.statements():
        if one.case_id in found:
            found[one.case_id].statements.append((fold(one.text), one))
    return found
