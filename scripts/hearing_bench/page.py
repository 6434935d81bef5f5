"""docs/hearing-figures.md and its plot: the recognisers side by side, then each by itself."""

from __future__ import annotations

import sys
from pathlib import Path

from .figures import (
    GROUPS,
    Row,
    Test,
    bound,
    by_noise,
    computing,
    delay,
    false_consent,
    level_name,
    missed_consent,
    share,
    sums,
    table,
)
from .material import LEVELS, STATE
from .measure import BEYOND, TOY

COMPARED = {
    "real people: yes, no and stop, right": 3,
    "real people: other words, taken for a command": 4,
    "voices: phrases, right": 6,
    "voices: ordinary talk, taken": 9,
    "voices: nearly a consent, taken": 10,
    "**false consent**": 12,
    "missed consent, voices": 13,
}
"""What is compared, and its place in GROUPS."""
CURVES = (
    ("real people: yes, no and stop, right", 3),
    ("real people: other words, taken for a command", 4),
    ("voices: phrases, right", 6),
    ("voices: nearly a consent, taken", 10),
    ("missed consent, voices", 13),
    ("false consent", 12),
)
ABOUT_THE_TOY = (
    "The toy model knows 58 words and was made from synthetic speech, espeak-ng's and flite's, for tests"
    " alone: it was never meant to hear people, and awb and kal16 are among the voices it learned from. It"
    " shows that the rules hold with real libvosk, not how well Vosk hears. {beyond} of its {all} utterances"
    " are phrases with a word it lacks: they are not counted as missed, but in false consent."
)


def page(rows: list[Row]) -> str:
    """The whole page."""
    names = _names(rows)
    text = [
        "# Figures of hearing",
        "",
        f"Written by `scripts/bench_hearing report` from {len({row['name'] for row in rows})} utterances in"
        f" the state {STATE}, of voices that were not used for tuning, heard {len(rows)} times. What they"
        " mean stands in [hearing.md](hearing.md).",
        "",
        "![By level of noise](hearing.png)",
    ]
    if len(names) > 1:
        text += ["", "## Side by side", "", *_compared(rows, names), "", *_sums(rows, names)]
    for name in names:
        chosen = [row for row in rows if row["recognizer"] == name]
        text += ["", f"## {name}: {len(chosen)} utterances", ""]
        if name.startswith(TOY):
            beyond = sum(row["kind"] == BEYOND for row in chosen)
            text += [ABOUT_THE_TOY.format(beyond=beyond, all=len(chosen)), ""]
        text += [*table(chosen), "", *by_noise(chosen), "", *sums(chosen)]
    return "\n".join(text) + "\n"


def _names(rows: list[Row]) -> list[str]:
    """The recognisers: most utterances first, then as they were named, a toy last."""
    count = {row["recognizer"]: 0 for row in rows}
    for row in rows:
        count[row["recognizer"]] += 1
    return sorted(count, key=lambda name: (name.startswith(TOY), -count[name]))


def _compared(rows: list[Row], names: list[str]) -> list[str]:
    lines = [
        f"| | recogniser | {' | '.join(map(level_name, LEVELS))} |",
        f"| --- | --- |{' --- |' * len(LEVELS)}",
    ]
    for title, place in COMPARED.items():
        for name in names:
            cells = (share(_of(rows, name, level, GROUPS[place][1]), GROUPS[place][2]) for level in LEVELS)
            lines.append(f"| {title if name == names[0] else ''} | {name} | {' | '.join(cells)} |")
    return lines


def _sums(rows: list[Row], names: list[str]) -> list[str]:
    lines = [
        "| recogniser | false consent, all levels | its 95 % upper bound | missed consent, 10 dB and better |"
        " core per second of sound, median | 95th percentile | answer after speech |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in names:
        chosen = [row for row in rows if row["recognizer"] == name]
        false, others = false_consent(chosen)
        missed, heard = missed_consent(chosen)
        middle, most = computing(chosen)
        late = delay(chosen)
        cells = (
            name,
            f"{false} of {others}",
            f"{bound(false, others):.2f} %",
            f"{missed} of {heard} ({100 * missed / max(1, heard):.0f} %)",
            f"{middle:.2f} s",
            f"{most:.2f} s",
            "-" if late is None else f"{late:.2f} s",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _of(rows: list[Row], name: str, level: int | None, chosen: Test) -> list[Row]:
    return [row for row in rows if row["recognizer"] == name and row["level"] == level and chosen(row)]


def plot(rows: list[Row], path: Path) -> None:
    """The main figures by level, a line for each recogniser; says so where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        print("matplotlib is not installed: no plot", file=sys.stderr)
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(2, 3, figsize=(12, 6.5), sharex=True, sharey=True)
    for axes, (title, place) in zip(panels.flat, CURVES, strict=True):
        _, chosen, good = GROUPS[place]
        for name in _names(rows):
            groups = [(at, _of(rows, name, level, chosen)) for at, level in enumerate(LEVELS)]
            points = [(at, 100 * sum(map(good, group)) / len(group)) for at, group in groups if group]
            axes.plot(*zip(*points, strict=True), marker="o", label=name) if points else None
        axes.set_title(title, fontsize=9)
        axes.set_ylim(-3, 103)
        axes.grid(alpha=0.3)
        axes.set_xticks(range(len(LEVELS)), [level_name(level) for level in LEVELS])
    for axes in panels[:, 0]:
        axes.set_ylabel("per cent")
    panels.flat[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=100)
