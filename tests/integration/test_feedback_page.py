"""Feedback on the Ask page: what a click keeps, and what is never kept."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest

from tests.unit.ui.made_up_feedback import SHOWN
from ui.feedback import DownReason, FeedbackStore, Kind, Verdict

QUESTION = "What did the pipe of the biscuit factory cost?"
OFF_TOPIC = "Which football team won the cup last night?"
TOGGLE = "feedback-toggle"


@pytest.fixture
def kept(tmp_path):
    """Return a function that reads what the app has kept."""
    return lambda: FeedbackStore(tmp_path / "feedback").entries()


def thumbs(app):
    """Return the choice between the two thumbs on the answer."""
    (found,) = [p for p in app.pills if p.label == "Was this answer useful?"]
    return found


def reasons(app):
    """Return the choice of reasons for a thumb down."""
    (found,) = [p for p in app.pills if p.label == "What is the problem?"]
    return found


def send_button(app):
    """Return the button that sends to the group; None when there is none."""
    found = [b for b in app.button if b.label == "Send to the discussion group"]
    return found[0] if found else None


def test_thumb_when_clicked(open_page, kept):
    """A thumb is kept at once, with what an expert needs to see the same answer."""
    app = open_page(q=QUESTION, city="exampleton")
    thumbs(app).set_value(Verdict.UP).run()
    (entry,) = kept()
    assert (entry.kind, entry.verdict) == (Kind.RATING, Verdict.UP)
    assert (entry.shown.question, entry.shown.language) == (QUESTION, "en")
    assert entry.shown.cities == ("exampleton",)
    assert "exampleton/biscuit-heat" in entry.shown.cases
    assert entry.shown.generation
    assert len(entry.shown.settings_digest) == 12
    assert [s.value for s in app.success] == [
        "Thank you. Your rating is kept for the experts."
    ]


def test_thumb_down_with_reason_and_comment(open_page, kept):
    """Thumb, reason and comment make one entry, and the thanks stay."""
    app = open_page(q=QUESTION)
    thumbs(app).set_value(Verdict.DOWN).run()
    reasons(app).set_value(DownReason.OUTDATED).run()
    app.text_area[1].set_value("Ask crumb@crumbly.example.")
    (button,) = [b for b in app.button if b.label == "Send comment"]
    button.click().run()
    (entry,) = kept()
    assert (entry.verdict, entry.reason) == (Verdict.DOWN, DownReason.OUTDATED)
    assert entry.comment == "Ask [e-mail address]."
    app.run()
    assert app.success[0].value.startswith("Thank you. Your rating and comment")


def test_thumb_when_turned_up(open_page, kept):
    """The reason of an earlier thumb down goes with it."""
    app = open_page(q=QUESTION)
    thumbs(app).set_value(Verdict.DOWN).run()
    reasons(app).set_value(DownReason.WRONG).run()
    thumbs(app).set_value(Verdict.UP).run()
    assert [(e.verdict, e.reason) for e in kept()] == [(Verdict.UP, None)]
    assert len(app.pills) == 1


def test_thumb_when_taken_back(open_page, kept):
    """A second click on a thumb deletes the entry."""
    app = open_page(q=QUESTION)
    thumbs(app).set_value(Verdict.UP).run()
    thumbs(app).set_value(None).run()
    assert kept() == []
    assert len(app.success) == 0


def test_thumb_when_another_question_was_asked_meanwhile(open_page, kept):
    """Back at the first answer the thumb is as it was left."""
    app = open_page(q=QUESTION)
    thumbs(app).set_value(Verdict.DOWN).run()
    reasons(app).set_value(DownReason.WRONG).run()
    app.text_area(key="q").set_value(
        "How many homes do the ovens of the biscuit factory heat?"
    ).run()
    assert thumbs(app).value is None
    app.text_area(key="q").set_value(QUESTION).run()
    assert thumbs(app).value == Verdict.DOWN
    assert reasons(app).value == DownReason.WRONG
    assert [e.reason for e in kept()] == [DownReason.WRONG]


def test_two_sessions_rate_for_themselves(open_page, kept):
    """A session neither sees nor changes the thumb of another."""
    one, two = open_page(q=QUESTION), open_page(q=QUESTION)
    thumbs(one).set_value(Verdict.UP).run()
    two.run()
    assert thumbs(two).value is None
    assert len(two.success) == 0
    thumbs(two).set_value(Verdict.DOWN).run()
    assert [e.verdict for e in kept()] == [Verdict.UP, Verdict.DOWN]


def test_unanswered_question_is_kept_once_a_session(open_page, kept):
    """Reruns count as one asking, another session as a second."""
    app = open_page(q=OFF_TOPIC)
    app.run()
    assert [(e.kind, e.times) for e in kept()] == [(Kind.UNANSWERED, 1)]
    open_page(q=OFF_TOPIC)
    assert [(e.shown.reason_code, e.times) for e in kept()] == [("off-topic", 2)]


def test_answered_question_is_not_kept(open_page, kept):
    """Without a click nothing is kept of a question that was answered."""
    open_page(q=QUESTION)
    assert kept() == []


def test_send_when_clicked(open_page, kept):
    """The question is kept for the group, and thanks take the button's place."""
    app = open_page(q=OFF_TOPIC)
    assert any("not who you are" in text.value for text in app.markdown)
    send_button(app).click().run()
    assert [entry.kind for entry in kept()] == [Kind.UNANSWERED, Kind.SENT]
    app.run()
    assert send_button(app) is None
    assert app.success[0].value.startswith("Noted. The facilitator")


def test_opt_out_keeps_nothing(open_page, kept):
    """A session that has opted out is asked nothing and leaves nothing behind."""
    app = open_page()
    app.toggle(key=TOGGLE).set_value(True).run()
    app.text_area(key="q").set_value(OFF_TOPIC).run()
    assert send_button(app) is None
    app.text_area(key="q").set_value(QUESTION).run()
    assert len(app.pills) == 0
    assert kept() == []
    assert app.toggle(key=TOGGLE).value is True


def test_opt_out_is_of_one_session(open_page, kept):
    """Another session goes on as before, and the switch can be turned back."""
    app = open_page(q=QUESTION)
    app.toggle(key=TOGGLE).set_value(True).run()
    other = open_page(q=OFF_TOPIC)
    assert other.toggle(key=TOGGLE).value is False
    assert len(kept()) == 1
    app.toggle(key=TOGGLE).set_value(False).run()
    thumbs(app).set_value(Verdict.UP).run()
    assert len(kept()) == 2


def test_opt_out_on_another_page(open_page, kept):
    """The switch stands where it was put when the page changes."""
    app = open_page("about")
    app.toggle(key=TOGGLE).set_value(True).run()
    app.switch_page("ui/ask/ask.py").run()
    assert app.toggle(key=TOGGLE).value is True
    app.text_area(key="q").set_value(OFF_TOPIC).run()
    assert kept() == []


def test_note_says_how_long(open_page, monkeypatch):
    """The note names the days that the operator has set."""
    monkeypatch.setenv("KB_FEEDBACK_DAYS", "1")
    app = open_page()
    assert any("deleted after 1 day." in text.value for text in app.markdown)


def test_operator_keeps_nothing(open_page, kept, monkeypatch):
    """Switched off by the operator, no page asks for feedback, and the note says so."""
    monkeypatch.setenv("KB_FEEDBACK", "off")
    app = open_page(q=OFF_TOPIC)
    assert send_button(app) is None
    app.text_area(key="q").set_value(QUESTION).run()
    assert len(app.pills) == 0
    assert len(app.toggle) == 0
    assert kept() == []
    assert any("are not kept here" in text.value for text in app.caption)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_what_is_too_old_is_deleted(open_page, tmp_path, monkeypatch, switch):
    """Opening any page deletes it, also where nothing is kept any more."""
    monkeypatch.setenv("KB_FEEDBACK", switch)
    then = FeedbackStore(tmp_path / "feedback", today=lambda: date(2020, 1, 1))
    then.keep_unanswered(SHOWN)
    assert len(then.entries()) == 1
    open_page("about")
    assert then.entries() == []


def test_what_is_too_old_is_looked_for_once_a_day(open_page, monkeypatch):
    """The first page of each day does it, whoever opens it; the day's others do not."""
    days = []
    monkeypatch.setattr(
        FeedbackStore, "forget_old", lambda _: days.append(date.today())
    )
    app = open_page("about")
    app.run()
    open_page("about")
    assert len(days) == 1

    class Tomorrow(date):
        @classmethod
        def today(cls):
            return date.today() + timedelta(days=1)

    monkeypatch.setattr("ui.feedback.session.date", Tomorrow)
    app.run()
    app.run()
    assert len(days) == 2


def test_page_when_nothing_can_be_kept(open_page, tmp_path, caplog):
    """The answer stands, the user is told, and the log has the reason."""
    (tmp_path / "feedback").write_text("not a folder")
    with caplog.at_level(logging.ERROR):
        app = open_page(q=OFF_TOPIC)
        send_button(app).click().run()
    assert not app.exception
    assert [w.value[:27] for w in app.warning] == ["This could not be kept. The"]
    assert "feedback cannot be kept or read in" in caplog.text
    app.text_area(key="q").set_value(QUESTION).run()
    thumbs(app).set_value(Verdict.UP).run()
    assert len(app.success) == 0
    assert len(app.warning) == 1


def test_thumb_when_room_was_made(open_page, kept, tmp_path):
    """A click that failed can be made again."""
    (tmp_path / "feedback").write_text("not a folder")
    app = open_page(q=QUESTION)
    thumbs(app).set_value(Verdict.UP).run()
    (tmp_path / "feedback").unlink()
    thumbs(app).set_value(Verdict.DOWN).run()
    assert [entry.verdict for entry in kept()] == [Verdict.DOWN]
    assert len(app.warning) == 0
