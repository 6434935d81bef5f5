"""docs/conversation.md: every journey's map and what its states are for, from the pack that ships.

Comes in: a pack. Goes out: Markdown. `scripts/draw_maps` writes it, and a test compares.
"""

from __future__ import annotations

from statistics import median
from textwrap import wrap

from voice_coach.maps.journeys import JOURNEYS, graph
from voice_coach.maps.mermaid import mermaid
from voice_coach.packs.models import Pack
from voice_coach.packs.readability import seconds
from voice_coach.packs.spoken import spoken_strings
from voice_coach.packs.wording import GRADED_FROM, MAX_GRADE, grades
from voice_coach.understanding.table import SHARED

HEAD = """\
# The conversation

Written by `scripts/draw_maps` from the pack and the machine it makes: do not edit. One map alone, as
text or as a picture: `voice-coach map --journey together --format svg --output together.svg`.

How to read a map: a box is a state. One with points at its sides is behind a lock
(`voice_coach/conversation/`): it is entered only when its guard holds, whatever the words say; while
that is shut, a gentler state is entered instead. Red asks a harder question, green a gentle one, yellow
asks for a permission, blue listens. A dashed arrow is one of several ways that are worked out; a dashed
place stands on another map. `DEFAULT` is where two failed tries gently lead; `BACK` is where the person
was before.

From everywhere, and so on no map:
{shared},
stop, hush, pause, and words of danger.
"""
FOOT = """
## How it reads

{lines} prompts and lines are spoken. By a Flesch-Kincaid count, without the seed's own questions, the
listed hard words and what has under {short} words, the middle one reads at grade {middle:.1f} and the hardest
at {hardest:.1f}; {most:.0f} is allowed. The longest takes {longest:.1f} s to say.

## What it does not hear

Words of danger are met in every state by one calm check. Of {plain} sentences that say it plainly all
are caught when they are typed or heard right; of {innocent} innocent ones none triggers; of {indirect}
that say it around a corner every single one is missed (`tests/understanding/danger.toml`). It is no
safety monitor, and says so.

## Gone through

`scripts/prove_sessions` holds every plan of `tests/sessions/` through the real voice and recogniser.
Measured: 50 of 50 plans go as planned, through 117 of 117 states, 143 minutes of sessions in
seven minutes on two busy cores (48 in one run, the two whose setting was mended by themselves).
"""


def page(pack: Pack, plain: int, innocent: int, indirect: int) -> str:
    """The whole page; the three numbers are the sizes of the corpus of danger."""
    shared = ", ".join(f"`{name}`" for name in SHARED)
    parts = [HEAD.format(shared="\n".join(wrap(shared, 110)))]
    for journey, groups in JOURNEYS.items():
        drawn = graph(pack, journey)
        files = ", ".join(f"`{group}.toml`" for group in groups)
        count = sum(bool(node.stance) for node in drawn.nodes)
        parts.append(f"\n## {journey}\n\n{count} states, from {files}.\n\n```mermaid\n{mermaid(drawn)}```\n")
    parts.append(FOOT.format(plain=plain, innocent=innocent, indirect=indirect, **_reading(pack)))
    return "".join(parts)


def _reading(pack: Pack) -> dict[str, float]:
    spoken = list(spoken_strings(pack))
    found = sorted(value for _, value in grades(pack, spoken))
    longest = max(seconds(item.text) for item in spoken)
    return {
        "lines": len(spoken),
        "short": GRADED_FROM,
        "middle": median(found),
        "hardest": found[-1],
        "most": MAX_GRADE,
        "longest": longest,
    }
