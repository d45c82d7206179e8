"""The check of the corpus: each rule with file, line, severity and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from slugify import slugify

from ingest.check import check_corpus
from ingest.limits import Limits
from kb.settings import Settings
from kb.types import Problem
from tests.support.tiny_corpus import (
    BISCUIT_HEAT,
    CITIES,
    WALKING_DIARY_SIDECAR,
    write_pdf,
)

CASE = "exampleton/biscuit-heat.md"
TODAY = date(2024, 6, 1)


def line_of(text: str, part: str) -> int:
    """Return the line of a text, from 1, on which a part of it first stands."""
    return text[: text.index(part)].count("\n") + 1


def check(corpus: Path, *, max_source_age: int = 15) -> list[Problem]:
    """Return everything that the check finds on the day of the tests."""
    limits = Limits.of(Settings())
    return check_corpus(corpus, limits, today=TODAY, max_source_age=max_source_age)


def faults(corpus: Path) -> list[Problem]:
    """Return the errors and warnings of the check, without its hints."""
    return [problem for problem in check(corpus) if problem.severity != "hint"]


def found(problems: list[Problem], rule: str) -> Problem:
    """Return the only problem of a rule."""
    (problem,) = [problem for problem in problems if problem.rule == rule]
    return problem


def test_check_corpus_when_all_is_well(tiny_corpus):
    """A clean corpus gives hints only, each with its file and line."""
    corpus = tiny_corpus()
    assert faults(corpus) == []
    assert [(p.path, p.line, p.rule) for p in check(corpus)] == [
        ("exampleton/biscuit-heat.md", None, "no-lessons"),
        ("exampleton/biscuit-heat.md", 20, "source-without-year"),
        ("exampleton/biscuit-heat.md", 31, "thin-section"),
        ("exampleton/biscuit-heat.md", 31, "leaning-statement"),
        ("exampleton/biscuit-heat.md", 40, "thin-section"),
        ("exampleton/sunday-bonds.md", None, "no-obstacles"),
        ("exampleton/sunday-bonds.md", 20, "thin-section"),
        ("exampleton/sunday-bonds.md", 25, "leaning-statement"),
        ("exampleton/sunday-bonds.md", 29, "thin-section"),
        ("sampleby/borrowed-bricks.md", None, "no-lessons"),
        ("sampleby/borrowed-bricks.md", 20, "leaning-statement"),
        ("sampleby/borrowed-bricks.md", 21, "leaning-statement"),
        ("sampleby/borrowed-bricks.md", 25, "thin-section"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity", "at", "reason", "remedy"),
    [
        (
            "city: exampleton",
            "city: atlantis",
            "unknown-city",
            "error",
            "city: atlantis",
            "'atlantis' is not in cities.yaml",
            "Use one of exampleton, sampleby.",
        ),
        (
            "city: exampleton",
            "city: sampleby",
            "city-folder",
            "error",
            "city: sampleby",
            "'sampleby' differs from the folder 'exampleton'",
            "Move the file or correct the city.",
        ),
        (
            "themes: [district-heating]",
            "themes:\n- district-heating\n- heating",
            "unknown-theme",
            "error",
            "- heating",
            "'heating' is not in themes.yaml",
            "Use one or more of district-heating, financing,",
        ),
        (
            "## What was done\n",
            "Words before any heading. [^S1]\n\n## What was done\n",
            "no-heading",
            "error",
            "Words before",
            "before the first section heading",
            "below one of the fixed headings",
        ),
        (
            "## Costs",
            "## Expenses",
            "unknown-heading",
            "error",
            "## Expenses",
            "'Expenses' is not one of ours",
            "Use one of: What was done; Governance; Timeline; Costs;",
        ),
        (
            "1,200 homes through a 3 km pipe. [^S1][^S2]",
            "1,200 homes through a 3 km pipe. [^S1][^S9]",
            "mark-without-source",
            "error",
            "- The ovens",
            "the source mark S9 is not in the front matter",
            'Add it under "sources" or remove the mark.',
        ),
        (
            "in 2019. [^S1]",
            "in 2019.",
            "statement-without-mark",
            "error",
            "- The pipe and the heat pump",
            "'The pipe and the heat pump cost 7 million crowns in 2019.' has no source",
            "for example [^S1]",
        ),
        (
            "## Open questions",
            "- In summer the factory gives more heat than the homes need. [^S1]\n\n"
            "## Open questions",
            "repeated-statement",
            "warning",
            "- In summer the factory gives more heat than the homes need. [^S1]",
            "'In summer the factory gives more heat than the homes need.' stands twice",
            "Remove one of the two.",
        ),
        (
            "\nreview: {",
            "\n  S5: {title: T, publisher: P, url: https://x.example, language: en, "
            "year: null}\nreview: {",
            "unused-source",
            "warning",
            "  S5: {",
            "the source S5 is not used",
            "Mark the statements that rest on it, or remove it.",
        ),
        (
            "45 to 80 °C",
            "45 to 80 \ufffdC",
            "encoding",
            "error",
            "- A heat pump",
            "replacement character U+FFFD",
            "Restore the lost letter",
        ),
        (
            "period: 2018-2021\n",
            "",
            "front-matter-schema",
            "error",
            None,
            "the key 'period' is missing",
            "corpus/README.md",
        ),
        (
            "actors: [Crumbly Biscuits, Exampleton Heat]",
            "actors: [Crumbly Biscuits, Exampleton Heat",
            "front-matter-syntax",
            "error",
            "summary:",
            "does not parse",
            "Check indentation and quotes",
        ),
        (
            "period: 2018-2021",
            "period: 2018-2021\ncity: exampleton",
            "duplicate-key",
            "error",
            "city: exampleton\nactors:",
            "'city' is given twice",
            "Keep one of the two",
        ),
        (
            "url: https://crumbly.example/pipe",
            "url: crumbly",
            "malformed-url",
            "error",
            "url: crumbly",
            "'sources.S2.url' = 'crumbly' does not fit",
            "Give the full address",
        ),
        (
            "year: 2021",
            "year: 3021",
            "date",
            "error",
            "year: 3021",
            "'sources.S1.year' = 3021 does not fit",
            "Give the year of publication",
        ),
    ],
    ids=[
        "unknown-city",
        "city-folder",
        "unknown-theme",
        "no-heading",
        "unknown-heading",
        "mark-without-source",
        "statement-without-mark",
        "repeated-statement",
        "unused-source",
        "encoding",
        "front-matter-schema",
        "front-matter-syntax",
        "duplicate-key",
        "malformed-url",
        "date",
    ],
)
def test_check_corpus_when_a_case_breaks_a_rule(
    tiny_corpus, old, new, rule, severity, at, reason, remedy
):
    """Each rule names the file, the line, what is wrong and what to do."""
    assert old in BISCUIT_HEAT
    text = BISCUIT_HEAT.replace(old, new)
    problem = found(faults(tiny_corpus({CASE: text})), rule)
    assert (problem.path, problem.severity) == (CASE, severity)
    assert reason in problem.reason
    assert remedy in problem.remedy
    if at:
        assert problem.line == line_of(text, at)


def test_check_corpus_when_a_case_states_nothing(tiny_corpus):
    """A case with open questions only is an error of the whole file."""
    header, _, _ = BISCUIT_HEAT.partition("## What was done")
    text = header + "## Open questions\n\n- Who paid?\n"
    problem = found(faults(tiny_corpus({CASE: text})), "no-statements")
    assert (problem.path, problem.line, problem.severity) == (CASE, None, "error")
    assert problem.remedy == "Add at least one section with statements."


@pytest.mark.parametrize(
    "stem", ["Heat", "h\u00e9at", "heat pump", "heat_pump", "heat-"]
)
def test_check_corpus_when_a_file_name_is_no_slug(tiny_corpus, stem):
    """A file name that cannot be an id is named, with one that can."""
    name = f"exampleton/{stem}.md"
    problem = found(faults(tiny_corpus({name: BISCUIT_HEAT})), "file-name")
    assert (problem.path, problem.line, problem.severity) == (name, None, "error")
    assert f"{stem!r} contains characters other" in problem.reason
    assert "lower-case letters a-z, digits and single hyphens" in problem.reason
    assert slugify(stem) + ".md" in problem.remedy


def test_check_corpus_when_two_files_share_a_case_id(tiny_corpus):
    """The later of two files with one case id is named, and the earlier one in it."""
    name = "exampleton/drafts/biscuit-heat.md"
    problem = found(faults(tiny_corpus({name: BISCUIT_HEAT})), "duplicate-id")
    assert (problem.path, problem.line, problem.severity) == (name, None, "error")
    assert f"'exampleton/biscuit-heat' is already that of {CASE}" in problem.reason
    assert problem.remedy == "Rename one of the two files."


@pytest.mark.parametrize(
    ("name", "content", "line", "rule"),
    [
        ("photo.jpg", b"\xff\xd8", None, "unsupported-format"),
        ("orphan.pdf.yaml", b"title: T", None, "sidecar-without-file"),
        ("latin.md", "a\nMalmö".encode("latin-1"), 2, "encoding"),
        ("bare.md", b"## Costs\n", 1, "front-matter-missing"),
        ("alone.pdf", b"%PDF", None, "front-matter-missing"),
    ],
    ids=[
        "unknown format",
        "orphaned sidecar",
        "not UTF-8",
        "no header",
        "no header beside",
    ],
)
def test_check_corpus_when_a_file_is_unreadable(tiny_corpus, name, content, line, rule):
    """A file that its reader gives up on is one error; the others are still checked."""
    corpus = tiny_corpus()
    (corpus / "exampleton" / name).write_bytes(content)
    (problem,) = faults(corpus)
    assert (problem.path, problem.line) == (f"exampleton/{name}", line)
    assert (problem.rule, problem.severity) == (rule, "error")
    assert problem.reason
    assert problem.remedy


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BISCUIT_HEAT.split("---\n")[1], "just text\n"),
        ("'on': null", "'on': 2024-13-45"),
        ("period: 2018-2021", f"period: {'[' * 5_000}{']' * 5_000}"),
    ],
    ids=["no keys", "impossible date", "nested without end"],
)
def test_check_corpus_when_a_front_matter_is_very_wrong(tiny_corpus, old, new):
    """A front matter that no rule foresaw does not stop the check of other files."""
    other = "sampleby/latin.md"
    corpus = tiny_corpus({CASE: BISCUIT_HEAT.replace(old, new), other: "no header"})
    paths = {problem.path for problem in faults(corpus)}
    assert paths == {CASE, other}


def test_check_corpus_when_the_front_matter_does_not_parse(tiny_corpus):
    """Marks are not called unknown when the sources could not be read."""
    text = BISCUIT_HEAT.replace("actors: [", "actors: [[")
    rules = {problem.rule for problem in faults(tiny_corpus({CASE: text}))}
    assert rules == {"front-matter-syntax"}


def test_check_corpus_when_a_sidecar_is_wrong(tiny_corpus):
    """A fault in a sidecar is named with the sidecar's path and line."""
    name = "sampleby/walking-diary.pdf.yaml"
    text = WALKING_DIARY_SIDECAR.replace("year: 2023", "year: soon")
    problem = found(faults(tiny_corpus({name: text})), "date")
    assert (problem.path, problem.line) == (name, line_of(text, "year: soon"))


def test_check_corpus_when_a_report_lies_in_another_city(tiny_corpus):
    """The city of a PDF is checked like that of any case."""
    corpus = tiny_corpus({"exampleton/x.pdf.yaml": WALKING_DIARY_SIDECAR})
    write_pdf(corpus / "exampleton" / "x.pdf", ["One."])
    problem = found(faults(corpus), "city-folder")
    assert problem.path.startswith("exampleton/x.pdf")


def test_check_corpus_when_open_questions_carry_no_marks(tiny_corpus):
    """Open questions need no source marks and may repeat a statement."""
    text = BISCUIT_HEAT + "- In summer the factory gives more heat than the homes need."
    assert faults(tiny_corpus({CASE: text})) == []


def test_check_corpus_when_there_are_no_cases(tmp_path, tiny_corpus):
    """A corpus without a case file is an error with the remedy."""
    corpus = tiny_corpus()
    for path in corpus.glob("*/*"):
        path.unlink()
    (problem,) = faults(corpus)
    assert (problem.path, problem.rule) == (str(corpus), "empty-corpus")
    assert "Add a case as <city>/<practice>.md" in problem.remedy


def test_check_corpus_when_the_cities_are_unusable(tiny_corpus):
    """An unusable registry is reported alone, with its file."""
    corpus = tiny_corpus({"cities.yaml": CITIES.replace("value: 12345", "value: 0")})
    (problem,) = faults(corpus)
    assert Path(problem.path).name == "cities.yaml"
    assert (problem.rule, problem.severity) == ("registry", "error")
    assert "0.population.value = 0 does not fit" in problem.reason


def test_check_corpus_when_the_folder_is_missing(tmp_path):
    """A corpus folder that does not exist is a problem and not a crash."""
    (problem,) = faults(tmp_path / "nowhere")
    assert problem.rule == "registry"
    assert "--corpus" in problem.remedy


def test_check_corpus_when_several_files_are_wrong(tiny_corpus):
    """Problems come by path and line, whatever rule found them."""
    text = (
        BISCUIT_HEAT.replace("in 2019. [^S1]", "in 2019. [^S8]")
        .replace("pipe. [^S1][^S2]", "pipe. [^S9]")
        .replace("year: 2021", "year: 3021")
        .replace("45 to 80 °C", "45 to 80 \ufffdC")
    )
    problems = faults(tiny_corpus({"sampleby/bare.md": "x", CASE: text}))
    places = [(p.path, p.line) for p in problems]
    assert places == sorted(places, key=lambda place: (place[0], place[1] or 0))
    assert [p.rule for p in problems] == [
        "date",
        "mark-without-source",
        "encoding",
        "mark-without-source",
        "front-matter-missing",
    ]


def test_check_corpus_when_a_case_breaks_a_rule_of_each_kind(tiny_corpus):
    """Every kind of rule is asked, those that compare cases too."""
    text = BISCUIT_HEAT.replace(
        "- In summer the factory gives more heat than the homes need. [^S2]",
        "- See `exampleton/no-such-case` or write to crumb@crumbly.example. [^S2]\n"
        "- Heat use fell from 25 to 12. [^S2]\n"
        f"- Heat use fell {'more and ' * 30}more. [^S2]\n"
        "- Every brick was cleaned by hand and tested for frost. [^S2]\n"
        "- The first bond issue raised 2 million crowns from 950 residents. [^S2]",
    ).replace("2021", "2004")
    text = text.replace(
        "so an electric", "so a boiler of 3 million crowns, an electric"
    )
    text = text.replace("'on': null", "'on': null, checked: {2024-05-01: [a.1a2b3c4d]}")
    found_rules = {p.rule for p in check(tiny_corpus({CASE: text})) if p.path == CASE}
    assert found_rules >= {
        "dead-reference",
        "personal-data",
        "figure-without-unit",
        "figure-without-year",
        "old-source",
        "source-without-year",
        "no-lessons",
        "thin-section",
        "leaning-statement",
        "long-statement",
        "checked-mark",
    }
    repeats = {p.rule for p in check(tiny_corpus({CASE: text})) if p.path != CASE}
    assert repeats >= {"duplicate-statement", "near-duplicate-statement"}


def test_check_corpus_when_sources_may_be_older(tiny_corpus):
    """The age from which a source counts as old is the caller's."""
    corpus = tiny_corpus({CASE: BISCUIT_HEAT.replace("year: 2021", "year: 2004")})
    assert found(check(corpus), "old-source").line == 14
    assert "old-source" not in {p.rule for p in check(corpus, max_source_age=20)}


def test_check_corpus_when_a_report_has_sections_of_its_own(tiny_corpus):
    """The rules for headings and marks are not asked of a report."""
    report = "sampleby/walking-diary.pdf"
    assert [p for p in check(tiny_corpus()) if p.path == report] == []


def test_check_corpus_when_a_report_repeats_a_case(tiny_corpus):
    """A sentence of a report is compared with the cases and named with its page."""
    corpus = tiny_corpus({"sampleby/x.pdf.yaml": WALKING_DIARY_SIDECAR})
    sentence = "Every brick was cleaned by hand and tested for frost."
    write_pdf(corpus / "sampleby" / "x.pdf", ["One.", f"Two. {sentence}"])
    problem = found(check(corpus), "duplicate-statement")
    assert (problem.path, problem.line) == ("sampleby/x.pdf", None)
    assert problem.reason.startswith("page 2: the statement 'Every brick was")
    assert "stands also in sampleby/borrowed-bricks.md:21." in problem.reason


def test_check_corpus_when_a_link_leads_out(tiny_corpus, tmp_path):
    """A link to a file outside the corpus is an error, and nothing of it is shown."""
    (tmp_path / "secret.txt").write_text("a secret", encoding="utf-8")
    corpus = tiny_corpus()
    (corpus / "exampleton" / "linked.md").symlink_to(tmp_path / "secret.txt")
    (problem,) = faults(corpus)
    assert (problem.path, problem.rule) == ("exampleton/linked.md", "outside-corpus")
    assert "secret" not in problem.reason
