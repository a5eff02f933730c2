"""Ways in which people spoil text, applied to training messages only; marks move with their characters."""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import TYPE_CHECKING

from models.dataset import Item, Mark

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

__all__ = ["augment"]

_EMOJI = "😅😂🙏😭👍🥲😊❤️😡🤔✅🔥😒🥹🙄💔👌🥰😤"
_SEPARATORS = ".-_ *·/"
ALONE_SHARE = 0.2
_BARE = 12
# Characters of a text, each with the marks that cover it.
_Cells = list[tuple[str, frozenset[int]]]


def _typo(cells: _Cells, rng: random.Random) -> _Cells:
    """Swap, drop or double a few letters."""
    out = list(cells)
    for _ in range(max(1, len(out) // 40)):
        at = rng.randrange(len(out))
        if not out[at][0].isalpha():
            continue
        action = rng.random()
        if action < 0.35 and at + 1 < len(out) and out[at + 1][0].isalpha():
            out[at], out[at + 1] = out[at + 1], out[at]
        elif action < 0.7 and len(out) > 8:
            del out[at]
        else:
            out.insert(at, out[at])
    return out


def _bare(cells: _Cells, _: random.Random) -> _Cells:
    """Drop accents of Latin letters, as on a foreign keyboard."""
    out: _Cells = []
    for character, marks in cells:
        bare = unicodedata.normalize("NFD", character)[:1] if character.isalpha() else character
        bare = {"đ": "d", "Đ": "D", "ß": "s", "ø": "o", "ı": "i"}.get(character, bare)
        out.append((bare if bare.isascii() else character, marks))
    return out


def _case(cells: _Cells, rng: random.Random) -> _Cells:
    change: Callable[[str], str] = str.lower if rng.random() < 0.75 else str.upper
    return [(changed if len(changed := change(c)) == 1 else c, marks) for c, marks in cells]


def _bare_of_marks(cells: _Cells, _: random.Random) -> _Cells:
    """Drop sentence marks, question marks too: many chat without any."""
    kept = [(c, m) for c, m in cells if c not in ",.!。,!،;；"]
    return kept or cells


def _emoji(cells: _Cells, rng: random.Random) -> _Cells:
    at = len(cells) if rng.random() < 0.7 else 0
    icons = [(c, frozenset[int]()) for c in rng.choice(_EMOJI) * rng.choice((1, 1, 2, 3))]
    return cells[:at] + icons + cells[at:]


def _stretch(cells: _Cells, rng: random.Random) -> _Cells:
    at = rng.randrange(len(cells))
    if not cells[at][0].isalpha() or cells[at][0].isascii() is False:
        return cells
    return cells[:at] + [cells[at]] * rng.randint(2, 4) + cells[at + 1 :]


def _spread(cells: _Cells, rng: random.Random) -> _Cells:
    """Put separators between the letters of one marked word: ``w.h.a.t.s``."""
    marked = [i for i, (c, m) in enumerate(cells) if m and c.isalnum()]
    if not marked:
        return cells
    start = rng.choice(marked)
    while start and cells[start - 1][0].isalnum() and cells[start - 1][0].isascii():
        start -= 1
    end = start
    while end < len(cells) and end - start < 12 and cells[end][0].isalnum() and cells[end][0].isascii():
        end += 1
    if end - start < 3:
        return cells
    sign = rng.choice(_SEPARATORS)
    out = cells[:start]
    for i in range(start, end):
        out.append(cells[i])
        if i + 1 < end:
            out.append((sign, cells[i][1]))
    return out + cells[end:]


def _alone(item: Item, rng: random.Random) -> Item:
    """One marked clause of ``item`` by itself: by definition (docs/labels.md, Span) it asserts its labels alone."""
    chosen = rng.choice(item.marks)
    marks = tuple(
        Mark(mark.label, 0, mark.end - mark.start)
        for mark in item.marks
        if (mark.start, mark.end) == (chosen.start, chosen.end)
    )
    text = item.text[chosen.start : chosen.end]
    # A bare answer lives by its question; a whole clause stands without.
    context = item.context if len(text) < _BARE else ()
    return dataclasses.replace(item, kind="standing", text=text, marks=marks, context=context)


def augment(item: Item, rng: random.Random) -> Item:
    """``item`` as it is, or one clause of it, or spoilt in one to three ways."""
    if item.marks and rng.random() < ALONE_SHARE:
        item = _alone(item, rng)
    if rng.random() < 0.4 or len(item.text) < 6:
        return item
    ways = [_typo, _case, _bare_of_marks, _emoji, _stretch]
    if any(unicodedata.decomposition(c) for c in item.text):
        ways.append(_bare)
    if any(mark.label in ("off_platform_contact", "off_platform_payment", "external_link") for mark in item.marks):
        ways += [_spread, _spread]
    cover = [frozenset(n for n, m in enumerate(item.marks) if m.start <= i < m.end) for i in range(len(item.text))]
    cells: _Cells = list(zip(item.text, cover, strict=True))
    for way in rng.sample(ways, k=rng.choice((1, 1, 2, 3))):
        cells = way(cells, rng)
    marks: list[Mark] = []
    for number, mark in enumerate(item.marks):
        places = [i for i, (_, m) in enumerate(cells) if number in m]
        if not places:
            return item
        marks.append(Mark(mark.label, places[0], places[-1] + 1))
    return dataclasses.replace(item, text="".join(c for c, _ in cells), marks=tuple(marks))
