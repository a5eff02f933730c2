"""The pattern language of lexicons: ``{invite} ..3 (my|our)? {messenger}``.

A pattern is parsed into items; optional items are expanded, so that matching only knows rows of
required items with a largest gap before each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

__all__ = [
    "SLOTS",
    "STRONG_SLOTS",
    "WEAK_SLOTS",
    "Item",
    "PatternError",
    "Ref",
    "parse_pattern",
    "parse_reference",
    "spellings",
]

STRONG_SLOTS: Final = ("phone", "email", "link", "contact_link", "carrier_link", "account", "card")
"""Kinds of things that may matter on their own."""
WEAK_SLOTS: Final = ("handle", "word", "number", "amount")
"""Kinds that mean nothing alone: a pattern must name something else beside them."""
SLOTS: Final = (*STRONG_SLOTS, *WEAK_SLOTS)
"""What patterns may name as ``<phone>``; found by ``screener.detect.contacts``."""

_MAX_OPTIONAL = 4
_MAX_VARIANTS = 64
_MAX_SPELLINGS = 5_000
_TOKEN = re.compile(
    r"\s*(?:\.\.(?P<gap>\d{1,2})(?=\s|$)"
    r"|\{(?P<set>[a-z0-9_]+)\}(?P<sq>\??)"
    r"|<(?P<slot>[a-z_]+)>(?P<lq>\??)"
    r"|\((?P<alt>[^()]*)\)(?P<aq>\??)"
    r"|(?P<word>[^\s{}()<>|]+))"
)


class PatternError(ValueError):
    """The pattern cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Ref:
    """What an item matches: a named set, a slot, or phrases."""

    set: str | None = None
    slot: str | None = None
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One required item; ``gap`` is the number of units that may stand before it (0: punctuation only)."""

    ref: Ref
    gap: int = 0


def _slot(name: str) -> Ref:
    if name not in SLOTS:
        raise PatternError(f"unknown slot <{name}>; there are {', '.join(SLOTS)}")
    return Ref(slot=name)


def parse_reference(text: str) -> Ref:
    """Read one entry of a condition's ``any``: a ``{set}``, a ``<slot>`` or a phrase.

    Raises:
        PatternError: when the text is empty or names an unknown slot.

    """
    text = text.strip()
    if match := re.fullmatch(r"\{([a-z0-9_]+)\}", text):
        return Ref(set=match.group(1))
    if match := re.fullmatch(r"<([a-z_]+)>", text):
        return _slot(match.group(1))
    if not text:
        raise PatternError("an empty phrase")
    return Ref(phrases=(text,))


def parse_pattern(text: str) -> tuple[tuple[Item, ...], ...]:
    """Parse a pattern; returns its variants, one for each choice of optional items.

    Raises:
        PatternError: with the reason.

    """
    raw: list[tuple[tuple[Ref, ...], int, bool]] = []
    words: list[str] = []
    gap = 0
    pending_gap = 0

    def flush() -> None:
        nonlocal pending_gap
        if words:
            raw.append(((Ref(phrases=(" ".join(words),)),), pending_gap, False))
            words.clear()
            pending_gap = 0

    position = 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            raise PatternError(f"cannot read the pattern from {text[position : position + 12]!r} on")
        position = match.end()
        if match["word"] is not None:
            if not words:
                pending_gap = gap
                gap = 0
            words.append(match["word"])
            continue
        flush()
        if match["gap"] is not None:
            if not raw:
                raise PatternError("a pattern cannot begin with a gap")
            gap = int(match["gap"])
            continue
        if match["set"] is not None:
            raw.append(((Ref(set=match["set"]),), gap, bool(match["sq"])))
        elif match["slot"] is not None:
            raw.append(((_slot(match["slot"]),), gap, bool(match["lq"])))
        else:
            raw.append((_alternatives(match["alt"]), gap, bool(match["aq"])))
        gap = 0
    flush()
    if gap:
        raise PatternError("a pattern cannot end with a gap")
    return _expand(raw)


def spellings(phrase: str) -> list[str]:
    """All spellings of a set member: ``w(a|o)t(s|)ap`` stands for watsap, watap, wotsap and wotap.

    Raises:
        PatternError: when the parentheses are not paired or there are more than 5,000 spellings.
    """
    if "(" not in phrase:
        return [phrase]
    parts = re.split(r"\(([^()]*)\)", phrase)
    if any("(" in part or ")" in part for part in parts):
        raise PatternError(f"parentheses are not paired in {phrase!r}")
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    if prod(map(len, choices)) > _MAX_SPELLINGS:
        raise PatternError(f"more than {_MAX_SPELLINGS} spellings in {phrase!r}")
    return ["".join(choice) for choice in product(*choices)]


def _alternatives(text: str) -> tuple[Ref, ...]:
    """What stands between ``(`` and ``)``: all phrases as one reference, each set and slot as its own."""
    refs = [parse_reference(each) for each in text.split("|")]
    phrases = tuple(phrase for ref in refs for phrase in ref.phrases)
    others = tuple(ref for ref in refs if not ref.phrases)
    return (Ref(phrases=phrases), *others) if phrases else others


def _expand(raw: list[tuple[tuple[Ref, ...], int, bool]]) -> tuple[tuple[Item, ...], ...]:
    optional = [i for i, (_, _, maybe) in enumerate(raw) if maybe]
    if not raw or len(optional) == len(raw):
        raise PatternError("a pattern needs an item that is not optional")
    if len(optional) > _MAX_OPTIONAL:
        raise PatternError(f"more than {_MAX_OPTIONAL} optional items")
    # None stands for an optional item that is left out.
    choices = [(*refs, None) if maybe else refs for refs, _, maybe in raw]
    if prod(map(len, choices)) > _MAX_VARIANTS:
        raise PatternError(f"more than {_MAX_VARIANTS} variants; write several patterns")
    variants: dict[tuple[Item, ...], None] = {}
    for choice in product(*choices):
        items: list[Item] = []
        carried = 0
        for ref, (_, gap, _) in zip(choice, raw, strict=True):
            if ref is None:
                carried = max(carried, gap)
                continue
            items.append(Item(ref, max(gap, carried) if items else 0))
            carried = 0
        variants[tuple(items)] = None
    return tuple(variants)
