"""The screeners that answer requests, and how they follow a change of lexicons and packs.

Each load works on a copy of the rule files, so that what answers never changes under a request: a new engine is
built beside the old one, and takes over only when everything in it could be read.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from screener.detect.lexicon.registry import PRECOMPILED
from screener.pipeline import Screener
from screener.policy.packs import get_pack, list_packs
from screener.resources import resource_dir

if TYPE_CHECKING:
    from screener.api.settings import Settings

__all__ = ["LOCALES", "Engine", "Engines"]

LOCALES: Final = ("en", "zh")
_SCREENERS: Final = 512


class Engine:
    """One state of the rules, ready to answer.

    Args:
        settings: of the service.
        lexicons: folder of this state; so is ``policies``.
        number: how many states there were before.

    Raises:
        ScreenerError: E301, E302 or E304 when a file is wrong, E305 when the classifier cannot be used.

    """

    def __init__(self, settings: Settings, lexicons: Path, policies: Path, number: int) -> None:
        self.settings = settings
        self.number = number
        self.lexicons = lexicons
        self.policies = policies
        self._screener = lru_cache(maxsize=_SCREENERS)(self._make)
        today = dt.datetime.now(dt.UTC).date()
        for pack in list_packs(policies):
            marketplace, _, region = pack.partition("/")
            get_pack(marketplace, region, today, folder=policies)
        # The first request must not wait for the encoder.
        first = self.screener()
        first.check("warm up: is it all right to send this?")
        self.versions = first.versions()
        self.rules_of = first.as_of.isoformat()

    def screener(
        self,
        region: str | None = None,
        marketplace: str | None = None,
        locale: str | None = None,
        *,
        as_of: dt.date | None = None,
        languages: tuple[str, ...] = (),
    ) -> Screener:
        """The screener for a place; kept, because building one takes longer than a message.

        Raises:
            ScreenerError: E304 for an unknown marketplace or region.

        """
        day = as_of or dt.datetime.now(dt.UTC).date()
        chosen = (region or self.settings.region, marketplace or self.settings.marketplace)
        return self._screener(*chosen, locale or self.settings.locale, day, languages)

    def _make(self, region: str, marketplace: str, locale: str, day: dt.date, languages: tuple[str, ...]) -> Screener:
        return Screener(
            region,
            marketplace,
            as_of=day,
            locale=locale,
            languages=languages,
            lexicons=self.lexicons,
            policies=self.policies,
            classifier=self.settings.classifier,
        )


class Engines:
    """The engine in use and the copies of rule files that it and its forerunner read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sources = (settings.lexicons or resource_dir("lexicons"), settings.policies or resource_dir("policies"))
        self.refused: str | None = None
        """Why the last change was not taken over; names file and line."""
        self._room = tempfile.TemporaryDirectory(prefix="screener-rules-")
        self._folders: list[Path] = []
        self._made = 0
        self.current = self._build(keep_compiled=True)

    def _build(self, *, keep_compiled: bool) -> Engine:
        self._made += 1
        folder = Path(self._room.name) / str(self._made)
        # The compiled form in an installed package belongs to the files that it came with.
        unless = shutil.ignore_patterns("*.md", *(() if keep_compiled else (PRECOMPILED,)))
        try:
            for name, source in zip(("lexicons", "policies"), self.sources, strict=True):
                shutil.copytree(source, folder / name, ignore=unless)
            engine = Engine(self.settings, folder / "lexicons", folder / "policies", self._made)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._folders.append(folder)
        return engine

    def reload(self) -> Engine:
        """Take over what the files say now. On any error the engine in use stays, and the error is raised."""
        fresh = self._build(keep_compiled=False)
        self.current, self.refused = fresh, None
        # The engine before this one may still answer; the one before that cannot.
        for folder in self._folders[:-2]:
            shutil.rmtree(folder, ignore_errors=True)
        del self._folders[:-2]
        return fresh

    def close(self) -> None:
        """Remove the copies."""
        self._room.cleanup()
