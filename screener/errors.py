"""Every error and warning that a user can meet, with a stable code and the way out.

Codes never change meaning. ``E1xx`` input files, ``E2xx`` options, ``E3xx`` rule packs and lexicons,
``E4xx`` output and resume, ``E5xx`` missing optional parts; ``W1xx`` are warnings about input.
Messages never contain text of a chat message: it is private.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CATALOGUE", "InputError", "Place", "RuleError", "ScreenerError", "Warned"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of error: what happened and what to do (``{name}`` are parameters)."""

    problem: str
    fix: str


CATALOGUE: Final[dict[str, Entry]] = {
    # -- input files ---------------------------------------------------------------------------
    "E101": Entry("cannot read {path}: {reason}", "check that the file exists and that you may read it"),
    "E102": Entry(
        "the format of {path} is not recognised",
        "name it with --input-format; docs/readers.md lists the formats",
    ),
    "E103": Entry(
        "{path} does not hold what {format} promises: {reason}",
        "export the chat again, or name another format with --input-format",
    ),
    "E104": Entry(
        "the dates in {path} can be read as day-month and as month-day: {reason}",
        "say which with --date-order dmy, mdy or ymd",
    ),
    "E105": Entry(
        "{path} gives times without a time zone",
        "say where the exporting device was, e.g. --timezone Asia/Jakarta",
    ),
    "E106": Entry("{path} is unsafe to unpack: {reason}", "do not open it; ask for a new export"),
    "E107": Entry(
        "{path}: record at {place} is broken: {reason}",
        "repair or remove the record, or leave out --strict to keep the rest",
    ),
    "E108": Entry(
        "{path} has no column for {field}",
        "map it, e.g. --column {field}=HEADER; columns found: {columns}",
    ),
    "E109": Entry(
        "it is not clear who in {path} is the seller",
        "name the shop's account with --seller NAME (found: {names})",
    ),
    "E110": Entry("{path} holds no message", "check that it is the exported chat and not an attachment"),
    # -- options -------------------------------------------------------------------------------
    "E201": Entry("unknown {what} {value!r}", "choose one of: {choices}"),
    "E202": Entry("{option} is not valid: {reason}", "see --help for its form"),
    "E203": Entry(
        "{path} is no usable key: {reason}", "make one with `openssl genpkey -algorithm ed25519 -out key.pem`"
    ),
    "E204": Entry(
        "nothing in {path} fits: {reason}", "see `screener evidence --help`; `screener scan` shows what it holds"
    ),
    "E205": Entry(
        "without keys the service is not opened to other machines ({host})",
        "make a key with `screener key create NAME` and give --keys FILE, or bind to 127.0.0.1",
    ),
    "E206": Entry("{path} is no file of API keys: {reason}", "make one with `screener key create NAME --keys FILE`"),
    "E207": Entry("cannot listen on {host}:{port}: {reason}", "choose another --port, or stop what listens there"),
    "E208": Entry(
        "the database of cases cannot be used: {reason}",
        "check --db (for instance sqlite:///cases.db) and that you may write there",
    ),
    "E209": Entry("there is no case {number}", "`screener case list` shows all"),
    "E210": Entry("the file is no usable time stamp: {reason}", "give the authority's answer (.tsr) as it came"),
    # -- lexicons and packs --------------------------------------------------------------------
    "E301": Entry("{path}:{line}: {reason}", "{hint}"),
    "E302": Entry("rule {rule} fails its own example: {reason}", "correct the rule or the example in {path}"),
    "E303": Entry("no rule has the id {rule}", "`screener rules list` prints all ids"),
    "E304": Entry(
        "no rule pack for marketplace {marketplace!r} and region {region!r}",
        "`screener regions` lists the packs; --marketplace generic works everywhere",
    ),
    "E305": Entry(
        "the classifier cannot be used: {path}: {reason}",
        "install the package again, or run with --no-classifier to screen by rules alone",
    ),
    # -- output and resume ---------------------------------------------------------------------
    "E401": Entry("{path} already exists", "choose another name, or use --resume or --force"),
    "E402": Entry(
        "{path} was written by a run with other settings: {reason}",
        "use the same settings, or another output folder",
    ),
    "E403": Entry("cannot write {path}: {reason}", "check the folder's rights and the free space"),
    # -- optional parts ------------------------------------------------------------------------
    "E501": Entry("{feature} needs the package {package}", "pip install 'marketplace-screener[{extra}]'"),
    # -- ours ----------------------------------------------------------------------------------
    "E901": Entry(
        "something unforeseen went wrong ({kind})",
        "run again with SCREENER_DEBUG=1 and report what it prints, without private text",
    ),
    # -- warnings ------------------------------------------------------------------------------
    "W101": Entry("{count} broken record(s) left out", "see the list of places; --strict stops at the first"),
    "W102": Entry("speaker roles were inferred: {reason}", "name the shop's account with --seller to be sure"),
    "W103": Entry("the source gives no time zone; times are kept as unknown", "give --timezone"),
    "W104": Entry("the text encoding was guessed as {encoding}", "give --encoding to be sure"),
    "W105": Entry("{count} line(s) longer than {limit} characters were cut", "see the list of places"),
    "W106": Entry("the source skips something: {reason}", "export the whole conversation again if you can"),
    "W107": Entry("columns were guessed: {reason}", "save the mapping with --save-profile, or give --column"),
    "W108": Entry("{reason}", "nothing to do unless the result looks wrong"),
    "W201": Entry("the language could not be told; every lexicon was tried", "give --language if you know it"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in its source: ``line`` counts from 1, ``index`` from 0; either may be unknown.

    ``member`` is the file inside an archive; ``path`` inside structured data (``data.messages``) is ``pointer``.
    """

    file: str
    line: int | None = None
    index: int | None = None
    member: str | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        where = self.file if self.member is None else f"{self.file}!{self.member}"
        if self.line is not None:
            where += f":{self.line}"
        if self.pointer is not None:
            where += f" {self.pointer}"
        if self.index is not None:
            where += f"[{self.index}]"
        return where


class ScreenerError(Exception):
    """An error with a code, a message that names the place, and a fix. Never holds chat text."""

    def __init__(self, code: str, **params: object) -> None:
        entry = CATALOGUE[code]
        self.code = code
        self.params = params
        self.problem = entry.problem.format(**params)
        self.fix = entry.fix.format(**params)
        super().__init__(f"{code}: {self.problem} ({self.fix})")


class InputError(ScreenerError):
    """The input cannot be used (exit code 2)."""


class RuleError(ScreenerError):
    """A lexicon or rule pack is wrong (exit code 2)."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning: the work went on. ``place`` says where, ``str()`` gives one line with the fix."""

    code: str
    problem: str
    fix: str
    place: Place | None = None

    @classmethod
    def of(cls, code: str, place: Place | None = None, **params: object) -> Warned:
        """Build a warning from the catalogue."""
        entry = CATALOGUE[code]
        return cls(code, entry.problem.format(**params), entry.fix.format(**params), place)

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place is not None else ""
        return f"{where}{self.code}: {self.problem} ({self.fix})"
