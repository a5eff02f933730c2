"""Opening files safely."""

import io
import os
import stat
import threading
import time
import tracemalloc
import zipfile

import pytest

from screener.errors import InputError, Place, ScreenerError
from screener.readers import ReadOptions, iter_messages, open_source, read_export
from screener.readers.source import Encoding, Lines, Source, detect_encoding
from screener.readers.whatsapp_header import parse
from screener.records import Message

CHAT = "2022-03-27, 10:00 - Ann: hi\n2022-03-27, 10:01 - Shop: hello\n"


def make(tmp_path, *members, compress=zipfile.ZIP_STORED):
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w", compress) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return path


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "bad",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/etc/evil.txt",
        "C:/evil.txt",
        "..\\evil.txt",
        link("evil.txt"),
        "a\\..\\b.txt",
    ],
    ids=str,
)
def test_unsafe_names_are_refused(bad, tmp_path):
    with pytest.raises(InputError) as error:
        read_export(make(tmp_path, ("_chat.txt", CHAT), (bad, "x")))
    assert error.value.code == "E106"


def test_duplicate_names_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        path = make(tmp_path, ("_chat.txt", CHAT), ("_chat.txt", CHAT.replace("hi", "bye")))
    with pytest.raises(InputError) as error:
        read_export(path)
    assert error.value.code == "E106"


def test_bombs_are_refused_before_they_are_unpacked(tmp_path):
    path = make(tmp_path, ("_chat.txt", CHAT), ("big.txt", b"\0" * (30 << 20)), compress=zipfile.ZIP_DEFLATED)
    with pytest.raises(InputError) as error:
        read_export(path)
    assert error.value.code == "E106"
    assert "times its size" in error.value.problem


def test_limits_of_archives(tmp_path):
    path = make(tmp_path, ("_chat.txt", CHAT), ("a.jpg", b"x" * 5000), ("b.jpg", b"x" * 5000))
    assert read_export(path).conversations
    for options in (
        ReadOptions(max_member_bytes=4999), ReadOptions(max_total_bytes=9000), ReadOptions(max_members=2),
    ):  # fmt: skip
        with pytest.raises(InputError) as error:
            read_export(path, options)
        assert error.value.code == "E106"


def test_nested_archives_are_never_opened(tmp_path):
    inner = make(tmp_path, ("_chat.txt", CHAT)).read_bytes()
    with pytest.raises(InputError) as error:
        read_export(make(tmp_path, ("inner.zip", inner)))
    assert error.value.code == "E106"
    assert len(read_export(make(tmp_path, ("_chat.txt", CHAT), ("sent.zip", inner))).conversations) == 1


def test_macos_side_files_are_passed_over(tmp_path):
    export = read_export(make(tmp_path, ("_chat.txt", CHAT), ("__MACOSX/._chat.txt", b"\0\5\x16\7")))
    assert len(export.conversations[0].messages) == 2


@pytest.mark.parametrize("cut", [10, 40, 100, 170])
def test_damaged_archives_are_one_clear_error(cut, tmp_path):
    path = make(tmp_path, ("_chat.txt", CHAT))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError) as error:
        read_export(path)
    assert error.value.code == "E101"


def test_wrong_checksum_is_one_clear_error(tmp_path):
    path = make(tmp_path, ("_chat.txt", CHAT))
    path.write_bytes(path.read_bytes().replace(b"Ann: hi", b"Ann: ho"))
    with pytest.raises(InputError) as error:
        read_export(path)
    assert error.value.code == "E101"


def test_no_file_folder_empty_unknown(tmp_path):
    for path, code in ((tmp_path / "no.txt", "E101"), (tmp_path, "E101")):
        with pytest.raises(InputError) as error:
            read_export(path)
        assert error.value.code == code
    for data, code in ((b"", "E110"), (b"just words\n", "E102"), (bytes(range(256)) * 9, "E102")):
        path = tmp_path / "x"
        path.write_bytes(data)
        with pytest.raises(InputError) as error:
            read_export(path)
        assert error.value.code == code
        assert "just words" not in str(error.value)


def test_unknown_options():
    with pytest.raises(ScreenerError):
        ReadOptions(timezone="Mars/Olympus")
    with pytest.raises(ScreenerError):
        ReadOptions(date_order="ydm")
    for name in ("no-such", "base64", "rot13"):
        with pytest.raises(ScreenerError) as error:
            detect_encoding(b"x", name)
        assert error.value.code == "E201"


class Endless(io.RawIOBase):
    """A file of ``size`` bytes made up while it is read: a header, then one line without an end."""

    def __init__(self, size, start=b"", fill=b"x"):
        self.left, self.start, self.fill = size, start, fill

    def readable(self):
        return True

    def readinto(self, buffer):
        count = min(len(buffer), self.left)
        data = (self.start[:count] + self.fill * count)[:count]
        self.start = self.start[count:]
        self.left -= count
        buffer[:count] = data
        return count


def test_one_endless_line_needs_bounded_memory():
    size = 1 << 30
    start = b"2022-03-27, 10:00 - Ann: hi\n2022-03-27, 10:01 - Shop: "
    options = ReadOptions(max_line_chars=10_000)
    source = Source("big.txt", lambda: io.BufferedReader(Endless(size, start)), options)
    tracemalloc.start()
    try:
        lines = source.lines()
        read = [(number, len(text)) for number, text in lines]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == [(1, 27), (2, 10_000)]
    assert [w.code for w in lines.warnings()] == ["W105"]
    assert peak < 4 << 20


def test_endless_message_of_many_lines_is_cut():
    from screener.readers.whatsapp import READER
    from screener.readers.whatsapp_markers import markers

    markers()
    start = b"2022-03-27, 10:00 - Ann: hi\n"
    options = ReadOptions(max_line_chars=50_000)

    def peak(size):
        source = Source("big.txt", lambda: io.BufferedReader(Endless(size, start, b"word word\n")), options)
        tracemalloc.start()
        try:
            items = list(READER.read(source, options))
            used = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        (message,) = (item for item in items if isinstance(item, Message))
        assert 49_000 < len(message.text) <= 50_000
        assert "W105" in [item.code for item in items if hasattr(item, "code")]
        return used

    assert abs(peak(1 << 21) - peak(1 << 19)) < 1 << 17


def test_only_real_line_ends_end_lines():
    data = "a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg\r\nh\ri\n\nj"
    lines = Lines(io.BytesIO(data.encode()), Encoding("utf-8"), Place("x"), 100)
    assert [text for _, text in lines] == ["a\x0bb\x0cc\x85d\u2028e\u2029f\x1cg", "h", "i", "", "j"]


def test_bytes_that_are_no_text_are_replaced_and_said(tmp_path):
    path = tmp_path / "chat.txt"
    path.write_bytes((CHAT * 9000).encode() + b"2022-03-27, 10:02 - Ann: a\xffb\n")
    export = read_export(path)
    assert export.conversations[0].messages[-1].text == "a\ufffdb"
    assert any(w.code == "W108" and w.place.line == 18_001 for w in export.warnings)


def test_stream_is_read_like_a_file():
    with open_source(io.BytesIO(CHAT.encode())) as source:
        assert source.name == "<stream>"
    assert sum(isinstance(m, Message) for m in iter_messages(io.BytesIO(CHAT.encode()))) == 2


def test_errors_hold_no_chat_text(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("13/02/22, 10:00 - Ann: SECRET\n02/14/22, 10:00 - Ann: SECRET\n")
    with pytest.raises(InputError) as error:
        read_export(path)
    assert "SECRET" not in str(error.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_named_pipe_is_read_once_and_copied(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(CHAT.encode()))
    writer.start()
    count = sum(isinstance(m, Message) for m in iter_messages(pipe))
    writer.join()
    assert count == 2


def test_long_stream_is_copied_to_a_file_that_goes(tmp_path, monkeypatch):
    monkeypatch.setattr("screener.readers.source._IN_MEMORY", 100)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_source(io.BytesIO(CHAT.encode() * 20)) as source:
        assert len(list(tmp_path.iterdir())) == 1
        assert len(list(source.lines())) == 40
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "line", ["1/1/1" + " " * 90, "[" + "1" * 90, "\u200e" * 96, "1/1/2022" + ", " * 40 + "1:11", "1 " * 48]
)
def test_headers_are_told_in_bounded_time(line):
    start = time.perf_counter()
    for _ in range(100):
        parse(line)
    assert time.perf_counter() - start < 2
