"""Match a compiled lexicon against one prepared message."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from screener.detect.lexicon.compiled import Variant
from screener.detect.lexicon.edges import edges_hold
from screener.detect.lexicon.masked import MaskedNames, may_be_masked
from screener.detect.lexicon.pattern import WEAK_SLOTS
from screener.detect.lexicon.schema import COMMON
from screener.text.normalise import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from screener.detect.candidates import Candidate
    from screener.detect.lexicon.compiled import Check, Compiled, Row, Rule
    from screener.detect.message import Prepared

__all__ = ["Hit", "LexiconMatcher", "Match"]

_REFUSAL_BEFORE_UNITS: Final = 6
_REFUSAL_AFTER_UNITS: Final = 4
_MAX_MATCHES: Final = 200
"""Matches kept per rule row in one message: bounds the work on a message made of nothing but terms."""


def _nothing(_: Prepared) -> tuple[Candidate, ...]:
    return ()


class Hit(NamedTuple):
    """An occurrence of a symbol in the original text (code points)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds: the span from its first to its last item."""

    rule: int
    start: int
    end: int
    items: tuple[Hit, ...]


_Occurrence: TypeAlias = tuple[View, int, int, int]
"""(view, number of the atom, start, end) in the view."""


class _Scanner:
    """One automaton over the unaccented text, with the check of accents and edges after it."""

    def __init__(self, atoms: Sequence[str], encoded: Sequence[msgspec.Raw], masked: Iterable[str] = ()) -> None:
        self._atoms = atoms
        self._encoded = encoded
        self._decoded: dict[int, list[Variant]] = {}
        self._symbols_of: dict[int, frozenset[int]] = {}
        self._masked_names = masked

    @cached_property
    def _automaton(self) -> AhoCorasick | None:
        return AhoCorasick(self._atoms, matchkind=MatchKind.Standard) if self._atoms else None

    @cached_property
    def _masked(self) -> MaskedNames:
        return MaskedNames(atom for atom in self._masked_names if atom in self._numbers)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {atom: number for number, atom in enumerate(self._atoms)}

    def _variants(self, number: int) -> list[Variant]:
        found = self._decoded.get(number)
        if found is None:
            found = self._decoded[number] = msgspec.msgpack.decode(self._encoded[number], type=list[Variant])
        return found

    def _symbols(self, number: int) -> frozenset[int]:
        found = self._symbols_of.get(number)
        if found is None:
            variants = self._variants(number)
            found = self._symbols_of[number] = frozenset(s for variant in variants for s in variant.symbols)
        return found

    def occurrences(self, message: Prepared) -> list[_Occurrence]:
        """Every atom that occurs in any view, not yet checked for accents and edges."""
        found: list[_Occurrence] = []
        if self._automaton is None:
            return found
        for view in message.views:
            try:
                raw = self._automaton.find_matches_as_indexes(view.bare, overlapping=True)
            except UnicodeEncodeError:  # a lone surrogate: one character for one, so offsets hold
                clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in view.bare)
                raw = self._automaton.find_matches_as_indexes(clean, overlapping=True)
            found += [(view, number, start, end) for number, start, end in raw]
        folded = message.folded
        if may_be_masked(folded.bare):
            for atom, start, end in self._masked.find(folded.bare):
                bare = folded.bare[:start] + atom + folded.bare[end:]
                view = View("masked", bare, bare, folded.starts, folded.ends)
                found.append((view, self._numbers[atom], start, end))
        return found

    def symbols(self, occurrences: Iterable[_Occurrence]) -> set[int]:
        """Symbols that the occurrences may stand for."""
        known = self._symbols_of
        found: set[int] = set()
        for number in {number for _, number, _, _ in occurrences}:
            found |= known[number] if number in known else self._symbols(number)
        return found

    def verify(
        self, message: Prepared, occurrences: Iterable[_Occurrence], wanted: set[int] | None = None
    ) -> tuple[dict[int, list[Hit]], set[Hit]]:
        """Hits by symbol, sorted, without duplicates between views, and those that are disguised.

        With ``wanted`` only these symbols are looked at.
        """
        found: dict[int, set[Hit]] = defaultdict(set)
        disguised: set[Hit] = set()
        plain: set[Hit] = set()
        for view, number, start, end in occurrences:
            if wanted is not None and wanted.isdisjoint(self._symbols(number)):
                continue
            text, bare = view.text, view.bare
            for variant in self._variants(number):
                if not edges_hold(text, start, end, variant.boundary):
                    continue
                if not (variant.lenient or _accents_agree(text[start:end], bare[start:end], variant)):
                    continue
                hit = Hit(*view.span(start, end))
                for symbol in variant.symbols:
                    found[symbol].add(hit)
                if view.name in _DISGUISES or (view.name == "folded" and _foreign(message.text, hit, variant.folded)):
                    disguised.add(hit)
                else:
                    plain.add(hit)
        return {symbol: sorted(hits) for symbol, hits in found.items()}, disguised - plain

    def scan(self, message: Prepared) -> dict[int, list[Hit]]:
        """Hits by symbol."""
        return self.verify(message, self.occurrences(message))[0]


_DISGUISES: Final = frozenset({"leet", "leet_l", "squeezed", "squeezed_leet", "joined", "masked"})
"""Views that undo a disguise; runs of letters (``lineee``) are mere emphasis."""
_FOREIGN_LETTERS: Final = re.compile(
    r"[\u0370-\u052f\u0530-\u058f\u13a0-\u13ff\u200b-\u200d\u2060\ufeff\u1d00-\u1dbf\u2460-\u24ff\u24b6-\u24e9"
    r"\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff]"
)


def _foreign(text: str, hit: Hit, folded: str) -> bool:
    """True when an ASCII term was written with look-alike or ornamental letters, or with accents it does not have."""
    piece = text[hit.start : hit.end]
    if piece.isascii() or not folded.isascii():
        return False
    return _FOREIGN_LETTERS.search(piece) is not None or any("\u00c0" <= c <= "\u024f" for c in piece)


def _accents_agree(piece: str, bare: str, variant: Variant) -> bool:
    """A message may lack accents of the term, never carry others (unless the term is common to all languages)."""
    folded = variant.folded
    if piece == folded:
        return True
    if variant.strict:
        return False
    return piece == bare or all(
        seen in (wanted, plain) for seen, plain, wanted in zip(piece, bare, folded, strict=True)
    )


class LexiconMatcher:
    """Finds all rules of a lexicon that hold in a message. Immutable after construction; share it freely."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._anchors = _Scanner(compiled.anchor_atoms, compiled.anchor_variants, compiled.masked)
        self._context = _Scanner(compiled.context_atoms, compiled.context_variants)
        self._rows: dict[int, list[tuple[Row, frozenset[int]]]] = defaultdict(list)
        for row in compiled.rows:
            self._rows[row.trigger].append((row, frozenset(row.symbols)))
        self._triggers = frozenset(self._rows)
        # Weak slots are looked for only when something else makes a row possible.
        self._weak = {compiled.slots[name] for name in WEAK_SLOTS}
        self._weak_in_conditions = {
            number
            for number, rule in enumerate(compiled.rules)
            if any(not check.symbols.isdisjoint(self._weak) for check in (*rule.unless, *rule.needs))
        }

    def rule(self, match: Match) -> Rule:
        """The rule that a match belongs to."""
        return self.compiled.rules[match.rule]

    def suggestions(self, label: str, language: str) -> tuple[str, ...]:
        """Better wordings for a label in a language, of its first stable rule that has any."""
        return self._suggestions.get((label, language), ())

    @cached_property
    def _suggestions(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for rule in self.compiled.rules:
            if rule.suggestions and rule.status == "stable":
                found.setdefault((rule.label, rule.language), rule.suggestions)
        return found

    def find(
        self,
        message: Prepared,
        strong: Callable[[Prepared], Iterable[Candidate]] = _nothing,
        weak: Callable[[Prepared], Iterable[Candidate]] = _nothing,
    ) -> list[Match]:
        """All matches whose conditions hold; overlapping ones of one label are merged, the longer wins.

        ``strong`` and ``weak`` find the things that patterns name as slots; ``weak`` is called only when
        something else was found.
        """
        slots = self._slot_hits(strong(message))
        occurrences = self._anchors.occurrences(message)
        possible = self._anchors.symbols(occurrences) | slots.keys() | self._weak
        rows = [
            row for symbol in possible & self._triggers for row, symbols in self._rows[symbol] if symbols <= possible
        ]
        if not rows:
            return []
        needed = {symbol for row in rows for symbol in row.symbols}
        hits, disguised = self._anchors.verify(message, occurrences, needed)
        if not needed.isdisjoint(self._weak) or not self._weak_in_conditions.isdisjoint(row.rule for row in rows):
            slots.update(self._slot_hits(weak(message)))
        hits.update(slots)
        proposals: dict[tuple[int, int, int], Match] = {}
        for row in rows:
            if all(symbol in hits for symbol in row.symbols):
                for items in _chains(row, hits, message):
                    match = Match(row.rule, items[0].start, items[-1].end, items)
                    key = (match.rule, match.start, match.end)
                    # The same span reached with more items is the better explained one.
                    if key not in proposals or len(proposals[key].items) < len(items):
                        proposals[key] = match
        if not proposals:
            return []
        context = self._context.scan(message)
        for symbol, found in slots.items():
            context[symbol] = found
        return self._merge([m for m in proposals.values() if self._holds(m, message, context, disguised)], message)

    def _slot_hits(self, candidates: Iterable[Candidate]) -> dict[int, list[Hit]]:
        slots: dict[int, set[Hit]] = defaultdict(set)
        for candidate in candidates:
            number = self.compiled.slots.get(candidate.kind)
            if number is not None:
                slots[number].add(Hit(candidate.start, candidate.end))
        return {symbol: sorted(found) for symbol, found in slots.items()}

    def _holds(self, match: Match, message: Prepared, context: dict[int, list[Hit]], disguised: set[Hit]) -> bool:
        rule = self.rule(match)
        if rule.disguised and disguised.isdisjoint(match.items):
            return False
        if message.speaker.value not in rule.speakers:
            return False
        if rule.allow >= 0 and any(
            hit.start < match.end and match.start < hit.end for hit in context.get(rule.allow, ())
        ):
            return False
        if any(_near(check, match, message, context, own=False) for check in rule.unless):
            return False
        if not all(_near(check, match, message, context, own=True) for check in rule.needs):
            return False
        if not _admits(rule, match, message):
            return False
        return not (rule.refusable and self._refused(match, rule, message, context))

    def _refused(self, match: Match, rule: Rule, message: Prepared, context: dict[int, list[Hit]]) -> bool:
        refusals = self.compiled.refusals
        languages = {rule.language, COMMON, *message.languages.codes[:2]}
        for language in sorted(languages):
            before, after, exception = refusals.get(language, (-1, -1, -1))
            excused = context.get(exception, ())
            for hit in context.get(before, ()):
                if _inside(hit, excused) or _overlaps_item(hit, match):
                    continue
                if hit.end <= match.start:
                    near = message.gap(hit.end, match.start) <= _REFUSAL_BEFORE_UNITS
                    if near and message.same("clause", hit.start, match.start + 1):
                        return True
                elif hit.start >= match.start and hit.end <= match.end:
                    return True
            for hit in context.get(after, ()):
                if _inside(hit, excused) or _overlaps_item(hit, match) or hit.start < match.start:
                    continue
                near = message.gap(match.end, hit.start) <= _REFUSAL_AFTER_UNITS
                if hit.end <= match.end or (near and message.same("clause", match.end - 1, hit.end)):
                    return True
        return False

    def _merge(self, matches: list[Match], message: Prepared) -> list[Match]:
        rules = self.compiled.rules
        if len(matches) <= 1:
            return matches
        spoken = list(dict.fromkeys([*message.hints[:1], *message.languages.codes, *message.hints]))
        ranked = sorted(
            matches,
            key=lambda m: (
                # Of overlapping rules those of the message's own language explain it best.
                spoken.index(language) if (language := rules[m.rule].language) in spoken else len(spoken),
                m.start - m.end,
                rules[m.rule].status != "stable",
                -len(m.items),
                rules[m.rule].id,
                m.start,
            ),
        )
        kept: dict[str, list[Match]] = defaultdict(list)
        for match in ranked:
            same_label = kept[rules[match.rule].label]
            if all(match.end <= other.start or match.start >= other.end for other in same_label):
                same_label.append(match)
        merged = [match for found in kept.values() for match in found]
        return sorted(merged, key=lambda m: (m.start, m.end, rules[m.rule].id))


_ALWAYS_ADMITTED: Final = frozenset({COMMON, "en"})
"""English is mixed into chat everywhere."""
_TWINS: Final = {"id": "ms", "ms": "id", "tl": "en"}
"""Languages that detectors mix up or that people mix (Taglish)."""


_NO_SCRIPT: Final = re.compile(r"(?!)")
_OWN_SCRIPT: Final = {
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ar": re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]"),
    "ko": re.compile("[\uac00-\ud7af\u3130-\u318f]"),
    "ja": re.compile("[\u3040-\u30ff\uff66-\uff9f]"),
}
"""Scripts that one language alone uses; Chinese characters are shared by two."""


def _admits(rule: Rule, match: Match, message: Prepared) -> bool:
    """Whether a rule of this language may speak about this message.

    A script of its own is proof enough. In Latin script words of one language are innocent words of another,
    so a *reliable* other language silences the rule; a guess never does, unless the caller named the languages.
    """
    if rule.language in _ALWAYS_ADMITTED and not rule.language_only:
        return True
    if _OWN_SCRIPT.get(rule.language, _NO_SCRIPT).search(message.text, match.start, match.end):
        return True
    languages = message.languages
    if not languages.reliable and not message.hints:
        return True
    spoken = {*languages.codes, *message.hints}
    return rule.language in spoken or (not rule.language_only and _TWINS.get(rule.language) in spoken)


def _inside(hit: Hit, others: Iterable[Hit]) -> bool:
    return any(other.start <= hit.start and hit.end <= other.end for other in others)


def _overlaps_item(hit: Hit, match: Match) -> bool:
    return any(hit.start < item.end and item.start < hit.end for item in match.items)


def _near(check: Check, match: Match, message: Prepared, context: dict[int, list[Hit]], *, own: bool) -> bool:
    """Whether a condition is met; words inside the match's own items count only with ``own``."""
    for symbol in check.symbols:
        for hit in context.get(symbol, ()):
            if hit.end <= match.start:
                if check.side == "after":
                    continue
                first, last, distance = hit.start, match.start + 1, (hit.end, match.start)
            elif hit.start >= match.end:
                if check.side == "before":
                    continue
                first, last, distance = match.end - 1, hit.end, (match.end, hit.start)
            elif not own and _inside(hit, match.items):
                continue
            elif check.side == "either" or (check.side == "before") == (hit.start < match.start):
                return True
            else:
                continue
            if check.within >= 0 and message.gap(*distance) > check.within:
                continue
            if message.same(check.scope, first, last):
                return True
    return False


def _chains(row: Row, hits: dict[int, list[Hit]], message: Prepared) -> list[tuple[Hit, ...]]:
    """Rows of hits in order, each within its gap and in one sentence; the nearest continuation is taken."""
    partial: list[tuple[Hit, ...]] = [(hit,) for hit in hits[row.symbols[0]][:_MAX_MATCHES]]
    for symbol, gap in zip(row.symbols[1:], row.gaps[1:], strict=True):
        grown: list[tuple[Hit, ...]] = []
        for chain in partial:
            last = chain[-1]
            best: Hit | None = None
            following = hits[symbol]
            for hit in following[bisect_left(following, (last.end, 0)) :]:
                if best is not None and hit.start > best.start:
                    break
                if message.gap(last.end, hit.start) > gap:
                    break
                if message.same("sentence", last.end - 1, hit.start + 1):
                    best = hit  # of hits that begin together the longest comes last
            if best is not None:
                grown.append((*chain, best))
        partial = grown
        if not partial:
            break
    return partial
