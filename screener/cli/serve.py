"""``screener serve``: the HTTP service."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import Any

import click

from screener.errors import ScreenerError

_folder = click.Path(exists=True, file_okay=False, path_type=Path)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((host.strip("[]"), port))
        # From here on callers wait instead of being refused while the rules are loaded.
        server.listen(2048)
    except OSError as error:
        server.close()
        raise ScreenerError("E207", host=host, port=port, reason=error.strerror or "failed") from None
    return server


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes any free port.")
@click.option("--marketplace", default="tiktok_shop", show_default=True, help="Assumed where a request names none.")
@click.option("--region", default="global", show_default=True, help="Assumed where a request names none.")
@click.option("--locale", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--classifier/--no-classifier", default=True, help="Ask the classifier besides the rules [--classifier].")
@click.option("--lexicons", type=_folder, help="Folder to use instead of the package's own; so is --policies.")
@click.option("--policies", type=_folder)
@click.option(
    "--keys", type=click.Path(dir_okay=False, path_type=Path), help="File of API keys; every request then needs one."
)
@click.option("--allow-origin", "origins", multiple=True, help="Web origin that may call (CORS, repeatable).")
@click.option("--allow-host", "hosts", multiple=True, help="Name under which the service is called (repeatable).")
@click.option("--rate", type=int, default=0, help="Requests a minute for each key or address [no limit].")
@click.option("--threads", type=int, default=0, help="Messages screened at the same time [one for each core].")
@click.option("--waiting", type=int, default=64, show_default=True, help="Requests that may wait; more get 503.")
@click.option("--timeout", type=float, default=20.0, show_default=True, help="Seconds for a body and for an answer.")
@click.option("--watch/--no-watch", default=True, help="Reload lexicons and packs when they change [--watch].")
def command(**given: Any) -> None:
    """Serve the HTTP API, the LanguageTool protocol and metrics. Stops on SIGTERM or Ctrl-C when all is answered.

    Without --keys only this machine can reach it.
    """
    try:
        import uvicorn

        from screener.api.app import create_app
        from screener.api.settings import Settings
    except ImportError as error:
        raise ScreenerError("E501", feature="serve", package=error.name or "fastapi", extra="api") from None

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = Settings(**given)
    server = _listen(settings.host, settings.port)
    app = create_app(settings)
    port = server.getsockname()[1]
    click.echo(f"Screener listens on http://{settings.host}:{port} (OpenAPI: /openapi.json)", err=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=30,
        limit_concurrency=None,
        h11_max_incomplete_event_size=1 << 16,
    )
    uvicorn.Server(config).run(sockets=[server])
