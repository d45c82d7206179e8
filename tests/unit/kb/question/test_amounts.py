"""How amounts of a question are brought into the corpus's way of writing."""

from __future__ import annotations

import pytest

from kb.question.amounts import plain_figures


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("What did the €81m plant cost?", "What did the EUR 81 million plant cost?"),
        ("Who paid the 81 million euros?", "Who paid the EUR 81 million?"),
        ("Wofür gingen 81.000.000 EUR weg?", "Wofür gingen EUR 81 million weg?"),
        ("Wer zahlte die 81 Mio. € dafür?", "Wer zahlte die EUR 81 million dafür?"),
        ("Wer zahlte 1,5 Mrd. Euro?", "Wer zahlte EUR 1.5 billion?"),
        ("Qui a payé les 81 M€ ?", "Qui a payé les EUR 81 million ?"),
        ("Qui a payé 2,5 milliards d'euros ?", "Qui a payé EUR 2.5 billion ?"),
        ("Mihin meni 81 milj. euroa?", "Mihin meni EUR 81 million?"),
        ("Mihin meni 81 MEUR kaupungissa?", "Mihin meni EUR 81 million kaupungissa?"),
        ("Kto zapłacił 81 mln zł za to?", "Kto zapłacił PLN 81 million za to?"),
        ("Vem betalade 150 mkr för det?", "Vem betalade SEK 150 million för det?"),
        ("Vem fick 150 MSEK av staten?", "Vem fick SEK 150 million av staten?"),
        ("Ki fizette a 24 milliárd Ft-ot?", "Ki fizette a HUF 24 billion-ot?"),
        ("Who paid 24 billion forints?", "Who paid HUF 24 billion?"),
        (
            "¿Quién pagó 1.700 millones de florines en la ciudad?",
            "¿Quién pagó HUF 1.7 billion en la ciudad?",
        ),
    ],
)
def test_plain_figures_of_money(text, plain):
    """Money is a code, a number and a word for its size."""
    assert plain_figures(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Who owns the 35MW plant?", "Who owns the 35 MW plant?"),
        ("Who owns the 35-MW plant?", "Who owns the 35 MW plant?"),
        ("Wer liefert die 1,5 GWh Wärme?", "Wer liefert die 1.5 GWh Wärme?"),
        ("Is 40 per cent or 40 % right?", "Is 40 percent or 40% right?"),
        ("Wohin gehen die 2.500 t Stroh?", "Wohin gehen die 2,500 tonnes Stroh?"),
        ("Where do 2,500 tonnes go?", "Where do 2,500 tonnes go?"),
        ("How long is the 15km pipe?", "How long is the 15 km pipe?"),
        ("Was kostet eine 50-m²-Wohnung?", "Was kostet eine 50 m2-Wohnung?"),
        ("How much CO₂ per m² is that?", "How much CO2 per m2 is that?"),
    ],
)
def test_plain_figures_of_measures(text, plain):
    """Measures have a space, signs none; numbers are written the English way."""
    assert plain_figures(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Who paid?",
        "What did it cost in 2013, on 12.03.2013 and in 2013-2015?",
        "Who runs line 3.2.1 and LFM30 in KA13?",
        "Call 555 123 456 or 06-1234.567",
        "Where do the 2.500 t of straw go?",
        "Who paid SEK 150 million in 2013?",
        "In 2013 EUR 81 million were paid.",
        "Hvem betalte 150 millioner kroner?",
        "How high is the 30 ft tower?",
        "Onko 40 prosenttia totta?",
        "A 25-t ki fizette Pécsett?",
    ],
)
def test_plain_figures_leaves_the_rest(text):
    """Years, dates, names, and what can be read in two ways stay as they are."""
    assert plain_figures(text) == text
