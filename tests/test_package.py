"""The wheel: complete, alone in an empty environment, nothing under a generic top-level name."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "-o", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_contents(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"screener"}
    wanted = [path.relative_to(ROOT) for folder in ("lexicons", "policies") for path in (ROOT / folder).rglob("*.yaml")]
    assert {f"screener/{path.as_posix()}" for path in wanted} <= set(names)
    assert "screener/lexicons/compiled.msgpack" in names
    assert "screener/writers/templates/report.html.j2" in names
    assert "screener/text/fold_table.json" in names
    assert "screener/readers/whatsapp_markers.yaml" in names
    assert not any(name.endswith((".pyc", ".tmp")) or name.startswith("screener/tests") for name in names)


@pytest.mark.slow
def test_wheel_works_in_an_empty_environment_from_any_directory(wheel, tmp_path):
    environment = tmp_path / "env"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, cwd=tmp_path, capture_output=True)
    command = [environment / "bin" / "screener", "check", "--region", "ID", "kak wa aja ya 0812-3456-7890"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert found.returncode == 1, found.stderr.decode()
    assert b"off_platform_contact" in found.stdout
    sample = ROOT / "samples" / "tiktok-us.json"
    scanned = subprocess.run(
        [environment / "bin" / "screener", "scan", str(sample), "--region", "US", "-o", "out"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert scanned.returncode == 1, scanned.stderr.decode()
    assert (tmp_path / "out/report.html").exists()
    torch = subprocess.run([python, "-c", "import torch"], capture_output=True, check=False)
    assert torch.returncode != 0
