"""The language server, driven by a real client over its standard input and output, in both encodings."""

from __future__ import annotations

import asyncio
import sys

import pytest
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.plugin import fixture

pytestmark = pytest.mark.xdist_group("lsp")
COMMAND = [sys.executable, "-c", "from screener.cli.main import main; main()", "lsp"]
TEXT = "# Macros\n\n😀😀 Bitte add me on whatsapp 081234567890 now\n"
URI = "file:///templates/a.md"


@fixture(
    config=ClientServerConfig(server_command=COMMAND),
    params=[types.PositionEncodingKind.Utf16, types.PositionEncodingKind.Utf8],
)
async def client(request, lsp_client: LanguageClient):
    capabilities = client_capabilities("visual-studio-code")
    capabilities.general = types.GeneralClientCapabilities(position_encodings=[request.param])
    options = {"region": "ID", "classifier": False}
    result = await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, initialization_options=options)
    )
    assert result.capabilities.position_encoding == request.param
    lsp_client.encoding = request.param
    yield
    await lsp_client.shutdown_session()


async def opened(client, text=TEXT, uri=URI):
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "markdown", 1, text)))
    await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 30)
    return client.diagnostics[uri]


def units(client, text):
    if client.encoding == types.PositionEncodingKind.Utf8:
        return len(text.encode())
    return len(text.encode("utf-16-le")) // 2


def quoted(client, text, place):
    line = text.splitlines()[place.start.line]
    if client.encoding == types.PositionEncodingKind.Utf8:
        return line.encode()[place.start.character : place.end.character].decode()
    return line.encode("utf-16-le")[2 * place.start.character : 2 * place.end.character].decode("utf-16-le")


@pytest.mark.asyncio
async def test_diagnostics_hover_and_quick_fix(client):
    found = await opened(client)
    assert [d.source for d in found] == ["screener"]
    diagnostic = found[0]
    assert diagnostic.severity == types.DiagnosticSeverity.Error
    words = quoted(client, TEXT, diagnostic.range)
    assert words.endswith("whatsapp 081234567890")
    hover = await client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(URI), diagnostic.range.start)
    )
    assert "off_platform_contact" in hover.contents.value
    assert diagnostic.code in hover.contents.value
    fixes = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(URI), diagnostic.range, types.CodeActionContext(diagnostics=[diagnostic])
        )
    )
    edit = fixes[0].edit.changes[URI][0]
    assert quoted(client, TEXT, edit.range) == words
    assert edit.new_text
    nowhere = await client.text_document_hover_async(
        types.HoverParams(types.TextDocumentIdentifier(URI), types.Position(0, 1))
    )
    assert nowhere is None


@pytest.mark.asyncio
async def test_a_mended_text_has_no_diagnostics_and_a_half_written_one_keeps_quiet(client):
    await opened(client)
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version=2, uri=URI),
            [types.TextDocumentContentChangeWholeDocument("# Macros\n\nWe settle it here in the chat.\n")],
        )
    )
    await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 30)
    assert list(client.diagnostics[URI]) == []
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem("file:///t/b.json", "json", 1, '{"a": "add'))
    )
    await asyncio.sleep(0.5)
    assert not client.messages


@pytest.mark.asyncio
async def test_settings_can_change_and_wrong_ones_are_told(client):
    await opened(client)
    client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"screener": {"region": "ID", "classifier": False, "locale": "zh"}})
    )
    await asyncio.wait_for(client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), 30)
    assert any("\u4e00" <= char <= "\u9fff" for char in client.diagnostics[URI][0].message)
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"screener": {"region": "Atlantis"}}))
    await asyncio.wait_for(client.wait_for_notification(types.WINDOW_SHOW_MESSAGE), 30)
    assert "E304" in client.messages[-1].message
