"""The toy model's acoustic part: a small time-delay network, trained in numpy on one core.

In: clips with labels. Out: affine layers with their input scaling, and the log shares of the classes. Two
classes for each sound, entering it and staying in it, scored every 30 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from tiny_vosk import vocabulary
from tiny_vosk.speech import UNKNOWN, Clip, pronounce

Array = np.ndarray[Any, np.dtype[Any]]

SILENCE, GARBAGE = "SIL", "SPN"
STRIDE = 3
WIDTH = 128
OFFSETS = ((-3, -2, -1, 0, 1, 2, 3), *[(-3, 0, 3)] * 5, (0,))
"""Which frames (of 10 ms) around its own each layer sees of the one before."""
REACH = sum(max(offsets) for offsets in OFFSETS)
ROUNDS = (2, 2, 2, 2, 2, 4)
"""Epochs; between two rounds the clips are aligned anew."""
BATCH, BLUR, DROP, SMOOTH = 32, 0.15, 0.1, 0.02
FASTEST, WARM_UP, DECAY = 4e-3, 0.15, 1e-3

Lexicon = dict[str, dict[str, tuple[str, ...]]]


def lexicon() -> Lexicon:
    """Word -> dialect -> sounds; the unknown word is three sounds of garbage, 90 ms at least."""
    words: Lexicon = {
        word: {dialect: pronounce(word, dialect) for dialect in ("en-us", "en-gb")}
        for word in vocabulary.WORDS
    }
    words[UNKNOWN] = dict.fromkeys(("en-us", "en-gb"), (GARBAGE,) * 3)
    return words


def phones_of(words: Lexicon) -> list[str]:
    """Every sound once, silence and garbage first."""
    said = {phone for dialects in words.values() for phones in dialects.values() for phone in phones}
    return [SILENCE, GARBAGE, *sorted(said - {GARBAGE})]


class Network:
    """Layers of affine, ReLU and batch normalisation; the last is affine alone."""

    def __init__(self, inputs: Array, classes: int, chance: np.random.Generator) -> None:
        """`inputs`: all frames, for their mean and spread."""
        self.mean, self.scale = inputs.mean(0), 1 / inputs.std(0)
        sizes = [inputs.shape[1], *[WIDTH] * (len(OFFSETS) - 1), classes]
        self.weights, self.biases, self.gains, self.shifts = [], [], [], []
        self.means, self.spreads = [], []
        for before, after, offsets in zip(sizes[:-1], sizes[1:], OFFSETS, strict=True):
            edge = 1 / np.sqrt(before * len(offsets))
            self.weights.append(_float(chance.uniform(-edge, edge, (before * len(offsets), after))))
            self.biases.append(_float(chance.uniform(-edge, edge, after)))
        for _ in OFFSETS[1:]:
            self.gains.append(np.ones(WIDTH, np.float32))
            self.shifts.append(np.zeros(WIDTH, np.float32))
            self.means.append(np.zeros(WIDTH, np.float32))
            self.spreads.append(np.ones(WIDTH, np.float32))
        self._chance = chance
        self._kept: list[dict[str, Array]] = []

    @property
    def parameters(self) -> list[Array]:
        return [*self.weights, *self.biases, *self.gains, *self.shifts]

    def scores(self, frames: Array, *, training: bool = False) -> Array:
        """(clips, frames + 2 x REACH, cepstra) -> (clips, frames / 3, classes)."""
        x = _float((frames - self.mean) * self.scale)
        if training:
            x += BLUR * self._chance.standard_normal(x.shape, dtype=np.float32)
        x = np.lib.stride_tricks.sliding_window_view(x, 7, 1)[:, ::STRIDE].transpose(0, 1, 3, 2)
        x = np.ascontiguousarray(x.reshape(*x.shape[:2], -1))
        self._kept = []
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if 0 < layer < last:
                x = np.concatenate([x[:, :-2], x[:, 1:-1], x[:, 2:]], 2)
            kept = {"in": x}
            x = x @ weight + bias
            if layer < last:
                x = self._normalised(layer, np.maximum(x, 0), kept, training)
            self._kept.append(kept)
        return x

    def _normalised(self, layer: int, x: Array, kept: dict[str, Array], training: bool) -> Array:
        kept["on"] = x > 0
        if not training:
            scale = self.gains[layer] / np.sqrt(self.spreads[layer] + 1e-5)
            return (x - self.means[layer]) * scale + self.shifts[layer]
        mean, spread = x.mean((0, 1)), x.var((0, 1))
        self.means[layer] += 0.1 * (mean - self.means[layer])
        self.spreads[layer] += 0.1 * (spread - self.spreads[layer])
        kept["root"] = np.sqrt(spread + 1e-5)
        kept["unit"] = (x - mean) / kept["root"]
        kept["drop"] = _float(self._chance.random(x.shape, dtype=np.float32) >= DROP) / _float(1 - DROP)
        return (kept["unit"] * self.gains[layer] + self.shifts[layer]) * kept["drop"]

    def gradients(self, error: Array) -> list[Array]:
        """Of the parameters, in their order, for the error at the scores of the last call."""
        layers = len(self.weights)
        weights, biases, gains, shifts = [error] * layers, [error] * layers, [error] * (layers - 1), []
        shifts = list(gains)
        for layer in reversed(range(layers)):
            kept = self._kept[layer]
            if layer < layers - 1:
                error = error * kept["drop"]
                gains[layer], shifts[layer] = (error * kept["unit"]).sum((0, 1)), error.sum((0, 1))
                count = error.shape[0] * error.shape[1]
                error = error - (shifts[layer] + kept["unit"] * gains[layer]) / count
                error = error * (self.gains[layer] / kept["root"]) * kept["on"]
            flat = kept["in"].reshape(-1, kept["in"].shape[2])
            weights[layer] = flat.T @ error.reshape(-1, error.shape[2])
            biases[layer] = error.sum((0, 1))
            if layer == 0:
                break
            back = error @ self.weights[layer].T
            if layer < layers - 1:
                error = np.zeros((back.shape[0], back.shape[1] + 2, WIDTH), np.float32)
                error[:, :-2] += back[:, :, :WIDTH]
                error[:, 1:-1] += back[:, :, WIDTH : 2 * WIDTH]
                error[:, 2:] += back[:, :, 2 * WIDTH :]
            else:
                error = back
        return [*weights, *biases, *gains, *shifts]


class Descent:
    """AdamW, its speed rising and falling once over all steps."""

    def __init__(self, parameters: list[Array], steps: int) -> None:
        self._parameters, self._steps, self._step = parameters, steps, 0
        self._first = [np.zeros_like(each) for each in parameters]
        self._second = [np.zeros_like(each) for each in parameters]

    def step(self, gradients: list[Array]) -> None:
        """One step down, the gradients held to a length of 5."""
        length = np.sqrt(sum(float((each**2).sum()) for each in gradients))
        held = min(1.0, 5.0 / (length + 1e-6))
        done, self._step = self._step / self._steps, self._step + 1
        up = done < WARM_UP
        share = done / WARM_UP if up else (done - WARM_UP) / (1 - WARM_UP)
        low = FASTEST / 25 if up else FASTEST / 25e4
        bend = (1 - np.cos(np.pi * share)) / 2
        speed = low + (FASTEST - low) * (bend if up else 1 - bend)
        momentum = 0.85 + 0.10 * ((1 - bend) if up else bend)
        for at, gradient in enumerate(gradients):
            short = gradient * held
            self._first[at] += (1 - momentum) * (short - self._first[at])
            self._second[at] += 0.001 * (short**2 - self._second[at])
            mean = self._first[at] / (1 - momentum**self._step)
            root = np.sqrt(self._second[at] / (1 - 0.999**self._step)) + 1e-8
            self._parameters[at] -= _float(speed * (mean / root + DECAY * self._parameters[at]))


def train(
    clips: list[Clip], seed: int, tell: Callable[[str], None] = print, rounds: tuple[int, ...] = ROUNDS
) -> tuple[Network, Array, Lexicon]:
    """The trained network, the log shares of its classes, and the lexicon it was trained for."""
    words = lexicon()
    phones = phones_of(words)
    chains = [_chain(clip, words, phones) for clip in clips]
    long_enough = [i for i, clip in enumerate(clips) if len(clip.frames) // STRIDE > len(chains[i]) + 2]
    clips, chains = [clips[i] for i in long_enough], [chains[i] for i in long_enough]
    targets = [_even_start(clip, chain) for clip, chain in zip(clips, chains, strict=True)]
    chance = np.random.default_rng(seed)
    classes = 2 * len(phones)
    network = Network(np.concatenate([clip.frames for clip in clips]), classes, chance)
    descent = Descent(network.parameters, sum(rounds) * -(-len(clips) // BATCH))
    for turn, epochs in enumerate(rounds):
        for _ in range(epochs):
            loss, right = _epoch(network, descent, clips, targets, chance)
            tell(f"round {turn + 1} of {len(rounds)}: loss {loss:.3f}, {right:.1%} of the frames right")
        if turn < len(rounds) - 1:
            _align_anew(network, clips, chains, targets, classes)
    return network, log_shares(targets, classes), words


def log_shares(targets: list[Array], classes: int) -> Array:
    """How common each class is, as a logarithm."""
    counts = np.bincount(np.concatenate(targets), minlength=classes) + 10.0
    return np.log(counts / counts.sum())


def _epoch(
    network: Network, descent: Descent, clips: list[Clip], targets: list[Array], chance: np.random.Generator
) -> tuple[float, float]:
    total = right = seen = 0.0
    for _, frames, wanted in _batches(clips, targets, BATCH, chance):
        scores = network.scores(frames, training=True)
        scores = scores - scores.max(2, keepdims=True)
        likely = np.exp(scores)
        likely /= likely.sum(2, keepdims=True)
        real = wanted >= 0
        row, place = np.nonzero(real)
        goal = np.full((len(row), scores.shape[2]), SMOOTH / scores.shape[2], np.float32)
        goal[np.arange(len(row)), wanted[real]] += 1 - SMOOTH
        given = likely[row, place]
        total -= float((goal * np.log(given + 1e-12)).sum())
        right += float((given.argmax(1) == wanted[real]).sum())
        seen += len(row)
        error = np.zeros_like(scores)
        error[row, place] = (given - goal) / len(row)
        descent.step(network.gradients(error))
    return total / seen, right / seen


def _batches(
    clips: list[Clip], targets: list[Array], size: int, chance: np.random.Generator | None = None
) -> Iterator[tuple[Array, Array, Array]]:
    """Clips of about one length together: their numbers, frames and classes (-1 past the end)."""
    loose = chance.random(len(clips)) * 30 if chance is not None else np.zeros(len(clips))
    order = np.argsort([len(clip.frames) for clip in clips] + loose)
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    if chance is not None:
        chance.shuffle(groups)
    for group in groups:
        longest = -(-max(len(clips[i].frames) for i in group) // STRIDE) * STRIDE
        frames = np.stack([_padded(clips[i].frames, longest) for i in group])
        wanted = np.full((len(group), longest // STRIDE), -1)
        for row, i in zip(wanted, group, strict=True):
            row[: len(targets[i])] = targets[i]
        yield group, frames, wanted


def _padded(frames: Array, length: int) -> Array:
    before, after = frames[:1].repeat(REACH, 0), frames[-1:].repeat(REACH + length - len(frames), 0)
    return np.concatenate([before, frames, after])


# -- which sound is when ----------------------------------------------------------------------------------


def _chain(clip: Clip, words: Lexicon, phones: list[str]) -> list[tuple[int, bool]]:
    """The sounds of a clip from left to right: (number, may be left out), with silence between words."""
    chain = [(0, False)]
    for number, word in enumerate(clip.labels):
        chain += [(0, True)] if number else []
        chain += [(phones.index(phone), False) for phone in words[word][clip.dialect]]
    return [*chain, (0, False)]


def _even_start(clip: Clip, chain: list[tuple[int, bool]]) -> Array:
    """A first guess: the sounds share the speech evenly."""
    frames = -(-len(clip.frames) // STRIDE)
    phones = [phone for phone, left_out in chain[1:-1] if not left_out]
    first = int(clip.begins * 100 / STRIDE)
    last = min(max(int(clip.ends * 100 / STRIDE), first + len(phones)), frames - 1)
    out = np.ones(frames, int)
    edges = np.linspace(first, last, len(phones) + 1).astype(int)
    for phone, low, high in zip(phones, edges, edges[1:], strict=False):
        out[low:high] = 2 * phone + 1
        out[low] = 2 * phone
    out[0] = out[last] = 0
    return out


def _align_anew(
    network: Network,
    clips: list[Clip],
    chains: list[list[tuple[int, bool]]],
    targets: list[Array],
    classes: int,
) -> None:
    shares = log_shares(targets, classes)
    for group, frames, _ in _batches(clips, targets, 64):
        scores = network.scores(frames)
        scores = scores - scores.max(2, keepdims=True)
        scores = scores - np.log(np.exp(scores).sum(2, keepdims=True)) - shares
        for i, path in zip(group, _best([chains[i] for i in group], scores, targets, group), strict=True):
            targets[i] = path


def _best(
    chains: list[list[tuple[int, bool]]], scores: Array, targets: list[Array], group: Array
) -> list[Array]:
    """The likeliest path of each clip through its chain (Viterbi), all clips of a batch at once."""
    never, rows, width = -1e30, len(chains), max(map(len, chains))
    lengths = np.array([len(targets[i]) for i in group])
    phone = np.array([[p for p, _ in chain] + [0] * (width - len(chain)) for chain in chains])
    skip = np.array([[s for _, s in chain] + [False] * (width - len(chain)) for chain in chains])
    best = np.full((rows, width), never)
    best[:, 0] = scores[:, 0, 0]
    back = np.zeros((lengths.max(), rows, width), np.int8)
    row = np.arange(rows)[:, None]
    for t in range(1, lengths.max()):
        enter, stay = scores[row, t, 2 * phone], scores[row, t, 2 * phone + 1]
        step, jump = np.full((rows, width), never), np.full((rows, width), never)
        step[:, 1:] = best[:, :-1]
        jump[:, 2:] = np.where(skip[:, 1:-1], best[:, :-2], never)
        ways = np.stack([best + stay, step + enter, jump + enter])
        back[t] = ways.argmax(0)
        best = np.where(t < lengths[:, None], ways.max(0), best)
    paths = []
    for r in range(rows):
        at, path = len(chains[r]) - 1, np.zeros(lengths[r], int)
        for t in range(lengths[r] - 1, -1, -1):
            move = back[t, r, at] if t else 1
            path[t] = 2 * phone[r, at] + (move == 0)
            at -= int(move) if t else 0
        paths.append(path)
    return paths


def _float(values: Any) -> Array:
    return np.asarray(values, np.float32)
