"""The language server: findings while a template is written, with the rule on hover and replacements as quick fixes.

``screener lsp`` speaks over standard input and output. Needs the extra ``lsp``. Positions are converted into the
encoding that client and server agreed on (UTF-8, UTF-16 or UTF-32).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from screener import __version__
from screener.drafts.check import DraftFinding, Lines, check_file
from screener.errors import ScreenerError
from screener.pipeline import Screener
from screener.records import Effect
from screener.rulepage import rule_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygls.workspace import PositionCodec

__all__ = ["Settings", "create_server"]

_SECTION: Final = "screener"
_PAUSE: Final = 0.25
"""Seconds without a change before a document is read again."""
_SEVERITY: Final = {
    Effect.BLOCK: types.DiagnosticSeverity.Error,
    Effect.WARN: types.DiagnosticSeverity.Warning,
    Effect.NOTE: types.DiagnosticSeverity.Information,
}


class Settings(msgspec.Struct, frozen=True, rename="camel"):
    """What the client may set, as initialisation options or under ``screener`` in its configuration."""

    region: str = "global"
    marketplace: str = "tiktok_shop"
    locale: str = "en"
    minimum: Effect = Effect.WARN
    """Weakest effect that is shown."""
    classifier: bool = True
    fields: tuple[str, ...] = ()
    """Keys or columns whose values alone are read; all when empty."""


@dataclass(slots=True)
class _Shown:
    """What was last found in a document, with the ranges that the client was told."""

    findings: list[DraftFinding] = field(default_factory=list)
    ranges: list[types.Range] = field(default_factory=list)


class _Server(LanguageServer):
    def __init__(self) -> None:
        super().__init__("screener", __version__)
        self.settings = Settings()
        self._screener: Screener | None = None
        self._shown: dict[str, _Shown] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def configure(self, given: Any) -> None:
        """Take over settings; wrong ones are told to the person, and the ones in use stay."""
        if isinstance(given, dict) and isinstance(given.get(_SECTION), dict):
            given = given[_SECTION]
        if not isinstance(given, dict) or not given:
            return
        try:
            settings = msgspec.convert(given, Settings)
            screener = _screener(settings)
        except (msgspec.ValidationError, ScreenerError) as error:
            self._tell(f"Screener: these settings cannot be used: {error}")
            return
        self.settings, self._screener = settings, screener
        for uri in list(self.workspace.text_documents):
            self.later(uri, 0)

    def _tell(self, message: str) -> None:
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))

    def later(self, uri: str, pause: float = _PAUSE) -> None:
        """Read a document when it has not changed for ``pause`` seconds."""
        if (task := self._waiting.pop(uri, None)) is not None:
            task.cancel()
        self._waiting[uri] = asyncio.ensure_future(self._read(uri, pause))

    async def _read(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        document = self.workspace.get_text_document(uri)
        source, version, path = document.source, document.version, document.path or uri
        try:
            found = await asyncio.to_thread(self._find, source, path)
        except ScreenerError as error:
            # A half-written JSON file is no news to who writes it; missing parts are.
            if error.code != "E103":
                self._tell(f"Screener: {error}")
            return
        if self.workspace.get_text_document(uri).version != version:
            return
        codec = self.workspace.position_codec
        ranges = [_range(one, Lines(source), codec) for one in found]
        self._shown[uri] = _Shown(found, ranges)
        diagnostics = [self._diagnostic(one, place) for one, place in zip(found, ranges, strict=True)]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _find(self, source: str, path: str) -> list[DraftFinding]:
        if self._screener is None:
            self._screener = _screener(self.settings)
        found = check_file(source, path, self._screener, fields=self.settings.fields)
        return [one for one in found if one.judged.verdict.effect.rank >= self.settings.minimum.rank]

    def _diagnostic(self, one: DraftFinding, place: types.Range) -> types.Diagnostic:
        finding, verdict = one.judged.finding, one.judged.verdict
        address = verdict.source.address
        return types.Diagnostic(
            range=place,
            message=f"{finding.explanation} {verdict.reason}".strip(),
            severity=_SEVERITY.get(verdict.effect, types.DiagnosticSeverity.Hint),
            code=finding.rule_id,
            code_description=types.CodeDescription(address) if address.startswith("https://") else None,
            source="screener",
            data={"suggestions": list(finding.suggestions)},
        )

    def at(self, uri: str, position: types.Position) -> tuple[DraftFinding, types.Range] | None:
        """The shortest finding at a position."""
        shown = self._shown.get(uri, _Shown())
        here = [
            (one, place)
            for one, place in zip(shown.findings, shown.ranges, strict=True)
            if _key(place.start) <= _key(position) <= _key(place.end)
        ]
        return min(here, key=lambda pair: pair[0].end - pair[0].start, default=None)

    def forget(self, uri: str) -> None:
        """Stop caring for a closed document."""
        if (task := self._waiting.pop(uri, None)) is not None:
            task.cancel()
        self._shown.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _key(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def _screener(settings: Settings) -> Screener:
    return Screener(settings.region, settings.marketplace, locale=settings.locale, classifier=settings.classifier)


def _range(one: DraftFinding, lines: Lines, codec: PositionCodec) -> types.Range:
    def position(line: int, column: int) -> types.Position:
        return types.Position(line - 1, codec.client_num_units(lines.line(line)[: column - 1]))

    return types.Range(position(one.line, one.column), position(one.end_line, one.end_column))


def _page(one: DraftFinding, locale: str) -> str:
    """The rule behind a finding, as Markdown."""
    finding, verdict = one.judged.finding, one.judged.verdict
    lines = [f"**{finding.label.value}** `{finding.rule_id}`", finding.explanation]
    if finding.suggestions:
        lines.append("\n".join(f"- {suggestion}" for suggestion in finding.suggestions))
    source = verdict.source
    where = f"[{source.title}]({source.address})" if source.address else source.title
    lines.append(f"{verdict.effect.value}: {verdict.reason} ({verdict.confidence.value}; {where}; `{verdict.rule_id}`)")
    if verdict.note:
        lines.append(verdict.note)
    try:
        examples = rule_page(finding.rule_id, locale=locale).get("found", ())
    except ScreenerError:
        examples = ()
    if examples:
        lines.append("\n".join(f"- `{_plain(example)}`" for example in list(examples)[:3]))
    return "\n\n".join(line for line in lines if line)


def _plain(example: str) -> str:
    return example.replace("[[", "").replace("]]", "").replace("`", "'")


def create_server() -> LanguageServer:
    """The server, ready to be started with ``start_io`` or ``start_tcp``."""
    server = _Server()

    # What a handler raises would be logged with its words, which may quote a draft.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)

    @server.feature(types.INITIALIZE)
    def _initialize(given: types.InitializeParams) -> None:
        server.configure(given.initialization_options)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def _configured(given: types.DidChangeConfigurationParams) -> None:
        server.configure(given.settings)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def _opened(given: types.DidOpenTextDocumentParams) -> None:
        server.later(given.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _changed(given: types.DidChangeTextDocumentParams) -> None:
        server.later(given.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _closed(given: types.DidCloseTextDocumentParams) -> None:
        server.forget(given.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _hover(given: types.HoverParams) -> types.Hover | None:
        here = server.at(given.text_document.uri, given.position)
        if here is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, _page(here[0], server.settings.locale))
        return types.Hover(content, here[1])

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def _fixes(given: types.CodeActionParams) -> list[types.CodeAction]:
        return [
            types.CodeAction(
                title=f"Replace with: {suggestion}",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=number == 0,
                edit=types.WorkspaceEdit({given.text_document.uri: [types.TextEdit(diagnostic.range, suggestion)]}),
            )
            for diagnostic in given.context.diagnostics
            if diagnostic.source == "screener"
            for number, suggestion in enumerate(_suggestions(diagnostic.data))
        ]

    return server


def _suggestions(data: Any) -> Sequence[str]:
    if isinstance(data, dict):
        return [text for text in data.get("suggestions", []) if isinstance(text, str)]
    return [text for text in getattr(data, "suggestions", []) if isinstance(text, str)]
