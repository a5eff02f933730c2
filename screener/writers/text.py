"""Results for the eye: one block a finding, the place underlined, colour only where a terminal shows it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from screener.pipeline import Checked, Judged
    from screener.records import Finding

__all__ = ["COLOURS", "excerpt", "paint", "render"]

COLOURS: Final = {"block": "red", "warn": "yellow", "note": "cyan", "allow": "green"}
_ANSI: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_CONTEXT: Final = 36
"""Columns of text shown on either side of a finding."""


def paint(text: str, colour: str, *, on: bool) -> str:
    """``text`` in a colour of the terminal (ECMA-48), or unchanged."""
    return f"\x1b[{_ANSI[colour]}m{text}\x1b[0m" if on else text


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _width(text: str) -> int:
    """Columns that a terminal uses: wide East Asian characters take two, combining marks none."""
    return sum(map(_columns, text))


_STEERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _visible(char: str) -> str:
    if char in "\n\r\t":
        return " "
    return "\ufffd" if char in _STEERING or unicodedata.category(char) in ("Cc", "Cs") else char


def _printable(text: str) -> str:
    """Control characters and lone surrogates made visible: a message must not steer the terminal."""
    return "".join(map(_visible, text))


def excerpt(text: str, start: int, end: int) -> tuple[str, str]:
    """The line around a span and the line that underlines it."""
    left = max(0, start - _CONTEXT)
    right = min(len(text), end + _CONTEXT)
    before = ("…" if left else "") + _printable(text[left:start])
    quote = _printable(text[start:end])
    after = _printable(text[end:right]) + ("…" if right < len(text) else "")
    return before + quote + after, " " * _width(before) + "~" * max(1, _width(quote))


def render(checked: Checked, text: str, style: Callable[[str, str], str]) -> Iterator[str]:
    """Lines for one message; ``style(text, colour)`` colours or returns its text unchanged."""
    for judged in checked.judged:
        yield from _finding(judged, text, style)


def _doubt(finding: Finding) -> str:
    """What keeps a finding from being a fact, in brackets."""
    doubts = [finding.status] if finding.status != "stable" else []
    if finding.unsure and finding.probability is not None:
        doubts.insert(0, f"unsure, {finding.probability:.0%}")
    return f" ({', '.join(doubts)})" if doubts else ""


def _finding(judged: Judged, text: str, style: Callable[[str, str], str]) -> Iterator[str]:
    finding, verdict = judged.finding, judged.verdict
    colour = COLOURS[verdict.effect.value]
    head = style(f"{verdict.effect.value.upper():<5}", colour)
    yield f"{head}  {style(finding.label.value, 'bold')}{_doubt(finding)}  {finding.rule_id}"
    line, mark = excerpt(text, finding.span.start, finding.span.end)
    yield f"       {line}"
    yield f"       {style(mark, colour)}"
    yield f"       {finding.explanation}"
    for suggestion in finding.suggestions:
        yield f"       instead: {style(suggestion, 'green')}"
    source = verdict.source.title or "no source"
    seen = f", seen {verdict.source.seen}" if verdict.source.seen else ""
    yield f"       rule {verdict.rule_id} of {verdict.pack} ({verdict.confidence.value}: {source}{seen})"
    if verdict.note:
        yield f"       note: {verdict.note}"
    if judged.admissibility is not None:
        ruling = judged.admissibility
        worth = ruling.admissibility.value.replace("_", " ")
        yield f"       as evidence here: {style(worth, 'bold')} ({ruling.confidence.value}) - {ruling.reason}"
        if ruling.helps_with:
            yield f"       helps with: {ruling.helps_with}"
        if ruling.does_not_help_with:
            yield f"       does not help with: {ruling.does_not_help_with}"
        if ruling.note:
            yield f"       note: {ruling.note}"
