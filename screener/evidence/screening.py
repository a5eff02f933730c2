"""Everything that is found in the messages of one conversation; of a long one on several cores."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from screener.detect.acts.encoding import CONTEXT_MESSAGES
from screener.evidence.cues import cue_reader
from screener.pipeline import Checked, Screened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.evidence.cues import CueHit
    from screener.pipeline import Judged, Screener
    from screener.records import Conversation, Effect, Manner, Message

    Found = tuple[Effect, tuple[Judged, ...], Manner | None, tuple[CueHit, ...]]
    Part = tuple[Sequence[Message], tuple[tuple[str, str], ...]]

__all__ = ["LONG", "screen"]

LONG: Final = 4_000
"""Fewer messages are screened before a second process has come up."""
_PART: Final = 500

_screener: Screener | None = None


def screen(
    conversation: Conversation, screener: Screener, *, workers: int = 1
) -> tuple[Screened, list[tuple[CueHit, ...]]]:
    """The conversation with the answer for each message, and the cues of each; ``workers`` share a long one.

    The result does not depend on ``workers``.
    """
    messages = conversation.messages
    found: list[Found]
    if workers <= 1 or len(messages) < LONG:
        found = _read(screener, messages, ())
    else:
        # Spawned, not forked: the runtime of the classifier does not survive a fork.
        with ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=_start, initargs=(screener,)
        ) as pool:
            found = list(chain.from_iterable(pool.map(_work, _parts(messages))))
    checked = tuple(
        Checked(effect, judged, message, manner)
        for message, (effect, judged, manner, _) in zip(messages, found, strict=True)
    )
    return Screened(conversation, checked), [cues for *_, cues in found]


def _parts(messages: Sequence[Message]) -> list[Part]:
    """The messages in parts, each with the (speaker, text) of those that go before it."""
    parts: list[Part] = []
    before: tuple[tuple[str, str], ...] = ()
    for start in range(0, len(messages), _PART):
        part = messages[start : start + _PART]
        parts.append((part, before))
        turns = [(message.speaker.value, message.text) for message in part if message.text]
        before = (*before, *turns)[-CONTEXT_MESSAGES:]
    return parts


def _start(screener: Screener) -> None:
    global _screener
    _screener = screener


def _work(part: Part) -> list[Found]:
    assert _screener is not None
    return _read(_screener, *part)


def _read(screener: Screener, messages: Sequence[Message], before: Sequence[tuple[str, str]]) -> list[Found]:
    reader = cue_reader()
    return [
        (
            one.effect,
            one.judged,
            one.manner,
            reader.read(message.text, screener.languages) if message.text else (),
        )
        for message, one in zip(messages, screener.iter_checked(messages, before), strict=True)
    ]
