"""Rule pack files → validated rules → the layers of one pack. Every mistake is told with file and line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from zoneinfo import available_timezones

from screener.errors import RuleError
from screener.policy.schema import (
    AdmissibilityForm,
    DeadlineForm,
    JudgeForm,
    NoteForm,
    PackForm,
    PaperForm,
    ReasonForm,
    RuleForm,
    WorthForm,
)
from screener.records import RISKS, STATEMENTS, Confidence, Source
from screener.yamlfile import Located, convert, parse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from screener.policy.schema import Effective

__all__ = ["Held", "PackFile", "check_file", "read_chain", "read_pack", "resolve"]

F = TypeVar("F", bound=RuleForm)
T = TypeVar("T")

_SECTIONS: Final[tuple[tuple[str, type[RuleForm]], ...]] = (
    ("rules", JudgeForm),
    ("admissibility", AdmissibilityForm),
    ("worth", WorthForm),
    ("reasons", ReasonForm),
    ("papers", PaperForm),
    ("deadlines", DeadlineForm),
    ("notes", NoteForm),
)

_FILING: Final = _SECTIONS[3:]


@dataclass(frozen=True, slots=True)
class Held(Generic[F]):
    """A rule together with what its file adds: pack, source, dates, place.

    ``depth`` counts the layers below it in the pack that was asked for; ``line`` counts from 1.
    """

    form: F
    pack: str
    source: Source
    excerpt: bool
    confidence: Confidence
    effective: Effective
    line: int
    depth: int = 0

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.form.id

    def holds(self, day: dt.date) -> bool:
        """True when the rule is in force on ``day``."""
        return self.effective.covers(day)


@dataclass(frozen=True, slots=True)
class PackFile:
    """One validated file, before inheritance."""

    id: str
    path: Path
    form: PackForm
    rules: tuple[Held[JudgeForm], ...]
    admissibility: tuple[Held[AdmissibilityForm], ...]
    worth: tuple[Held[WorthForm], ...]
    filing: tuple[Held[Any], ...]
    """Reasons, papers, deadlines and notes."""
    document: Located

    def all_rules(self) -> tuple[Held[Any], ...]:
        """Rules of all kinds, in order of the file's sections."""
        return (*self.rules, *self.admissibility, *self.worth, *self.filing)


class _Check:
    """Validates one file and keeps every mistake."""

    def __init__(self, path: Path, document: Located) -> None:
        self.path = path
        self.document = document
        self.errors: list[RuleError] = []

    def wrong(self, reason: str, hint: str, *steps: str | int) -> None:
        self.errors.append(self.document.error(reason, hint, *steps))

    def held(self, pack: PackForm, section: str, schema: type[F]) -> tuple[Held[F], ...]:
        found: list[Held[F]] = []
        for index, data in enumerate(getattr(pack, section)):
            try:
                form = convert(self.document, data, schema, section, index)
            except RuleError as error:
                self.errors.append(error)
                continue
            if (held := self._complete(pack, form, section, index)) is not None:
                found.append(held)
        return tuple(found)

    def _complete(self, pack: PackForm, form: F, section: str, index: int) -> Held[F] | None:
        """Add what the file's defaults say; tell what then is missing or does not fit."""
        before = len(self.errors)
        at = (section, index)
        source = form.source or pack.defaults.source
        confidence = form.confidence or pack.defaults.confidence
        effective = form.effective or pack.defaults.effective
        if isinstance(source, str):
            if source not in pack.sources:
                known = ", ".join(sorted(pack.sources)) or "none"
                self.wrong(f"unknown source {source!r}", f"name it under `sources` (there: {known})", *at, "source")
            source = pack.sources.get(source)
        elif source is None:
            self.wrong("the rule has no source", "add `source`, or one under `defaults`", *at)
        if confidence is None:
            self.wrong("the rule has no confidence", "add `confidence`, or one under `defaults`", *at)
        if effective is None:
            self.wrong("the rule has no dates", "add `effective: {from: YYYY-MM-DD}`", *at)
        elif effective.end is not None and effective.end < effective.start:
            self.wrong("the rule ends before it begins", "put the earlier day in `from`", *at, "effective")
        if confidence is Confidence.OFFICIAL and source is not None and not source.address:
            self.wrong("an official rule needs the address of the page", "add it, or say `reported`", *at, "confidence")
        self._fits(form, *at)
        if len(self.errors) > before or source is None or confidence is None or effective is None:
            return None
        record = Source(source.title, source.address, source.seen.isoformat())
        line = self.document.line(section, index, "id")
        return Held(form, pack.pack, record, source.excerpt, confidence, effective, line)

    def _fits(self, form: RuleForm, *at: str | int) -> None:
        if isinstance(form, NoteForm) and not all(name in form.wording for name in ("{date}", "{quote}")):
            self.wrong("the wording lacks {date} or {quote}", "name both", *at, "wording")
        if isinstance(form, DeadlineForm) and form.zone not in available_timezones():
            self.wrong(f"unknown time zone {form.zone!r}", "use an IANA name such as Asia/Bangkok", *at, "zone")
        labels = {"supported_by": getattr(form, "supported_by", []), "labels": getattr(form, "labels", [])}
        for field, given in labels.items():
            if not isinstance(form, JudgeForm) and (wrong := sorted(set(given) & RISKS)):
                choices = ", ".join(sorted(STATEMENTS))
                self.wrong(f"{wrong[0]} is no statement", f"only statements are evidence: {choices}", *at, field)

    def ids(self, pack: PackFile) -> None:
        """An id is given once, and starts with its pack unless it replaces an inherited rule."""
        seen: set[str] = set()
        own = pack.id.replace("/", ".") + "."
        for section, _ in _SECTIONS:
            for index, data in enumerate(getattr(pack.form, section)):
                name = data.get("id") if isinstance(data, dict) else None
                if not isinstance(name, str):
                    continue
                if name in seen:
                    self.wrong(f"the id {name} is given twice", "choose another id", section, index, "id")
                seen.add(name)
                if not name.startswith(own) and pack.form.inherits is None:
                    self.wrong(f"the id {name} does not start with {own}", "rename the rule", section, index, "id")


def _examine(path: Path, pack_id: str, text: str | None = None) -> tuple[PackFile | None, list[RuleError]]:
    try:
        document = parse(path.read_text(encoding="utf-8") if text is None else text, path)
        form = convert(document, document.data, PackForm)
    except OSError as error:
        return None, [RuleError("E101", path=path, reason=error.strerror or "it cannot be opened")]
    except UnicodeDecodeError as error:
        reason = f"the file is not UTF-8 (byte {error.start})"
        return None, [RuleError("E301", path=path, line=1, reason=reason, hint="save it as UTF-8")]
    except RuleError as error:
        return None, [error]
    check = _Check(path, document)
    if form.pack != pack_id:
        check.wrong(f"the file says pack {form.pack} but lies at {pack_id}", "make the two equal", "pack")
    pack = PackFile(
        id=pack_id,
        path=path,
        form=form,
        rules=check.held(form, "rules", JudgeForm),
        admissibility=check.held(form, "admissibility", AdmissibilityForm),
        worth=check.held(form, "worth", WorthForm),
        filing=tuple(held for section, schema in _FILING for held in check.held(form, section, schema)),
        document=document,
    )
    check.ids(pack)
    return pack, check.errors


def check_file(path: Path, pack_id: str) -> list[RuleError]:
    """Every mistake of one file, in the order in which they were found; empty when it is right."""
    return _examine(path, pack_id)[1]


def read_pack(path: Path, pack_id: str) -> PackFile:
    """Read and validate one file, without what it inherits.

    Raises:
        RuleError: E301 with the first mistake; its ``reason`` counts the others and names their lines.

    """
    pack, errors = _examine(path, pack_id)
    if not errors and pack is not None:
        return pack
    first = errors[0]
    if len(errors) > 1 and "line" in first.params:
        lines = ", ".join(str(e.params["line"]) for e in errors[1:9])
        more = f"{first.params['reason']} (and {len(errors) - 1} more, at line {lines})"
        first = RuleError("E301", **{**first.params, "reason": more})
    raise first


def read_chain(folder: Path, pack_id: str, read: Callable[[Path, str], PackFile] = read_pack) -> list[PackFile]:
    """The pack and all that it inherits, base first; ``read`` may be a ``read_pack`` that remembers.

    Raises:
        RuleError: E301 for a parent that does not exist, a cycle, an unknown id under ``disables``, or a
            rule whose id belongs to a pack that is not inherited.

    """
    chain: list[PackFile] = []
    child: PackFile | None = None
    name: str | None = pack_id
    while name is not None:
        if child is not None and name in {pack.id for pack in chain}:
            path = " → ".join([*(pack.id for pack in chain), name])
            raise child.document.error(f"inherits itself: {path}", "break the circle", "inherits")
        path_ = folder / f"{name}.yaml"
        if child is not None and not path_.is_file():
            raise child.document.error(f"inherits {name}, which does not exist", f"create {path_.name}", "inherits")
        child = read(path_, name)
        chain.append(child)
        name = child.form.inherits
    chain.reverse()
    known: set[str] = set()
    for pack in chain:
        for index, disabled in enumerate(pack.form.disables):
            if disabled not in known:
                reason = f"disables {disabled}, which no inherited pack has"
                raise pack.document.error(reason, "correct the id or remove it", "disables", index)
        own = pack.id.replace("/", ".") + "."
        for held in pack.all_rules():
            if not held.id.startswith(own) and held.id not in known:
                reason = f"the id {held.id} neither starts with {own} nor replaces an inherited rule"
                raise RuleError("E301", path=pack.path, line=held.line, reason=reason, hint="rename the rule")
            known.add(held.id)
        reasons = {name.rpartition(".")[2] for name in known if ".reason." in name}
        for held in pack.filing:
            if isinstance(held.form, PaperForm) and (unknown := sorted(set(held.form.reasons) - reasons)):
                hint = "name the last part of a reason's id"
                reason = f"{held.id} is for {unknown[0]}, a reason that no inherited pack has"
                raise RuleError("E301", path=pack.path, line=held.line, reason=reason, hint=hint)
    return chain


def resolve(chain: list[PackFile]) -> dict[str, Held[Any]]:
    """Rules by id after inheritance: a later layer replaces the rule of the same id or disables it."""
    rules: dict[str, Held[Any]] = {}
    for depth, pack in enumerate(chain):
        for disabled in pack.form.disables:
            rules.pop(disabled, None)
        for held in pack.all_rules():
            rules[held.id] = replace(held, depth=depth)
    return rules
