"""Run the examples of lexicon rules: what must be found is found exactly, what is innocent stays silent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.detect.lexicon.schema import Example
from screener.records import STATEMENTS, Label, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from screener.detect.detector import Detector
    from screener.detect.lexicon.store import Loaded, RuleSource
    from screener.records import Finding

__all__ = ["Failure", "check_examples", "unmark"]

_MARK = re.compile(r"\[\[|\]\]")


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold. ``text`` is the example's own, which is no private message."""

    rule: str
    where: str
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}: {self.reason}\n    {self.text}"


def unmark(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Take the ``[[ ]]`` marks out; returns the plain text and the marked spans (code points).

    Raises:
        ValueError: when marks are not paired.

    """
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    start: int | None = None
    length = position = 0
    for mark in _MARK.finditer(text):
        plain.append(text[position : mark.start()])
        length += mark.start() - position
        position = mark.end()
        if (mark.group() == "[[") != (start is None):
            raise ValueError("[[ and ]] are not paired")
        if start is None:
            start = length
        else:
            spans.append((start, length))
            start = None
    if start is not None:
        raise ValueError("[[ and ]] are not paired")
    plain.append(text[position:])
    return "".join(plain), spans


def _speaker(rule: RuleSource, example: Example) -> Speaker:
    if example.speaker is not None:
        return Speaker(example.speaker)
    allowed = rule.entry.speaker or rule.file.defaults.speaker or ["seller"]
    return Speaker("seller" if "seller" in allowed else allowed[0])


def _describe(findings: Iterable[Finding]) -> str:
    return ", ".join(f"{f.rule_id}[{f.span.start}:{f.span.end}]" for f in findings) or "nothing"


def _hints(rule: RuleSource) -> tuple[str, ...]:
    return () if rule.file.language.startswith("_") else (rule.file.language,)


def check_examples(loaded: Loaded, detector: Detector, *, languages: Iterable[str] = ()) -> Iterator[Failure]:
    """Yield every example that fails (of rules in ``languages``, or of all).

    A bad example must give its rule at exactly the marked spans, nothing else of the label, and other risk
    labels only if it names them in ``also``. A good example must give no risk at all and nothing of the
    rule's own label. A replacement must give no risk.
    """
    wanted = set(languages)
    for rule in loaded.rules:
        if wanted and rule.file.language not in wanted:
            continue
        path = f"{rule.file.language}/{rule.file.label}.yaml"
        label = Label(rule.file.label)
        where = f"{path}:{rule.document.line('entries', rule.index, 'id')}"
        for raw in rule.entry.examples.bad:
            example = raw if isinstance(raw, Example) else Example(raw)
            try:
                text, spans = unmark(example.text)
            except ValueError as error:
                yield Failure(rule.entry.id, where, example.text, str(error))
                continue
            if not spans:
                yield Failure(rule.entry.id, where, example.text, "no span is marked with [[ ]]")
                continue
            found = detector.find(text, speaker=_speaker(rule, example), region=example.region, hints=_hints(rule))
            own = [f for f in found if f.label == label]
            at = [(f.span.start, f.span.end) for f in own]
            if at != spans or any(f.rule_id != rule.entry.id for f in own):
                yield Failure(rule.entry.id, where, example.text, f"expected {spans}, found {_describe(own)}")
            others = [
                f for f in found if f.label != label and f.label not in STATEMENTS and f.label not in example.also
            ]
            if others and label not in STATEMENTS:
                yield Failure(rule.entry.id, where, example.text, f"also found {_describe(others)}; name it in `also`")
        for raw in rule.entry.examples.good:
            example = raw if isinstance(raw, Example) else Example(raw)
            found = detector.find(
                example.text, speaker=_speaker(rule, example), region=example.region, hints=_hints(rule)
            )
            wrong = [
                f for f in found if f.label == label or (f.label not in STATEMENTS and f.label not in example.also)
            ]
            if wrong:
                yield Failure(rule.entry.id, where, example.text, f"good example, but found {_describe(wrong)}")
        for text in rule.entry.replacements:
            found = detector.find(text, speaker=Speaker.SELLER, hints=_hints(rule))
            wrong = [f for f in found if f.label not in STATEMENTS]
            if wrong:
                yield Failure(rule.entry.id, where, text, f"replacement raises {_describe(wrong)}")
