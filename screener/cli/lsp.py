"""``screener lsp``: the language server."""

from __future__ import annotations

import click

from screener.errors import ScreenerError


@click.command("lsp")
def command() -> None:
    """Speak the Language Server Protocol over standard input and output.

    Settings (initialisation options, or `screener` in the client's configuration): region, marketplace, locale,
    minimum (note, warn, block), classifier, fields. See docs/editors.md.
    """
    try:
        from screener.lsp import create_server
    except ImportError as error:
        raise ScreenerError("E501", feature="lsp", package=error.name or "pygls", extra="lsp") from None
    create_server().start_io()
