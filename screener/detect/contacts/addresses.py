"""E-mail addresses and links, also spelt out (``shop dot example dot com``, ``name（at）mail.com``)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate
from screener.detect.contacts.hosts import host_lists
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tldextract import TLDExtract

    from screener.detect.message import Prepared
    from screener.text.normalise import View

__all__ = ["emails", "links"]

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]{{1,64}}@(?:{_LABEL}\.){{1,4}}[a-z]{{2,24}}(?![a-z0-9-])")
_HOST = re.compile(
    rf"(?P<scheme>(?:h[tx]{{2}}ps?:/{{1,2}})?)(?<![a-z0-9@_.-])"
    rf"(?P<host>(?:{_LABEL}\.){{1,5}}[a-z][a-z0-9-]{{1,23}})(?![a-z0-9@_])"
    rf"(?P<port>(?::\d{{2,5}})?)(?P<path>(?:/[^\s<>\"'。，、！？]{{0,500}})?)"
)
# Country endings that are everyday words somewhere ("received.it is fine"): a bare "word.it" without
# scheme, path or www is a missing space after a full stop far more often than a link.
_WORD_ENDINGS: Final = frozenset(
    [
        "ac",
        "ad",
        "ai",
        "al",
        "am",
        "as",
        "at",
        "ba",
        "be",
        "by",
        "ca",
        "ci",
        "da",
        "de",
        "do",
        "es",
        "fm",
        "ga",
        "gg",
        "go",
        "hm",
        "hr",
        "id",
        "il",
        "im",
        "in",
        "is",
        "it",
        "ki",
        "kim",
        "la",
        "le",
        "li",
        "lo",
        "ly",
        "ma",
        "me",
        "mi",
        "mo",
        "ms",
        "mu",
        "my",
        "na",
        "ne",
        "ni",
        "no",
        "ok",
        "om",
        "pa",
        "pe",
        "pl",
        "pm",
        "re",
        "sa",
        "se",
        "sh",
        "si",
        "sm",
        "so",
        "st",
        "su",
        "ta",
        "te",
        "th",
        "ti",
        "tk",
        "tl",
        "tm",
        "to",
        "tv",
        "un",
        "us",
        "va",
        "ve",
        "vi",
        "vu",
        "wa",
        "ws",
        "ya",
        "work",
        "works",
        "one",
        "win",
        "best",
        "cool",
        "fun",
        "live",
        "love",
        "sale",
        "shoes",
        "bio",
        "name",
        "plus",
        "world",
        "zip",
        "mov",
        "pics",
        "photos",
        "watch",
        "men",
        "new",
        "now",
        "here",
        "gift",
        "gifts",
        "free",
        "off",
        "click",
        "help",
        "how",
        "like",
        "day",
        "today",
        "email",
        "phone",
        "red",
        "black",
        "blue",
        "pink",
        "green",
        "fit",
        "care",
        "baby",
        "kids",
        "toys",
        "total",
        "center",
        "pro",
        "zone",
        "top",
        "red",
        "bar",
        "bet",
        "bid",
        "buy",
        "cab",
        "call",
        "cam",
        "case",
        "cash",
        "chat",
        "cheap",
        "cards",
        "city",
        "codes",
        "company",
        "count",
        "dad",
        "date",
        "deal",
        "deals",
        "delivery",
        "direct",
        "dog",
        "domains",
        "earth",
        "eat",
        "fail",
        "fan",
        "fans",
        "fast",
        "fish",
        "fly",
        "food",
        "foo",
        "ford",
        "game",
        "games",
        "gold",
        "golf",
        "good",
        "group",
        "guide",
        "hot",
        "house",
        "ink",
        "kitchen",
        "lat",
        "law",
        "life",
        "link",
        "loan",
        "lol",
        "ltd",
        "map",
        "market",
        "media",
        "menu",
        "moda",
        "mom",
        "money",
        "network",
        "news",
        "nice",
        "night",
        "open",
        "page",
        "parts",
        "party",
        "pay",
        "pet",
        "pizza",
        "place",
        "play",
        "plumbing",
        "poker",
        "post",
        "press",
        "prime",
        "promo",
        "pub",
        "rest",
        "review",
        "reviews",
        "rich",
        "rip",
        "rocks",
        "run",
        "safe",
        "salon",
        "save",
        "school",
        "seek",
        "select",
        "services",
        "sexy",
        "show",
        "singles",
        "ski",
        "smile",
        "social",
        "solutions",
        "soy",
        "space",
        "style",
        "sucks",
        "supplies",
        "supply",
        "support",
        "systems",
        "talk",
        "tax",
        "team",
        "tech",
        "tips",
        "tools",
        "tours",
        "town",
        "trade",
        "training",
        "tube",
        "vin",
        "vip",
        "vote",
        "wang",
        "wed",
        "weir",
        "wiki",
        "wine",
        "wow",
        "you",
        "yoga",
        "zero",
    ]
)
_FILE_ENDINGS: Final = frozenset(
    [
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "pdf",
        "doc",
        "docx",
        "xls",
        "xlsx",
        "csv",
        "txt",
        "mp4",
        "mov",
        "avi",
        "zip",
        "rar",
        "apk",
        "html",
        "php",
        "js",
        "py",
        "mp3",
    ]
)


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract

    # The snapshot that comes with the library: no network, no cache folder.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)


@lru_cache(maxsize=4096)
def _registered(host: str) -> tuple[str, str]:
    """(registered domain, public suffix) of a host, both empty when it has no public suffix."""
    parts = _suffixes()(host)
    if not parts.suffix or not parts.domain:
        return "", ""
    return f"{parts.domain}.{parts.suffix}", parts.suffix


def _spelt_out(view: View) -> tuple[str, list[int]] | None:
    """The view with spelt-out symbols written as symbols, and for each character its offset in the view."""
    text = view.text
    words = vocabulary()
    marks: list[tuple[int, int, str]] = []
    for pattern, symbol in ((words.spelt_at, "@"), (words.spelt_dot, "."), (words.spelt_slash, "/")):
        marks.extend((m.start(), m.end(), symbol) for m in pattern.finditer(text))
    if not marks:
        return None
    out: list[str] = []
    offsets: list[int] = []
    position = 0
    for start, end, symbol in sorted(marks):
        if start < position:
            continue
        out.append(text[position:start])
        offsets.extend(range(position, start))
        out.append(symbol)
        offsets.append(start)
        position = end
    out.append(text[position:])
    offsets.extend(range(position, len(text) + 1))
    return "".join(out), offsets


def _readings(message: Prepared) -> Iterator[tuple[View, str, list[int] | None]]:
    for view in message.views:
        if view.name in ("folded", "squeezed"):
            yield view, view.text, None
    if (spelt := _spelt_out(message.folded)) is not None:
        yield message.folded, spelt[0], spelt[1]


def _original(view: View, offsets: list[int] | None, start: int, end: int) -> tuple[int, int]:
    if offsets is None:
        return view.span(start, end)
    return view.span(offsets[start], offsets[end - 1] + 1)


def emails(message: Prepared) -> list[Candidate]:
    """E-mail addresses; ``value`` is the address."""
    if vocabulary().symbols.search(message.folded.text) is None:
        return []
    found: dict[tuple[int, int], Candidate] = {}
    for view, text, offsets in _readings(message):
        if "@" not in text:
            continue
        for match in _EMAIL.finditer(text):
            if not _registered(match.group().partition("@")[2])[0]:
                continue
            start, end = _original(view, offsets, *match.span())
            found.setdefault((start, end), Candidate("email", start, end, match.group(), view.name))
    return _outermost(found.values())


def _plausible(match: re.Match[str], text: str, suffix: str) -> bool:
    """Tell a link from a missing space after a full stop, a decimal, a file name or an abbreviation."""
    host = match["host"]
    if match["scheme"] or host.startswith("www."):
        return True
    ending = suffix.rpartition(".")[2]
    if ending in _FILE_ENDINGS and not match["path"]:
        return False
    name = host.removesuffix("." + suffix).rpartition(".")[2]
    if name.isdigit() and not match["path"]:
        return False
    if match["path"] not in ("", "/"):
        return len(name) > 1 or len(suffix) > 1
    if "." in suffix:
        return True
    if ending in _WORD_ENDINGS:
        return any(char.isdigit() or char == "-" for char in name) and len(name) > 3
    del text
    return len(name) > 1


def links(message: Prepared) -> list[Candidate]:
    """Links by kind: ``contact_link`` (wa.me, t.me …), ``carrier_link``, else ``link``; ``value`` is the host.

    Links to the message's own marketplace are left out.
    """
    folded = message.folded.text
    if vocabulary().symbols.search(folded) is None:
        return []
    lists = host_lists()
    found: dict[tuple[int, int], Candidate] = {}
    for view, text, offsets in _readings(message):
        if "." not in text:
            continue
        mail = [m.span() for m in _EMAIL.finditer(text)] if "@" in text else []
        for match in _HOST.finditer(text):
            host = match["host"]
            domain, suffix = _registered(host)
            if not domain or any(s <= match.start("host") < e for s, e in mail):
                continue
            kind = lists.kind(host, domain, message.marketplace)
            if kind == "own" or (kind == "link" and not _plausible(match, text, suffix)):
                continue
            last = match.end() - len(match.group()) + len(match.group().rstrip(".,;:!?)]}"))
            start, end = _original(view, offsets, match.start(), last)
            found.setdefault((start, end), Candidate(kind, start, end, host, view.name))
    return _outermost(found.values())


def _outermost(candidates: object) -> list[Candidate]:
    """Drop candidates that lie inside another one (the same thing seen in two views)."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start, -c.end)):  # type: ignore[call-overload]
        if not kept or candidate.end > kept[-1].end:
            kept.append(candidate)
    return kept
