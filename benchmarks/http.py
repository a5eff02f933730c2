"""Speed of the HTTP service: ``python -m benchmarks.http`` starts a real server with one worker and 8 clients.

Prints checks a second and the 50th, 95th and 99th percentile of their times, for the full pipeline (on the mix of
``benchmarks/mix.py``, which repeats itself as chat does, and on messages that are all different: those of
``models/data``) and for rules alone, with the server's memory at the begin and the end; writes
``benchmarks/results/http.json``.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import uvloop

from benchmarks.mix import messages
from models.dataset import load as load_items

RESULT = Path(__file__).parent / "results" / "http.json"
REGIONS = ("US", "ID", "TH", "VN", "EU", "BR")


def start(*options: str) -> tuple[subprocess.Popen[str], str]:
    """A server on a free port, and its address."""
    command = [sys.executable, "-c", "from screener.cli.main import main; main()", "serve", "--port", "0", "--no-watch"]
    process = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "listens on " in line:
            return process, line.split("listens on ")[1].split()[0]
    raise RuntimeError("the server did not start")


async def load(address: str, texts: list[str], clients: int, seconds: float) -> tuple[list[float], int]:
    """Times of all answers and the number of errors, with each client asking again as soon as it is answered."""
    times: list[float] = []
    errors = 0
    stream = itertools.cycle(texts)
    end = time.perf_counter() + seconds

    async def one(number: int) -> None:
        nonlocal errors
        rng = random.Random(number)
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            while time.perf_counter() < end:
                body = {"text": next(stream), "region": rng.choice(REGIONS)}
                begin = time.perf_counter()
                answer = await client.post("/v1/check", json=body)
                times.append(time.perf_counter() - begin)
                errors += answer.status_code != 200

    await asyncio.gather(*(one(number) for number in range(clients)))
    return times, errors


def measure(name: str, options: tuple[str, ...], texts: list[str], clients: int, seconds: float) -> dict[str, object]:
    """Figures of one set-up."""
    process, address = start(*options)
    try:
        server = psutil.Process(process.pid)
        uvloop.run(load(address, texts, clients, 3))
        before = server.memory_info().rss >> 20
        times, errors = uvloop.run(load(address, texts, clients, seconds))
        after = server.memory_info().rss >> 20
    finally:
        process.terminate()
        process.wait(30)
    cut = statistics.quantiles(times, n=100)
    return {
        "setup": name,
        "clients": clients,
        "seconds": seconds,
        "checks_per_second": round(len(times) / seconds, 1),
        "p50_ms": round(cut[49] * 1000, 1),
        "p95_ms": round(cut[94] * 1000, 1),
        "p99_ms": round(cut[98] * 1000, 1),
        "errors": errors,
        "memory_mb": [before, after],
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args()
    mix = [text for _, text in messages(50_000)]
    different = list(dict.fromkeys(item.text for item in load_items()))
    random.Random(1).shuffle(different)
    rows = [
        measure("full pipeline, message mix", (), mix, given.clients, given.seconds),
        measure("full pipeline, all messages different", (), different, given.clients, given.seconds),
        measure("rules alone, message mix", ("--no-classifier",), mix, given.clients, given.seconds),
    ]
    for row in rows:
        print(*(f"{key}: {value}" for key, value in row.items()), sep="  ")
    RESULT.write_text(json.dumps({"rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
