"""Options of commands that work on one conversation of an export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from screener.cli.options import fallback_note
from screener.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from screener.evidence.assemble import Case
    from screener.pipeline import Screener
    from screener.records import Conversation

__all__ = ["case_of", "conversation_options", "read_conversation_of"]

F = TypeVar("F", bound="Callable[..., Any]")


def conversation_options(function: F) -> F:
    """``EXPORT --order --conversation --seller --buyer --timezone --date-order --input-format``."""
    options = [
        click.argument("export", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--order", help="Only conversations that speak of this order."),
        click.option("--conversation", help="Only the conversation with this id."),
        click.option("--seller", "sellers", multiple=True, help="The shop's name or account in the chat (repeatable)."),
        click.option("--buyer", "buyers", multiple=True, help="The buyer's name or account (repeatable)."),
        click.option("--timezone", help="Zone of times that have none, e.g. Asia/Jakarta."),
        click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of ambiguous dates."),
        click.option("--input-format", help="Format of the export, if detection fails."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def read_conversation_of(given: dict[str, Any]) -> Conversation:
    """The conversation that these options name; warnings of its file go to standard error.

    Raises:
        InputError: E204 when nothing fits, and what reading an export raises.

    """
    from screener.evidence.assemble import of_order
    from screener.readers.base import ReadOptions
    from screener.readers.detect import read_export

    options = ReadOptions(
        seller=given["sellers"],
        buyer=given["buyers"],
        timezone=given["timezone"],
        date_order=given["date_order"],
        marketplace=given["marketplace"],
    )
    export = read_export(given["export"], options, given["input_format"])
    for warned in (*export.warnings, *export.broken):
        click.echo(str(warned), err=True)
    wanted = given["conversation"]
    conversations = [c for c in export.conversations if wanted is None or c.id == wanted]
    found = of_order(conversations, given["order"])
    if found is None:
        what = (
            f"no conversation {wanted!r}"
            if wanted is not None and not conversations
            else f"no message speaks of order {given['order']}"
        )
        raise InputError("E204", path=given["export"], reason=what)
    return found


def case_of(given: dict[str, Any], *, workers: int = 1) -> tuple[Case, Screener]:
    """The screened conversation that these options and those of the policy name, and what it was screened with.

    Raises:
        InputError: E204 when nothing fits, and what reading an export raises.

    """
    from screener.evidence.assemble import build_case
    from screener.pipeline import Screener

    screener = Screener(
        given["region"],
        given["marketplace"],
        as_of=given["as_of"],
        locale=given["locale"],
        languages=given["languages"],
        detector=given["detector"],
        classifier=given["classifier"],
    )
    if note := fallback_note(screener):
        click.echo(f"screener: {note}", err=True)
    return build_case(read_conversation_of(given), screener, order=given["order"], workers=workers), screener
