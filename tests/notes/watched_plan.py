"""A plan for a session in which a note is made and kept; the note itself is spoken, the answers are keys."""

from __future__ import annotations

from pathlib import Path

_TO_THE_OFFER = (
    ("PLACE", "YES"),
    ("CONSENT", "YES"),
    ("CONSENT", "YES"),
    ("CONNECT", "SKIP"),
    ("LISTEN", "DONE"),
    ("HEARD", "SKIP"),
    ("CONNECT_CHECK", "STEADY"),
    ("CLOSE_CONNECT", "SKIP"),
    ("FORMAL_TOO", "SKIP"),
    ("NOTE_OFFER", "YES"),
    ("NOTE_OFFER", "YES"),
)
_BY_VOICE = (("NOTE_VOICE", "YES"), ("NOTE_VOICE", "YES"))
_AS_TEXT = (("NOTE_KIND", "TEXT"),)


def note_plan(*at_the_end: str, thought: str = "i ask first", model: Path | None = None) -> str:
    """The plan's TOML; `at_the_end`: keys pressed when the note has been heard back.

    `model`: a Vosk model that takes dictation; then the note is made as text.
    """
    answers = (
        *_TO_THE_OFFER,
        *(_BY_VOICE if model is None else _AS_TEXT),
        ("NOTE_SAY", thought),
        ("NOTE_SAY", "DONE"),
        *(("NOTE_BACK", key) for key in at_the_end),
    )
    turns = "".join(
        f'[[turn]]\nstate = "{state}"\n{"say" if answer == thought else "key"} = "{answer}"\n'
        for state, answer in answers
    )
    listens = (
        'recognizer = "pocketsphinx"\nsecond_ear = "off"'
        if model is None
        else f'recognizer = "vosk"\nmodel = "{model}"'
    )
    return f'[settings]\nmode = "heard"\nseed = 1\nnotes = true\n{listens}\n\n{turns}'


NOTE_PLAN = note_plan("KEEP_IT", "KEEP_IT")
