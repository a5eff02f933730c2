"""JSON of any size as records, one after another, in bounded memory.

Two shapes of file are read alike: one document (or several, one behind the other), streamed with ijson, and JSON
lines, where a broken line costs that line only. ``walk`` yields the values that stand at the wanted paths and
tells when an enclosing object ends. Nothing here recurses, so no depth of nesting can exhaust the stack.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import ijson

from screener.errors import InputError, Place, Warned
from screener.readers.base import HEAD_BYTES, broken
from screener.readers.source import detect_encoding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import BinaryIO

    from screener.readers.base import ReadOptions
    from screener.readers.source import Source

__all__ = ["End", "Path", "Peek", "Record", "loads", "member_head", "peek", "walk"]

Path: TypeAlias = tuple[str, ...]
"""Where a value stands: keys, and ``*`` for any element of an array."""

_MAX_DEPTH: Final = 100
_MAX_NODES: Final = 1_000_000
_MAX_SCALARS: Final = 100
"""Plain values kept of each enclosing object."""
_CHUNK: Final = 1 << 16
_PEEK_DEPTH: Final = 40
_PEEK_LINES: Final = 50

_LITERAL: Final = re.compile(r'"|\\.|-?(?:NaN|Infinity)', re.DOTALL)
_TAIL: Final = re.compile(r"[A-Za-z-]{1,9}\Z")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")

_Event: TypeAlias = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A value at a wanted path. ``scope`` has the plain values, seen so far, of the enclosing objects, outermost first.

    ``scope`` is live: use it before the next record is asked for.
    """

    value: Any
    place: Place
    path: Path
    scope: tuple[dict[str, Any], ...] = ()

    def scoped(self, *names: str) -> Any:
        """The first plain value of one of these names in the enclosing objects, innermost first."""
        for values in reversed(self.scope):
            for name in names:
                if values.get(name) is not None:
                    return values[name]
        return None


@dataclass(frozen=True, slots=True)
class End:
    """An object that is no record has ended; ``values`` are its plain values."""

    values: dict[str, Any]
    place: Place
    path: Path


@dataclass(frozen=True, slots=True)
class Peek:
    """What the first bytes of a file tell: its documents as far as they go."""

    documents: tuple[Any, ...]
    lines: bool
    """True for JSON lines."""


class _TooDeepError(ValueError):
    pass


def loads(text: str) -> Any:
    """One JSON value.

    Raises:
        ValueError: when it is not JSON, or is nested too deeply to be real.

    """
    try:
        value = json.loads(text)
        return _clean(value) if "\\ud" in text or "\\uD" in text or _SURROGATE.search(text) else value
    except RecursionError:
        raise _TooDeepError("nested too deeply") from None


def _clean(value: Any) -> Any:
    """Lone surrogates, which no encoding can write, as U+FFFD. The depth is bounded by what ``json`` accepts."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value


class _Feed:
    """Bytes of a file as clean UTF-8 for the parser: recoded, and with ``NaN`` and ``Infinity`` as ``null``.

    Python and pandas write these three literals although JSON has none of them; one would end the parse.
    """

    def __init__(self, opened: BinaryIO, encoding: str, limit: int) -> None:
        self._file = opened
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._in_string = False
        self._escaped = False
        self._held = ""
        self._done = False
        self._limit = limit
        self._run = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; empty at the end of the file. ijson asks for zero bytes first to learn the type."""
        if size == 0:
            return b""
        while not self._done:
            data = self._file.read(_CHUNK)
            self._done = not data
            text = self._held + self._decoder.decode(data, final=self._done)
            self._held = ""
            if not self._done and (tail := _TAIL.search(text)):
                self._held = tail[0]
                text = text[: tail.start()]
            if text:
                return self._filter(text).encode("utf-8", "replace")
        return b""

    def _filter(self, text: str) -> str:
        first = ""
        if self._escaped:
            first, text = text[0], text[1:]
        self._escaped = False
        self._guard(text)
        if "NaN" in text or "Infinity" in text:
            return first + self._replace(text)
        plain = text.replace("\\\\", "")
        self._escaped = plain.endswith("\\")
        self._in_string ^= plain.replace('\\"', "").count('"') % 2 == 1
        return first + text

    def _replace(self, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            found = match[0]
            if found == '"':
                self._in_string = not self._in_string
            elif found[0] != "\\" and not self._in_string:
                return "null"
            return found

        changed = _LITERAL.sub(one, text)
        self._escaped = text.replace("\\\\", "").endswith("\\")
        return changed

    def _guard(self, text: str) -> None:
        """The parser holds a string in memory until it ends, so an endless one must be refused."""
        last = text.rfind('"')
        self._run = self._run + len(text) if last < 0 else len(text) - last
        if self._run > self._limit:
            raise ValueError("a value is too long")


def _events(feed: _Feed) -> Iterator[_Event]:
    return iter(ijson.basic_parse(feed, multiple_values=True))


def _skip(events: Iterator[_Event], depth: int) -> None:
    """Pass over the rest of a value that is ``depth`` containers deep."""
    for event, _ in events:
        if event in ("start_map", "start_array"):
            depth += 1
        elif event in ("end_map", "end_array"):
            depth -= 1
            if not depth:
                return


def _build(first: str, events: Iterator[_Event], max_depth: int = _MAX_DEPTH) -> Any:
    """The container whose start has just been seen.

    Raises:
        _TooDeepError: when it is too deep or too large; it has then been passed over.

    """
    root: Any = {} if first == "start_map" else []
    stack: list[Any] = [root]
    keys: list[str] = [""]
    nodes = 0
    for event, value in events:
        if event == "map_key":
            keys[-1] = value
            continue
        if event in ("end_map", "end_array"):
            stack.pop()
            keys.pop()
            if not stack:
                return root
            continue
        made: Any = {} if event == "start_map" else [] if event == "start_array" else value
        top = stack[-1]
        if isinstance(top, dict):
            top[keys[-1]] = made
        else:
            top.append(made)
        nodes += 1
        if event in ("start_map", "start_array"):
            stack.append(made)
            keys.append("")
        if len(stack) > max_depth or nodes > _MAX_NODES:
            _skip(events, len(stack))
            raise _TooDeepError("nested too deeply" if len(stack) > max_depth else "too large for one record")
    return root


@dataclass(slots=True)
class _Frame:
    is_map: bool
    key: str = ""
    index: int = -1
    values: dict[str, Any] = field(default_factory=dict)


class _Walker:
    """The state of one walk over the events of a document."""

    def __init__(self, place: Place, wanted: Collection[Path]) -> None:
        self._wanted = frozenset(wanted)
        self._place = place
        self.frames: list[_Frame] = []
        self.building = False

    def path(self) -> Path:
        return tuple(f.key if f.is_map else "*" for f in self.frames)

    def place(self) -> Place:
        """Where the current value stands: path in ``pointer``, number in its array in ``index``."""
        parts = ""
        index = None
        for number, frame in enumerate(self.frames):
            if frame.is_map:
                parts += f".{frame.key[:40]}" if parts else frame.key[:40]
            elif number == len(self.frames) - 1:
                index = max(frame.index, 0)
            else:
                parts += f"[{max(frame.index, 0)}]"
        if not self.frames and self._place.line is None:
            parts = "$"
        return Place(self._place.file, self._place.line, index, self._place.member, parts or None)

    def scope(self) -> tuple[dict[str, Any], ...]:
        return tuple(f.values for f in self.frames if f.is_map)

    def enter(self) -> None:
        """A value begins: count it in its array."""
        if self.frames and not self.frames[-1].is_map:
            self.frames[-1].index += 1

    def wants(self, event: str) -> bool:
        """True at a wanted path; a whole document is never a record when it is an array, which may be endless."""
        return self.path() in self._wanted and (bool(self.frames) or event != "start_array")

    def keep(self, value: Any) -> None:
        if self.frames and self.frames[-1].is_map and len(self.frames[-1].values) < _MAX_SCALARS:
            self.frames[-1].values[self.frames[-1].key] = value


def _stream(events: Iterator[_Event], walker: _Walker, options: ReadOptions) -> Iterator[Record | End | Warned]:
    for event, value in events:
        if event == "map_key":
            walker.frames[-1].key = value
            continue
        if event in ("end_map", "end_array"):
            frame = walker.frames.pop()
            if frame.is_map:
                yield End(frame.values, walker.place(), walker.path())
            continue
        walker.enter()
        starts = event in ("start_map", "start_array")
        if walker.wants(event):
            walker.building = True
            try:
                built = _build(event, events) if starts else value
            except _TooDeepError as error:
                walker.building = False
                yield broken(walker.place(), str(error), options)
                continue
            walker.building = False
            yield Record(built, walker.place(), walker.path(), walker.scope())
        elif not starts:
            walker.keep(value)
        elif len(walker.frames) >= _MAX_DEPTH:
            place = walker.place()
            _skip(events, 1)
            yield broken(place, "nested too deeply", options)
        else:
            walker.frames.append(_Frame(event == "start_map"))


def _value_events(value: Any) -> Iterator[_Event]:
    """A parsed value as the events that a parser would give."""
    todo: list[tuple[str, Any]] = [("value", value)]
    while todo:
        kind, item = todo.pop()
        if kind != "value":
            yield kind, item
        elif isinstance(item, dict):
            yield "start_map", None
            todo.append(("end_map", None))
            for key in reversed(item):
                todo.append(("value", item[key]))
                todo.append(("map_key", key))
        elif isinstance(item, list):
            yield "start_array", None
            todo.append(("end_array", None))
            todo.extend(("value", each) for each in reversed(item))
        else:
            yield "scalar", item


def _reason(error: Exception) -> str:
    """The parser's message in our words: its own quotes the text."""
    text = str(error).casefold()
    if "eof" in text or ("incomplete json" in text and "parse error" not in text):
        return "the file ends in the middle of a value; everything before it was kept"
    if isinstance(error, ValueError) and "too long" in text:
        return "a single value is longer than a chat message can be"
    return "it is not valid JSON from here on; everything before it was kept"


def _document(
    source: Source, member: str | None, wanted: Collection[Path], options: ReadOptions, form: str
) -> Iterator[Record | End | Warned]:
    encoding = source.encoding(member)
    if encoding.guessed:
        yield Warned.of("W104", source.place(member), encoding=encoding.name)
    walker = _Walker(source.place(member), wanted)
    seen = False
    with source.open(member) as opened:
        events = _events(_Feed(opened, encoding.name, options.max_document_bytes // 8))
        try:
            for item in _stream(events, walker, options):
                seen = seen or isinstance(item, Record)
                yield item
        except OSError as error:
            raise InputError("E101", path=source.place(member), reason=error.strerror or "read error") from None
        except (ijson.JSONError, ValueError, OverflowError) as error:
            if not walker.building:
                walker.enter()
            place = walker.place()
            if not seen:
                where = Place(place.file, member=place.member)
                reason = _reason(error).partition(";")[0]
                raise InputError("E103", path=where, format=form, reason=reason) from None
            yield broken(place, _reason(error), options)


def _lines(
    source: Source, member: str | None, wanted: Collection[Path], options: ReadOptions
) -> Iterator[Record | End | Warned]:
    lines = source.lines(member)
    cut = 0
    for number, text in lines:
        if not text.strip():
            continue
        place = source.place(member, line=number)
        if lines.cut_count > cut:
            cut = lines.cut_count
            yield broken(place, f"the line is longer than {options.max_line_chars} characters", options)
            continue
        try:
            value = loads(text.lstrip("\x1e\ufeff"))
        except _TooDeepError:
            yield broken(place, "nested too deeply", options)
        except ValueError:
            yield broken(place, "the line is not valid JSON", options)
        else:
            yield from _stream(_value_events(value), _Walker(place, wanted), options)
    yield from (warned for warned in lines.warnings() if warned.code != "W105")


def walk(
    source: Source,
    member: str | None,
    wanted: Collection[Path],
    options: ReadOptions,
    *,
    form: str = "JSON",
    lines: bool = False,
) -> Iterator[Record | End | Warned]:
    """The values at the ``wanted`` paths in the order of the file, the ends of other objects, and what is broken.

    Raises:
        InputError: E101 when the file cannot be read, E103 when no record comes before the first error, E107 at
            a broken record with ``options.strict``.

    """
    if lines:
        yield from _lines(source, member, wanted, options)
    else:
        yield from _document(source, member, wanted, options, form)


class _Text:
    """A string as the file that ``_Feed`` reads."""

    def __init__(self, text: str) -> None:
        self._data = text.encode("utf-8", "replace")

    def read(self, _size: int = -1) -> bytes:
        data, self._data = self._data, b""
        return data


def _partial(text: str) -> tuple[Any, ...]:
    """The documents of a text that may be cut anywhere: as much of them as there is."""
    documents: list[Any] = []
    stack: list[Any] = []
    keys: list[str] = []
    try:
        for event, value in _events(_Feed(_Text(text), "utf-8", len(text) + 1)):  # type: ignore[arg-type]
            if event == "map_key":
                keys[-1] = value
            elif event in ("end_map", "end_array"):
                stack.pop()
                keys.pop()
            else:
                made: Any = {} if event == "start_map" else [] if event == "start_array" else value
                if not stack:
                    documents.append(made)
                elif isinstance(stack[-1], dict):
                    stack[-1][keys[-1]] = made
                else:
                    stack[-1].append(made)
                if event in ("start_map", "start_array"):
                    stack.append(made)
                    keys.append("")
                    if len(stack) > _PEEK_DEPTH:
                        break
    except (ijson.JSONError, ValueError, OverflowError):
        pass
    return tuple(documents)


def _whole_lines(text: str) -> list[str]:
    lines = text.split("\n")
    if len(text) >= HEAD_BYTES // 4 and len(lines) > 1:
        lines.pop()
    return [line for line in lines if line.strip()][:_PEEK_LINES]


def _parsed(lines: Iterable[str]) -> list[Any]:
    values = []
    for line in lines:
        try:
            value = loads(line.lstrip("\x1e\ufeff"))
        except ValueError:
            continue
        if isinstance(value, (dict, list)):
            values.append(value)
    return values


@lru_cache(maxsize=16)
def peek(text: str) -> Peek | None:
    """What the beginning of a file (at most ``HEAD_BYTES``) holds; ``None`` when it is no JSON.

    JSON lines are told by their first line being a whole value with more lines behind it, or, where that line is
    broken, by half of the lines being whole objects.
    """
    start = text.lstrip("\x1e\ufeff \t\r\n")
    if not start.startswith(("{", "[")):
        lines = _whole_lines(text)
        values = _parsed(lines[1:])
        if len(lines) > 2 and len(values) * 2 > len(lines) and all(isinstance(v, dict) for v in values):
            return Peek(tuple(values), lines=True)
        return None
    lines = _whole_lines(start)
    values = _parsed(lines) if len(lines) > 1 and lines[0].strip() not in ("{", "[") else []
    if values and (len(values) * 2 >= len(lines)) and not (len(lines[0].strip()) < 2):
        return Peek(tuple(values), lines=True)
    documents = _partial(text.lstrip("\x1e\ufeff"))
    return Peek(documents, lines=False) if documents else None


def member_head(source: Source, member: str | None) -> str:
    """The first text of the file or of a file inside the archive."""
    data = source.sample(member, HEAD_BYTES)
    encoding = detect_encoding(data, source.options.encoding)
    text = codecs.getincrementaldecoder(encoding.name)("replace").decode(data, final=False)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
