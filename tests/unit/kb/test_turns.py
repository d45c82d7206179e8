"""Questions take turns in the order in which they come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from kb.errors import BusyError
from kb.turns import Turns


class Asker(threading.Thread):
    """Takes a turn and keeps it until it is let go."""

    def __init__(self, turns: Turns, log: list[str], name: str) -> None:
        """Stand beside the line."""
        super().__init__(daemon=True)
        self._turns, self._log, self._who = turns, log, name
        self.places: list[int] = []
        self.let_go = threading.Event()

    def run(self) -> None:
        """Stand in line, and note when the turn has come."""
        with self._turns.turn(self.places.append):
            self._log.append(self._who)
            self.let_go.wait(10)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def until_as_many(of: Sequence[object], n: int) -> None:
    until(lambda: len(of) == n)


def lined_up(turns: Turns, log: list[str], names: str) -> list[Asker]:
    """Let askers come one after the other; the first ones begin."""
    askers = []
    for n, name in enumerate(names, start=1):
        asker = Asker(turns, log, name)
        asker.start()
        until_as_many(turns._line, n)
        askers.append(asker)
    return askers


def test_turns_are_taken_in_order():
    """As many as may work at once begin; the others follow as they came."""
    turns = Turns(2)
    log: list[str] = []
    askers = lined_up(turns, log, "abcde")
    until_as_many(log, 2)
    assert turns.waiting == 3
    for n, asker in enumerate(askers):
        until_as_many(log, min(n + 2, 5))
        asker.let_go.set()
        asker.join(10)
    assert (log[2:], sorted(log[:2]), turns.waiting) == (list("cde"), ["a", "b"], 0)


def test_place_is_told_when_it_changes():
    """Who waits hears each place once, and 0 when it is her turn; others nothing."""
    turns = Turns(1)
    log: list[str] = []
    first, _, last = askers = lined_up(turns, log, "abc")
    until(lambda: last.places == [2])
    first.let_go.set()
    until(lambda: last.places == [2, 1])
    askers[1].let_go.set()
    until(lambda: last.places == [2, 1, 0])
    assert first.places == []
    last.let_go.set()


def test_full_line():
    """Nobody waits in a line that is full; those in it keep their places."""
    turns = Turns(1, most_waiting=1)
    log: list[str] = []
    first, second = lined_up(turns, log, "ab")
    with pytest.raises(BusyError, match="1 questions wait already. Ask again"):
        turns.turn().__enter__()
    first.let_go.set()
    until(lambda: log == ["a", "b"])
    second.let_go.set()


def test_wait_that_is_broken_off():
    """Who goes away while she waits leaves the line, and nobody is held up."""
    turns = Turns(1)
    log: list[str] = []
    first, last = lined_up(turns, log, "ab")

    def go_away(_: int) -> None:
        raise KeyError

    with pytest.raises(KeyError), turns.turn(go_away):
        pass
    first.let_go.set()
    until(lambda: log == ["a", "b"])
    last.let_go.set()


def test_turn_within_a_turn():
    """A thread whose turn it is may ask as often as it likes."""
    turns = Turns(1)
    with turns.turn(), turns.turn():
        assert turns.waiting == 0
    with turns.turn():
        pass
    assert not turns._line


def test_turn_that_fails():
    """A question that fails gives its turn on."""
    turns = Turns(1)
    with pytest.raises(KeyError), turns.turn():
        raise KeyError
    with turns.turn():
        pass
