from __future__ import annotations

from hypothesis import strategies as st

# Pieces that have broken such code before, beside any character at all (lone surrogates included).
PIECES = [
    "a", "B", " ", "\n", "\r\n", "\r", "\t", "é", "e\u0301", "a\u0323\u0302", "\u0301" * 5, "\u0301", "ß", "ﬁ", "İ",
    "Ｗ", "①", "½", "\u200b", "\u200d", "\ufe0f", "\u20e3", "\u00ad", "😀", "👍\U0001f3fd", "👩\u200d👩\u200d👧",
    "🇮🇩", "🇼", "1\ufe0f\u20e3", "น้ำ", "น\u0e4d\u0e49า", "เเ", "\u0e47" * 5, "ｶﾞ", "か\u3099", "한", "ㅋㅋ",
    "\u1112\u1161\u11ab", "微信", "臺灣", "أ\u064eه\u0652لا\u064b", "كـ", "١٢", "wһаt", "α", "Ж", "\ud800", "\udc00",
    "\uffff", "…", "™", "'", ".", "1", "@", "w h i", "one two", "zero", "零一二三四五",
]  # fmt: skip
ANY_TEXT = st.lists(st.one_of(st.sampled_from(PIECES), st.characters(exclude_categories=())), max_size=40).map("".join)
