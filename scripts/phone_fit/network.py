"""The network over encoder frames, and how it learns: by CTC (Graves et al. 2006).

In: encoder frames with the phones that were said. Out: weights. NumPy alone; gradients worked out by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice_coach.hearing.phones import NUMBER, Floats

from .speech import Lesson

HIDDEN = 160
EPOCHS, BATCH, FASTEST, DROP, DECAY = 13, 64, 3e-3, 0.1, 1e-4
NEVER = -1e30
Doubles = NDArray[np.float64]
Weights = dict[str, NDArray[Any]]


def learn(lessons: Sequence[Lesson]) -> Weights:
    """Weights of two layers, the scaling of the frames worked into the first (phones.PhoneReader)."""
    rows = [[NUMBER[phone] for phone in lesson.phones] for lesson in lessons]
    enough = [
        index
        for index, row in enumerate(rows)
        if row and len(lessons[index].frames) > len(row) + sum(a == b for a, b in pairwise(row))
    ]
    some = np.concatenate([lessons[index].frames[::3] for index in enough]).astype(np.float32)
    mean, spread = some.mean(0), some.std(0) + np.float32(1e-3)
    data = [beside((lessons[index].frames.astype(np.float32) - mean) / spread) for index in enough]
    network = _Network(data[0].shape[1], np.random.default_rng(0))
    order = np.argsort([len(each) for each in data])
    batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    for epoch in range(EPOCHS):
        loss = 0.0
        for number in network.chance.permutation(len(batches)):
            chosen = batches[number]
            loss += network.step(
                [data[index] for index in chosen],
                [rows[enough[index]] for index in chosen],
                EPOCHS * len(batches),
            )
        print(f"epoch {epoch + 1} of {EPOCHS}: {loss / len(data):.2f} nats an utterance", flush=True)
    return _unscaled(network.weights, np.tile(mean, 3), np.tile(spread, 3))


def beside(frames: Floats) -> Floats:
    """Each frame between its neighbours."""
    around = np.pad(frames, ((1, 1), (0, 0)))
    return np.concatenate([around[:-2], frames, around[2:]], axis=1)


def _unscaled(weights: Weights, mean: Floats, spread: Floats) -> Weights:
    first = weights["w1"] / spread[:, None]
    return {
        "w1": first.astype(np.float16),
        "b1": weights["b1"] - mean @ first,
        "w2": weights["w2"].astype(np.float16),
        "b2": weights["b2"],
        "mean": mean[: len(mean) // 3],
    }


class _Network:
    """Two layers, their moments (Adam, Kingma and Ba 2015), and one step at a time."""

    def __init__(self, width: int, chance: np.random.Generator) -> None:
        self.chance = chance
        phones = len(NUMBER) + 1
        self.weights: Weights = {
            "w1": chance.normal(0.0, 1 / np.sqrt(width), (width, HIDDEN)).astype(np.float32),
            "b1": np.zeros(HIDDEN, np.float32),
            "w2": chance.normal(0.0, 0.1 / np.sqrt(HIDDEN), (HIDDEN, phones)).astype(np.float32),
            "b2": np.zeros(phones, np.float32),
        }
        self._mean = {name: np.zeros_like(part) for name, part in self.weights.items()}
        self._square = {name: np.zeros_like(part) for name, part in self.weights.items()}
        self._steps = 0

    def step(self, data: list[Floats], rows: list[list[int]], steps: int) -> float:
        """Learn from some utterances; the sum of their losses in nats."""
        lengths = np.array([len(each) for each in data])
        frames = np.zeros((len(data), lengths.max(), data[0].shape[1]), np.float32)
        for index, each in enumerate(data):
            frames[index, : len(each)] = each
        frames *= (self.chance.random((len(data), 1, frames.shape[2])) > DROP) / (1 - DROP)
        before = frames @ self.weights["w1"] + self.weights["b1"]
        kept = (self.chance.random((len(data), 1, HIDDEN)) > DROP) / (1 - DROP)
        hidden = (np.maximum(before, 0.0) * kept).astype(np.float32)
        logs = log_softmax(hidden @ self.weights["w2"] + self.weights["b2"])
        losses, wanted = posteriors(logs.astype(np.float64), lengths, rows)
        there = (np.arange(frames.shape[1])[None] < lengths[:, None])[:, :, None]
        wrong = ((np.exp(logs) - wanted) * there / lengths.sum()).astype(np.float32)
        back = ((wrong @ self.weights["w2"].T) * kept * (before > 0)).astype(np.float32)
        self._move(
            {
                "w2": hidden.reshape(-1, HIDDEN).T @ wrong.reshape(-1, wrong.shape[2]),
                "b2": wrong.sum((0, 1)),
                "w1": frames.reshape(-1, frames.shape[2]).T @ back.reshape(-1, HIDDEN),
                "b1": back.sum((0, 1)),
            },
            steps,
        )
        return float(losses.sum())

    def _move(self, slope: Weights, steps: int) -> None:
        self._steps += 1
        along = self._steps / steps
        rate = FASTEST * min(1.0, self._steps / 100) * (0.5 * (1 + np.cos(np.pi * along)) + 0.01)
        for name, part in self.weights.items():
            self._mean[name] = 0.9 * self._mean[name] + 0.1 * slope[name]
            self._square[name] = 0.999 * self._square[name] + 0.001 * slope[name] ** 2
            mean = self._mean[name] / (1 - 0.9**self._steps)
            square = self._square[name] / (1 - 0.999**self._steps)
            less = DECAY * part if part.ndim > 1 else 0.0
            self.weights[name] = (part - rate * (mean / (np.sqrt(square) + 1e-10) + less)).astype(np.float32)


def log_softmax(scores: Floats) -> Floats:
    """Natural logs of the shares along the last axis."""
    centred = scores - scores.max(-1, keepdims=True)
    return np.asarray(centred - np.log(np.exp(centred).sum(-1, keepdims=True)))


def posteriors(logs: Doubles, lengths: NDArray[np.int64], rows: list[list[int]]) -> tuple[Doubles, Doubles]:
    """Loss of each utterance (nats), and how likely each phone is in each frame, given what was said.

    `logs`: (utterances, frames, phones and blank first), filled up to the longest.
    """
    count, most, _ = logs.shape
    sizes = np.array([len(row) for row in rows])
    path = np.zeros((count, 2 * sizes.max() + 1), np.int64)
    for index, row in enumerate(rows):
        path[index, 1 : 2 * len(row) + 1 : 2] = row
    skip = np.zeros(path.shape, bool)
    skip[:, 2:] = (path[:, 2:] != 0) & (path[:, 2:] != path[:, :-2])
    there = np.arange(path.shape[1])[None] < (2 * sizes + 1)[:, None]
    shown = np.take_along_axis(logs, np.broadcast_to(path[:, None], (count, most, path.shape[1])), 2)
    shown = np.where(there[:, None], shown, NEVER)
    forth = np.full_like(shown, NEVER)
    forth[:, 0, :2] = shown[:, 0, :2]
    for at in range(1, most):
        forth[:, at] = _sum(forth[:, at - 1], skip) + shown[:, at]
    each = np.arange(count)
    ends = np.full(path.shape, NEVER)
    ends[each, 2 * sizes] = ends[each, 2 * sizes - 1] = 0.0
    back = np.full_like(shown, NEVER)
    leads = np.zeros_like(skip)
    leads[:, :-2] = skip[:, 2:]
    for at in range(most - 1, -1, -1):
        if at < most - 1:
            on = back[:, at + 1] + shown[:, at + 1]
            back[:, at] = _sum(on[:, ::-1], leads[:, ::-1])[:, ::-1]
        back[:, at] = np.where((lengths - 1 == at)[:, None], ends, back[:, at])
        back[:, at][at >= lengths] = NEVER
    last = forth[each, lengths - 1]
    whole = np.logaddexp(last[each, 2 * sizes], last[each, 2 * sizes - 1])
    shares = np.exp(np.clip(forth + back - whole[:, None, None], -80.0, 5.0)) * there[:, None]
    found = np.zeros_like(logs)
    utterance, frame, state = np.nonzero(shares > 1e-6)
    np.add.at(found, (utterance, frame, path[utterance, state]), shares[utterance, frame, state])
    return -whole, found / np.maximum(found.sum(-1, keepdims=True), 1e-9)


def _sum(before: Doubles, skip: NDArray[np.bool_]) -> Doubles:
    """Log of the sum over staying, the step from the state before, and the skip over a blank."""
    stepped = np.full_like(before, NEVER)
    stepped[:, 1:] = before[:, :-1]
    skipped = np.full_like(before, NEVER)
    skipped[:, 2:] = np.where(skip[:, 2:], before[:, :-2], NEVER)
    most = np.maximum(np.maximum(before, stepped), skipped)
    return np.asarray(most + np.log(np.exp(before - most) + np.exp(stepped - most) + np.exp(skipped - most)))
