# ruff: noqa: E501
"""No input makes a reader crash, and every place it names exists."""

import io

import pytest
from chat_script import SHAPES, whatsapp
from hypothesis import given, settings
from hypothesis import strategies as st
from test_line_kakaotalk import LINE_FORMS, kakao, line_export

from screener.errors import ScreenerError
from screener.readers import ReadOptions
from screener.readers.detect import iter_items, open_source
from screener.records import Message

FORMS = ("whatsapp", "line", "kakaotalk")
SEEDS = (
    [whatsapp(shape) for shape in SHAPES]
    + [line_export(form, column) for form in LINE_FORMS for column in "\t "]
    + [kakao(form) for form in ("pc", "phone", "csv", "ios")]
)
PIECES = st.sampled_from([
    "\n", "\r", "\t", ": ", ":", " - ", "[", "]", "\u200e", "\u200f", "\u202f", "27/03/22", "99/99/9999", "R0/1/1", "0/0/0", "٩٩:٩٩", "12:61",
    "2024.01.02", "--------------- 2024년 13월 9일 월요일 ---------------", '"', '"",', "<attached: ", ".jpg (file attached)", "<Media omitted>",
    "image omitted", "\ud800", "\x00", "上午", "24:00", "2022-02-30, 10:00 - A: x", "[LINE] ", "９", "²", "\ufeff",
])  # fmt: skip


def check(data, form, options=None):
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    options = options or ReadOptions(date_order="dmy", encoding="utf-8")
    last = 0
    try:
        with open_source(io.BytesIO(data), options) as source:
            for item in iter_items(source, options, form):
                if isinstance(item, Message):
                    assert item.place is not None
                    assert last < item.place.line <= lines
                    last = item.place.line
                    assert item.channel.value == form
                    assert item.local_time
    except ScreenerError as error:
        assert error.fix
        return None
    return last


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400))
def test_bytes(form, data):
    check(data, form, ReadOptions())


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_seeds_are_readable(number):
    form = "whatsapp" if number < len(SHAPES) else "line" if number < len(SEEDS) - 4 else "kakaotalk"
    assert check(SEEDS[number].encode(), form, ReadOptions())


@pytest.mark.parametrize("form", [*FORMS, None])
@settings(max_examples=100, deadline=None)
@given(
    seed=st.sampled_from(SEEDS), edits=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 5), PIECES), max_size=8)
)
def test_broken_exports(form, seed, edits):
    for at, gone, piece in edits:
        seed = seed[:at] + piece + seed[at + gone :]
    data = seed.encode("utf-8", "surrogatepass")
    if form is not None:
        check(data, form)
        return
    try:
        with open_source(io.BytesIO(data)) as source:
            assert all(item is not None for item in iter_items(source, ReadOptions()))
    except ScreenerError as error:
        assert error.code.startswith("E1")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=40).filter(lambda t: "\r" not in t), min_size=1, max_size=6))
def test_any_text_survives(texts):
    """Whatever people write comes back unchanged, unless it looks like a header or a marker."""
    clean = [t.encode("utf-8", "replace").decode().replace("\n", " ") for t in texts]
    clean = [f"§{t}§" for t in clean]
    data = "".join(f"2022-03-27, 10:{n:02} - A: {t}\n" for n, t in enumerate(clean)).encode()
    with open_source(io.BytesIO(data)) as source:
        got = [item.text for item in iter_items(source, ReadOptions()) if isinstance(item, Message)]
    assert got == clean
