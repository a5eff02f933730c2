"""Tables as rows: CSV and TSV, XLSX, Parquet, JSON lines and JSON arrays of flat objects.

Every kind is streamed. Cells keep the type that the file gives them; a formula in a text file is just text.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from screener.errors import InputError, Place, Warned
from screener.readers.base import broken
from screener.readers.jsonfields import items, mapping
from screener.readers.jsonstream import End, Path, Peek, member_head, peek, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screener.readers.base import ReadOptions
    from screener.readers.source import Source

__all__ = ["Row", "Sheet", "delimiter", "first_rows", "flat_columns", "open_sheet"]

_DELIMITERS: Final = (",", "\t", ";", "|")
_SAMPLE_ROWS: Final = 20
_MAX_COLUMNS: Final = 2_000
_BATCH: Final = 1_024
_SEP_LINE: Final = re.compile(r"sep=(.)\n", re.IGNORECASE)
PARQUET: Final = b"PAR1"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: header -> cell."""

    cells: dict[str, Any]
    place: Place


Rows: TypeAlias = "Iterator[Row | Warned]"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headers, and its rows, which can be read more than once."""

    headers: tuple[str, ...]
    rows: Callable[[], Rows]


def first_rows(text: str, mark: str) -> list[list[str]]:
    """The first rows of a text, read with a delimiter; the last may be cut."""
    lines = text.splitlines(keepends=True)[: _SAMPLE_ROWS * 3]
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=mark):
            if row:
                rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows


def delimiter(text: str) -> tuple[str, list[list[str]]]:
    """The delimiter of a text, and its first rows: the one that gives most rows the width of the first."""
    match = _SEP_LINE.match(text)
    if match is not None:
        return match[1], first_rows(text[match.end() :], match[1])
    best = (0.0, ",", first_rows(text, ","))
    for mark in _DELIMITERS:
        rows = first_rows(text, mark)
        if not rows or len(rows[0]) < 2:
            continue
        body = rows[1:] or rows
        same = sum(len(row) == len(rows[0]) for row in body) / len(body)
        score = same * min(len(rows[0]), 10)
        if score > best[0]:
            best = (score, mark, rows)
    return best[1], best[2]


def _headers(cells: Sequence[Any]) -> tuple[str, ...]:
    """Headers as text, each once: ``Message``, ``Message (2)``; an empty one is named by its place."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells[:_MAX_COLUMNS], 1):
        name = str(cell).strip() if cell is not None else ""
        name = name or f"column {number}"
        unique = name
        count = 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names[unique] = None
    return tuple(names)


def _csv(source: Source, options: ReadOptions) -> Sheet:
    head = source.head().text
    mark, sample = delimiter(head)
    if not sample:
        raise InputError("E103", path=source.name, format="a table", reason="it has no header line")
    headers = _headers(sample[0])
    skip = _SEP_LINE.match(head) is not None

    def rows() -> Rows:
        lines = source.lines()
        csv.field_size_limit(options.max_line_chars)
        texts = (text + "\n" for number, text in lines if not (skip and number == 1))
        reader = csv.reader(texts, delimiter=mark)
        offset = 1 if skip else 0
        first = True
        cut = 0
        while True:
            start = reader.line_num + 1 + offset
            place = source.place(line=start)
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                reason = "a cell is too long or a quote is not closed"
                yield broken(place, reason, options)
                first = False
                continue
            if lines.cut_count > cut:
                cut = lines.cut_count
                yield broken(place, f"the line is longer than {options.max_line_chars} characters", options)
            elif not any(cells):
                pass
            elif first:
                first = False
            elif len(cells) > len(headers) and any(cells[len(headers) :]):
                reason = f"{len(cells)} cells where the header has {len(headers)}"
                yield broken(place, reason, options)
            else:
                yield Row(dict(zip(headers, cells, strict=False)), place)
        yield from (warned for warned in lines.warnings() if warned.code != "W105")

    return Sheet(headers, rows)


def _xlsx(source: Source, options: ReadOptions) -> Sheet:
    import openpyxl

    def cells() -> Iterator[tuple[Any, ...]]:
        source.members()  # refuses an archive that is unsafe to unpack
        with source.open() as file:
            try:
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            except Exception as error:
                reason = f"it is no readable workbook ({type(error).__name__})"
                raise InputError("E103", path=source.name, format="a workbook", reason=reason) from None
            try:
                names = book.sheetnames
                if options.sheet is not None and options.sheet not in names:
                    listed = ", ".join(names[:20])
                    reason = f"it has no sheet of that name; sheets are {listed}"
                    raise InputError("E103", path=source.name, format="the sheet asked for", reason=reason)
                sheet = book[options.sheet] if options.sheet is not None else book.worksheets[0]
                yield from sheet.iter_rows(values_only=True)
            except InputError:
                raise
            except Exception as error:
                reason = f"the workbook is damaged ({type(error).__name__})"
                raise InputError("E103", path=source.name, format="a workbook", reason=reason) from None
            finally:
                book.close()

    found = next((row for row in cells() if any(cell is not None for cell in row)), None)
    if found is None:
        raise InputError("E110", path=source.name)
    headers = _headers(found)

    def rows() -> Rows:
        first = True
        for number, row in enumerate(cells(), 1):
            if not any(cell is not None for cell in row):
                continue
            if first:
                first = False
                continue
            yield Row(dict(zip(headers, row, strict=False)), source.place(line=number))

    return Sheet(headers, rows)


def _parquet(source: Source, options: ReadOptions) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def unreadable(error: Exception) -> InputError:
        reason = f"it is no readable Parquet file ({type(error).__name__})"
        return InputError("E103", path=source.name, format="a Parquet file", reason=reason)

    try:
        with source.open() as file:
            schema = pq.ParquetFile(file).schema_arrow
    except (pa.ArrowException, OSError, ValueError) as error:
        raise unreadable(error) from None
    headers = tuple(str(name) for name in schema.names[:_MAX_COLUMNS])

    def rows() -> Rows:
        index = 0
        try:
            with source.open() as file:
                for batch in pq.ParquetFile(file).iter_batches(batch_size=_BATCH, columns=list(headers)):
                    for cells in batch.to_pylist():
                        yield Row(cells, source.place(index=index))
                        index += 1
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            if not index:
                raise unreadable(error) from None
            place = source.place(index=index)
            yield broken(place, "the file is damaged from here on; everything before it was kept", options)

    return Sheet(headers, rows)


def flat_columns(found: Peek) -> tuple[Path | None, tuple[str, ...]]:
    """Where flat objects stand in JSON that begins like this, and their keys; ``None`` when there are none."""
    places: list[tuple[Path, list[Any]]] = []
    if found.lines or all(isinstance(document, dict) for document in found.documents):
        places.append(((), list(found.documents)))
    for document in found.documents[:1]:
        if isinstance(document, list):
            places.append((("*",), document[:50]))
        for key, value in list(mapping(document).items())[:50]:
            if isinstance(value, list) and value:
                places.append(((key, "*"), value[:50]))
    best: tuple[Path | None, tuple[str, ...]] = (None, ())
    for path, records in places:
        keys: dict[str, None] = {}
        for record in items(records):
            keys.update(dict.fromkeys(k for k, v in mapping(record).items() if not isinstance(v, (dict, list))))
        from screener.readers.columns import guess

        if keys and (best[0] is None or len(guess(list(keys))) > len(guess(best[1]))):
            best = (path, tuple(keys)[:_MAX_COLUMNS])
    return best


def _json(source: Source, options: ReadOptions) -> Sheet:
    found = peek(member_head(source, None))
    path, headers = flat_columns(found) if found is not None else (None, ())
    if found is None or path is None:
        raise InputError("E103", path=source.name, format="a table", reason="it holds no flat JSON objects")
    lines = found.lines

    def rows() -> Rows:
        for event in walk(source, None, {path}, options, form="a table", lines=lines):
            if isinstance(event, End):
                continue
            if isinstance(event, Warned):
                yield event
            elif isinstance(event.value, dict):
                yield Row(event.value, event.place)
            else:
                yield broken(event.place, "not an object", options)

    return Sheet(headers, rows)


def open_sheet(source: Source, options: ReadOptions) -> Sheet:
    """The table of a file, whichever kind it is.

    Raises:
        InputError: E101, E103, E106 or E110 when there is none.

    """
    data = source.sample(size=4)
    if data == PARQUET:
        return _parquet(source, options)
    if source.head_is_archive():
        return _xlsx(source, options)
    if source.head().text.lstrip("\x1e\ufeff \t\r\n").startswith(("{", "[")):
        return _json(source, options)
    return _csv(source, options)
