"""From measured utterances of one recogniser to the tables of its figures."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from typing import Any

from voice_coach.hearing.agreement import FALLBACKS
from voice_coach.understanding.table import CONSENT

from .material import LEVELS, TAUGHT

NEARLY_YES = "nearly_yes"
"""The kind of lone words chosen for sounding most like a yes: counted apart, as nobody answers with them."""
Row = dict[str, Any]
Test = Callable[[Row], bool]


def bound(false: int, of: int) -> float:
    """Upper end of the exact one-sided 95 % interval of a share, in per cent (Clopper and Pearson)."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        below, term = 0.0, (1 - middle) ** of
        for k in range(false + 1):
            below += term
            term *= (of - k) / (k + 1) * middle / (1 - middle) if middle < 1 else 0.0
        low, high = (middle, high) if below > 0.05 else (low, middle)
    return 100 * high


def right(row: Row) -> bool:
    return row["wanted"] is not None and row["intent"] == row["wanted"]


def taken(row: Row) -> bool:
    return row["intent"] is not None and row["intent"] != row["wanted"]


def consents(row: Row) -> bool:
    return row["wanted"] in CONSENT


def may_be_false(row: Row) -> bool:
    """Whether it is no consent, and of what people say."""
    return not consents(row) and row["kind"] != NEARLY_YES


def word(*texts: str) -> Test:
    return lambda row: row["kind"] == "word" and row["text"] in texts


def kind(name: str, taught: bool = False) -> Test:
    return lambda row: row["kind"] == name and (not taught or row["text"] in TAUGHT)


GROUPS: tuple[tuple[str, Test, Test], ...] = (
    ("real people: yes, right", word("yes"), right),
    ("real people: no, right", word("no"), right),
    ("real people: stop, right", word("stop"), right),
    ("real people: these three, right", word("yes", "no", "stop"), right),
    ("real people: other words, taken for a command", word("unknown"), taken),
    ("real people: go (no phrase here), taken for a command", word("go"), taken),
    ("voices: phrases, right", kind("phrase"), right),
    ("voices: taught phrases, right", kind("phrase", taught=True), right),
    ("voices: phrases, taken for another", kind("phrase"), taken),
    ("voices: ordinary talk, taken", kind("ordinary"), taken),
    ("voices: nearly a consent, taken", kind("near_consent"), taken),
    ("accents (espeak-ng, apart): taught phrases, right", kind("accent"), right),
    ("**false consent**", may_be_false, lambda row: row["granted"]),
    (
        "missed consent, voices",
        lambda row: consents(row) and row["kind"] == "phrase",
        lambda row: not row["granted"],
    ),
    (
        "missed consent, voices, the phrases people are told to say",
        lambda row: consents(row) and row["kind"] == "phrase" and row["text"] in TAUGHT,
        lambda row: not row["granted"],
    ),
    (
        "missed consent, real people's lone yes",
        lambda row: consents(row) and row["kind"] == "word",
        lambda row: not row["granted"],
    ),
    (
        "missed consent, voices, without okay, yeah and yep",
        lambda row: consents(row) and row["kind"] == "phrase" and row["text"] not in FALLBACKS,
        lambda row: not row["granted"],
    ),
    ("voices: a wish with a negation, granted", kind("negated"), lambda row: row["granted"]),
    ("voices: a lone word most like a yes, granted", kind(NEARLY_YES), lambda row: row["granted"]),
)


def level_name(level: int | None) -> str:
    return "clean" if level is None else f"{level} dB"


def share(rows: Iterable[Row], good: Test) -> str:
    rows = list(rows)
    return f"{100 * sum(map(good, rows)) / len(rows):.0f} % of {len(rows)}" if rows else "-"


def table(rows: list[Row]) -> list[str]:
    lines = [
        f"| | {' | '.join(map(level_name, LEVELS))} |",
        f"| --- |{' --- |' * len(LEVELS)}",
    ]
    for name, chosen, good in GROUPS:
        cells = (share((r for r in rows if r["level"] == level and chosen(r)), good) for level in LEVELS)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def by_noise(rows: list[Row]) -> list[str]:
    noises = sorted({row["noise"] for row in rows if row["noise"]})
    lines = [f"| at 10 and 5 dB | {' | '.join(noises)} |", f"| --- |{' --- |' * len(noises)}"]
    for name, chosen, good in (GROUPS[3], GROUPS[6]):
        cells = (
            share((r for r in rows if r["level"] in (10, 5) and r["noise"] == noise and chosen(r)), good)
            for noise in noises
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def false_consent(rows: list[Row]) -> tuple[int, int]:
    """How often a question was opened by an utterance that was no consent, of how many."""
    others = [row for row in rows if may_be_false(row)]
    return sum(row["granted"] for row in others), len(others)


def missed_consent(rows: list[Row], kind: str = "phrase") -> tuple[int, int]:
    """How often a consent of this kind at 10 dB and better opened nothing, of how many."""
    heard = [r for r in rows if consents(r) and r["kind"] == kind and r["level"] in (None, 20, 10)]
    return sum(not row["granted"] for row in heard), len(heard)


def computing(rows: list[Row]) -> tuple[float, float]:
    """Seconds of one core for each second of sound: the median and the 95th percentile."""
    cpu = sorted(row["cpu"] for row in rows)
    return statistics.median(cpu), cpu[round(0.95 * (len(cpu) - 1))]


def delay(rows: list[Row]) -> float | None:
    """Seconds from the end of speech to the whole answer, in the median, clean; None with no answer."""
    late = [row["late"] for row in rows if row["late"] is not None and row["level"] is None and right(row)]
    return statistics.median(late) if late else None


def sums(rows: list[Row]) -> list[str]:
    false, others = false_consent(rows)
    alike = [row for row in rows if row["kind"] == NEARLY_YES]
    opened = sum(row["granted"] for row in alike)
    missed, heard = missed_consent(rows)
    missed_yes, heard_yes = missed_consent(rows, "word")
    middle, most = computing(rows)
    late = delay(rows)
    lines = [
        f"- **False consent: {false} of {others}** utterances that were none; 95 % upper bound"
        f" {bound(false, others):.2f} %.",
        f"- Counted apart, lone words that sound most like a yes (mess, guess, yet): {opened} of {len(alike)}"
        " opened a harder question.",
        f"- Missed consent at 10 dB and better, voices: {missed} of {heard}"
        f" ({100 * missed / max(1, heard):.0f} %); real people's lone yes: {missed_yes} of {heard_yes}"
        f" ({100 * missed_yes / max(1, heard_yes):.0f} %).",
        f"- Computing: {middle:.2f} s of one core for each second of sound at the median,"
        f" {most:.2f} at the 95th percentile, all stages together.",
    ]
    if late is not None:
        lines.append(
            f"- A gate's answer is whole {late:.2f} s after speech ends, in the median"
            " (clean; the full endpoint, as for every consent)."
        )
    return lines
