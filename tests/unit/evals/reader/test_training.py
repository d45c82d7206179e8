"""Training a tiny network on invented lists: it learns, stops and goes on."""

from __future__ import annotations

import math

import pytest
import torch

from evals.reader import training
from evals.reader.training import Trainer, TrainingPlan
from tests.support.fakes import RecordingProgress
from tests.unit.evals.reader.made_up_network import TinyModel, lists

PLAN = TrainingPlan(layers=2, trained_layers=1, epochs=2.0, rate=1e-2)


class Stopped(Exception):  # noqa: N818  # no error: somebody stops the training
    """Somebody stopped the training."""


class StoppingProgress(RecordingProgress):
    """Stops the training when so many steps are done."""

    def __init__(self, after: int) -> None:
        """Choose the step that is not finished any more."""
        super().__init__()
        self._after = after

    def advance(self, n: int) -> None:
        """See `ingest.Progress.advance`."""
        super().advance(n)
        if self.done.get("Training", 0) > self._after:
            raise Stopped


@pytest.fixture(autouse=True)
def _tiny_numbers():
    """Let later tests have the tiny numbers that a training rounds to zero."""
    yield
    torch.set_flush_denormal(False)


@pytest.fixture(autouse=True)
def _one_thread():
    """Add up in one order, whatever else the computer does."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A file of tiny random weights."""
    return TinyModel.write(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def train(model, tmp_path):
    """Return a function that trains and returns the weights by name."""

    def run(n=6, plan=PLAN, *, checkpoint="run", progress=None):
        progress = progress or RecordingProgress()
        trainer = Trainer(
            lists(n), model.tokens, model.file, plan, tmp_path / checkpoint, progress
        )
        return {k: v.clone() for k, v in trainer.train().state_dict().items()}

    return run


def _changed(left, right):
    return {name for name in left if not torch.equal(left[name], right[name])}


def test_training_twice_gives_the_same(train):
    """The seed fixes everything: the same lists and plan give the same weights."""
    assert _changed(train(checkpoint="one"), train(checkpoint="two")) == set()


@pytest.mark.parametrize("after", [1, 3], ids=["first epoch", "second epoch"])
def test_training_goes_on_after_a_stop(train, monkeypatch, after):
    """A training that was stopped ends with the weights of one that was not."""
    straight = train(checkpoint="straight")
    monkeypatch.setattr(training, "_SAVED_EVERY", 1)
    with pytest.raises(Stopped):
        train(progress=StoppingProgress(after))
    torch.rand(7)  # another process would stand elsewhere in the random numbers
    assert _changed(straight, train()) == set()


def test_training_that_is_done_is_not_repeated(train, monkeypatch):
    """A finished training gives its weights at once."""
    first = train()

    def fail(*_):
        raise AssertionError("a step was taken")

    monkeypatch.setattr(Trainer, "_loss", fail)
    assert _changed(first, train()) == set()


@pytest.mark.parametrize(
    ("n", "plan"),
    [
        (7, PLAN),
        (6, TrainingPlan(layers=2, trained_layers=1, epochs=2.0, rate=1e-2, seed=8)),
    ],
    ids=["other lists", "another plan"],
)
def test_training_of_something_else_begins_anew(train, n, plan):
    """A checkpoint of other lists or of another plan is not taken up."""
    train()
    after = train(n, plan)
    assert _changed(after, train(n, plan, checkpoint="fresh")) == set()


def test_training_leaves_lower_layers_and_words_alone(train, model):
    """Only the upper layers and the head learn: the words stay the packaged ones."""
    before = model.network().state_dict()
    changed = _changed(before, train())
    assert {name.partition(".")[0] for name in changed} == {"layers", "head"}
    assert not [name for name in changed if name.startswith("layers.0.")]
    assert "layers.1.output.dense.weight" in changed


def test_training_learns_what_answers(train, model):
    """After some rounds what answers scores above what does not."""
    plan = TrainingPlan(layers=2, trained_layers=2, epochs=60.0, rate=1e-2)
    weights = train(3, plan)
    network = model.network()
    network.load_state_dict(weights)
    (answered, *_) = lists(1)
    ids = model.tokens.pairs(answered.question, answered.texts)
    lengths = list(map(len, ids))
    with torch.no_grad():
        hidden = network.through(network.embedded(ids), slice(0, 2), lengths)
        scores = network.read(hidden, lengths)[:, 0]
    assert scores.argmax() == 0


@pytest.mark.parametrize(
    ("epochs", "n_steps"),
    [(0.01, 1), (0.5, 2), (1.0, 4), (2.5, 10)],
    ids=["a hundredth", "half", "one", "two and a half"],
)
def test_training_takes_as_many_steps_as_planned(train, epochs, n_steps):
    """Two lists make a step; a plan of less than one step takes one."""
    progress = RecordingProgress()
    plan = TrainingPlan(layers=2, trained_layers=1, epochs=epochs)
    train(8, plan, progress=progress)
    assert progress.done == {"Lower layers": 8, "Training": n_steps}


# What is minimised


def _cost(scores, grades):
    loss = training._list_loss(torch.tensor(scores), torch.tensor(grades))
    assert loss is not None
    return float(loss)


def test_list_loss_of_an_answer():
    """A list with an answer costs less, the further the answer stands out."""
    costs = [_cost([score, 0.0], [2, 0]) for score in (-1.0, 1.0, 3.0)]
    assert costs == sorted(costs, reverse=True)


def test_list_loss_without_an_answer():
    """Where nothing answers, the empty place is right: all scores should be low.

    Of two texts with score 0 and the empty place with 0, each has a third.
    """
    even = _cost([0.0, 0.0], [0, 0])
    assert even == pytest.approx(math.log(3))
    assert _cost([-3.0, -3.0], [0, 0]) < even


def test_list_loss_where_texts_only_help():
    """A list whose texts help but do not answer says nothing about the best one."""
    assert training._list_loss(torch.zeros(2), torch.tensor([1, 0])) is None


def test_rate_goes_up_and_down():
    """The learning rate rises quickly, then falls to nearly nothing, never below."""
    rates = [training._rate(step, 100) for step in range(100)]
    peak = rates.index(max(rates))
    assert 0 < peak < 10
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert min(rates[1:]) > 0
