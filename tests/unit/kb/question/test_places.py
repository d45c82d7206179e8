"""Places elsewhere that a question names.

The gazetteer is the shipped one, so these are real places.
"""

from __future__ import annotations

import pytest

from kb.question.places import capitalised_names, named_places

COPENHAGEN = {"copenhagen", "kopenhagen", "copenhague"}


def _places(text, language="en"):
    return list(named_places(text, language))


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("What did Copenhagen pay?", "en", "Copenhagen"),
        ("what did copenhagen pay?", "en", "copenhagen"),
        ("WHAT DID COPENHAGEN PAY?", "en", "COPENHAGEN"),
        ("What Did Copenhagen Pay?", "en", "Copenhagen"),
        ("Copenhagen's harbour bath", "en", "Copenhagen"),
        ("Was zahlte Kopenhagen?", "de", "Kopenhagen"),
        ("Mitä Kööpenhaminassa maksettiin?", "fi", "Kööpenhaminassa"),
        ("mita koopenhaminassa maksettiin", "fi", "koopenhaminassa"),
        ("Combien a payé Copenhague ?", "fr", "Copenhague"),
        ("Сколько заплатил Копенгаген?", "ru", "Копенгаген"),
        ("Πόσο πλήρωσε η Κοπεγχάγη;", "el", "Κοπεγχάγη"),
    ],
    ids=[
        "english",
        "small letters",
        "capitals",
        "title case",
        "genitive",
        "german",
        "finnish ending",
        "finnish ending without accents",
        "french",
        "cyrillic",
        "greek",
    ],
)
def test_named_places(text, language, place):
    """A place is found in several languages, inflected or not, with all its names."""
    (found,) = named_places(text, language).items()
    assert found[0] == place
    assert found[1].names >= COPENHAGEN


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("what did den haag pay", "en", ["den haag"]),
        ("What did The Hague pay?", "en", ["The Hague"]),
        ("hoe betaalde mechelen dat", "nl", ["mechelen"]),
        ("Hogyan fizette Grazban a város?", "hu", ["Grazban"]),
        ("Ile zapłacono w Gdańsku?", "pl", ["Gdańsku"]),
        ("Does Lyon do as Copenhagen and Göteborg do?", "en", None),
    ],
    ids=["two words", "article", "town", "hungarian", "polish", "several"],
)
def test_named_places_of_other_kinds(text, language, places):
    """Names of several words, towns and inflected names are found, in order."""
    expected = places or ["Lyon", "Copenhagen", "Göteborg"]
    assert _places(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("How much did the heat pumps cost?", "en"),
        ("What did Exampleton pay?", "en"),
        ("Lund, Oslo, Helsinki, Malmö, Espoo, Florence, Grenoble, Pécs", "en"),
        ("Firenze, Florenz, Malmø, Pécsett, Helsingissä, Helsingfors", "en"),
        ("Was kostet das Essen in der Schulkantine?", "de"),
        ("How Did The City Pay For Insulation And Municipal Baseline?", "en"),
        ("Il Sindaco e i Mezzi della Città", "it"),
        ("Que paga o Município pela Linha?", "pt"),
        ("Vad kostade Brunnshög och Minskning av utsläpp?", "sv"),
        ("Welche Mittel gab die Stadt für Dämmung?", "de"),
        ("hvordan ble den lille kommunen finansiert", "nb"),
        ("is it nice to live there", "en"),
        ("THE KPI, NZEB, BIM, ESCO, RRF, EPBD, SUMP, DSO AND PPP", "en"),
        ("Which KPI, NZEB, BIM, ESCO, RRF, EPBD, SUMP, DSO and PPP?", "en"),
        ("Hvor mange Mrd og MNOK betaler EUs fond?", "nb"),
        ("na osłonę i izolację", "pl"),
    ],
)
def test_named_places_when_there_is_none(text, language):
    """Ordinary words, abbreviations, and the mentor cities are no places elsewhere."""
    assert _places(text, language) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("How did Nice pay for its trams?", ["Nice"]),
        ("How Did Nice People Pay For It All?", []),
        ("nice people", []),
    ],
    ids=["capital inside a sentence", "title case", "small letters"],
)
def test_named_places_when_the_name_is_an_ordinary_word(text, places):
    """A large city whose name is a word is meant where only a capital can say so."""
    assert _places(text) == places


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("Co dělá Vídeň s odpadem?", "cs", ["Vídeň"]),
        ("co dela viden s odpadem", "cs", []),
        ("Har Åbo en klimatbudget?", "sv", ["Åbo"]),
        ("Miten hanke lähti liikkeelle?", "fi", []),
        ("Paljonko lämpö maksoi Lahdella?", "fi", ["Lahdella"]),
        ("Miért cserélték le a kazánt?", "hu", []),
        ("Kazánban mennyi a kazán?", "hu", []),
    ],
    ids=[
        "accents of the name",
        "no accents",
        "accents in another language",
        "accents of the word",
        "form with accents elsewhere",
        "form of an ordinary word",
        "form of an ordinary word at the beginning",
    ],
)
def test_named_places_when_accents_tell_it_from_a_word(text, language, places):
    """Accents tell a name from an ordinary word, and a word's forms are words."""
    assert named_places(text, language).keys() == set(places)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who carries the Split Incentive?", "en"),
        ("What does the Paris Agreement ask?", "en"),
        ("Que prévoit l'accord de Paris ?", "fr"),
        ("Mitä Pariisin sopimus vaatii?", "fi"),
        ("van de stad", "und"),
        ("Was ELK or VAN an acronym?", "en"),
        ("How did Sakskøbings mill pay?", "en"),
    ],
    ids=[
        "part of a term",
        "treaty",
        "treaty, the other way round",
        "treaty inflected",
        "three small letters",
        "acronyms",
        "village inflected",
    ],
)
def test_named_places_when_a_name_means_something_else(text, language):
    """Terms, treaties, short words and forms of villages' names are no places."""
    assert _places(text, language) == []


def test_named_places_beside_a_treaty():
    """Only the place that a treaty is called after is left out."""
    assert _places("Did Lyon sign the Paris Agreement?") == ["Lyon"]


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("What did Atlantis pay in Camelot?", "en", ["Atlantis", "Camelot"]),
        ("Atlantis paid. Camelot did not.", "en", []),
        ("WHAT DID ATLANTIS PAY?", "en", []),
        ("Was kostete der Zeppelin?", "de", []),
        ("", "en", []),
    ],
    ids=["inside", "first words", "capitals", "german", "empty"],
)
def test_capitalised_names(text, language, names):
    """A capital says something only inside a sentence that is not full of them."""
    assert capitalised_names(text, language) == names
