"""The rendering child (`python -m voice_coach.speaking.renderer`): one engine, one sentence at a time.

In: Start, then Render (messages.py) over the pipe. Out: Ready or Refused, then one Rendering each.
It plays nothing, keeps nothing, and writes no file with eSpeak NG. When it hangs, the parent kills it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from voice_coach.child import serve
from voice_coach.speaking.choice import default_voice
from voice_coach.speaking.edges import faded, trimmed
from voice_coach.speaking.engine import Engine, EngineMissing, RenderFailed, start_engine
from voice_coach.speaking.loudness import at_loudness
from voice_coach.speaking.messages import Ready, Refused, Render, Rendering, Start, VoiceName

_LISTED = 12
_FIRST_WOMAN = 10

Reply = Callable[[Ready | Refused | Rendering], None]


class Renderer:
    """Answers the parent's requests with the one engine it started."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def handle(self, request: Start | Render, reply: Reply) -> None:
        """One request, one answer."""
        if isinstance(request, Start):
            reply(self._start(request))
        else:
            reply(self._render(request))

    def _start(self, request: Start) -> Ready | Refused:
        try:
            engine = start_engine()
        except EngineMissing as missing:
            return Refused(str(missing))
        voices = engine.voices()
        notice = ""
        if request.voice is not None and not self._uses(engine, _wanted(request.voice, engine, voices)):
            notice = unknown_voice(request.voice, voices)
            if not request.or_another:
                return Refused(notice)
            notice += " The usual one speaks."
        if request.voice is None or notice:
            self._use_clearest(engine, request.language, voices)
        self._engine = engine
        return Ready(engine.name, voices, notice)

    @staticmethod
    def _uses(engine: Engine, voice_id: str | None) -> bool:
        if voice_id is None:
            return False
        try:
            engine.use(voice_id)
        except RenderFailed:
            return False
        return True

    def _use_clearest(self, engine: Engine, language: str, voices: Sequence[VoiceName]) -> None:
        """On macOS and Windows the person has chosen the system's voice: it stays."""
        clearest = default_voice(language, voices) if engine.name == "espeak" else None
        if clearest is not None:
            with contextlib.suppress(RenderFailed):
                engine.use(clearest)

    def _render(self, request: Render) -> Rendering:
        if self._engine is None:
            return Rendering(request.number, None, "the engine was not started")
        try:
            samples = trimmed(self._engine.render(request.sentence))
            if samples.size == 0:
                raise RenderFailed("the engine gave only silence")
        except RenderFailed as failed:
            return Rendering(request.number, None, str(failed))
        return Rendering(request.number, faded(at_loudness(samples)))


def _wanted(wanted: str, engine: Engine, voices: Sequence[VoiceName]) -> str | None:
    return find_voice(wanted, voices, engine.variants() if "+" in wanted else ())


def find_voice(wanted: str, voices: Sequence[VoiceName], variants: Sequence[str] = ()) -> str | None:
    """The id of the voice meant by an id, a name or a language, in any case; None when there is none.

    One of eSpeak's variants may follow a plus sign: en-us+f3.
    """
    name, plus, variant = wanted.partition("+")
    as_listed = _variant(variant, variants)
    if plus and as_listed is None:
        return None
    name = name.casefold().replace("_", " ").strip()
    for whole in (True, False):
        for voice in voices:
            known = [each.casefold().replace("_", " ") for each in (voice.id, voice.language, voice.name)]
            if name in known or (not whole and len(name) > 2 and any(name in each for each in known)):
                return f"{voice.id}+{as_listed}" if plus else voice.id
    return None


def _variant(wanted: str, variants: Sequence[str]) -> str | None:
    """The variant's own name; eSpeak's numbers are those of men (1 to 9) and of women (from 11)."""
    name = wanted.casefold().strip()
    if name.isdecimal():
        name = f"m{int(name)}" if int(name) < _FIRST_WOMAN else f"f{int(name) - _FIRST_WOMAN}"
    return next((each for each in variants if each.casefold() == name), None)


def unknown_voice(wanted: str, voices: Sequence[VoiceName]) -> str:
    """The sentence for a voice that is not there: it lists those that are, English first."""
    english = [voice for voice in voices if voice.language.startswith("en")]
    shown = (english or list(voices))[:_LISTED]
    names = ", ".join(voice.language or voice.name for voice in shown)
    return f'No voice is called "{wanted}"; there are: {names}.'


def main() -> None:
    """Serve until the parent closes the pipe."""
    serve(Renderer().handle)


if __name__ == "__main__":
    main()
