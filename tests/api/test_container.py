"""Dockerfile and compose file keep to what they promise; building them needs a machine with Docker."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from screener.cli.serve import command

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def lists(word):
    return [json.loads(found) for found in re.findall(rf"^\s*{word} (\[.*\])$", DOCKERFILE, re.MULTILINE)]


def test_the_image_starts_the_service_with_options_that_it_has():
    entry, more = lists("ENTRYPOINT")[0], lists("CMD")[-1]
    assert entry[:2] == ["screener", "serve"]
    context = command.make_context("serve", [*entry[2:], *more])
    assert context.params["host"] == "0.0.0.0"
    assert context.params["keys"] == Path("/keys/keys.json")


def test_it_runs_as_an_ordinary_user_and_tells_its_health():
    assert re.search(r"^USER (?!root|0$)\w+$", DOCKERFILE, re.MULTILINE)
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("ENTRYPOINT")
    assert "/readyz" in DOCKERFILE
    port = re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[1]
    assert int(port) == command.params[1].default


def test_every_extra_that_is_installed_exists():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for named in re.findall(r"\[([a-z,]+)\]\"", DOCKERFILE):
        assert set(named.split(",")) <= set(extras)


def test_compose_is_closed_by_default():
    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["screener"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(volume.endswith(":ro") for volume in service["volumes"])


def test_the_dockerfile_passes_its_linter():
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if linter is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run([linter, str(ROOT / "Dockerfile")], capture_output=True, text=True)
    assert done.stdout + done.stderr == ""
