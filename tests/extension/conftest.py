"""The extension in a real Chromium, on pages that imitate seller consoles, with a real service behind it."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page, Worker

EXTENSION = Path(__file__).parents[2] / "extension"
BUILT = EXTENSION / "dist-test"


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip(f"{names[-1]} is not installed")


@pytest.fixture(scope="session")
def built() -> Path:
    """The test build of the extension and of the pages."""
    npm = _program("npm")
    node = _program("node")
    if not (EXTENSION / "node_modules" / "esbuild").is_dir():
        done = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=EXTENSION, capture_output=True, text=True)
        if done.returncode != 0 and re.search(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network", done.stderr):
            pytest.skip("npm cannot reach its registry, and extension/node_modules is missing")
        assert done.returncode == 0, done.stderr
    subprocess.run([node, "build.mjs", "--test"], cwd=EXTENSION, check=True, capture_output=True, text=True)
    return BUILT


class Service:
    """``screener serve`` by rules alone; it can be stopped and started again on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-c", "from screener.cli.main import main; main()", "serve", "--no-classifier"]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stderr is not None
        said = ""
        for line in self.process.stderr:
            said += line
            found = re.search(r"listens on http://\S+?:(\d+)", line)
            if found:
                self.port = int(found[1])
                break
        else:
            raise AssertionError(f"the service did not start: {said}")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
            self.process = None


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    """Address of the test pages."""
    handler = functools.partial(_Quiet, directory=str(built / "pages"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


class Browser:
    """Chromium with the extension."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = site

    @property
    def worker(self) -> Worker:
        workers = self.context.service_workers
        return workers[0] if workers else self.context.wait_for_event("serviceworker", timeout=30_000)

    @property
    def origin(self) -> str:
        return "/".join(self.worker.url.split("/")[:3])

    def set(self, **settings: Any) -> None:
        """Choose as the options page would; what is not named keeps its default."""
        self.worker.evaluate("settings => chrome.storage.local.set({settings})", settings)

    def open(self, name: str) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{self.site}/{name}")
        return page


# Not for the session: Playwright keeps an event loop running, in which no test of asyncio could start its own.
@pytest.fixture(scope="module")
def chromium(built: Path, site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    program = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else _program("chromium-browser", "chromium")
    extension = built / "extension"
    with playwright.sync_playwright() as started:
        context = started.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=program,
            headless=True,
            viewport={"width": 1000, "height": 720},
            args=["--no-sandbox", f"--disable-extensions-except={extension}", f"--load-extension={extension}"],
        )
        yield Browser(context, site)
        context.close()


@pytest.fixture
def browser(chromium: Browser, service: Service) -> Iterator[Browser]:
    """A browser whose extension knows the service, with all pages of the test closed afterwards."""
    chromium.set(server=service.address, locale="en")
    before = list(chromium.context.pages)
    yield chromium
    for page in chromium.context.pages:
        if page not in before:
            page.close()


def until(page: Page, expression: str, wanted: Any = True, seconds: float = 25) -> None:
    """Wait until an expression of the page has a value."""
    end = time.monotonic() + seconds
    while True:
        value = page.evaluate(expression)
        if value == wanted:
            return
        assert time.monotonic() < end, f"{expression} is {value!r}, not {wanted!r}"
        page.wait_for_timeout(50)


@pytest.fixture(name="until")
def until_fixture() -> Any:
    return until
