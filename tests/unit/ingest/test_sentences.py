"""Sentences in every served language: where they end, and where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sentences import cut_sentences
from ingest.split import split_document
from tests.unit.ingest.readers.files import READINGS, read
from tests.unit.ingest.test_split import split_pages

LISTS = Path(__file__).with_name("sentences")
LANGUAGES = sorted(path.stem for path in LISTS.glob("*.txt"))
# Neighbours on the page: the next line, and those further on.
STRIDES = (1, 7, 13)


def wrong_ones(lines: list[str], language: str) -> list[str]:
    """Return the sentences that do not come out whole, once for each stride."""
    wrong = []
    for paragraph in (p for stride in STRIDES for p in paragraphs_of(lines, stride)):
        cut = [part.strip() for part in cut_sentences(" ".join(paragraph), language)]
        wrong += [sentence for sentence in paragraph if sentence not in cut]
    return wrong


def paragraphs_of(lines: list[str], stride: int) -> list[list[str]]:
    """Return every sentence once, three to five in a paragraph."""
    order = [lines[n * stride % len(lines)] for n in range(len(lines))]
    paragraphs: list[list[str]] = []
    while order:
        size = 3 + len(paragraphs) % 3
        paragraphs.append(order[:size])
        order = order[size:]
    return paragraphs


def test_languages():
    """Every language in which questions are served has its sentences."""
    assert " ".join(LANGUAGES) == "cs da de el en es fi fr hu it nb nl pl pt ro sv"


@pytest.mark.parametrize("language", LANGUAGES)
def test_cut_sentences_when_a_report_is_written_in_a_language(language):
    """At least 99 of 100 sentences come out whole: not cut, not joined to another."""
    lines = (LISTS / f"{language}.txt").read_text("utf-8").splitlines()
    assert len(lines) >= 40
    wrong = wrong_ones(lines, language)
    assert len(wrong) <= 0.01 * len(lines) * len(STRIDES), wrong


def test_cut_sentences_when_the_rules_have_not_seen_them():
    """Of sentences by which no rule was chosen, 97 of 100 come out whole."""
    n_lines = n_wrong = 0
    for language in LANGUAGES:
        lines = (LISTS / "untuned" / f"{language}.txt").read_text("utf-8").splitlines()
        n_lines += len(lines) * len(STRIDES)
        n_wrong += len(wrong_ones(lines, language))
    assert n_wrong <= 0.03 * n_lines


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hu", "A hálózatot 2024. január 31. napján adták át. | A közgyűlés döntött."),
        ("hu", "A rendelet 2024. 05. 17-én lépett életbe. | A 9. § szerint jó."),
        ("hu", "Kazán, szivattyú stb. | A város fizetett."),
        ("pt", "O custo foi de aprox. 3,5 mil. € (pág. 12). | O contrato acabou."),
        ("nb", "Bystyret vedtok det 3. juni. | Det er landets 2. største anlegg."),
        ("nb", "Haakon VII. gate er stengt. | Prisen er kr. 500."),
        ("de", "Am 15. Januar 2024. | Der 3. Bauabschnitt begann im 1. Quartal."),
        ("de", "Die Zahl stieg auf 15. | Danach sank sie bis 2030. | Rohre fehlten."),
        ("de", "Sie kostete 4 Mio. | Die Stadt zahlte 3 Mio. Kronen."),
        ("de", "Das ist die erste ihrer Art. | Die Art. 5 und 6 gelten."),
        ("en", "The answer was no. | No. 4 cost approx. 5 p.p. more."),
        (
            "en",
            "Visit www.city.org. | The U.S. Department paid. | In the U.S. it is so.",
        ),
        (
            "en",
            "He left at 5 p.m. on Friday. | (See p. 3.) | The bridge (c. 1900) is old.",
        ),
        ("sv", "De kom med bil. | Se bil. 3. | ”Ja!” | Ordf. M. Ek log."),
        ("sv", "Skolor (simhallar, bibliotek m.m.) Malmö stad äger är med. | Ja."),
        (
            "pl",
            "W dniu 1 stycznia 2020 r. Rada przyjęła plan. | W sieci jest 5 szt.",
        ),
        (
            "cs",
            "Dne 3. 6. 2024 v 18 hod. začala schůze. | Podle č. 458/2000 Sb. | Ano.",
        ),
        ("fr", "L'art. L. 12 s'applique. | M. Roy est là. | C'est le no 5."),
        ("el", "Τι είναι; | Η Δ.Ε.Η. Α.Ε. κέρδισε. | Ο κ. Ρόη ήρθε."),
    ],
)
def test_cut_sentences_when_a_full_stop_means_several_things(language, text):
    """The words around a full stop tell whether it ends the sentence."""
    expected = text.split(" | ")
    cut = cut_sentences(" ".join(expected), language)
    assert [part.strip() for part in cut] == expected


def test_cut_sentences_when_nothing_is_known_of_the_language():
    """The library decides, but never before a small letter; nothing gets lost."""
    text = "Grad je platio 5 mil. eura. Mreža radi.  Kraj"
    assert cut_sentences(text, "hr") == [
        "Grad je platio 5 mil. eura. ",
        "Mreža radi.  ",
        "Kraj",
    ]
    assert cut_sentences("", "und") == []


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        (
            "19-sentences-hu.html",
            [
                "A hálózatot 2024. január 31. napján adták át.",
                "A közgyűlés 2023. május 3-án döntött róla.",
                "A költség kb. 3,5 mrd. forint volt, azaz 2019. évi áron 1,2 mrd. Ft.",
                "A XII. kerület és a 3. számú kazán is csatlakozott.",
                "Az üzem 2020. évben 35 MW-ot adott.",
            ],
        ),
        (
            "20-sentences-nb.html",
            [
                "Nettet ble åpnet 17. mai 2024.",
                "Bystyret vedtok det 3. juni.",
                "Kostnadene var ca. 3,5 mill. kroner, dvs. 1 200 kr pr. husstand.",
                "Det er landets 2. største anlegg iht. kap. 4.",
            ],
        ),
        (
            "21-sentences-sv.html",
            [
                "Nätet togs i drift den 17 maj 2024.",
                "Kostnaden var ca 3,5 milj. kronor, dvs. 1 200 kr per hushåll.",
                "Bl.a. Skanska och t.ex. Kraftringen deltog.",
                "Den 2. pannan, jfr. kap. 4, ger 35 MW.",
            ],
        ),
    ],
)
def test_statements_of_a_page(tmp_path, name, sentences):
    """The statements of a page are its sentences."""
    document = read(tmp_path, "a.html", (READINGS / name).read_bytes())
    assert document.case is not None
    units = split_document(document, document.case, 300)
    assert [statement.text for statement in units.statements] == sentences


@pytest.mark.parametrize("tokens", [60, 100, 300])
def test_passages_when_a_sentence_is_longer_than_they(tokens):
    """It is cut between its words, never inside a figure, an amount or a date."""
    item = "ca. 3,5 mill. kroner den 17. mai 2024 for 12 500 m³ (7,5 %) ved Dr. A. Moe"
    text = f"Byen kjøpte {' og '.join([item] * 20)}."
    passages = [passage.text for passage in split_pages([text], tokens).passages]
    assert len(passages) > 2
    assert " ".join(passages) == text
    assert not any(p[-1].isdecimal() or p[-1] == "." for p in passages[:-1])
    assert not any(p[0].isdecimal() or p[0] == "%" for p in passages)
