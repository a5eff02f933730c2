"""Tables of messages: one row a message, with columns named in any of the screened languages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.base import Survey, broken
from screener.readers.columns import channel_word, guess, load_profile, resolve, role_word, save_profile
from screener.readers.jsonfields import BrokenRecordError, string
from screener.readers.jsonreader import native_id
from screener.readers.jsonstream import peek
from screener.readers.sheets import PARQUET, Row, delimiter, flat_columns, open_sheet
from screener.readers.tabletime import TimeColumn
from screener.readers.textchat import conversation_id
from screener.records import Channel, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from screener.errors import Place
    from screener.readers.base import Head, Item, ReadOptions
    from screener.readers.sheets import Sheet
    from screener.readers.source import Source

__all__ = ["READER", "guess_columns", "load_profile", "parse_row", "save_profile"]

_ROLE_SAMPLE: Final = 200


def _text(value: Any) -> str:
    """A cell as text; times and truth values as they are usually written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return string(value) or ""


def parse_row(
    cells: dict[str, Any],
    place: Place,
    columns: dict[str, str],
    times: TimeColumn,
    fallback: str,
    channel: Channel | None,
) -> Message:
    """The message of one row.

    Raises:
        BrokenRecordError: when the row has no text column at all, or its cell is an object.

    """
    header = columns["text"]
    if header not in cells or isinstance(cells[header], (dict, list)):
        raise BrokenRecordError("the row has no text")

    def cell(field: str) -> str | None:
        return (_text(cells.get(columns[field])).strip() or None) if field in columns else None

    conversation = cell("conversation") or fallback
    sent, written = times.read(cells.get(columns["time"]), conversation) if "time" in columns else (None, None)
    said = cell("speaker")
    role = role_word(said) if said is not None else None
    named = cell("channel")
    return Message(
        id=native_id(cell("id"), place),
        text=_text(cells[header]),
        speaker=role[0] if role is not None else Speaker.UNKNOWN,
        channel=channel or (channel_word(named) if named is not None else Channel.UNKNOWN),
        sent_at=sent,
        local_time=written,
        conversation_id=conversation,
        sender=cell("sender") or said,
        order_id=cell("order"),
        automated=role is not None and role[1],
        place=place,
    )


class _Mapping:
    """The columns of one table, with roles recognised where the sender column holds nothing but roles."""

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.sheet: Sheet = open_sheet(source, options)
        self.columns, self.guessed = resolve(options.columns, self.sheet.headers, source.name)
        if "speaker" not in self.columns and "sender" in self.columns and self._only_roles():
            self.columns["speaker"] = self.columns.pop("sender")

    def _only_roles(self) -> bool:
        seen = 0
        for row in self.sheet.rows():
            if not isinstance(row, Row):
                continue
            value = _text(row.cells.get(self.columns["sender"])).strip()
            if value:
                if role_word(value) is None:
                    return False
                seen += 1
            if seen >= _ROLE_SAMPLE:
                break
        return seen > 0


class _Table:
    name = "table"

    def sniff(self, head: Head) -> float:
        """See :class:`screener.readers.base.Reader`."""
        if head.data[:4] == PARQUET:
            return 0.9
        if head.is_archive:
            return 0.9 if "xl/workbook.xml" in head.members else 0.0
        if not head.text:
            return 0.0
        found = peek(head.text)
        if found is not None:
            return self._certainty(flat_columns(found)[1], 0.5)
        if head.text.lstrip().startswith(("{", "[{")):
            return 0.0
        rows = delimiter(head.text)[1]
        # Prose has commas too: a table has a second row of the same width.
        if len(rows) < 2 or len(rows[0]) < 2 or len(rows[1]) != len(rows[0]):
            return 0.0
        return self._certainty(tuple(rows[0]), 0.6)

    @staticmethod
    def _certainty(headers: tuple[str, ...], full: float) -> float:
        columns = guess(headers)
        return 0.0 if "text" not in columns else full if len(columns) > 1 else 0.35

    def survey(self, source: Source, options: ReadOptions) -> Survey | None:
        """See :class:`screener.readers.base.Reader`."""
        table = _Mapping(source, options)
        columns = table.columns
        if "speaker" in columns or "sender" not in columns:
            return None
        survey = Survey()
        fallback = conversation_id(self.name, source.name)
        for row in table.sheet.rows():
            if isinstance(row, Row):
                sender = _text(row.cells.get(columns["sender"])).strip()
                chat = _text(row.cells.get(columns["conversation"])).strip() if "conversation" in columns else ""
                if sender:
                    survey.count(chat or fallback, sender)
        return survey

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """See :class:`screener.readers.base.Reader`."""
        table = _Mapping(source, options)
        columns = table.columns
        if table.guessed:
            reason = ", ".join(f"{field}={header[:40]}" for field, header in columns.items())
            yield Warned.of("W107", source.place(), reason=reason)
        times = self._times(table, source, options)
        fallback = conversation_id(self.name, source.name)
        said_zone = options.timezone is not None
        for row in table.sheet.rows():
            if not isinstance(row, Row):
                yield row
                continue
            try:
                message = parse_row(row.cells, row.place, columns, times, fallback, options.channel)
            except BrokenRecordError as error:
                yield broken(row.place, str(error), options)
                continue
            if times.local and not said_zone:
                said_zone = True
                yield Warned.of("W103", source.place())
            yield message
        if times.unread:
            yield Warned.of("W108", source.place(), reason=f"{times.unread} cell(s) of the time column are no time")

    @staticmethod
    def _times(table: _Mapping, source: Source, options: ReadOptions) -> TimeColumn:
        """The time column, after a first pass that decides the order of its dates where they are written out."""
        times = TimeColumn(options)
        header = table.columns.get("time")
        if header is None or options.date_order is not None:
            return times
        for number, row in enumerate(table.sheet.rows(), 1):
            if isinstance(row, Row):
                times.survey(row.cells.get(header), row.place.line or number)
        times.decide(source.name)
        return times


def guess_columns(path: Path | str | BinaryIO, options: ReadOptions | None = None) -> dict[str, str]:
    """The mapping that reading this table would use: what ``options.columns`` says, the rest from the headers.

    Raises:
        InputError: E101, E103 or E108 when there is no such table.

    """
    from screener.readers.base import ReadOptions as Options
    from screener.readers.source import open_source

    chosen = options or Options()
    with open_source(path, chosen) as source:
        return dict(_Mapping(source, chosen).columns)


READER: Final = _Table()
