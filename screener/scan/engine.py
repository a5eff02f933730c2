"""Run batches through worker processes: results in order, bounded queues, killed workers replaced."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from screener.errors import ScreenerError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from screener.pipeline import Screener

__all__ = ["Settings", "run_batches"]

_AHEAD_PER_WORKER: Final = 2
_MAX_REBUILDS: Final = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker needs to build its screener; part of the fingerprint of a run."""

    region: str
    marketplace: str
    as_of: dt.date
    locale: str = "en"
    languages: tuple[str, ...] = ()
    detector: str = "eldc"
    classifier: bool = True

    def screener(self) -> Screener:
        """A screener with these settings."""
        from screener.pipeline import Screener

        return Screener(
            self.region,
            self.marketplace,
            as_of=self.as_of,
            locale=self.locale,
            languages=self.languages,
            detector=self.detector,
            classifier=self.classifier,
        )


_screener: Screener | None = None


def _watch_parent(parent: int) -> None:
    """End this worker when the run that started it has been killed: nobody else would."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _start(settings: Settings, parent: int) -> None:
    global _screener
    import signal

    # Ctrl-C goes to the whole group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    _screener = settings.screener()


def pack(batch: pa.RecordBatch) -> bytes:
    """A batch as Arrow IPC bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def unpack(raw: bytes) -> pa.RecordBatch:
    """The inverse of :func:`pack`."""
    with pa.ipc.open_stream(raw) as reader:
        return reader.read_next_batch()


def _work(raw: bytes) -> bytes:
    from screener.scan.batch import screen_batch

    assert _screener is not None
    return pack(screen_batch(unpack(raw), _screener))


def _here(batches: Iterable[tuple[int, pa.RecordBatch]], settings: Settings) -> Iterator[tuple[int, bytes]]:
    from screener.scan.batch import screen_batch

    screener = settings.screener()
    for number, batch in batches:
        yield number, pack(screen_batch(batch, screener))


def run_batches(
    batches: Iterable[tuple[int, pa.RecordBatch]], settings: Settings, *, workers: int
) -> Iterator[tuple[int, bytes]]:
    """Screen numbered batches; yields ``(number, findings as Arrow IPC bytes)`` in the order given.

    With one worker the work is done in this process. At most two batches a worker wait, so memory does not
    depend on the size of the input.

    Raises:
        ScreenerError: E403 when workers keep dying.

    """
    if workers <= 1:
        yield from _here(batches, settings)
        return
    waiting: deque[tuple[int, bytes, Future[bytes]]] = deque()
    source = iter(batches)
    rebuilds = 0
    pool = _pool(settings, workers)
    try:
        exhausted = False
        while waiting or not exhausted:
            try:
                while not exhausted and len(waiting) < workers * (1 + _AHEAD_PER_WORKER):
                    item = next(source, None)
                    if item is None:
                        exhausted = True
                        break
                    raw = pack(item[1])
                    waiting.append((item[0], raw, _submit(pool, raw)))
                if not waiting:
                    break
                number, _, future = waiting[0]
                result = future.result()
            except BrokenProcessPool:
                rebuilds += 1
                if rebuilds > _MAX_REBUILDS:
                    raise ScreenerError(
                        "E403",
                        path="the results",
                        reason=f"worker processes died {rebuilds} times (out of memory?)",
                    ) from None
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(settings, workers)
                waiting = deque((n, raw, _submit(pool, raw)) for n, raw, _ in waiting)
                continue
            waiting.popleft()
            yield number, result
    finally:
        for _, _, future in waiting:
            future.cancel()
        pool.shutdown(wait=False, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, raw: bytes) -> Future[bytes]:
    try:
        return pool.submit(_work, raw)
    except BrokenProcessPool as error:
        broken: Future[bytes] = Future()
        broken.set_exception(error)
        return broken


def _pool(settings: Settings, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_start, initargs=(settings, os.getpid())
    )
