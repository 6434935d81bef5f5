"""The two ways a command can fail, each one sentence: what is wrong, where, what to do."""

from __future__ import annotations


class SetupError(Exception):
    """Bad usage or configuration: printed as one sentence, exit code 2.

    `notice` names a line of the pack to be spoken too, where the person is listening.
    """

    def __init__(self, sentence: str, *, notice: str = "") -> None:
        super().__init__(sentence)
        self.notice = notice


class RunError(Exception):
    """Something failed while running: printed as one sentence, exit code 1."""

    def __init__(self, sentence: str, *, notice: str = "") -> None:
        super().__init__(sentence)
        self.notice = notice
