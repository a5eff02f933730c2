"""What a body of a WhatsApp message says besides words: media, deletions, edits, calls, notices.

Markers are texts that any sender could also type. Where the export marks its own texts with U+200E (iOS), only
marked ones are believed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

import yaml

from screener.readers.whatsapp_header import plain, unmark

__all__ = ["Body", "Markers", "kind_of_file", "markers"]

_DATA: Final = Path(__file__).with_name("whatsapp_markers.yaml")
_TAIL: Final = re.compile(r"[ \u200e\u200f]{0,4}<([^<>\n]{3,60})>\s{0,4}$")
_HEAD_TAG: Final = re.compile(r"[\u200e\u200f]{0,4}<([^<>\n]{3,60})>[\u200e\u200f]{0,4}(?:\n|$)")
_FILE_NOTE: Final = re.compile(
    r"[\u200e\u200f\u2068]{0,4}([^\n/\\:*?\"<>|]{1,200}\.[A-Za-z0-9]{2,5})[\u200e\u200f\u2069]{0,4}"
    r" \(([^()\n]{2,40})\)[ \u200e\u200f]{0,4}(?:\n|$)"
)
_TAGGED_FILE: Final = re.compile(
    r"[\u200e\u200f]{0,4}<([^<>:：\n]{2,30})[:：] ?[\u200e\u200f\u2068]{0,4}"
    r"([^<>\n/\\:]{1,200}\.[A-Za-z0-9]{2,5})[\u200e\u200f\u2069]{0,4}>"
)
_OWN_FILE: Final = re.compile(
    r"(?:[A-Z]{3}-\d{8}-WA\d{4}|\d{8}-(?:PHOTO|VIDEO|AUDIO|STICKER|GIF|[^\s]{1,80}))\b", re.IGNORECASE
)
_LISTED_FILE: Final = re.compile(r"([^\n•]{1,200}\.[A-Za-z0-9]{2,5})(?: • [^\n]{1,40})?\s?$")
_MAP: Final = re.compile(
    r"[\u200e\u200f]{0,4}([^:：\n]{2,40})[:：] ?"
    r"(https://(?:maps\.google\.com|www\.google\.com/maps|maps\.app\.goo\.gl|foursquare\.com)/[^\s]{0,300})"
)
_HINT: Final = re.compile(r"[\u200e\u200f<(]|\A[^:：\n]{2,40}[:：] ?https?:")
_LONGEST_SENTENCE: Final = 100
"""Longer texts hold a marker only where one of these signs stands."""
_MARK: Final = re.compile(r"[\u200e\u200f]")
_SUFFIXES: Final = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "gif", "bmp", "tif"), "image"),
    **dict.fromkeys(("mp4", "mov", "3gp", "mkv", "avi", "m4v", "webm"), "video"),
    **dict.fromkeys(("opus", "m4a", "mp3", "aac", "ogg", "wav", "amr"), "audio"),
    "webp": "sticker",
    "vcf": "contact",
}


def kind_of_file(name: str) -> str:
    """The kind of message that a file makes, by its suffix."""
    return _SUFFIXES.get(PurePosixPath(name).suffix.lower().removeprefix("."), "document")


def _norm(text: str) -> str:
    return " ".join(unmark(plain(text)).split()).strip(" .。!").casefold()


@dataclass(slots=True)
class Body:
    """A body taken apart: ``text`` is what the sender wrote (a caption, or nothing beside a marker)."""

    text: str
    kind: str = "text"
    attachments: tuple[str, ...] = ()
    edited: bool = False
    deleted: bool = False
    omitted: bool = False
    system: bool = False


class Markers:
    """The marker texts of all languages together: an export does not say its language, and quotes mix them."""

    def __init__(self, languages: dict[str, dict[str, object]]) -> None:
        def every(name: str) -> list[str]:
            lists = (table[name] for table in languages.values())
            return [str(item) for items in lists if isinstance(items, list) for item in items]

        self.languages = tuple(languages)
        self._names: dict[str, bool] = {}
        self._omitted = frozenset(_norm(item) for item in every("omitted"))
        self._attached = frozenset(_norm(item) for item in every("attached"))
        self._edited = frozenset(_norm(item) for item in every("edited"))
        self._deleted = frozenset(_norm(item) for item in every("deleted"))
        self._missed = tuple(sorted({_norm(item) for item in every("missed")}))
        self._call = tuple(sorted({item.casefold() for item in every("call")}))
        self._location = frozenset(_norm(item) for item in every("location"))
        self._gone: dict[str, str] = {}
        for table in languages.values():
            nouns, gone = table["nouns"], table["gone"]
            assert isinstance(nouns, dict)
            assert isinstance(gone, list)
            for kind, words in nouns.items():
                for noun in words:
                    for verb in gone:
                        for joined in (f"{noun} {verb}", f"{noun}{verb}", f"{verb} {noun}", f"{verb}{noun}"):
                            self._gone.setdefault(_norm(joined), kind)
        self._longest = max(map(len, self._gone))
        self._system = _any_of(every("system"))
        self._business = _any_of(every("business"))
        self._disappearing = _any_of(every("disappearing"))

    def is_system(self, text: str) -> bool:
        """True when a line speaks in the platform's own voice."""
        return self._system.search(unmark(plain(text[:400])).casefold()) is not None

    def is_notice_name(self, name: str) -> bool:
        """:meth:`is_system` for what stands before the first colon; few names write all messages."""
        known = self._names.get(name)
        if known is None:
            if len(self._names) > 10_000:
                self._names.clear()
            known = self._names[name] = self.is_system(name)
        return known

    def is_business(self, text: str) -> bool:
        """True for the notice that the other side is a business account."""
        return self._business.search(unmark(plain(text[:400])).casefold()) is not None

    def is_disappearing(self, text: str) -> bool:
        """True for the notice that messages of this chat delete themselves."""
        return self._disappearing.search(unmark(plain(text[:400])).casefold()) is not None

    def parse(self, text: str, *, marked: bool, notices: bool = False) -> Body:
        """Take a body apart; with ``marked`` only texts that follow U+200E are taken for the app's own.

        ``notices``: the app's notices stand behind a sender's name (iOS), so they are looked for here.
        """
        body = Body(text)
        self._take_edited(body)
        if not body.text or (len(body.text) > _LONGEST_SENTENCE and _HINT.search(body.text) is None):
            return body
        trusted = not marked or _MARK.match(body.text) is not None
        if trusted and "\n" not in body.text and len(body.text) < 400 and self._whole(body, notices=notices):
            return body
        _ = (
            self._file_note(body)
            or self._tagged_file(body, marked)
            or self._omitted_tag(body)
            or self._gone_noun(body, marked)
            or self._map(body)
        )
        return body

    def _take_edited(self, body: Body) -> None:
        if ">" not in body.text[-8:]:
            return
        found = _TAIL.search(body.text, max(0, len(body.text) - 80))
        if found is not None and _norm(found[1]) in self._edited:
            body.text = body.text[: found.start()]
            body.edited = True

    def _whole(self, body: Body, *, notices: bool) -> bool:
        norm = _norm(body.text)
        if norm in self._deleted:
            body.text, body.deleted = "", True
        elif (norm.startswith(self._missed) and len(norm) < 80) or (
            _MARK.match(body.text) and unmark(plain(body.text)).casefold().startswith(self._call)
        ):
            body.kind = "call"
        elif notices and _MARK.match(body.text) and norm not in self._gone and self.is_system(body.text):
            body.kind, body.system = "system", True
        else:
            return False
        return True

    def _file_note(self, body: Body) -> bool:
        found = _FILE_NOTE.match(body.text)
        if found is None or not (_norm(found[2]) in self._attached or _OWN_FILE.match(found[1])):
            return False
        body.attachments, body.kind = (unmark(found[1]),), kind_of_file(found[1])
        body.text = body.text[found.end() :]
        return True

    def _tagged_file(self, body: Body, marked: bool) -> bool:
        found = _TAGGED_FILE.search(body.text)
        if found is None or not (_norm(found[1]) in self._attached or _OWN_FILE.match(unmark(found[2]))):
            return False
        if marked and not _MARK.match(found[0]):
            return False
        body.attachments, body.kind = (unmark(found[2]),), kind_of_file(found[2])
        # The caption stands before or after the file, on the same line or on the next.
        body.text = (body.text[: found.start()].rstrip(" ") + body.text[found.end() :]).strip("\n ")
        return True

    def _omitted_tag(self, body: Body) -> bool:
        found = _HEAD_TAG.match(body.text)
        if found is None or _norm(found[1]) not in self._omitted:
            return False
        body.kind, body.omitted, body.text = "media", True, body.text[found.end() :]
        return True

    def _gone_noun(self, body: Body, marked: bool) -> bool:
        """``image omitted``: the whole body, or its end after a mark, when a caption or file name comes first."""
        tail = max(body.text.rfind("\u200e"), body.text.rfind("\u200f"))
        start = tail if tail >= 0 else 0 if not marked else None
        if start is None or len(body.text) - start > self._longest + 8:
            return False
        kind = self._gone.get(_norm(body.text[start:]))
        if kind is None:
            return False
        caption = unmark(body.text[:start]).strip(" \n")
        listed = _LISTED_FILE.fullmatch(caption) if kind == "document" else None
        body.kind, body.omitted = kind, True
        body.attachments = (listed[1],) if listed is not None else ()
        body.text = "" if listed is not None else caption
        return True

    def _map(self, body: Body) -> bool:
        found = _MAP.match(body.text)
        if found is None or _norm(found[1]) not in self._location:
            return False
        body.kind = "location"
        return True


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted({" ".join(phrase.casefold().split()) for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def markers() -> Markers:
    """The markers of ``whatsapp_markers.yaml``."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Markers(yaml.load(_DATA.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506
