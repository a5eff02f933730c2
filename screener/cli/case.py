"""``screener case``: the tracker of after-sales cases."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screener.cli.filing import amount_of, moment_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from screener.evidence.filing import Amount

_STATUSES = ("open", "filed", "appealed", "won", "lost", "dropped")
_rules = click.option(
    "--rules", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Rules of your own (case_rules.yaml)."
)


@click.group("case")
@click.option("--db", metavar="URL", envvar="SCREENER_DB", help="Database [an SQLite file in the user's data folder].")
@click.pass_context
def command(context: click.Context, db: str | None) -> None:
    """Keep track of refusals: deadline, papers, result.

    --db is a database URL, e.g. sqlite:///cases.db or postgresql+psycopg://host/shop.
    """
    context.obj = db


def _in(context: click.Context, work: Callable[[Session], Any]) -> Any:
    from screener.cases.database import open_database, session

    engine = open_database(context.obj)
    try:
        with session(engine) as database:
            return work(database)
    finally:
        engine.dispose()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@command.command("add")
@click.option("--order", required=True, help="The order.")
@click.option("--marketplace", default="tiktok_shop", show_default=True)
@click.option("--region", required=True)
@click.option("--product", default="", help="What it is about.")
@click.option("--reason", default="", help="Id or last part of the id of a reason of the pack, or words of your own.")
@click.option("--asked-at", callback=moment_of, metavar="TIME", help="When the request came; gives the deadline.")
@click.option("--due", callback=moment_of, metavar="TIME", help="The deadline, if you know it.")
@click.option("--amount", callback=amount_of, metavar='"120 USD"', help="What the order cost.")
@click.option("--paper", "papers", multiple=True, help="A paper that is needed (repeatable) [those of the reason].")
@click.option("--pack", type=click.Path(path_type=Path), help="The sealed evidence pack.")
@click.pass_context
def add(context: click.Context, /, **given: Any) -> None:
    """Open a case. Deadline and papers come from the rule pack where it knows them."""
    from screener.cases.tables import Case, Paper, Status

    now = _now()
    reason, papers, due = _from_pack(given, now)
    amount: Amount | None = given["amount"]

    def work(database: Session) -> int:
        case = Case(
            order_id=given["order"],
            marketplace=given["marketplace"],
            region=given["region"],
            product=given["product"],
            reason=reason,
            status=Status.OPEN,
            amount=None if amount is None else amount.value,
            currency=None if amount is None else amount.currency,
            opened_at=given["asked_at"] or now,
            due_at=given["due"] or due,
            pack="" if given["pack"] is None else str(given["pack"]),
            result="",
            papers=[Paper(name=name, done=False) for name in given["papers"] or papers],
        )
        database.add(case)
        database.flush()
        return case.id

    number = _in(context, work)
    when = given["due"] or due
    click.echo(f"case {number}, due {when.isoformat() if when else 'unknown'}")


def _from_pack(given: dict[str, Any], now: dt.datetime) -> tuple[str, list[str], dt.datetime | None]:
    """Reason, papers and deadline as the rule pack knows them."""
    from screener.evidence.filing import file_help
    from screener.policy.packs import get_pack

    pack = get_pack(given["marketplace"], given["region"])
    wanted = given["reason"]
    filings = [
        file_help(
            [],
            pack,
            as_of=(given["asked_at"] or now).date(),
            step=step,
            asked_at=given["asked_at"],
            amount=given["amount"],
        )
        for step in ("request", "parcel")
    ]
    due = min((d.due for d in filings[0].deadlines if d.held.form.task == "review" and d.due), default=None)
    for filing in filings:
        for reason in filing.reasons:
            if wanted and wanted in (reason.held.id, reason.held.id.rpartition(".")[2], reason.held.form.code):
                names = [paper.held.form.name.en for paper in reason.papers if not paper.second]
                return reason.held.id, names, due
    return wanted, [], due


@command.command("list")
@click.option("--open", "open_only", is_flag=True, help="Only cases that are not closed.")
@click.option("--status", type=click.Choice(_STATUSES))
@click.option("--order", help="Only cases of this order.")
@click.option("--due-within", type=float, metavar="DAYS", help="Only cases due within so many days, or overdue.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv", "xlsx"]), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file; needed for xlsx.")
@click.pass_context
def list_(
    context: click.Context,
    open_only: bool,
    status: str | None,
    order: str | None,
    due_within: float | None,
    form: str,
    output: Path | None,
) -> None:
    """Cases, those that are due first."""
    from screener.cases import tracker
    from screener.cases.tables import Status
    from screener.writers.atomic import whole_bytes

    if form == "xlsx" and output is None:
        raise click.UsageError("--format xlsx needs -o FILE")
    now = _now()
    before = None if due_within is None else now + dt.timedelta(days=due_within)

    def work(database: Session) -> bytes:
        chosen = None if status is None else Status(status)
        cases = tracker.due(database, status=chosen, open_only=open_only, before=before, order=order)
        if form == "xlsx":
            return tracker.to_xlsx(cases)
        if form == "csv":
            return tracker.to_csv(cases).encode("utf-8-sig")
        rows = [tracker.case_dict(case) for case in cases]
        if form == "json":
            return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
        return "".join(_line(row, now) + "\n" for row in rows).encode()

    content = _in(context, work)
    if output is None:
        click.echo(content.decode("utf-8-sig"), nl=False)
        return
    with whole_bytes(output) as file:
        file.write(content)


def _line(row: dict[str, Any], now: dt.datetime) -> str:
    due = row["due_at"] or "no deadline known"
    late = row["due_at"] is not None and row["closed_at"] is None and dt.datetime.fromisoformat(row["due_at"]) < now
    missing = f"; missing: {', '.join(row['papers_missing'])}" if row["papers_missing"] and not row["closed_at"] else ""
    return (
        f"{row['id']:>4}  {row['status']:8}  {'OVERDUE ' if late else ''}{due}  {row['marketplace']}/{row['region']}  "
        f"order {row['order_id']}  {row['product']}  {row['reason']}{missing}"
    )


@command.command("update")
@click.argument("number", type=int)
@click.option("--status", type=click.Choice(_STATUSES))
@click.option("--due", callback=moment_of, metavar="TIME")
@click.option("--done", "done", multiple=True, help="A paper that is there now (repeatable).")
@click.option("--paper", "papers", multiple=True, help="A further paper that is needed (repeatable).")
@click.option("--reason")
@click.option("--product")
@click.option("--result", help="What came of it.")
@click.option("--pack", type=click.Path(path_type=Path))
@click.pass_context
def update(context: click.Context, /, number: int, **given: Any) -> None:
    """Change a case."""
    from screener.cases import tracker
    from screener.cases.tables import Paper, Status
    from screener.errors import ScreenerError

    def work(database: Session) -> dict[str, Any]:
        case = tracker.find(database, number)
        for field in ("reason", "product", "result"):
            if given[field] is not None:
                setattr(case, field, given[field])
        if given["pack"] is not None:
            case.pack = str(given["pack"])
        if given["due"] is not None:
            case.due_at = given["due"]
        if given["status"] is not None:
            case.status = Status(given["status"])
            case.closed_at = _now() if case.status.closed else None
        case.papers.extend(Paper(name=name, done=False) for name in given["papers"])
        for name in given["done"]:
            paper = next((p for p in case.papers if p.name == name), None)
            if paper is None:
                known = ", ".join(p.name for p in case.papers) or "none"
                raise ScreenerError("E201", what="paper", value=name, choices=known)
            paper.done = True
        return tracker.case_dict(case)

    click.echo(_line(_in(context, work), _now()))


@command.command("event")
@click.argument("kind", type=click.Choice(["violation", "score"]))
@click.option("--marketplace", default="tiktok_shop", show_default=True)
@click.option("--severity", default="", help="Of a violation, in the marketplace's words, e.g. major.")
@click.option("--score", type=float, help="The score that is shown now.")
@click.option("--at", callback=moment_of, metavar="TIME", help="When [now].")
@click.pass_context
def event(
    context: click.Context, kind: str, marketplace: str, severity: str, score: float | None, at: dt.datetime | None
) -> None:
    """Note a violation or a score that the marketplace showed."""
    from screener.cases.tables import Event, EventKind

    if (kind == "score") != (score is not None):
        raise click.UsageError("--score goes with `event score`, and with nothing else")
    row = Event(
        kind=EventKind(kind), at=at or _now(), marketplace=marketplace, severity=severity, score=score, details={}
    )
    _in(context, lambda database: database.add(row))
    click.echo(f"{kind} noted")


@command.command("stats")
@_rules
@click.option("--locale", type=click.Choice(["en", "zh"]), default="en")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def stats(context: click.Context, rules: Path | None, locale: str, form: str) -> None:
    """Counts by status, reason and product, and warnings."""
    from screener.cases import tracker
    from screener.cases.rules import read_rules

    known = read_rules(rules)

    def work(database: Session) -> dict[str, Any]:
        warnings = [
            {
                "id": one.rule.id,
                "value": one.value,
                "text": one.rule.text.localised(locale),
                "confidence": one.rule.confidence.value,
                "source": one.rule.source,
            }
            for one in tracker.raised(database, known, _now())
        ]
        return {**tracker.counts(tracker.due(database)), "warnings": warnings}

    data = _in(context, work)
    if form == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for name, numbers in data.items():
        if name == "warnings":
            for one in numbers:
                click.echo(f"WARNING ({one['confidence']}) {one['text']} [{one['value']:g}; {one['source']}]")
        elif numbers:
            click.echo(f"{name.replace('_', ' ')}: " + ", ".join(f"{key} {count}" for key, count in numbers.items()))


@command.command("purge")
@_rules
@click.option("--yes", is_flag=True, help="Remove them; otherwise they are only listed.")
@click.option("--receipt", type=click.Path(dir_okay=False, path_type=Path), help="Where to write what was removed.")
@click.pass_context
def purge(context: click.Context, rules: Path | None, yes: bool, receipt: Path | None) -> None:
    """List cases past their retention, or remove them with a receipt."""
    from screener.cases import tracker
    from screener.cases.rules import read_rules
    from screener.writers.atomic import whole_text

    if yes and receipt is None:
        raise click.UsageError("--yes needs --receipt FILE")
    known = read_rules(rules)

    def work(database: Session) -> tuple[list[str], dict[str, Any] | None]:
        now = _now()
        old = tracker.outdated(database, known, now)
        lines = [_line(tracker.case_dict(case), now) for case in old]
        if not yes or receipt is None:
            return lines, None
        made = tracker.purge(database, old, now)
        # Within the transaction: without a receipt nothing is removed.
        with whole_text(receipt) as file:
            file.write(json.dumps(made, indent=1) + "\n")
        return lines, made

    lines, made = _in(context, work)
    for line in lines:
        click.echo(line)
    what = "removed" if made is not None else f"past {known.retention.days} days; --yes --receipt FILE removes them"
    click.echo(f"{len(lines)} case(s) {what}")
