"""Phone numbers.

``phonenumbers`` decides whether digits can be a number of the message's region or of the countries where
its languages are spoken. Because about every second row of ten digits is a number *somewhere*, digits that
are not written as people write phone numbers count only beside a word such as "call", or hidden in words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate
from screener.detect.contacts.context import is_called, is_code, looks_like_something_else, role
from screener.detect.contacts.digits import Run, plain, runs
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.detect.contacts.reading import Reading
    from screener.detect.message import Prepared

__all__ = ["phones"]

_MIN_DIGITS: Final = 7
_MAX_DIGITS: Final = 15  # ITU-T E.164
_MAX_GROUPS: Final = 12
_MAX_RUNS: Final = 200
_LETTERS_ALONE: Final = 12
_PART_LENGTH: Final = 48
_PART_DIGITS: Final = 6
_STRONG, _WEAK, _NO = 2, 1, 0
_CUT: Final = re.compile(r"[\s/|()\[\]~]")
_TAIL: Final = re.compile(r"[a-z]{1,5}")
_WORD_IN_FRONT: Final = re.compile(r"[a-z][a-z0-9]{0,19}[-_/=]?$")
_LETTER: Final = re.compile(r"[^\W\d_]")
# Written without a leading 0 and yet unmistakable: mainland Chinese mobile numbers.
_CHINA: Final = re.compile(r"(?:86)?1[3-9]\d{9}")
_NORTH_AMERICA: Final = re.compile(r"\(\d{3}\) ?\d{3}[- ]\d{4}")
_BOOK: Final = re.compile(r"97[89]\d{10}")


@lru_cache(maxsize=16384)
def _facts(digits: str, country: str | None) -> tuple[bool, bool]:
    """(valid number, mobile) for digits dialled in ``country``; ``None`` for international ones with "+"."""
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return False, False
    if not phonenumbers.is_valid_number(number):
        return False, False
    kind = phonenumbers.number_type(number)
    types = phonenumbers.PhoneNumberType
    return True, kind in (types.MOBILE, types.FIXED_LINE_OR_MOBILE, types.PERSONAL_NUMBER)


@lru_cache(maxsize=256)
def _code(country: str) -> str:
    import phonenumbers

    return str(phonenumbers.country_code_for_region(country))


def _countries(message: Prepared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The countries of the message's region, and those with its languages."""
    words = vocabulary()
    region = (message.region or "").upper()
    own = words.regions.get(region, (region,) if len(region) == 2 else ())
    spoken = [country for language in message.languages.codes for country in words.countries.get(language, ())]
    return own, tuple(country for country in dict.fromkeys(spoken) if country not in own)


def _strength(raw: str, digits: str, plus: bool, parts: int, own: tuple[str, ...], spoken: tuple[str, ...]) -> int:
    """How surely digits are a phone number: by validity, and by being written like one."""
    if digits.startswith("00"):
        plus, digits = True, digits[2:]
    if plus:
        if _facts("+" + digits, None)[0]:
            return _STRONG
        if not digits.startswith("0"):
            return _NO
    if _CHINA.fullmatch(digits):
        return _STRONG
    if _NORTH_AMERICA.fullmatch(raw) and _facts(digits, "US")[0]:
        return _STRONG
    best = _NO
    for country in (*own, *spoken):
        valid, mobile = _facts(digits, country)
        if valid:
            if digits.startswith("0") and (mobile or len(digits) > 8):
                return _STRONG
            # Countries without a leading 0: grouped as people write it, at home.
            plain_here = country in vocabulary().no_trunk
            if parts > 1 and plain_here and (country in own or not own) and len(digits) > 7:
                return _STRONG
            best = _WEAK
        code = _code(country)
        if digits.startswith(code) and len(digits) > 9:
            valid, mobile = _facts("+" + digits, None)
            if valid:
                if mobile and len(code) > 1 and len(digits) > 10 and not _BOOK.fullmatch(digits):
                    return _STRONG
                best = _WEAK
    if best == _NO:
        for country in vocabulary().known:
            if digits.startswith("0") and _facts(digits, country)[1]:
                return _WEAK
            if digits.startswith(_code(country)) and len(digits) > 9 and _facts("+" + digits, None)[1]:
                return _WEAK
    return best


class _Message:
    """One message under work; the costly questions are asked once."""

    def __init__(self, message: Prepared) -> None:
        self.message = message
        self._places: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def places(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if self._places is None:
            self._places = _countries(self.message)
        return self._places

    def _touches_code(self, text: str, start: int, end: int) -> bool:
        """True inside a longer code: ``LX123456789CN``, ``SKU-0812…``, ``0812…:30``."""
        before = text[start - 1] if start else " "
        if before in "#:" and start > 1 and text[start - 2].isdigit():
            return True
        if before == "#" or (before in ".,/=-" and start > 1 and text[start - 2].isdigit()):
            return True
        if before in "-_/=" or "a" <= before <= "z":
            window = text[max(0, start - 24) : start]
            if _WORD_IN_FRONT.search(window) and vocabulary().glued_word.search(window) is None:
                return True
        after = text[end : end + 2]
        if after[:1] in tuple("%@$€") or (after[:1] in tuple(":,.=") and after[1:].isdigit()):
            return True
        tail = _TAIL.match(text, end)
        return tail is not None and tail[0] not in vocabulary().tails

    def holds(self, run: Run, first: int, last: int) -> bool:
        """True when the groups ``first`` to ``last`` of a run are a phone number."""
        text = run.reading.text
        start = run.start if first == 0 else run.groups[first][0]
        end = run.groups[last][1]
        if first and text[start - 1] == "+":
            start -= 1
        raw = text[start:end]
        digits = plain(raw)
        whole = first == 0 and last == len(run.groups) - 1
        if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS or len(set(digits)) < 3:
            return False
        if self._touches_code(text, start, end) or looks_like_something_else(raw, text, start, end):
            return False
        plus = "+" in raw[:3]
        called = is_called(text, start)
        if not called and (is_code(text, start) or is_code(text, run.start)):
            return False
        own, spoken = self.places
        strength = _strength(raw, digits, plus, last - first + 1, own, spoken)
        if strength == _NO or (not whole and (strength == _WEAK or not self._starts_like_one(digits, plus))):
            return False
        if called or plus:
            return True
        sense = role(text, start, end)
        if sense == "code":
            return False
        if strength == _STRONG or sense == "call":
            return True
        if run.reading.disguised and len(digits) > 7:
            return any(_facts(digits, country)[1] for country in (*own, *spoken)) or _facts("+" + digits, None)[1]
        return self._alone(digits, own)

    @staticmethod
    def _starts_like_one(digits: str, plus: bool) -> bool:
        return plus or digits.startswith("0") or _CHINA.fullmatch(digits) is not None

    def _alone(self, digits: str, own: tuple[str, ...]) -> bool:
        """True when the message is little else than a mobile number of its region."""
        letters = _LETTER.findall(self.message.folded.text[:400])
        return len(letters) <= _LETTERS_ALONE and any(
            _facts(digits, country)[1] and not digits.endswith("000") for country in own if _code(country) != "1"
        )


def _in_run(state: _Message, run: Run) -> list[tuple[int, int]]:
    """The phone numbers in one run of digits as ranges of groups: all of it, else what stands between blanks."""
    count = len(run.groups)
    if state.holds(run, 0, count - 1):
        return [(0, count - 1)]
    if count == 1 or count > _MAX_GROUPS:
        return []
    text = run.reading.text
    sizes = {end - start for start, end in run.groups}
    between = {text[a[1] : b[0]] for a, b in zip(run.groups, run.groups[1:], strict=False)}
    if len(sizes) == 1 and len(between) == 1 and count > 3:
        return []
    cuts = [
        True,
        *(bool(_CUT.search(text[a[1] : b[0]])) for a, b in zip(run.groups, run.groups[1:], strict=False)),
        True,
    ]
    found: list[tuple[int, int]] = []
    first = 0
    while first < count:
        last = next(
            (k for k in range(count - 1, first - 1, -1) if cuts[first] and cuts[k + 1] and state.holds(run, first, k)),
            -1,
        )
        if last < 0:
            first += 1
        else:
            found.append((first, last))
            first = last + 1
    return found


def _continued(message: Prepared) -> list[Candidate]:
    """The next part of a number where the message holds nothing else ("and then 77 46 390")."""
    view = message.folded
    if len(view.text) > _PART_LENGTH or (match := vocabulary().continued.fullmatch(view.text)) is None:
        return []
    raw = match["number"]
    digits = plain(raw)
    if not _PART_DIGITS <= len(digits) <= _MAX_DIGITS or len(set(digits)) < 3 or digits.endswith("000"):
        return []
    if looks_like_something_else(raw, view.text, *match.span("number")):
        return []
    return [Candidate("phone", *view.span(*match.span("number")), digits, view.name)]


def phones(message: Prepared, readings: Sequence[Reading]) -> list[Candidate]:
    """Phone numbers that are valid where the message comes from; ``value`` holds the digits."""
    state = _Message(message)
    found: dict[tuple[int, int], Candidate] = {}
    for count, run in enumerate(runs(readings)):
        if count >= _MAX_RUNS:
            break
        for first, last in _in_run(state, run):
            low = run.start if first == 0 else run.groups[first][0]
            high = run.groups[last][1]
            value = plain(run.reading.text[low:high])
            start, end = run.reading.span(low, high)
            found.setdefault((start, end), Candidate("phone", start, end, value, run.reading.view.name))
    for candidate in _continued(message):
        found.setdefault((candidate.start, candidate.end), candidate)
    return _longest(found)


def _longest(found: dict[tuple[int, int], Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longest, in order."""
    kept: list[Candidate] = []
    for candidate in sorted(found.values(), key=lambda c: (c.start - c.end, c.start)):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda c: c.start)
