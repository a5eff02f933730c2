"""What all routes share: the engine, the threads that screen, and the watch over rule files."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from screener.api.engine import Engine, Engines
from screener.api.keys import KeyFile
from screener.api.metrics import Metrics
from screener.api.problems import Problem
from screener.errors import ScreenerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from screener.api.settings import Settings

__all__ = ["LOG", "Service"]

T = TypeVar("T")
LOG = logging.getLogger("screener.api")


class Service:
    """One running service."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.keys = None if settings.keys is None else KeyFile(settings.keys)
        self._engines = Engines(settings)
        self.metrics.generation.set(self.engine.number)
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="screen")
        self._waiting = 0
        self._stop = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None

    @property
    def engine(self) -> Engine:
        """The engine that answers now."""
        return self._engines.current

    @property
    def refused(self) -> str | None:
        """Why the last change of rules was not taken over."""
        return self._engines.refused

    async def start(self) -> None:
        """Begin to watch the rule files."""
        if self.settings.watch:
            self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Finish what was accepted, then let go of everything."""
        self._stop.set()
        if self._watcher is not None:
            await self._watcher
        await asyncio.to_thread(self._threads.shutdown)
        self._engines.close()

    async def run(self, work: Callable[[Engine], T], *, timeout: float | None = None) -> T:
        """Do ``work`` in a thread.

        Raises:
            Problem: 503 when too much waits already or the answer takes too long.

        """
        if self._waiting >= self.settings.waiting + self.settings.workers:
            raise Problem(503, "the service is busy", "try again in a moment", {"Retry-After": "1"})
        self._waiting += 1
        self.metrics.waiting.set(self._waiting)
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, self.engine)
        # A thread cannot be stopped: the place is free only when it is done, also when nobody waits any more.
        future.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(future), timeout or self.settings.timeout)
        except TimeoutError:
            raise Problem(
                503, "this took too long", "send less at once, or use `screener scan`", {"Retry-After": "5"}
            ) from None

    def _done(self, future: asyncio.Future[Any]) -> None:
        self._waiting -= 1
        self.metrics.waiting.set(self._waiting)
        if not future.cancelled():
            future.exception()  # seen: nothing may be logged of it that could hold text

    async def reload(self) -> None:
        """Take over changed rule files; a broken one keeps the rules in use and says why."""
        try:
            engine = await asyncio.to_thread(self._engines.reload)
        except (ScreenerError, OSError) as error:
            reason = str(error) if isinstance(error, ScreenerError) else type(error).__name__
            self._engines.refused = reason
            self.metrics.reload_failures.inc()
            LOG.warning("rules not reloaded, the old ones stay: %s", reason)
            return
        self.metrics.generation.set(engine.number)
        LOG.info("rules reloaded, generation %d", engine.number)

    async def _watch(self) -> None:
        from watchfiles import awatch

        async for _ in awatch(*self._engines.sources, stop_event=self._stop, step=100, debounce=400):
            await self.reload()
