"""A plan for a session in which a note is made and kept; the note itself is spoken, the answers are keys."""

from __future__ import annotations

_ANSWERS = (
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
    ("NOTE_VOICE", "YES"),
    ("NOTE_VOICE", "YES"),
    ("NOTE_SAY", "i ask first"),
    ("NOTE_SAY", "DONE"),
)
_SAID = {"i ask first"}


def note_plan(*at_the_end: str, settings: str = "") -> str:
    """The plan's TOML; `at_the_end`: keys pressed when the note has been heard back."""
    answers = (*_ANSWERS, *(("NOTE_BACK", key) for key in at_the_end))
    turns = "".join(
        f'[[turn]]\nstate = "{state}"\n{"say" if answer in _SAID else "key"} = "{answer}"\n'
        for state, answer in answers
    )
    common = 'mode = "heard"\nrecognizer = "pocketsphinx"\nseed = 1\nnotes = true'
    return f"[settings]\n{common}\n{settings}\n{turns}"


NOTE_PLAN = note_plan("KEEP_IT", "KEEP_IT")
