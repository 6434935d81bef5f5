"""Writes a trained network and its lexicon as a model folder that libvosk loads.

In: the network, the shares of its classes, the lexicon. Out: am/, conf/ and graph/. The files are Kaldi's
binary form and OpenFst's "vector" form, written here byte for byte: no tool of either is needed.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tiny_vosk import vocabulary
from tiny_vosk.network import OFFSETS, REACH, SILENCE, Lexicon, Network, phones_of
from tiny_vosk.speech import MFCC_CONF, UNKNOWN

MODEL_CONF = """--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam=6.0
--acoustic-scale=0.5
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""
PLACES = ("begin", "internal", "end", "singleton")
"""Where in a word a sound stands; every sound but silence has a number for each."""
Arc = tuple[int, int, int, int, float]
"""From, to, input, output, cost."""


def write(network: Network, shares: Any, words: Lexicon, folder: Path) -> None:
    """The whole model, into a folder that is made."""
    for sub in ("am", "conf", "graph/phones"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    phones = phones_of(words)
    table = list(_table(phones))
    (folder / "am/final.mdl").write_bytes(b"\0B" + _transitions(table) + _network(network, shares))
    (folder / "conf/mfcc.conf").write_text(MFCC_CONF)
    (folder / "conf/model.conf").write_text(MODEL_CONF)
    places = "".join(f"{number} {place}\n" for number, place, _ in table)
    (folder / "graph/phones/word_boundary.int").write_text(places)
    (folder / "graph/disambig_tid.int").write_text("")
    numbers = {word: number for number, word in enumerate(words, 1)}
    (folder / "graph/HCLr.fst").write_bytes(_fst(*_lexicon(words, phones, numbers), sort=3))
    (folder / "graph/Gr.fst").write_bytes(_fst(*_grammar(numbers), sort=2))
    listed = "".join(f"{word} {number}\n" for word, number in numbers.items())
    (folder / "graph/words.txt").write_text("<eps> 0\n" + listed)


# -- sounds -----------------------------------------------------------------------------------------------


def _number(phones: list[str], name: str, place: str) -> int:
    return 1 if name == SILENCE else 2 + 4 * (phones.index(name) - 1) + PLACES.index(place)


def _table(phones: list[str]) -> Iterator[tuple[int, str, int]]:
    """Number, place, and which of the sounds it is."""
    yield 1, "nonword", 0
    for index, name in enumerate(phones[1:], 1):
        for place in PLACES:
            yield _number(phones, name, place), place, index


def _enter(phone: int) -> int:
    return 2 * phone


def _stay(phone: int) -> int:
    return 2 * phone - 1


# -- am/final.mdl -----------------------------------------------------------------------------------------


def _tok(name: str) -> bytes:
    return name.encode() + b" "


def _num(value: float) -> bytes:
    return b"\4" + struct.pack("<i" if isinstance(value, int) else "<f", value)


def _ints(values: Sequence[int]) -> bytes:
    return b"\4" + struct.pack(f"<i{len(values)}i", len(values), *values)


def _vector(values: Any) -> bytes:
    return _tok("FV") + _num(len(values)) + np.asarray(values, "<f4").tobytes()


def _matrix(rows: Any) -> bytes:
    """Kaldi's matrix of two bytes a number."""
    low, span = float(rows.min()), float(np.ptp(rows))
    head = _tok("CM2") + struct.pack("<ffii", low, span, *rows.shape)
    return head + np.round((rows - low) / span * 65_535).astype("<u2").tobytes()


def _transitions(table: list[tuple[int, str, int]]) -> bytes:
    """One state a sound: entering it is one class, staying in it the other."""
    numbers = [number for number, *_ in table]
    state = _num(0) + _num(1) + _num(2) + _num(0) + _num(0.5) + _num(1) + _num(0.5)
    topology = _ints(numbers) + _ints([-1] + [0] * len(numbers)) + _num(-1) + _num(1) + _num(2)
    topology += state + _num(-1) + _num(-1) + _num(0)
    tuples = b"".join(_num(n) + _num(0) + _num(2 * i) + _num(2 * i + 1) for n, _, i in table)
    costs = _vector([0] + [math.log(0.5)] * (2 * len(table)))
    return b"".join(
        [
            *(_tok("<TransitionModel>"), _tok("<Topology>"), topology, _tok("</Topology>"), _tok("<Tuples>")),
            *(_num(len(table)), tuples, _tok("</Tuples>"), _tok("<LogProbs>"), costs, _tok("</LogProbs>")),
            _tok("</TransitionModel>"),
        ]
    )


def _network(network: Network, shares: Any) -> bytes:
    """Scaling and normalisation are folded into the affine layers, the shares into the last bias."""
    mean, scale = network.mean.astype(float), network.scale.astype(float)
    nodes, parts, source = ["input-node name=input dim=40"], [], "input"
    last = len(OFFSETS) - 1
    for layer, offsets in enumerate(OFFSETS):
        weight = network.weights[layer].astype(float).T
        bias = network.biases[layer].astype(float) + weight @ np.tile(-mean * scale, len(offsets))
        bias = bias - (shares if layer == last else 0)
        name = f"affine{layer}"
        spliced = ", ".join(f"Offset({source}, {o})" if o else source for o in offsets)
        spliced = f"Append({spliced})" if len(offsets) > 1 else spliced
        nodes.append(f"component-node name={name} component={name} input={spliced}")
        parts.append(_affine(name, weight * np.tile(scale, len(offsets)), bias))
        source = name
        if layer < last:
            source = f"relu{layer}"
            nodes.append(f"component-node name={source} component={source} input={name}")
            parts.append(_rectifier(source, len(bias)))
            scale = network.gains[layer].astype(float) / np.sqrt(network.spreads[layer].astype(float) + 1e-5)
            mean = network.means[layer].astype(float) - network.shifts[layer].astype(float) / scale
    nodes.append(f"output-node name=output input={source} objective=linear")
    text = ("\n" + "\n".join(nodes) + "\n\n").encode()
    head = _tok("<Nnet3>") + text + _tok("<NumComponents>") + _num(len(parts))
    context = _tok("<LeftContext>") + _num(REACH) + _tok("<RightContext>") + _num(REACH)
    return head + b"".join(parts) + _tok("</Nnet3>") + context + _tok("<Priors>") + _vector([])


def _affine(name: str, weight: Any, bias: Any) -> bytes:
    head = _tok("<ComponentName>") + _tok(name) + _tok("<FixedAffineComponent>")
    numbers = _tok("<LinearParams>") + _matrix(weight) + _tok("<BiasParams>") + _vector(bias)
    return head + numbers + _tok("</FixedAffineComponent>")


def _rectifier(name: str, size: int) -> bytes:
    head = (
        _tok("<ComponentName>") + _tok(name) + _tok("<RectifiedLinearComponent>") + _tok("<Dim>") + _num(size)
    )
    seen = _tok("<ValueAvg>") + _vector([]) + _tok("<DerivAvg>") + _vector([]) + _tok("<Count>") + _num(0.0)
    return head + seen + _tok("</RectifiedLinearComponent>")


# -- graph ------------------------------------------------------------------------------------------------


def _lexicon(
    words: Lexicon, phones: list[str], numbers: dict[str, int]
) -> tuple[list[Arc], dict[int, float]]:
    """A tree of sounds, from where a word may begin back to an optional silence.

    A word's number stands where the tree first leaves that word alone.
    """
    spoken: dict[tuple[int, ...], list[str]] = {}
    for word, dialects in words.items():
        for names in sorted(set(dialects.values())):
            inner = ["internal"] * (len(names) - 2)
            places = ["singleton"] if len(names) == 1 else ["begin", *inner, "end"]
            said = tuple(_number(phones, name, place) for name, place in zip(names, places, strict=True))
            spoken.setdefault(said, []).append(word)
    beginning: dict[tuple[int, ...], set[str]] = {}
    for said, those in spoken.items():
        for count in range(1, len(said) + 1):
            beginning.setdefault(said[:count], set()).update(those)
    start, ready, silence = range(3)
    half = math.log(2)
    arcs: list[Arc] = [(start, ready, 0, 0, half), (start, silence, _enter(1), 0, half)]
    arcs += [(silence, silence, _stay(1), 0, 0.0), (silence, ready, 0, 0, 0.0)]
    nodes: dict[Any, int] = {(): ready}

    def node(key: Any, phone: int) -> int:
        if key not in nodes:
            nodes[key] = len(nodes) + 2
            arcs.append((nodes[key], nodes[key], _stay(phone), 0, 0.0))
        return nodes[key]

    for said in sorted(beginning):
        before, those = said[:-1], sorted(beginning[said])
        alone = len(those) == 1
        fresh = alone and (not before or len(beginning[before]) > 1)
        for word in those if said in spoken else those[:1]:
            label = numbers[those[0]] if fresh else 0
            if said in spoken:
                label = label if alone else numbers[word]
                to = node(said[-1], said[-1])  # the ends are shared by all words
            else:
                to = node(said, said[-1])
            arcs.append((nodes[before], to, _enter(said[-1]), label, 0.0))
    arcs += [(state, start, 0, 0, 0.0) for key, state in nodes.items() if isinstance(key, int)]
    return arcs, {ready: 0.0}


def _grammar(numbers: dict[str, int]) -> tuple[list[Arc], dict[int, float]]:
    """Any phrase, then any other: what is heard when no list of phrases is given."""
    phrases = [*(phrase.split() for phrase in vocabulary.PHRASES), [UNKNOWN]]
    cost = math.log(len(phrases) + 1)
    arcs: list[Arc] = []
    fresh = 1
    for words in phrases:
        at = 0
        for place, word in enumerate(words):
            to = 0 if place == len(words) - 1 else fresh
            fresh += to == fresh
            arcs.append((at, to, numbers[word], numbers[word], cost if place == 0 else 0.0))
            at = to
    return arcs, {0: cost}


def _fst(arcs: Iterable[Arc], finals: dict[int, float], *, sort: int) -> bytes:
    """OpenFst's "vector" file, arcs sorted on their input (2) or output (3)."""
    every = list(arcs)
    count = 1 + max(max(arc[0], arc[1]) for arc in every)
    leaving: list[list[Arc]] = [[] for _ in range(count)]
    for arc in every:
        leaving[arc[0]].append(arc)
    about = 0x1 | 0x2 | {2: 0x10000000, 3: 0x40000000}[sort]  # expanded, mutable, sorted so
    head = (2_125_659_606, 6, b"vector", 8, b"standard", 2, 0, about, 0, count, len(every))
    out = [struct.pack("<ii6si8siiQqqq", *head)]
    for state, going in enumerate(leaving):
        out.append(struct.pack("<fq", finals.get(state, math.inf), len(going)))
        for _, to, into, out_of, cost in sorted(going, key=lambda arc: arc[sort]):
            out.append(struct.pack("<iifi", into, out_of, cost, to))
    return b"".join(out)
