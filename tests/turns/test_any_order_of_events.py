"""Whatever comes in whatever order: stop ends it, hush is silent, a yes is a yes, notes are as asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from any_order import AnyOrder, english, table
from machines import agreeing_in, answers_in
from what_holds import Broken

from voice_coach.conversation.cues import Cue, Next, Turn
from voice_coach.conversation.dialogue import Conversation
from voice_coach.conversation.preset import Preset
from voice_coach.mouth import Mouth
from voice_coach.turns.floor import Floor
from voice_coach.turns.opening import Openness
from voice_coach.turns.place import Place

pytestmark = pytest.mark.timeout(900)

WAYS = (Openness(), Openness(headphones=True), Openness(echo_free=True))
BEGINNINGS = (
    (Preset(), "WELCOME"),
    (Preset(mode="look_back", length="short", notes_on=True), "CHALLENGE_GATE"),
    (Preset(mode="look_back", length="long", notes_on=True), "CHALLENGE_GATE"),
    (Preset(mode="look_back", length="long", notes_on=True), "EX_UNTOLD"),
    (Preset(mode="heard", notes_on=True), "NOTE_OFFER"),
    (Preset(mode="heard", notes_on=True), "NOTE_SAY"),
    (Preset(mode="heard", notes_on=True), "NOTES_WIPE"),
    (Preset(mode="heard", notes_on=True), "NOTES_LAST"),
    (Preset(mode="heard", notes_on=True), "HEARD"),
)
KEYS = ("STOP", "HUSH", "PAUSE", "RESUME", "REPEAT", "HELP", "DONE", "SKIP", "NUMBERS", "JUST_LISTEN", "BACK")
KEYS += ("SLOWER", "VOLUME_UP", "PLAY_NOTES", "DELETE_NOTES", "DELETE_LAST", "YES", "NO", "WIPE_THEM")
STOPPED_WITHIN = 3_000
"""Frames from "stop" to the end, with nothing said: the last words here take less than two seconds."""
WALKS = 200
OPENING = ("ASK_ME", "KEEP_IT", "WIPE_THEM", "BIN_IT")
"""Chosen more often than others where they are answers."""
DECIDING = (
    (Preset(mode="heard", notes_on=True), "NOTES_WIPE"),
    (Preset(mode="heard", notes_on=True), "NOTES_LAST"),
    (Preset(mode="heard", notes_on=True), "NOTE_SAY"),
    (Preset(mode="look_back", length="long"), "CHALLENGE_GATE"),
)
"""Where a session begins in which something is decided first of all, and something else comes meanwhile."""


class Walk:
    """Random events, most of them such that a session goes on."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random = Random(seed)
        self.decides = random.random() < 0.4
        preset, state = random.choice(DECIDING if self.decides else BEGINNINGS)
        self.session = AnyOrder(folder, preset, state, random.choice(WAYS), notes=random.choice((0, 2)))
        self.session.voice.longer = random.choice((0, 60))
        self.ill_fated = random.random() < 0.7

    def step(self) -> None:
        random, session = self.random, self.session
        dice = random.random()
        if dice < 0.35:
            session.pass_frames(random.choice((1, 1, 2, 3, 8, 20, 60)))
        elif dice < 0.55:
            self.answers()
        elif dice < 0.62:
            self._presses_twice()
        elif dice < 0.68:
            session.press(random.choice(KEYS[2:]))
        elif dice < 0.74:
            self._speaks()
        elif dice < 0.86:
            self.at_once()
        elif self.ill_fated:
            self._mishap()
        if random.random() < 0.7:
            session.settle()

    def _intent(self) -> str:
        state = self.session.state
        if state not in english().states:
            return "STOP"
        random = self.random
        if self.session.store.look().notes and random.random() < 0.1:
            return random.choice(("PLAY_NOTES", "DELETE_NOTES", "DELETE_LAST"))
        opening = [intent for intent in OPENING if intent in english().states[state].go]
        if opening and random.random() < 0.5:
            return opening[0]
        turns = agreeing_in(state) if random.random() < 0.8 else answers_in(state)
        return random.choice(turns).intent

    def answers(self) -> None:
        if self.session.state == "NOTE_SAY":
            self.session.pass_frames(
                50
            )  # The note opens, and the room is known: a voice can stand out of it.
            self.session.say("", frames=40)
            self.session.pass_frames(90)
            self.session.press("DONE")
            self.session.pass_frames(40)
            return
        self.session.answer(self._intent(), clean=self.random.random() < 0.8)
        self.session.pass_frames(self.random.choice((3, 10, 30, 74, 74, 74)))

    def _presses_twice(self) -> None:
        intent = self._intent()
        self.session.press(intent)
        self.session.pass_frames(self.random.choice((0, 31, 35)))
        self.session.press(intent)

    def at_once(self) -> None:
        """Something is decided over a prompt, or said over it, and more comes before it is silent."""
        random, session = self.random, self.session
        intent = self._intent()
        session.store.full = random.random() < 0.5
        if session.voice.longer and random.random() < 0.5:
            session.press(random.choice(("REPEAT", "NUMBERS", "NUMBERS")))
            session.pass_frames(random.choice((3, 10)))
            session.say("", frames=60)
            session.pass_frames(random.choice((34, 36, 38)))
        else:
            session.press(intent)
            session.pass_frames(33)
            session.press("REPEAT")
            session.pass_frames(3)
            session.press(intent)
            session.settle()
        if not session.over:
            self._meanwhile()
        session.pass_frames(5)
        session.store.full = False

    def _meanwhile(self) -> None:
        session, random = self.session, self.random
        if random.random() < 0.4:
            session.press(random.choice(("PAUSE", "REPEAT", "NUMBERS", "HUSH", "STOP")))
        elif random.random() < 0.4:
            random.choice((session.fail_hearing, session.lose_voice))()
        elif self.ill_fated:
            session.lose(random.choice(("microphone", "speaker")))
        session.settle()

    def _speaks(self) -> None:
        random = self.random
        state = self.session.state
        phrases = ["", "", *(table(state).phrases if state in english().states else ())]
        self.session.say(
            random.choice(phrases),
            frames=random.choice((6, 20, 40, 80)),
            confidence=random.choice((0.2, 0.5, 0.95)),
            clean=random.random() < 0.5,
        )

    def _mishap(self) -> None:
        random, session = self.random, self.session
        which = random.choice(("microphone", "speaker"))
        what = random.randrange(14)
        if what < 3:
            session.lose(which)
        elif what < 7:
            session.devices.come_back(which)
        elif what < 9:
            session.devices.mute(muted=random.random() < 0.5)
        elif what == 9:
            session.be_late(random.choice((2, 10, 60)))
        elif what == 10:
            session.latency(random.choice((0, 1, 4)))
        elif what == 11:
            session.store.full = not session.store.full
        elif random.random() < 0.4:
            random.choice((session.fail_hearing, session.lose_voice, session.replace_voice))()

    def stops(self, intent: str) -> None:
        """The person wants it to end, and says nothing more, whatever else happens."""
        self.session.press(intent)
        for _ in range(self.random.choice((0, 3, 8))):
            if self.ill_fated and not self.session.over:
                self._mishap()
                self.session.pass_frames(self.random.choice((0, 0, 1, 5)))
        self.session.be_late(0)
        self.session.pass_frames(STOPPED_WITHIN)
        if not self.session.over:
            raise Broken(f"after {intent} the session stays in {self.session.state}")


def walk(seed: int, folder: Path) -> Walk:
    walk = Walk(seed, folder)
    if walk.decides:
        walk.session.pass_frames(130)
        if walk.session.state == "NOTE_SAY":
            walk.answers()
        walk.at_once()
    for _ in range(walk.random.choice((10, 40, 80))):
        if walk.session.over:
            break
        walk.step()
    if not walk.session.over:
        walk.stops(walk.random.choice(("STOP", "HUSH")))
    walk.session.holds.look_at_the_end()
    return walk


def walks(folder: Path, seeds: range) -> Counter[str]:
    """Hold so many sessions; returns how often what matters came about."""
    came: Counter[str] = Counter()
    for seed in seeds:
        try:
            seen = walk(seed, folder / str(seed)).session.seen
        except Exception as problem:
            problem.add_note(f"in the walk of seed {seed}")
            raise
        came["harder questions"] += sum(
            event["event"] == "prompt" and event["stance"] == "challenge" for event in seen
        )
        came.update(event["what"] for event in seen if event["event"] in {"note", "device"})
    return came


def test_whatever_comes_in_whatever_order_the_promises_hold(tmp_path: Path) -> None:
    came = walks(tmp_path, range(WALKS))
    assert came["harder questions"] >= 5
    assert min(came[what] for what in ("keep", "wipe", "lost", "back", "muted")) >= 2, came


def forgetful(patch: pytest.MonkeyPatch) -> None:
    """What was decided and only waits for the last sound to end is dropped."""
    take_over = Floor.take_over

    def forgets(self: Floor, cues: list[Cue], *, may_hold: bool = True) -> None:
        self._todo.clear()
        take_over(self, cues, may_hold=may_hold)

    patch.setattr(Floor, "take_over", forgets)


def holds_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Mouth, "let_go", lambda self: None)


def talks_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Mouth, "cut", lambda self, frame: None)


def waits_for_a_lost_speaker(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Mouth, "use", lambda self, speaker, *_, **__: setattr(self, "_speaker", speaker))


def yes_outlives_a_loss(patch: pytest.MonkeyPatch) -> None:
    """No pause in place of what was going on: it is only said again."""
    again = Turn("REPEAT", by="key")
    patch.setattr(Place, "hold", lambda self, which, at: self._conversation.hear(again))


def listens_on(patch: pytest.MonkeyPatch) -> None:
    """News over a prompt that was broken off: the question before is listened for."""
    patch.setattr(Mouth, "broken_off", None)


def says_it_all_the_same(patch: pytest.MonkeyPatch) -> None:
    """What could not be done is said in place of all that waits, wherever the conversation is by then."""

    def not_done(self: Conversation, asked: object, waiting: object) -> list[Cue]:
        return [Next(self.pack.states[self.memory.state].name)]

    patch.setattr(Conversation, "not_done", not_done)


@pytest.mark.parametrize(
    "fault",
    [
        forgetful,
        holds_on,
        talks_on,
        waits_for_a_lost_speaker,
        yes_outlives_a_loss,
        listens_on,
        says_it_all_the_same,
    ],
)
def test_each_fault_is_found(
    fault: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(monkeypatch)
    with pytest.raises((Broken, AssertionError, KeyError)):
        walks(tmp_path, range(2 * WALKS))
