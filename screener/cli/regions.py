"""``screener regions``: where the rules differ, and what counts as evidence there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from screener.cli.options import as_of_date

if TYPE_CHECKING:
    import datetime as dt


@click.command("regions")
@click.option("--marketplace", help="Only this marketplace.")
@click.option("--as-of", callback=as_of_date, metavar="YYYY-MM-DD", help="Rules of this date [today].")
@click.option("--locale", type=click.Choice(["en", "zh"]), default="en")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(marketplace: str | None, as_of: dt.date | None, locale: str, form: str) -> None:
    """List marketplaces and regions, and on which channels a buyer's statement counts there.

    Channels that are not named have the value shown for "other".
    """
    from dataclasses import asdict

    from screener.policy.packs import describe_regions

    described = describe_regions(locale, marketplace=marketplace, as_of=as_of)
    if form == "json":
        click.echo(json.dumps([asdict(item) for item in described], ensure_ascii=False, indent=1))
        return
    for item in described:
        click.echo(f"{item.pack:24} {item.name} - {item.rules} rules")
        by_value: dict[tuple[str, str], list[str]] = {}
        for channel in item.channels:
            by_value.setdefault((channel.value, channel.confidence), []).append(channel.channel)
        most = max(by_value, key=lambda key: len(by_value[key]), default=None)
        for key, channels in by_value.items():
            named = "other" if key == most and len(channels) > 4 else ", ".join(channels)
            click.echo(f"{'':24}   {named}: {key[0].replace('_', ' ')} ({key[1]})")
