"""The Quality page: what it says about the latest figures, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from evals import LatestEvaluation, Refusals, read_latest
from tests.support.made_up import MANIFEST
from ui.formats import language_name

LATEST = read_latest()


def texts(app: AppTest) -> str:
    """Return all Markdown of a page."""
    return "\n".join(element.value for element in app.markdown)


def tables(app: AppTest, label: str) -> list[str]:
    """Return the tables that have a label."""
    bodies = [html.proto.body for html in app.main.get("html")]
    return [b for b in bodies if "<table>" in b and f'aria-label="{label}"' in b]


def beside() -> LatestEvaluation:
    """Return the latest figures with two invented sets beside them."""
    kept = LATEST.model_dump(exclude={"beside"})
    broad = {
        **kept,
        "refusals": Refusals(
            false_refusals=1,
            answerable=8,
            wrongly_answered={"absent": 3},
            unanswerable={"absent": 4},
        ),
        "command": "mentorkb eval run --split broad-test",
        "calibration_error": 0.07,
    }
    del broad["measures"]["case R(rel=2)@5"]
    both = {"others": LATEST.model_dump(exclude={"beside"}), "broad-test": broad}
    return LatestEvaluation.model_validate({**LATEST.model_dump(), "beside": both})


def test_page_when_other_sets_were_measured(open_page, monkeypatch):
    """The other sets stand beside the test questions, each with its refusals."""
    monkeypatch.setattr("evals.read_latest", beside)
    app = open_page("quality")
    (table,) = tables(app, "Figures of all sets of questions")
    for name in ("Test questions", "By other hands", "Broad questions"):
        assert f'<th scope="col">{name}</th>' in table
    row = table.partition(">All right cases found<")[2].partition("</tr>")[0]
    assert row.count("not measured") == 1
    assert ">Statements that help<" in table
    refused = table.partition(">Wrongly refused<")[2].partition("</tr>")[0]
    assert "<td>12%</td>" in refused  # 1 of 8, to the even digit
    assert "Of 4 such questions, 3 were answered all the same (75%)" in texts(app)
    assert "--split broad-test" in app.code[0].value


def test_page_when_only_the_test_questions_were_measured(open_page, monkeypatch):
    """Without other sets the page shows what there is."""
    alone = LATEST.model_copy(update={"beside": {}})
    monkeypatch.setattr("evals.read_latest", lambda: alone)
    app = open_page("quality")
    assert not app.exception
    assert not tables(app, "Figures of all sets of questions")
    assert "Other sets of questions" not in [header.value for header in app.header]


def test_page_says_when_and_with_what_it_was_measured(open_page):
    """The date, the number of questions and the command stand on the page."""
    app = open_page("quality")
    lead = app.main.get("html")[0].proto.body
    assert f"{LATEST.date:%-d %B %Y}" in lead
    assert f"{LATEST.questions.all} test questions" in lead
    assert LATEST.command in app.code[0].value


def test_page_shows_each_figure_with_its_basis(open_page):
    """A figure has its value, the number of questions and its interval."""
    app = open_page("quality")
    shown = {metric.label: metric.value for metric in app.metric}
    found = LATEST.measures["case Success(rel=2)@5"]
    assert shown["Right case found"] == f"{found.mean:.0%}"
    assert (
        f"{found.n} questions; 95% interval {found.low:.0%} to {found.high:.0%}."
        in [caption.value for caption in app.caption]
    )


def test_page_lists_the_worst_language_first(open_page):
    """The table of languages begins with the worst, in the reader's words."""
    app = open_page("quality")
    (table,) = tables(app, "Figures by language")
    first = table.partition("<tbody>")[2].partition("</tr>")[0]
    code, recall = LATEST.worst_languages("case R(rel=2)@5")[0]
    assert f">{language_name(code)}<" in first
    assert f">{recall.mean:.0%}<" in first
    assert table.count('scope="row"') == len(LATEST.questions.languages)


def test_page_counts_wrong_answers_in_words(open_page):
    """Each kind of question without an answer says how many were answered."""
    found = texts(open_page("quality"))
    for kind, total in LATEST.refusals.unanswerable.items():
        n = LATEST.refusals.wrongly_answered[kind]
        verb = "was" if n == 1 else "were"
        assert f"Of {total} such questions, {n} {verb} answered all the same" in found


def test_page_when_another_corpus_is_in_use(open_page):
    """Figures of other cases than those in use are marked as such."""
    app = open_page("quality")
    (warning,) = app.warning
    assert "the cases" in warning.value
    assert not app.success


def test_page_when_the_figures_cannot_be_read(open_page, tmp_path, monkeypatch, caplog):
    """Readers get a number, under which the log has the reason and the remedy."""
    path = tmp_path / "latest.json"
    path.write_text("{}", encoding="utf-8")
    monkeypatch.setattr("evals.read_latest", lambda: read_latest(path))
    app = open_page("quality")
    (error,) = app.error
    assert re.search("[0-9a-f]{8}", error.value)
    assert "mentorkb" not in error.value
    assert str(tmp_path) not in error.value
    (told,) = [r.getMessage() for r in caplog.records if r.name == "ui.parts.failure"]
    assert "the latest figures cannot be read" in told
    assert "mentorkb eval latest" in told
    assert [title.value for title in app.title] == ["Quality"]


def draw(latest, manifest, settings_digest):
    """Draw the comparison alone; it must stand by itself to be run."""
    from ui.quality.figures import measured_index

    measured_index(latest, manifest, settings_digest)


@pytest.mark.parametrize(
    ("changes", "digest", "named"),
    [
        ({}, LATEST.settings_digest, None),
        ({"corpus_digest": "0"}, LATEST.settings_digest, "the cases differ"),
        ({"backend": "other"}, LATEST.settings_digest, "the embedding model differ"),
        ({}, "0", "the settings of the search differ"),
    ],
    ids=["the same", "cases", "model", "settings"],
)
def test_measured_index(changes, digest, named):
    """What differs from the measured state is named; nothing else is."""
    model, _, backend = LATEST.model.removesuffix(")").partition(" (")
    measured = replace(
        MANIFEST, corpus_digest=LATEST.corpus_digest, model_id=model, backend=backend
    )
    manifest = replace(measured, **changes)
    app = AppTest.from_function(draw, args=(LATEST, manifest, digest)).run()
    assert not app.exception
    assert len(app.success) == (named is None)
    assert [named in warning.value for warning in app.warning] == [True] * bool(named)
