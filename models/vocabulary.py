"""A smaller vocabulary: the pieces that the sixteen languages need, and a tokenizer over them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.base import Base

__all__ = ["SPECIALS", "choose", "tokenizer"]

SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_SCRIPTS = frozenset({"LATIN", "CJK", "HANGUL", "THAI", "ARABIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})
_LATIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßšžđăĩũơưāēīōū"
    "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
)
# Letters of Persian, Urdu, Pashto and Uyghur only; گ چ پ ڤ are kept, dialects of Arabic write them.
_NOT_ARABIC = frozenset("ےھہںٹڈڑکیەۇۈېڭۋۆېټډړږښځڅګڼۍئېۀۃٺڀٿڄڃڌڏڊڙڦڪڳڱڻ۾ٽڍ")


def _needed(piece: str) -> bool:
    for character in piece:
        if not character.isalpha():
            continue
        script = unicodedata.name(character, "?").split(" ")[0]
        if script not in _SCRIPTS or character in _NOT_ARABIC:
            return False
        if script == "LATIN" and character.lower() not in _LATIN:
            return False
    return True


def choose(base: Base, texts: Iterable[str], size: int) -> list[int]:
    """Numbers of the base's pieces to keep, at most ``size``, special pieces first.

    Kept are single characters of the sixteen languages' scripts, every piece that ``texts`` use (with the
    whole vocabulary) and, up to ``size``, the most frequent others of those scripts.
    """
    specials = [base.bos, base.pad, base.eos, base.unk]
    full = tokenizer([base.pieces[i] for i in [*specials, *range(4, len(base.pieces))]])
    order = [*specials, *range(4, len(base.pieces))]
    seen: set[int] = set()
    for text in texts:
        seen.update(order[i] for i in full.encode(text, add_special_tokens=False).ids)
    keep = [*specials]
    taken = set(keep)
    candidates = [i for i, (piece, score) in enumerate(base.pieces) if score < 0 and _needed(piece)]
    ranks = (
        [i for i in candidates if len(base.pieces[i][0]) == 1],
        [i for i in candidates if i in seen],
        sorted(candidates, key=lambda i: -base.pieces[i][1]),
    )
    for rank in ranks:
        for number in rank:
            if number not in taken and len(keep) < size:
                keep.append(number)
                taken.add(number)
    return keep


def tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """A unigram tokenizer whose first four pieces are ``SPECIALS``; offsets refer to the text as given."""
    vocabulary = [*((name, 0.0) for name in SPECIALS), *pieces[len(SPECIALS) :]]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIALS.index("<unk>"), byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            # Invisible and direction marks would split words; other controls and runs of white space are one blank.
            normalizers.Replace(Regex(r"[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFE00-\uFE0F\uFEFF]"), ""),
            normalizers.Replace(Regex(r"[\p{Cc}\s]+"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    made.decoder = decoders.Metaspace()
    made.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in SPECIALS])
    return made
