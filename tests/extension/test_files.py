"""What the extension is made of: adapters, translations, types, and the client on its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest

EXTENSION = Path(__file__).parents[2] / "extension"

# Shares the build with the tests in the browser, so that it is made once.
pytestmark = pytest.mark.xdist_group("extension")


def _json(name: str):
    return json.loads((EXTENSION / name).read_text(encoding="utf-8"))


def test_site_adapters_keep_their_schema():
    jsonschema_rs.validator_for(_json("sites.schema.json")).validate(_json("sites.json"))


def test_both_languages_say_the_same_things():
    english, chinese = (_json(f"_locales/{name}/messages.json") for name in ("en", "zh_CN"))
    assert english.keys() == chinese.keys()
    for name, entry in english.items():
        assert entry["message"].strip() and chinese[name]["message"].strip(), name
        assert entry.get("placeholders", {}).keys() == chinese[name].get("placeholders", {}).keys(), name


def test_types_hold(built):
    tsc = EXTENSION / "node_modules" / ".bin" / "tsc"
    done = subprocess.run([tsc, "--noEmit"], cwd=EXTENSION, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_client_alone_under_node(built, service):
    script = """
      const { ScreenerClient, ScreenerProblem } = await import(process.argv[1]);
      const client = new ScreenerClient({ server: process.argv[2] });
      const text = "\\u{1F600} add me on whatsapp 081234567890";
      const { verdict, findings } = await client.check({ text, region: "US" });
      const quote = text.slice(findings[0].start_utf16, findings[0].end_utf16);
      const problem = await client.check({ text, region: "nowhere" }).catch((error) => error);
      console.log(JSON.stringify({ verdict, quote, status: problem instanceof ScreenerProblem && problem.status }));
    """
    node = shutil.which("node")
    assert node
    module = (built / "extension" / "client.js").as_uri()
    command = [node, "--input-type=module", "-e", script, module, service.address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "verdict": "block",
        "quote": "add me on whatsapp 081234567890",
        "status": 422,
    }
