"""What a session does with what a browser tells; entries are plain texts here."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from kb.errors import KnowledgeBaseError
from kb.settings import Settings
from kb.types import Query
from ui.device import storage
from ui.device.entry import Entry
from ui.device.questions import QuestionsError, read_questions, write_questions
from ui.device.session import DeviceSession, Told


class Words:
    """Words that a session holds, kept as one text; "bad" cannot be used."""

    def __init__(self) -> None:
        """Hold none."""
        self.held: list[str] = []
        self.entry = Entry(
            "words",
            lambda: "Words",
            most_chars=20,
            text=lambda: " ".join(self.held),
            take_up=self._take_up,
        )

    def _take_up(self, text: str, is_changed: bool) -> str:
        if text == "bad":
            raise KnowledgeBaseError("It is bad.")
        mine = self.held if is_changed else []
        self.held = list(dict.fromkeys([*text.split(), *mine]))
        return ""


@pytest.fixture
def words() -> Words:
    return Words()


def tell(device: DeviceSession, words: Words, **told: object) -> None:
    device.received.append(Told.model_validate(told))
    assert device.take_up([words.entry])
    device.plan([words.entry])


def test_session_that_begins(words: Words):
    """An empty session asks the browser to write nothing, and adopts what it has."""
    device = DeviceSession()
    device.plan([words.entry])
    assert device.wanted == {}
    tell(device, words, texts={"words": "one two"})
    assert words.held == ["one", "two"]
    assert device.wanted == {}


@pytest.mark.parametrize("how", ["refused", "failed", "not sent"])
def test_both_have_changed(words: Words, how: str):
    """What another tab wrote and what this session holds are joined and written."""
    device = DeviceSession()
    words.held = ["mine"]
    if how != "not sent":
        device.plan([words.entry])
    if how == "failed":
        tell(device, words, failed=["words"])
        assert "no room" in device.messages([words.entry])[0]
    before = device.change_id
    refused = ["words"] if how == "refused" else []
    tell(device, words, texts={"words": "theirs"}, refused=refused)
    assert words.held == ["theirs", "mine"]
    assert device.wanted == {"words": "theirs mine"}
    assert device.change_id != before
    assert device.messages([words.entry]) == []


def test_only_another_tab_has_changed(words: Words):
    """A session whose words were all written takes up what another tab made of them."""
    device = DeviceSession()
    words.held = ["mine"]
    device.plan([words.entry])
    tell(device, words, texts={"words": "theirs"})
    assert words.held == ["theirs"]


def test_emptied_elsewhere(words: Words):
    """What another tab has emptied is empty here, too."""
    device = DeviceSession()
    tell(device, words, texts={"words": "one"})
    tell(device, words, texts={"words": None})
    assert words.held == []


def test_text_that_cannot_be_used(words: Words):
    """It stays as it is, is named, and the session loses nothing."""
    device = DeviceSession()
    words.held = ["mine"]
    device.plan([words.entry])
    tell(device, words, texts={"words": "bad"})
    assert words.held == ["mine"]
    assert device.wanted == {}
    (message,) = device.messages([words.entry])
    assert "It is bad" in message
    device.erase()
    assert device.messages([words.entry]) == []


def test_text_that_is_too_large(words: Words):
    """It is not written, which is told until it is small again."""
    device = DeviceSession()
    words.held = ["x" * 21]
    device.plan([words.entry])
    assert device.wanted == {}
    assert "too large" in device.messages([words.entry])[0]
    words.held = ["x"]
    device.plan([words.entry])
    assert device.wanted == {"words": "x"}
    assert device.messages([words.entry]) == []


def test_erasing_and_keeping_again(words: Words):
    """After an erasure nothing is written until the reader wants it."""
    device = DeviceSession()
    words.held = ["one"]
    device.plan([words.entry])
    device.erase()
    words.held = ["one", "two"]
    device.plan([words.entry])
    assert (device.mode, device.wanted, device.keeps) == ("erase", {}, False)
    device.keep_again()
    device.plan([words.entry])
    assert (device.mode, device.wanted) == ("write", {"words": "one two"})


@pytest.mark.parametrize(
    "told", [{"texts": {"words": 3}}, {"more": 1}, {"off": "yes"}, []]
)
def test_browser_that_tells_nonsense(told: object):
    """What has another shape is refused before anything reads it."""
    with pytest.raises(ValidationError):
        Told.model_validate(told)


def test_questions_as_text():
    """Questions come back in their order, without filters that are gone."""
    asked = [Query("Two?", ("lund",), ("financing",), after="One?"), Query("One?")]
    text = write_questions(asked)
    assert read_questions(text, {"lund"}, {"financing"}) == asked
    assert read_questions(text, set(), set())[0] == Query("Two?", after="One?")
    assert write_questions([]) == ""
    with pytest.raises(QuestionsError):
        read_questions('{"version": 2}', set(), set())


def test_owner_of_what_is_kept(monkeypatch: pytest.MonkeyPatch):
    """With a login each reader has texts of her own; their names do not tell whose."""
    assert storage.owner(Settings.model_construct(login=False)) == ""
    with_login = Settings.model_construct(login=True)
    names = set()
    for reader in ("anna@example.org", "bela@example.org"):
        monkeypatch.setattr(storage, "who", lambda reader=reader: reader)
        names.add(storage.owner(with_login))
    assert len(names) == 2
    assert not any("anna" in name or "@" in name for name in names)
