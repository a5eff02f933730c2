"""E-mail addresses and links, also spelt out (``shop dot example dot com``, ``name（at）mail.com``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate
from screener.detect.contacts.hosts import host_lists
from screener.detect.contacts.reading import Reading
from screener.detect.contacts.spelt import spelt_out
from screener.detect.contacts.suffixes import registered
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from screener.detect.message import Prepared

__all__ = ["addresses"]

# Accented Latin, Greek and Cyrillic letters may be part of a host; scripts without spaces would swallow the
# sentence around it.
_ALNUM: Final = "a-z0-9\u00df-\u024f\u0370-\u04ff\u1ea0-\u1eff"
_LABEL: Final = rf"[{_ALNUM}](?:[{_ALNUM}-]{{0,61}}[{_ALNUM}])?"
_MAIL_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(
    rf"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{{0,63}}@(?:(?P<host>(?:{_MAIL_LABEL}\.){{1,4}}[a-z]{{2,24}})(?![a-z0-9-])"
    rf"|(?P<service>{_MAIL_LABEL})(?![a-z0-9@-]|\.[a-z0-9]))"
)
_PATH: Final = r"""(?:/[!#$%&(-;=?-~]{0,500})?"""
_HOST = re.compile(
    rf"(?P<scheme>(?:h[tx*]{{2}}ps?\s?\[?:\]?\s?/{{1,2}}\s?)?)(?<![{_ALNUM}@_.-])"
    rf"(?P<host>(?:{_LABEL}\.){{1,8}}[a-z\u00df-\u024f\u0370-\u04ff][{_ALNUM}-]{{1,23}})(?![{_ALNUM}@_])"
    rf"(?P<port>(?::\d{{2,5}})?)(?P<path>{_PATH})"
)
_FAR_HOST = re.compile(r"(?:h[tx*]{2}ps?://|www\.)(?P<host>[^\W_][\w.-]{1,100}\.[^\W\d_]{2,24})" + _PATH)
_IP = re.compile(
    r"(?<![\w.:])(?P<scheme>(?:h[tx*]{2}ps?://)?)(?P<host>\d{1,3}(?:\.\d{1,3}){3})(?![\d.])(?P<port>(?::\d{2,5})?)(?P<path>"
    + _PATH
    + ")"
)
_DOTTED = re.compile(r"[^\W_]\.[^\W_]")
_WORD_WINDOW: Final = 32
_TRAILING: Final = ".,;:!?)]}'\"-~*"
_NEXT_WORD = re.compile(r"\s[^\W\d_]")


def _readings(message: Prepared) -> Iterator[Reading]:
    for view in message.views:
        if view.name in ("folded", "squeezed"):
            yield Reading(view, view.text)
    if (spelt := spelt_out(message)) is not None:
        yield spelt


def _emails(reading: Reading) -> Iterator[tuple[re.Match[str], Candidate]]:
    for match in _EMAIL.finditer(reading.text):
        if match["host"] is None:
            if match["service"] not in vocabulary().mail_services:
                continue
        elif not registered(match["host"])[0]:
            continue
        start, end = reading.span(*match.span())
        yield match, Candidate("email", start, end, match[0], reading.view.name)


def _starts_sentence(message: Prepared, reading: Reading, match: re.Match[str]) -> bool:
    """True for "fine.It came": a capital behind the full stop, small letters in front."""
    host = match["host"]
    at = match.start("host") + host.rfind(".") + 1
    first = message.text[slice(*reading.span(at, at + 1))]
    before = message.text[slice(*reading.span(at - 2, at - 1))]
    return first[:1].isupper() and not before[-1:].isupper()


def _plausible(message: Prepared, reading: Reading, match: re.Match[str], suffix: str) -> bool:
    """Tell a link from a missing space after a full stop, a decimal, a file name or an abbreviation."""
    words = vocabulary()
    host = match["host"]
    if match["scheme"] or host.startswith("www."):
        return True
    ending = suffix.rpartition(".")[2]
    has_path = match["path"] not in ("", "/")
    if ending in words.file_endings and not match["path"]:
        return False
    name = host.removesuffix("." + suffix).rpartition(".")[2]
    if name.isdigit() and not has_path:
        return ending not in words.word_endings and "." not in suffix and len(name) > 2 and host[0] != "0"
    if has_path:
        return len(name) > 1 or len(suffix) > 1
    low, high = reading.span(*match.span("host"))
    if reading.disguised and high - low > len(host):
        return True  # the signs were written as words
    if _starts_sentence(message, reading, match):
        return False
    if "." in suffix:
        return True
    start = match.start("host")
    announced = words.link_word.search(reading.text, max(0, start - _WORD_WINDOW), start) is not None
    if announced:
        return len(name) > 1
    if ending in words.word_endings:
        return (any(char.isdigit() or char == "-" for char in name) and len(name) > 3) or host.count(".") > 2
    if _NEXT_WORD.match(reading.text, match.end()) and any(
        ending in words.language_endings.get(language, ()) for language in message.languages.codes
    ):
        return any(char.isdigit() or char == "-" for char in name)
    return len(name) > 1


def _ip_links(reading: Reading) -> Iterator[tuple[str, int, int, str]]:
    for match in _IP.finditer(reading.text):
        # A bare row of four numbers is more often a version than an address.
        if not (match["scheme"] or match["port"] or match["path"]):
            continue
        if all(int(part) < 256 for part in match["host"].split(".")):
            yield "link", match.start(), match.end(), match["host"]


def _host_links(
    message: Prepared, reading: Reading, mail: list[tuple[int, int]]
) -> Iterator[tuple[str, int, int, str]]:
    lists = host_lists()
    matches = [*_HOST.finditer(reading.text)]
    if not reading.text.isascii():
        matches += _FAR_HOST.finditer(reading.text)
    for match in matches:
        host = match["host"]
        if any(s <= match.start("host") < e for s, e in mail):
            continue
        domain, suffix = registered(host)
        if not domain:
            continue
        kind = lists.kind(host, domain, message.marketplace)
        if kind == "own":
            continue
        if kind == "link" and host in vocabulary().mail_hosts and match["path"] in ("", "/"):
            continue  # "my gmail.com": no shop
        if kind == "link" and match.re is _HOST and not _plausible(message, reading, match, suffix):
            continue
        if kind != "link" and match.re is _HOST and not match["path"] and _starts_sentence(message, reading, match):
            continue
        yield kind, match.start(), match.end(), host


def addresses(message: Prepared, loose: Sequence[Candidate] = ()) -> list[Candidate]:
    """E-mail addresses and links.

    Links come by kind: ``contact_link`` (wa.me, t.me …), ``carrier_link``, else ``link``, with the host as
    value. Links to the message's own marketplace are left out. ``loose`` are candidates found elsewhere; a link
    that touches an e-mail address or one of them is part of it.
    """
    found: dict[tuple[int, int], Candidate] = {(c.start, c.end): c for c in loose}
    for reading in _readings(message):
        text = reading.text
        mail: list[tuple[int, int]] = []
        if "@" in text:
            for match, candidate in _emails(reading):
                mail.append(match.span())
                found.setdefault((candidate.start, candidate.end), candidate)
        if "." not in text or _DOTTED.search(text) is None:
            continue
        for kind, low, high, host in [*_ip_links(reading), *_host_links(message, reading, mail)]:
            end = low + len(text[low:high].rstrip(_TRAILING))
            start, stop = reading.span(low, end)
            found.setdefault((start, stop), Candidate(kind, start, stop, host, reading.view.name))
    return _outermost(_without_parts(list(found.values())))


def _without_parts(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out links that are the second half of an e-mail address, and all of two readings but the longest."""
    mail = [(c.start, c.end) for c in candidates if c.kind == "email"]
    return [
        c
        for c in candidates
        if c.kind == "email" or all(c.end <= s or c.start >= e or (c.start < s and c.end > e) for s, e in mail)
    ]


def _outermost(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Drop candidates that lie inside another one (the same thing seen in two views)."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start, -c.end)):
        if not kept or candidate.end > kept[-1].end:
            kept.append(candidate)
    return kept
