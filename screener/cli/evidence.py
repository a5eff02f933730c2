"""``screener evidence`` and ``screener verify``: sealed packs, written and checked."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import click

from screener.cli.conversation import case_of, conversation_options
from screener.cli.options import classifier_option, cores, policy_options
from screener.errors import ScreenerError


@click.command("evidence")
@conversation_options
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder, or file that ends in .zip."
)
@policy_options
@classifier_option
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Ed25519 key (PEM) to sign with."
)
@click.option(
    "--redact", "profiles", multiple=True, type=click.Choice(["phone", "email", "link", "account", "address", "names"]),
    help="Write a shareable copy without these (repeatable); it has no source file and the same chain.",
)  # fmt: skip
@click.option("--pdf", is_flag=True, help="Also write the page as PDF beside the pack (extra pdf).")
@click.option("--timestamp-request", is_flag=True, help="Also write an RFC 3161 request beside the pack (.tsq).")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes for very long conversations [all cores].")
@click.option("--force", is_flag=True, help="Overwrite a pack of that name.")
def command(**given: Any) -> None:
    r"""Seal the conversation about an order, with what it proves, into a pack that anyone can verify.

    \b
    screener evidence chat.txt --region ID --seller "Toko Melati" --timezone Asia/Jakarta -o case.zip
    screener verify case.zip
    """
    from screener.evidence.assemble import contents_of
    from screener.evidence.pack import load_private_key, write_pack
    from screener.evidence.redact import Profile

    key = load_private_key(given["key"]) if given["key"] is not None else None
    case, _ = case_of(given, workers=given["workers"] or cores())
    profiles = [Profile(name) for name in given["profiles"]]
    contents = contents_of(case, given["export"], locale=given["locale"], profiles=profiles)
    digest = write_pack(contents, given["output"], key=key, force=given["force"])
    if given["pdf"]:
        from screener.evidence.view import write_pdf

        write_pdf(bytes(contents.files["view.html"]).decode("utf-8"), given["output"].with_suffix(".pdf"))
    if given["timestamp_request"]:
        _write_request(given["output"])
    for statement in case.statements:
        taints = ", ".join(sorted(taint.kind.value for taint in statement.taints))
        click.echo(
            f"{statement.worth.value:14} {statement.finding.label.value} by {statement.message.speaker.value}, "
            f"{statement.state.value}" + (f" ({taints})" if taints else "")
        )
    click.echo(f"{len(case.messages)} messages sealed in {given['output']}, manifest sha256 {digest}")


def _write_request(pack: Path) -> None:
    from screener.evidence.timestamp import request_for
    from screener.evidence.verify import manifest_of
    from screener.writers.atomic import whole_bytes

    target = pack.with_name(pack.name + ".tsq")
    with whole_bytes(target) as file:
        file.write(request_for(manifest_of(pack)))
    click.echo(f"{target}: send it to a time-stamp authority and keep the answer beside the pack")


@click.command("verify")
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@click.option("--key", help="Public Ed25519 key that must have signed it: base64, or a PEM file.")
@click.option(
    "--timestamp",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answer of a time-stamp authority (.tsr): must be about this pack.",
)
def verify(pack: Path, key: str | None, timestamp: Path | None) -> None:
    """Check a pack offline; exit code 1 and the first thing that differs when it was changed."""
    from screener.evidence.verify import verify_pack

    found = verify_pack(pack, public_key=None if key is None else _public_key(key))
    if not found.ok:
        click.echo(f"{pack}: CHANGED: {found.problem}")
        raise click.exceptions.Exit(1)
    signed = f"signed by {found.public_key}" if found.public_key else "not signed"
    redacted = ", redacted copy" if found.redacted else ""
    click.echo(f"{pack}: ok, {found.messages} messages, {found.files} files, {signed}{redacted}")
    if timestamp is not None:
        _check_stamp(pack, timestamp)


def _check_stamp(pack: Path, timestamp: Path) -> None:
    import hashlib

    from screener.evidence.timestamp import read_answer
    from screener.evidence.verify import manifest_of

    stamped = read_answer(timestamp.read_bytes())
    if stamped.sha256 != hashlib.sha256(manifest_of(pack)).hexdigest():
        click.echo(f"{pack}: CHANGED: the time stamp is about something else")
        raise click.exceptions.Exit(1)
    click.echo(f"time stamp of {stamped.time.isoformat()}; check its signature with `openssl ts -verify`")


def _public_key(given: str) -> bytes:
    try:
        path = Path(given)
        if path.exists():
            from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

            return load_pem_public_key(path.read_bytes()).public_bytes(Encoding.Raw, PublicFormat.Raw)
        raw = base64.b64decode(given, validate=True)
    except (ValueError, OSError) as error:
        raise ScreenerError("E203", path=given, reason=type(error).__name__) from None
    except ImportError:
        raise ScreenerError("E501", feature="signatures", package="cryptography", extra="evidence") from None
    if len(raw) != 32:
        raise ScreenerError("E203", path=given, reason="an Ed25519 key has 32 bytes")
    return raw
