"""An observer who sees only what is heard and what is said, and knows the conversation design.

It keeps its own log of who answered, agreed and refused, worked out from the history and never from the
machine's flags, and says which invariant is broken. Written against part 5 of the design, on purpose a second
time: where it and the machine disagree, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from heard import Heard

from voice_coach.conversation.cues import (
    SILENCE,
    UNCLEAR,
    Cue,
    DropLastNote,
    End,
    KeepNote,
    Listen,
    Next,
    Say,
    Turn,
    WipeNotes,
)
from voice_coach.packs.models import Pack
from voice_coach.packs.readability import seconds

OFFERS = {"CHALLENGE_GATE", "T_CH_GATE"}
CONFIRMS = {"CH_CONFIRM", "T_CH_CONFIRM", "REOPEN_GATE"}
GATES = OFFERS | CONFIRMS
CHECKS = {"CR_CHECK", "CR_DANGER", "CR_MEDICAL", "CR_HURT_OTHER"}
SAFETY = {"CR_SELF", "CR_HARM", "CR_OTHER", "CR_DANGER", "CR_MEDICAL", "CR_POISON", "CR_HURT_OTHER"}
BEFORE_CONSENT = {"arrive", "global", "crisis", "remind", "my_notes"}
DETOURS = {"crisis", "remind", "my_notes", "global"}
STORY = {"connect", "listen", "explore", "challenge", "towards", "rehearse", "together"}
GOODBYES = {"STOPPED", "NOT_STARTED", "T_NOT_NOW", "GOODBYE", "CR_BYE"}
CLOSES = {"CLOSE_CONNECT", "T_CLOSE"}
OPEN_DOORS = {"STOPPED", "T_NOT_NOW", "NOT_STARTED", "CR_BYE"}
ASKED_TWO = {"T_INTRO", "T_NAMES", "T_ASK", "T_ANSWER", "T_NOT_NOW", "T_NOTE_OFFER"}
ASKED_BOTH = {"T_CONNECT", "T_POWER", "T_HOPE", "T_NEED", "T_SPACE", "T_AGREE", "T_TALK_RULES", "T_CLOSE"}
WILLING = {"T_CH_GATE", "T_CH_CONFIRM", "T_CH_CARD"}
CURIOUS = {"EX_CONNECTION", "EX_WORLDVIEW", "EX_MUTUAL", "EX_UNTOLD", "T_CARD"}
NO_MORE = {"NO", "UNSURE", "STOP", "PAUSE", "HUSH", "BACK", "REMIND", "WRONG", "JUST_LISTEN", "NUMBERS"}
NO_MORE |= {"PLAY_NOTES", "DELETE_NOTES", "DELETE_LAST"} | SAFETY
INTERRUPTING = {"STOP", "PAUSE", "HUSH", "JUST_LISTEN"}
WISHES = {
    "SOLO": "",
    "BE_HEARD": "heard",
    "LOOK_BACK": "look_back",
    "GET_READY": "get_ready",
    "PAIR": "together",
}
SAID_AGAIN = {"REPEAT", "WRONG", "BACK"}
KEEPING = {
    "KeepNote": ("NOTE_BACK", "KEEP_IT"),
    "WipeNotes": ("NOTES_WIPE", "WIPE_THEM"),
    "DropLastNote": ("NOTES_LAST", "BIN_IT"),
}
ASKING = {"CH_CONNECT", "CH_OTHER", "CH_POSSIBLE", "CH_PROBLEM", "CH_BUTTON", "T_CH_CARD"}
ASKING |= CURIOUS | GATES | {"LENS", "LENS_CARD", "EXPLORE_OFFER"}
"""States that ask about the story, or offer to."""
STOP_SECONDS = 6.0


class Broken(Exception):
    """An invariant does not hold."""

    def __init__(self, invariant: str, sentence: str) -> None:
        super().__init__(f"{invariant}: {sentence}")
        self.invariant, self.sentence = invariant, sentence


class Spoken(NamedTuple):
    """A Say without its choice of words."""

    state: str
    kind: str
    stance: str
    short: bool

    @property
    def is_prompt(self) -> bool:
        return self.kind.rpartition(".")[2] in {"prompts", "again_prompts", "harm_prompts"}


@dataclass(frozen=True)
class Event:
    """One thing heard in a state, and all that came of it."""

    state: str
    turn: Turn
    label: str
    said: tuple[Spoken, ...]
    finished: bool
    """All that was said was heard to its end."""
    listens: str
    """The state it listens in now; "" for none."""
    ends: str
    """"", loud or silent."""
    did: frozenset[str]
    """Names of the cues that keep or wipe a note."""

    @property
    def prompts(self) -> list[str]:
        return [spoken.state for spoken in self.said if spoken.is_prompt]


@dataclass
class Witnessed:
    """One person, as the observer knows them."""

    connection: int = 0
    """1: answered; 2: checked in since."""
    refused: bool = False
    offers: int = 0
    run: bool = False
    exploring: bool = False
    agreed: bool = False


@dataclass
class Log:
    """What the observer remembers."""

    people: tuple[Witnessed, Witnessed] = field(default_factory=lambda: (Witnessed(), Witnessed()))
    speaker: int = 0
    mode: str = ""
    alarm: str = ""
    checking: bool = False
    consented: bool = False
    facts: int = 0
    two_yes: bool = False
    willing: bool = False
    power: int = 0
    closed: bool = False
    note_yes: int = 0

    @property
    def person(self) -> Witnessed:
        return self.people[self.speaker]


class Observer:
    """Follows a conversation; changes its log, and raises Broken."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._seconds: dict[str, float] = {}

    def event(self, state: str, heard: Heard, cues: Iterable[Cue], finished: bool) -> Event:
        """An Event from what happened."""
        said: list[Spoken] = []
        listens = ends = ""
        did: set[str] = set()
        for cue in cues:
            if isinstance(cue, Say):
                said.append(Spoken(cue.state, _kind(cue.id), cue.stance, self._is_short(cue.text)))
            elif isinstance(cue, Listen | Next):
                listens = cue.state
            elif isinstance(cue, End):
                ends = "silent" if cue.silent else "loud"
            elif isinstance(cue, KeepNote | WipeNotes | DropLastNote):
                did.add(type(cue).__name__)
        return Event(state, heard.turn, heard.label, tuple(said), finished, listens, ends, frozenset(did))

    def _is_short(self, text: str) -> bool:
        if text not in self._seconds:
            self._seconds[text] = seconds(text)
        return self._seconds[text] <= STOP_SECONDS

    def see(self, log: Log, event: Event, speaker: int) -> None:
        """Follow one event. Raises Broken. `speaker`: whose turn the machine takes it to be."""
        if event.state.startswith("T_") and log.mode == "together" and speaker != log.speaker:
            raise Broken("I-20", f"{event.state} is asked of the wrong person")
        at_once(event)
        yes = is_clear_wish(event)
        if is_heard(event):
            person = log.person
            self._answered(log, event, yes)
            self._refused(log, event, person)
            self._alarmed(log, event)
        for spoken in event.said:
            self._said(log, event, spoken, yes)
        self._left_check(log, event)
        if event.finished and not log.consented:
            log.facts |= (1 if "WELCOME" in event.prompts else 0) | (2 if "CONSENT" in event.prompts else 0)
        if event.ends == "loud" and event.state not in OPEN_DOORS and not log.closed:
            raise Broken("I-14", f"{event.state} ends without a turn to people")
        if any(state in GOODBYES for state in event.prompts):
            _let_go(log)

    def _answered(self, log: Log, event: Event, yes: bool) -> None:
        """What this answer gives, by the words of the design."""
        state, intent = event.state, event.turn.intent
        talked = intent in {"DONE", "SPEECH_END", "FEELING"}
        if state in {"NEED", "T_NEED"} and intent == "EXPLORE":
            log.person.exploring = True
        elif state == "EXPLORE_OFFER":
            log.person.exploring = intent in {"EXPLORE", "YES"} and is_clear(event)
        if state == "CONNECT" and talked:
            log.person.connection = 1
        elif state == "T_CONNECT" and talked:
            for each in log.people:
                each.connection = 1
        elif state in {"CONNECT_CHECK", "T_CHECK"} and event.prompts and log.person.connection:
            log.person.connection = 2 if intent in {"STEADY", "BETWEEN"} else 1
        elif state == "CONSENT" and intent == "YES" and yes and log.facts == 3:
            log.consented = True
        elif state == "T_ANSWER" and event.prompts:
            log.two_yes = intent == "YES" and yes
        elif state == "T_AGREE" and intent == "YES" and yes:
            log.person.agreed = True
            log.speaker = 1 - log.speaker
        elif state == "T_NEED" and {*event.prompts} & {"T_NEED", "T_SPACE"} and intent not in SAID_AGAIN:
            log.speaker = 1 - log.speaker
        elif state == "T_CH_WILLING":
            log.willing = intent == "YES" and yes
        elif state == "T_SWAP" and intent == "YES" and yes:
            log.speaker = 1 - log.speaker
        elif state in {"NOTE_OFFER", "T_NOTE_OFFER"} and intent == "YES" and yes:
            log.note_yes = 1 if state == "NOTE_OFFER" else 2
        elif state == "REOPEN_GATE" and yes:
            log.person.refused = False
            log.mode = "look_back"
            log.alarm = "" if log.alarm == "other" else log.alarm
        elif state and self._pack.states[state].group == "arrive":
            self._wished(log, event)

    def _wished(self, log: Log, event: Event) -> None:
        intent = event.turn.intent
        if intent in WISHES and event.state != "CONSENT":
            log.mode = WISHES[intent]
        elif event.state == "SOLO_CHOICE" and "CONNECT" in event.prompts:
            log.mode = "heard"

    def _refused(self, log: Log, event: Event, person: Witnessed) -> None:
        state, intent = event.state, event.turn.intent
        stays = event.listens == state and intent != "JUST_LISTEN"
        if intent in NO_MORE and not stays and state and self._pack.states[state].group not in DETOURS:
            # In a detour no run is left: it ended on the way there.
            for each in log.people:
                each.run = False
        if intent == "JUST_LISTEN" and not event.ends and person.exploring:
            person.exploring = False
        refusing = intent == "JUST_LISTEN" and state not in GOODBYES and person.offers > 0
        if state in GATES and not is_clear_wish(event) and event.listens not in {state, ""}:
            reopened = intent == "REOPEN" and event.listens in GATES
            confirmed = intent == "YES" and state in OFFERS and event.listens in CONFIRMS
            refusing = refusing or not (reopened or confirmed)
        if refusing:
            person.refused, person.run, person.offers = True, False, 1

    def _alarmed(self, log: Log, event: Event) -> None:
        """Words of danger, and what the check makes of them (9.2)."""
        state, intent = event.state, event.turn.intent
        if not event.prompts or not state:
            return
        if intent in SAFETY:
            log.checking = intent != "CR_OTHER"
            if intent == "CR_OTHER":
                log.alarm = log.alarm or "other"
        elif state in CHECKS and log.checking:
            if intent in {"MISHEARD", "WRONG"} or (intent == "NO" and state != "CR_CHECK"):
                log.checking = False
            elif state == "CR_CHECK" and intent == "ABOUT_OTHER":
                log.checking = False
                log.alarm = log.alarm or "other"

    def _left_check(self, log: Log, event: Event) -> None:
        """A check that was left without being taken back locks for good."""
        beside = CHECKS | {"PAUSED", ""}
        if event.listens not in beside and not event.ends and log.checking:
            log.checking = False
            log.alarm = "locked"
            for each in log.people:
                each.refused, each.run, each.offers, each.exploring = True, False, 1, False

    # -- what may be said -------------------------------------------------------------------------------

    def _said(self, log: Log, event: Event, spoken: Spoken, yes: bool) -> None:
        state = self._pack.states[spoken.state]
        name = state.name
        again = event.turn.intent == "REPEAT" and event.state == name
        if spoken.stance == "challenge":
            self._challenged(log, event, spoken, yes, again)
        if spoken.stance == "explore":
            if log.mode == "heard":
                raise Broken("I-17", f"{name} is said in be heard")
            if log.checking or log.alarm == "locked":
                raise Broken("I-18", f"{name} is said after words of danger")
            if name in CURIOUS and not log.person.exploring:
                raise Broken("5.1", f"{name} is asked of somebody who did not choose to explore")
        if not spoken.is_prompt:
            return
        if state.group not in BEFORE_CONSENT and not log.consented:
            raise Broken("I-27", f"{name} is said before consent")
        if name in OFFERS and not again:
            self._offered(log, name)
        if name == "REOPEN_GATE" and log.person.connection < 2:
            raise Broken("I-02", "a harder question is spoken of without connection and a later check-in")
        if name == "TOWARDS" and log.mode == "heard":
            raise Broken("I-17", "TOWARDS is said in be heard")
        self._is_calm(log, name)
        if state.group not in DETOURS:
            self._together(log, name)
        if name in {"LISTEN", "CONNECT", "T_TURN", "T_CONNECT"}:
            for each in log.people if name == "T_CONNECT" else (log.person,):
                each.connection = min(1, each.connection)
        if name in CLOSES or state.group in STORY:
            log.closed = name in CLOSES
        if name == "NOTE_OFFER":
            log.note_yes = 0

    def _is_calm(self, log: Log, name: str) -> None:
        never_after = OFFERS | {"FORMAL_TOO", "NOTE_OFFER", "CH_CONFIRM", "T_CH_CONFIRM", "T_CH_WILLING"}
        never_locked = {"REOPEN_GATE", "EXPLORE_OFFER", "LENS"}
        if name in never_after and (log.checking or log.alarm):
            raise Broken("I-18", f"{name} is said after words of danger")
        if name in never_locked and (log.checking or log.alarm == "locked"):
            raise Broken("I-18", f"{name} is said after words of danger")

    def _challenged(self, log: Log, event: Event, spoken: Spoken, yes: bool, again: bool) -> None:
        name, person = spoken.state, log.person
        if again:
            return
        if not spoken.is_prompt:
            raise Broken("I-01", f"{name} says {spoken.kind} from the challenge stance")
        if event.state not in GATES or not yes:
            raise Broken("I-03", f"{name} is asked without a fresh consent")
        if [each.stance for each in event.said].count("challenge") > 1:
            raise Broken("I-03", "two harder questions on one yes")
        if person.connection < 2:
            raise Broken("I-02", f"{name} is asked without connection and a later check-in")
        if person.refused:
            raise Broken("I-04", f"{name} is asked of somebody who is not ready")
        if log.checking or log.alarm:
            raise Broken("I-18", f"{name} is asked after words of danger")
        if log.mode not in {"look_back", "together"}:
            raise Broken("I-01", f"{name} is asked in {log.mode}")
        if log.mode == "together" and not (log.willing and name == "T_CH_CARD"):
            raise Broken("I-20", f"{name} is asked without the listener's yes")
        person.run = event.state != "REOPEN_GATE"

    def _offered(self, log: Log, name: str) -> None:
        person = log.person
        if person.refused:
            raise Broken("I-04", f"{name} is offered to somebody who is not ready")
        if person.connection < 2:
            raise Broken("I-02", f"{name} is offered without connection and a later check-in")
        if person.run:
            return
        if person.offers:
            raise Broken("I-06", f"{name} is offered a second time")
        person.offers = 1

    def _together(self, log: Log, name: str) -> None:
        if name in {"T_NAMES", "T_HOPE", "T_SPACE", "T_TALK_RULES"}:
            log.speaker = 0
        if name in {"T_SPACE", "T_TALK_RULES"}:
            for each in log.people:
                each.agreed = False
        if name not in WILLING:
            log.willing = False
        elif not log.willing:
            raise Broken("I-20", f"{name} is said without the listener's yes")
        if name == "T_BALANCE":
            for each in log.people:
                each.connection = min(1, each.connection)
                each.refused = each.refused or each.offers > 0
                each.run = False
        if name == "T_CONNECT":
            log.power = max(1, log.power)
        elif name == "T_POWER" and log.power:
            log.power = 2
        elif name == "T_NEED" and log.power < 2:
            raise Broken("I-22", "T_NEED comes before connection and power")
        if name in {"NOTE_KIND", "NOTE_VOICE", "NOTE_CARE"} and log.note_yes < 1 + (log.mode == "together"):
            raise Broken("I-20", f"{name} is reached without a yes from each")
        if not name.startswith("T_") or name in ASKED_TWO:
            return
        if log.mode != "together" or not log.two_yes:
            raise Broken("I-20", f"{name} is reached without Two's own yes")
        if name not in ASKED_BOTH and not (log.people[0].agreed and log.people[1].agreed):
            raise Broken("I-20", f"{name} is reached without a yes from each")


def _kind(say_id: str) -> str:
    return say_id.rstrip("0123456789").rstrip(".")


def _let_go(log: Log) -> None:
    """After the last words only what must stay shut matters."""
    log.people = (Witnessed(refused=True, offers=1), Witnessed(refused=True, offers=1))
    log.speaker = log.power = 0
    log.mode = ""
    log.two_yes = log.willing = False
    log.closed = True


def is_heard(event: Event) -> bool:
    """Whether it counts as said: over the coach only an interruption does, of two presses the second."""
    turn = event.turn
    if "misheard before" in event.label:
        return False
    if turn.by == "key":
        return "once" not in event.label or bool(event.said or event.listens or event.ends)
    return not turn.while_speaking or turn.intent in INTERRUPTING


def is_clear_wish(event: Event) -> bool:
    """Whether this is consent where it was asked for: the taught words, or a plain yes where it may stand."""
    turn = event.turn
    wanted = {"ASK_ME"} if event.state in OFFERS else {"ASK_ME", "YES"}
    wanted = wanted if event.state in GATES else {"YES"}
    return turn.intent in wanted and is_clear(event)


def is_clear(event: Event) -> bool:
    """Whether nothing speaks against having heard it right."""
    turn = event.turn
    return "twice" in event.label if turn.by == "key" else turn.clean and not turn.while_speaking


def at_once(event: Event) -> None:
    """What can be told from one event alone."""
    if not event.state:
        return
    turn, intent = event.turn, event.turn.intent
    hard = {"explore", "challenge"}
    nobody = intent in {SILENCE, UNCLEAR}
    if event.state in GATES and event.listens == event.state:
        often = intent == UNCLEAR and (event.label != "(unclear 1)" or event.state in CONFIRMS)
        if intent == SILENCE or often:
            raise Broken("I-05", f"{event.state} is asked again after {event.label}")
    over = turn.while_speaking and turn.by == "voice" and intent not in INTERRUPTING
    if over and (event.ends or event.listens not in {"", event.state}):
        raise Broken("I-08", f"{intent} heard over the coach leads away from {event.state}")
    if intent == "STOP" and is_heard(event):
        stops = event.ends or event.listens in GOODBYES
        if not stops or len(event.said) > 1 or any(not spoken.short for spoken in event.said):
            raise Broken("I-13", f"stop in {event.state} leads to {event.listens or event.said}")
    # A reminder that ends by itself comes back to where the person was, a curious question too; and so do
    # questions about kept notes, where nobody answers.
    comes_back = event.state == "REM_AFTER" or event.state.startswith("NOTES_")
    beyond = {"challenge"} if comes_back else hard
    if nobody and any(spoken.stance in beyond for spoken in event.said):
        raise Broken("I-15", f"{event.label} in {event.state} leads to {event.said[-1].state}")
    if nobody and (event.did or event.listens in {"REOPEN_GATE", "NOTE_KEPT"}):
        raise Broken("I-15", f"{event.label} in {event.state} opens something")
    if intent == "JUST_LISTEN" and is_heard(event):
        opened = [s for s in event.said if s.is_prompt and (s.stance in hard or s.state in GATES)]
        if opened and event.listens != event.state:
            raise Broken("I-16", f"just listen in {event.state} leads to {event.said[-1].state}")
        if event.listens == event.state and event.state in ASKING:
            raise Broken("I-16", f"just listen in {event.state} changes nothing")
    if intent == "NUMBERS" and turn.by == "key" and event.listens != "CR_NUMBERS":
        raise Broken("I-19", f"numbers by key in {event.state} leads to {event.listens}")
    for did in event.did:
        if (event.state, intent) != KEEPING[did] or not is_clear(event):
            raise Broken("I-24", f"{did} after {event.label} in {event.state}")


def demands(event: Event) -> int:
    """How much is asked after this event: 3 a harder question, 2 a curious one or a gate to a harder one."""
    by_stance = {"challenge": 3, "explore": 2}
    prompts = [spoken for spoken in event.said if spoken.is_prompt]
    return max((2 if s.state in GATES else by_stance.get(s.stance, 0) for s in prompts), default=0)
