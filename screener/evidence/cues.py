"""Wording that says under which circumstances something was said: the cues of ``lexicons/cues/<language>.yaml``.

A cue is no finding: nobody is warned of it. It tells of the messages around a statement that somebody asked for it,
that goods were replaced since, that a parcel had not come yet. Cues are written and tested like lexicon rules
(docs/lexicons.md), only shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from screener.detect.contacts import extract, extract_weak
from screener.detect.lexicon.compiled import compile_rules
from screener.detect.lexicon.examples import unmark
from screener.detect.lexicon.match import LexiconMatcher
from screener.detect.lexicon.schema import Condition, Entry, Examples, LexiconFile
from screener.detect.lexicon.store import Loaded, RuleSource, check_references, check_sets
from screener.detect.message import Prepared
from screener.records import LANGUAGES
from screener.resources import resource_dir
from screener.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Cue", "CueHit", "CueReader", "cue_reader", "failing_examples"]


class Cue(StrEnum):
    """What wording can tell about the circumstances of a statement; ``docs/evidence.md`` explains each."""

    COACHING = "coaching"
    """Somebody is asked to say, write or choose something about the goods."""
    INCENTIVE = "incentive"
    """Money, a refund, a gift or a favour is held out or asked for."""
    LEADING = "leading"
    """A question that only waits for a yes: "it works fine, right?"."""
    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"
    """The parcel has not come, or has not been opened or tried yet."""
    DELIVERED = "delivered"
    REPLACED = "replaced"
    """Goods were repaired or replaced, or something that was missing has come."""
    RELAYED = "relayed"
    """The words of somebody else, a bot, an agent or a translation machine."""
    HEDGED = "hedged"
    """The speaker is not sure."""


class _CueEntry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    patterns: list[str]
    found: list[str]
    innocent: list[str] = []
    unless: list[Condition] = []
    needs: list[Condition] = []


class _CueFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    language: str
    cues: dict[Cue, list[_CueEntry]]
    sets: dict[str, list[str]] = {}


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue at ``[start, end)`` code points of a message."""

    cue: Cue
    start: int
    end: int
    language: str


def _read(folder: Path) -> Loaded:
    rules: list[RuleSource] = []
    sets: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        form, document = load(path, _CueFile)
        if form.language not in LANGUAGES or form.language != path.stem:
            raise document.error(
                "language is not the file's name or not supported", "name the file after it", "language"
            )
        check_sets(form.sets, document)
        sets[form.language] = {name: tuple(members) for name, members in form.sets.items()}
        for cue, entries in form.cues.items():
            file = LexiconFile(form.language, cue.value, [])
            for index, entry in enumerate(entries):
                rule = Entry(
                    id=f"{form.language}.{cue.value}.{index}",
                    explanation={},
                    examples=Examples(list(entry.found), list(entry.innocent)),
                    patterns=entry.patterns,
                    unless=entry.unless,
                    needs=entry.needs,
                    refusal="ignore",
                )
                source = RuleSource(rule, file, document, index)
                if not entry.found:
                    raise document.error("a cue without examples", "add `found`", "cues", cue.value, index)
                check_references(source, sets)
                rules.append(source)
    return Loaded(tuple(rules), sets)


class CueReader:
    """Finds cues in messages; share one per process."""

    def __init__(self, loaded: Loaded) -> None:
        self._matcher = LexiconMatcher(compile_rules(loaded))

    def read(self, text: str, languages: Sequence[str] = ()) -> tuple[CueHit, ...]:
        """All cues of a message, in order; ``languages`` are assumed where the text is too short to tell."""
        message = Prepared(text, hints=languages)
        hits = []
        for match in self._matcher.find(message, extract, extract_weak):
            rule = self._matcher.rule(match)
            hits.append(CueHit(Cue(rule.label), match.start, match.end, rule.language))
        return tuple(hits)


@lru_cache(maxsize=2)
def cue_reader(folder: Path | None = None) -> CueReader:
    """The reader over ``folder``, or over the cues that come with the package.

    Raises:
        RuleError: E301 with file and line when a file is wrong.

    """
    return CueReader(_read(folder or resource_dir("lexicons") / "cues"))


def failing_examples(folder: Path | None = None, languages: Sequence[str] = ()) -> Iterator[str]:
    """Every example that does not hold: ``found`` must give the cue where it is marked, ``innocent`` must not."""
    folder = folder or resource_dir("lexicons") / "cues"
    reader = cue_reader(folder)
    for rule in _read(folder).rules:
        language, cue = rule.file.language, Cue(rule.file.label)
        if languages and language not in languages:
            continue
        where = f"cues/{language}.yaml {cue.value}[{rule.index}]"
        for given in rule.entry.examples.bad:
            text, spans = unmark(str(given))
            own = [(h.start, h.end) for h in reader.read(text, (language,)) if h.cue is cue]
            # Nobody sees the place of a cue, so a mark only says which words must be part of it.
            if not all(any(a < end and start < b for a, b in own) for start, end in spans or [(0, len(text))]):
                yield f"{where}: expected {spans or 'a hit'}, found {own or 'nothing'}\n    {given}"
        for given in rule.entry.examples.good:
            own = [(h.start, h.end) for h in reader.read(str(given), (language,)) if h.cue is cue]
            if own:
                yield f"{where}: innocent, but found {own}\n    {given}"
