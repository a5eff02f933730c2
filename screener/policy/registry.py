"""Which pack is used for a marketplace and region. The only part of ``policy`` that reads files by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from screener.errors import RuleError, ScreenerError
from screener.policy.loader import PackFile, read_chain, read_pack, resolve
from screener.policy.pack import RulePack
from screener.policy.schema import RegionsForm, Text
from screener.resources import resource_dir
from screener.yamlfile import convert, parse

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from screener.policy.loader import Held
    from screener.policy.schema import MarketplaceForm, RegionForm

__all__ = ["BASE", "GENERIC", "Regions", "get_pack", "list_packs", "pack_folder", "regions", "reload"]

GENERIC = "generic"
"""The marketplace whose packs hold what is the same everywhere in a region."""

BASE = "GLOBAL"
"""The region that is the root of all regions."""


@dataclass(frozen=True, slots=True)
class Regions:
    """The tree of regions and the names of marketplaces (``policies/regions.yaml``)."""

    regions: dict[str, RegionForm]
    parents: dict[str, str]
    marketplaces: dict[str, MarketplaceForm]
    aliases: dict[str, str]
    marketplace_aliases: dict[str, str]
    countries: frozenset[str]

    def region(self, name: str) -> str | None:
        """The code of a region by any of its names, in any case; ``None`` when there is no such region."""
        code = re.sub(r"[\s-]+", "_", name.strip()).upper()
        code = self.aliases.get(code, code)
        known = code in self.regions or code in self.parents or code in self.countries
        return code if known else None

    def path(self, code: str) -> tuple[str, ...]:
        """The region and its parents up to ``GLOBAL``."""
        steps = [code]
        while (parent := self.parents.get(steps[-1])) is not None:
            steps.append(parent)
        if steps[-1] != BASE:
            steps.append(BASE)
        return tuple(steps)

    def marketplace(self, name: str) -> str | None:
        """The code of a marketplace by any of its names; ``None`` when there is no such marketplace."""
        code = re.sub(r"[\s-]+", "_", name.strip()).lower()
        code = self.marketplace_aliases.get(code, code)
        return code if code in self.marketplaces else None


def pack_folder(folder: Path | None = None) -> Path:
    """The folder of packs: ``folder``, or the packs that come with the package."""
    return folder if folder is not None else resource_dir("policies")


@lru_cache(maxsize=8)
def _regions(folder: Path) -> Regions:
    path = folder / "regions.yaml"
    try:
        document = parse(path.read_text(encoding="utf-8"), path)
    except OSError as error:
        raise ScreenerError("E101", path=path, reason=error.strerror or "it cannot be opened") from None
    form = convert(document, document.data, RegionsForm)
    parents: dict[str, str] = {}
    for code, region in form.regions.items():
        if region.parent is not None:
            if region.parent not in form.regions:
                raise document.error(
                    f"unknown parent {region.parent}", "add it to `regions`", "regions", code, "parent"
                )
            parents[code] = region.parent
        parents.update((member, code) for member in region.members.split() if member not in form.regions)
    for code in form.regions:
        seen = {code}
        step = code
        while (step := parents.get(step, "")) != "":
            if step in seen:
                raise document.error(f"{code} is its own parent", "break the circle", "regions", code, "parent")
            seen.add(step)
    return Regions(
        regions=form.regions,
        parents=parents,
        marketplaces=form.marketplaces,
        aliases=form.aliases,
        marketplace_aliases={alias: code for code, m in form.marketplaces.items() for alias in m.aliases},
        countries=frozenset(form.countries.split()),
    )


def regions(folder: Path | None = None) -> Regions:
    """The tree of regions of ``folder`` (default: the package's own).

    Raises:
        ScreenerError: E101 when ``regions.yaml`` is missing, E301 when it is wrong.

    """
    return _regions(pack_folder(folder))


def list_packs(folder: Path | None = None) -> tuple[str, ...]:
    """The ids of all pack files, sorted; no file is read."""
    root = pack_folder(folder)
    return tuple(sorted(f"{path.parent.name}/{path.stem}" for path in root.glob("*/*.yaml")))


def _nearest(root: Path, marketplace: str, path: tuple[str, ...]) -> str | None:
    """The id of the first pack on the way from a region to ``GLOBAL``."""
    for code in path:
        if (root / marketplace / f"{code.lower()}.yaml").is_file():
            return f"{marketplace}/{code.lower()}"
    return None


def _layer(known: Regions, pack_id: str) -> tuple[int, bool]:
    marketplace, _, code = pack_id.partition("/")
    return len(known.path(code.upper())), marketplace != GENERIC


def _fallback(asked: str, pack: str, regional: str) -> Text:
    """Say which pack stands in, and where the rules for the region come from when it does not have them."""
    apart = regional.partition("/")[2] != pack.partition("/")[2]
    extra_en = f", with the rules for the region of {regional}" if apart else ""
    extra_zh = f"，并采用 {regional} 的地区规则" if apart else ""
    return Text(
        en=f"There is no pack {asked}; {pack} is used{extra_en}.",
        zh=f"没有规则包 {asked}，改用 {pack}{extra_zh}。",
    )


# Packs of one marketplace share most of their files.
_read = lru_cache(maxsize=256)(read_pack)


@lru_cache(maxsize=128)
def _pack(root: Path, marketplace: str, region: str) -> RulePack:
    path = _regions(root).path(region)
    regional = _nearest(root, GENERIC, path)
    own = _nearest(root, marketplace, path)
    if regional is None or own is None:
        raise RuleError("E304", marketplace=marketplace, region=region)
    chain: list[PackFile] = read_chain(root, regional, _read)
    if own != regional:
        have = {pack.id for pack in chain}
        chain += [pack for pack in read_chain(root, own, _read) if pack.id not in have]
        # A country's rule outranks one for everywhere, whichever of the two is the marketplace's; for the same
        # region the marketplace's outranks the generic one.
        chain.sort(key=lambda pack: _layer(_regions(root), pack.id))
    rules: dict[str, Held[Any]] = resolve(chain)
    asked = f"{marketplace}/{region.lower()}"
    top = next(pack for pack in chain if pack.id == own)
    return RulePack(
        id=own,
        marketplace=marketplace,
        region=region,
        title=top.form.title,
        layers=tuple(pack.id for pack in chain),
        rules=tuple(rules.values()),
        fallback=None if own == asked else _fallback(asked, own, regional),
        about=top.form.about,
    )


def get_pack(marketplace: str, region: str, as_of: dt.date | None = None, *, folder: Path | None = None) -> RulePack:
    """The pack for a marketplace and region, each by any of its names.

    The marketplace's pack of the nearest region (country, then its region, then ``global``) is joined with
    the generic pack of the nearest region, which holds the channel rules and the notes on the law. Layers
    are ordered by region, widest first, and within a region the marketplace's comes last and so wins. When
    the region has no pack of its own, ``RulePack.fallback`` says so. With ``as_of`` the rules of that day
    are prepared at once; without it that happens on first use.

    Raises:
        RuleError: E304 for an unknown marketplace or region, E301 for a wrong file.

    """
    root = pack_folder(folder)
    known = _regions(root)
    marketplace_code = known.marketplace(marketplace)
    region_code = known.region(region)
    if marketplace_code is None or region_code is None:
        raise RuleError("E304", marketplace=marketplace, region=region)
    pack = _pack(root, marketplace_code, region_code)
    if as_of is not None:
        pack.at(as_of)
    return pack


def reload() -> None:
    """Forget all packs that were read, so that changed files are read anew."""
    _pack.cache_clear()
    _read.cache_clear()
    _regions.cache_clear()
