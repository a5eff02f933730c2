"""What is done with cases: add, list, update, count, warn, export, remove."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from screener.cases.tables import Case, Event, EventKind, Status
from screener.errors import ScreenerError
from screener.writers.rows import safe_cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from screener.cases.rules import Rules, Warning_

__all__ = [
    "COLUMNS",
    "Raised",
    "case_dict",
    "counts",
    "due",
    "find",
    "outdated",
    "purge",
    "raised",
    "to_csv",
    "to_xlsx",
]

COLUMNS: Final = (
    "id", "status", "order_id", "marketplace", "region", "product", "reason", "amount", "currency", "opened_at",
    "due_at", "closed_at", "papers_missing", "pack", "result",
)  # fmt: skip


def find(database: Session, number: int) -> Case:
    """The case with this number.

    Raises:
        ScreenerError: E209 when there is none.

    """
    case = database.get(Case, number)
    if case is None:
        raise ScreenerError("E209", number=number)
    return case


def due(
    database: Session,
    *,
    status: Status | None = None,
    open_only: bool = False,
    before: dt.datetime | None = None,
    order: str | None = None,
) -> list[Case]:
    """Cases, those that are due first, those without a deadline last."""
    query = select(Case)
    if status is not None:
        query = query.where(Case.status == status)
    if open_only:
        query = query.where(Case.status.not_in([s for s in Status if s.closed]))
    if before is not None:
        query = query.where(Case.due_at <= before)
    if order is not None:
        query = query.where(Case.order_id == order)
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(database.scalars(query), key=lambda case: (case.due_at or far, case.id))


def case_dict(case: Case) -> dict[str, Any]:
    """A case as plain data; times are UTC, ISO 8601."""

    def when(moment: dt.datetime | None) -> str | None:
        return None if moment is None else moment.isoformat().replace("+00:00", "Z")

    return {
        "id": case.id,
        "status": str(case.status),
        "order_id": case.order_id,
        "marketplace": case.marketplace,
        "region": case.region,
        "product": case.product,
        "reason": case.reason,
        "amount": case.amount,
        "currency": case.currency,
        "opened_at": when(case.opened_at),
        "due_at": when(case.due_at),
        "closed_at": when(case.closed_at),
        "papers_missing": [paper.name for paper in case.papers if not paper.done],
        "papers_done": [paper.name for paper in case.papers if paper.done],
        "pack": case.pack,
        "result": case.result,
    }


def counts(cases: Sequence[Case]) -> dict[str, dict[str, int]]:
    """How many cases by status, reason, product and place, and how many were won by reason."""
    won = Counter(case.reason for case in cases if case.status == Status.WON)
    return {
        "status": dict(Counter(str(case.status) for case in cases)),
        "reason": dict(Counter(case.reason or "-" for case in cases).most_common()),
        "won_by_reason": dict(won.most_common()),
        "product": dict(Counter(case.product or "-" for case in cases).most_common()),
        "place": dict(Counter(f"{case.marketplace}/{case.region}" for case in cases).most_common()),
    }


@dataclass(frozen=True, slots=True)
class Raised:
    """A warning whose condition holds, with the number that made it so."""

    rule: Warning_
    value: float


def raised(database: Session, rules: Rules, now: dt.datetime) -> list[Raised]:
    """The warnings that hold now."""
    events = list(database.scalars(select(Event).where(Event.at <= now).order_by(Event.at)))
    found = []
    for rule in rules.warnings:
        when = rule.when
        since = now - dt.timedelta(days=when.within_days)
        own = [e for e in events if e.kind == when.event and when.severity in (None, e.severity)]
        recent = [e for e in own if e.at >= since]
        if when.at_least is not None and len(recent) >= when.at_least:
            found.append(Raised(rule, len(recent)))
        scores = [e.score for e in own if e.kind == EventKind.SCORE and e.score is not None]
        if when.below is not None and scores and scores[-1] < when.below:
            found.append(Raised(rule, scores[-1]))
    return found


def outdated(database: Session, rules: Rules, now: dt.datetime) -> list[Case]:
    """Cases that are past their retention."""
    limit = now - dt.timedelta(days=rules.retention.days)
    return [
        case for case in due(database) if (case.closed_at or max(case.opened_at, case.due_at or case.opened_at)) < limit
    ]


def purge(database: Session, cases: Sequence[Case], now: dt.datetime) -> dict[str, Any]:
    """Remove cases; the receipt tells how many and which, by a hash that only who knows a case can make."""
    rows = [json.dumps(case_dict(case), sort_keys=True) for case in cases]
    for case in cases:
        database.delete(case)
    return {
        "removed_at": now.isoformat().replace("+00:00", "Z"),
        "cases": len(rows),
        "sha256": [hashlib.sha256(row.encode()).hexdigest() for row in rows],
    }


def _rows(cases: Sequence[Case]) -> list[list[Any]]:
    made = []
    for case in cases:
        data = case_dict(case)
        data["papers_missing"] = "; ".join(data["papers_missing"])
        made.append([safe_cell(data[column]) for column in COLUMNS])
    return made


def to_csv(cases: Sequence[Case]) -> str:
    """A table; cells that a spreadsheet would run as a formula are made text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(cases))
    return out.getvalue()


def to_xlsx(cases: Sequence[Case]) -> bytes:
    """The same as a workbook, with all words as text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("cases")
    sheet.append(list(COLUMNS))
    for row in _rows(cases):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
