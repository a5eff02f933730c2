"""``screener statements``: conversations in, the buyer's statements with state, taint and worth out, as JSON lines."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screener.cli.jsonlines import numbered_lines, open_source
from screener.cli.options import classifier_option
from screener.errors import ScreenerError

if TYPE_CHECKING:
    from screener.pipeline import Screener


def _answer(line: str, path: str, number: int, screeners: dict[Any, Screener], classifier: bool) -> dict[str, Any]:
    from screener.evidence.assemble import statement_dict, unasserted_dict
    from screener.evidence.intake import read_line
    from screener.evidence.statements import follow, unasserted
    from screener.pipeline import Screener

    form, conversation = read_line(line, path, number)
    key = (form.region or "global", form.marketplace or "tiktok_shop", form.day)
    if key not in screeners:
        screeners[key] = Screener(key[0], key[1], as_of=key[2], classifier=classifier)
    screened = screeners[key].screen(conversation)
    return {
        "id": form.id,
        "statements": [statement_dict(statement) for statement in follow(screened)],
        "not_asserted": [unasserted_dict(one) for one in unasserted(screened)],
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
          "not_asserted": [{"message_id", "reason", …}], "gaps": ["deleted:ID", …]}

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
