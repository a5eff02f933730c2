"""Running a command with its time and memory taken."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["run"]


def _tree(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    except OSError:
        pass
    return found


def _memory(pid: int) -> int:
    """Bytes of memory of a process and its children; shared pages count in each (Linux only)."""
    total = 0
    for each in _tree(pid):
        try:
            total += int(Path(f"/proc/{each}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return total


def run(command: list[str], interrupt: Callable[[], bool] = lambda: False) -> dict[str, float]:
    """``seconds`` and ``peak_mb`` (of all its processes together) of a command; killed once ``interrupt`` says so."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        if interrupt():
            process.send_signal(signal.SIGKILL)
            process.wait()
        time.sleep(0.1)
    return {"seconds": time.perf_counter() - started, "peak_mb": peak / 2**20, "exit": process.returncode}
