"""Fine-tuning of the reader's upper layers, on two cores in an evening."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from evals.reader.export import average_with, restore
from evals.reader.lists import ReadingList, lists_digest
from evals.reader.network import ReaderNetwork
from ingest import Progress
from kb.index.packed_file import PackedFile
from kb.reader.packaged import Tokens

_LISTS_AT_ONCE = 2
_CACHED_AT_ONCE = 8
_WARM_UP = 0.06
_LAST_RATE = 0.02
_HEAD_RATE = 1e-3
_DECAY = 0.01
_CLIP = 1.0
_SAVED_EVERY = 200
# Answers are rarer than others in a list.
_ANSWERS_WEIGH, _HELPS_WEIGH = 2.0, 1.5
_LIST_WEIGHS = 0.5


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How to train; everything that shapes the weights beside the lists."""

    layers: int = 12
    trained_layers: int = 7
    epochs: float = 2.0
    rate: float = 1.5e-4
    seed: int = 7
    begins_with: str = ""
    """Digest of the reader's weights that it goes on from; empty for the embedder's."""


class Trainer:
    """Trains one reader, saving where it is so that it can go on after a stop."""

    def __init__(
        self,
        lists: Sequence[ReadingList],
        tokens: Tokens,
        file: PackedFile,
        plan: TrainingPlan,
        checkpoint: Path,
        progress: Progress,
        begins_with: bytes | None = None,
    ) -> None:
        """Prepare the network and what it learns from.

        Args:
            lists: To learn from.
            tokens: Cuts texts.
            file: The packaged embedder's weights.
            plan: How to train.
            checkpoint: Where the state is saved; one of the same lists and plan is
                taken up again, another is overwritten.
            progress: Told how far it is.
            begins_with: An exported reader to go on from; None for the embedder.
        """
        torch.manual_seed(plan.seed)
        torch.set_flush_denormal(True)  # tiny numbers slow a processor down
        self._lists, self._plan, self._progress = list(lists), plan, progress
        self._ids = [tokens.pairs(each.question, each.texts) for each in self._lists]
        self._grades = [torch.tensor(each.grades) for each in self._lists]
        self._network = ReaderNetwork(file, plan.layers)
        self._begins_with = begins_with
        if begins_with is not None:
            restore(self._network, begins_with)
        self._frozen = slice(0, plan.layers - plan.trained_layers)
        self._trained = slice(plan.layers - plan.trained_layers, plan.layers)
        self._checkpoint = checkpoint
        self._key = f"{lists_digest(self._lists)} {asdict(plan)}"

    def train(self) -> ReaderNetwork:
        """Return the trained network: of one that goes on, the mean with its beginning.

        Loss: binary cross-entropy of both outputs for every text, and the cross-entropy
        of each list with an empty place that is right when no text answers (so that
        lists of questions without an answer teach to refuse).
        """
        layers = self._network.layers[self._trained]
        head = self._network.head
        optimiser = torch.optim.AdamW(
            [
                {"params": list(layers.parameters()), "lr": self._plan.rate},
                {"params": list(head.parameters()), "lr": _HEAD_RATE},
            ],
            weight_decay=_DECAY,
        )
        steps = self._steps()
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: _rate(step, len(steps))
        )
        done = self._resume(layers, head, optimiser, schedule)
        below = self._below() if done < len(steps) else []
        self._network.train()
        self._progress.start("Training", len(steps))
        self._progress.advance(done)
        for number, chosen in enumerate(steps[done:], start=done + 1):
            loss = self._loss(chosen, below)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
            torch.nn.utils.clip_grad_norm_(
                [*layers.parameters(), *head.parameters()], _CLIP
            )
            optimiser.step()
            schedule.step()
            self._progress.advance(1)
            if number % _SAVED_EVERY == 0 or number == len(steps):
                self._save(number, layers, head, optimiser, schedule)
        if self._begins_with is not None:
            average_with(self._network, self._begins_with)
        return self._network.eval()

    def _steps(self) -> list[list[int]]:
        """Return the lists of each step; each epoch has its own order."""
        per_epoch = math.ceil(len(self._lists) / _LISTS_AT_ONCE)
        steps: list[list[int]] = []
        for epoch in range(math.ceil(self._plan.epochs)):
            order = list(range(len(self._lists)))
            random.Random(self._plan.seed * 100 + epoch).shuffle(order)
            steps += [
                order[start : start + _LISTS_AT_ONCE]
                for start in range(0, len(order), _LISTS_AT_ONCE)
            ]
        return steps[: max(1, int(per_epoch * self._plan.epochs))]

    def _below(self) -> list[Tensor]:
        """Return what the frozen layers make of each list; it never changes."""
        self._progress.start("Lower layers", len(self._lists))
        found: list[Tensor] = []
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            for start in range(0, len(self._lists), _CACHED_AT_ONCE):
                part = self._ids[start : start + _CACHED_AT_ONCE]
                ids = [text for texts in part for text in texts]
                hidden = self._network.through(
                    self._network.embedded(ids), self._frozen, list(map(len, ids))
                )
                sizes = [sum(map(len, texts)) for texts in part]
                found += [t.bfloat16().clone() for t in torch.split(hidden, sizes)]
                self._progress.advance(len(part))
        return found

    def _loss(self, chosen: Sequence[int], below: Sequence[Tensor]) -> Tensor:
        lengths = [len(text) for i in chosen for text in self._ids[i]]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = torch.cat([below[i] for i in chosen]).float()
            hidden = self._network.through(hidden, self._trained, lengths)
            logits = self._network.read(hidden, lengths)
        logits = logits.float()
        grades = [self._grades[i] for i in chosen]
        whole = torch.cat(grades)
        wanted = torch.stack([(whole >= 2).float(), (whole >= 1).float()], 1)
        single = functional.binary_cross_entropy_with_logits(
            logits, wanted, pos_weight=torch.tensor([_ANSWERS_WEIGH, _HELPS_WEIGH])
        )
        of_lists = [
            loss
            for scores, own in zip(
                torch.split(logits[:, 0], [len(own) for own in grades]),
                grades,
                strict=True,
            )
            if (loss := _list_loss(scores, own)) is not None
        ]
        if not of_lists:
            return single
        return single + _LIST_WEIGHS * torch.stack(of_lists).mean()

    def _save(self, step: int, *parts: object) -> None:
        draft = self._checkpoint.with_name(f"{self._checkpoint.name}.part")
        states = [part.state_dict() for part in parts]  # type: ignore[attr-defined]
        saved = {"key": self._key, "step": step, "states": states}
        torch.save({**saved, "chance": torch.get_rng_state()}, draft)
        draft.replace(self._checkpoint)

    def _resume(self, *parts: object) -> int:
        """Load the saved state of this very training; return how many steps it has."""
        if not self._checkpoint.exists():
            return 0
        saved = torch.load(self._checkpoint, weights_only=True)
        if saved["key"] != self._key:
            return 0
        for part, state in zip(parts, saved["states"], strict=True):
            part.load_state_dict(state)  # type: ignore[attr-defined]
        torch.set_rng_state(saved.get("chance", torch.get_rng_state()))
        return int(saved["step"])


def _list_loss(scores: Tensor, grades: Tensor) -> Tensor | None:
    """Return the cross-entropy of a list; None where texts only help."""
    logged = functional.log_softmax(torch.cat([scores.new_zeros(1), scores]), 0)
    answering = (grades >= 2).float()
    if answering.any():
        return -(logged[1:] * answering).sum() / answering.sum()
    return None if grades.any() else -logged[0]


def _rate(step: int, n_steps: int) -> float:
    """Return the share of the full learning rate: up in a while, then down."""
    return min(1.0, step / (_WARM_UP * n_steps + 1)) * max(
        _LAST_RATE, 1 - step / n_steps
    )
