"""Read lexicon files from a folder and check what one file can show on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.detect.lexicon.pattern import PatternError, Ref, parse_pattern, parse_reference, spellings
from screener.detect.lexicon.schema import COMMON, CUES, Entry, LexiconFile, SetsFile
from screener.records import LANGUAGES, Label
from screener.yamlfile import Located, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from screener.errors import RuleError

__all__ = ["Loaded", "RuleSource", "check_references", "check_sets", "find_rule", "read_folder"]

_LABELS = {label.value for label in Label}
_SETS = "sets.yaml"


@dataclass(frozen=True, slots=True)
class RuleSource:
    """One entry with the file that holds it; ``index`` is its position there."""

    entry: Entry
    file: LexiconFile
    document: Located
    index: int

    def error(self, reason: str, hint: str, *steps: str | int) -> RuleError:
        """An E301 that points into this entry."""
        return self.document.error(reason, hint, "entries", self.index, *steps)


@dataclass(frozen=True, slots=True)
class Loaded:
    """All rules and sets of a lexicon folder, in a fixed order."""

    rules: tuple[RuleSource, ...]
    sets: dict[str, dict[str, tuple[str, ...]]]


def _files(folder: Path) -> Iterator[Path]:
    # The cues of evidence/ lie beside the languages and have a form of their own.
    yield from sorted(path for path in folder.glob("*/*.yaml") if path.parent.name != CUES)


def read_folder(folder: Path) -> Loaded:
    """Read every lexicon file under ``folder``.

    Raises:
        RuleError: E301 with file and line: unknown keys, wrong labels, missing examples, duplicate ids,
            unreadable patterns, unknown sets.

    """
    rules: list[RuleSource] = []
    sets: dict[str, dict[str, tuple[str, ...]]] = {}
    for path in _files(folder):
        if path.name == _SETS:
            form, document = load(path, SetsFile)
            _check_language(form.language, path, document)
            check_sets(form.sets, document)
            sets[form.language] = {name: tuple(members) for name, members in form.sets.items()}
            continue
        lexicon, document = load(path, LexiconFile)
        _check_language(lexicon.language, path, document)
        if lexicon.label not in _LABELS or lexicon.label != path.stem:
            raise document.error(
                f"label {lexicon.label!r} is not the file's name or not a label",
                "labels are listed in docs/labels.md; name the file after the label",
                "label",
            )
        rules.extend(RuleSource(entry, lexicon, document, index) for index, entry in enumerate(lexicon.entries))
    _check_rules(rules, sets)
    return Loaded(tuple(rules), sets)


def find_rule(folder: Path, rule_id: str) -> RuleSource | None:
    """The rule with this id, or ``None``. The id names the file, so one file is read.

    Raises:
        RuleError: E301 when the file is wrong.

    """
    language, _, rest = rule_id.partition(".")
    label = rest.partition(".")[0]
    path = folder / (COMMON if language == COMMON.lstrip("_") else language) / f"{label}.yaml"
    if label not in _LABELS or path not in _files(folder):
        return None
    lexicon, document = load(path, LexiconFile)
    found = (RuleSource(entry, lexicon, document, index) for index, entry in enumerate(lexicon.entries))
    return next((rule for rule in found if rule.entry.id == rule_id), None)


def check_sets(sets: Mapping[str, Sequence[str]], document: Located) -> None:
    """Check that every member of every set can be read.

    Raises:
        RuleError: E301 with file and line.

    """
    for name, members in sets.items():
        for index, member in enumerate(members):
            try:
                spellings(member)
            except PatternError as error:
                raise document.error(str(error), "see docs/lexicons.md, Sets", "sets", name, index) from None


def _check_language(language: str, path: Path, document: Located) -> None:
    if language not in (*LANGUAGES, COMMON) or language != path.parent.name:
        raise document.error(
            f"language {language!r} is not the folder's name or not supported",
            f"supported: {', '.join(LANGUAGES)} and {COMMON}",
            "language",
        )


def _check_rules(rules: Iterable[RuleSource], sets: dict[str, dict[str, tuple[str, ...]]]) -> None:
    seen: dict[str, RuleSource] = {}
    for rule in rules:
        entry = rule.entry
        wanted = f"{rule.file.language.lstrip('_')}.{rule.file.label}."
        if not re.fullmatch(re.escape(wanted) + r"[a-z0-9_]+", entry.id):
            raise rule.error(f"id {entry.id!r} must begin with {wanted!r}", "rename the rule", "id")
        if entry.id in seen:
            raise rule.error(f"the id {entry.id!r} is used twice", "rename one of the two", "id")
        seen[entry.id] = rule
        if not entry.terms and not entry.patterns:
            raise rule.error("the rule has neither terms nor patterns", "add one", "id")
        if not {"en", "zh"} <= entry.explanation.keys():
            raise rule.error("the explanation must be given in en and zh", "add the missing one", "explanation")
        if len(entry.examples.bad) < 2 or len(entry.examples.good) < 2:
            raise rule.error("fewer than two bad or two good examples", "add examples", "examples")
        if not (entry.source or rule.file.source or rule.file.defaults.source):
            raise rule.error("the rule has no source", "add `source` to the entry or the file", "id")
        check_references(rule, sets)


def _known(ref: Ref, language: str, sets: dict[str, dict[str, tuple[str, ...]]]) -> bool:
    if ref.set is None:
        return True
    if language == COMMON:
        return any(ref.set in named for named in sets.values())
    return ref.set in sets.get(language, {}) or ref.set in sets.get(COMMON, {})


def check_references(rule: RuleSource, sets: dict[str, dict[str, tuple[str, ...]]]) -> None:
    """Check that the patterns and conditions of a rule can be read and that their sets exist.

    Raises:
        RuleError: E301 with file and line.

    """
    entry, language = rule.entry, rule.file.language
    references: list[tuple[Ref, tuple[str | int, ...]]] = []
    try:
        for index, text in enumerate(entry.patterns):
            for variant in parse_pattern(text):
                references.extend((item.ref, ("patterns", index)) for item in variant)
        for key in ("unless", "needs"):
            conditions = [*getattr(entry, key), *getattr(rule.file.defaults, key)]
            for condition in conditions:
                references.extend((parse_reference(text), (key,)) for text in condition.any)
    except PatternError as error:
        raise rule.error(str(error), "see docs/lexicons.md, Patterns", "patterns") from None
    for ref, steps in references:
        if not _known(ref, language, sets):
            raise rule.error(
                f"there is no set {{{ref.set}}} for {language}",
                f"add it to lexicons/{language}/sets.yaml",
                *steps,
            )
