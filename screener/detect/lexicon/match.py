"""Match a compiled lexicon against one prepared message."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from screener.detect.lexicon.edges import edges_hold
from screener.detect.lexicon.masked import MaskedNames
from screener.detect.lexicon.schema import COMMON
from screener.text.normalise import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from screener.detect.candidates import Candidate
    from screener.detect.lexicon.compiled import Check, Compiled, Row, Rule, Variant
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


class _Scanner:
    """One automaton over the unaccented text, with the check of accents and edges after it."""

    def __init__(self, atoms: Sequence[str], variants: Sequence[Sequence[Variant]], masked: Iterable[str] = ()) -> None:
        self._variants = variants
        self._numbers = {atom: number for number, atom in enumerate(atoms)}
        self._masked = MaskedNames(atom for atom in masked if atom in self._numbers)
        self._automaton = AhoCorasick(atoms, matchkind=MatchKind.Standard) if atoms else None

    def _hits(self, message: Prepared) -> Iterator[tuple[View, int, int, Variant]]:
        """Every variant that holds, with its range in its view."""
        if self._automaton is None:
            return
        variants = self._variants
        for view in message.views:
            bare, text = view.bare, view.text
            try:
                raw = self._automaton.find_matches_as_indexes(bare, overlapping=True)
            except UnicodeEncodeError:  # a lone surrogate: one character for one, so offsets hold
                clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in bare)
                raw = self._automaton.find_matches_as_indexes(clean, overlapping=True)
            for number, start, end in raw:
                for variant in variants[number]:
                    if edges_hold(text, start, end, variant.boundary) and (
                        variant.lenient or _accents_agree(text[start:end], bare[start:end], variant)
                    ):
                        yield view, start, end, variant
        folded = message.folded
        for atom, start, end in self._masked.find(folded.bare):
            for variant in variants[self._numbers[atom]]:
                if edges_hold(folded.bare[:start] + atom + folded.bare[end:], start, end, variant.boundary):
                    yield _MASKED_VIEW, *folded.span(start, end), variant

    def any(self, message: Prepared) -> bool:
        """True when anything occurs."""
        return next(self._hits(message), None) is not None

    def scan(self, message: Prepared) -> tuple[dict[int, list[Hit]], set[Hit]]:
        """Occurrences by symbol, sorted, without duplicates between views; and those that are disguised."""
        found: dict[int, set[Hit]] = defaultdict(set)
        disguised: set[Hit] = set()
        plain: set[Hit] = set()
        for view, start, end, variant in self._hits(message):
            hit = Hit(*view.span(start, end))
            for symbol in variant.symbols:
                found[symbol].add(hit)
            if view.name in _DISGUISES or (view.name == "folded" and _foreign(message.text, hit, variant.folded)):
                disguised.add(hit)
            else:
                plain.add(hit)
        return {symbol: sorted(hits) for symbol, hits in found.items()}, disguised - plain


_DISGUISES: Final = frozenset({"leet", "leet_l", "squeezed", "squeezed_leet", "joined", "masked"})
"""Views that undo a disguise; runs of letters (``lineee``) are mere emphasis."""
_MASKED_VIEW: Final = View("masked", "", "", None, None)
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
        self._rows: dict[int, list[Row]] = defaultdict(list)
        for row in compiled.rows:
            self._rows[row.trigger].append(row)
        # Most messages hold no trigger at all: a small automaton says so before the large one is asked.
        chosen = [i for i, variants in enumerate(compiled.anchor_variants) if self._rows.keys() & _symbols(variants)]
        self._triggers = _Scanner(
            [compiled.anchor_atoms[i] for i in chosen],
            [[v for v in compiled.anchor_variants[i] if self._rows.keys() & set(v.symbols)] for i in chosen],
            compiled.masked,
        )

    def rule(self, match: Match) -> Rule:
        """The rule that a match belongs to."""
        return self.compiled.rules[match.rule]

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
        if not slots and not self._triggers.any(message):
            return []
        hits, disguised = self._anchors.scan(message)
        slots.update(self._slot_hits(weak(message)))
        hits.update(slots)
        proposals: dict[tuple[int, int, int], Match] = {}
        for symbol in hits:
            for row in self._rows.get(symbol, ()):
                if all(other in hits for other in row.symbols):
                    for items in _chains(row, hits, message):
                        match = Match(row.rule, items[0].start, items[-1].end, items)
                        key = (match.rule, match.start, match.end)
                        # The same span reached with more items is the better explained one.
                        if key not in proposals or len(proposals[key].items) < len(items):
                            proposals[key] = match
        if not proposals:
            return []
        context, _ = self._context.scan(message)
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
        if message.speaker.value not in rule.speakers and message.speaker.value != "unknown":
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


def _symbols(variants: Iterable[Variant]) -> set[int]:
    return {symbol for variant in variants for symbol in variant.symbols}


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
    return rule.language in spoken or _TWINS.get(rule.language) in spoken


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
