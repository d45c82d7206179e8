"""The list of case files, and why others in the corpus folder cannot be one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.listing import list_corpus
from kb.errors import CorpusError
from kb.types import Problem
from tests.support.tiny_corpus import write_registry

NOBODY = 65_534


@pytest.fixture
def corpus(tmp_path):
    """Return a folder with the cities and themes of the tiny corpus."""
    write_registry(tmp_path / "corpus")
    (tmp_path / "corpus" / "exampleton").mkdir()
    return tmp_path / "corpus"


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Take away what the superuser may do while the block runs."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_corpus() -> Iterator[Path]:
    """Return a corpus in a folder that every user may enter, unlike ``tmp_path``."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        write_registry(Path(folder))
        (Path(folder) / "exampleton").mkdir()
        yield Path(folder)
        for path in (Path(folder), *Path(folder).glob("*/")):
            path.chmod(0o755)  # or it could not be removed


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def listed(folder: Path) -> list[str]:
    files = list_corpus(folder).files
    return [path.relative_to(folder).as_posix() for path in files]


def rules(folder: Path) -> dict[str, str]:
    """Return the rule of each problem, by its path; a path has only one."""
    problems = list_corpus(folder).problems
    found = {problem.path: problem.rule for problem in problems}
    assert len(found) == len(problems)
    return found


def only_problem(folder: Path) -> Problem:
    (problem,) = list_corpus(folder).problems
    return problem


def test_list_corpus_when_folders_hold_cases(corpus):
    """Case files of all city folders are listed by path; the registry is not."""
    touch(corpus, "sampleby/b.md", "exampleton/z.md", "exampleton/a.pdf")
    assert listed(corpus) == ["exampleton/a.pdf", "exampleton/z.md", "sampleby/b.md"]
    assert rules(corpus) == {}


def test_list_corpus_when_files_are_no_cases(corpus):
    """Sidecars, hidden and scratch files, READMEs and the like are left out."""
    touch(
        corpus,
        "LICENSE",
        "README.md",
        "exampleton/a.pdf",
        "exampleton/a.pdf.yaml",
        "exampleton/readme.txt",
        "exampleton/~$a.docx",
        "exampleton/Thumbs.db",
        "exampleton/desktop.ini",
        "exampleton/.DS_Store",
        "exampleton/.a.md.swp",
        "exampleton/.git/b.md",
        "exampleton/~$scratch/b.md",
        ".obsidian/c.md",
    )
    assert listed(corpus) == ["exampleton/a.pdf"]
    assert rules(corpus) == {}


def test_list_corpus_when_a_format_is_unknown(corpus):
    """A file that no reader knows is listed, so that its reader says what to do."""
    touch(corpus, "exampleton/a.xyz", "exampleton/b")
    assert listed(corpus) == ["exampleton/a.xyz", "exampleton/b"]
    assert rules(corpus) == {}


def test_list_corpus_when_there_are_no_cases(corpus):
    """A corpus without cases has no files and no problems."""
    assert listed(corpus) == []
    assert rules(corpus) == {}


def test_list_corpus_when_a_problem_is_told(corpus):
    """A problem is an error of the whole file, with reason and remedy."""
    touch(corpus, "notes.md")
    problem = only_problem(corpus)
    assert (problem.path, problem.line, problem.severity) == ("notes.md", None, "error")
    assert problem.reason == "the file lies in no city's folder."
    assert problem.remedy == "Move it into the folder of its city."


@pytest.mark.parametrize("name", ["notes.md", "cities.yml", "report.pdf", "themes.txt"])
def test_list_corpus_when_a_file_lies_in_no_city(corpus, name):
    """A file beside the registry belongs to no city."""
    touch(corpus, name)
    assert listed(corpus) == []
    assert rules(corpus) == {name: "city-folder"}


def test_list_corpus_when_a_city_has_files_named_like_the_registry(corpus):
    """Only on top are cities.yaml and themes.yaml the registry."""
    touch(corpus, "exampleton/cities.yaml")
    assert listed(corpus) == ["exampleton/cities.yaml"]


def test_list_corpus_when_a_pipe_has_the_name_of_a_file(corpus):
    """A pipe is told and never opened, which would wait for ever."""
    os.mkfifo(corpus / "exampleton" / "a.md")
    assert listed(corpus) == []
    assert rules(corpus) == {"exampleton/a.md": "not-a-file"}


@pytest.mark.parametrize("name", ["x.pdf", "x.MD", "x.docx", "x.html"])
def test_list_corpus_when_a_folder_has_the_name_of_a_file(corpus, name):
    """A folder that is named like a document is told; what lies in it is listed."""
    touch(corpus, f"exampleton/{name}/inner.md")
    assert listed(corpus) == [f"exampleton/{name}/inner.md"]
    assert rules(corpus) == {f"exampleton/{name}": "not-a-file"}


def test_list_corpus_when_a_folder_has_a_dot_in_its_name(corpus):
    """A folder whose ending is none of a document is a folder like others."""
    touch(corpus, "exampleton/v1.2/a.md")
    assert listed(corpus) == ["exampleton/v1.2/a.md"]
    assert rules(corpus) == {}


@pytest.mark.parametrize(
    "target",
    ["nowhere.md", "a.md", "/dev/null/x", "b" * 300],
    ids=["missing", "itself", "below a device", "too long"],
)
def test_list_corpus_when_a_link_leads_nowhere(corpus, target):
    """A broken link, or one that leads to itself, is told and not followed."""
    (corpus / "exampleton" / "a.md").symlink_to(target)
    assert listed(corpus) == []
    assert rules(corpus) == {"exampleton/a.md": "broken-link"}


def test_list_corpus_when_links_lead_to_each_other(corpus):
    """Two links in a circle are both told."""
    folder = corpus / "exampleton"
    (folder / "a.md").symlink_to("b.md")
    (folder / "b.md").symlink_to("a.md")
    assert listed(corpus) == []
    assert set(rules(corpus).values()) == {"broken-link"}
    assert len(rules(corpus)) == 2


@pytest.mark.parametrize("form", ["{}", "../../{}"], ids=["absolute", "relative"])
def test_list_corpus_when_a_link_leads_out(corpus, tmp_path, form):
    """A link must not bring a file of the computer into the corpus."""
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    target = form.format(secret if form == "{}" else secret.name)
    (corpus / "exampleton" / "a.md").symlink_to(target)
    problem = only_problem(corpus)
    assert listed(corpus) == []
    assert (problem.path, problem.rule) == ("exampleton/a.md", "outside-corpus")
    assert str(secret) not in problem.reason + problem.remedy


def test_list_corpus_when_a_link_leads_out_through_a_link(corpus, tmp_path):
    """A link to a link that leads out leads out, too."""
    (tmp_path / "secret.md").write_text("secret")
    (corpus / "exampleton" / ".hop").symlink_to(tmp_path)
    (corpus / "exampleton" / "a.md").symlink_to(".hop/secret.md")
    assert listed(corpus) == []
    assert rules(corpus) == {"exampleton/a.md": "outside-corpus"}


def test_list_corpus_when_a_sidecar_is_a_link_that_leads_out(corpus, tmp_path):
    """Neither the document nor its front matter from elsewhere is used."""
    (tmp_path / "secret.yaml").write_text("title: secret")
    touch(corpus, "exampleton/a.pdf")
    (corpus / "exampleton" / "a.pdf.yaml").symlink_to(tmp_path / "secret.yaml")
    assert listed(corpus) == []
    assert rules(corpus) == {
        "exampleton/a.pdf": "outside-corpus",
        "exampleton/a.pdf.yaml": "outside-corpus",
    }


def test_list_corpus_when_a_link_stays_inside(corpus):
    """A link to another file of the corpus is a case file of its own."""
    touch(corpus, "sampleby/b.md")
    (corpus / "exampleton" / "a.md").symlink_to("../sampleby/b.md")
    assert listed(corpus) == ["exampleton/a.md", "sampleby/b.md"]
    assert rules(corpus) == {}


def test_list_corpus_when_the_corpus_itself_is_a_link(corpus, tmp_path):
    """The corpus may lie behind a link; its files are inside all the same."""
    touch(corpus, "exampleton/a.md")
    link = tmp_path / "link"
    link.symlink_to(corpus)
    assert listed(link) == ["exampleton/a.md"]
    assert rules(link) == {}


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
def test_list_corpus_when_a_folder_is_a_link(corpus, tmp_path, inside):
    """A linked folder is told and not entered: it may lead anywhere, or in a circle."""
    touch(tmp_path, "elsewhere/secret.md")
    target = corpus if inside else tmp_path / "elsewhere"
    (corpus / "exampleton" / "more").symlink_to(target)
    assert listed(corpus) == []
    expected = "not-a-file" if inside else "outside-corpus"
    assert rules(corpus) == {"exampleton/more": expected}


@pytest.mark.parametrize(
    "name",
    ["a\nb.md", "a\x1b[31m.md", "a\u202eb.md", "a\x7f.md"],
    ids=["line end", "terminal colour", "right to left", "delete"],
)
def test_list_corpus_when_a_name_cannot_be_shown(corpus, name):
    """A name with signs that change the terminal is told without them."""
    touch(corpus, f"exampleton/{name}")
    problem = only_problem(corpus)
    assert listed(corpus) == []
    assert problem.rule == "file-name"
    assert problem.path.isprintable()
    assert problem.reason.isprintable()
    assert problem.path.startswith("exampleton/a")
    assert problem.path.isascii()


def make_bytes_name(corpus: Path, name: bytes) -> None:
    path = Path(os.fsdecode(os.fsencode(corpus) + b"/" + name))
    path.parent.mkdir(exist_ok=True)
    try:
        path.touch()
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")


def test_list_corpus_when_a_name_is_not_utf8(corpus):
    """A name in another encoding, as from an old computer, is told and can be shown."""
    make_bytes_name(corpus, b"exampleton/Malm\xf6.md")
    problem = only_problem(corpus)
    assert listed(corpus) == []
    assert (problem.path, problem.rule) == ("exampleton/Malm\\udcf6.md", "file-name")
    problem.reason.encode()


@pytest.mark.parametrize(
    "name", [b"Malm\xf6/a.md", b"exampleton/x\ny/a.md"], ids=["not UTF-8", "line end"]
)
def test_list_corpus_when_a_folder_cannot_be_shown(corpus, name):
    """What lies in a folder whose name cannot be shown is told, not listed."""
    make_bytes_name(corpus, name)
    assert listed(corpus) == []
    assert list_corpus(corpus).problems
    for problem in list_corpus(corpus).problems:
        assert problem.rule == "file-name"
        assert problem.path.isprintable()
        problem.path.encode()


def test_list_corpus_when_a_name_has_letters_of_all_kinds(corpus):
    """Letters of any script can be shown; whether they make a good id is told later."""
    touch(corpus, "exampleton/Å ß.md", "exampleton/θέρμανση.md")
    assert len(listed(corpus)) == 2
    assert rules(corpus) == {}


@pytest.mark.parametrize("name", ["orphan.pdf.yaml", "orphan.md.yaml"])
def test_list_corpus_when_a_sidecar_is_alone(corpus, name):
    """Front matter without its document is told by the name that is missing."""
    touch(corpus, f"exampleton/{name}")
    problem = only_problem(corpus)
    assert listed(corpus) == []
    assert problem.rule == "sidecar-without-file"
    assert f"there is no '{name.removesuffix('.yaml')}' beside" in problem.reason


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (("exampleton/a.md", "exampleton/a.pdf"), "exampleton/a.pdf"),
        (("exampleton/a.md", "exampleton/0/a.md"), "exampleton/0/a.md"),
        (("exampleton/b/a.md", "exampleton/a/b/a.md"), "exampleton/a/b/a.md"),
        (("exampleton/b/a.md", "exampleton/c/a.md"), "exampleton/c/a.md"),
    ],
    ids=["two formats", "one deeper", "one still deeper", "equally deep"],
)
def test_list_corpus_when_a_case_id_is_taken(corpus, names, taken):
    """The file nearer to the city's folder keeps the id; among equals the first."""
    touch(corpus, *names)
    (first,) = set(names) - {taken}
    problem = only_problem(corpus)
    assert listed(corpus) == [first]
    assert (problem.path, problem.rule) == (taken, "duplicate-id")
    assert f"'exampleton/a' is already that of {first}." in problem.reason


def test_list_corpus_when_a_case_id_is_taken_twice(corpus):
    """Every further file with the id is told, and names the one that keeps it."""
    touch(corpus, *(f"exampleton/{folder}a.md" for folder in ("", "b/", "c/")))
    assert listed(corpus) == ["exampleton/a.md"]
    assert rules(corpus) == {
        "exampleton/b/a.md": "duplicate-id",
        "exampleton/c/a.md": "duplicate-id",
    }


def test_list_corpus_when_two_cities_use_a_name(corpus):
    """A name is taken in its own city only."""
    touch(corpus, "exampleton/a.md", "sampleby/a.md")
    assert len(listed(corpus)) == 2


def test_list_corpus_when_an_unusable_file_has_the_id(corpus):
    """A file that cannot be used takes no id away from one that can."""
    (corpus / "exampleton" / "a.md").symlink_to("nowhere")
    touch(corpus, "exampleton/drafts/a.md")
    assert listed(corpus) == ["exampleton/drafts/a.md"]
    assert rules(corpus) == {"exampleton/a.md": "broken-link"}


def test_list_corpus_when_a_folder_cannot_be_listed(open_corpus):
    """A folder without permission is told, and the others are listed."""
    touch(open_corpus, "exampleton/a.md", "sampleby/b.md")
    (open_corpus / "exampleton").chmod(0)
    with ordinary_user():
        problem = only_problem(open_corpus)
        assert listed(open_corpus) == ["sampleby/b.md"]
    assert (problem.path, problem.rule) == ("exampleton", "unreadable-folder")
    assert "cannot be listed (Permission denied)" in problem.reason


def test_list_corpus_when_a_file_cannot_be_looked_at(open_corpus):
    """A folder that may be listed but not entered gives a problem for each file."""
    touch(open_corpus, "exampleton/a.md")
    (open_corpus / "exampleton").chmod(0o444)
    with ordinary_user():
        assert listed(open_corpus) == []
        assert rules(open_corpus) == {"exampleton/a.md": "unreadable"}


def test_list_corpus_when_it_cannot_be_listed_at_all(open_corpus):
    """A corpus without permission is an error and not an empty corpus."""
    open_corpus.chmod(0o300)
    with (
        ordinary_user(),
        pytest.raises(CorpusError, match=r"listed \(Permission denied\)\. Check its"),
    ):
        list_corpus(open_corpus)


def test_list_corpus_when_a_document_has_the_name_of_a_licence(corpus):
    """Only texts named README or LICENSE are passed over, not documents."""
    touch(
        corpus, "exampleton/license.pdf", "exampleton/LICENSE", "exampleton/readme.md"
    )
    assert listed(corpus) == ["exampleton/license.pdf"]


def test_list_corpus_when_a_folder_only_looks_like_a_saved_page(corpus):
    """Pictures beside a saved page are passed over, documents are not."""
    touch(corpus, "exampleton/heat.html", "exampleton/heat_files/a.png")
    assert listed(corpus) == ["exampleton/heat.html"]
    touch(corpus, "exampleton/heat_2030/plan.pdf")
    assert listed(corpus) == ["exampleton/heat.html", "exampleton/heat_2030/plan.pdf"]
