"""Moving a case: document and front matter together, never over another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.drafting.move import move_case, move_text
from ingest.readers import digest_of_text
from ingest.texts import MARK_DIGITS
from kb.errors import CorpusError, KnowledgeBaseError
from kb.settings import Settings
from tests.support.tiny_corpus import (
    BISCUIT_HEAT,
    SUNDAY_BONDS,
    WALKING_DIARY_SIDECAR,
)

LINKED = BISCUIT_HEAT.replace(
    "## Results",
    "- It is like [bricks](../sampleby/borrowed-bricks.md#obstacles). [^S1]\n"
    "- It is like `sampleby/borrowed-bricks`. [^S1]\n\n## Results",
)
DIARY = Path("sampleby/walking-diary.pdf")


@pytest.fixture
def corpus(tiny_corpus: Callable[..., Path]) -> Settings:
    folder = tiny_corpus({"exampleton/biscuit-heat.md": LINKED})
    return Settings(corpus_dir=folder, index_dir=folder.parent / "index")


def files(corpus: Settings) -> set[str]:
    """Return the files in the city folders, what begins with a point left out."""
    return {
        path.relative_to(corpus.corpus_dir).as_posix()
        for path in corpus.corpus_dir.glob("*/*")
        if not path.parent.name.startswith(".")
    }


def test_move_takes_the_sidecar_along(corpus):
    """A report keeps its front matter, and the ending need not be written."""
    before = files(corpus)
    moved = move_case(DIARY, Path("sampleby/school-diary"), corpus)
    assert (moved.new, moved.with_sidecar) == ("sampleby/school-diary.pdf", True)
    assert before - files(corpus) == {str(DIARY), f"{DIARY}.yaml"}
    assert files(corpus) - before == {moved.new, f"{moved.new}.yaml"}
    move_case(Path(moved.new), DIARY, corpus)
    assert files(corpus) == before


def test_move_tells_what_breaks(corpus, monkeypatch):
    """The links to the old id are named by line, and the way back as a command."""
    monkeypatch.chdir(corpus.corpus_dir.parent)
    old, new = Path("corpus/sampleby/borrowed-bricks.md"), Path("exampleton/bricks.md")
    told = move_text(move_case(old, new, corpus))
    first = LINKED[: LINKED.index("- It is like")].count("\n") + 1
    assert (
        f"exampleton/biscuit-heat.md:{first}, exampleton/biscuit-heat.md:{first + 1}"
    ) in told
    assert "was sampleby/borrowed-bricks and is exampleton/bricks." in told
    assert "Its front matter says `city: exampleton` now." in told
    assert "Run `mentorkb check`, then" in told
    assert "`mentorkb move exampleton/bricks.md sampleby/borrowed-bricks.md`" in told


def test_move_names_the_text_of_a_review(corpus):
    """A reviewed case that is changed after the move is known to be another text."""
    old, new = "exampleton/sunday-bonds.md", "exampleton/bonds.md"
    mark = digest_of_text(SUNDAY_BONDS.encode(), old)[:MARK_DIGITS]
    moved = move_case(Path(old), Path(new), corpus)
    text = (corpus.corpus_dir / new).read_text(encoding="utf-8")
    assert f'  text: "{mark}"\n' in text
    assert text.partition("---\n\n")[2] == SUNDAY_BONDS.partition("---\n\n")[2]
    move_case(Path(moved.new), Path(old), corpus)
    assert (corpus.corpus_dir / old).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("sampleby/nothing.md", "sampleby/x.md", "is no case file"),
        ("sampleby", "sampleby/x.md", "4 case files"),
        ("sampleby/orphan.pdf.yaml", "sampleby/x", "no document beside it"),
        ("exampleton/biscuit-heat.md", "sampleby/second", "already that of"),
        (DIARY, "sampleby/x.md", "another ending"),
        (DIARY, "sampleby/borrowed-bricks.pdf", "already that of .*bricks.md"),
        (DIARY, DIARY, "already that of"),
        (DIARY, "sampleby/Not Good.pdf", "does not fit"),
        (DIARY, "atlantis/diary.pdf", "'atlantis' is not in cities.yaml"),
        (DIARY, "diary.pdf", "does not lie in the folder of a city"),
        (DIARY, "../sampleby/diary.pdf", "does not lie in the folder of a city"),
    ],
)
def test_move_when_refused(corpus, old, new, reason):
    """What cannot be moved is told, and nothing is moved or written over."""
    for waiting in ("orphan.pdf.yaml", "second.md.yaml"):
        (corpus.corpus_dir / "sampleby" / waiting).write_text(WALKING_DIARY_SIDECAR)
    before = files(corpus)
    with pytest.raises((CorpusError, KnowledgeBaseError), match=reason):
        move_case(Path(old), Path(new), corpus)
    assert files(corpus) == before


def test_move_when_the_second_file_cannot_be_moved(corpus, monkeypatch):
    """When the document cannot follow, its front matter comes back as it was."""
    rename, before, moved = Path.rename, files(corpus), []
    sidecar = corpus.corpus_dir / f"{DIARY}.yaml"
    text = sidecar.read_text()

    def failing(path: Path, target: Path) -> Path:
        if path.suffix == ".pdf":
            raise PermissionError(13, "not yours")
        moved.append(path)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(KnowledgeBaseError, match=r"not yours.*Nothing was changed"):
        move_case(DIARY, Path("exampleton/diary.pdf"), corpus)
    assert moved[0] == sidecar
    assert files(corpus) == before
    assert sidecar.read_text() == text


def test_move_goes_on_where_one_was_killed(corpus):
    """Front matter that went ahead waits for its document; the same command ends it."""
    folder = corpus.corpus_dir
    (folder / f"{DIARY}.yaml").rename(folder / "sampleby" / "diary.pdf.yaml")
    moved = move_case(DIARY, Path("sampleby/diary.pdf"), corpus)
    assert moved.with_sidecar
    assert {"sampleby/diary.pdf", "sampleby/diary.pdf.yaml"} <= files(corpus)
    assert str(DIARY) not in files(corpus)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_move_writes_the_new_city(corpus, newline):
    """Only the name of the city is another one, byte by byte, and the way back too."""
    path = corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    raw = LINKED.replace("city: exampleton", "city:  'exampleton' # of the factory")
    raw = raw.replace("\n", newline)
    path.write_bytes(raw.encode())
    moved = move_case(path, Path("sampleby/heat"), corpus)
    new = raw.replace("'exampleton'", "sampleby").encode()
    assert (corpus.corpus_dir / moved.new).read_bytes() == new
    moved = move_case(DIARY, Path("exampleton/diary"), corpus)
    sidecar = corpus.corpus_dir / f"{moved.new}.yaml"
    expected = WALKING_DIARY_SIDECAR.replace("city: sampleby", "city: exampleton")
    assert sidecar.read_text() == expected


def test_move_when_the_city_cannot_be_written(corpus):
    """Front matter that does not parse is moved as it is; what it lacks is told."""
    path = corpus.corpus_dir / "exampleton" / "biscuit-heat.md"
    path.write_text(LINKED.replace("themes: [", "themes: [[["))
    told = move_text(move_case(path, Path("sampleby/heat"), corpus))
    assert "Write `city: sampleby` in its front matter." in told


def test_move_gives_a_bad_name_up(corpus):
    """A file is moved away from a name that nobody may choose, and not back to it."""
    bad = corpus.corpus_dir / "sampleby" / "Bad Name.PDF"
    (corpus.corpus_dir / DIARY).rename(bad)
    (corpus.corpus_dir / f"{DIARY}.yaml").rename(bad.with_name("Bad Name.PDF.yaml"))
    moved = move_case(bad, Path("sampleby/good-name"), corpus)
    assert moved.new == "sampleby/good-name.pdf"
    assert "The way back" not in move_text(moved)


def test_move_when_the_corpus_folder_is_a_link(corpus, tmp_path):
    """Both paths may lead through the link."""
    link = tmp_path / "link"
    link.symlink_to(corpus.corpus_dir)
    moved = move_case(link / DIARY, link / "sampleby" / "diary.pdf", corpus)
    assert moved.new == "sampleby/diary.pdf"
    linked = Settings(corpus_dir=link)
    there = corpus.corpus_dir / "sampleby" / "diary.pdf"
    assert move_case(there, link / DIARY, linked).new == str(DIARY)
