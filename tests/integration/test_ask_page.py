"""What the Ask page does with questions, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb import KnowledgeBase
from kb.turns import Turns

QUESTION = "What did the pipe of the biscuit factory cost?"


@pytest.fixture
def searches(monkeypatch) -> list[str]:
    """Return the questions that the knowledge base is asked, as they come."""
    asked: list[str] = []
    ask = KnowledgeBase.ask

    def counted(kb, query):
        asked.append(query.text)
        return ask(kb, query)

    monkeypatch.setattr(KnowledgeBase, "ask", counted)
    return asked


def follow_ups(app) -> dict[str, str]:
    """Return the labels of the follow-up questions by their key."""
    return {b.key: b.label for b in app.button if b.key and b.key.startswith("follow-")}


def test_question_when_the_line_is_full(open_page, monkeypatch):
    """A page says that it could not ask; a click asks again."""
    line = Turns(1, most_waiting=0)
    monkeypatch.setattr(KnowledgeBase, "turn", lambda _, on_wait: line.turn(on_wait))
    with line.turn():
        app = open_page(q=QUESTION)
    (message,) = app.warning
    assert message.value.startswith("Too many people are asking right now.")
    app.button(key="ask-again").click().run()
    assert not app.warning
    assert follow_ups(app)


def test_follow_up_when_a_case_is_found(open_page):
    """Follow-up questions are about the found case, and only what it speaks of."""
    app = open_page(q=QUESTION)
    labels = follow_ups(app)
    assert "What did it cost?" in labels.values()
    assert all(key.startswith("follow-exampleton/") for key in labels)
    sections = {key.rpartition("-")[2] for key in labels}
    assert sections <= {"Costs", "Obstacles", "Governance", "Results"}


def test_follow_up_when_a_section_has_sub_sections_only(open_page, monkeypatch):
    """What stands below sub-headings alone belongs to its section, too."""
    full_case = KnowledgeBase.full_case

    def below_headings(kb, case_id):
        full = full_case(kb, case_id)
        assert full is not None
        below = [
            replace(statement, section=f"{statement.section} › Made up")
            for statement in full.statements
        ]
        return replace(full, statements=below)

    before = follow_ups(open_page(q=QUESTION))
    monkeypatch.setattr(KnowledgeBase, "full_case", below_headings)
    assert before
    assert follow_ups(open_page(q=QUESTION)) == before


def test_follow_up_when_clicked(open_page):
    """A follow-up asks about the case by its name, in the same session."""
    app = open_page(q=QUESTION)
    key = next(key for key in follow_ups(app) if key.endswith("Costs"))
    app.button(key=key).click().run()
    box = app.text_area(key="q")
    assert "biscuit factory" in box.value
    assert "what did it cost" in box.value


def test_answer_when_the_page_is_run_again(open_page, searches):
    """A rerun of the same question costs no search."""
    app = open_page(q=QUESTION)
    app.run()
    assert searches == [QUESTION]


def test_answer_when_two_sessions_ask(open_page, searches):
    """Each session asks for itself: none sees what another has asked."""
    open_page(q=QUESTION)
    other = open_page(q="Who paid for the oven pipe?")
    history = [b.label for b in other.button if (b.key or "").startswith("history")]
    assert len(searches) == 2
    assert history == ["Who paid for the oven pipe?"]


def test_history_when_a_question_is_taken_up_again(open_page, searches):
    """A question of the session comes back by a click, without another search."""
    app = open_page(q=QUESTION)
    app.text_area(key="q").set_value("Who paid for the oven pipe?").run()
    assert len(searches) == 2
    app.button(key="history-1").click().run()
    assert app.text_area(key="q").value == QUESTION
    assert len(searches) == 2


def test_follow_up_when_typed_after_a_question(open_page):
    """What goes on from the last question is read after it, says so, and shares."""
    app = open_page(q=QUESTION)
    app.text_area(key="q").set_value("and who paid?").run()
    read = f"{QUESTION.rstrip('?')} → and who paid?"
    assert any(read in element.value for element in app.markdown)
    assert app.query_params["after"] == QUESTION
    shared = open_page(q="and who paid?", after=QUESTION)
    assert any(read in element.value for element in shared.markdown)


def test_follow_up_when_undone(open_page, searches):
    """One click asks what was typed, alone."""
    app = open_page(q="and who paid?", after=QUESTION)
    app.button(key="only-typed").click().run()
    assert app.text_area(key="q").value == "and who paid?"
    assert "after" not in app.query_params
    assert not any("→" in element.value for element in app.markdown)
    assert len(searches) == 2


def test_question_when_it_is_long(open_page):
    """The page says which beginning was read; nothing is offered to be undone."""
    app = open_page(q=f"{QUESTION} {'heat ' * 190}".strip())
    (told,) = app.info
    assert QUESTION.rstrip("?") in told.value
    assert told.value.count("heat") < 128
    assert "only-typed" not in {button.key for button in app.button}


def test_follow_up_when_follow_ups_are_chained(open_page):
    """A follow-up on a follow-up goes on from what the first was understood as."""
    app = open_page(q="Which city heats homes with biscuits?")
    app.text_area(key="q").set_value("and in Exampleton?").run()
    app.text_area(key="q").set_value("who paid?").run()
    before = "Which city heats homes with biscuits (Exampleton)?"
    assert app.query_params["after"] == before
    assert any("→ who paid?" in element.value for element in app.markdown)


def test_follow_up_when_a_new_question_is_typed(open_page):
    """A question of its own is not read after the last one, nor is a clicked one."""
    app = open_page(q="and who paid?", after=QUESTION)
    app.text_area(key="q").set_value("How are bricks reused in Sampleby?").run()
    assert "after" not in app.query_params
    assert not any("→" in element.value for element in app.markdown)
    app = open_page(q="and who paid?", after=QUESTION)
    key = next(iter(follow_ups(app)))
    app.button(key=key).click().run()
    assert "after" not in app.query_params


def test_history_when_a_follow_up_is_taken_up_again(open_page, searches):
    """The session's list brings a follow-up back with what it goes on from."""
    app = open_page(q=QUESTION)
    app.text_area(key="q").set_value("and who paid?").run()
    app.text_area(key="q").set_value("How are bricks reused in Sampleby?").run()
    app.button(key="history-1").click().run()
    assert app.query_params["after"] == QUESTION
    assert len(searches) == 3


def test_message_when_it_is_no_question(open_page):
    """What is no question gets the honest message, and no statement."""
    app = open_page(q="asdf qwer")
    (heading,) = (h for h in app.header if "do not answer" in h.value)
    assert heading.value == "The sources do not answer this"


def test_history_when_nothing_was_asked(open_page):
    """A new session has no history to show."""
    app = open_page()
    keys = [button.key or "" for button in app.button]
    assert any(key.startswith("example-") for key in keys)
    assert not any(key.startswith("history-") for key in keys)


def test_message_when_question_holds_no_words(open_page):
    """A question that cannot be used gets a sentence, and the page stays."""
    app = open_page(q="?!?")
    (warning,) = app.warning
    assert "holds no letters or digits" in warning.value


def test_texts_when_the_address_names_a_language(open_page):
    """The address can name the language that the page is shown in."""
    app = open_page(lang="sv")
    assert app.selectbox(key="language").value == "sv"
    assert app.text_area(key="q").label != "Your question"
