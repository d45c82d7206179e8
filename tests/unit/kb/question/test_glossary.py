"""What a question asks for, in the words of the corpus; and the table behind it."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kb.index.lexical import Concept, terms
from kb.question import glossary
from kb.question.glossary import concepts
from kb.words import fold, words

FILE = Path(glossary.__file__).with_name("glossary.tsv")
OTHERS = ["hu", "sv", "fi", "nb", "fr", "it", "de", "es", "pl", "nl", "pt", "ro", "el"]
LANGUAGES = ["en", *OTHERS]
# Beside the words of the corpus, English has a column of what questions say instead.
COLUMNS = ["en", "asked", *OTHERS]
LANGUAGE_OF = {name: name for name in OTHERS} | {"asked": "en"}
MIN_STEM = 3


def _rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = _rows()
# The others hold words that only ask.
NAMED = [row for row in ROWS if row["en"]]


def _asked(text: str, language: str) -> set[str]:
    """Return every index term that a question asks for."""
    return {
        term
        for concept in concepts(text, language)
        for alternative in concept.alternatives
        for term in alternative
    }


HEAT_PUMP = [
    ("Mennyibe került a hőszivattyú?", "hu"),
    ("Vad kostade värmepumpen?", "sv"),
    ("Mitä lämpöpumppu maksoi?", "fi"),
    ("Hva kostet varmepumpen?", "nb"),
    ("Combien a coûté la pompe à chaleur ?", "fr"),
    ("Quanto è costata la pompa di calore?", "it"),
    ("Was hat die Wärmepumpe gekostet?", "de"),
    ("¿Cuánto costó la bomba de calor?", "es"),
    ("Ile kosztowała pompa ciepła?", "pl"),
    ("Wat kostte de warmtepomp?", "nl"),
    ("Quanto custou a bomba de calor?", "pt"),
    ("Cât a costat pompa de căldură?", "ro"),
    ("Πόσο κόστισε η αντλία θερμότητας;", "el"),
]


@pytest.mark.parametrize(
    ("text", "language"), HEAT_PUMP, ids=[language for _, language in HEAT_PUMP]
)
def test_concepts_in_every_language(text, language):
    """The same question asks for the same things in each language of the glossary."""
    assert {"heat", "pump", "cost"} <= _asked(text, language)


def test_concepts_in_english():
    """In English each word is a concept, once, and counts even if unknown."""
    assert concepts("Is the heat of heated pipes heat?", "en") == [
        Concept((("heat",),)),
        Concept((("pipe",),)),
    ]


@pytest.mark.parametrize("text", ["What went wrong?", "What GOES wrong", "challenges"])
def test_concepts_of_english_words_that_the_corpus_says_otherwise(text):
    """What went wrong is under "Obstacles" in the corpus: it is asked for as that."""
    (concept,) = concepts(text, "en")
    assert ("obstacl",) in concept.alternatives
    assert not concept.counts_when_unknown
    assert _asked(text, "en").isdisjoint({"went", "wrong", "goe"})


def test_concepts_when_the_words_stand_apart():
    """Only together are "went" and "wrong" about obstacles."""
    assert "obstacl" not in _asked("The wrong pipe went north", "en")


def test_concepts_of_english_words_that_only_ask():
    """Words that say nothing of the thing asked for do not count, other words do."""
    asked = concepts("How much did anyone get, and what happened exactly?", "en")
    assert asked == []
    assert concepts("How much did the pipes get?", "en") == [Concept((("pipe",),))]


def test_asking_words_are_those_of_english_only():
    """A word that only asks in English is a name like others in another language."""
    assert _asked("Many", "sv") == {"mani"}


def test_concepts_in_a_language_that_the_glossary_does_not_know():
    """A question in another language is read as it stands."""
    assert concepts("Brunnshög?", "cs") == [Concept((("brunnshog",),))]


@pytest.mark.parametrize("language", ["da", "nn"], ids=["danish", "nynorsk"])
def test_concepts_when_written_nearly_as_in_bokmal(language):
    """Danish and Nynorsk are looked up as Bokmål."""
    text = "Hva kostet fjernvarme?"
    assert concepts(text, language) == concepts(text, "nb")
    assert {"heat", "district"} <= _asked(text, "nb")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("FJÄRRVÄRME", "sv"),
        ("fjarrvarme", "sv"),
        ("Fjärrvärmenätet", "sv"),
        ("«fjärrvärme»", "sv"),
    ],
    ids=["capitals", "no accents", "compound", "quoted"],
)
def test_concepts_when_written_otherwise(text, language):
    """Capitals, accents, endings and signs do not hide a word."""
    assert {"district", "heat"} <= _asked(text, language)


def test_concepts_of_several_words():
    """A pattern of several words matches when they stand together, in its order."""
    together = _asked("le chauffage urbain", "fr")
    apart = _asked("le chauffage d'un immeuble urbain", "fr")
    turned = _asked("urbain chauffage", "fr")
    assert "district" in together
    assert "district" not in apart | turned


def test_concepts_when_the_pattern_is_longer_than_the_rest():
    """The first word of a longer pattern at the end of a question is no match."""
    assert "district" not in _asked("mon chauffage", "fr")


# Words that begin like a stem of the glossary and mean something else, and what the
# stem means.
UNRELATED = {
    "fr": {
        "Stockholm": "storage",
        "Villeurbanne": "municipality",
        "répartition": "repair",
        "couteau": "cost",
        "banquet": "bank",
        "amendement": "penalty",
        "briquet": "brick",
        "Rochefort": "bedrock",
        "syndicaliste": "owner",
    },
    "sv": {
        "testamente": "pilot",
        "ärlig": "year",
        "sanktioner": "reduce",
        "botemedel": "penalty",
    },
    "pl": {
        "kolejny": "train",
        "rzadko": "state",
        "premier": "premium",
        "taniec": "cheap",
        "urządzenie": "department",
        "dochodzenie": "revenue",
        "zakażenie": "ban",
        "ustawienie": "law",
    },
    "hu": {
        "vonatkozó": "train",
        "büszke": "bus",
        "Balaton": "straw",
        "magának": "private",
        "civilizáció": "association",
        "novella": "price",
        "negyedik": "neighbourhood",
    },
    "fi": {
        "Seinäjoki": "wall",
        "testamentti": "pilot",
        "ilmaisu": "free",
        "väärä": "risk",
    },
    "nb": {
        "grusom": "stone",
        "bestemor": "decides",
        "premiere": "premium",
        "bygdene": "build",
    },
    "it": {
        "impressione": "company",
        "Giovanni": "young",
        "eventuale": "event",
        "licenziamento": "permit",
        "effettuare": "effect",
        "impostazione": "tax",
    },
    "de": {
        "Müller": "waste",
        "betont": "concrete",
        "Baumeister": "tree",
        "kriegt": "pandemic",
        "gesetzt": "law",
        "erfolgt": "success",
    },
    "es": {
        "normal": "regulation",
        "costera": "cost",
        "hormiga": "concrete",
        "precioso": "price",
        "puertorriqueño": "harbour",
        "bloqueo": "flat",
    },
    "nl": {
        "premier": "premium",
        "maandag": "month",
        "betrekking": "participation",
        "natuurkunde": "tree",
    },
    "pt": {
        "médico": "monitoring",
        "palhaço": "straw",
        "Sánchez": "penalty",
        "atrás": "delay",
        "caminho": "truck",
        "testemunha": "pilot",
        "preconceito": "price",
        "verbal": "money",
    },
    "ro": {
        "magazin": "depot",
        "testament": "pilot",
        "pretutindeni": "price",
        "economic": "saving",
        "amendament": "penalty",
    },
    "el": {
        "όμορφη": "neighbour",
        "Γεώργιος": "farmer",
        "κομμάτι": "politician",
        "ατμόσφαιρα": "steam",
        "κλίμακα": "climate",
        "Λιθουανία": "stone",
        "διορισμός": "deadline",
    },
}


@pytest.mark.parametrize("language", UNRELATED)
def test_concepts_of_words_that_only_begin_alike(language):
    """A stem does not catch frequent words that have nothing to do with it."""
    caught = [
        word
        for word, meaning in UNRELATED[language].items()
        if _asked(word, language).issuperset(terms(meaning))
    ]
    assert caught == []


def test_concepts_name_each_thing_once():
    """Two words for one thing, or one word twice, ask for one thing."""
    once = concepts("fjärrvärme", "sv")
    assert concepts("fjärrvärme, fjärrvärmen, närvärme", "sv") == once


def test_concepts_keep_names_and_numbers():
    """What the glossary does not know is kept if it is long enough, or a number."""
    asked = concepts("Kungsbacka 2030 och 7 av Xyz", "sv")
    assert [concept.alternatives for concept in asked] == [
        (("2030",),),
        (("7",),),
        (("kungsbacka",),),
    ]


@pytest.mark.parametrize("text", ["fjärrvärme", "Kungsbacka", "2030"])
def test_concepts_that_the_corpus_may_not_know(text):
    """In other languages than English, unknown words weigh nothing."""
    assert not any(concept.counts_when_unknown for concept in concepts(text, "sv"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "?!…", "供热"], ids=["empty", "signs", "chinese"])
def test_concepts_when_there_is_nothing_to_know(text, language):
    """A text without a word of the language asks for no concept that has two words."""
    assert len(_asked(text, language)) <= 1


def test_glossary_has_its_columns():
    """The columns are the fourteen languages, English and what it asks with first."""
    assert list(ROWS[0]) == COLUMNS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_is_filled(language):
    """Every row has a word in every language, no cell too many, and no empty word."""
    for row in NAMED:
        assert len(row) == len(COLUMNS), row["en"]
        alternatives = row[language].split("|")
        assert all(text == text.strip() and text for text in alternatives), row["en"]


def test_words_that_only_ask_stand_alone():
    """A row without words of the corpus has English asking words and nothing else."""
    asking = [row for row in ROWS if not row["en"]]
    assert asking
    for row in asking:
        assert [name for name in COLUMNS if row[name]] == ["asked"]


def test_every_row_has_fifteen_cells():
    """No line has a tab too many or too few."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    cells = Counter(line.count("\t") + 1 for line in lines)
    assert cells == {len(COLUMNS): len(ROWS) + 1}


def test_english_words_are_words():
    """The English column has whole words, each with an index term."""
    for row in NAMED:
        assert "*" not in row["en"]
        assert all(terms(text) for text in row["en"].split("|")), row["en"]


def test_no_english_cell_comes_twice():
    """Each concept has one row."""
    assert len({row["en"] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("language", LANGUAGE_OF)
def test_stems_are_long_enough(language):
    """A stem has at least three letters before its star, which stands at the end."""
    short = [
        word
        for row in ROWS
        for word in row[language].replace("|", " ").split()
        if "*" in word
        and (not word.endswith("*") or len(fold(word.rstrip("*"))) < MIN_STEM)
    ]
    assert short == []


@pytest.mark.parametrize("language", LANGUAGE_OF)
def test_patterns_can_match(language):
    """Every word of a pattern is one word of a text too: no hyphen, no apostrophe."""
    broken = [
        word
        for row in ROWS
        for word in row[language].replace("|", " ").split()
        if words(word.rstrip("*")) != [fold(word.rstrip("*"))]
    ]
    assert broken == []


@pytest.mark.parametrize("column", LANGUAGE_OF)
def test_each_pattern_finds_its_row(column):
    """Every word of the table, asked for by itself, asks for its English words."""
    for row in NAMED:
        expected = {term for text in row["en"].split("|") for term in terms(text)}
        for pattern in filter(None, row[column].split("|")):
            asked = _asked(pattern.replace("*", ""), LANGUAGE_OF[column])
            assert expected <= asked, pattern
