"""Starts the real server process that a user would start."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path


class Server:
    """``screener serve`` on a free port; what it logs is kept in ``log``."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-c", "from screener.cli.main import main; main()", "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._lines: list[str] = []
        self._grown = threading.Condition()
        threading.Thread(target=self._collect, daemon=True).start()
        found = self.wait_for(r"listens on (http://\S+:(\d+))", 60)
        self.address, self.port = found[1], int(found[2])

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._grown:
                self._lines.append(line)
                self._grown.notify_all()
        with self._grown:
            self._lines.append("(end)")
            self._grown.notify_all()

    @property
    def log(self) -> str:
        return "".join(self._lines)

    def wait_for(self, pattern: str, seconds: float) -> re.Match[str]:
        """The first line of the log that matches."""
        with self._grown:
            ok = self._grown.wait_for(lambda: re.search(pattern, self.log) or "(end)" in self._lines, seconds)
        found = re.search(pattern, self.log)
        if not ok or found is None:
            self.process.kill()
            raise AssertionError(f"the server never said {pattern!r}: {self.log}")
        return found

    def stop(self, sign: int = signal.SIGTERM, seconds: float = 20) -> int:
        self.process.send_signal(sign)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
