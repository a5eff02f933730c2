"""The human text of a file of drafts: what a buyer will read, without keys, code and markup."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from screener.drafts.align import align, json_string
from screener.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

__all__ = ["FORMATS", "Segment", "format_of", "segments"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text that is read as a whole; ``places`` has the source offset of each code point and of the end."""

    text: str
    places: range | list[int]
    name: str = ""
    """The key, column or message id that it stands under."""

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the file, in code points."""
        return self.places[start], max(self.places[start], self.places[end - 1] + 1 if end > start else 0)


def _worth(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _slice(source: str, start: int, end: int, name: str = "") -> Segment:
    return Segment(source[start:end], range(start, end + 1), name)


_PARAGRAPH: Final = re.compile(r"[^\r\n]+(?:\r?\n[^\S\r\n]*[^\s][^\r\n]*)*")


def _plain(source: str) -> Iterator[Segment]:
    """Paragraphs: lines up to a blank one."""
    for found in _PARAGRAPH.finditer(source):
        yield _slice(source, found.start(), found.end())


_HIDDEN: Final = re.compile(r"`+[^`\n]{0,400}`+|<!--.{0,2000}?-->|</?[a-zA-Z][^<>\n]{0,300}>", re.DOTALL)


def _markdown(source: str) -> Iterator[Segment]:
    """Blocks of prose; code, comments and tags inside them are blanked, so that places stay what they are."""
    from markdown_it import MarkdownIt

    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", source)), len(source)]
    # The cells of a row all name the row as their place: it is read once.
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    for first, last in dict.fromkeys(tuple(t.map) for t in tokens if t.type == "inline" and t.map is not None):
        start, end = starts[first], starts[min(last, len(starts) - 1)]
        text = _HIDDEN.sub(lambda found: " " * len(found[0]), source[start:end])
        yield Segment(text, range(start, end + 1))


_JSON_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*+:)?+')


def _json(source: str) -> Iterator[Segment]:
    """Every string value, under its nearest key."""
    json.loads(source)
    key = ""
    for found in _JSON_STRING.finditer(source):
        text, places = json_string(source, found.start(1), found.end(1))
        if found[2] is not None:
            key = text
        else:
            yield Segment(text, places, key)


def _json_lines(source: str) -> Iterator[Segment]:
    """JSON lines."""
    at = 0
    for line in source.splitlines(keepends=True):
        if line.strip():
            for one in _json(line):
                yield Segment(one.text, [at + place for place in one.places], one.name)
        at += len(line)


def _yaml(source: str) -> Iterator[Segment]:
    """Every scalar that is a value, under its key."""
    import yaml

    def walk(node: yaml.Node, name: str) -> Iterator[Segment]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from walk(value, str(key.value) if isinstance(key, yaml.ScalarNode) else name)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from walk(item, name)
        elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str":
            places = align(node.value, source, node.start_mark.index, node.end_mark.index)
            if places is not None:
                yield Segment(node.value, places, name)

    # The loader that is written in Python: the other one counts its places in bytes.
    for document in yaml.compose_all(source, Loader=yaml.SafeLoader):
        if document is not None:
            yield from walk(document, "")


def _csv(source: str) -> Iterator[Segment]:
    """Every cell below the head, under its column."""
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(source[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    head: list[str] = []
    at = 0
    for row in csv.reader(io.StringIO(source, newline=""), dialect):
        for number, cell in enumerate(row):
            written = cell.replace('"', '""') if '"' in cell else cell
            found = source.find(written, at)
            if found < 0:
                continue
            at = found + len(written)
            if head and cell:
                places = align(cell, source, found, at) or [found] * (len(cell) + 1)
                yield Segment(cell, places, head[number] if number < len(head) else "")
        head = head or row


def _po(source: str) -> Iterator[Segment]:
    """The translations of a gettext catalogue; where there is none, the original."""
    import polib

    starts = [0, *(found.end() for found in re.finditer(r"\n", source)), len(source)]
    entries = polib.pofile(source)
    lines = [entry.linenum or 1 for entry in entries] + [len(starts)]
    for entry, line, following in zip(entries, lines, lines[1:], strict=False):
        start, end = starts[line - 1], starts[min(following - 1, len(starts) - 1)]
        shown = [entry.msgstr, *entry.msgstr_plural.values()]
        texts = [("msgstr", text) for text in shown if text] or [("msgid", entry.msgid)]
        for keyword, text in texts:
            begin = source.find(keyword, start, end)
            places = align(text, source, source.find('"', max(begin, start), end) + 1, end)
            if places is not None:
                yield Segment(text, places, entry.msgid)


FORMATS: Final[dict[str, Callable[[str], Iterator[Segment]]]] = {
    "text": _plain,
    "markdown": _markdown,
    "json": _json,
    "jsonl": _json_lines,
    "yaml": _yaml,
    "csv": _csv,
    "po": _po,
}
"""Reader of each format."""
_ENDINGS: Final = {
    "md": "markdown", "markdown": "markdown", "mdx": "markdown", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl",
    "yaml": "yaml", "yml": "yaml", "csv": "csv", "tsv": "csv", "po": "po", "pot": "po",
}  # fmt: skip


def format_of(name: str) -> str:
    """The format that a file's name tells; plain text when it tells none."""
    return _ENDINGS.get(name.rpartition(".")[2].lower(), "text")


def segments(source: str, form: str, *, path: str = "-", fields: Collection[str] = ()) -> Iterator[Segment]:
    """The human text of ``source``; with ``fields``, of values under these keys or columns alone.

    Raises:
        InputError: E103 when the file is not what its format promises.

    """
    try:
        for segment in FORMATS[form](source):
            if _worth(segment.text) and (not fields or segment.name in fields):
                yield segment
    except (ValueError, RecursionError, OSError, csv.Error) as error:
        raise InputError("E103", path=path, format=form, reason=_where(error)) from None
    except Exception as error:
        # A parser's own errors (YAML): their words may quote the file.
        raise InputError("E103", path=path, format=form, reason=_where(error)) from None


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else getattr(error, "lineno", None)
    return f"it cannot be read at line {line}" if line else type(error).__name__
