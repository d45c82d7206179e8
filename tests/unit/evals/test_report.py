"""The report, read back with the standard library's HTML parser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from evals.report import write_report
from evals.summary import parse_summary

VOID = {"meta", "br", "hr", "img", "link", "input"}
MARKUP = '<script>alert(1)</script><img src="x"> & "tea"'


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Node]:
        """Yield the node and everything below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child

    def all(self, tag: str) -> list[Node]:
        """Return every element of a kind, itself included."""
        return [node for node in self if node.tag == tag]

    @property
    def text(self) -> str:
        """What it says, with single spaces."""
        parts = [c if isinstance(c, str) else c.text for c in self.children]
        return " ".join(" ".join(parts).split())


class Reader(HTMLParser):
    """Builds a tree; a tag that closes another than the open one is an error."""

    def __init__(self) -> None:
        """Start with an empty page."""
        super().__init__()
        self.root = Node("page")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        """Open an element."""
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            node = self.open[-1].children[-1]
            assert isinstance(node, Node)
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        """Add an element without content."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)

    def handle_endtag(self, tag):
        """Close the open element."""
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        """Add text."""
        self.open[-1].children.append(data)


def mean(value: float, n: int = 8) -> dict[str, Any]:
    return {"mean": value, "low": value - 0.1, "high": value + 0.1, "n": n}


def measured(value: float, levels=("case", "passage")) -> dict[str, Any]:
    return {
        f"{level} {name}": mean(value)
        for level in levels
        for name in ("nDCG@10", "R(rel=2)@5", "Judged@10")
    }


def errors(
    *, refused: int = 0, answerable: int = 0, answered: int = 0, unanswerable: int = 0
) -> dict[str, Any]:
    return {
        "false_refusals": refused,
        "answerable": answerable,
        "wrongly_answered": {"near-miss": answered} if unanswerable else {},
        "unanswerable": {"near-miss": unanswerable} if unanswerable else {},
    }


def answers() -> dict[str, Any]:
    kinds = ["off-topic", "near-miss"]
    return {
        "refusals": {
            "false_refusals": 1,
            "answerable": 8,
            "wrongly_answered": dict(zip(kinds, (0, 3), strict=True)),
            "unanswerable": dict(zip(kinds, (2, 4), strict=True)),
        },
        "refusals_by_kind": {
            "vague": errors(refused=1, answerable=8),
            "near-miss": errors(answered=3, unanswerable=4),
        },
        "refusals_by_language": {
            "fi": errors(refused=1, answerable=5, answered=2, unanswerable=4)
        },
        "calibration": {
            "error": 0.125,
            "bins": [
                {"confidence": 0.25, "answerable": 0.375, "n": 8},
                {"confidence": 0.75, "answerable": 0.625, "n": 6},
            ],
        },
        "curve": [
            {
                "threshold": step / 100,
                "false_refusal_rate": step / 100,
                "wrong_answer_rates": dict.fromkeys(kinds, 1 - step / 100),
            }
            for step in range(101)
        ],
        "source_languages": {"cited": 0.25, "judged": 0.5},
        "statements_shown": 4.2,
    }


def system(value: float, *, answering=False, **changes) -> dict[str, Any]:
    values = measured(value)
    if answering:
        values |= {"must-hold recall": mean(0.7), "citation support": mean(0.85)}
    return {
        "all": values,
        "by_language": {
            "en": measured(0.8),
            "fi": measured(0.3),
            "de": measured(0.6),
        },
        "worst_language": {"case R(rel=2)@5": {"group": "fi", "mean": 0.3}},
        "by_theme": {"district-heating": measured(value)},
        "by_kind": {"vague": measured(value)},
        "without_near_twins": {},
        "p_values": {},
        "answers": answers() if answering else None,
        "speed_ms": {"search": {"p50": 12.0, "p95": 34.0}},
        **changes,
    }


def question(**changes) -> dict[str, Any]:
    return {
        "qid": "q1",
        "lang": "fi",
        "kind": "vague",
        "text": "Miksi?",
        "abstained": False,
        "reason": "",
        "value": 0.2,
        "found": ["a/right", "a/other"],
        "wanted": ["a/right", "b/missing"],
        **changes,
    }


def summary(**changes) -> dict[str, Any]:
    return {
        "set": "invented",
        "command": "mentorkb eval run",
        "settings_digest": "5e77",
        "index": "generation-1",
        "corpus_digest": "c0de",
        "model": "a-model (a-backend)",
        "date": "2026-03-01T10:00:00+00:00",
        "questions": {
            "all": 14,
            "answerable": 8,
            "unanswerable": 6,
            "information_needs": 9,
            "languages": ["de", "en", "fi"],
        },
        "near_twins": {},
        "baseline": "starter",
        "systems": {
            "ours": system(0.9, answering=True),
            "starter": system(0.4),
            "bm25": system(0.3),
        },
        "worst_questions": [question()],
        **changes,
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a function that writes the report of a summary, once for all tests."""
    path = tmp_path_factory.mktemp("written") / "report.html"

    @cache
    def write(content: str) -> str:
        write_report(parse_summary(content), path)
        page: str = path.read_text(encoding="utf-8")
        return page

    return lambda content: write(json.dumps(content))


@pytest.fixture
def read(written):
    def render(content: dict[str, Any]) -> Node:
        reader = Reader()
        reader.feed(written(content))
        assert len(reader.open) == 1, "every tag is closed"
        return reader.root

    return render


def rows(page: Node, caption: str) -> dict[str, dict[str, str]]:
    """Return the cells of a table, by the headers of its row and column."""
    table = next(t for t in page.all("table") if t.all("caption")[0].text == caption)
    columns = [th.text for th in table.all("thead")[0].all("th")]
    return {
        row.all("th")[0].text: dict(
            zip(columns[1:], [td.text for td in row.all("td")], strict=True)
        )
        for row in table.all("tbody")[0].all("tr")
    }


GROUPINGS = ("by_language", "worst_language", "by_theme", "by_kind")
CASES = "Rankings of cases by system: mean, 95% interval, difference to the baseline"
REFUSALS = "Wrong refusals, and wrong answers by kind of question without an answer"


def test_sections_open_with_how_to_read_them(read):
    """The sections stand in their order, and each begins with a plain sentence."""
    body = read(summary()).all("main")[0]
    elements = [child for child in body.children if isinstance(child, Node)]
    after = {
        element.attributes["id"]: following
        for element, following in zip(elements, elements[1:], strict=False)
        if element.tag == "h2"
    }
    assert list(after) == [
        *("run", "main", "systems", "groups", "answers", "refusals"),
        *("speed", "worst", "limits", "glossary"),
    ]
    assert all(
        node.attributes.get("class") == "lead" and node.text.endswith(".")
        for node in after.values()
    )


def test_page_needs_nothing_else(read, written):
    """Nothing is loaded from anywhere, and no link leaves the page."""
    page = read(summary())
    text = written(summary())
    assert not re.search(r"https?:|src=|@import|@font-face", text)
    assert not {node.tag for node in page} & {"script", "link", "img", "iframe"}
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    ids = [node.attributes["id"] for node in page if "id" in node.attributes]
    links = {node.attributes["href"] for node in page if "href" in node.attributes}
    assert len(ids) == len(set(ids))
    assert links <= {f"#{name}" for name in ids}


def test_markup_in_texts_is_shown_as_text(read):
    """Markup in a question, a reason, a group or a name cannot become part of it."""
    content = summary(
        set=MARKUP,
        worst_questions=[question(text=MARKUP, abstained=True, reason=MARKUP)],
    )
    content["systems"]["ours"]["by_theme"] = {MARKUP: measured(0.5)}
    page = read(content)
    assert not page.all("script")
    assert not page.all("img")
    # Title, run, question, reason, a table's row and a plot's label.
    assert page.text.count("<script>alert(1)</script>") >= 6
    assert MARKUP in page.all("ol")[0].all("h3")[0].text


def test_plots_can_be_read_without_seeing_them(read):
    """Each plot has a text that holds figures, a caption, and a table after it."""
    page = read(summary())
    figures = page.all("figure")
    assert len(figures) == len(page.all("svg")) == 7
    for figure in figures:
        (svg,) = figure.all("svg")
        assert svg.attributes["role"] == "img"
        assert re.search(r"\d\.\d|\d%", svg.attributes["aria-label"])
        assert figure.all("figcaption")[0].text
    order = [node.tag for node in page if node.tag in ("figure", "table", "h2")]
    after = {b for a, b in zip(order, order[1:], strict=False) if a == "figure"}
    assert after == {"table"}


def test_tables_are_announced(read):
    """Each table has a caption, and each header cell says what it is the header of."""
    tables = read(summary()).all("table")
    assert len(tables) == 13
    for table in tables:
        assert table.all("caption")[0].text
        scopes = {th.attributes.get("scope") for th in table.all("th")}
        assert scopes == {"col", "row"}


@pytest.mark.parametrize(
    ("other", "mark"),
    [(0.9, "p = 0.080"), (0.04, "▲ better, p = 0.040")],
)
def test_significance_is_corrected_for_the_number_of_systems(read, other, mark):
    """0.04 of one of two systems is no proof unless the other differs too."""
    content = summary()
    content["systems"]["ours"]["p_values"] = {"case nDCG@10": 0.04}
    content["systems"]["bm25"]["p_values"] = {"case nDCG@10": other}
    cells = {name: row["nDCG@10"] for name, row in rows(read(content), CASES).items()}
    assert cells["ours"].endswith(f"0.800 to 1.000 {mark}")
    assert ("▼ worse" in cells["bm25"]) == (other == 0.04)
    assert "p =" not in cells["starter (baseline)"]


def test_best_value_is_named(read):
    """The highest value of a column is bold and called the best."""
    page = read(summary())
    found = rows(page, CASES)
    best = [name for name, row in found.items() if "★ best" in row["Recall@5"]]
    assert best == ["ours"]
    strong = {node.text for table in page.all("table") for node in table.all("strong")}
    assert strong == {"0.900"}


def test_worst_language_is_named(read):
    """It is said in a sentence and marked in the table, and stands last."""
    page = read(summary())
    found = rows(page, "ours, by language: mean and 95% interval")
    assert list(found) == ["English", "German", "Finnish"]
    lowest = [n for n, row in found.items() if "▼ lowest" in row["Recall@5, cases"]]
    assert lowest == ["Finnish"]
    assert "The worst language by Recall@5 of cases is Finnish with 0.300" in page.text


def test_unjudged_is_what_judged_leaves(read):
    """Judged@10 of 0.4 leaves 60% unjudged, and the interval turns around with it."""
    cell = rows(read(summary()), CASES)["starter (baseline)"]["Unjudged in the top ten"]
    assert cell == "60.0% 50.0% to 70.0%"


def test_main_figures(read):
    """English, the worst language by name, and the mean of those besides English."""
    cards = [n for n in read(summary()).all("dl") if n.attributes["class"] == "cards"]
    figures = {
        card.all("dt")[0].text: card.all("dd")[0].text for card in cards[0].all("div")
    }
    assert figures == {
        "Recall@5 of cases, all questions": "0.900",
        "Recall@5 in English": "0.800",
        "Recall@5 in the worst language: Finnish": "0.300",
        "Recall@5, mean of the other languages": "0.450",  # of 0.3 and 0.6
        "nDCG@10 of cases, all questions": "0.900",
        "Must-hold recall of answers": "0.700",
        "False refusals": "12.5%",  # 1 of 8
    }


def test_refusals_show_both_errors(read):
    """Counts and percentages by kind, and the total over the kinds."""
    page = read(summary())
    assert rows(page, REFUSALS) == {
        "ours": {
            "Wrongly refused": "1 of 8 12.5%",
            "off-topic": "0 of 2 0.0%",
            "near-miss": "3 of 4 75.0%",
            "Wrongly answered, all kinds": "3 of 6 50.0%",
        }
    }
    curve = rows(page, "Errors by threshold of confidence")
    assert curve["0.25"]["Wrongly refused"] == "25.0%"
    assert curve["0.25"]["near-miss"] == "75.0%"


def test_refusals_by_group_show_both_errors(read):
    """Each kind has the error that it can have, each language both."""
    page = read(summary())
    assert rows(page, "Both errors of ours by kind of question") == {
        "vague": {"Wrongly refused": "1 of 8 12.5%", "Wrongly answered": "–"},
        "near-miss": {"Wrongly refused": "–", "Wrongly answered": "3 of 4 75.0%"},
    }
    assert rows(page, "Both errors of ours by language") == {
        "Finnish": {
            "Wrongly refused": "1 of 5 20.0%",
            "Wrongly answered": "2 of 4 50.0%",
        }
    }


def test_calibration_is_drawn_and_told(read):
    """The error stands in the text, the groups in a table, both in the plot's text."""
    page = read(summary())
    assert "expected calibration error, is 0.125" in page.text
    caption = "Confidence and answers, by group of questions of like confidence"
    assert rows(page, caption) == {
        "0.250": {"Share with an answer": "37.5%", "Questions": "8"},
        "0.750": {"Share with an answer": "62.5%", "Questions": "6"},
    }
    labels = [svg.attributes["aria-label"] for svg in page.all("svg")]
    assert any("38% at 0.25, 62% at 0.75" in label for label in labels)


def test_near_twins_are_counted_and_left_out(read):
    """A test says how many questions were nearly known, and what is left without."""
    ours = system(0.9, answering=True, without_near_twins=measured(0.8))
    page = read(summary(systems={"ours": ours}, near_twins={"q1": "r1"}))
    assert "1 of the questions have a near twin" in page.text
    caption = "All questions, and those without a near twin: mean and 95% interval"
    assert rows(page, caption)["Recall@5, cases"] == {
        "All": "0.900 0.800 to 1.000",
        "Without near twins": "0.800 0.700 to 0.900",
    }


def test_near_twins_when_a_test_has_none(read):
    """That no question was nearly known is said of tests, and of no other set."""
    says = "No question has a near twin"
    assert says in read(summary(set="test")).text
    assert says not in read(summary(set="dev")).text


def test_worst_questions_say_what_went_wrong(read):
    """A refusal gives its reason; found and wanted cases are told apart in words."""
    refused = question(abstained=True, reason="No city has it.", found=[], value=None)
    page = read(summary(worst_questions=[question(), refused]))
    (questions,) = [
        node for node in page.all("ol") if node.attributes.get("class") == "questions"
    ]
    assert questions.all("h3")[0].attributes["lang"] == "fi"
    first, second = questions.text.split("2. Finnish")
    assert "1. Finnish; vague; nDCG@10 0.200" in first
    assert "Not refused." in first
    assert "a/right ✓ right a/other Should have been found" in first
    assert "a/right b/missing ✗ missing" in first
    assert "Wrongly refused. No city has it." in second
    assert "Found, best first nothing" in second


def _only(name: str) -> dict[str, Any]:
    content = summary()
    return summary(systems={name: content["systems"][name]}, baseline=None)


def _external() -> dict[str, Any]:
    bare: dict[str, Any] = dict.fromkeys(GROUPINGS, {})
    questions = {**summary()["questions"], "languages": [""]}
    content = summary(
        systems={"ours": system(0.9, answering=True, **bare)},
        questions=questions,
        worst_questions=[question(lang="", kind="")],
    )
    content["systems"]["ours"]["answers"]["refusals"] |= {
        "wrongly_answered": {},
        "unanswerable": {},
    }
    for point in content["systems"]["ours"]["answers"]["curve"]:
        point["wrong_answer_rates"] = {}
    return content


def _without_passages() -> dict[str, Any]:
    system_ = system(0.9, all=measured(0.9, levels=["case"]))
    return summary(systems={"bm25": system_}, worst_questions=[])


def _empty_group() -> dict[str, Any]:
    groups: dict[str, Any] = {"by_language": {"el": {}}, "worst_language": {}}
    return summary(systems={"ours": system(0.9, answering=True, **groups)})


def _nothing_found() -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("all", "speed_ms", *GROUPINGS), {})
    return summary(systems={"bm25": system(0, **empty)})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_only("ours"), "There was no baseline among the systems"),
        (_only("bm25"), "No system of this run answers, so none refuses."),
        (_without_passages(), "No system ranks passages"),
        (_empty_group(), "Greek 0 not measured"),
        (_external(), "The set gives no languages, themes or types of question."),
        (_nothing_found(), "No ranking was measured."),
    ],
    ids=["one", "no-answers", "no-passages", "empty-group", "external", "nothing"],
)
def test_what_is_missing_is_said(read, content, says):
    """A summary with parts missing makes a whole page that says so."""
    page = read(content)
    if says.startswith("Greek"):
        found = rows(page, "ours, by language: mean and 95% interval")
        assert found == {"Greek": {"Questions": "0"}}
    else:
        assert says in page.text
    assert len(page.all("h2")) == 10
    assert "★ best" not in [node.text for node in page.all("span")]


def test_same_summary_same_page(tmp_path):
    """Two reports of a summary do not differ, nor does matplotlib afterwards."""
    from matplotlib import rcParams

    before = dict(rcParams)
    for name in ("one", "two"):
        write_report(parse_summary(json.dumps(summary())), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert dict(rcParams) == before


def test_colours_can_be_told_from_the_ground(read):
    """WCAG AA in both schemes: 4.5 to 1 for letters, 3 to 1 for lines and dots."""
    css = read(summary()).all("style")[0].text
    schemes = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block))
        for block in re.findall(r":root \{(.*?)\}", css)
    ]
    assert len(schemes) == 2
    for colours in schemes:
        for ground in ("paper", "band"):
            for letters in ("ink", "quiet", "link"):
                assert contrast(colours[letters], colours[ground]) >= 4.5
        drawn = [name for name in colours if name.startswith(("mark", "series"))]
        assert len(drawn) == 7
        assert all(contrast(colours[n], colours["paper"]) >= 3 for n in drawn)


def contrast(one: str, other: str) -> float:
    """Source: WCAG 2.2, contrast ratio of relative luminances."""
    dark, light = sorted(luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
