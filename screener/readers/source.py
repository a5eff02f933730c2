"""Opening input safely: encodings, line ends, over-long lines, archives.

Nothing here ever unpacks to disk or trusts a name or a size that a file states about itself.
"""

from __future__ import annotations

import codecs
import io
import itertools
import os
import re
import stat
import tempfile
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from screener.errors import InputError, Place, ScreenerError, Warned
from screener.readers.base import HEAD_BYTES, Head, ReadOptions
from screener.readers.charset import guess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

__all__ = ["Encoding", "Lines", "Member", "Source", "detect_encoding", "open_source"]

_SAMPLE: Final = 1 << 18
"""Bytes on which an encoding is decided."""
_IN_MEMORY: Final = 1 << 26
"""A stream up to this size is kept in memory, a longer one in a temporary file, because it is read twice."""
_SMALL: Final = 10 << 20
"""Unpacked files up to this size are never a bomb, however well they pack: a chat may repeat itself."""
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESS: Final = 1 << 16
"""Bytes on which an old encoding is guessed."""
_TEXT_SUFFIXES: Final = frozenset({".txt", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".html", ".xml"})
_ARCHIVES: Final = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar"})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_MAX_PLACES: Final = 100
"""How many places of one kind of trouble are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A Python codec name; ``guessed`` when neither a BOM, nor the user, nor the bytes themselves prove it."""

    name: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive; ``size`` is its unpacked size in bytes."""

    name: str
    size: int


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _bomless_utf16(sample: bytes) -> str | None:
    """UTF-16 without BOM: one byte of most pairs is zero where digits, spaces and Latin letters stand."""
    pairs = len(sample) // 2
    if pairs < 4:
        return None
    even = sample[: pairs * 2 : 2].count(0)
    odd = sample[1 : pairs * 2 : 2].count(0)
    if odd * 4 > pairs and even * 20 < odd:
        return "utf-16-le"
    if even * 4 > pairs and odd * 20 < even:
        return "utf-16-be"
    return None


def detect_encoding(sample: bytes, given: str | None = None) -> Encoding:
    """The encoding of a file from its first bytes: what the user says, BOM, UTF-8, UTF-16, then a guess.

    Raises:
        ScreenerError: E201 when ``given`` is no text encoding that Python knows.

    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return Encoding(name)
    if given is not None:
        try:
            name = codecs.lookup(given).name
            "".encode(name)
        except (LookupError, ValueError, UnicodeError):
            raise ScreenerError(
                "E201", what="encoding", value=given, choices="utf-8, utf-16, gb18030, big5, cp932, cp1252, …"
            ) from None
        return Encoding(name)
    wide = _bomless_utf16(sample)
    if wide is not None:
        return Encoding(wide, guessed=True)
    if _is_utf8(sample):
        return Encoding("utf-8")
    return Encoding(guess(sample[:_GUESS]), guessed=True)


class Lines:
    """The lines of a text file as ``(number from 1, text without its end)``, in bounded memory.

    Lines end with LF, CR LF or CR and nothing else, so numbers agree with what editors show. A line longer than
    the limit is cut; the rest of it is passed over piece by piece.
    """

    def __init__(self, opened: BinaryIO, encoding: Encoding, place: Place, limit: int) -> None:
        self.encoding = encoding
        self.place = place
        self.cut_count = 0
        self.cut_lines: list[int] = []
        self.undecodable: int | None = None
        """First line with bytes that the encoding does not allow."""
        self._limit = limit
        self._stream = io.TextIOWrapper(opened, encoding.name, errors="replace", newline=None)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        limit = self._limit
        read = self._stream.readline
        try:
            for number in itertools.count(1):
                text = read(limit + 1)
                if not text:
                    return
                if text[-1] == "\n":
                    text = text[:-1]
                elif len(text) > limit:
                    text = self._cut(text, number)
                if self.undecodable is None and "\ufffd" in text:
                    self.undecodable = number
                yield number, text
        except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeError) as error:
            raise InputError("E101", path=self.place, reason=f"damaged ({type(error).__name__})") from None
        except OSError as error:
            raise InputError("E101", path=self.place, reason=error.strerror or "read error") from None
        finally:
            self.close()

    def _cut(self, text: str, number: int) -> str:
        self.cut_count += 1
        if len(self.cut_lines) < _MAX_PLACES:
            self.cut_lines.append(number)
        piece = text
        while piece and piece[-1] != "\n":
            piece = self._stream.readline(1 << 16)
        return text[: self._limit]

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def warnings(self) -> Iterator[Warned]:
        """What had to be guessed or cut; complete only after the last line was read."""
        if self.encoding.guessed:
            yield Warned.of("W104", self.place, encoding=self.encoding.name)
        if self.undecodable is not None:
            where = Place(self.place.file, self.undecodable, member=self.place.member)
            reason = f"some bytes are not valid {self.encoding.name} and were replaced by U+FFFD"
            yield Warned.of("W108", where, reason=reason)
        if self.cut_count:
            where = Place(self.place.file, self.cut_lines[0], member=self.place.member)
            yield Warned.of("W105", where, count=self.cut_count, limit=self._limit)


class Source:
    """One input that can be opened as often as needed. ``name`` is what places and errors call it."""

    def __init__(self, name: str, opener: Callable[[], BinaryIO], options: ReadOptions) -> None:
        self.name = name
        self.options = options
        self.cache: dict[str, Any] = {}
        """What a reader learnt in its survey and needs again when it reads; the key starts with its name."""
        self._opener = opener
        self._head: Head | None = None
        self._archive: zipfile.ZipFile | None = None
        self._members: tuple[Member, ...] | None = None

    def close(self) -> None:
        """Close the archive, if one is open."""
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def place(self, member: str | None = None, line: int | None = None, index: int | None = None) -> Place:
        """A place in this source."""
        return Place(self.name, line, index, member)

    def open(self, member: str | None = None) -> BinaryIO:
        """Open the file, or a file inside the archive, for reading bytes.

        Raises:
            InputError: E101 when it cannot be read, E106 when the archive is unsafe.

        """
        try:
            if member is None:
                return self._opener()
            self.members()
            return self._zip().open(member)  # type: ignore[return-value]
        except FileNotFoundError:
            raise InputError("E101", path=self.name, reason="no such file") from None
        except OSError as error:
            raise InputError("E101", path=self.name, reason=error.strerror or "read error") from None
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError) as error:
            reason = f"the archive is damaged or packed in an unknown way ({type(error).__name__})"
            raise InputError("E101", path=self.name, reason=reason) from None

    def sample(self, member: str | None = None, size: int = _SAMPLE) -> bytes:
        """The first ``size`` bytes."""
        with self.open(member) as file:
            try:
                parts = []
                while size > 0 and (part := file.read(size)):
                    parts.append(part)
                    size -= len(part)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise InputError("E101", path=self.place(member), reason=f"damaged ({type(error).__name__})") from None
            except OSError as error:
                raise InputError("E101", path=self.name, reason=error.strerror or "read error") from None
        return b"".join(parts)

    def encoding(self, member: str | None = None) -> Encoding:
        """The encoding of the file or member."""
        return detect_encoding(self.sample(member), self.options.encoding)

    def lines(self, member: str | None = None) -> Lines:
        """The lines of the file or member (see :class:`Lines`)."""
        encoding = self.encoding(member)
        return Lines(self.open(member), encoding, self.place(member), self.options.max_line_chars)

    def document(self, member: str | None = None) -> bytes:
        """The whole file or member, for formats that cannot be streamed.

        Raises:
            InputError: E103 when it is larger than ``max_document_bytes``.

        """
        limit = self.options.max_document_bytes
        data = self.sample(member, limit + 1)
        if len(data) > limit:
            reason = f"it is larger than {limit} bytes"
            raise InputError("E103", path=self.place(member), format="a chat document", reason=reason)
        return data

    def head(self) -> Head:
        """What a reader may look at to tell the format."""
        if self._head is None:
            data = self.sample(size=HEAD_BYTES)
            name = PurePosixPath(self.name.replace("\\", "/")).name
            head = Head(name, data, "")
            if head.is_archive:
                members = self.members()
                texts = {m.name: self.head_text(m.name) for m in self.text_members()[:5]}
                head = Head(name, data, "", tuple(m.name for m in members), texts)
            elif b"\0" not in data or detect_encoding(data, None).name.startswith("utf-"):
                head = Head(name, data, _decode_head(data, self.options.encoding))
            self._head = head
        return self._head

    def head_text(self, member: str) -> str:
        """The first text of a file inside the archive, for telling its format."""
        return _decode_head(self.sample(member, HEAD_BYTES), self.options.encoding)

    def text_members(self) -> tuple[Member, ...]:
        """The files of an archive that may hold a chat, in the order of their names; no media, no nested archives."""
        return tuple(m for m in self.members() if PurePosixPath(m.name).suffix.lower() in _TEXT_SUFFIXES)

    def members(self) -> tuple[Member, ...]:
        """The files of an archive, by name; empty for a plain file. Folders and macOS side files are left out.

        Raises:
            InputError: E101 when the archive is damaged, E106 when it is unsafe.

        """
        if self._members is None:
            if self.head_is_archive():
                infos = self._zip().infolist()
                _check_archive(self.name, infos, self.options)
                self._members = tuple(
                    Member(info.filename, info.file_size)
                    for info in sorted(infos, key=lambda info: info.filename)
                    if not info.is_dir() and not _side_file(info.filename)
                )
            else:
                self._members = ()
        return self._members

    def head_is_archive(self) -> bool:
        """True when the file starts as zip files do."""
        return Head("", self.sample(size=4), "").is_archive

    def _zip(self) -> zipfile.ZipFile:
        if self._archive is None:
            try:
                self._archive = zipfile.ZipFile(self.open())
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
                reason = f"it is not a whole zip file ({type(error).__name__})"
                raise InputError("E101", path=self.name, reason=reason) from None
        return self._archive


def _decode_head(data: bytes, given: str | None) -> str:
    encoding = detect_encoding(data, given)
    text = codecs.getincrementaldecoder(encoding.name)("replace").decode(data, final=False)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _side_file(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _check_archive(path: str, infos: list[zipfile.ZipInfo], options: ReadOptions) -> None:
    """Refuse an archive that could do harm, or that was made by somebody who tries."""

    def refuse(reason: str) -> InputError:
        return InputError("E106", path=path, reason=reason)

    if len(infos) > options.max_members:
        raise refuse(f"it holds more than {options.max_members} files")
    seen: set[str] = set()
    total = 0
    for number, info in enumerate(infos, 1):
        # ``orig_filename`` still has what ``filename`` was cleaned of.
        name = info.orig_filename.replace("\\", "/")
        which = f"file {number} of the archive"
        if "\0" in name or name.startswith("/") or _DRIVE.match(name):
            raise refuse(f"{which} has an absolute or malformed name")
        if ".." in name.split("/"):
            raise refuse(f"the name of {which} leads out of the folder")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise refuse(f"{which} is a link")
        if name in seen:
            raise refuse(f"two files of the archive have the same name (the second is {which})")
        seen.add(name)
        if info.flag_bits & 1:
            raise InputError("E101", path=path, reason="the archive is protected by a password")
        total += info.file_size
        if info.file_size > options.max_member_bytes:
            raise refuse(f"{which} unpacks to more than {options.max_member_bytes} bytes")
        if total > options.max_total_bytes:
            raise refuse(f"it unpacks to more than {options.max_total_bytes} bytes")
        if info.file_size > _SMALL and info.file_size > info.compress_size * options.max_ratio:
            raise refuse(f"{which} unpacks to more than {options.max_ratio} times its size")
    if not any(PurePosixPath(name).suffix.lower() in _TEXT_SUFFIXES for name in seen) and any(
        PurePosixPath(name).suffix.lower() in _ARCHIVES for name in seen
    ):
        raise refuse("it holds an archive inside the archive and no chat")


def _path_opener(path: Path) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        if path.is_dir():
            raise InputError("E101", path=path, reason="it is a folder")
        return path.open("rb")

    return opener


@contextmanager
def open_source(path: Path | str | BinaryIO, options: ReadOptions | None = None) -> Iterator[Source]:
    """A file by its path, or an open binary stream (standard input), which is copied so that it can be read twice.

    Raises:
        InputError: E101 when it cannot be read.

    """
    options = options or ReadOptions()
    with ExitStack() as stack:
        if isinstance(path, (str, Path)) and not _is_pipe(Path(path)):
            name, opener = str(path), _path_opener(Path(path))
        elif isinstance(path, (str, Path)):
            name, opener = str(path), _copied(stack.enter_context(_path_opener(Path(path))()), stack)
        else:
            name, opener = str(getattr(path, "name", "") or "<stream>"), _copied(path, stack)
        source = Source(name, opener, options)
        stack.callback(source.close)
        yield source


def _is_pipe(path: Path) -> bool:
    """True for what gives its bytes only once: a named pipe, a terminal, ``<(command)``."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _copied(stream: BinaryIO, stack: ExitStack) -> Callable[[], BinaryIO]:
    """A stream as something that can be opened again; the copy is private and goes with ``stack``."""
    data = stream.read(_IN_MEMORY + 1)
    if len(data) <= _IN_MEMORY:
        return lambda: io.BytesIO(data)
    handle, name = tempfile.mkstemp(prefix="screener-")
    stack.callback(Path(name).unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as copy:
        while data:
            copy.write(data)
            data = stream.read(1 << 20)
    return _path_opener(Path(name))
