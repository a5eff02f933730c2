"""Further views of a folded message: what it says to a reader who looks past the disguise.

Each is made only where its trigger is met, so that plain chat costs a few searches and nothing else:

========== ============================================== ============================================
view       trigger                                        what changes
========== ============================================== ============================================
collapsed  a letter three times or more in a row          the run becomes one letter
doubled    the same, for Latin letters                    the run becomes two (``whatsapppp``)
leet       a word that mixes letters with digits or signs ``4 3 1 0 @ $ …`` become letters (``1`` → ``i``)
leet_l     as leet, the word has ``1 | !``                the same with ``1 | !`` → ``l``
squeezed   three or more single letters set apart         what stands between them goes
joined     letters with signs or emoji between            the signs go (``te.le.gram``, ``微❤信``)
digits     four or more number words in a row             the words become digits
========== ============================================== ============================================

Views only widen what can be *found*; whether a hit counts is decided by boundaries and rules. The
minimum of three single letters comes from a measurement on benign chat: squeezing always gave 287 false
hits, squeezing three or more gave 2.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, Final

from screener.text.normalise import View, identity
from screener.text.numbers import digit_view
from screener.text.tables import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["further"]

# Thai and Lao vowel signs and tone marks, Arabic-independent: Python counts them as no word characters.
_MARK: Final = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u3099\u309a"
_LETTER: Final = r"[^\W\d_]"
_EMOJI: Final = "\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"

# Cheap tests that most messages fail; the exact patterns run only after them.
_ANY_RUN: Final = re.compile(r"(.)\1\1")
_ANY_SIGN: Final = re.compile("[0-9@$!|+€£¥¢]")
_ANY_APART: Final = re.compile(r"[\W_][^\W_][\W_]")
_ANY_JOINT: Final = re.compile(rf"[.\-_*·•~'`/|+^{_EMOJI}][^\W\d_]")

_RUN: Final = re.compile(rf"({_LETTER})\1{{2,}}")

_LEET: Final = {
    "0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "l", "+": "t", "€": "e", "£": "l", "¥": "y", "¢": "c",
}  # fmt: skip
_LEET_L: Final = {**_LEET, "1": "l", "!": "l", "|": "i"}
# A digit or sign inside a word, one digit before three or more letters, or one after two or more.
_LEET_HINT: Final = re.compile(r"[a-z][0-9@$!|+€£¥¢]|[0-9@$!|+€£¥¢][a-z]")
_LEET_TOKEN: Final = re.compile(r"[a-z0-9@$!|+€£¥¢]+")
_LEET_SHAPE: Final = re.compile(
    r"[a-z][0-9@$!|+€£¥¢]{1,3}[a-z]|^[0-9$+@|][a-z]{3}|^[a-z]{2,}[0-9@$]$|^[a-z][0-9@$][a-z0-9]"
)

_APART_HINT: Final = re.compile(rf"(?<![^\W_])[^\W_][{_MARK}]?(?:[^\w\n{_MARK}]|_){{1,3}}[^\W_][{_MARK}]?(?![^\W_])")
_APART: Final = re.compile(
    rf"(?<![^\W_])[^\W_][{_MARK}]?(?:(?:[^\w\n{_MARK}]|_){{1,3}}[^\W_{_MARK}][{_MARK}]?(?![^\W_])){{2,}}"
)
_APART_GAP: Final = re.compile(rf"(?:[^\w{_MARK}]|_)+")

_JOINT: Final = rf"[.\-_*·•~'`/|+^{_EMOJI}]{{1,3}}"
_JOINED: Final = re.compile(rf"(?:[^\W\d_]|[{_MARK}])+(?:{_JOINT}(?:[^\W\d_]|[{_MARK}])+)+")
_JOINED_HINT: Final = re.compile(rf"(?<=[^\W\d_]|[{_MARK}]){_JOINT}(?=[^\W\d_])")
_JOINT_ONLY: Final = re.compile(_JOINT)

_Edit = tuple[int, int, str]


def _derive(base: View, name: str, edits: Sequence[_Edit]) -> View:
    """``base`` with ranges replaced; each new character stands for its whole range.

    A replacement of the same length keeps the range of each character.
    """
    starts, ends = base.starts, base.ends
    if starts is None or ends is None:
        whole = identity(len(base.text) + 1)
        starts, ends = whole[:-1], whole[1:]
    text: list[str] = []
    bare: list[str] = []
    new_starts = array("I")
    new_ends = array("I")
    done = 0
    for low, high, new in edits:
        text += (base.text[done:low], new)
        new_starts += starts[done:low]
        new_ends += ends[done:low]
        bare += (base.bare[done:low], new if new.isascii() else new.translate(tables().bare))
        if len(new) == high - low:
            new_starts += starts[low:high]
            new_ends += ends[low:high]
        else:
            new_starts.extend([starts[low]] * len(new))
            new_ends.extend([ends[high - 1]] * len(new))
        done = high
    text.append(base.text[done:])
    bare.append(base.bare[done:])
    new_starts += starts[done:]
    new_ends += ends[done:]
    return View(name, "".join(text), "".join(bare), new_starts, new_ends)


def _collapsed(folded: View) -> list[View]:
    if _ANY_RUN.search(folded.text) is None:
        return []
    runs = [m for m in _RUN.finditer(folded.text) if m[0] != "www"]
    if not runs:
        return []
    views = [_derive(folded, "collapsed", [(m.start(), m.end(), m[1]) for m in runs])]
    if any("a" <= m[1] <= "z" for m in runs):
        edits = [(m.start(), m.end(), m[1] * 2 if "a" <= m[1] <= "z" else m[1]) for m in runs]
        views.append(_derive(folded, "doubled", edits))
    return views


def _leet(base: View, prefix: str = "") -> list[View]:
    text = base.bare
    if _ANY_SIGN.search(text) is None or _LEET_HINT.search(text) is None:
        return []
    edits: list[_Edit] = []
    edits_l: list[_Edit] = []
    ambiguous = False
    for match in _LEET_TOKEN.finditer(text):
        # A sign at the end is punctuation ("hello!"), "+" before a number belongs to the number.
        token = match[0].rstrip("!|+")
        if len(token) < 3 or token.isalpha() or token.isdigit() or _LEET_SHAPE.search(token) is None:
            continue
        low = match.start()
        edits.append((low, low + len(token), "".join([_LEET.get(c, c) for c in token])))
        edits_l.append((low, low + len(token), "".join([_LEET_L.get(c, c) for c in token])))
        ambiguous = ambiguous or "1" in token or "!" in token or "|" in token
    if not edits:
        return []
    views = [_derive(base, prefix + "leet", edits)]
    if ambiguous:
        views.append(_derive(base, prefix + "leet_l", edits_l))
    return views


def _squeezed(folded: View) -> list[View]:
    text = folded.text
    if _ANY_APART.search(text) is None or _APART_HINT.search(text) is None:
        return []
    edits: list[_Edit] = []
    for run in _APART.finditer(text):
        if sum(map(str.isalpha, run[0])) < 3:
            continue
        gaps = list(_APART_GAP.finditer(text, run.start(), run.end()))
        narrow = min(len(g[0]) for g in gaps)
        blanks = sum(g[0].isspace() for g in gaps)
        for gap in gaps:
            # "w h a t s a p p   m e", "i.d l.i.n.e": a wider blank, or a blank among signs, still parts words.
            wide = " " in gap[0] and (len(gap[0]) > narrow or (gap[0].isspace() and blanks * 2 < len(gaps)))
            edits.append((gap.start(), gap.end(), " " if wide else ""))
    if not edits:
        return []
    view = _derive(folded, "squeezed", edits)
    return [view, *_leet(view, "squeezed_")]


def _contraction(word: str) -> bool:
    """True for ``don't``, ``l'ami``, ``we'll``: apostrophes that every spelling has."""
    pieces = _JOINT_ONLY.split(word)
    return all(j == "'" for j in _JOINT_ONLY.findall(word)) and min(map(len, pieces)) < 3


def _joined(folded: View) -> list[View]:
    text = folded.text
    if _ANY_JOINT.search(text) is None or _JOINED_HINT.search(text) is None:
        return []
    edits = [
        (word.start() + joint.start(), word.start() + joint.end(), "")
        for word in _JOINED.finditer(text)
        if not _contraction(word[0])
        for joint in _JOINT_ONLY.finditer(word[0])
    ]
    return [_derive(folded, "joined", edits)] if edits else []


def further(text: str, folded: View) -> tuple[View, ...]:  # noqa: ARG001 - part of the interface
    """All further views of a folded text whose triggers are met."""
    found = [*_collapsed(folded), *_leet(folded), *_squeezed(folded), *_joined(folded)]
    digits = digit_view(folded)
    if digits is not None:
        found.append(digits)
    return tuple(found)
