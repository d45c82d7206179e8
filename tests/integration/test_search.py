"""Question in, ranked passages out: filters, fusion, ties, limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kb import Settings
from kb.errors import QueryError
from kb.index.vectors import BARE_STATEMENTS, STATEMENTS
from kb.question.prepare import (
    MAX_QUESTION_CHARS,
    MAX_QUESTION_TOKENS,
    beginning,
    check_query,
)
from kb.search import MAX_HITS, hits, rank
from kb.types import Query
from tests.support.fakes import FakeEmbedder
from tests.support.kb_fixtures import Texts, open_published, write_generation

HEAT_PIPE = Query("How much did the pipe and the heat pump cost?")


@pytest.fixture(scope="module")
def generation(tiny_index):
    """The published generation of the tiny corpus, open for reading."""
    opened = open_published(tiny_index.index_dir)
    yield opened
    opened.close()


@pytest.fixture
def open_texts(tmp_path):
    """Return a function that indexes made-up texts with words as vectors."""
    opened = []

    def write(texts: Texts):
        write_generation(tmp_path, texts)
        opened.append(open_published(tmp_path))
        return opened[-1]

    yield write
    for generation in opened:
        generation.close()


def _case_ids(found):
    return [hit.case.case_id for hit in found]


def test_search_finds_the_passage(kb):
    """The passage that answers the question is ranked first, with its case."""
    first = kb.search(HEAT_PIPE)[0]
    assert first.passage.passage_id == "exampleton/biscuit-heat#costs"
    assert "7 million crowns" in first.passage.text
    assert first.case.title == "Waste heat from the biscuit factory"


@pytest.mark.parametrize(
    "question",
    [
        "Wie viel haben das Rohr und die Wärmepumpe gekostet?",
        "¿Cuánto costaron la tubería y la bomba de calor?",
        "Πόσο κόστισαν ο σωλήνας και η αντλία θερμότητας;",
        "Combien ont coûté le tuyau et la pompe à chaleur ?",
    ],
    ids=["german", "spanish", "greek", "french"],
)
def test_search_when_asked_in_another_language(kb, question):
    """The same passage is ranked first whatever language the question is in."""
    assert kb.search(Query(question))[0].passage.section == "Costs"


def test_search_ranks_count_from_one(kb):
    """Ranks are 1, 2, 3 ... without a gap."""
    found = kb.search(HEAT_PIPE, k=20)
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("k", [1, 3], ids=str)
def test_search_gives_at_most_k(kb, k):
    """No more than asked come back, and they are the best of a longer list."""
    found = kb.search(HEAT_PIPE, k=k)
    assert found == kb.search(HEAT_PIPE, k=20)[:k]
    assert len(found) == k


def test_search_when_fewer_hits_than_k(kb):
    """All eleven passages of the tiny corpus come back when a hundred are asked for."""
    found = kb.search(HEAT_PIPE, k=100)
    assert len({hit.passage.passage_id for hit in found}) == len(found) == 11


def test_search_gives_at_most_a_hundred(open_texts):
    """The limit of a hundred hits holds even if more are asked for and found."""
    texts = {f"exampleton/case-{n:02}": ["heat", "pipe", "bond"] for n in range(40)}
    generation = open_texts(Texts(texts))
    ranking = rank(Query("heat"), generation, FakeEmbedder(), Settings())
    assert len(hits(ranking, generation, 1_000)) == MAX_HITS == 100


@pytest.mark.parametrize(
    ("cities", "themes", "case_ids"),
    [
        (("sampleby",), (), {"sampleby/borrowed-bricks", "sampleby/walking-diary"}),
        ((), ("financing",), {"exampleton/sunday-bonds"}),
        (
            (),
            ("financing", "circular-construction"),
            {"exampleton/sunday-bonds", "sampleby/borrowed-bricks"},
        ),
        (("sampleby",), ("citizen-engagement",), {"sampleby/walking-diary"}),
        (("sampleby",), ("financing",), set()),
    ],
    ids=["city", "theme", "any of two themes", "city and theme", "no case has both"],
)
def test_search_filters_before_ranking(kb, cities, themes, case_ids):
    """A filter finds every passage that passes, though the question is about others."""
    found = kb.search(replace(HEAT_PIPE, cities=cities, themes=themes), k=100)
    assert set(_case_ids(found)) == case_ids
    n_passages = sum(len(kb.full_case(case_id).passages) for case_id in case_ids)
    assert len(found) == n_passages


def test_search_filters_before_the_candidates_are_cut(open_texts):
    """The one case of a city is found behind four hundred better ones of another."""
    better = [f"heat pipe {number}" for number in range(400)]
    generation = open_texts(
        Texts({"exampleton/heat": better, "sampleby/walks": ["walking"]})
    )
    asked = Query("heat pipe", cities=("sampleby",))
    ranking = rank(asked, generation, FakeEmbedder(), Settings())
    assert [s.statement.case_id for s in ranking.statements] == ["sampleby/walks"]


def test_search_names_only_the_sources_of_the_passage(kb):
    """A hit carries the public sources that its own statements mark, no others."""
    found = {hit.passage.passage_id: hit for hit in kb.search(HEAT_PIPE, k=100)}
    costs = found["exampleton/biscuit-heat#costs"]
    obstacles = found["exampleton/biscuit-heat#obstacles"]
    assert [source.source_id for source in costs.sources] == ["S1"]
    assert [source.source_id for source in obstacles.sources] == ["S2"]
    assert obstacles.sources[0].publisher == "Crumbly Biscuits"


def test_search_keeps_the_page_of_a_pdf(kb):
    """A passage of a PDF tells its page, counted from 1; a Markdown one has none."""
    found = kb.search(Query("What did the walking diary cost?"))
    pages = {hit.passage.page for hit in found if hit.case.path.endswith(".pdf")}
    assert pages == {1, 2}
    assert {hit.passage.page for hit in found if hit.case.path.endswith(".md")} == {
        None
    }


def test_search_twice_gives_the_same(kb):
    """The same question gets the same hits with the same scores."""
    assert kb.search(HEAT_PIPE, k=100) == kb.search(HEAT_PIPE, k=100)


def test_search_keeps_all_passages_of_the_best_case_together(open_texts):
    """However many passages of one case fit best, they come before those of others."""
    generation = open_texts(
        Texts(
            {
                "exampleton/heat": [f"heat pipe {word}" for word in "abcdefgh"],
                "sampleby/bonds": [f"bonds {word}" for word in "abcdefgh"],
            }
        )
    )
    ranking = rank(Query("heat pipe"), generation, FakeEmbedder(), Settings())
    found = _case_ids(hits(ranking, generation, 100))
    assert found == ["exampleton/heat"] * 8 + ["sampleby/bonds"] * 8


def test_rank_breaks_ties_by_id(open_texts):
    """Statements with equal scores come in the order of their ids."""
    generation = open_texts(
        Texts(
            {"sampleby/heat": ["heat pipe"] * 6, "exampleton/heat": ["heat pipe"] * 6}
        )
    )
    ranking = rank(Query("heat"), generation, FakeEmbedder(), Settings())
    ids = [item.statement.statement_id for item in ranking.statements]
    assert len({item.score for item in ranking.statements}) == 1
    assert ids == sorted(ids)
    found = hits(ranking, generation, 12)
    assert [hit.passage.passage_id for hit in found] == sorted(
        hit.passage.passage_id for hit in found
    )


def test_rank_adds_up_its_parts(generation, embedder):
    """A score is the weighted sum that the settings describe, best first."""
    settings = Settings(
        context_weight=2.0,
        bare_weight=1.5,
        case_weight=0.5,
        coverage_weight=0.25,
        case_coverage_weight=0.75,
        city_weight=0.125,
    )
    question = Query("What did the Exampleton pipe cost?")
    ranking = rank(question, generation, embedder, settings)
    assert ranking.named_cities == {"exampleton"}
    for item in ranking.statements:
        bonus = 0.125 if item.statement.case_id.startswith("exampleton/") else 0
        assert item.score == pytest.approx(
            2.0 * item.similarity
            + 1.5 * item.bare_similarity
            + 0.5 * item.case_similarity
            + 0.25 * item.coverage
            + 0.75 * item.case_coverage
            + bonus
        )
    scores = [item.score for item in ranking.statements]
    assert scores == sorted(scores, reverse=True)


def _nearest(generation, vector):
    return {
        "in context": generation.store.search(STATEMENTS, vector, 300),
        "alone": generation.store.search(BARE_STATEMENTS, vector, 300),
    }


def test_rank_when_only_the_words_match(open_texts):
    """A rare name is found though three hundred statements are nearer as vectors."""
    text = "Zyzzogeton tyre walking diary school bricks hall"
    generation = open_texts(
        Texts(
            {
                "exampleton/heat": [f"heat pipe {number}" for number in range(350)],
                "sampleby/walks": [text],
            }
        )
    )
    embedder = FakeEmbedder()
    asked = Query("heat pipe Zyzzogeton")
    ranking = rank(asked, generation, embedder, Settings())
    (found,) = [
        s for s in ranking.statements if s.statement.case_id == "sampleby/walks"
    ]
    assert found.coverage > 0
    vector = embedder.embed_query(asked.text)
    for dense in _nearest(generation, vector).values():
        assert found.statement.statement_id not in dense
    # Its similarities, which the dense search did not give, are the true cosines.
    in_context, alone = embedder.embed_passages([f"Part. {text}", text])
    assert found.similarity == pytest.approx(float(vector @ in_context), abs=1e-5)
    assert found.bare_similarity == pytest.approx(float(vector @ alone), abs=1e-5)


def test_rank_keeps_what_either_dense_search_finds(open_texts):
    """What is near in its context or alone is ranked, with both similarities."""
    # "part", the name of every section, draws the others to the question in context.
    generation = open_texts(
        Texts({"exampleton/heat": [f"pipe {number}" for number in range(350)]})
    )
    embedder = FakeEmbedder()
    asked = Query("part pipe 7")
    ranking = rank(asked, generation, embedder, Settings())
    dense = _nearest(generation, embedder.embed_query(asked.text))
    found = {item.statement.statement_id: item for item in ranking.statements}
    assert dense["alone"].keys() - dense["in context"].keys()
    assert dense["in context"].keys() - dense["alone"].keys()
    for name, similarity in dense["in context"].items():
        assert found[name].similarity == pytest.approx(similarity, abs=1e-5)
    for name, similarity in dense["alone"].items():
        assert found[name].bare_similarity == pytest.approx(similarity, abs=1e-5)


def test_rank_compares_statements_alone_without_the_city(open_texts):
    """The city that a question names is not sought in the statements' own words."""
    generation = open_texts(Texts({"exampleton/heat": ["heat pipe"]}))
    embedder = FakeEmbedder()
    ranking = rank(Query("heat in Exampleton"), generation, embedder, Settings())
    (item,) = ranking.statements
    in_context, alone = embedder.embed_passages(["Part. heat pipe", "heat pipe"])
    whole = embedder.embed_query("heat in Exampleton")
    bare = embedder.embed_query("heat in")
    assert item.similarity == pytest.approx(float(whole @ in_context), abs=1e-5)
    assert item.bare_similarity == pytest.approx(float(bare @ alone), abs=1e-5)


def test_rank_looks_at_the_words_of_the_whole_case(open_texts):
    """Each statement knows how much of the question its own case covers."""
    generation = open_texts(
        Texts(
            {
                "sampleby/walks": ["walking diary", "school hall"],
                "exampleton/heat": ["heat pump", "biscuit oven"],
            }
        )
    )
    ranking = rank(Query("biscuit pump"), generation, FakeEmbedder(), Settings())
    covered = {
        item.statement.text: (item.coverage, item.case_coverage)
        for item in ranking.statements
    }
    # One of the words in each statement of the one case, and both in the whole case:
    # as much as its words can cover, of a question of which little is known.
    assert covered["heat pump"] == pytest.approx(covered["biscuit oven"])
    # Two cases of four words: BM25 gives the two, each in one of the cases, all that
    # they could be given, ln 2 / 2.2, of the ln 6 that a word of no case could have.
    evidence = (2 * np.log(2) / 2.2 / np.log(6)) ** 3
    assert covered["heat pump"][1] == pytest.approx(evidence / (1 + evidence))
    assert covered["walking diary"] == covered["school hall"] == (0.0, 0.0)


def test_rank_when_asked_in_another_language(generation, embedder):
    """The glossary covers a question in another language nearly as in English."""
    english = rank(Query("heat pump"), generation, embedder, Settings())
    german = rank(
        Query("Wie funktioniert die Wärmepumpe?"), generation, embedder, Settings()
    )
    assert german.language == "de"
    best = [
        max(ranking.statements, key=lambda item: item.coverage)
        for ranking in (english, german)
    ]
    assert all("heat pump" in item.statement.text for item in best)
    assert best[1].coverage > 0.8 * best[0].coverage > 0


def test_rank_when_the_question_shares_no_word(generation, embedder):
    """A question in a language without glossary gets no lexical score at all."""
    ranking = rank(Query("地方供热花了多少钱？"), generation, embedder, Settings())
    assert ranking.language == "zh"
    assert ranking.statements
    assert {(item.coverage, item.case_coverage) for item in ranking.statements} == {
        (0.0, 0.0)
    }


def test_rank_when_no_word_matches_adds_nothing(open_texts):
    """Without a common word, the lexical side adds no statement to the dense ones."""
    texts = [f"heat pipe {number}" for number in range(350)]
    generation = open_texts(Texts({"exampleton/heat": texts}))
    embedder = FakeEmbedder()
    ranking = rank(Query("nonsense"), generation, embedder, Settings())
    dense = _nearest(generation, embedder.embed_query("nonsense"))
    assert {item.statement.statement_id for item in ranking.statements} == (
        dense["in context"].keys() | dense["alone"].keys()
    )
    assert len(ranking.statements) < 350


def test_rank_when_a_filter_leaves_nothing(generation, embedder):
    """An empty ranking holds nothing, and nothing fails."""
    asked = Query("heat", cities=("sampleby",), themes=("financing",))
    ranking = rank(asked, generation, embedder, Settings())
    assert ranking.statements == []
    assert ranking.everyday_similarity > 0


def test_rank_knows_how_near_everyday_topics_are(generation, embedder):
    """A question about football is nearer to sports than to any statement."""
    asked = Query("Who won the football championship?")
    ranking = rank(asked, generation, embedder, Settings())
    nearest = max(item.similarity for item in ranking.statements)
    assert ranking.everyday_similarity > nearest


def test_rank_orders_open_questions(generation, embedder):
    """Open questions come with their similarity, nearest first, and heed filters."""
    asked = Query("Are used bricks cheaper than new ones?")
    found = rank(asked, generation, embedder, Settings()).open_questions
    assert list(found)[0].startswith("sampleby/borrowed-bricks#")
    assert list(found.values()) == sorted(found.values(), reverse=True)
    elsewhere = replace(asked, cities=("exampleton",))
    filtered = rank(elsewhere, generation, embedder, Settings()).open_questions
    assert {key.partition("#")[0] for key in filtered} == {"exampleton/biscuit-heat"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the question is empty.*Type a question"),
        (" \n\t ", "the question is empty.*Type a question"),
        ("?!…", r"'\?!…' holds no letters or digits.*in words"),
        ("🙂👍", "holds no letters or digits.*in words"),
        ("\u200b", "holds no letters or digits.*in words"),
        ("a" * 1_001, "has 1,001 characters, the limit is 1,000.*one thing"),
        ("heat " * 8_000, "has 40,000 characters, the limit is 1,000.*one thing"),
    ],
    ids=[
        "empty",
        "spaces",
        "punctuation",
        "emoji",
        "invisible",
        "1,001 characters",
        "40,000 characters",
    ],
)
def test_search_when_the_question_cannot_be_used(kb, text, message):
    """An unusable question is refused with its fault and what to do."""
    with pytest.raises(QueryError, match=message):
        kb.search(Query(text))


@pytest.mark.parametrize("text", ["\ud800 heat", "\udcff"], ids=["lone half", "byte"])
def test_search_when_the_question_holds_a_broken_character(kb, text):
    """Half a character, as from a badly encoded terminal, is refused as a question."""
    with pytest.raises(QueryError, match="question"):
        kb.search(Query(text))


@pytest.mark.parametrize(
    "text",
    ["heat " * 200, "7", "CO2", "地方供热花了多少钱？", "كم كلفت المضخة؟", "a\0b"],
    ids=["1,000 characters", "a digit", "a code", "chinese", "arabic", "NUL"],
)
def test_search_when_the_question_is_unusual(kb, text):
    """Every other question is searched and gets hits."""
    assert len(text) <= MAX_QUESTION_CHARS
    assert kb.search(Query(text), k=3)


@pytest.mark.parametrize(
    "text",
    [
        "How much did the pump cost? " * 35,
        "a " + "x" * 998,
        "地方供热花了多少钱？" * 100,
        "πόσο κόστισε η αντλία; " * 43,
    ],
    ids=["words", "one long word", "no spaces", "greek"],
)
def test_beginning_of_a_long_question(kb, embedder, text):
    """As much is read as the model reads at once for little, in whole words."""
    read = beginning(text[:1000], embedder)
    assert text.startswith(read)
    n_tokens = embedder.n_tokens(read)
    assert MAX_QUESTION_TOKENS - 12 < n_tokens <= MAX_QUESTION_TOKENS
    assert " " not in text or text[len(read)] == " " or "x" * 99 in text
    assert kb.ask(text[:1000]).understood_as == read
    follow_up = kb.ask(Query("And who paid for it?", after=text))
    assert follow_up.understood_as.endswith("And who paid for it?")


@pytest.mark.parametrize("text", ["? " * 400 + "heat", "¿" * 990 + "heat"])
def test_question_whose_words_come_too_late(kb, text):
    """One whose beginning holds no words is refused like one that holds none."""
    with pytest.raises(QueryError, match="no letters or digits"):
        kb.search(text)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (
            {"cities": ("atlantis",)},
            "no city 'atlantis'.*Use one of exampleton, sampleby",
        ),
        (
            {"themes": ("walking",)},
            "no theme 'walking'.*Use one of district-heating, financing",
        ),
        ({"cities": ("exampleton", "Sampleby")}, "no city 'Sampleby'"),
    ],
    ids=["city", "theme", "name instead of slug"],
)
def test_search_when_a_filter_is_unknown(kb, filters, message):
    """An unknown filter is refused with the values that can be used."""
    with pytest.raises(QueryError, match=message):
        kb.search(Query("heat", **filters))


def test_check_query_when_usable(generation):
    """A question with known filters passes the check."""
    check_query(Query("heat?", ("exampleton",), ("financing",)), generation.catalogue)


def test_search_when_the_corpus_has_no_open_questions(open_texts):
    """An index without any open question is searched like others."""
    generation = open_texts(Texts({"exampleton/heat": ["heat pipe"]}))
    ranking = rank(Query("heat"), generation, FakeEmbedder(), Settings())
    assert ranking.open_questions == {}
    assert len(ranking.statements) == 1
