"""Our own additions to the folding table, reviewed by hand. Read by ``tools/build_tables.py``."""

from __future__ import annotations

VERSION = "2026-11-22"

# -- whitespace and what nobody sees -----------------------------------------------------------------
SPACES = "\t\x0b\x0c\x1c\x1d\x1e\x1f\u2800"
"""Become a blank, as all of category Zs. Line ends are in MAP."""

SKIN_TONES = (0x1F3FB, 0x1F3FF)
VARIATION_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x180B, 0x180D), (0x180F, 0x180F))
DROP_RANGES = (
    *VARIATION_SELECTORS,
    (0x2060, 0x206F),
    (0xFFF0, 0xFFFB),
    (0xE0000, 0xE00FF),  # tags
    # Arabic vowel signs, Quranic marks, hamza and madda on their own (joined ones are composed first)
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x06D6, 0x06DC),
    (0x06DF, 0x06E8),
    (0x06EA, 0x06ED),
    (0x08D3, 0x08E1),
    (0x08E3, 0x08FF),
    SKIN_TONES,
)
DROP = "\u00ad\u034f\u0640\u0670\u115f\u1160\u17b4\u17b5\u3164\uffa0"
KEEP = (
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2\U000110bd\U000110cd"  # Arabic and Kaithi number signs are seen
    "\u0e33\u0eb3\u0edc\u0edd"  # Thai and Lao letters that NFKC would split
    "™℠"  # "whatsapp™" must keep its end of word
)
KEEP_RANGES = (
    (0x3131, 0x318E),  # Hangul compatibility jamo (ㅋㅋ)
    (0x0F00, 0x0FFF),  # Tibetan
)
ARABIC_PRESENTATION = ((0xFB50, 0xFDFF), (0xFE70, 0xFEFF))

# -- characters ----------------------------------------------------------------------------------------
MAP: dict[str, str] = {
    "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\r": "\r",
    "İ": "i", "ı": "i", "ɑ": "a", "ɡ": "g",
    # Arabic (search convention: alef, ya and ta marbuta forms are one; Persian keyboard letters)
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ى": "ي", "ة": "ه",
    "ک": "ك", "ی": "ي", "ې": "ي", "ہ": "ه", "ە": "ه", "ھ": "ه", "ۀ": "ه", "ۃ": "ه", "ۂ": "ه",
    "،": ",", "؛": ";", "؟": "?", "٫": ".", "٬": ",", "٪": "%", "٭": "*", "۔": ".",
    # signs
    "➕": "+", "✚": "+", "✙": "+", "🞡": "+", "⊕": "+", "⨁": "+", "➖": "-", "➗": "/", "⁄": "/", "∕": "/",
    "⧸": "/", "∶": ":", "ː": ":", "꞉": ":", "․": ".", "‧": "·", "∙": "·", "⋅": "·",
    "〜": "~", "∼": "~", "˜": "~", "⁓": "~", "〰": "~",
    "🔟": "10",
}  # fmt: skip
MAP |= dict.fromkeys("‘’‚‛′‵ʹʼʻʽˈ´＇｀՚׳ꞌ", "'")
MAP |= dict.fromkeys("“”„‟″‶«»〝〞〟״ˮ", '"')
MAP |= dict.fromkeys("‐‑‒–—―−⁃﹘﹣－⸺⸻˗➖", "-")


def _series(first: int, values: list[str]) -> dict[str, str]:
    return {chr(first + i): v for i, v in enumerate(values)}


_LETTERS = [chr(ord("a") + i) for i in range(26)]
_ONE_TO_TEN = [str(i) for i in range(1, 11)]
MAP |= _series(0x249C, _LETTERS)  # ⒜
MAP |= _series(0x1F110, _LETTERS)  # 🄐
MAP |= _series(0x1F130, _LETTERS)  # 🄰
MAP |= _series(0x1F150, _LETTERS)  # 🅐
MAP |= _series(0x1F170, _LETTERS)  # 🅰
MAP |= _series(0x1F1E6, _LETTERS)  # regional indicators; true flags are left alone at run time
MAP |= _series(0x2474, [str(i) for i in range(1, 21)])  # ⑴
MAP |= _series(0x2488, [str(i) for i in range(1, 21)])  # ⒈
MAP |= _series(0x24EB, [str(i) for i in range(11, 21)])  # ⓫
MAP |= _series(0x24F5, _ONE_TO_TEN)  # ⓵
MAP |= _series(0x2776, _ONE_TO_TEN)  # ❶
MAP |= _series(0x2780, _ONE_TO_TEN)  # ➀
MAP |= _series(0x278A, _ONE_TO_TEN)  # ➊
MAP |= _series(0x1F100, ["0", *[str(i) for i in range(10)], "0", "0"])  # 🄀 🄁 … 🄋 🄌
MAP |= _series(0x3220, list("一二三四五六七八九十"))  # ㈠
MAP |= {"⓿": "0", "🅪": "mc", "🅫": "md", "🆋": "ic", "🆌": "pa", "🆍": "sa", "🆎": "ab", "🆏": "wc", "🆐": "dj"}
MAP |= {"🆑": "cl", "🆒": "cool", "🆓": "free", "🆔": "id", "🆕": "new", "🆖": "ng", "🆗": "ok", "🆘": "sos"}
MAP |= {"🆙": "up", "🆚": "vs"}

# -- Chinese -------------------------------------------------------------------------------------------
SIMPLIFIED: dict[str, str] = {"妳": "你", "祂": "他", "牠": "它", "乾": "干", "著": "着", "瞭": "了", "藉": "借"}
"""Traditional characters for which a search wants more than OpenCC's first choice."""

# -- lookalikes, used only in words that mix scripts -----------------------------------------------------
CONFUSABLE: dict[str, str] = {"ѡ": "w", "ԝ": "w", "Ԝ": "w", "ɯ": "w", "ω": "w", "α": "a", "є": "e", "ε": "e"}
CONFUSABLE_WEAK: dict[str, str] = {
    "ш": "w", "щ": "w", "и": "n", "й": "n", "п": "n", "я": "r", "г": "r", "э": "e", "л": "n", "ч": "y", "ц": "u",
    "з": "e", "ы": "b", "ъ": "b", "д": "a", "ю": "o", "η": "n", "μ": "u", "λ": "a", "θ": "o", "π": "n", "σ": "o",
    "δ": "d", "β": "b", "τ": "t", "κ": "k", "ψ": "y", "φ": "o", "ξ": "e", "ς": "s", "ζ": "z",
}  # fmt: skip
"""Looser likenesses (faux Cyrillic), used only where Latin letters are the majority of the word."""

# -- accents -------------------------------------------------------------------------------------------
BARE: dict[str, str] = {
    "đ": "d", "ð": "d", "ɖ": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "ƀ": "b", "ɓ": "b",
    "ɗ": "d", "ƙ": "k", "ʼ": "'", "ĸ": "k", "ɨ": "i", "ʉ": "u", "ɵ": "o", "ǥ": "g", "ȥ": "z", "ƶ": "z",
}  # fmt: skip

SLOW = "\r\u0e4d" + "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""Characters that need more than a table look-up."""

# ISO 3166-1 alpha-2 and the other codes that systems draw as a flag.
REGIONS = (
    "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
    "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES "
    "ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE "
    "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC "
    "MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE "
    "PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS "
    "XK YE YT ZA ZM ZW"
)
