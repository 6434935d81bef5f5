"""How long each kind of turn waits: reaction and patience are two numbers.

`gap` is the quiet that ends a piece of speech; `end` the quiet after which the turn itself is over. The
conversation design (6.3) has 1.2 s for choices and gates; a closed answer is a whole phrase or it is
nothing, so the full endpoint can be nearer without cutting anyone off: speech in the grace reopens it.
"""

from __future__ import annotations

from dataclasses import dataclass

from voice_coach.conversation.protected import CHALLENGE_GATES
from voice_coach.hearing.segmenter import LULL_FRAMES


@dataclass(frozen=True)
class TurnRule:
    """Seconds of quiet for one kind of turn."""

    gap: float
    """Ends a piece of speech (a whole utterance has at least this much quiet around it)."""
    early: float | None
    """A settled whole phrase may be answered after this much quiet; None: the full endpoint is waited for."""
    end: float | None
    """Talk followed by this much quiet is finished; None: only words, a key or patience end it."""
    grace: float
    """After a command in a talk turn, quiet until it counts; speech within it goes on with the turn."""
    lull_frames: int = LULL_FRAMES
    """Frames of quiet after which a piece is recognised already, though it may still go on."""


CHOICE = TurnRule(gap=0.6, early=0.3, end=None, grace=0.0, lull_frames=8)
GATE = TurnRule(gap=0.7, early=None, end=None, grace=0.0)
SHORT = TurnRule(gap=0.7, early=None, end=2.5, grace=1.5)
THINK = TurnRule(gap=0.7, early=None, end=4.0, grace=2.0)
FREE = TurnRule(gap=0.7, early=None, end=None, grace=2.0)
WAITING = TurnRule(gap=0.6, early=None, end=None, grace=0.0)
"""Resting and paused: nothing but a few words counts."""

RULES: dict[str, TurnRule] = {
    "choice": CHOICE,
    "gate": GATE,
    "short": SHORT,
    "think": THINK,
    "free": FREE,
    "rest": WAITING,
    "paused": WAITING,
}

TALK = frozenset({"short", "think", "free"})
AT_ONCE = frozenset({"STOP", "HUSH", "PAUSE", "NUMBERS", "JUST_LISTEN"})
"""Commands that need no grace in a talk turn; safety phrases need none either."""
STOP_QUIET_SECONDS = 0.24
"""A lone "stop" counts after this much quiet, in every turn: "stop for a second" is said in one breath."""
STOP_CONFIDENCE = 0.6
"""Least confidence in it, as nothing that is said afterwards can mend it."""
QUICK_CONFIDENCE = 0.8
"""Least confidence in what a quick look brought: else the piece is looked at again with more of its quiet."""
ALONE_SECONDS = 1.0
"""Nothing was said for so long before it: within talk "stop" may be a part of what is told."""
COMMAND_SECONDS = 4.0
"""A longer piece holds more than the five words of a command (part 7, rule 2): it is talk, and is let go."""
ANSWER_CONFIDENCE = 0.4
"""Least confidence in an answer to a question: below it the coach says that it missed it."""
OPEN_SPEAKERS_CONFIDENCE = 0.5
"""The same for a word over the coach's own voice from open speakers: it costs one command in twenty-five."""
GATE_CONFIDENCE = 0.5
"""Least confidence in a yes at a gate that opens no harder question, where no second opinion agrees: free
decoding misses every second lone "yes", and someone who said it three times to no effect walks away."""
STRICT_GATES = CHALLENGE_GATES
"""Where a wish needs a second opinion that agrees, whatever the confidence (I-09)."""
NOISY_DB = 7.5
"""Speech that stands out of the room by less consents to nothing: the coach says that it cannot hear. Of 660
utterances of the tuning half with noise 10 dB under their active speech, one stands out by less; of 660 at
5 dB a quarter does. With 8 it was 40 % of those, and of real people's "yes" at 10 dB 8 %."""
NOTE_GATES = frozenset({"NOTE_BACK", "NOTE_OFFER", "NOTES_WIPE"})
NOTE_CONFIDENCE = 0.6
"""The same where something is kept or wiped for good. Free decoding hears "he can", "he had" or "he said"
when synthetic voices say "keep it", so that nobody could have kept a note by voice."""
COMMAND_CONFIDENCE = 0.7
"""Least confidence in a command within talk, where nearly all that is said is no command."""
TALK_CONFIDENCE = {
    **dict.fromkeys(("DONE", "SKIP", "MORE"), 0.45),
    **dict.fromkeys(("PAUSE", "JUST_LISTEN", "STOP"), 0.5),
    **dict.fromkeys(("HUSH", "BACK", "WRONG", "REOPEN"), 0.85),
}
"""The same by what a mistake would cost: an early "done" is mended by talking on, a false "hush" is not.
Half is enough where a second opinion agrees."""
UNCLEAR_SECONDS = 0.3
"""Speech shorter than this that is no phrase (a cough, a door) is no answer, not even an unclear one."""
UNCLEAR_AFTER_SECONDS = 1.2
"""Quiet after speech that was no phrase until the coach says it missed it (conversation design, 6.3)."""
OVER_LULL_FRAMES = 7
"""Over the coach's own voice a short quiet is enough to look for a word: a "stop" is obeyed 0.1 s sooner, and
a wrong look costs nothing."""
SETTLE_SECONDS = 0.35
"""Deaf for so long after the coach's own sound."""
SETTLE_CONSENT_SECONDS = 0.5
"""The same before a turn that may consent (I-08)."""
STARTED_EARLY_FRAMES = 4
"""Speech already there when the microphone opens began while it was shut: it cannot consent."""
TALKS_OVER_FRAMES = 30
"""Voice for 0.6 s over the coach's own makes it fall silent (livekit's agents take 0.5 s); a cough, an "mm"
or a door are shorter."""
TALK_FRAMES = 60
"""Voice for 1.2 s over a question that wants talk is an answer to it; anything shorter needs a word."""
NOTHING_SECONDS = 0.6
"""Quiet after an interruption that no word came of, until the coach goes on."""
EARLY_AFTER_FRAMES = 25
"""Half a second after the coach was interrupted, what is said still consents to nothing (I-08)."""
HELD_REPLY_FRAMES = 500
"""A reply waits at most 10 s for quiet: a room that is never quiet must not silence the coach for good."""
FROZEN_FRAMES = 1500
"""After a sob or a sigh nothing is said or chimed for 30 s (conversation design, 6.5)."""
LOUD_DB = 10.0
LOUD_FRAMES = 20
"""Sound this far above the room for 0.4 s that the voice detector calls no voice: a sigh, a sob."""
