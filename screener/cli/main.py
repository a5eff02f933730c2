"""``screener``: the command group. Subcommands are imported only when they are called: hooks start often."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Final

import click

from screener.errors import ScreenerError

__all__ = ["cli", "main"]

_COMMANDS: Final = {
    "check": ("screener.cli.check", "Screen a draft or message before it is sent."),
    "scan": ("screener.cli.scan", "Screen chat exports: files, folders, globs."),
    "label": ("screener.cli.label", "Label messages: JSON lines in, JSON lines out."),
    "evidence": ("screener.cli.evidence", "Seal a conversation and what it proves into a pack."),
    "verify": ("screener.cli.evidence", "Check a sealed pack offline."),
    "statements": ("screener.cli.statements", "Follow the buyer's statements through conversations."),
    "serve": ("screener.cli.serve", "Serve the HTTP API and the LanguageTool protocol."),
    "lsp": ("screener.cli.lsp", "Serve editors: the Language Server Protocol."),
    "key": ("screener.cli.key", "Create, list and revoke API keys of the service."),
    "filing": ("screener.cli.filing", "Help with refusing a return: reasons, papers, deadlines, a note."),
    "case": ("screener.cli.case", "Keep track of refusals: deadline, papers, result."),
    "rules": ("screener.cli.rules", "List, show and test the rules."),
    "regions": ("screener.cli.regions", "List marketplaces and regions and what counts there."),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name, None) or module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="marketplace-screener", prog_name="screener")
def cli() -> None:
    """Screen seller-buyer chat: risky wording, the buyer's statements, and what they are worth where.

    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 wrong usage or unreadable input.
    """


def main() -> None:
    """Entry point: every error that has a code ends in one line and exit code 2."""
    try:
        code = cli(standalone_mode=False)
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except ScreenerError as error:
        click.echo(f"screener: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone (for instance `| head`): that is no error.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if os.environ.get("SCREENER_DEBUG"):
            raise
        # The type alone: messages of unforeseen errors may quote a chat.
        click.echo(f"screener: {ScreenerError('E901', kind=type(error).__name__)}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)
