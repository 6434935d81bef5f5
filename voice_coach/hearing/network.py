"""A network in a file, run by onnxruntime on one thread: it listens beside a conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voice_coach.errors import SetupError


def open_network(file: Path) -> Any:
    """An onnxruntime.InferenceSession. Raises SetupError where the file is missing or broken."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # Its many kinds of error have no nearer base in common.
        raise SetupError(
            f"The file {file} of the second ear is missing or broken: install voice-coach and its packages"
            " again, or listen without it with --second-ear off."
        ) from fault
