"""Digits dictated in pairs."""

import pytest

from screener.text.normalise import extra_views, fold


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("appelle zéro six, quarante-deux, 18, trente, 77", "0642183077"),
        ("null eins sieben zweiundvierzig 33 84", "0174233"),
        ("tre quattro otto quarantadue trentatré dodici", "348423312"),
        ("seis doce treinta y cuatro cincuenta y seis", "6123456"),
        ("zero seven forty-two eleven", "074211"),
    ],
)
def test_pairs_are_read_as_digits(text, digits):
    views = extra_views(text, fold(text))
    assert any(digits in "".join(c for c in view.text if c.isdigit()) for view in views if view.name == "digits"), views


def test_prose_is_left_alone():
    for text in ("I ordered twenty-two pieces", "il y a vingt ans", "ventidue euro e trenta"):
        assert not [view for view in extra_views(text, fold(text)) if view.name == "digits"]
