"""Sealing notes with age: anyone may add, only the pass phrase opens.

In: bytes, or a pass phrase. Out: age files that ordinary age tools open. The folder then holds the public key
(recipient.txt) and the secret one, itself locked with the pass phrase (identity.age, as age's own tools make
it); a session reads the first only. A pass phrase is never stored, logged, or passed on a command line. A
forgotten one cannot be replaced.
"""

from __future__ import annotations

import os
from typing import Any

from voice_coach.errors import RunError, SetupError
from voice_coach.notes.folder import Folder

RECIPIENT = "recipient.txt"
IDENTITY = "identity.age"
OWN_FILES = frozenset({RECIPIENT, IDENTITY})
SHORTEST_PASS_PHRASE = 8
_LARGEST_KEY_FILE = 4096


class WrongPassPhrase(RunError):
    """The secret key did not open."""


class Seal:
    """The keys in one notes folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    @property
    def is_set(self) -> bool:
        """Whether notes are to be sealed: either key file is enough, so that losing one opens nothing."""
        return any(os.path.lexists(self._folder.path / name) for name in OWN_FILES)

    def close(self, data: bytes) -> bytes:
        """Seal bytes with the public key. Raises RunError when there is none: nothing goes unsealed."""
        age = _age()
        try:
            text = self._folder.read(RECIPIENT, _LARGEST_KEY_FILE).decode("ascii").strip()
            recipient = age.x25519.Recipient.from_str(text)
        except (OSError, ValueError, age.RecipientError) as problem:
            raise RunError(
                f"Notes are sealed, but the public key {self._folder.path / RECIPIENT} cannot be used, so "
                "nothing is kept; put it back from a copy, or run: voice-coach notes unseal"
            ) from problem
        return bytes(age.encrypt(data, [recipient]))

    def make(self, pass_phrase: str) -> None:
        """Make the two keys. From the moment the public one is there, every note is sealed."""
        age = _age()
        identity = age.x25519.Identity.generate()
        self._folder.replace(IDENTITY, _locked(identity, pass_phrase))
        self._folder.replace(RECIPIENT, f"{identity.to_public()}\n".encode("ascii"))

    def open(self, pass_phrase: str) -> Any:
        """The secret key. Raises WrongPassPhrase, RunError when the key file is gone or spoilt."""
        age = _age()
        try:
            locked = self._folder.read(IDENTITY, _LARGEST_KEY_FILE)
        except (OSError, ValueError) as problem:
            raise RunError(
                f"The secret key {self._folder.path / IDENTITY} is not there, so sealed notes cannot be "
                "opened; put it back from a copy."
            ) from problem
        try:
            text = bytes(age.passphrase.decrypt(locked, pass_phrase)).decode("ascii")
            secret = next(line for line in text.splitlines() if line.startswith("AGE-SECRET-KEY-"))
            identity = age.x25519.Identity.from_str(secret)
        except (age.DecryptError, age.IdentityError, ValueError, StopIteration) as problem:
            raise WrongPassPhrase("That pass phrase does not open the notes.") from problem
        self.check(identity)
        return identity

    def change(self, identity: Any, pass_phrase: str) -> None:
        """Lock the same secret key with another pass phrase: every note stays as it is."""
        self._folder.replace(IDENTITY, _locked(identity, pass_phrase))
        self._folder.replace(RECIPIENT, f"{identity.to_public()}\n".encode("ascii"))

    def remove(self) -> None:
        """Take both keys away, the public one first: nothing may be sealed for a key that is gone."""
        self._folder.remove(RECIPIENT)
        self._folder.remove(IDENTITY)

    def check(self, identity: Any) -> None:
        """Raise RunError when the public key is not this one's: new notes would be open to somebody else."""
        try:
            text = self._folder.read(RECIPIENT, _LARGEST_KEY_FILE).decode("ascii").strip()
        except (OSError, ValueError):
            return
        if text != str(identity.to_public()):
            raise RunError(
                f"The public key {self._folder.path / RECIPIENT} is not the one of your secret key: somebody "
                "may have changed it, and notes kept since then open for them. Remove that file and run: "
                "voice-coach notes seal --change"
            )


def unsealed(data: bytes, identity: Any) -> bytes:
    """The bytes of a sealed note. Raises ValueError when it is damaged or sealed for another key."""
    age = _age()
    try:
        return bytes(age.decrypt(data, [identity]))
    except age.DecryptError as problem:
        raise ValueError("it is damaged, or sealed with another key") from problem


def check_pass_phrase(pass_phrase: str) -> None:
    """Raise SetupError for one that is no protection."""
    if len(pass_phrase) < SHORTEST_PASS_PHRASE:
        raise SetupError(
            f"A pass phrase needs at least {SHORTEST_PASS_PHRASE} characters; a few words that belong "
            "together only for you are good."
        )


def _locked(identity: Any, pass_phrase: str) -> bytes:
    return bytes(_age().passphrase.encrypt(f"{identity}\n".encode("ascii"), pass_phrase))


def _age() -> Any:
    try:
        import pyrage
    except ImportError as problem:
        raise SetupError(
            "Sealed notes need the Python package pyrage, which is not installed here."
        ) from problem
    return pyrage
