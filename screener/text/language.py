"""Which languages a message is in: a set, the likeliest first, and whether that can be relied on.

Scripts decide first (99.8% right for zh, ja, ko, th and ar at a few microseconds); only Latin text goes to
a detector. A message may mix languages, so each script is judged on its own. ``eldc`` says ``ms`` for
Indonesian and Malay alike; the two share a lexicon here, so both are returned, the hinted one first.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.errors import ScreenerError
from screener.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["DETECTORS", "Languages", "detect"]

DETECTORS: Final = ("eldc", "py3langid", "langdetect")

_LIMIT: Final = 2_000
"""So many characters of Latin text are enough for any detector."""

_KANA: Final = re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff\uff66-\uff9d]")
_HAN: Final = re.compile("[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")
_THAI: Final = re.compile("[\u0e01-\u0e4e]")
_ARABIC: Final = re.compile("[\u0621-\u064a\u066e-\u06d3\u06fa-\u06ff\ufb50-\ufdfb\ufe80-\ufefc]")
# Letters of Urdu, Pashto and other languages that the project does not know.
_NOT_ARABIC: Final = re.compile("[\u0679\u0688\u0691\u06ba\u06d2\u0681\u069a\u06d0]")
# Characters that Japan simplified in its own way: with them even a text without kana is Japanese.
_SHINJITAI: Final = re.compile(
    "[気発円込働払駅図対応単価検験済様変黒仮帰楽広鉄転伝団歩毎児両関悪労戻拡択沢渋焼県経継総縦覚軽辺遅銭録険隠雑霊頼顔騒髪鶏齢売読続]"
)
_NOT_LANGUAGE: Final = re.compile(r"(?:https?://|www\.)\S{1,2000}|\S{1,64}@\S{1,255}|[@#]\w{1,64}|[\ud800-\udfff]")
_LATIN_WORD: Final = re.compile(r"[a-zà-öø-ɏḀ-ỿ]+(?:['’][a-zà-öø-ɏḀ-ỿ]+)?")
# ơ ư đ ă and the letters with a tone upon them; only Vietnamese of the fifteen languages writes them.
_VIETNAMESE: Final = re.compile("[ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")

_MIN_LETTERS: Final = 5
"""Shorter Latin text ("ok", "gpp") has no language of its own."""
_FEW_WORDS: Final = 2
_KANA_PROOF: Final = 2
_HAN_WEIGHT: Final = 2


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages of a text, likeliest first, and whether they are more than a guess."""

    codes: tuple[str, ...]
    reliable: bool


def _with_eldc() -> Callable[[str], tuple[str, bool]]:
    import eldc

    eldc.init()

    def run(text: str) -> tuple[str, bool]:
        result = eldc.detect_details(text)
        if result.language in LANGUAGES:
            return result.language, bool(result.reliable)
        if result.reliable:
            return "", False  # a language that the project does not know
        ranked = sorted(result.scores.items(), key=lambda item: -item[1])
        return next((code for code, _ in ranked if code in LANGUAGES), ""), False

    return run


def _with_py3langid() -> Callable[[str], tuple[str, bool]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def run(text: str) -> tuple[str, bool]:
        code, probability = identifier.classify(text)
        return (code, bool(probability > 0.9)) if code in LANGUAGES else ("", False)

    return run


def _with_langdetect() -> Callable[[str], tuple[str, bool]]:
    import langdetect

    langdetect.DetectorFactory.seed = 0  # random otherwise

    def run(text: str) -> tuple[str, bool]:
        try:
            best = langdetect.detect_langs(text)[0]
        except langdetect.LangDetectException:
            return "", False
        return (best.lang, bool(best.prob > 0.9)) if best.lang in LANGUAGES else ("", False)

    return run


@lru_cache(maxsize=3)
def _detector(name: str) -> Callable[[str], tuple[str, bool]]:
    """The named detector, loaded. Where ``eldc`` has no build, ``py3langid`` stands in for it."""
    if name not in DETECTORS:
        raise ScreenerError("E201", what="detector", value=name, choices=", ".join(DETECTORS))
    makers = {"eldc": _with_eldc, "py3langid": _with_py3langid, "langdetect": _with_langdetect}
    try:
        return makers[name]()
    except ImportError:
        if name == "eldc":
            return _detector("py3langid")
        raise ScreenerError("E501", feature=f"detector {name}", package=name, extra="alternatives") from None


def _twins(code: str, hints: Sequence[str]) -> tuple[str, ...]:
    if code not in ("id", "ms"):
        return (code,)
    first = next((hint for hint in hints if hint in ("id", "ms")), "id")
    return (first, "ms" if first == "id" else "id")


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _by_script(text: str, hints: Sequence[str]) -> tuple[dict[str, int], bool]:
    """Weight of each language that its script gives away, and whether that is sure."""
    found: dict[str, int] = {}
    sure = True
    kana, han, hangul = _count(_KANA, text), _count(_HAN, text), _count(_HANGUL, text)
    if hangul:
        found["ko"] = hangul * _HAN_WEIGHT
    if kana >= _KANA_PROOF or (kana and han and han < 4):
        found["ja"] = (kana + han) * _HAN_WEIGHT
    elif han:
        japanese = _SHINJITAI.search(text) is not None
        if japanese or (not hangul and "ja" in hints and "zh" not in hints):
            found["ja"] = han * _HAN_WEIGHT
            found["zh"] = han
            sure = japanese
        elif not hangul or han > hangul:
            found["zh"] = han * _HAN_WEIGHT
    if thai := _count(_THAI, text):
        found["th"] = thai
    if arabic := _count(_ARABIC, text):
        found["ar"] = arabic
        sure = sure and _NOT_ARABIC.search(text) is None
    return found, sure


def _by_words(words: list[str], hints: Sequence[str], detector: str) -> tuple[tuple[str, ...], bool]:
    """Languages of Latin text and whether they are sure."""
    text = " ".join(words)
    if len(text) > _LIMIT:
        text = text[:_LIMIT]
    vietnamese = sum(1 for word in words if _VIETNAMESE.search(word))
    if vietnamese * 3 >= len(words):
        return ("vi",), True
    code, sure = _detector(detector)(text)
    codes = _twins(code, hints) if code else ()
    if vietnamese:
        codes = tuple(dict.fromkeys((*codes, "vi")))
    letters = sum(map(len, words))
    return codes, sure and letters >= _MIN_LETTERS and len(words) > 1


def detect(text: str, *, hints: Sequence[str] = (), detector: str = "eldc") -> Languages:
    """The languages of ``text`` among :data:`screener.records.LANGUAGES`.

    ``hints`` (the conversation's or the shop's languages) come first where the text itself does not tell.
    No letters at all give the hints, not reliable. ``detector`` is one of :data:`DETECTORS`.

    Raises:
        ScreenerError: E201 for an unknown ``detector``, E501 when the package of a chosen one is missing.

    """
    known = tuple(hint for hint in hints if hint in LANGUAGES)
    if detector not in DETECTORS:
        raise ScreenerError("E201", what="detector", value=detector, choices=", ".join(DETECTORS))
    found: dict[str, int] = {}
    sure = True
    if text.isascii():
        plain = text
    else:
        plain = text if unicodedata.is_normalized("NFC", text[:_LIMIT]) else unicodedata.normalize("NFC", text[:_LIMIT])
        found, sure = _by_script(text, known)
    plain = _NOT_LANGUAGE.sub(" ", plain[: 4 * _LIMIT]).lower()
    words = _LATIN_WORD.findall(plain)
    letters = sum(map(len, words))
    if words and (not found or len(words) > 1):
        codes, latin_sure = _by_words(words, known, detector)
        if not found:
            if not latin_sure:
                codes = (*known, *codes)
            return Languages(tuple(dict.fromkeys(codes)), latin_sure and bool(codes))
        # Beside another script, a brand name or two is no language.
        if latin_sure:
            for code in codes:
                found.setdefault(code, letters)
        elif len(words) > _FEW_WORDS and letters > max(found.values()):
            found.update({code: 0 for code in (*known, *codes) if code not in found})
            sure = False
    if not found:
        return Languages(known, False)
    ranked = sorted(found, key=lambda code: -found[code])
    if not sure:
        ranked = [*(code for code in known if code in found), *ranked]
    return Languages(tuple(dict.fromkeys(ranked)), sure)
