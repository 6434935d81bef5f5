"""Plays kept notes aloud: the person's own voice as it is, text in the coach's voice."""

from __future__ import annotations

from voice_coach.commands.say import play_samples
from voice_coach.notes.note import Note, readable


def play(note: Note, data: bytes, speaker: str | None) -> None:
    """Play one note to its end. Raises ValueError when it cannot be read."""
    from voice_coach.audio.devices import open_speaker
    from voice_coach.notes.recording import from_sound, to_samples
    from voice_coach.speaking.speech import Speech
    from voice_coach.speaking.voice import render_speech

    if note.kind == "voice":
        samples = to_samples(from_sound(data))
    else:
        samples = render_speech(Speech((readable(data),)))
    play_samples(open_speaker(speaker, paced=True), samples)
