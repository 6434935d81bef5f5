"""Which phrases the hearing process listens for, turn by turn.

In: the state whose turn comes next, and the hearing process's answers. Out: grammars sent to it, and the
table that says what each phrase means. It recognises nothing itself and never waits.
"""

from __future__ import annotations

from voice_coach.hearing.messages import GrammarUsed
from voice_coach.hearing.process import HearingProcess
from voice_coach.hearing.recognizer import Grammar
from voice_coach.packs.models import Pack
from voice_coach.understanding.table import WHILE_SPEAKING, PhraseTable


class Grammars:
    """The tables of a pack's states, each made once, and the one in use."""

    def __init__(
        self,
        pack: Pack,
        hearing: HearingProcess,
        over: tuple[str, ...] = WHILE_SPEAKING,
        *,
        either: bool = False,
    ) -> None:
        """`over`: what counts while the coach speaks; `either`: one ear that hears it is enough there."""
        self.ready = False
        """Whether the recogniser is loaded (or will never be)."""
        self._pack = pack
        self._hearing, self._over, self._either = hearing, over, either
        self._lost = False
        self._wanted = ""
        self._used = ""
        self._tables: dict[tuple[str, bool], PhraseTable] = {}
        self._dropped: dict[str, dict[str, list[str]]] = {}

    @property
    def settled(self) -> bool:
        """Whether what is wanted is in use."""
        return self._lost or (self.ready and self._used == self._wanted)

    def table(self, state: str, *, over: bool) -> PhraseTable:
        """What can be said in a state; `over`: what can be said while the coach speaks there."""
        key = (state, over)
        if key not in self._tables:
            self._tables[key] = (
                PhraseTable.while_speaking(self._pack, state, self._over)
                if over
                else PhraseTable.for_state(self._pack, state)
            )
        return self._tables[key]

    def use(self, state: str, *, over: bool, verify: bool) -> None:
        """Listen for this from now on.

        `verify`: an answer may open something, or most speech here is talk: a second opinion is due.
        """
        name = f"{state} while speaking" if over else state
        if name == self._wanted:
            return
        table = self.table(state, over=over)
        self._wanted = name
        parts = (table.phrases, table.decoys, verify, table.taught, table.told, table.stopping)
        self._hearing.use(Grammar(name, *parts, table.phrase_meanings, over and self._either))

    def used(self, event: GrammarUsed) -> None:
        """The hearing process has switched; phrases it could not take are kept until dropped() is asked."""
        self._used = event.name
        if event.report.dropped:
            lacking = {phrase: list(words) for phrase, words in event.report.dropped.items()}
            self._dropped[event.name] = lacking

    def lost(self) -> None:
        """There is no hearing any more: nothing is waited for."""
        self.ready = self._lost = True

    def dropped(self, state: str) -> dict[str, list[str]]:
        """Phrases the recogniser could not take in this state, with the words it lacks; told once."""
        return self._dropped.pop(state, {})
