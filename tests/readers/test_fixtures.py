"""Exports of another project, read where they lie beside the checkout; skipped where they do not."""

import json
from pathlib import Path

import pytest

from screener.readers import read_export
from screener.records import Speaker

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "chat_exports" / "whatsapp"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no foreign exports here")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_foreign_whatsapp_exports(path):
    (conversation,) = read_export(path).conversations
    got = [(m.sender, m.text, m.local_time) for m in conversation.messages if m.speaker is not Speaker.PLATFORM]
    target = json.loads((FOLDER / "target.json").read_text(encoding="utf-8"))
    wanted = {(row["author"], row["message"], row["timestamp"][:16]) for row in target}
    # The other project leaves out a message that is a single full stop.
    assert {(who, " ".join(text.split()), time) for who, text, time in got if text != "."} == wanted
