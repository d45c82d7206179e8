"""Which questions ask several things at once, and how each part reads alone."""

from __future__ import annotations

import pytest

from kb.question.parts import question_parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Tramways in the region: which pots of money were mixed, how long were the "
            "delays, and who paid penalties?",
            (
                "Tramways in the region: which pots of money were mixed",
                "Tramways in the region: how long were the delays",
                "Tramways in the region: who paid penalties",
            ),
        ),
        (
            "Suuret lämpöpumput: teho, hinta ja kuka laitoksen omistaa?",
            (
                "Suuret lämpöpumput: teho",
                "Suuret lämpöpumput: hinta",
                "Suuret lämpöpumput: kuka laitoksen omistaa",
            ),
        ),
        (
            "Copropriétés : combien coûtent les travaux, et qui vote ?",
            (
                "Copropriétés : combien coûtent les travaux",
                "Copropriétés : qui vote",
            ),
        ),
        (
            "veřejné osvětlení LED – financování, úspory, potíže",
            (
                "veřejné osvětlení LED – financování",
                "veřejné osvětlení LED – úspory",
                "veřejné osvětlení LED – potíže",
            ),
        ),
    ],
    ids=["english", "finnish things", "french", "czech dash"],
)
def test_question_parts_puts_a_lead_before_each_part(text, parts):
    """What stands before a colon or a dash belongs to every part."""
    assert question_parts(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "What did the heating plant in Exampleton cost, and who paid for it?",
            (
                "What did the heating plant in Exampleton cost",
                "the heating plant in Exampleton cost: who paid for it",
            ),
        ),
        (
            "What did the heating plant cost? Who paid?",
            ("What did the heating plant cost", "the heating plant cost: Who paid"),
        ),
        (
            "Both towns closed their coal plants. How was it done and who paid for it?",
            (
                "Both towns closed their coal plants: How was it done",
                "Both towns closed their coal plants: who paid for it",
            ),
        ),
        (
            "How deep is the well in Exampleton, and what did the Energy Agency add?",
            (
                "How deep is the well in Exampleton",
                "what did the Energy Agency add",
            ),
        ),
    ],
    ids=["it", "two sentences", "sentence before", "own topic"],
)
def test_question_parts_carries_the_topic(text, parts):
    """A part that only points back is given what the question is about."""
    assert question_parts(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Hogyan választották ki az üzemeltetőt, és mennyit vállalt beruházásra?",
        "Vad kostade dialogprojektet totalt och hur stor del söktes som bidrag?",
        "Paljonko puuta voimala polttaa vuodessa, ja mikä osa siitä on metsäpuuta?",
        "Hva kostet røret mellom byene, og hvor langt er det?",
        "Hvad koster varmen fra anlægget, og hvem ejer boringerne?",
        "Combien ont coûté les travaux et quelle part la ville a-t-elle payée ?",
        "Chi ha seguito la formazione e quali uffici hanno lavorato insieme?",
        "Wie hoch war das Budget, und wie viel gab die Energiebehörde dazu?",
        "¿Qué recargo interno paga el Ayuntamiento y cuánto bajaron los viajes?",
        "Kiedy ogłoszono program przydziału gruntów i ilu deweloperów wybrano?",
        "Hoe groot was de schade van de brand en wie betaalde de herbouw?",
        "Qual foi a agência que atribuiu a nota máxima, e em que ano?",
        "Cât costă pe an funcționarea observatorului și câți oameni lucrează acolo?",
        "Πόσα χρήματα μοιράζει ο δήμος και ποιος ψηφίζει;",
        "Jak teplárna nahrazuje plyn a kolik stála nová jednotka na štěpku?",
    ],
)
def test_question_parts_in_every_language(text):
    """Two questions joined by "and" are two parts."""
    assert len(question_parts(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "How and why was the plant closed?",
        "Which act and which section of it allow this?",
        "Which cities and regions pay for hospitals, schools and museums?",
        "What did the company that built the net and that now runs it pay?",
        "Which firm, which owns the plant since 2012, burns the straw?",
        "Which measures failed, and why?",
        "What happens when it rains at 10:30 and the pump stops?",
        "We have little land. How many square metres does the plant need?",
        "By what means were builders won over: plans, land contracts, clubs?",
        "¿Qué ciudades y regiones pagaron museos, escuelas y hospitales?",
        "Que veículos é que as câmaras fiscalizam de facto?",
        "Ποιες πόλεις προστάτευσαν τα νοικοκυριά, και πώς;",
        "Miért zárták be az iskolát, a múzeumot és a kórházat?",
        "A: b, c, d, e, f, g",
    ],
)
def test_question_parts_of_one_question(text):
    """Lists of things, clauses about one thing and bare "why" part nothing."""
    assert question_parts(text) == ()


def test_parts_of_a_follow_up():
    """Only what a follow-up asks itself is parted, each part in the same context."""
    context = "Qu'a fait Exampleton, et pourquoi ?".rstrip(" ?")
    assert question_parts(f"{context} → Et combien ça a coûté ?") == ()
    parts = question_parts("How is it heated → what did the pipe cost and who paid?")
    assert [part.partition(" → ")[0] for part in parts] == ["How is it heated"] * 2
    assert parts[0].endswith("→ what did the pipe cost")
    assert parts[1].endswith("who paid")
