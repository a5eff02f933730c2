"""Run the examples of rule packs: each is judged by the whole pack of its file, not by its rule alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screener.errors import RuleError
from screener.policy.apply import admissibility, judge
from screener.policy.loader import check_file
from screener.policy.registry import get_pack, list_packs, pack_folder
from screener.policy.schema import AdmissibilityForm, JudgeForm
from screener.records import Finding, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screener.policy.loader import Held
    from screener.policy.pack import RulePack

__all__ = ["PackFailure", "run_examples", "test_packs"]


@dataclass(frozen=True, slots=True)
class PackFailure:
    """An example that does not hold, or a file that does not load."""

    where: str
    rule: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}: {self.reason}" if self.rule else f"{self.where}: {self.reason}"


def _day(held: Held[Any], given: dt.date | None, today: dt.date) -> dt.date:
    """The day of an example: its own, else today, else the nearest day on which the rule holds."""
    if given is not None:
        return given
    if today < held.effective.start:
        return held.effective.start
    return min(today, held.effective.end or today)


def _answers(pack: RulePack, held: Held[Any], today: dt.date) -> Iterator[tuple[str, str, str]]:
    """For each example what it should give, what it gives, and the rule that gives it."""
    if isinstance(held.form, JudgeForm):
        for example in held.form.examples:
            finding = Finding(example.finding, example.label, Span(0, 1, 0, 1), "en", "")
            verdict = judge(
                finding,
                pack=pack,
                speaker=example.speaker,
                channel=example.channel,
                as_of=_day(held, example.as_of, today),
                phase=example.phase,
            )
            yield example.effect, verdict.effect, verdict.rule_id
    elif isinstance(held.form, AdmissibilityForm):
        for case in held.form.examples:
            day = _day(held, case.as_of, today)
            ruling = admissibility(case.label, pack=pack, channel=case.channel, as_of=day)
            yield case.value, ruling.admissibility, ruling.rule_id


def run_examples(pack: RulePack, today: dt.date) -> Iterator[PackFailure]:
    """Failures of the examples of the pack's own top file.

    Each rule must also be the one that decides at least one of its examples, or it would never be used.
    """
    for held in pack.rules:
        if held.pack != pack.id or not getattr(held.form, "examples", None):
            continue
        where = f"policies/{held.pack}.yaml:{held.line}"
        decided = False
        for number, (wanted, got, rule) in enumerate(_answers(pack, held, today), 1):
            decided = decided or rule == held.id
            if got != wanted:
                reason = f"example {number} should give {wanted}, but {rule} gives {got}"
                yield PackFailure(where, held.id, reason)
        if not decided:
            yield PackFailure(where, held.id, "none of its examples is decided by the rule itself")


def test_packs(folder: Path | None = None, *, today: dt.date | None = None) -> tuple[int, list[str]]:
    """Load every pack and run all examples; returns the number of rules and one line for each failure."""
    day = today or dt.datetime.now(dt.UTC).date()
    root = pack_folder(folder)
    count = 0
    failures: list[str] = []
    for pack_id in list_packs(folder):
        if wrong := check_file(root / f"{pack_id}.yaml", pack_id):
            failures.extend(str(error) for error in wrong)
            continue
        shop, _, region = pack_id.partition("/")
        try:
            pack = get_pack(shop, region, day, folder=folder)
        except RuleError as error:
            failures.append(str(error))
            continue
        count += sum(held.pack == pack_id for held in pack.rules)
        failures.extend(str(failure) for failure in run_examples(pack, day))
    return count, failures


test_packs.__test__ = False  # type: ignore[attr-defined]  # a name that pytest would collect
