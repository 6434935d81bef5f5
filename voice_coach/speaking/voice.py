"""The coach's voice: prompts in, samples out, through one rendering child that may hang or die.

In: prepare(speech) and need(speech). Out: Rendered, put on the session's queue; samples are None when the
prompt cannot be spoken, so that the session goes on by screen and chime. VoiceLost says once why there is no
voice. It plays nothing, and what it said is held in memory only.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping, Sequence

from voice_coach.audio.ports import Samples
from voice_coach.errors import SetupError
from voice_coach.speaking.desk import Desk, Need, Prepare
from voice_coach.speaking.messages import VoiceName
from voice_coach.speaking.prepared import Prepared
from voice_coach.speaking.speech import Rendered, Speech, VoiceEvent, VoiceLost

__all__ = ["Rendered", "Speech", "Voice", "VoiceEvent", "VoiceLost", "VoiceUnavailable"]

CACHE_BYTES = 32 * 1024 * 1024
"""About six minutes of speech."""
START_SECONDS = 10.0
"""How long a blocking call waits for the child to be ready."""


class VoiceUnavailable(SetupError):
    """There is no voice, or not the one asked for: one sentence with what to do."""


class Voice:
    """Renders prompts in the background; every method returns at once."""

    def __init__(
        self,
        put: Callable[[VoiceEvent], None],
        *,
        voice: str | None = None,
        say_as: Mapping[str, str] | None = None,
        choice_words: Sequence[str] = (),
        language: str = "en",
        or_another: bool = False,
    ) -> None:
        """`put` takes events from a thread. `voice`: id, name or language; None: clearest of `language`.

        `or_another`: the clearest speaks where the one asked for is not there (VoiceReplaced tells so).
        `say_as`, `choice_words`: from the pack's style, see pacing.plan.
        """
        self._desk = Desk(
            put,
            voice or None,
            dict(say_as or {}),
            tuple(choice_words),
            CACHE_BYTES,
            language=language,
            or_another=or_another,
        )
        self._started = False

    def use_style(self, say_as: Mapping[str, str], choice_words: Sequence[str]) -> None:
        """The pack's style, where it was not known when the voice was made; before the first request."""
        self._desk.use_style(say_as, choice_words)

    def use_prepared(self, prepared: Prepared | None) -> None:
        """Prompts that were rendered before, on disk; before the first request."""
        self._desk.use_prepared(prepared)

    def start(self) -> None:
        """Spawn the rendering child; needs and preparations may come before it is ready."""
        self._started = True
        self._desk.start()

    def prepare(self, speech: Speech) -> None:
        """Render ahead while nothing is needed; nothing to do for what is held already."""
        self._desk.inbox.put(Prepare(speech))

    def need(self, speech: Speech) -> None:
        """Wanted now: Rendered is put as soon as it is there, in the order of the needs."""
        self._desk.inbox.put(Need(speech))

    def wait_ready(self, seconds: float = START_SECONDS) -> tuple[VoiceName, ...]:
        """Block until it can speak; returns the voices there are. Raises VoiceUnavailable."""
        if not self._desk.settled.wait(seconds):
            raise VoiceUnavailable(f"The speech engine did not start within {seconds:g} seconds.")
        if self._desk.lost:
            raise VoiceUnavailable(self._desk.lost)
        return self._desk.voices

    @property
    def child_pid(self) -> int | None:
        """The rendering child's process number, while there is one."""
        return self._desk.child_pid

    def close(self) -> None:
        """End the child and forget what was rendered."""
        if self._started:
            self._desk.close()


def list_voices() -> tuple[VoiceName, ...]:
    """The voices of this machine's engine. Raises VoiceUnavailable."""
    voice = Voice(_nowhere)
    voice.start()
    try:
        return voice.wait_ready()
    finally:
        voice.close()


def render_speech(
    speech: Speech,
    *,
    voice: str | None = None,
    say_as: Mapping[str, str] | None = None,
    choice_words: Sequence[str] = (),
) -> Samples:
    """Render one prompt and wait for it: samples at SPEAKING_RATE. Raises VoiceUnavailable."""
    events: queue.SimpleQueue[VoiceEvent] = queue.SimpleQueue()
    speaking = Voice(events.put, voice=voice, say_as=say_as, choice_words=choice_words)
    speaking.start()
    try:
        speaking.wait_ready()
        speaking.need(speech)
        while True:
            event = events.get()
            if isinstance(event, VoiceLost):
                raise VoiceUnavailable(event.reason)
            assert isinstance(event, Rendered)
            if event.samples is None:
                raise VoiceUnavailable("The speech engine could not say this text; try other words.")
            return event.samples
    finally:
        speaking.close()


def _nowhere(event: VoiceEvent) -> None:
    """For a voice that is asked for its names only."""
