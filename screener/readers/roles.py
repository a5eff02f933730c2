"""Who is the buyer and who is the seller, and how we know.

Three sources, in this order: what the user says, what the format says (the reader has set ``speaker``), and,
for a free chat of two people, what follows from one of the two being known. Nothing else is certain enough to
decide about evidence; one weak sign (exactly one side carries a shop-like name or is marked as a business) is
used but announced with W102. In doubt the speaker stays unknown and E109 is given as a warning.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from screener.errors import Warned
from screener.readers.base import RoleNote, Survey
from screener.records import Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.readers.base import Item, ReadOptions
    from screener.readers.source import Source

__all__ = ["assign", "decide", "same_name"]

_SHOP_WORDS: Final = re.compile(
    r"\b(?:shop|store|stores|outlet|boutique|mall|official|seller|customer service|support|toko|tokoku|"
    r"olshop|grosir|butik|kedai|cửa hàng|cua hang|tiendita|tienda|loja|lojinha|laden|geschäft|händler|"
    r"boutique|magasin|negozio|bottega|tindahan)\b|"
    r"店|商城|商行|旗舰|旗艦|客服|ショップ|ストア|公式|스토어|쇼핑몰|상점|고객센터|ร้าน|متجر|محل"
)
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MAX_LISTED: Final = 10


def _key(name: str) -> str:
    """Names compare without case, invisible marks, width and the ``~`` that WhatsApp puts before unsaved names."""
    plain = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).split())
    return plain.removeprefix("~").strip().casefold()


def _digits(name: str) -> str:
    """The digits of a name that is a telephone number, otherwise nothing."""
    plain = _key(name)
    digits = "".join(str(unicodedata.digit(c)) for c in plain if unicodedata.digit(c, None) is not None)
    letters = any(c.isalpha() for c in plain)
    return "" if letters or len(digits) < 7 else digits


def same_name(one: str, other: str) -> bool:
    """True when two names are written the same way, or are the same telephone number with and without ``+``."""
    return _key(one) == _key(other) or (_digits(one) != "" and _digits(one) == _digits(other))


def _given(sender: str, options: ReadOptions) -> Speaker | None:
    if any(same_name(sender, name) for name in options.seller):
        return Speaker.SELLER
    if any(same_name(sender, name) for name in options.buyer):
        return Speaker.BUYER
    return None


def _shop_like(sender: str) -> bool:
    return _SHOP_WORDS.search(_key(sender)) is not None


def decide(people: dict[str, int], survey: Survey, options: ReadOptions) -> dict[str, tuple[Speaker, str]]:
    """Roles of the senders of one free chat: sender -> (role, how it came about)."""
    human = [name for name in people if name not in survey.automatic]
    known: dict[str, tuple[Speaker, str]] = {
        name: (Speaker.PLATFORM, "platform (the format's own voice)") for name in people if name in survey.automatic
    }
    for name in human:
        role = _given(name, options)
        if role is not None:
            known[name] = (role, f"{role.value} (given)")
    rest = [name for name in human if name not in known]
    if not rest:
        return known
    roles = {known[name][0] for name in human if name in known}
    if len(rest) == 1 and len(roles) == 1:
        other = Speaker.BUYER if Speaker.SELLER in roles else Speaker.SELLER
        if len(human) == 2 or other is Speaker.BUYER:
            known[rest[0]] = (other, f"{other.value} (the only other side)")
    elif not roles and len(human) == 2 and not options.seller and not options.buyer:
        # A name that was given and is not in the chat is a slip to be told, not a reason to guess.
        known |= _inferred(human, survey)
    return known


def _inferred(pair: list[str], survey: Survey) -> dict[str, tuple[Speaker, str]]:
    """A guess for two people of whom nothing was said: only where exactly one side looks like a shop."""
    for sign, test in (
        ("marked as a business account", lambda name: name in survey.business),
        ("a shop-like name", _shop_like),
    ):
        shops = [name for name in pair if test(name)]
        if len(shops) == 1:
            other = pair[1] if shops[0] == pair[0] else pair[0]
            return {
                shops[0]: (Speaker.SELLER, f"seller (inferred: {sign})"),
                other: (Speaker.BUYER, "buyer (inferred: the only other side)"),
            }
    return {}


def _names(names: list[str]) -> str:
    listed = ", ".join(names[:_MAX_LISTED])
    return listed + (f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else "")


def assign(items: Iterator[Item], survey: Survey | None, source: Source, options: ReadOptions) -> Iterator[Item]:
    """Pass items through, with a speaker on each message as far as one is known, and a note on how it is known.

    What the user says comes before what the format says. Notes and warnings come as soon as they are certain.
    """
    if survey is None:
        yield from _structured(items, source, options)
        return
    table = {chat: decide(people, survey, options) for chat, people in survey.senders.items()}
    yield from _notes(table, survey, source)
    for item in items:
        if not isinstance(item, Message) or item.sender is None:
            yield item
            continue
        decided = table.get(item.conversation_id, {}).get(item.sender)
        role = decided[0] if decided is not None else _given(item.sender, options)
        yield item if role is None or role is item.speaker else dataclasses.replace(item, speaker=role)


def _notes(table: dict[str, dict[str, tuple[Speaker, str]]], survey: Survey, source: Source) -> Iterator[Item]:
    unknown: dict[str, None] = {}
    bystanders: dict[str, None] = {}
    inferred: dict[str, None] = {}
    for chat, people in survey.senders.items():
        has_seller = any(role is Speaker.SELLER for role, _ in table[chat].values())
        for name in people:
            how = table[chat].get(name, (Speaker.UNKNOWN, "unknown (nobody said who this is)"))[1]
            yield RoleNote(name, how)
            if how.startswith("unknown"):
                (bystanders if has_seller else unknown)[name] = None
            elif "inferred" in how:
                inferred[f"{name}: {how}"] = None
    if inferred:
        yield Warned.of("W102", source.place(), reason=_names(list(inferred)))
    if unknown:
        yield Warned.of("E109", source.place(), path=source.name, names=_names(list(unknown)))
    if bystanders:
        reason = f"it is not known whether these write for the buyer or the shop: {_names(list(bystanders))}"
        yield Warned.of("W108", source.place(), reason=reason)


def _structured(items: Iterator[Item], source: Source, options: ReadOptions) -> Iterator[Item]:
    """Formats whose messages tell their speaker; names given by the user still come first."""
    said: set[str] = set()
    unknown: dict[str, None] = {}
    for item in items:
        if not isinstance(item, Message) or item.sender is None:
            if isinstance(item, RoleNote):
                said.add(item.sender)
            yield item
            continue
        role = _given(item.sender, options)
        if item.sender not in said and len(said) < 100_000:
            said.add(item.sender)
            if role is not None:
                yield RoleNote(item.sender, f"{role.value} (given)")
            elif item.speaker is Speaker.UNKNOWN:
                yield RoleNote(item.sender, "unknown (the file does not say who this is)")
                unknown[item.sender] = None
            else:
                yield RoleNote(item.sender, f"{item.speaker.value} (told by the format)")
        yield item if role is None or role is item.speaker else dataclasses.replace(item, speaker=role)
    if unknown:
        yield Warned.of("E109", source.place(), path=source.name, names=_names(list(unknown)))
