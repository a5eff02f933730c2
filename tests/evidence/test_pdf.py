"""The printed page holds every script, in a font that has it."""

import shutil
import subprocess

import pytest

from screener.evidence.assemble import build_case, contents_of
from screener.evidence.view import write_pdf
from screener.pipeline import Screener
from screener.records import Channel, Conversation, Message, Speaker

pytest.importorskip("weasyprint", reason="the extra pdf, or Pango, is missing")
pypdf = pytest.importorskip("pypdf")

SCRIPTS = {
    "zh": ("东西没有质量问题 👍", "Noto Sans CJK"),
    "ja": ("問題なく使えています", "Noto Sans CJK"),
    "ko": ("아무 문제 없어요", "Noto Sans CJK"),
    "th": ("ของไม่มีปัญหา", "Noto Sans Thai"),
    "ar": ("المنتج سليم", "Noto Sans Arabic"),
    "vi": ("hàng không bị lỗi gì", "Noto Sans"),
}


def installed(font: str) -> bool:
    listing = shutil.which("fc-list")
    return listing is not None and font in subprocess.run([listing], capture_output=True, text=True).stdout


def printed(folder, texts):
    """The text of the printed page of a conversation, and the names of its fonts."""
    messages = tuple(
        Message(id=f"m{n}", text=text, speaker=Speaker.BUYER, channel=Channel.IN_APP) for n, text in enumerate(texts)
    )
    source = folder / "chat.txt"
    source.write_text("the export", encoding="utf-8")
    case = build_case(Conversation("c", messages, Channel.IN_APP), Screener("SA", classifier=False))
    page = bytes(contents_of(case, source).files["view.html"]).decode()
    write_pdf(page, folder / "case.pdf")
    pages = pypdf.PdfReader(folder / "case.pdf").pages
    fonts = {font.get_object()["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()}
    return "\n".join(page.extract_text() for page in pages), fonts


@pytest.fixture(scope="module")
def all_scripts(tmp_path_factory):
    return printed(tmp_path_factory.mktemp("pdf"), [text for text, _ in SCRIPTS.values()])


def test_figures_are_not_taken_from_the_emoji_font(tmp_path):
    if not installed("Noto Sans") or not installed("Noto Color Emoji"):
        pytest.skip("the fonts are not installed")
    said, fonts = printed(tmp_path, ["order 5771 is fine"])
    assert "order 5771 is fine" in said
    assert not any("Emoji" in used for used in fonts)


@pytest.mark.parametrize("language", SCRIPTS)
def test_text_is_printed_with_a_font_of_its_script(all_scripts, language):
    text, font = SCRIPTS[language]
    if not installed(font):
        pytest.skip(f"{font} is not installed")
    said, fonts = all_scripts
    assert any(font.replace(" ", "-") in used for used in fonts)
    if language != "ar":  # extraction gives the letters in the order of the eye
        assert text in said
