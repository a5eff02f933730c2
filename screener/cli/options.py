"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any, TypeVar

import click

from screener.records import Channel, Effect, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from screener.pipeline import Screener

__all__ = [
    "as_of_date",
    "channel_option",
    "classifier_option",
    "cores",
    "fail_on_option",
    "fails",
    "fallback_note",
    "policy_options",
    "speaker_option",
]

F = TypeVar("F", bound="Callable[..., Any]")


def as_of_date(_: click.Context, __: click.Parameter, value: str | None) -> dt.date | None:
    """Read ``--as-of`` as an ISO date."""
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a date as YYYY-MM-DD") from None


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def policy_options(function: F) -> F:
    """``--region --marketplace --as-of --locale --language --detector``."""
    options = [
        click.option("--region", default="global", show_default=True, help="Country or region, e.g. US, EU, ID."),
        click.option("--marketplace", default="tiktok_shop", show_default=True, help="See `screener regions`."),
        click.option("--as-of", callback=as_of_date, metavar="YYYY-MM-DD", help="Rules of this date [today]."),
        click.option("--locale", type=click.Choice(["en", "zh"]), default="en", help="Language of explanations."),
        click.option(
            "--language",
            "languages",
            multiple=True,
            help="Languages to assume for very short texts (repeatable).",
        ),
        click.option(
            "--detector",
            type=click.Choice(["eldc", "py3langid", "langdetect"]),
            default="eldc",
            help="Language detector [eldc].",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


classifier_option = click.option(
    "--classifier/--no-classifier",
    default=True,
    help="Ask the classifier besides the rules, or screen by rules alone [--classifier].",
)
speaker_option = click.option(
    "--speaker",
    type=click.Choice([speaker.value for speaker in Speaker]),
    default="seller",
    show_default=True,
    help="Who wrote the text.",
)
channel_option = click.option(
    "--channel",
    type=click.Choice([channel.value for channel in Channel]),
    default="in_app",
    show_default=True,
    help="How it travels.",
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["note", "warn", "block", "never"]),
    default="warn",
    show_default=True,
    help="Weakest effect that gives exit code 1.",
)


def fails(effect: Effect, fail_on: str) -> bool:
    """True when ``effect`` reaches the threshold given by ``--fail-on``."""
    return fail_on != "never" and effect.rank >= Effect(fail_on).rank


def fallback_note(screener: Screener) -> str:
    """What to tell a user whose region has no rules of its own; empty when it has."""
    fallback = screener.pack.fallback
    return "" if fallback is None else fallback.localised(screener.locale)
