"""The network over encoder frames, and how it learns: by CTC (Graves et al. 2006).

In: encoder frames with the phones that were said. Out: weights. PyTorch does the learning; nothing else of
the project needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from voice_coach.hearing.phones import NUMBER, Floats

from .speech import Lesson

HIDDEN = 256
EPOCHS, BATCH, FASTEST, DROP, DECAY = 10, 64, 3e-3, 0.1, 1e-3
Weights = dict[str, NDArray[Any]]


def learn(lessons: Sequence[Lesson]) -> Weights:
    """Weights of two layers, the scaling of the frames worked into the first (phones.PhoneReader)."""
    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    rows = [[NUMBER[phone] for phone in lesson.phones] for lesson in lessons]
    some = np.concatenate([lesson.frames[::5] for lesson in lessons]).astype(np.float32)
    mean, spread = some.mean(0), some.std(0) + np.float32(1e-3)
    batches = _batches(lessons, rows)
    first = torch.nn.Linear(3 * mean.size, HIDDEN)
    second = torch.nn.Linear(HIDDEN, len(NUMBER) + 1)
    drop = torch.nn.Dropout(DROP)
    weights = [*first.parameters(), *second.parameters()]
    descent = torch.optim.AdamW(weights, lr=FASTEST, weight_decay=DECAY)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        descent, FASTEST, total_steps=EPOCHS * len(batches), pct_start=0.1
    )
    for epoch in range(EPOCHS):
        loss = 0.0
        for number in chance.permutation(len(batches)):
            chosen = batches[number]
            data = [torch.from_numpy(beside((lessons[at].frames - mean) / spread)) for at in chosen]
            lengths = torch.tensor([len(each) for each in data])
            frames = torch.nn.utils.rnn.pad_sequence(data, batch_first=True)
            # A feature is left out of a whole utterance, as a microphone would.
            frames = frames * drop(torch.ones(len(data), 1, frames.shape[2]))
            with torch.autocast("cpu", torch.bfloat16):
                hidden = torch.relu(first(frames)).float()
            logs = functional.log_softmax(second(drop(hidden)), -1)
            said = torch.tensor([phone for at in chosen for phone in rows[at]])
            sizes = torch.tensor([len(rows[at]) for at in chosen])
            whole = functional.ctc_loss(logs.transpose(0, 1), said, lengths, sizes, reduction="sum")
            descent.zero_grad()
            (whole / lengths.sum()).backward()  # type: ignore[no-untyped-call]
            descent.step()
            pace.step()
            loss += whole.item()
        print(f"epoch {epoch + 1} of {EPOCHS}: {loss / len(lessons):.2f} nats an utterance", flush=True)
    return _unscaled(first, second, mean, spread)


def beside(frames: Floats) -> Floats:
    """Each frame between its neighbours."""
    around = np.pad(frames, ((1, 1), (0, 0)))
    return np.concatenate([around[:-2], frames, around[2:]], axis=1, dtype=np.float32)


def _batches(lessons: Sequence[Lesson], rows: list[list[int]]) -> list[list[int]]:
    """Numbers of the lessons that are long enough for their phones, those of one length together."""
    enough = [
        at
        for at, row in enumerate(rows)
        if row and len(lessons[at].frames) > len(row) + sum(a == b for a, b in pairwise(row))
    ]
    enough.sort(key=lambda at: len(lessons[at].frames))
    return [enough[at : at + BATCH] for at in range(0, len(enough), BATCH)]


def _unscaled(first: Any, second: Any, mean: Floats, spread: Floats) -> Weights:
    """As phones.PhoneReader multiplies: frames as they are, weights on the right."""
    scaled = first.weight.detach().numpy().T / np.tile(spread, 3)[:, None]
    return {
        "w1": scaled.astype(np.float16),
        "b1": first.bias.detach().numpy() - np.tile(mean, 3) @ scaled,
        "w2": second.weight.detach().numpy().T.astype(np.float16),
        "b2": second.bias.detach().numpy(),
        "mean": mean,
    }
