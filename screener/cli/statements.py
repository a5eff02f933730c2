"""``screener statements``: conversations in, the buyer's statements with state, taint and worth out, as JSON lines."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from screener.cli.jsonlines import numbered_lines, open_source
from screener.cli.options import classifier_option
from screener.errors import InputError, ScreenerError
from screener.records import Channel, Conversation, Message, Speaker

if TYPE_CHECKING:
    from screener.pipeline import Screener


class _Message(msgspec.Struct):
    id: str | int
    text: str | None = ""
    speaker: str = "unknown"
    channel: str = "in_app"
    sent_at: str | None = None
    order_id: str | int | None = None
    edited: bool = False
    deleted: bool = False
    bot: bool = False


class _Conversation(msgspec.Struct):
    id: str | int
    messages: list[_Message]
    marketplace: str = "tiktok_shop"
    region: str = "global"
    as_of: str | None = None


def _time(value: str | None) -> dt.datetime | None:
    if value is None:
        return None
    moment = dt.datetime.fromisoformat(value)
    return moment.astimezone(dt.UTC) if moment.tzinfo is not None else None


def _message(form: _Message, conversation: str) -> Message:
    return Message(
        id=str(form.id),
        text=form.text or "",
        speaker=Speaker(form.speaker),
        channel=Channel(form.channel),
        sent_at=_time(form.sent_at),
        local_time=form.sent_at,
        conversation_id=conversation,
        order_id=None if form.order_id is None else str(form.order_id),
        edited=form.edited,
        deleted=form.deleted,
        automated=form.bot,
    )


def _read(line: str, path: str, number: int) -> tuple[_Conversation, Conversation, dt.date | None]:
    try:
        form = msgspec.convert(json.loads(line), _Conversation)
        messages = tuple(_message(one, str(form.id)) for one in form.messages)
        day = None if form.as_of is None else dt.date.fromisoformat(form.as_of[:10])
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "not a conversation of the expected form"
        raise InputError("E107", path=path, place=f"line {number}", reason=reason) from None
    return form, Conversation(str(form.id), messages), day


def _answer(line: str, path: str, number: int, screeners: dict[Any, Screener], classifier: bool) -> dict[str, Any]:
    from screener.evidence.assemble import statement_dict
    from screener.evidence.statements import follow
    from screener.pipeline import Screener

    form, conversation, day = _read(line, path, number)
    key = (form.region, form.marketplace, day)
    if key not in screeners:
        screeners[key] = Screener(form.region, form.marketplace, as_of=day, classifier=classifier)
    statements = follow(screeners[key].screen(conversation))
    return {
        "id": form.id,
        "statements": [statement_dict(statement) for statement in statements],
        "gaps": [f"deleted:{message.id}" for message in conversation.messages if message.deleted],
    }


@click.command("statements")
@click.argument("source", metavar="IN.jsonl", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file [standard output].")
@click.option("--strict", is_flag=True, help="Stop at the first bad line instead of reporting it.")
@classifier_option
def command(source: str, output: Path | None, strict: bool, classifier: bool) -> None:
    r"""Follow the buyer's statements through conversations, one conversation a line.

    \b
    In:  {"id", "marketplace", "region", "as_of"?, "messages": [{"id", "speaker", "channel", "sent_at", "text",
          "order_id"?, "edited"?, "deleted"?, "bot"?}]}
    Out: {"id", "statements": [{"message_id", "label", "state", "taints", "order_id", "counts", "rule", …}],
          "gaps": ["deleted:ID", …]}

    Bad lines are reported with their number; exit code 2 if there were any.
    """
    import sys

    from screener.writers.atomic import whole_text

    bad = 0
    screeners: dict[Any, Screener] = {}
    target: Any = nullcontext(sys.stdout) if output is None else whole_text(output)
    with open_source(source) as lines, target as out:
        for number, line in numbered_lines(lines, source):
            try:
                answer = _answer(line, source, number, screeners, classifier)
            except ScreenerError as error:
                if strict:
                    raise
                bad += 1
                click.echo(f"screener: line {number}: {error}", err=True)
                continue
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if bad:
        raise click.exceptions.Exit(2)
