"""Rules as matching needs them: atoms in two automata, rows of symbols, conditions.

An *atom* is a folded phrase without accents; a *symbol* is what a pattern item or condition asks for
(a set, a choice of phrases, a slot). One atom may stand for several symbols, each with its own demands on
accents and word edges. ``Compiled`` is plain data, so that it can be kept in a cache file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from screener.detect.lexicon.pattern import SLOTS, WEAK_SLOTS, Ref, parse_pattern, parse_reference, spellings
from screener.detect.lexicon.schema import COMMON, Condition
from screener.text.normalise import fold

if TYPE_CHECKING:
    from screener.detect.lexicon.store import Loaded, RuleSource

__all__ = ["Check", "Compiled", "Row", "Rule", "Variant", "compile_rules"]

_REFUSAL_DEFAULT_OFF: Final = frozenset({"abuse", "threat", "ambiguous", "culture"})
_STATEMENTS: Final = frozenset({
    "no_defect", "change_of_mind", "used", "received", "defect",
    "wrong_item", "not_received", "retraction", "liability",
})  # fmt: skip


_MASKED_SETS: Final = frozenset(
    {"hidden_app", "messenger", "chat_app", "social", "shortapp", "social_only", "payment", "pay_app"}
)
_MIN_MASKED: Final = 3


class Variant(msgspec.Struct, array_like=True, frozen=True):
    """One reading of an atom: the accents demanded, the edges demanded, the symbols it stands for."""

    folded: str
    boundary: str
    strict: bool
    lenient: bool
    """True for common terms: a message may even carry accents that the term lacks (whätsapp)."""
    symbols: tuple[int, ...]


class Check(msgspec.Struct, array_like=True, frozen=True):
    """A compiled condition."""

    symbols: frozenset[int]
    side: str
    within: int
    """Units, or -1 for no limit."""
    scope: str


class Row(msgspec.Struct, array_like=True, frozen=True):
    """A pattern: one symbol after another, with the largest gap (units) before each."""

    rule: int
    symbols: tuple[int, ...]
    gaps: tuple[int, ...]
    trigger: int = -1
    """The rarest of the symbols: without it the row need not be looked at."""


class Rule(msgspec.Struct, array_like=True, frozen=True):
    """What is left of an entry at match time."""

    id: str
    label: str
    language: str
    speakers: frozenset[str]
    unless: tuple[Check, ...]
    needs: tuple[Check, ...]
    allow: int
    """Symbol of the allow-list, or -1."""
    refusable: bool
    language_only: bool
    status: str
    explanation: dict[str, str]
    suggestions: tuple[str, ...]
    source: str
    disguised: bool = False


class Compiled(msgspec.Struct, frozen=True):
    """A whole lexicon, ready to match."""

    rules: list[Rule]
    rows: list[Row]
    anchor_atoms: list[str]
    anchor_variants: list[msgspec.Raw]
    """For each atom its variants, still encoded: a message needs a few dozen of the tens of thousands."""
    context_atoms: list[str]
    context_variants: list[msgspec.Raw]
    slots: dict[str, int]
    refusals: dict[str, tuple[int, int, int]]
    """Per language: symbols of refusal_before, refusal_after, refusal_except (-1: none)."""
    masked: list[str] = []
    """Atoms that people write with a letter masked (``L*NE``): the members of the sets of messengers."""


class _Builder:
    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.symbols: dict[object, int] = {("slot", name): i for i, name in enumerate(SLOTS)}
        # atom -> (folded, boundary, strict, lenient) -> symbols; one table for patterns, one for conditions
        self.anchor: dict[str, dict[tuple[str, str, bool, bool], set[int]]] = defaultdict(dict)
        self.context: dict[str, dict[tuple[str, str, bool, bool], set[int]]] = defaultdict(dict)
        self.masked: set[str] = set()

    def phrases(self, ref: Ref, language: str) -> list[tuple[str, bool]]:
        """The phrases of a reference, each with whether it is common to all languages."""
        if ref.set is None:
            return [(phrase, language == COMMON) for phrase in ref.phrases]
        sets = self.loaded.sets
        languages = sorted(sets) if language == COMMON else [language, COMMON]
        return [
            (spelling, name == COMMON)
            for name in languages
            for phrase in sets.get(name, {}).get(ref.set, ())
            for spelling in spellings(phrase)
        ]

    def symbol(self, ref: Ref, language: str, boundary: str, strict: bool, *, context: bool) -> int:
        """The symbol of a reference; its atoms are entered on first use."""
        if ref.slot is not None:
            return self.symbols["slot", ref.slot]
        key = (ref, language if ref.set is not None or language == COMMON else "", boundary, strict, context)
        if key in self.symbols:
            return self.symbols[key]
        number = self.symbols[key] = len(self.symbols)
        table = self.context if context else self.anchor
        maskable = ref.set in _MASKED_SETS and not context
        for phrase, common in self.phrases(ref, language):
            view = fold(phrase)
            text, bare = view.text.strip(), view.bare.strip()
            if bare:
                edge = boundary
                if context and language == "ko" and len(text) > 1 and edge == "auto":
                    edge = "part"  # refusals and conditions are endings, glued to the verb
                variant = (text, edge, strict, common and not strict)
                table[bare].setdefault(variant, set()).add(number)
                if maskable and len(bare) >= _MIN_MASKED and " " not in bare:
                    self.masked.add(bare)
        return number

    def check(self, condition: Condition, language: str) -> Check:
        refs = [parse_reference(text) for text in condition.any]
        symbols = frozenset(self.symbol(ref, language, "auto", False, context=True) for ref in refs)
        within = -1 if condition.within is None else condition.within
        return Check(symbols, condition.side, within, condition.scope)

    def rule(self, source: RuleSource, number: int) -> tuple[Rule, list[Row]]:
        entry, file, defaults = source.entry, source.file, source.file.defaults
        language = file.language
        boundary = entry.boundary or defaults.boundary or "auto"
        strict = (entry.accents or defaults.accents) == "strict"
        refusal = entry.refusal or defaults.refusal
        if refusal is None:
            off = file.label in _REFUSAL_DEFAULT_OFF or file.label in _STATEMENTS
            refusal = "ignore" if off else "exempt"
        rows: list[Row] = []
        if entry.terms:
            ref = Ref(phrases=tuple(entry.terms))
            rows.append(Row(number, (self.symbol(ref, language, boundary, strict, context=False),), (0,)))
        for text in entry.patterns:
            for variant in parse_pattern(text):
                symbols = tuple(self.symbol(item.ref, language, boundary, strict, context=False) for item in variant)
                rows.append(Row(number, symbols, tuple(item.gap for item in variant)))
        allow = -1
        if entry.allow:
            allow = self.symbol(Ref(phrases=tuple(entry.allow)), language, "auto", False, context=True)
        speakers = entry.speaker or defaults.speaker or ["buyer", "seller", "platform", "unknown"]
        return (
            Rule(
                entry.id,
                file.label,
                language,
                # A message whose speaker is not known is read as if it were anybody's.
                frozenset([*speakers, "unknown"]),
                tuple(self.check(c, language) for c in [*entry.unless, *defaults.unless]),
                tuple(self.check(c, language) for c in [*entry.needs, *defaults.needs]),
                allow,
                refusal == "exempt",
                entry.language_only,
                entry.status or defaults.status or "stable",
                entry.explanation,
                tuple(entry.replacements),
                entry.source or file.source or defaults.source or "",
                entry.disguised,
            ),
            rows,
        )

    def refusal(self, language: str) -> tuple[int, int, int]:
        named = self.loaded.sets.get(language, {})
        found = []
        for name in ("refusal_before", "refusal_after", "refusal_except"):
            ref = Ref(phrases=named.get(name, ()))
            found.append(self.symbol(ref, language, "auto", False, context=True) if ref.phrases else -1)
        before, after, exception = found
        return before, after, exception


def _table(
    atoms: dict[str, dict[tuple[str, str, bool, bool], set[int]]],
) -> tuple[list[str], list[list[Variant]]]:
    names = sorted(atoms)
    return names, [
        [Variant(*key, tuple(sorted(symbols))) for key, symbols in sorted(atoms[name].items())] for name in names
    ]


def _encoded(variants: list[list[Variant]]) -> list[msgspec.Raw]:
    return [msgspec.Raw(msgspec.msgpack.encode(its)) for its in variants]


def _frequencies(loaded: Loaded, atoms: list[str], variants: list[list[Variant]]) -> Counter[int]:
    """How often each symbol occurs in the examples of all rules: a guess of how common it is in chat."""
    automaton = AhoCorasick(atoms, matchkind=MatchKind.Standard)
    per_atom: Counter[int] = Counter()
    for source in loaded.rules:
        for example in (*source.entry.examples.good, *source.entry.examples.bad):
            text = example if isinstance(example, str) else example.text
            per_atom.update(
                number for number, _, _ in automaton.find_matches_as_indexes(fold(text).bare, overlapping=True)
            )
    found: Counter[int] = Counter()
    for number, its_variants in enumerate(variants):
        for symbol in {symbol for variant in its_variants for symbol in variant.symbols}:
            # Every atom counts a little, so that of two unseen sets the smaller is rarer.
            found[symbol] += 1 + 20 * per_atom[number]
    return found


def _with_triggers(rows: list[Row], frequencies: Counter[int]) -> list[Row]:
    weak = {SLOTS.index(name) for name in WEAK_SLOTS}

    def rarity(symbol: int) -> tuple[bool, int, int]:
        return symbol in weak, frequencies[symbol], symbol

    return [Row(row.rule, row.symbols, row.gaps, min(row.symbols, key=rarity)) for row in rows]


def compile_rules(loaded: Loaded) -> Compiled:
    """Turn lexicon files into :class:`Compiled`; the same files give the same result."""
    builder = _Builder(loaded)
    rules: list[Rule] = []
    rows: list[Row] = []
    for number, source in enumerate(loaded.rules):
        rule, its_rows = builder.rule(source, number)
        rules.append(rule)
        rows.extend(its_rows)
    refusals = {language: builder.refusal(language) for language in sorted(loaded.sets)}
    anchor_atoms, anchor_variants = _table(builder.anchor)
    context_atoms, context_variants = _table(builder.context)
    frequencies = _frequencies(loaded, anchor_atoms, anchor_variants) if anchor_atoms else Counter()
    triggered = _with_triggers(rows, frequencies)
    return Compiled(
        rules,
        triggered,
        anchor_atoms,
        _encoded(anchor_variants),
        context_atoms,
        _encoded(context_variants),
        {name: i for i, name in enumerate(SLOTS)},
        refusals,
        sorted(builder.masked),
    )
