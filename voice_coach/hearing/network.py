"""A network in a file, run by onnxruntime on one thread: it listens beside a conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def open_network(file: Path) -> Any:
    """An onnxruntime.InferenceSession. Raises what onnxruntime raises for a broken file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
