"""The words of ``lexicons/contact_words.yaml`` as bounded patterns."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec

from screener.resources import resource_dir
from screener.text.normalise import fold, fold_term
from screener.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EDGE", "Vocabulary", "vocabulary"]

EDGE = r"(?<![^\W\d_])"
"""No letter in front."""
_GAP = r"[\s.:#°º()\[\]'，,=>\-]{0,4}"
# Scripts that put no space between words, where a word may touch its neighbours.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class _WordsFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    codes: list[str]
    code_names: list[str]
    links: list[str]
    phone_words: list[str]
    tails: list[str]
    fillers: list[str]
    measures: list[str]
    money: list[str]
    at: list[str]
    dot: list[str]
    slash: list[str]
    plain_at: list[str]
    doubtful_at: list[str]
    spoken_services: list[str]
    spoken_endings: list[str]
    mail_hosts: list[str]
    plus: list[str]
    number_parts: list[str]
    number_next: list[str]
    mail_services: list[str]
    not_names: list[str]
    spelt_endings: list[str]
    weak_endings: dict[str, list[str]]
    spaced_endings: list[str]
    sure_endings: list[str]
    short_hosts: list[str]
    link_words: list[str]
    handle_labels: list[str]
    not_handles: list[str]
    units: list[str]
    models: list[str]
    card_words: list[str]
    pix_words: list[str]
    clabe_words: list[str]
    countries: dict[str, list[str]]
    others: list[str]
    no_trunk: list[str]
    regions: dict[str, list[str]]
    language_endings: dict[str, list[str]]
    word_endings: list[str]
    file_endings: list[str]


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_term(word) for word in words)


def _any(words: Iterable[str]) -> str:
    """Any of the words, longest first, with common beginnings shared: a miss costs one look, not hundreds."""
    tree: _Node = _Node()
    for word in _set(words):
        node = tree
        for char in word:
            node = node.next.setdefault(char, _Node())
        node.ends = True
    return _render(tree) if tree.next else r"(?!)"


class _Node:
    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.ends = False


def _render(node: _Node) -> str:
    branches = [re.escape(char) + _render(child) for char, child in sorted(node.next.items())]
    if not branches:
        return ""
    if len(branches) == 1 and not node.ends:
        return branches[0]
    return f"(?:{'|'.join(branches)})" + ("?" if node.ends else "")


def _whole(words: Iterable[str]) -> str:
    """Any of the words; those of spaced scripts only where no letter touches them."""
    # People leave accents out: "ma don hang" is "mã đơn hàng".
    words = {form for word in words for form in (fold_term(word), fold(word).bare)}
    unspaced = {word for word in words if _UNSPACED.search(word)}
    return rf"(?:{EDGE}(?:{_any(words - unspaced)})(?![^\W\d_])|{_any(unspaced)})"


def _spelt(words: list[str], sign: str) -> str:
    """A symbol in brackets, or its word standing alone, or (unspaced scripts) its word between Latin letters."""
    return (
        rf"\s?[(\[{{<]\s?(?:{_any(words)}|{re.escape(sign)})\s?[)\]}}>]\s?"
        rf"|\s(?:{_any(words)})\s"
        rf"|(?<=[a-z0-9])\s?(?:{_any(w for w in words if not w.isascii() and _UNSPACED.search(w))}|。)\s?(?=[a-z0-9])"
    )


def _short(hosts: Iterable[str]) -> str:
    """A zero-width test for one of the short hosts in front; look-behinds need a fixed width each."""
    return "(?:" + "|".join(rf"(?<={re.escape(host)})(?<![a-z0-9]{re.escape(host)})" for host in hosts) + ")"


class Vocabulary:
    """Patterns over folded text; none can take more than linear time, because nothing in them repeats freely.

    Each is made when it is first asked for: plain chat needs few of them.
    """

    def __init__(self, form: _WordsFile) -> None:
        self._form = form

    @cached_property
    def _after(self) -> str:
        return rf"{_GAP}(?:(?:{_any(self._form.links)})(?![a-z]){_GAP}){{0,3}}"

    @cached_property
    def _symbols(self) -> frozenset[str]:
        return _set([*self._form.dot, *self._form.at])

    @cached_property
    def _unspaced(self) -> frozenset[str]:
        return frozenset({word for word in self._symbols if _UNSPACED.search(word) or word == "。"})

    @cached_property
    def _phrases(self) -> frozenset[str]:
        return frozenset({word for word in self._symbols - self._unspaced if " " in word})

    @cached_property
    def _countries(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(codes) for name, codes in self._form.countries.items()}

    @cached_property
    def _known(self) -> dict[str, None]:
        return dict.fromkeys([code for codes in self._countries.values() for code in codes] + self._form.others)

    @cached_property
    def _spaced_endings(self) -> str:
        return _any(self._form.spaced_endings)

    @cached_property
    def code_before(self) -> re.Pattern[str]:
        """Matches at the end of the text in front of digits that name an order, a parcel or a model."""
        return re.compile(rf"{_whole(self._form.codes)}{self._after}[a-z]{{0,4}}[\s.:#-]{{0,2}}$")

    @cached_property
    def code_name(self) -> re.Pattern[str]:
        """The names of such numbers."""
        return re.compile(_whole(self._form.code_names))

    @cached_property
    def phone_before(self) -> re.Pattern[str]:
        """As ``code_before`` for digits to call or to write to."""
        return re.compile(rf"{_whole(self._form.phone_words)}{self._after}$")

    @cached_property
    def phone_word(self) -> re.Pattern[str]:
        """A word that speaks of calling or writing."""
        return re.compile(_whole(self._form.phone_words))

    @cached_property
    def glued_word(self) -> re.Pattern[str]:
        """A whole Latin word that may touch the digits of a phone number in front (``wa0812…``)."""
        return re.compile(rf"{EDGE}(?:{_any(self._form.phone_words)})[_./=-]?$")

    @cached_property
    def tails(self) -> frozenset[str]:
        """Letters that may follow the digits without a blank."""
        return _set(self._form.tails)

    @cached_property
    def fillers(self) -> frozenset[str]:
        """Small words between the parts of a number."""
        return _set(self._form.fillers)

    @cached_property
    def measure_after(self) -> re.Pattern[str]:
        """An amount, a price or a measure behind digits."""
        return re.compile(rf"\s?(?:{_any(self._form.measures)})(?![a-zà-ɏ0-9])")

    @cached_property
    def money_before(self) -> re.Pattern[str]:
        """A currency in front of digits."""
        return re.compile(rf"{EDGE}(?:{_any(self._form.money)})\s?[:.=]?\s?$")

    @cached_property
    def spelt_at(self) -> re.Pattern[str]:
        """The sign @ in words, in brackets or with blanks around."""
        return re.compile(_spelt(self._form.at, "@") + r"|(?<=[a-z0-9])\s@\s?(?=[a-z])|(?<=[a-z0-9])@\s(?=[a-z])")

    @cached_property
    def spelt_dot(self) -> re.Pattern[str]:
        """The sign . in words, in brackets or with blanks around."""
        return re.compile(
            _spelt(self._form.dot, ".")
            + rf"|(?<=[a-z0-9])(?:\s\.\s?(?=(?:{self._spaced_endings})(?![a-z]))"
            + rf"|\.\s(?=(?:{_any(self._form.sure_endings)})(?![a-z])))"
            + rf"|(?<=[a-z0-9])\s\.\s(?=[a-z0-9-]{{2,40}}\s?\.\s?(?:{self._spaced_endings})(?![a-z]))"
            + r"|(?<=[a-z0-9])\s\.\s(?=com?\s\.\s[a-z]{2}(?![a-z]))"
            + r"|(?:(?<=\sco)|(?<=\scom))\s\.\s(?=[a-z]{2}(?![a-z]))"
            + rf"|{_short(self._form.short_hosts)}\s?\.\s?(?=me(?![a-z]))"
            + r"|(?<=www)\s?\.\s?(?=[a-z0-9])"
        )

    @cached_property
    def spelt_slash(self) -> re.Pattern[str]:
        """The sign / in words or with blanks around."""
        return re.compile(rf"\s(?:{_any(self._form.slash)})\s|(?<=[a-z])\s/\s(?=[a-z0-9])")

    @cached_property
    def spaced_words(self) -> frozenset[str]:
        """Words for "." and "@" that stand between blanks."""
        return frozenset(self._symbols - self._unspaced - self._phrases)

    @cached_property
    def ascii_words(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The words and the phrases that plain ASCII text can hold, without loading the folding tables."""
        words = [word for word in (*self._form.dot, *self._form.at) if word.isascii()]
        return frozenset(w for w in words if " " not in w), tuple(w for w in words if " " in w)

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Those of several words."""
        return tuple(sorted(self._phrases))

    @cached_property
    def unspaced_words(self) -> re.Pattern[str]:
        """Those of scripts without spaces."""
        return re.compile(_any(self._unspaced))

    @cached_property
    def plain_at(self) -> frozenset[str]:
        """Words for "@" that are everyday words too."""
        return _set(self._form.plain_at)

    @cached_property
    def mail_services(self) -> frozenset[str]:
        """Mail services known without their ending."""
        return _set(self._form.mail_services)

    @cached_property
    def not_names(self) -> frozenset[str]:
        """Words that are no first part of an address."""
        return _set(self._form.not_names)

    @cached_property
    def spelt_endings(self) -> frozenset[str]:
        """Endings that make a spelt-out address believable."""
        return _set(self._form.spelt_endings)

    @cached_property
    def weak_endings(self) -> dict[str, frozenset[str]]:
        """By the word for the dot: endings that need more."""
        return {fold_term(word): _set(endings) for word, endings in self._form.weak_endings.items()}

    @cached_property
    def short_hosts(self) -> frozenset[str]:
        """Hosts of one part in front of "me"."""
        return _set(self._form.short_hosts)

    @cached_property
    def spaced_dot(self) -> re.Pattern[str]:
        """A quick look for dots with blanks around."""
        return re.compile(rf"[a-z0-9](?:\s\.\s?|\.\s)(?:{self._spaced_endings}|me)(?![a-z])|www\s?\.\s")

    @cached_property
    def loose_link(self) -> re.Pattern[str]:
        """A messenger's short link with another sign, or none, for its dot."""
        slash = rf"(?P<sign>\s?[/\\\\]\s?|\s(?:{_any(self._form.slash)})\s)"
        return re.compile(
            rf"(?<![a-z0-9._/\\'-])(?P<host>wa|t|zalo|ig|telegram)(?P<dot>\s?[/,|_·•-]\s?|\s|\s?\.\s?)me{slash}"
            r"(?P<path>[+a-z0-9][a-z0-9._-]{4,40})"
        )

    @cached_property
    def mail_hint(self) -> re.Pattern[str]:
        """The name of a mail service, in any letters."""
        hosts = {host.partition(".")[0] for host in self._form.mail_hosts}
        services = {word for word in self._form.mail_services if not word.isdigit()}
        return re.compile(_any([*services, *self._form.spoken_services, *hosts]))

    @cached_property
    def doubtful_at(self) -> frozenset[str]:
        """Words for "@" that need the whole address behind them."""
        return _set([*self._form.doubtful_at, *self._form.plain_at])

    @cached_property
    def spoken_mail(self) -> re.Pattern[str]:
        """From the word for "@" to the end of an address at a mail service."""
        at = _set([*self._form.at, *self._form.doubtful_at])
        unspaced = {word for word in at if _UNSPACED.search(word)}
        dot = rf"(?:\s?\.\s?|\s?[(\[]\s?(?:{_any(self._form.dot)}|\.)\s?[)\]]\s?|\s?(?:{_any(self._form.dot)})\s?)"
        ending = rf"(?:{_any([*self._form.spoken_endings, *self._form.spelt_endings, 'ne'])})(?![a-z0-9])"
        spaced, joined = _any(at - unspaced), _any(unspaced)
        return re.compile(
            rf"(?P<at>(?<=\s)(?:{spaced})\s|(?:(?<=\s)|(?<=[a-z0-9]))(?:{joined})|(?<=[\w\s])@"
            rf"|[(\[]\s?(?:{_any(at)}|@)\s?[)\]])"
            rf"\s?(?:{_any([*self._form.mail_services, *self._form.spoken_services, *self._mail_names])})"
            rf"(?![a-z0-9@-])(?P<ending>(?:{dot}|\s){ending}(?:{dot}{ending})?)?"
        )

    @cached_property
    def _mail_names(self) -> frozenset[str]:
        return frozenset(host.partition(".")[0] for host in self._form.mail_hosts)

    @cached_property
    def mail_hosts(self) -> frozenset[str]:
        """Hosts of well-known mail services."""
        return frozenset(self._form.mail_hosts)

    @cached_property
    def signed_mail(self) -> re.Pattern[str]:
        """A sign that is no "@", or a blank, and a well-known mail host."""
        hosts = "|".join(
            re.escape(host).replace(r"\.", r"(?:\s?\.\s?|\s)")
            for host in sorted(self.mail_hosts, key=len, reverse=True)
        )
        bare = "gmail|hotmail|yahoo|icloud|naver|hanmail|protonmail|gmx"
        return re.compile(
            r"(?:(?<=[a-z0-9_])(?P<sign>\s?[^\w\s.,:;!?()/'\"@-]\ufe0f?\s?|\s))"
            rf"(?:{hosts}|(?:{bare}))(?![a-z0-9@-]|\s?\.\s?[a-z])"
        )

    @cached_property
    def plus_number(self) -> re.Pattern[str]:
        """The word for "+" and the country behind it, in digits or up to two words."""
        return re.compile(
            rf"(?<![0-9] )(?<![0-9]){_whole(self._form.plus)}\s?"
            r"(?P<code>[0-9]{1,3}|[a-z]{3,12}(?:[ -][a-z]{1,7}){0,2}(?=[ -]\(?[0-9]))"
        )

    @cached_property
    def number_part(self) -> re.Pattern[str]:
        """Words that announce one part of a number, right in front of it."""
        return re.compile(rf"{_whole(self._form.number_parts)}[^0-9\n]{{0,16}}$")

    @cached_property
    def continued(self) -> re.Pattern[str]:
        """A whole message that is the next part of a number: "and then 77 46 390"."""
        return re.compile(
            rf"[^\w]{{0,4}}(?:{_any([*self._form.number_next, *self._form.number_parts])})\s?[:=,.…-]{{0,3}}\s?"
            r"(?P<number>[0-9]{1,8}(?:[ .-]{1,3}[0-9]{1,4}){0,6})[^\w%]{0,4}"
        )

    @cached_property
    def link_word(self) -> re.Pattern[str]:
        """A word that announces a link."""
        return re.compile(_whole(self._form.link_words))

    @cached_property
    def labelled_handle(self) -> re.Pattern[str]:
        """An account name behind the name of an app."""
        return re.compile(
            rf"{_whole(self._form.handle_labels)}\s?(?:id)?\s?[:=→]\s?(?P<name>@?[a-z0-9][a-z0-9._-]{{2,29}})(?![a-z0-9@])"
        )

    @cached_property
    def not_handles(self) -> frozenset[str]:
        """Words that are no account name."""
        return _set(self._form.not_handles)

    @cached_property
    def no_handle(self) -> re.Pattern[str]:
        """Numbers with units, sizes and product names."""
        return re.compile(
            rf"\d[\d.,:x×/*-]{{0,15}}(?:{_any(self._form.units)})?"
            rf"|(?:{_any(self._form.models)})[-_.]?\d{{1,5}}(?:\.\d{{1,2}})?[a-z]{{0,5}}"
            r"|[a-z]{1,3}[-.]?\d{1,5}[a-z]{0,2}(?:[-/]\d{1,4}[a-z]{0,2})?"
            r"|[a-z]{0,5}[-_]?\d{9,}[a-z]{0,3}"
            r"|\d{1,4}[-x][a-z]{1,8}(?:-[a-z0-9]{1,8})?"
            r"|\d+(?:st|nd|rd|th|er|em)"
        )

    @cached_property
    def card_word(self) -> re.Pattern[str]:
        """A word beside card numbers."""
        return re.compile(_whole(self._form.card_words))

    @cached_property
    def pix_word(self) -> re.Pattern[str]:
        """A word beside Pix keys."""
        return re.compile(_whole(self._form.pix_words))

    @cached_property
    def clabe_word(self) -> re.Pattern[str]:
        """A word beside Mexican account numbers."""
        return re.compile(_whole(self._form.clabe_words))

    @cached_property
    def countries(self) -> dict[str, tuple[str, ...]]:
        """Countries by language."""
        return self._countries

    @cached_property
    def regions(self) -> dict[str, tuple[str, ...]]:
        """Countries by region."""
        return {name: tuple(codes) for name, codes in self._form.regions.items()}

    @cached_property
    def no_trunk(self) -> frozenset[str]:
        """Countries whose numbers have no leading 0."""
        return frozenset(self._form.no_trunk)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """All countries of ``countries`` and ``others``."""
        return tuple(self._known)

    @cached_property
    def language_endings(self) -> dict[str, frozenset[str]]:
        """Endings that are words of a language."""
        return {name: _set(endings) for name, endings in self._form.language_endings.items()}

    @cached_property
    def word_endings(self) -> frozenset[str]:
        """Endings that are everyday words."""
        return _set(self._form.word_endings)

    @cached_property
    def file_endings(self) -> frozenset[str]:
        """Endings of file names."""
        return _set(self._form.file_endings)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words that come with the package.

    Raises:
        RuleError: E301 when the file is wrong.

    """
    form, _ = load(resource_dir("lexicons") / "contact_words.yaml", _WordsFile)
    return Vocabulary(form)
