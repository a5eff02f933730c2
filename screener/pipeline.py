"""The public entry point: text or conversation in, findings with verdicts out."""

from __future__ import annotations

import datetime as dt
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from screener.detect.acts.encoding import CONTEXT_MESSAGES
from screener.detect.detector import Detector
from screener.errors import ScreenerError
from screener.policy.apply import admissibility, judge, overall
from screener.policy.packs import get_pack
from screener.records import AdmissibilityRuling, Channel, Effect, Finding, Speaker, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from screener.records import Conversation, Manner, Message

__all__ = ["Checked", "Judged", "Screened", "Screener"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, what the rule pack makes of it and, for a buyer's statement, what it is worth as evidence."""

    finding: Finding
    verdict: Verdict
    admissibility: AdmissibilityRuling | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer for one message: the strongest effect and all findings in order of place.

    ``manner`` tells how a buyer speaks of the goods where nothing is asserted of them.
    """

    effect: Effect
    judged: tuple[Judged, ...] = ()
    message: Message | None = None
    manner: Manner | None = None


@dataclass(frozen=True, slots=True)
class Screened:
    """A conversation with the answer for each of its messages."""

    conversation: Conversation
    checked: tuple[Checked, ...]


def _choice(kind: type[Speaker] | type[Channel], value: str, what: str) -> str:
    try:
        return kind(value).value
    except ValueError:
        choices = ", ".join(kind)
        raise ScreenerError("E201", what=what, value=value, choices=choices) from None


class Screener:
    """Screens messages for one marketplace, region and date.

    Args:
        region: a country or region of the packs, such as ``US``, ``EU``, ``ID`` (any case).
        marketplace: for instance ``tiktok_shop``; ``generic`` works everywhere.
        as_of: the date whose rules apply; today by default.
        locale: language of explanations and reasons, ``en`` or ``zh``.
        languages: languages that the shop and its buyers use, assumed for texts too short to tell.
        detector: language detector, ``eldc``, ``py3langid`` or ``langdetect``.
        lexicons: folder of lexicon files to use instead of the package's own; so is ``policies`` for rule packs.
        classifier: whether to ask the classifier besides the rules.

    Raises:
        ScreenerError: E304 for an unknown marketplace or region; E301 for a wrong lexicon or pack. With the first
            message: E305 when the classifier cannot be used.

    """

    def __init__(
        self,
        region: str = "global",
        marketplace: str = "tiktok_shop",
        *,
        as_of: dt.date | None = None,
        locale: str = "en",
        languages: Sequence[str] = (),
        detector: str = "eldc",
        lexicons: Path | None = None,
        policies: Path | None = None,
        classifier: bool = True,
    ) -> None:
        self.as_of = as_of or dt.datetime.now(dt.UTC).date()
        self.locale = locale
        self.languages = tuple(languages)
        self.pack = get_pack(marketplace, region, self.as_of, folder=policies)
        self.region = self.pack.region
        self.marketplace = self.pack.marketplace
        self._detector = Detector(locale=locale, language_detector=detector, lexicons=lexicons, classifier=classifier)
        self._made_of: dict[str, Any] = {
            "region": region, "marketplace": marketplace, "as_of": self.as_of, "locale": locale, "languages": languages,
            "detector": detector, "lexicons": lexicons, "policies": policies, "classifier": classifier,
        }  # fmt: skip

    def __reduce__(self) -> tuple[partial[Screener], tuple[()]]:
        """Another process makes its own, from the same settings."""
        return partial(Screener, **self._made_of), ()

    def versions(self) -> dict[str, str | None]:
        """What the answers depend on besides the text: versions of rules, lexicons and classifier."""
        from screener.detect.lexicon.registry import fingerprint
        from screener.resources import resource_dir

        return {
            "pack": self.pack.id,
            "lexicons": fingerprint(resource_dir("lexicons")),
            "packs": fingerprint(resource_dir("policies")),
            "classifier": self._detector.classifier_version,
        }

    def check(
        self,
        text: str,
        *,
        speaker: str = "seller",
        channel: str = "in_app",
        message: Message | None = None,
        context: Sequence[tuple[str, str]] = (),
    ) -> Checked:
        """Screen one message or draft. Offsets of findings refer to ``text`` as it is given.

        ``context`` are (speaker, text) of the messages before it, oldest first; the last three count.

        Raises:
            ScreenerError: E201 for an unknown speaker or channel.

        """
        who = Speaker(_choice(Speaker, speaker, "speaker"))
        where = Channel(_choice(Channel, channel, "channel"))
        read = self._detector.read(
            text,
            speaker=who,
            region=self.region,
            marketplace=self.marketplace,
            hints=self.languages,
            message_id=message.id if message is not None else None,
            context=context,
        )
        judged = tuple(self._judge(finding, who, where) for finding in read.findings)
        return Checked(overall(item.verdict for item in judged), judged, message, read.manner)

    def _judge(self, finding: Finding, speaker: Speaker, channel: Channel) -> Judged:
        verdict = judge(finding, pack=self.pack, speaker=speaker, channel=channel, as_of=self.as_of, locale=self.locale)
        ruling = None
        if finding.is_statement and speaker is not Speaker.SELLER:
            ruling = admissibility(finding.label, pack=self.pack, channel=channel, as_of=self.as_of, locale=self.locale)
        return Judged(finding, verdict, ruling)

    def check_message(self, message: Message, context: Sequence[tuple[str, str]] = ()) -> Checked:
        """Screen one message of an export; deleted and empty messages have no findings."""
        if not message.text:
            return Checked(Effect.ALLOW, (), message)
        return self.check(
            message.text,
            speaker=message.speaker.value,
            channel=message.channel.value,
            message=message,
            context=context,
        )

    def screen(self, conversation: Conversation) -> Screened:
        """Screen every message of a conversation."""
        return Screened(conversation, tuple(self.iter_checked(conversation.messages)))

    def iter_checked(self, messages: Iterable[Message], before: Sequence[tuple[str, str]] = ()) -> Iterator[Checked]:
        """Screen the messages of one conversation one after another, each with those before it as context.

        ``before`` are (speaker, text) of what was said before the first of ``messages``.
        """
        turns = deque(before, maxlen=CONTEXT_MESSAGES)
        for message in messages:
            yield self.check_message(message, tuple(turns))
            if message.text:
                turns.append((message.speaker.value, message.text))
