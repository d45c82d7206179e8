"""How a draft is read: sections, passages, pages, language, problems."""

from __future__ import annotations

import streamlit as st

from ingest import Preview
from kb.question.language import UNKNOWN
from ui import markup
from ui.curate import markup as curate_markup
from ui.curate.draft.work import Work
from ui.curate.problems import problem_list
from ui.formats import language_name, number
from ui.texts import _, ngettext
from ui.vocabulary import place, section_name

_MOST_PASSAGES = 20


def preview_view(work: Work) -> None:
    """Draw what an ingestion reads of the draft, as it was when it was opened.

    Once its text has been changed, nothing is drawn: it would tell of the old text. The
    check before the save reads the new one.
    """
    draft, preview = work.draft, work.draft.preview
    if work.text != draft.body:
        return
    st.header(_("How it is read"), anchor=False)
    n_statements = sum(section.statements for section in preview.sections)
    rows = [
        (_("Language"), _language(preview)),
        (_("Sections"), number(len(preview.sections))),
        (_("Passages"), number(len(preview.passages))),
        (_("Statements"), number(n_statements)),
        (_("Open questions"), number(len(preview.open_questions))),
    ]
    if preview.pages:
        rows.insert(1, (_("Pages"), number(preview.pages)))
    st.html(markup.facts(rows))
    if not n_statements:
        st.warning(
            _("No statement was found in it, so it cannot be quoted."),
            icon=":material/warning:",
        )
    if draft.problems:
        problem_list(draft.problems, key=f"preview-{draft.stem}")
    _sections(preview)
    with st.expander(_("Read the passages"), type="compact"):
        _passages(preview)


def _language(preview: Preview) -> str:
    if preview.language == UNKNOWN:
        return _("unknown")
    return language_name(preview.language)


def _sections(preview: Preview) -> None:
    rows = [
        [
            section_name(section.section) or _("(before the first heading)"),
            number(section.passages),
            number(section.statements),
        ]
        for section in preview.sections
    ]
    if rows:
        headings = [_("Section"), _("Passages"), _("Statements")]
        st.html(markup.table(_("Sections"), headings, rows))


def _passages(preview: Preview) -> None:
    for passage in preview.passages[:_MOST_PASSAGES]:
        st.html(
            curate_markup.read_passage(
                place(passage.section, passage.page, uncertain=passage.uncertain),
                [(s.text, s.sources) for s in passage.statements],
                passage.text,
                passage.language,
            )
        )
    hidden = len(preview.passages) - _MOST_PASSAGES
    if hidden > 0:
        st.caption(
            ngettext(
                "{n} more passage is not shown.",
                "{n} more passages are not shown.",
                hidden,
            )
        )
    if preview.open_questions:
        st.html(markup.plain_list(preview.open_questions))
