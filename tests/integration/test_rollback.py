"""`mentorkb rollback`: the way back to the index before this one."""

from __future__ import annotations

import json
import shutil
from contextlib import closing

import pytest

from ingest import ingest
from ingest.publishing import rollback
from kb import KnowledgeBase
from kb.errors import IndexDamagedError, IndexMismatchError, IndexNotFoundError
from kb.settings import Settings
from kb.storage import FolderStorage
from tests.support import made_up
from tests.support.editions import (
    asked,
    copy_of,
    edition_1,
    generations,
    publish_edition,
)
from tests.support.fakes import RecordingProgress
from tests.support.processes import arguments, run
from tests.support.tiny_corpus import SUNDAY_BONDS

__all__ = ["edition_1"]


@pytest.fixture(scope="module")
def both(edition_1, tmp_path_factory) -> Settings:
    """Return the settings of an index of editions 1 and 2; copy it."""
    settings = copy_of(edition_1, tmp_path_factory.mktemp("both"))
    publish_edition(settings, 2)
    return settings


@pytest.fixture
def settings(both, tmp_path) -> Settings:
    """Return the settings of an index of editions 1 and 2 that the test may change."""
    return copy_of(both, tmp_path)


def answering(settings: Settings, embedder) -> int:
    """Open what is published; return which edition answers."""
    with closing(KnowledgeBase(settings, embedder)) as kb:
        return asked(kb)


def test_command_publishes_the_one_before(settings, embedder):
    """The edition before answers, and the command says which index that is."""
    outcome = run(arguments(settings, "rollback"))
    assert (outcome.code, "Traceback" in outcome.stderr) == (0, False), outcome.stderr
    manifest = FolderStorage(settings.index_dir).manifest(generations(settings)[0])
    assert manifest.created_at in outcome.stdout
    assert "with 2 cases" in outcome.stdout
    older, newer = generations(settings)
    assert f"(generation {older}), in place of generation {newer}" in outcome.stdout
    assert "It is the oldest that is kept." in outcome.stdout
    assert answering(settings, embedder) == 1


def test_command_as_json(settings, embedder):
    """``--json`` prints the record of the index that is published now."""
    outcome = run(arguments(settings, "rollback", "--json"))
    assert outcome.code == 0, outcome.stderr
    assert json.loads(outcome.stdout)["generation"] == generations(settings)[0]
    assert answering(settings, embedder) == 1


def test_running_knowledge_base_moves(settings, embedder):
    """The next question is answered by the index before; nothing is removed."""
    with closing(KnowledgeBase(settings, embedder)) as kb:
        assert asked(kb) == 2
        older, newer = generations(settings)
        assert rollback(settings).taken.generation == older
        assert asked(kb) == 1
        assert kb.manifest.generation == older
    assert generations(settings) == [older, newer]


def test_when_nothing_older_is_kept(settings, embedder):
    """A second step back fails with a remedy, and the first holds."""
    rollback(settings)
    with pytest.raises(IndexNotFoundError, match="no index older") as caught:
        rollback(settings)
    assert "run `mentorkb ingest`" in caught.value.remedy
    assert answering(settings, embedder) == 1


def test_command_when_nothing_older_is_kept(edition_1, tmp_path):
    """It ends with 2 and one sentence of reason and remedy."""
    settings = copy_of(edition_1, tmp_path)
    outcome = run(arguments(settings, "rollback"))
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == (
        "Error: no index older than the published one is kept. "
        "Correct the corpus and run `mentorkb ingest`.\n"
    )


def test_command_when_the_folder_is_mistyped(tmp_path):
    """No folder is made where there is no index."""
    outcome = run(["rollback", f"--index={tmp_path / 'elsewhere'}"])
    assert (outcome.code, outcome.stdout) == (2, "")
    assert not (tmp_path / "elsewhere").exists()


def test_when_nothing_is_published(tmp_path):
    """An empty index folder is told as that."""
    settings = Settings(corpus_dir=tmp_path, index_dir=tmp_path / "index")
    with pytest.raises(IndexNotFoundError, match="there is no index"):
        rollback(settings)


@pytest.mark.parametrize("part", ["chroma", "lexical", "catalogue.sqlite"])
def test_when_the_older_is_damaged(settings, embedder, part):
    """It is refused, and the present index goes on answering."""
    older, newer = generations(settings)
    path = FolderStorage(settings.index_dir).folder(older) / part
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"no database")
    with pytest.raises(IndexDamagedError, match=older):
        rollback(settings)
    assert FolderStorage(settings.index_dir).current() == newer
    assert answering(settings, embedder) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format_version": 1}, "format 1"),
        ({"splitter_version": 1}, "splitter 1"),
        ({"passage_tokens": 77}, "up to 77 tokens"),
    ],
    ids=["format", "splitter", "passages"],
)
def test_when_nobody_could_open_the_older(settings, embedder, change, message):
    """It is refused, and the present index goes on answering."""
    older, newer = generations(settings)
    path = FolderStorage(settings.index_dir).folder(older) / "manifest.json"
    path.write_text(made_up.changed_manifest(path.read_text(), **change))
    with pytest.raises(IndexMismatchError, match=message):
        rollback(settings)
    assert FolderStorage(settings.index_dir).current() == newer
    assert answering(settings, embedder) == 2


def test_next_ingestion_publishes_the_corpus_again(settings, embedder):
    """The corpus as it is counts, though it is the one that was left; two are kept."""
    with closing(KnowledgeBase(settings, embedder)) as kb:
        rollback(settings)
        assert asked(kb) == 1
    report = ingest(settings, RecordingProgress())
    assert not report.unchanged
    assert answering(settings, embedder) == 2
    assert len(generations(settings)) == 2
    assert FolderStorage(settings.index_dir).current() == generations(settings)[-1]


def test_rollback_step_by_step(settings, embedder):
    """Each step takes the index before the last, and counts those that are left."""
    publish_edition(settings, 3)
    first, second, third = generations(settings)
    step = rollback(settings)
    assert (step.left, step.taken.generation, step.older) == (third, second, 1)
    assert answering(settings, embedder) == 2
    step = rollback(settings)
    assert (step.left, step.taken.generation, step.older) == (second, first, 0)
    assert answering(settings, embedder) == 1


def test_rollback_past_a_damaged_one(settings, embedder):
    """What cannot be opened is named and passed over, and is no further step."""
    publish_edition(settings, 3)
    first, second, third = generations(settings)
    (FolderStorage(settings.index_dir).folder(second) / "catalogue.sqlite").unlink()
    outcome = run(arguments(settings, "rollback"))
    assert outcome.code == 0, outcome.stderr
    passed, told = outcome.stdout.splitlines()
    assert passed.startswith(f"Passed over: generation {second}, because ")
    assert f"(generation {first}), in place of generation {third}" in told
    assert "It is the oldest that is kept." in told
    assert answering(settings, embedder) == 1


def test_rollback_after_a_damaged_one_was_replaced(settings, embedder):
    """What could not be read is no step back from the index in place of it."""
    older, newer = generations(settings)
    (FolderStorage(settings.index_dir).folder(newer) / "catalogue.sqlite").unlink()
    ingest(settings, RecordingProgress())
    assert answering(settings, embedder) == 2
    step = rollback(settings)
    assert (step.taken.generation, dict(step.passed)) == (older, {})
    assert FolderStorage(settings.index_dir).current() == older


def test_rollback_after_a_corrected_corpus(settings, embedder):
    """The way back leads to what was published before, not to what was left."""
    rollback(settings)
    publish_edition(settings, 3)
    assert len(generations(settings)) == 2
    rollback(settings)
    assert answering(settings, embedder) == 1


def test_rollback_forgets_no_review(settings):
    """A review that only the newer index knows still stands for the text of then."""
    path = settings.corpus_dir / "exampleton" / "new-bonds.md"
    path.write_text(SUNDAY_BONDS, encoding="utf-8")
    assert ingest(settings, RecordingProgress()).to_confirm == []
    rollback(settings)
    changed = SUNDAY_BONDS.replace("2 million", "3 million")
    path.write_text(changed, encoding="utf-8")
    report = ingest(settings, RecordingProgress())
    assert [problem.rule for problem in report.to_confirm] == ["outdated-review"]
