"""What the Curate page shows and writes, without a browser."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import frontmatter
import pytest
from streamlit.testing.v1 import AppTest

from ingest import BackgroundTask, background, ingest, ingest_in_background
from ingest.drafting import draft, proposal
from ingest.publishing import only_writer
from kb.errors import KnowledgeBaseError
from kb.settings import Settings, load_settings
from tests.support.fakes import RecordingProgress
from tests.support.processes import until
from tests.support.tiny_corpus import BISCUIT_HEAT, change_case
from tests.unit.ingest.readers.files import REPORTS
from tests.unit.ui.made_up_feedback import shown, thumb_down
from ui.curate.corpus_check import checks
from ui.curate.todos import feedback_csv
from ui.feedback import ENCODING, FeedbackError, FeedbackStore

MEMO = REPORTS / "hungarian-memo.pdf"
UPLOADER = "upload-0"


@pytest.fixture
def feedback(tmp_path: Path) -> FeedbackStore:
    """Return the store of the pages, with an unanswered and a badly rated question."""
    store = FeedbackStore(tmp_path / "feedback")
    store.keep_unanswered(shown("Who feeds the *ovens*?"))
    store.rate(thumb_down(comment="The price is <b>old</b>.", passage_id="x#1"))
    return store


@pytest.fixture
def drafts_read_here(monkeypatch) -> None:
    """Start the workers that read drafts here, not each time from a new interpreter.

    That takes seconds; `test_drafts` and the tests in a browser do it.
    """

    def here(call: Callable[..., object], *given: object) -> SimpleNamespace:
        return SimpleNamespace(result=lambda: call(RecordingProgress(), *given))

    def read(path: Path, corpus_dir: Path, settings: Settings) -> SimpleNamespace:
        return here(background._preview, settings, path, corpus_dir)

    monkeypatch.setattr(draft, "preview_in_background", read)
    monkeypatch.setattr(
        proposal, "check_in_background", partial(here, background._check)
    )


@pytest.fixture
def own_corpus(
    open_page, tiny_index, tmp_path, monkeypatch, drafts_read_here
) -> Settings:
    """Return a copy of the tiny corpus and its index, which the pages may change."""
    settings = Settings(
        corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index", curate=True
    )
    shutil.copytree(tiny_index.corpus_dir, settings.corpus_dir)
    shutil.copytree(tiny_index.index_dir, settings.index_dir)
    monkeypatch.setenv("KB_CORPUS_DIR", str(settings.corpus_dir))
    monkeypatch.setenv("KB_INDEX_DIR", str(settings.index_dir))
    monkeypatch.setenv("KB_CURATE", "on")
    return settings


def text_of(app: AppTest) -> str:
    """Return everything that the page tells in words."""
    parts = [*app.markdown, *app.caption, *app.header, *app.subheader, *app.info]
    parts += [*app.success, *app.warning, *app.error]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([*(part.value for part in parts), *html])


def draft_field(app: AppTest, kind: str, name: str):
    """Return a widget of the form by its name in the code."""
    keys = re.compile(rf"draft-\d+-{name}")
    (found,) = [w for w in app.get(kind) if keys.fullmatch(str(w.key))]
    return found


def upload(app: AppTest, name: str, raw: bytes) -> AppTest:
    app.file_uploader(key=UPLOADER).upload(name, raw).run()
    return app.run() if not app.error else app


def latest_check() -> BackgroundTask[Any]:
    """Return the process's check, which all sessions see."""
    check = checks().latest
    assert check is not None
    return check.task


def test_gaps_when_opened(open_page):
    """The gaps count empty cells and name, for each city, what is missing or thin."""
    app = open_page("curate", part="gaps")
    # Exampleton lacks 3 of 9 sections, Sampleby all but 2.
    assert "10 of 18 cells are empty" in text_of(app)
    assert "Exampleton: What was done (3), Governance (0)" in text_of(app)
    # Its ten statements, none compared, rest on three sources, one without a year.
    cells = "".join(f"<td>{n}</td>" for n in (10, 0, 3, 2, 0, 1))
    assert f'<th scope="row">Exampleton</th>{cells}' in text_of(app)


def test_gaps_when_a_theme_is_chosen(open_page):
    """Only cases of the theme count; a city without one is named as such."""
    app = open_page("curate", part="gaps", theme="district-heating")
    assert "<li>Sampleby: no case</li>" in text_of(app)
    cells = "".join(f"<td>{n}</td>" for n in (6, 0, 2, 1, 0, 1))
    assert f'<th scope="row">Exampleton</th>{cells}' in text_of(app)


def test_left_out_when_nothing_was(open_page):
    """An ingestion that took every file is praised, with its day."""
    app = open_page("curate", part="rejected")
    (message,) = app.success
    assert message.value.startswith("Nothing was left out at the last ingestion, on ")


def test_left_out_when_a_file_was(open_page, own_corpus):
    """A rejected file is shown with line, reason and remedy, and leads to its form."""
    bad = BISCUIT_HEAT.replace("period: 2018-2021\n", "")
    path = own_corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    path.write_text(bad, encoding="utf-8")
    ingest(own_corpus, RecordingProgress())

    app = open_page("curate", part="rejected")
    assert "1 file was left out" in text_of(app)
    assert "exampleton/biscuit-heat.md:1</code>" in text_of(app)
    app.button(key="correct-exampleton/biscuit-heat.md").click().run()
    app.run()

    assert app.query_params["file"] == "exampleton/biscuit-heat.md"
    assert "<li>Period</li>" in text_of(app)
    draft_field(app, "text_input", "period").input("2018-2021").run()
    assert "Everything is filled in." in text_of(app)


def test_check_when_asked_for(open_page, own_corpus):
    """The check runs once for a corpus; the next session sees its result at once."""
    path = own_corpus.corpus_dir / "sampleby" / "wrong.md"
    path.write_text("no front matter", encoding="utf-8")
    app = open_page("curate", part="check")
    app.button(key="check-now").click().run()
    latest_check().result()
    app.run()  # a browser does so by itself

    other = open_page("curate", part="check")

    assert "sampleby/wrong.md:1</code>" in text_of(app)
    assert "1 error · 0 warnings" in text_of(app)
    assert text_of(other) == text_of(app)


def test_check_when_only_changed_files_are_asked_for(open_page, own_corpus):
    """Files that the index holds as they are can be left out of the list."""
    path = own_corpus.corpus_dir / "sampleby" / "wrong.md"
    path.write_text("no front matter", encoding="utf-8")
    app = open_page("curate", part="check")
    app.button(key="check-now").click().run()
    latest_check().result()
    app.run()
    assert "exampleton/biscuit-heat.md" in text_of(app)

    app.toggle(key="check-new").set_value(True).run()

    assert "1 file is new or changed since the index was published." in text_of(app)
    assert "sampleby/wrong.md:1</code>" in text_of(app)
    assert "exampleton/biscuit-heat.md" not in text_of(app)

    ingest(own_corpus, RecordingProgress())
    app.run()
    assert "The cases or the index have changed since the last check." in text_of(app)


def test_check_when_another_runs(open_page, own_corpus):
    """While a check runs, other visitors see it and cannot start a second."""
    app = open_page("curate", part="check")
    app.button(key="check-now").click().run()
    other = open_page("curate", part="check")
    running = latest_check()
    checks().start(own_corpus, ("another state", "of corpus and index"))

    assert latest_check() is running
    assert not [b for b in other.button if b.key == "check-now"]
    running.result()


def test_check_when_its_process_dies(open_page, own_corpus):
    """A check that ended early is told in its place, and can be made again."""
    app = open_page("curate", part="check")
    app.button(key="check-now").click().run()
    latest_check()._process.kill()
    with suppress(KnowledgeBaseError):
        latest_check().result()
    app.run()

    (message,) = app.error
    assert "ended early" in message.value
    assert app.button(key="check-now")


def test_check_when_the_corpus_is_gone(open_page, tmp_path, monkeypatch, caplog):
    """A reader gets a number; the log, where it stands too, names the folder."""
    monkeypatch.setenv("KB_CORPUS_DIR", str(tmp_path / "gone"))
    app = open_page("curate", part="check")
    (message,) = app.error
    assert re.search("[0-9a-f]{8}", message.value)
    assert "gone" not in message.value
    assert str(tmp_path / "gone") in caplog.text


def test_questions_when_curating_is_off(open_page, feedback):
    """Who may not curate learns how many questions wait, not what they say."""
    app = open_page("curate", part="questions")
    assert "2 questions wait for an expert" in text_of(app)
    assert "ovens" not in text_of(app)
    assert "KB_CURATE=on" in text_of(app)


def test_questions_when_curating(open_page, own_corpus, feedback):
    """Each question shows what happened and what was said, as text."""
    app = open_page("curate", part="questions")
    told = text_of(app)
    assert "Who feeds the \\*ovens\\*?" in told
    assert "not answered once" in told
    assert "The price is &lt;b&gt;old&lt;/b&gt;." in told
    assert "narrowed to Exampleton" in told.replace("\\", "")


def test_question_when_done(open_page, own_corpus, feedback):
    """A question that is marked as done goes from the list, and can come back."""
    app = open_page("curate", part="questions")
    first = feedback.open_todos()[0]
    app.text_input(key=f"note-{first.todo_id}").input("New case")
    app.button(key=f"settle-{first.todo_id}").click().run()
    assert [todo.note for todo in feedback.settled_todos()] == ["New case"]
    assert "1 question" in text_of(app)

    app.toggle(key="todos-done").set_value(True).run()
    assert "New case" in text_of(app)
    (done,) = feedback.settled_todos()
    app.button(key=f"reopen-{done.todo_id}").click().run()
    assert len(feedback.open_todos()) == 2


def test_question_when_it_cannot_be_settled(
    open_page, own_corpus, feedback, monkeypatch
):
    """A full disk is told in place; the questions stay on the page."""

    def fail(*_given: object) -> None:
        raise FeedbackError("the disk is full.", "Free some space.")

    app = open_page("curate", part="questions")
    monkeypatch.setattr(FeedbackStore, "settle", fail)
    app.button(key=f"settle-{feedback.open_todos()[0].todo_id}").click().run()

    (message,) = app.error
    assert "the disk is full" in message.value
    assert "2 questions" in text_of(app)


def test_feedback_when_downloaded(feedback):
    """The file begins with the mark by which Excel knows its letters."""
    raw = feedback_csv(feedback)
    assert raw.startswith(b"\xef\xbb\xbfDay,")
    assert "Who feeds the *ovens*?" in raw.decode(ENCODING)


def test_adding_when_curating_is_off(open_page):
    """Without leave to write nothing can be sent, and a sentence says who decides."""
    app = open_page("curate", part="add")
    assert not app.get("file_uploader")
    assert not [button for button in app.button if button.key != "erase-device"]
    assert "Whoever runs this app turns it on" in text_of(app)


def test_upload_when_it_cannot_be_read(open_page, own_corpus):
    """A file that holds no text is refused with what to do; the page goes on."""
    app = upload(
        open_page("curate", part="add"),
        "scan.pdf",
        (REPORTS / "scanned.pdf").read_bytes(),
    )
    (message,) = app.error
    assert "no page has a text layer" in message.value.replace("\\", "")
    assert app.file_uploader(key=UPLOADER)


def test_upload_limit_is_that_of_the_guide(open_page, own_corpus):
    """What can be sent is what an ingestion reads, and what the guides say."""
    root = Path(__file__).parents[2]
    config = tomllib.loads((root / ".streamlit" / "config.toml").read_text())
    most = own_corpus.file_mb
    assert config["server"]["maxUploadSize"] == most
    assert f"{most} MB" in (root / "corpus" / "README.md").read_text(encoding="utf-8")
    told = (root / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"| `KB_FILE_MB` | {most} MB |" in told
    (uploader,) = open_page("curate", part="add").file_uploader
    assert f"up to {most} MB" in uploader.label


def test_upload_when_the_case_id_is_taken(open_page, own_corpus):
    """A taken name must be changed, or the replacement be said in so many words."""
    app = upload(
        open_page("curate", part="add"), "../../biscuit-heat.md", BISCUIT_HEAT.encode()
    )
    assert "biscuit-heat.md" in text_of(app)
    draft_field(app, "text_input", "stem").input("biscuit-heat").run()
    assert "duplicate-id" in text_of(app)
    assert not [b for b in app.button if b.key == "show-changes"]

    draft_field(app, "checkbox", "replace").check().run()

    assert "Everything is filled in." in text_of(app)
    assert "Nothing: the case says this already." in text_of(app)


def test_sources_when_added_and_removed(open_page, own_corpus):
    """A new source gets the next free id; the others keep what they hold."""
    app = upload(open_page("curate", part="add"), "memo.pdf", MEMO.read_bytes())
    draft_field(app, "text_input", "source-1-title").input("The second").run()
    draft_field(app, "button", "add-source").click().run()
    assert draft_field(app, "text_input", "source-2-id").value == "S3"
    draft_field(app, "button", "remove-0").click().run()

    ids = [w.value for w in app.text_input if str(w.key).endswith("-id")]
    assert ids == ["S2", "S3"]
    assert draft_field(app, "text_input", "source-1-title").value == "The second"


def test_form_when_one_looks_elsewhere(open_page, own_corpus):
    """What was typed is still there after another part of the page was shown."""
    app = upload(open_page("curate", part="add"), "memo.pdf", MEMO.read_bytes())
    draft_field(app, "text_input", "period").input("2019").run()
    app.session_state["part"] = "gaps"
    app.run()
    app.session_state["part"] = "add"
    app.run()

    assert draft_field(app, "text_input", "period").value == "2019"


def test_sessions_have_drafts_of_their_own(open_page, own_corpus):
    """An expert sees no draft of another, and closes only the own one."""
    first = upload(open_page("curate", part="add"), "memo.pdf", MEMO.read_bytes())
    second = open_page("curate", part="add")
    assert second.get("file_uploader")
    upload(second, "biscuits.md", BISCUIT_HEAT.encode())
    second.button(key="close-draft").click().run()

    first.run()

    assert "memo.pdf" in text_of(first)
    assert "biscuits.md" not in text_of(first)


def test_case_when_another_draft_is_in_hand(open_page, own_corpus):
    """A link to a case does not throw away what somebody is working on."""
    app = upload(open_page("curate", part="add"), "memo.pdf", MEMO.read_bytes())
    app.query_params["file"] = "exampleton/biscuit-heat.md"
    app.run()
    assert "First save or close memo.pdf" in text_of(app).replace("\\", "")
    assert draft_field(app, "text_input", "title").value == "Szalmafűtés Tesztfalván"


def test_review_when_an_expert_has_read_the_case(open_page, own_corpus):
    """A reviewed case needs who and when; both reach the file that is proposed."""
    app = open_page("curate", part="add", file="exampleton/biscuit-heat.md")
    draft_field(app, "selectbox", "status").select("reviewed").run()
    assert "names who reviewed it" in text_of(app)
    draft_field(app, "text_input", "by").input("An Invented Expert").run()
    draft_field(app, "date_input", "on").set_value(date(2024, 5, 1)).run()
    app.button(key="show-changes").click().run()
    (diff,) = app.code
    assert "+  by: An Invented Expert\n" in diff.value
    assert "2024-05-01" in diff.value

    app.button(key="save").click().run()
    app.run()
    text = (own_corpus.corpus_dir / "exampleton" / "biscuit-heat.md").read_text()
    assert "status: reviewed\n  by: An Invented Expert" in text
    assert text.endswith(BISCUIT_HEAT.partition("## What was done")[2])


def test_figures_when_confirmed(open_page, own_corpus):
    """What rules read is saved with the case where an expert ticks it, as corrected."""
    app = open_page("curate", part="add", file="exampleton/biscuit-heat.md")
    assert "Key figures, read automatically" in text_of(app)
    box = next(
        box for box in app.checkbox if "figure-" in str(box.key) and "km" in box.label
    )
    n = str(box.key).rpartition("-")[2]
    box.check().run()
    draft_field(app, "selectbox", f"figure-kind-{n}").select("other").run()
    draft_field(app, "text_input", f"figure-what-{n}").input("the pipe").run()
    app.button(key="show-changes").click().run()
    app.button(key="save").click().run()

    assert not app.exception
    path = own_corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    entries: Any = frontmatter.load(str(path)).metadata["figures"]
    assert len(entries) == 1
    entry = entries[0]
    assert entry["kind"] == "other"
    assert entry["what"] == "the pipe"
    assert (entry["value"], entry["unit"]) == (3, "km")
    assert entry["quote"] in path.read_text()


def test_review_when_the_text_is_changed(open_page, own_corpus):
    """A changed text is no longer reviewed, unless somebody has read it anew."""
    app = open_page("curate", part="add", file="exampleton/sunday-bonds.md")
    text = draft_field(app, "text_area", "text")
    text.input(text.value.replace("2 million", "3 million")).run()
    assert "changed after its review" in text_of(app)
    app.button(key="show-changes").click().run()
    (diff,) = app.code
    assert "+  status: draft\n" in diff.value

    draft_field(app, "checkbox", "confirm-review-.*").check().run()
    app.button(key="show-changes").click().run()

    (diff,) = app.code
    assert f"{date.today():%Y-%m-%d}" in diff.value
    assert re.search(r"^\+  text: ['\"]?[0-9a-f]{8}", diff.value, re.MULTILINE)
    assert "changed after its review" not in text_of(app)

    text = draft_field(app, "text_area", "text")
    text.input(text.value.replace("3 million", "4 million")).run()
    assert "changed after its review" in text_of(app)
    assert not draft_field(app, "checkbox", "confirm-review-.*").value


def test_review_when_the_text_was_changed_before(open_page, own_corpus):
    """Who opens a case whose review is outdated is asked, without changing a word."""
    path = own_corpus.corpus_dir / "exampleton" / "sunday-bonds.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2 million", "3 million"), encoding="utf-8")
    app = open_page("curate", part="add", file="exampleton/sunday-bonds.md")
    assert "changed after its review" in text_of(app)
    draft_field(app, "text_input", "by").input("Another Spelling").run()
    assert "changed after its review" in text_of(app)


def test_year_when_it_is_out_of_bounds(open_page, own_corpus):
    """A year that cannot be stays in its field, and is named in what is to do."""
    path = own_corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"year: \d+", "year: 1066", text, count=1), encoding="utf-8")

    app = open_page("curate", part="add", file="exampleton/biscuit-heat.md")

    assert draft_field(app, "number_input", "source-0-year").value == 1066
    assert "= 1066 does not fit" in text_of(app)
    draft_field(app, "number_input", "source-0-year").set_value(2020).run()
    assert "Everything is filled in." in text_of(app)


def test_year_when_only_the_earliest_is_known(open_page, own_corpus):
    """Of a source without a year the form keeps and shows the earliest possible one."""
    path = own_corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("year: null", "year: null\n    not_before: 2019"), encoding="utf-8"
    )

    app = open_page("curate", part="add", file="exampleton/biscuit-heat.md")

    field = draft_field(app, "number_input", "source-1-not-before")
    assert field.value == 2019
    assert "the case says this already" in text_of(app)
    field.set_value(2021).run()
    app.button(key="show-changes").click().run()
    (diff,) = app.code
    assert "-    not_before: 2019\n+    not_before: 2021\n" in diff.value


def test_save_while_another_ingestion_runs(open_page, own_corpus):
    """The index follows by itself when the other has ended; the page says so."""
    app = open_page("curate", part="add", file="exampleton/sunday-bonds.md")
    draft_field(app, "text_input", "title").input("Monday bonds").run()
    app.button(key="show-changes").click().run()
    with only_writer(own_corpus.index_dir):
        app.button(key="save-and-index").click().run()
        task = app.session_state["index-task"]
        until(lambda: task.progress.is_waiting)
        app.run()
        assert "This one follows by itself" in text_of(app)

    assert task.result().states["changed"] == 1
    app.run()
    assert "The index is up to date: 4 cases" in text_of(app)
    told = load_settings().audit_file.read_text().splitlines()
    assert [json.loads(line)["what"] for line in told] == ["save", "index"]


HEAT = "exampleton/biscuit-heat.md"


def test_case_when_somebody_else_changes_something_else(open_page, own_corpus):
    """Other fields and lines are merged by themselves; the difference shows the own."""
    app = open_page("curate", part="add", file=HEAT)
    change_case(
        own_corpus.corpus_dir / HEAT,
        ("period: 2018-2021", "period: 2018-2022"),
        ("fell by 40%", "fell by 45%"),
    )
    draft_field(app, "text_input", "title").input("Biscuit heat").run()

    assert "Their changes and yours are put together" in text_of(app)
    assert draft_field(app, "text_input", "period").value == "2018-2022"
    assert draft_field(app, "text_input", "title").value == "Biscuit heat"
    app.button(key="show-changes").click().run()
    (diff,) = app.code
    assert "+title: Biscuit heat\n" in diff.value
    assert "2018-2022" not in diff.value.replace(" period: 2018-2022", "")
    app.button(key="save").click().run()
    text = (own_corpus.corpus_dir / HEAT).read_text(encoding="utf-8")
    assert "title: Biscuit heat\n" in text
    assert "fell by 45%" in text


def test_case_when_somebody_else_changes_the_same(open_page, own_corpus):
    """The same field and line stand side by side; nothing is saved until decided."""
    app = open_page("curate", part="add", file=HEAT)
    text = draft_field(app, "text_area", "text")
    text.input(text.value.replace("7 million", "8 million")).run()
    change_case(
        own_corpus.corpus_dir / HEAT,
        ("title: Waste heat", "title: Warmth"),
        ("7 million", "9 million"),
    )
    draft_field(app, "text_input", "title").input("Biscuit heat").run()

    assert "Somebody else has changed the same" in text_of(app)
    shown = [code.value for code in app.code]
    assert shown[:2] == ["Biscuit heat", "Warmth from the biscuit factory"]
    assert "8 million crowns" in shown[2]
    assert "9 million crowns" in shown[3]
    assert not [b for b in app.button if b.key in ("show-changes", "apply-merge")]

    title, line = (w for w in app.radio if "merge" in str(w.key))
    title.set_value("theirs")
    line.set_value("both").run()
    app.button(key="apply-merge").click().run()

    body = draft_field(app, "text_area", "text").value
    assert body.index("8 million") < body.index("9 million")
    title = draft_field(app, "text_input", "title")
    assert title.value == "Warmth from the biscuit factory"
    app.button(key="show-changes").click().run()
    (diff,) = app.code
    assert "-" not in [line[:1] for line in diff.value.splitlines()[2:]]


def test_case_when_somebody_else_has_removed_it(open_page, own_corpus):
    """A case that is gone, or was moved, is told and cannot be saved again."""
    app = open_page("curate", part="add", file=HEAT)
    (own_corpus.corpus_dir / HEAT).unlink()
    app.run()
    assert "was moved or removed while you were working on it" in text_of(app)
    assert not [b for b in app.button if b.key == "show-changes"]


def test_preview_when_the_text_is_changed(open_page, own_corpus):
    """What was read of the old text is not shown beside the new one."""
    app = open_page("curate", part="add", file="exampleton/biscuit-heat.md")
    assert "How it is read" in text_of(app)
    draft_field(app, "text_area", "text").input("## Costs\n\nNothing.\n").run()
    assert "How it is read" not in text_of(app)


def test_draft_when_its_copy_is_gone(open_page, own_corpus):
    """A cleared temporary folder is told beside the form; the page goes on."""
    app = upload(open_page("curate", part="add"), "memo.pdf", MEMO.read_bytes())
    app.session_state["draft-work"].draft.copy.unlink()
    app.run()
    (message,) = app.error
    assert "copy of the file is gone" in message.value
    assert app.button(key="close-draft")


def test_index_when_the_corpus_changes_after_an_update(open_page, own_corpus):
    """An update is not praised once the cases have changed again."""
    app = open_page("curate", part="add")
    app.button(key="update-index").click().run()
    app.session_state["index-task"].result()
    app.run()
    assert "The index is up to date" in text_of(app)

    path = own_corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    path.write_bytes(path.read_bytes() + b"\n")
    app.run()

    assert "The index is up to date" not in text_of(app)
    assert "The cases have changed since" in text_of(app)


def test_index_when_something_is_saved_during_an_update(open_page, own_corpus):
    """A save during an update is indexed by a second one, which follows by itself."""
    app = open_page("curate", part="add", file="exampleton/biscuit-heat.md")
    draft_field(app, "text_input", "period").input("2018-2022").run()
    app.button(key="show-changes").click().run()
    first = ingest_in_background(own_corpus, wait=True)
    app.session_state["index-task"] = first
    app.button(key="save-and-index").click().run()
    first.result()
    app.run()

    second = app.session_state["index-task"]
    assert second is not first
    second.result()
    app.run()
    assert "The index is up to date" in text_of(app)


def test_parts_when_the_corpus_is_not_there(open_page, own_corpus):
    """On a machine that has only the index, the page says so and shows the gaps."""
    shutil.rmtree(own_corpus.corpus_dir)
    for part in ("check", "add"):
        (message,) = open_page("curate", part=part).error
        assert message.value.startswith("**The cases cannot be read here.**")
    assert not open_page("curate", part="gaps").error


def test_answer_of_a_city_becomes_a_draft_statement(open_page, own_corpus):
    """What a city answered is saved in its case, with the session as its source."""
    app = open_page("curate", part="answers", case="exampleton/biscuit-heat")
    (text,) = [area for area in app.text_area if "answered" in area.label]
    text.set_value("The bakery is paid 2 crowns a MWh.")
    by, url = app.text_input
    by.set_value("City of Exampleton, energy office")
    url.set_value("https://exampleton.example/session").run()
    app.button(key="file-answer").click().run()
    assert app.query_params["part"] == "add"
    app.button(key="show-changes").click().run()
    app.button(key="save").click().run()
    saved = (own_corpus.corpus_dir / "exampleton/biscuit-heat.md").read_text("utf-8")
    question = "What the factory is paid for its heat is not published."
    assert f"### Answered: {question}" in saved
    assert f"- {question}" not in saved
    assert "- The bakery is paid 2 crowns a MWh. [^S" in saved
    assert "City of Exampleton, energy office" in saved
    assert "status: draft" in saved


def test_answer_needs_a_source(open_page, own_corpus):
    """Nothing can be filed without an answer, an office and an address."""
    app = open_page("curate", part="answers", case="exampleton/biscuit-heat")
    assert app.button(key="file-answer").disabled
