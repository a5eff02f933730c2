"""How far two annotators agree: ``python -m models.agreement``.

``models/second/<language>.jsonl`` holds how a second person labelled the dev and test messages, seeing text, speaker
and context but no marks: ``{"id": "5b1f…", "labels": ["no_defect"]}``. Cohen's kappa is printed per label and, for
``no_defect``, per language; results go to ``models/agreement.json``. ``--blind LANGUAGE`` prints what the second person
is given: shuffled and under other names, because writers go through the kinds of messages in order.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.dataset import LABELS, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.dataset import Item

__all__ = ["kappa", "masked", "second"]

HERE = Path(__file__).parent
FOLDER = HERE / "second"
RESULT = HERE / "agreement.json"
BLIND = frozenset("cd")
"""Writers of the dev and test splits."""


def kappa(pairs: Iterable[tuple[bool, bool]]) -> float:
    """Cohen's kappa of two yes-or-no annotations; 1 where both say the same of everything."""
    counts: defaultdict[tuple[bool, bool], int] = defaultdict(int)
    for pair in pairs:
        counts[pair] += 1
    total = sum(counts.values())
    agreed = (counts[True, True] + counts[False, False]) / total
    first, other = (sum(n for pair, n in counts.items() if pair[side]) / total for side in (0, 1))
    chance = first * other + (1 - first) * (1 - other)
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def second(folder: Path = FOLDER) -> dict[str, frozenset[str]]:
    """The second person's labels by masked message id.

    Raises:
        ValueError: an unknown label; the message names file and line.

    """
    made: dict[str, frozenset[str]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            labels = frozenset(row["labels"])
            if unknown := labels - set(LABELS):
                message = f"{path}:{number}: unknown label {min(unknown)!r}"
                raise ValueError(message)
            made[row["id"]] = labels
    return made


def masked(item: Item) -> str:
    """The name under which the second person knows a message: it tells neither writer nor kind."""
    return hashlib.sha256(item.id.encode()).hexdigest()[:12]


def _blind(items: Iterable[Item], language: str) -> None:
    for item in sorted(items, key=masked):
        if item.language == language:
            row = {"id": masked(item), "speaker": item.speaker, "context": item.context, "text": item.text}
            click.echo(json.dumps(row, ensure_ascii=False))


def _kappas(items: list[Item], other: Mapping[str, frozenset[str]]) -> dict[str, dict[str, float]]:
    def row(label: str, of: list[Item]) -> dict[str, float]:
        pairs = [(label in item.labels, label in other[masked(item)]) for item in of]
        return {
            "kappa": round(kappa(pairs), 3),
            "messages": len(of),
            "both": sum(a and b for a, b in pairs),
            "first_only": sum(a and not b for a, b in pairs),
            "second_only": sum(b and not a for a, b in pairs),
        }

    by_language: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_language[item.language].append(item)
    rows = {label: row(label, items) for label in LABELS}
    return rows | {f"no_defect, {name}": row("no_defect", of) for name, of in sorted(by_language.items())}


@click.command()
@click.option("--blind", metavar="LANGUAGE", help="Print the messages to annotate, without marks.")
@click.option("--show", is_flag=True, help="Print the messages on which the two disagree.")
def main(blind: str | None, show: bool) -> None:
    """Compare the two annotations of dev and test messages."""
    items = [item for item in load() if item.writer in BLIND]
    if blind is not None:
        _blind(items, blind)
        return
    other = second()
    items = [item for item in items if masked(item) in other]
    if not items:
        raise click.ClickException(f"nothing to compare: {FOLDER} holds no labels of dev or test messages")
    rows = _kappas(items, other)
    click.echo(f"{'':28}{'kappa':>7}{'messages':>10}{'both':>6}{'first':>7}{'second':>8}")
    for name, row in rows.items():
        click.echo(
            f"{name:28}{row['kappa']:>7.2f}{row['messages']:>10}{row['both']:>6}"
            f"{row['first_only']:>7}{row['second_only']:>8}"
        )
    if show:
        for item in items:
            if item.labels != other[masked(item)]:
                click.echo(f"{item.id} {sorted(item.labels)} / {sorted(other[masked(item)])}: {item.text}")
    RESULT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
