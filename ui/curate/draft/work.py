"""The draft that a session works on; no other session sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

import streamlit as st

from ingest import (
    CaseDraft,
    CaseProposal,
    HeaderValues,
    free_source_id,
)
from kb.types import Problem, Source

_WORK = "draft-work"
_numbers = count(1)


@dataclass(frozen=True)
class CheckedProposal:
    """What an expert looks at before saving."""

    proposal: CaseProposal
    found: list[Problem]
    """What the check says of the case as it would be."""


@dataclass
class Work:
    """A draft and what has been filled in so far.

    It is kept beside the widgets because Streamlit forgets what a widget held as soon
    as another part of the page is shown.
    """

    draft: CaseDraft
    values: HeaderValues
    stem: str
    text: str | None
    """The body, where it can be edited."""
    replace: bool = False
    """Whether the draft may take the place of the case that has its id."""
    confirmed: str = ""
    """Mark of the text that an expert has read today, so that a review holds of it."""
    rows: list[int] = field(default_factory=list)
    """A number for each source, which it keeps when others are added or removed."""
    figures_shown: int = 20
    """How many of the figures that were read are drawn."""
    checked: CheckedProposal | None = None
    theirs: CaseDraft | None = None
    """The case as somebody else has saved it meanwhile."""
    number: int = field(default_factory=lambda: next(_numbers))

    def key(self, name: str) -> str:
        """Return the key of a widget, which no other draft uses."""
        return f"draft-{self.number}-{name}"

    def keep(self, name: str, value: object) -> str:
        """Return the key of a widget, which holds a value if it holds none yet."""
        key = self.key(name)
        st.session_state.setdefault(key, value)
        return key

    def go_on_from(
        self, draft: CaseDraft, values: HeaderValues, text: str | None
    ) -> None:
        """Work on another state of the same case from now on, with new widgets."""
        _forget_widgets(self)
        self.draft, self.values, self.text = draft, values, text
        self.rows = list(range(len(values.sources)))
        self.checked = self.theirs = None
        self.number = next(_numbers)

    def add_source(self) -> None:
        """Add an empty source with the next free id."""
        taken = {source.source_id for source in self.values.sources}
        sources = (*self.values.sources, Source(free_source_id(taken)))
        self.values = replace(self.values, sources=sources)
        self.rows.append(max(self.rows, default=-1) + 1)

    def remove_source(self, row: int) -> None:
        """Remove the source with a number."""
        place = self.rows.index(row)
        sources = list(self.values.sources)
        del sources[place], self.rows[place]
        self.values = replace(self.values, sources=tuple(sources))


def work_in_hand() -> Work | None:
    """Return what this session works on."""
    work: Work | None = st.session_state.get(_WORK)
    return work


def take_in_hand(
    draft: CaseDraft, values: HeaderValues | None = None, text: str | None = None
) -> None:
    """Work on a draft from now on, in place of another.

    Args:
        draft: The draft.
        values: What its form begins with; None for its own front matter.
        text: The body that it begins with; None for its own.
    """
    begun = draft.values if values is None else values
    st.session_state[_WORK] = Work(
        draft=draft,
        values=begun,
        stem=draft.stem,
        text=draft.body if text is None else text,
        rows=list(range(len(begun.sources))),
    )


def lay_aside() -> None:
    """Forget the draft and all that was filled in."""
    work = work_in_hand()
    if work:
        _forget_widgets(work)
        del st.session_state[_WORK]


def _forget_widgets(work: Work) -> None:
    prefix = work.key("")
    for key in [k for k in st.session_state if str(k).startswith(prefix)]:
        del st.session_state[key]
