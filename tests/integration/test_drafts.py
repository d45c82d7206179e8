"""From an uploaded file to an answer, in real processes; saves that are interrupted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest import (
    check_in_background,
    check_proposal,
    ingest_in_background,
    open_case,
    open_upload,
    propose,
    save_proposal,
)
from ingest.documents import Block
from ingest.publishing import only_writer
from ingest.readers.content import Content
from kb import KnowledgeBase
from kb.errors import (
    IndexLockedError,
    KnowledgeBaseError,
    UnreadableDocumentError,
    UnsupportedFormatError,
)
from kb.settings import Settings
from kb.types import Query
from tests.support.interrupted_saves import DIES, FAILS, REFUSED, THROUGH
from tests.support.made_up_drafts import VALUES, upload
from tests.support.processes import ROOT, environment, until
from tests.support.tiny_corpus import write_tiny_corpus
from tests.unit.ingest.readers.files import REPORTS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        corpus_dir=write_tiny_corpus(tmp_path / "corpus"), index_dir=tmp_path / "index"
    )


def report(name: str) -> bytes:
    return (REPORTS / name).read_bytes()


def test_report_becomes_searchable(settings, tiny_index, embedder):
    """An uploaded PDF is read, filled in, checked, saved, indexed, and then found."""
    shutil.copytree(tiny_index.index_dir, settings.index_dir)  # only news is computed
    draft = open_upload("C:\\inbox\\Memo.pdf", report("hungarian-memo.pdf"), settings)
    assert (draft.name, draft.stem) == ("Memo.pdf", "szalmafutes-tesztfalvan")
    assert (draft.preview.pages, draft.preview.language) == (1, "hu")
    assert [source.source_id for source in draft.values.sources] == ["S1", "S2"]
    values = replace(
        draft.values,
        city="sampleby",
        themes=("district-heating",),
        period="2019",
        summary="Sampleby heats with straw.",
        sources=tuple(
            replace(
                source,
                title="Memo",
                publisher="Sampleby",
                url=f"https://memo.sampleby.example/{source.source_id}",
                language="hu",
            )
            for source in draft.values.sources
        ),
    )
    proposal = propose(draft, values, settings)
    found = check_proposal(draft, proposal, settings)
    assert {p.path for p in found} <= {change.path for change in proposal.changes}

    save_proposal(proposal, settings)
    task = ingest_in_background(settings)
    outcome = task.result()

    assert (outcome.exit_code, outcome.embedded > 0) == (0, True)
    assert (task.progress.step, task.is_running) == ("Verifying", False)
    with closing(KnowledgeBase(settings, embedder)) as kb:
        hits = kb.search(Query("Mennyibe került a szalmakazán?"))
    assert hits[0].case.case_id == "sampleby/szalmafutes-tesztfalvan"
    assert hits[0].passage.page == 1


def test_check_takes_the_text_that_the_preview_has_read(settings):
    """A report is read once: its check goes by the text that its draft came with."""
    draft = upload("ladder.pdf", b"%PDF-1.7 torn")
    content = Content([Block("", "Write to ladder@sampleby.example.")])
    draft = replace(draft, preview=replace(draft.preview, content=content))

    found = check_proposal(draft, propose(draft, VALUES, settings), settings)

    assert {problem.rule for problem in found} == {"personal-data"}


@pytest.mark.parametrize(
    ("name", "raw", "error", "message"),
    [
        ("x.odt", b"PK", UnsupportedFormatError, "'.odt'.*save it as .docx"),
        ("no-ending", b"x", UnsupportedFormatError, "without an ending"),
        ("x.md", b"\xff\xff\xff", UnreadableDocumentError, "x.md:1: .*not UTF-8"),
        ("x.pdf", b"", UnreadableDocumentError, "x.pdf: the file is empty"),
        ("scan.pdf", "scanned.pdf", UnreadableDocumentError, "scan.pdf: .*text layer"),
    ],
)
def test_upload_that_cannot_be_read(settings, name, raw, error, message):
    """A file that cannot be used is refused by its own name, with what to do."""
    raw = raw if isinstance(raw, bytes) else report(raw)
    with pytest.raises(error, match=message):
        open_upload(name, raw, settings)


def test_case_is_opened_with_its_own_values(settings):
    """A case with wrong front matter opens with what it says, ready to be mended."""
    path = settings.corpus_dir / "exampleton" / "biscuit-heat.md"
    path.write_bytes(path.read_bytes().replace(b"period: 2018-2021\n", b""))

    draft = open_case("exampleton/biscuit-heat.md", settings)
    mended = replace(draft.values, period="2018-2021")
    assert draft.text is not None
    text = draft.text.text.replace("## Results", "- No mark.\n\n## Results")
    proposal = propose(draft, mended, settings, text=text)

    assert draft.values.title == "Waste heat from the biscuit factory"
    assert [p.rule for p in propose(draft, draft.values, settings).problems] == [
        "front-matter-schema"
    ]
    assert proposal.is_sound
    rules = {problem.rule for problem in check_proposal(draft, proposal, settings)}
    assert "statement-without-mark" in rules


def test_case_whose_front_matter_does_not_parse(settings):
    """It is not opened, since the form would write over it; the line is named."""
    name = "exampleton/biscuit-heat.md"
    path = settings.corpus_dir / name
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"period: 2018-2021\n", b"period: 2018: yes\n"))
    line = raw.partition(b"period:")[0].count(b"\n") + 1
    told = f"biscuit-heat.md:{line}: the front matter does not parse.*Check indentation"

    with pytest.raises(UnreadableDocumentError, match=told) as caught:
        open_case(name, settings)
    with pytest.raises(UnreadableDocumentError, match=told):
        open_upload("biscuit-heat.md", path.read_bytes(), settings)

    assert (caught.value.path, caught.value.rule) == (name, "front-matter-syntax")


def test_front_matter_file_that_does_not_parse(settings):
    """A slip in a file beside a case is named by that file and its line."""
    (sidecar,) = settings.corpus_dir.glob("*/*.yaml")
    name = sidecar.relative_to(settings.corpus_dir).as_posix()
    sidecar.write_text(f"title: a: b\n{sidecar.read_text()}", encoding="utf-8")

    with pytest.raises(UnreadableDocumentError, match="does not parse") as caught:
        open_case(name.removesuffix(".yaml"), settings)

    assert (caught.value.path, caught.value.line) == (name, 1)


@pytest.mark.parametrize("path", ["../corpus/exampleton/biscuit-heat.md", "x.md", ""])
def test_case_that_is_none_is_refused(settings, path):
    """Only what the corpus lists can be opened, whatever the address says."""
    with pytest.raises(KnowledgeBaseError, match="no case file of the corpus"):
        open_case(path, settings)


def test_second_ingestion_names_the_first(settings):
    """An ingestion that finds another running says who it is."""
    with (
        only_writer(settings.index_dir),
        pytest.raises(IndexLockedError, match="process .* is writing to .*Wait until"),
    ):
        ingest_in_background(settings).result()


def test_ingestion_that_waits_for_another(settings, tiny_index):
    """It begins by itself when the other ends, and reads what was saved meanwhile."""
    shutil.copytree(tiny_index.index_dir, settings.index_dir)
    with only_writer(settings.index_dir):
        task = ingest_in_background(settings, wait=True)
        until(lambda: task.progress.is_waiting)
        path = settings.corpus_dir / "exampleton" / "sunday-bonds.md"
        path.rename(path.with_name("monday-bonds.md"))
        assert task.is_running
    report = task.result()
    assert (report.states["added"], report.states["removed"]) == (1, 1)
    assert [problem.rule for problem in report.to_confirm] == ["renamed-file"]


def test_error_keeps_its_parts(settings):
    """An error of the other process arrives with its kind, reason and remedy."""
    (settings.corpus_dir / "cities.yaml").unlink()
    with pytest.raises(KnowledgeBaseError, match="cities.yaml is missing") as caught:
        ingest_in_background(settings).result()
    assert caught.value.remedy == "Copy it from the shipped corpus."


def test_process_that_is_killed_is_reported(settings):
    """A process that ends before its work is no success, and says what to do."""
    task = check_in_background(settings)
    task._process.kill()
    with pytest.raises(KnowledgeBaseError, match=r"ended early \(exit code -9\)"):
        task.result()


def interrupted(what: str, how: str, folder: Path) -> list[dict[str, Any]]:
    """Return what is left of a save that is interrupted at each of its steps."""
    outcome = subprocess.run(
        [
            *(sys.executable, "-m", "tests.support.interrupted_saves"),
            *(what, how, str(folder)),
        ],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in outcome.stdout.splitlines()]


needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="forks processes")
OLD, NEW = "%PDF-1.3", ("%PDF-1.7", "PK")


@needs_fork
@pytest.mark.parametrize("what", ["new", "same", "other"])
def test_save_that_is_killed_publishes_nothing_wrong(tmp_path, what):
    """Whenever it dies, no text stands under the front matter of another."""
    states = interrupted(what, DIES, tmp_path)

    assert len(states) > 2
    for left in states:
        state = left["state"]
        for name, text in state.items():
            title = state.get(f"{name}.yaml")
            if title is not None and name != "borrowed-bricks.md":
                is_old = title.startswith("title: A walking")
                assert text.startswith(OLD if is_old else NEW), state
        assert {"walking-diary.pdf", "walking-diary.pdf.yaml"} <= {
            *state,
            *left["kept"],
        }


@needs_fork
@pytest.mark.parametrize("what", ["new", "same", "other"])
def test_save_that_fails_changes_nothing(tmp_path, what):
    """Whichever step fails, the corpus is as it was, with no copies left behind."""
    states = interrupted(what, FAILS, tmp_path)

    refused = [left for left in states if left["code"] == REFUSED]
    assert len(refused) > 1
    assert states[-1]["code"] == THROUGH
    for left in refused:
        assert set(left["state"]) == {
            *("borrowed-bricks.md", "walking-diary.pdf", "walking-diary.pdf.yaml")
        }
        assert left["state"]["walking-diary.pdf"].startswith(OLD)
        assert left["kept"] == []
