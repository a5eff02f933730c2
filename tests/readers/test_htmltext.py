"""HTML to text: what is seen, no more, and in bounded time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.readers.htmltext import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\nthree"),
        ("<style>p{}</style><script>x()</script><p>seen</p>", "seen"),
        ("<p>mine</p><blockquote type='cite'>theirs</blockquote>", "mine"),
        ("<div>mine<div class='gmail_quote'>theirs</div></div>", "mine"),
        ("<ul><li>un</li><li>deux</li></ul>", "un\ndeux"),
        ("<b>bro<i>ken", "broken"),
        ("<p>ไม่มี<b>ปัญหา</b></p>", "ไม่มีปัญหา"),
    ],
)
def test_text(html, text):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a ", "<a b='", "&#", "</", "<b>", "<p><b><i>", "<table>", "<![CDATA["]
)
def test_hostile_markup_takes_no_more_than_moments(piece):
    started = time.perf_counter()
    html_to_text(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 5


@given(st.text(alphabet="<>/&;!-abp '\"=", max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_markup(html):
    assert isinstance(html_to_text(html), str)
