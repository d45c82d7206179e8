"""Documents into passages and statements: by structure first, by length second."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document as SectionDocument
from llama_index.core.schema import TextNode
from slugify import slugify

from ingest.documents import Block, Document, Facts, Units
from ingest.marks import read_marks
from ingest.sentences import cut_sentences
from kb.question.language import UNKNOWN, detect_language
from kb.review import as_compared, mark_of
from kb.sections import OPEN_QUESTIONS, SUBSECTION
from kb.types import Case, OpenQuestion, Passage, Statement

SECTION_GAP = "\n\n"
_LANGUAGE_SAMPLES = 100
# Where a sentence that is longer than a passage may be cut: behind a comma, or between
# words, but never beside a figure or behind a full stop, where an amount, a date or an
# abbreviation would be torn apart.
_PARTS = (
    r"(?s).{1,120}?(?:[,;:](?!\S)\s*|[、，；：])|"
    r".{1,80}(?:\Z|(?<![\d.])\s+(?![\d%‰€$£§]))|\S+\s*|\s+"
)


@dataclass(frozen=True)
class _Span:
    """A statement's place in its section's text."""

    start: int
    end: int
    source_ids: tuple[str, ...]


def split_document(document: Document, case: Case, max_tokens: int) -> Units:
    """Split a read document into passages, statements and open questions.

    A passage is a section (or a page) when it is short enough, otherwise a part of one
    cut between blocks or, where one block is too long, between sentences.

    Args:
        document: The file as its reader returned it.
        case: The document's case record.
        max_tokens: Longest passage, in tokens of llama-index's default tokenizer.
    """
    language = _main_language(document.blocks)
    sentences = partial(cut_sentences, language=language)
    splitter = _splitter(sentences, max_tokens)
    source_ids = tuple(source.source_id for source in case.sources)
    ids = _IdMaker(case.case_id)
    texts = [document.text] if document.text else []
    units = Units([replace(case, language=language)], texts=texts)
    offset = 0
    for (section, page), blocks in groupby(
        document.blocks, key=lambda block: (block.section, block.page)
    ):
        if section.partition(SUBSECTION)[0] == OPEN_QUESTIONS:
            units.open_questions.extend(_open_questions(blocks, ids))
            continue
        if document.cites_itself:
            text, spans = _join_sentences(blocks, sentences, source_ids)
        else:
            text, spans = _join_marked(blocks)
        for start, end in _cut(text, splitter):
            passage = Passage(
                passage_id=ids.passage(section, page),
                case_id=case.case_id,
                section=section,
                page=page,
                start=offset + start,
                end=offset + end,
                text=text[start:end],
                language=detect_language(text[start:end]),
                uncertain=page in document.uncertain_pages,
            )
            units.passages.append(passage)
            units.statements.extend(_statements(passage, spans, start, end, ids))
        offset += len(text) + len(SECTION_GAP)
    return _compared(_with_facts(units, document.facts), document.checked_on)


def _splitter(
    sentences: Callable[[str], list[str]], max_tokens: int
) -> SentenceSplitter:
    """Return what cuts a section that is too long for a passage."""
    return SentenceSplitter(
        chunk_size=max_tokens,
        chunk_overlap=0,
        paragraph_separator="\n",
        chunking_tokenizer_fn=sentences,
        secondary_chunking_regex=_PARTS,
    )


def _main_language(blocks: Sequence[Block]) -> str:
    """Return the language of most of a document's text."""
    letters: Counter[str] = Counter()
    step = max(1, len(blocks) // _LANGUAGE_SAMPLES)
    for block in blocks[::step]:
        text = " ".join(piece.text for piece in read_marks(block.text))
        letters[detect_language(text)] += len(text)
    letters.pop(UNKNOWN, None)
    return letters.most_common(1)[0][0] if letters else UNKNOWN


def _join_marked(blocks: Iterator[Block]) -> tuple[str, list[_Span]]:
    """Join blocks by line ends; each marked statement becomes a span."""
    lines: list[str] = []
    spans: list[_Span] = []
    length = 0
    for block in blocks:
        pieces = read_marks(block.text)
        start = length
        for piece in pieces:
            spans.append(_Span(start, start + len(piece.text), piece.source_ids))
            start += len(piece.text) + 1
        line = " ".join(piece.text for piece in pieces)
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines), spans


def _join_sentences(
    blocks: Iterator[Block],
    sentences: Callable[[str], list[str]],
    source_ids: tuple[str, ...],
) -> tuple[str, list[_Span]]:
    """Join blocks by line ends; each sentence becomes a span with all the sources."""
    lines: list[str] = []
    spans: list[_Span] = []
    length = 0
    for block in blocks:
        start = length
        for sentence in sentences(block.text):
            stripped = sentence.strip()
            if any(map(str.isalpha, stripped)):  # not the number of a footnote
                lead = len(sentence) - len(sentence.lstrip())
                begin = start + lead
                spans.append(_Span(begin, begin + len(stripped), source_ids))
            start += len(sentence)
        lines.append(block.text)
        length += len(block.text) + 1
    return "\n".join(lines), spans


def _cut(text: str, splitter: SentenceSplitter) -> Iterator[tuple[int, int]]:
    """Yield the spans of the parts that a section's text is cut into."""
    end = 0
    for node in splitter.get_nodes_from_documents([SectionDocument(text=text)]):
        if isinstance(node, TextNode) and node.text:
            # The node's own offsets are wrong where a section repeats itself.
            start = text.index(node.text, end)
            end = start + len(node.text)
            yield start, end


def _statements(
    passage: Passage, spans: list[_Span], start: int, end: int, ids: _IdMaker
) -> Iterator[Statement]:
    """Yield the statements that lie in a passage, cut at its ends."""
    for span in spans:
        begin, finish = max(span.start, start), min(span.end, end)
        if begin >= finish:
            continue
        text = passage.text[begin - start : finish - start]
        yield Statement(
            statement_id=ids.unit(passage.section or f"p{passage.page}", text),
            passage_id=passage.passage_id,
            case_id=passage.case_id,
            section=passage.section,
            start=begin - start,
            end=finish - start,
            text=text,
            source_ids=span.source_ids,
        )


def _compared(units: Units, checked_on: Mapping[str, str]) -> Units:
    """Return a case's units with the days on which its statements were compared."""
    statements = [
        replace(statement, checked_on=checked_on.get(mark_of(statement.statement_id)))
        for statement in units.statements
    ]
    cases = [
        replace(case, review=as_compared(case.review, statements))
        for case in units.cases
    ]
    return replace(units, cases=cases, statements=statements)


def _with_facts(units: Units, facts: Facts) -> Units:
    """Return a case's units with what is listed of its statements.

    What its statements do not say any more, `ingest.check.facts` reports.
    """
    texts = {s.statement_id: s.text for s in units.statements}

    def there(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in ids if name in texts)

    conditions = [
        replace(c, statement_ids=there(c.statement_ids)) for c in facts.conditions
    ]
    steps = [replace(s, statement_ids=there(s.statement_ids)) for s in facts.steps]
    return replace(
        units,
        figures=[f for f in facts.figures if f.quote in texts.get(f.statement_id, "")],
        conditions=[condition for condition in conditions if condition.statement_ids],
        steps=[step for step in steps if step.statement_ids],
    )


def _open_questions(blocks: Iterator[Block], ids: _IdMaker) -> Iterator[OpenQuestion]:
    for block in blocks:
        for piece in read_marks(block.text):
            yield OpenQuestion(
                question_id=ids.unit(OPEN_QUESTIONS, piece.text),
                case_id=ids.case_id,
                text=piece.text,
            )


class _IdMaker:
    """Makes the ids of one case's units, each only once.

    Passages are numbered inside their section. Statements and open questions carry a
    digest of their text, so that inserting one leaves the ids of the others alone, and
    a judgement never silently moves to another text.
    """

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        self._given: set[str] = set()

    def passage(self, section: str, page: int | None) -> str:
        name = slugify(section) or (f"p{page}" if page else "text")
        return self._once(f"{self.case_id}#{name}")

    def unit(self, section: str, text: str) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return self._once(f"{self.case_id}#{slugify(section)}.{digest}")

    def _once(self, wanted: str) -> str:
        made, number = wanted, 1
        while made in self._given:
            number += 1
            made = f"{wanted}-{number}"
        self._given.add(made)
        return made
