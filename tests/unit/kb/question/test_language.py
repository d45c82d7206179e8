"""Detection of the language of a question."""

from __future__ import annotations

import pytest

from kb.question.language import UNKNOWN, detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How much did the heat pumps cost?", "en"),
        ("Wie viel haben die Wärmepumpen gekostet?", "de"),
        ("Combien ont coûté les pompes à chaleur ?", "fr"),
        ("¿Cuánto costaron las bombas de calor?", "es"),
        ("Quanto sono costate le pompe di calore?", "it"),
        ("Vad kostade värmepumparna i staden?", "sv"),
        ("Kuinka paljon lämpöpumput maksoivat?", "fi"),
        ("Mennyibe kerültek a hőszivattyúk?", "hu"),
        ("Πόσο κόστισαν οι αντλίες θερμότητας;", "el"),
        ("Cât au costat pompele de căldură?", "ro"),
        ("Ile kosztowały pompy ciepła?", "pl"),
        ("Колко струваха термопомпите в града?", "bg"),
    ],
    ids=lambda text: text if len(text) == 2 else "",
)
def test_language_of_a_question(text, code):
    """A question of a few words is enough to tell its language."""
    assert detect_language(text) == code


def test_language_when_norwegian():
    """Norwegian has the code of its more widely written standard, Bokmål."""
    assert detect_language("Hva har byen gjort for å redusere utslippene?") == "nb"


@pytest.mark.parametrize("text", ["", "  \n ", "2030", "?!…", "🙂", "7,5 %"], ids=repr)
def test_language_when_there_are_no_letters(text):
    """Without a letter there is no language to tell."""
    assert detect_language(text) == UNKNOWN


def test_language_when_text_has_line_ends():
    """A question pasted with line ends is one text."""
    assert detect_language("Wie viel haben\ndie Wärmepumpen\r\ngekostet?") == "de"


def test_language_when_text_is_very_long():
    """The beginning decides, so that 40,000 characters cost no more than 2,000."""
    german = "Die Stadt heizt mit der Abwärme der Keksfabrik. " * 50
    assert len(german) > 2_000
    text = german + "The city heats with waste heat. " * 1_200
    assert len(text) > 40_000
    assert detect_language(text) == "de"
