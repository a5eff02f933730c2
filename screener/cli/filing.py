"""``screener filing``: help with refusing a return, from an export and the marketplace's rule pack."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from screener.cli.conversation import case_of, conversation_options
from screener.cli.options import classifier_option, policy_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.evidence.filing import Amount

__all__ = ["amount_of", "command", "moment_of"]


def moment_of(_: click.Context, __: click.Parameter, value: str | None) -> dt.datetime | None:
    """Read an option as a time with its offset from UTC."""
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a time as 2026-11-20T09:30:00+07:00") from None
    if moment.tzinfo is None:
        raise click.BadParameter("add the offset from UTC, e.g. +07:00 or Z")
    return moment


def amount_of(_: click.Context, __: click.Parameter, value: str | None) -> Amount | None:
    """Read an option as a sum and a currency."""
    from screener.evidence.filing import Amount

    if value is None:
        return None
    number, _space, currency = value.partition(" ")
    try:
        return Amount(float(number), currency.strip().upper())
    except ValueError:
        raise click.BadParameter('give a sum and a currency, e.g. "120 USD"') from None


@click.command("filing")
@conversation_options
@policy_options
@classifier_option
@click.option(
    "--step",
    type=click.Choice(["request", "parcel"]),
    default="request",
    show_default=True,
    help="Refuse the request, or the parcel that came back.",
)
@click.option(
    "--asked-at", callback=moment_of, metavar="TIME", help="When the buyer's request came, with offset from UTC."
)
@click.option("--decided-at", callback=moment_of, metavar="TIME", help="When it was decided, for the appeal.")
@click.option("--amount", callback=amount_of, metavar='"120 USD"', help="What the order cost.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(**given: Any) -> None:
    """Which reasons the buyer's words support here, the papers they ask for, deadlines, and a note made of quotes."""
    from screener.evidence.filing import file_help, filing_dict

    case, screener = case_of(given)
    filing = file_help(
        case.statements,
        screener.pack,
        as_of=screener.as_of,
        step=given["step"],
        asked_at=given["asked_at"],
        decided_at=given["decided_at"],
        amount=given["amount"],
    )
    data = filing_dict(filing, screener.locale)
    if given["form"] == "json":
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for line in _lines(data):
        click.echo(line)


def _lines(data: dict[str, Any]) -> Iterator[str]:
    supported = [reason for reason in data["reasons"] if reason["supported_by"]]
    yield "reasons that the buyer's words support:" if supported else "no reason is supported by the buyer's words"
    for reason in supported:
        code = f" [{reason['code']}]" if reason["code"] else ""
        yield f"  {reason['name']}{code} ({reason['confidence']})"
        for one in reason["supported_by"]:
            yield f"    {one['label']} in message {one['message_id']}: {one['counts'].replace('_', ' ')}"
        for paper in reason["papers"]:
            when = "second appeal" if paper["second_appeal"] else "paper"
            yield f"    {when}: {paper['name']} ({paper['confidence']})"
    others = [reason["name"] for reason in data["reasons"] if not reason["supported_by"]]
    if others:
        yield "also listed, supported by nothing in the chat: " + "; ".join(others)
    if data["against"]:
        yield "speaks against the shop:"
        for one in data["against"]:
            yield f"    {one['label']} in message {one['message_id']}"
    if not data["deadlines"]:
        yield "deadlines: unknown; look at the case page"
    for one in data["deadlines"]:
        over = f" above {one['over']['value']:g} {one['over']['currency']}" if one["over"] else ""
        due = f", due {one['due']}" if one["due"] else ""
        yield f"deadline for {one['task']}{over}: {one['length']} {one['starts']}{due} ({one['confidence']})"
        if one["silence"]:
            yield f"    {one['silence']}"
    note = data["note"]
    if note["text"]:
        left = f", {note['left_out']} statement(s) left out" if note["left_out"] else ""
        yield f"note ({len(note['text'])} of {note['limit']} characters{left}):"
        yield f"  {note['text']}"
    yield "This is no legal advice."
