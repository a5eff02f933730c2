"""How good the classifier is on the test split: ``python -m models.evaluate``.

Prints per label and per language what rules alone, the classifier with rules (as served) and, when its folder is
given, the full-depth teacher find, and writes ``models/results.json``. The test split is by writers that were
neither learnt from nor tuned on.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.calibrate import calibration_error
from models.dataset import LABELS, Item, load
from models.measure import Counts, Prediction, Report, decided, report
from models.observe import observe
from models.train import ARTEFACT, Training, split
from screener.detect.acts.artefact import open_artefact
from screener.detect.acts.combine import manner_of
from screener.records import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.calibrate import Observed
    from screener.detect.acts.artefact import Manifest

__all__ = ["figures"]

RESULTS = Path(__file__).parent / "results.json"
STATEMENT_NAMES = tuple(label for label in LABELS if label in STATEMENTS)
RISK_NAMES = tuple(label for label in LABELS if label not in STATEMENTS)
NEAR_MISSES = (
    "negation", "question", "condition", "wish", "quotation", "sarcasm", "partial", "other_item", "politeness",
    "package_only", "shop_claim", "guess", "worked_then_failed", "other_speaker",
)  # fmt: skip


def _share(kinds: Sequence[str], labels: Sequence[str], items: Sequence[Item], found: Any) -> float:
    """Share of the messages of ``kinds`` in which any of ``labels`` was found that is not there."""
    chosen = [(item, f) for item, f in zip(items, found, strict=True) if item.kind in kinds]
    wrong = sum(any(label in f and label not in item.labels for label in labels) for item, f in chosen)
    return wrong / max(1, len(chosen))


def _mean_f1(made: Report, labels: Sequence[str]) -> float:
    return sum(made.labels[label].f1 for label in labels) / len(labels)


def figures(items: Sequence[Item], found: Sequence[Prediction]) -> dict[str, Any]:
    """The figures of one system."""
    made = report(items, found, LABELS)
    languages = sorted({item.language for item in items})
    per_language = {language: made.by_language[language, "no_defect"] for language in languages}
    spans = made.overlap["no_defect"]
    return {
        "no_defect_f1_mean_of_languages": sum(c.f1 for c in per_language.values()) / max(1, len(languages)),
        "no_defect_f1_worst_language": min((c.f1 for c in per_language.values()), default=0.0),
        "no_defect_precision": made.labels["no_defect"].precision,
        "near_misses_flagged_no_defect": _share(NEAR_MISSES, ("no_defect",), items, found),
        "no_defect_span_f1": sum(spans) / max(1, len(spans)),
        "other_statements_f1": _mean_f1(made, [name for name in STATEMENT_NAMES if name != "no_defect"]),
        "risks_f1": _mean_f1(made, RISK_NAMES),
        "contact_recall": made.labels["off_platform_contact"].recall,
        "everyday_flagged_risk": _share(("everyday",), RISK_NAMES, items, found),
        "refusals_flagged_risk": _share(("refusal",), RISK_NAMES, items, found),
        "lookalikes_flagged_risk": _share(("lookalike",), RISK_NAMES, items, found),
        **made.json(),
    }


def _manners(observed: Sequence[Observed], served: Sequence[Prediction], manifest: Manifest) -> dict[str, Counts]:
    """By manner, how well it is told that somebody speaks of the goods without asserting that they are fine."""
    counts = {name: Counts() for name in manifest.manners}
    for o, found in zip(observed, served, strict=True):
        read = not o.cleared and "no_defect" not in found
        told = manner_of(o.reading, o.item.speaker, manifest) if read else None
        for name, count in counts.items():
            count.add(o.item.kind == name, told == name)
    return counts


def _print(systems: dict[str, dict[str, Any]]) -> None:
    click.echo(f"{'':34}" + "".join(f"{name:>12}" for name in systems))
    first = next(iter(systems.values()))
    for key, value in first.items():
        if isinstance(value, float):
            click.echo(f"{key:34}" + "".join(f"{100 * system[key]:>11.1f}%" for system in systems.values()))
    click.echo("")
    click.echo(f"{'F1 by label':34}" + "".join(f"{name:>12}" for name in systems) + f"{'messages':>10}{'span F1':>9}")
    last = list(systems.values())[-1]
    for label in LABELS:
        cells = "".join(f"{100 * system['labels'][label]['f1']:>11.1f}%" for system in systems.values())
        own = last["labels"][label]
        click.echo(f"{label:34}{cells}{own['messages']:>10}{100 * own['span_f1']:>8.1f}%")
    click.echo("")
    languages = sorted({key.partition("/")[0] for key in last["languages"]})
    click.echo(
        "no_defect F1 by language: "
        + ", ".join(
            f"{language} {100 * last['languages'][f'{language}/no_defect']['f1']:.0f}" for language in languages
        )
    )


def _base_alone(work: Path, items: Sequence[Item]) -> dict[str, dict[str, Any]]:
    """Figures of the baselines."""
    from models.baselines import embed, frozen_head, prototypes

    training = Training(work, None)
    model = training.untrained()
    learn, tune, measure = (
        (part, embed(model, training.tokenizer, part))
        for part in (split(training.items, "train"), split(training.items, "dev"), items)
    )
    return {
        "prototypes": figures(items, prototypes(learn, tune, measure)),
        "linear": figures(items, frozen_head(learn, tune, measure)),
    }


@click.command()
@click.option("--artefact", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ARTEFACT)
@click.option("--teacher", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the teacher.")
@click.option(
    "--work",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the training: adds what the base encoder alone can do.",
)
@click.option("--part", type=click.Choice(["test", "dev"]), default="test", show_default=True)
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="List the mistakes (of dev only).")
def main(artefact: Path, teacher: Path | None, work: Path | None, part: str, errors: Path | None) -> None:
    """Evaluate on the test split."""
    items = split(load(), part)
    manifest = open_artefact(artefact).manifest
    decisions = manifest.decisions
    observed = observe(items, artefact)
    served = [decided(o, decisions) for o in observed]
    systems = {"rules": figures(items, [dict.fromkeys(o.ruled, (0, 0)) for o in observed])}
    if work is not None:
        systems |= _base_alone(work, items)
    if teacher is not None:
        full = open_artefact(teacher).manifest.decisions
        systems["teacher"] = figures(items, [decided(o, full) for o in observe(items, teacher)])
    systems["served"] = figures(items, served)
    _print(systems)
    ungated = [decided(replace(o, cleared=False), decisions) for o in observed]
    loss = {
        label: sum(
            label in u and label not in s and label in o.item.labels
            for u, s, o in zip(ungated, served, observed, strict=True)
        )
        for label in LABELS
    }
    told = ", ".join(f"{label} {n}" for label, n in loss.items() if n) or "nothing"
    cleared = sum(o.cleared for o in observed if not o.item.labels)
    innocent = sum(not o.item.labels for o in observed)
    click.echo(f"the gate clears {cleared} of {innocent} messages without labels and loses {told}")
    manners = _manners(observed, served, manifest)
    for name, count in manners.items():
        click.echo(f"not asserted, {name:24} precision {100 * count.precision:.0f}%, recall {100 * count.recall:.0f}%")
    error = calibration_error(observed, LABELS, decisions)
    click.echo(f"expected calibration error: {error:.3f}; {len(items)} messages")
    if part == "test":
        not_asserted = {name: {"precision": c.precision, "recall": c.recall} for name, c in manners.items()}
        plain = {"messages": len(items), "calibration_error": error, "systems": systems, "not_asserted": not_asserted}
        RESULTS.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    if errors is not None and part == "dev":
        with errors.open("w", encoding="utf-8") as file:
            for item, found in zip(items, served, strict=True):
                if set(found) != item.labels:
                    wrong, missed = sorted(set(found) - item.labels), sorted(item.labels - set(found))
                    file.write(f"{item.id}\t{item.kind}\twrong {wrong}\tmissed {missed}\t{item.context}\t{item.text}\n")


if __name__ == "__main__":
    main()
