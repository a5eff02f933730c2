"""From nothing to the shipped artefact: ``python -m models.train`` (needs the extra ``train``).

Steps, each also alone (``python -m models.train --only student``): base, vocabulary, teacher, student, export,
calibrate. What a step made lies in ``--work`` and is not made again unless ``--again`` names the step; a teacher or
student that was cut off goes on after its last epoch.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import torch
import yaml
from tokenizers import Tokenizer

from models import base, calibrate, gate, public, simple, vocabulary
from models.augment import augment
from models.batches import Example, example
from models.dataset import LABELS, MANNERS, OUTPUTS, Item, load
from models.export import export
from models.fit import Plan, device, fit, supervised, taught
from models.measure import decided
from models.network import Classifier, from_base, shallow
from screener.detect.acts.artefact import ENCODER, FORMAT, GATE, MANIFEST, TOKENIZER, Decision, File, Manifest
from screener.detect.acts.combine import may_say, probability
from screener.detect.acts.encoding import pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.calibrate import Observed

__all__ = ["STEPS", "Training", "split"]

HERE = Path(__file__).parent
ARTEFACT = HERE / "artefact"
VERSION = "2026.11.2"
VOCABULARY = 64_000
STUDENT_LAYERS = (0, 4, 8, 11)
TEACHER = Plan(epochs=24, rate=2.5e-4, batch=16, layer_decay=0.95)
STUDENT = Plan(epochs=16, rate=4e-4, batch=16)
UNLABELLED = 500
GATE_HEARD = 2_500
"""Of each public set so many messages are read to fit the gate."""
SIMPLE_SHARE = 0.35
"""Of the simple messages an epoch takes so many, other ones each time."""


def split(items: Sequence[Item], part: str) -> list[Item]:
    """The items of ``train``, ``dev`` or ``test``, by writer (``splits.yaml``)."""
    writers = yaml.safe_load((HERE / "splits.yaml").read_text(encoding="utf-8"))[part]
    return [item for item in items if item.writer in writers]


@dataclass
class Training:
    """The steps over one work folder; ``data`` may hold the public sets."""

    work: Path
    data: Path | None

    @cached_property
    def items(self) -> list[Item]:
        """All labelled messages."""
        return load()

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The trimmed tokenizer."""
        return Tokenizer.from_file(str(self.work / TOKENIZER))

    def base(self) -> None:
        """Fetch the base by hash."""
        base.fetch(self.work)

    def vocabulary(self) -> None:
        """Choose the pieces to keep."""
        whole = base.read(base.fetch(self.work))
        texts = [text for item in self.items for text in (item.text, *(said for _, said in item.context))]
        if self.data is not None:
            texts += [text for chosen in public.SETS for _, text in public.texts(self.data, chosen)]
        keep = vocabulary.choose(whole, texts, VOCABULARY)
        (self.work / "keep.json").write_text(json.dumps(keep), encoding="utf-8")
        vocabulary.tokenizer([whole.pieces[i] for i in keep]).save(str(self.work / TOKENIZER))

    def _unlabelled(self, count: int = UNLABELLED, seed: int = 2) -> list[Item]:
        """Real talk: ``count`` messages of each public set."""
        if self.data is None:
            return []
        return [item for chosen in public.SETS for item in public.sample(self.data, chosen, count, seed)]

    def _examples(self, unlabelled: Sequence[Item] = ()) -> Callable[[int], list[Example]]:
        train = split(self.items, "train")
        negatives, known = public.negatives(self.data) if self.data is not None else ([], frozenset())
        easy = simple.everything()

        def of_epoch(epoch: int) -> list[Example]:
            rng = random.Random(7919 * epoch + 1)  # noqa: S311
            made = [example(self.tokenizer, augment(item, rng)) for item in train]
            made += [example(self.tokenizer, augment(item, rng), known) for item in negatives]
            some = rng.sample(easy, int(SIMPLE_SHARE * len(easy)))
            made += [example(self.tokenizer, augment(s.item, rng), s.known, marked=s.marked) for s in some]
            return made + [example(self.tokenizer, augment(item, rng), frozenset()) for item in unlabelled]

        return of_epoch

    def _full(self, weights: str | None = None) -> Classifier:
        keep = json.loads((self.work / "keep.json").read_text(encoding="utf-8"))
        model = from_base(base.read(base.fetch(self.work)), keep)
        if weights is not None:
            model.load_state_dict(torch.load(self.work / weights, weights_only=True))
        return model

    def untrained(self) -> Classifier:
        """The full-depth classifier as the base gives it."""
        return self._full()

    def _train(
        self, name: str, model: Classifier, plan: Plan, loss: Any, examples: Callable[[int], list[Example]]
    ) -> None:
        fit(model, examples, loss, plan, checkpoint=self.work / f"{name}.checkpoint.pt", say=click.echo)
        torch.save(model.cpu().state_dict(), self.work / f"{name}.pt")
        (self.work / f"{name}.checkpoint.pt").unlink(missing_ok=True)

    def teacher(self) -> None:
        """Fine-tune the full-depth encoder on the labelled messages."""
        self._train("teacher", self._full(), TEACHER, supervised, self._examples())

    def student(self) -> None:
        """Distil the shallow encoder from the teacher."""
        teacher = self._full("teacher.pt").to(device()).eval()
        model = shallow(teacher, STUDENT_LAYERS)
        self._train("student", model, STUDENT, taught(teacher), self._examples(self._unlabelled()))

    def export(self) -> None:
        """Write the student, and for comparison the teacher, as int8 ONNX."""
        teacher = self._full("teacher.pt")
        student = shallow(teacher, STUDENT_LAYERS)
        student.load_state_dict(torch.load(self.work / "student.pt", weights_only=True))
        for name, model in (("student", student), ("teacher", teacher)):
            folder = self.work / name
            folder.mkdir(exist_ok=True)
            export(model, folder / ENCODER)
            shutil.copyfile(self.work / TOKENIZER, folder / TOKENIZER)

    def calibrate(self) -> None:
        """Fit the decisions on the dev split, as served, and put the artefact together."""
        from models.observe import observe

        neutral = {label: Decision(1.0, 0.0, 0.0, 0.5, 0.3) for label in OUTPUTS}
        dev = split(self.items, "dev")
        for name in ("teacher", "student"):
            folder = self.work / name
            (folder / GATE).unlink(missing_ok=True)  # what an earlier gate clears must be read to be measured
            write_manifest(folder, neutral, self._trained())
            observed = observe(dev, folder)
            decisions = calibrate.fit_decisions(observed, OUTPUTS)
            error = calibrate.calibration_error(observed, LABELS, decisions)
            click.echo(f"{name}: expected calibration error on dev {error:.3f}")
            if name == "student":
                self._gate(folder, observed, decisions)
            write_manifest(folder, decisions, self._trained())
        ARTEFACT.mkdir(exist_ok=True)
        for file in (ENCODER, TOKENIZER, GATE, MANIFEST):
            shutil.copyfile(self.work / "student" / file, ARTEFACT / file)

    def _gate(self, folder: Path, observed: Sequence[Observed], decisions: dict[str, Decision]) -> None:
        """Fit the gate on what the student finds, and its limit on what it rightly finds in the dev split."""
        from models.observe import observe

        heard = self._unlabelled(GATE_HEARD, seed=3)
        known = [*split(self.items, "train"), *(source.item for source in simple.everything())]
        write_manifest(folder, decisions, self._trained())
        rows = [(o.item, bool(o.item.marks or found(o, decisions))) for o in observe([*known, *heard[::2]], folder)]
        fitted = gate.fit_gate(self.tokenizer, rows)
        right = [(o.item, decided(o, decisions).keys() & o.item.labels) for o in observed if not o.ruled]
        limit = gate.limit_for(fitted, self.tokenizer, right)
        gate.save(fitted, limit, folder / GATE)
        innocent = [o.item for o in observe(heard[1::2], folder) if not found(o, decisions)]
        cleared = sum(fitted.score(pieces(self.tokenizer, i.text).ids, i.speaker) < limit for i in innocent)
        click.echo(f"gate: clears {cleared} of {len(innocent)} messages of real talk in which nothing is found")

    def _trained(self) -> dict[str, str | int | float]:
        return {
            "base": base.REQUIREMENT,
            "base_sha256": base.SHA256,
            "layers": len(STUDENT_LAYERS),
            "vocabulary": VOCABULARY,
            **{f"{part}_messages": len(split(self.items, part)) for part in ("train", "dev", "test")},
        }


def found(observed: Observed, decisions: dict[str, Decision]) -> frozenset[str]:
    """The labels that the classifier alone finds, unsure ones included."""
    return frozenset(
        label
        for number, label in enumerate(LABELS)
        if may_say(label, observed.item.speaker)
        and probability(decisions[label], float(observed.reading.logits[number]), rule=False) >= decisions[label].unsure
    )


def write_manifest(folder: Path, decisions: dict[str, Decision], trained: dict[str, str | int | float]) -> None:
    """Describe the files of an artefact folder, hashes included."""
    import msgspec

    files = {}
    for name in (ENCODER, TOKENIZER, GATE):
        if not (folder / name).exists():
            continue
        content = (folder / name).read_bytes()
        files[name] = File(len(content), hashlib.sha256(content).hexdigest())
    manifest = Manifest(FORMAT, VERSION, list(LABELS), files, decisions, trained, list(MANNERS))
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (folder / MANIFEST).write_bytes(text + b"\n")


STEPS: dict[str, str] = {
    "base": "e5-small-q4.bin",
    "vocabulary": TOKENIZER,
    "teacher": "teacher.pt",
    "student": "student.pt",
    "export": f"student/{ENCODER}",
    "calibrate": "",
}
"""Each step with the file that says it is done."""


@click.command()
@click.option(
    "--work", type=click.Path(file_okay=False, path_type=Path), default=HERE / "work", show_default="models/work"
)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the public sets."
)
@click.option("--only", type=click.Choice(list(STEPS)), help="Run just this step.")
@click.option("--again", type=click.Choice(list(STEPS)), help="Make this step and all after it anew.")
def main(work: Path, data: Path | None, only: str | None, again: str | None) -> None:
    """Train the classifier."""
    work.mkdir(parents=True, exist_ok=True)
    training = Training(work, data)
    names = list(STEPS)
    stale = names[names.index(again) :] if again else []
    for name in [only] if only else names:
        done = STEPS[name]
        if done and (work / done).exists() and name not in stale and only is None:
            click.echo(f"{name}: done before")
            continue
        click.echo(f"{name} …")
        getattr(training, name)()


if __name__ == "__main__":
    main()
