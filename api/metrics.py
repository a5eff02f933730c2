"""Counters for Prometheus; they carry numbers and rule words, never text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screener.pipeline import Judged

__all__ = ["Metrics"]


class Metrics:
    """The metrics of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "screener_requests", "Requests answered.", ["route", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "screener_request_seconds",
            "Seconds from request to answer.",
            ["route"],
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self._registry,
        )
        self._findings = Counter("screener_findings", "Findings.", ["label", "effect"], registry=self._registry)
        self._messages = Counter("screener_messages", "Messages screened.", registry=self._registry)
        self.waiting = Gauge("screener_waiting", "Requests that wait or are worked on.", registry=self._registry)
        self.generation = Gauge("screener_rules_generation", "Times that rules were loaded.", registry=self._registry)
        self.reload_failures = Counter(
            "screener_rules_reload_failures", "Changes of rules that were refused.", registry=self._registry
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route).observe(seconds)

    def found(self, judged: Iterable[Judged]) -> None:
        """Count the findings of a message."""
        self._messages.inc()
        for one in judged:
            self._findings.labels(one.finding.label.value, one.verdict.effect.value).inc()

    def text(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self._registry)
