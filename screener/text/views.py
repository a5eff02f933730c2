"""Further readings of a folded text, each only where its trigger is met. (interim; the author of screener/text may overwrite)"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, Final

from screener.text.normalise import View
from screener.text.numbers import digit_view
from screener.text.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["further"]

_RUN = re.compile(r"([^\W\d_])\1{2,}")
_LEET_TOKEN = re.compile(r"[a-z0-9@$!|+€]{3,40}")
_LEET = str.maketrans("01345789@$!|+€", "oieastbgasiite")
_LEET_L = str.maketrans("1!|", "lll")
_LEET_SIGNS = frozenset("013456789@$!|+€")
_SEPARATORS: Final = r" .\-_*·•~'`/|^,:;+=\\\u2022\u30fb\u2219\u25cf\u25cb\u2605\u2606\u2764\u2665\U0001f300-\U0001faff"
_LETTER: Final = r"[^\W\d_]"
_CJK: Final = r"[\u3400-\u9fff]"
_SINGLES = re.compile(rf"(?<![^\W_])[^\W_](?:[{_SEPARATORS}]{{1,3}}[^\W_](?![^\W_])){{2,40}}")
_CJK_SINGLES = re.compile(rf"(?<!{_CJK}){_CJK}(?:[{_SEPARATORS}]{{1,3}}{_CJK}(?!{_CJK}))+|{_CJK}(?:[{_SEPARATORS}]{{1,3}}{_CJK}){{2,20}}")
_JOINED = re.compile(rf"(?<={_LETTER})[.\-_*·•~'`/|^\u2764\u2665\U0001f300-\U0001faff]{{1,2}}(?={_LETTER})")


def _bare(text: str) -> str:
    return text if text.isascii() else text.translate(tables().bare)


def _compose(folded: View, name: str, text: str, kept: Iterable[int] | None) -> View:
    if kept is None:
        return View(name, text, _bare(text), folded.starts, folded.ends)
    starts, ends = array("I"), array("I")
    for offset in kept:
        start, end = folded.span(offset, offset + 1)
        starts.append(start)
        ends.append(end)
    return View(name, text, _bare(text), starts, ends)


def _without(folded: View, name: str, removed: set[int]) -> View:
    kept = [i for i in range(len(folded.text)) if i not in removed]
    return _compose(folded, name, "".join(folded.text[i] for i in kept), kept)


def _as_letters(token: str, first: dict[int, str]) -> str:
    signs = sum(char in _LEET_SIGNS for char in token)
    if not signs or signs > len(token) // 2:
        return token
    core = token.rstrip("!+")
    return core.translate(first).translate(_LEET) + token[len(core) :]


def further(text: str, folded: View) -> tuple[View, ...]:
    """Further readings of ``folded``; spans refer to the original."""
    source = folded.text
    views: list[View] = []
    if removed := {i for run in _RUN.finditer(source) for i in range(run.start() + 1, run.end())}:
        views.append(_without(folded, "collapsed", removed))
    if not _LEET_SIGNS.isdisjoint(source):
        changed = {_LEET_TOKEN.sub(lambda m, f=f: _as_letters(m.group(), f), source) for f in ({}, _LEET_L)}
        views.extend(_compose(folded, "leet", c, None) for c in sorted(changed) if c != source)
    removed = set()
    for pattern in (_SINGLES, _CJK_SINGLES):
        for match in pattern.finditer(source):
            removed |= {i for i in range(match.start(), match.end()) if not source[i].isalnum()}
    if removed:
        views.append(_without(folded, "squeezed", removed))
    if removed := {i for match in _JOINED.finditer(source) for i in range(match.start(), match.end())}:
        views.append(_without(folded, "joined", removed))
    if (digits := digit_view(folded)) is not None:
        views.append(digits)
    return tuple(views)
