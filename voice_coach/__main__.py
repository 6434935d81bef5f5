"""The one way in and the one way out: a command line in, an exit code out.

Every failure becomes one sentence here: 2 for bad usage or configuration, 1 for a failure while running.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from voice_coach.cli import parse
from voice_coach.core_dumps import forbid_core_dumps
from voice_coach.errors import RunError, SetupError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    forbid_core_dumps()
    try:
        code: int = options.run(options)
    except SetupError as fault:
        print(f"voice-coach: {fault}", file=sys.stderr)
        return 2
    except RunError as fault:
        print(f"voice-coach: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
