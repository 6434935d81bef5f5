"""Shows how much was walked at the end of every run, not only where a test failed."""

from __future__ import annotations

import pytest
from walk import WALKED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if WALKED:
        terminalreporter.section("walked")
    for line in WALKED:
        terminalreporter.write_line(line)
