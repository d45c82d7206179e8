"""What is wrong with cases, as pages show it: in English, by file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import streamlit as st

from kb.errors import KnowledgeBaseError
from kb.types import Problem, Severity
from ui import address
from ui.curate import markup as curate_markup
from ui.parts.failure import failed
from ui.texts import ENGLISH, _, ngettext, spoken_language

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
_MOST_SHOWN = 50


def severity_name(severity: Severity) -> str:
    """Return how grave a problem is, in the reader's language."""
    names: dict[Severity, str] = {
        "error": _("Error"),
        "warning": _("Warning"),
        "hint": _("Hint"),
    }
    return names[severity]


def severity_count(severity: Severity, n: int) -> str:
    """Return how many problems are so grave, in the reader's language."""
    if severity == "error":
        return ngettext("{n} error", "{n} errors", n)
    if severity == "warning":
        return ngettext("{n} warning", "{n} warnings", n)
    return ngettext("{n} hint", "{n} hints", n)


def said_in_english() -> None:
    """Tell a reader of another language that the messages are in English."""
    if spoken_language() != ENGLISH:
        st.caption(_("The messages themselves are in English."))


def refused(what: str, error: KnowledgeBaseError) -> None:
    """Tell that something was not done, and why.

    Args:
        what: A sentence in the reader's language.
        error: Why, in English.
    """
    failed(what, error)
    said_in_english()


def problem_list(problems: Sequence[Problem], *, key: str) -> None:
    """Draw problems in their order; of a long list the first ones, until asked.

    Args:
        problems: What to show.
        key: Of this list on the page.
    """
    is_cut = len(problems) > _MOST_SHOWN and not st.session_state.get(f"{key}-all")
    shown = problems[:_MOST_SHOWN] if is_cut else problems
    st.html(curate_markup.problems((severity_name(p.severity), p) for p in shown))
    if is_cut:
        st.button(
            _("Show all {n}", n=len(problems)),
            key=f"{key}-more",
            on_click=lambda: st.session_state.update({f"{key}-all": True}),
        )


def filtered(problems: Sequence[Problem], *, key: str) -> list[Problem]:
    """Draw filters by severity, file and rule; return what they let through.

    Args:
        problems: All of them.
        key: Of these filters on the page.
    """
    counts = Counter(problem.severity for problem in problems)
    present = [severity for severity in SEVERITIES if counts[severity]]
    severities = st.pills(
        _("How grave"),
        present,
        format_func=lambda severity: severity_count(severity, counts[severity]),
        selection_mode="multi",
        key=f"{key}-severity",
    )
    left, right = st.columns(2)
    with left:
        files = _choice(_("Files"), (p.path for p in problems), f"{key}-file")
    with right:
        rules = _choice(_("Rules"), (p.rule for p in problems), f"{key}-rule")
    return [
        problem
        for problem in problems
        if (not severities or problem.severity in severities)
        and (not files or problem.path in files)
        and (not rules or problem.rule in rules)
    ]


def _choice(label: str, values: Iterable[str], key: str) -> list[str]:
    counts = Counter(values)
    chosen = [value for value in st.session_state.get(key, []) if value in counts]
    address.follow(key, chosen)
    return st.multiselect(
        label,
        sorted(counts),
        format_func=lambda value: f"{value} ({counts[value]})",
        key=key,
        placeholder=_("All {n}", n=len(counts)),
    )
