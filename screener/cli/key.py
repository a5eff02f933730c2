"""``screener key``: API keys of the HTTP service."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from screener.errors import ScreenerError

_SCOPES = ("check", "screen", "evidence", "metrics")
_file = click.option(
    "--keys",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of keys [in the user's configuration folder].",
)


@click.group("key")
def command() -> None:
    """Create, list and revoke API keys; the file keeps only their hashes."""


@command.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(_SCOPES),
    default=("check", "screen"),
    show_default=True,
    help="What it may be used for (repeatable).",
)
@_file
def create(name: str, scopes: tuple[str, ...], path: Path | None) -> None:
    """Make a key and print it: it cannot be shown again."""
    from screener.api.keys import KeyFile, Scope, default_path

    file = KeyFile(path or default_path())
    click.echo(file.create(name, tuple(Scope(scope) for scope in scopes), dt.datetime.now(dt.UTC).date().isoformat()))
    click.echo(f"kept as a hash in {file.path}; give it to `screener serve --keys {file.path}`", err=True)


@command.command("list")
@_file
def list_(path: Path | None) -> None:
    """One line a key: id, scopes, date, name."""
    from screener.api.keys import KeyFile, default_path

    for key in KeyFile(path or default_path()).keys().values():
        click.echo(f"{key.id}  {','.join(key.scopes):30}  {key.created}  {key.name}")


@command.command("revoke")
@click.argument("key_id", metavar="ID")
@_file
def revoke(key_id: str, path: Path | None) -> None:
    """Make a key worthless at once, also in a service that runs."""
    from screener.api.keys import KeyFile, default_path

    if not KeyFile(path or default_path()).revoke(key_id):
        raise ScreenerError("E201", what="key", value=key_id, choices="the ids of `screener key list`")
    click.echo(f"{key_id} revoked")
