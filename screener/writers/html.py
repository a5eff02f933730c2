"""A report for people: one HTML file that needs neither server nor network."""

from __future__ import annotations

import base64
import hashlib
from heapq import nsmallest
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from screener.records import Effect
from screener.scan.tables import rows
from screener.writers.atomic import whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from screener.scan.engine import Settings
    from screener.scan.summary import Summary

__all__ = ["write_html"]

LIMIT: Final = 2000
"""Findings shown, strongest first: a browser stays quick; the other outputs hold all."""
_CONTEXT: Final = 400
_BARS: Final = 12
_TEMPLATES: Final = Path(__file__).parent / "templates"

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Screener report", "pack": "Rules:", "as_of": "as of", "overview": "Overview", "findings": "Findings",
        "messages": "messages", "conversations": "conversations", "found": "findings", "broken": "broken records",
        "block": "to block", "warn": "to warn", "by_label": "By label", "by_language": "By language",
        "by_day": "By day", "by_conversation": "By conversation", "search": "Search text, names, rules",
        "effect": "Effect", "label": "Label", "language": "Language", "speaker": "Speaker", "day": "Day",
        "conversation": "Conversation", "instead": "Instead:", "evidence": "As evidence here:", "helps": "Helps with:",
        "helps_not": "Does not help with:", "unsure": "unsure",
        "left_out": "{:,} weaker findings are only in the other outputs.",
    },
    "zh": {
        "title": "Screener 审查报告", "pack": "规则：", "as_of": "日期", "overview": "概览", "findings": "发现",
        "messages": "条消息", "conversations": "个会话", "found": "处发现", "broken": "条损坏记录",
        "block": "处应拦截", "warn": "处应提醒", "by_label": "按标签", "by_language": "按语言", "by_day": "按日期",
        "by_conversation": "按会话", "search": "搜索内容、姓名、规则", "effect": "结论", "label": "标签",
        "language": "语言", "speaker": "发言人", "day": "日期", "conversation": "会话", "instead": "建议改为：",
        "evidence": "在此作为证据：", "helps": "有助于：", "helps_not": "无助于：", "unsure": "不确定",
        "left_out": "另有 {:,} 处较轻的发现只写在其他输出文件中。",
    },
}  # fmt: skip


def _strongest(batches: Iterable[pa.RecordBatch]) -> list[dict[str, Any]]:
    """The strongest findings in the order of the scan; memory holds no more than ``LIMIT`` rows."""
    order = count()
    ranked: Iterator[tuple[int, int, dict[str, Any]]] = (
        (-Effect(row["effect"]).rank, next(order), row) for batch in batches for row in rows(batch)
    )
    kept = nsmallest(LIMIT, ranked, key=lambda item: item[:2])
    return [row for _, _, row in sorted(kept, key=lambda item: item[1])]


def _safe(text: str | None) -> str:
    return (text or "").encode("utf-8", "replace").decode("utf-8")


def _card(row: Mapping[str, Any]) -> dict[str, Any]:
    text, start, end = row["text"], row["start"], row["end"]
    where = row["file"] or ""
    if row["member"]:
        where += f"!{row['member']}"
    if row["line"] is not None:
        where += f":{row['line']}"
    elif row["index"] is not None:
        where += f"[{row['index']}]"
    when = row["sent_at"].isoformat(" ", "minutes") if row["sent_at"] else (row["local_time"] or "")
    left, right = max(0, start - _CONTEXT), end + _CONTEXT
    return {
        **row,
        "before": _safe(("…" if left else "") + text[left:start]),
        "quote": _safe(text[start:end]),
        "after": _safe(text[end:right] + ("…" if right < len(text) else "")),
        "sender": _safe(row["sender"]),
        "where": _safe(where),
        "conversation": _safe(row["conversation"]),
        "when": when,
        "day": when[:10],
    }


def _chart(title: str, counts: Mapping[str, int], *, by_name: bool = False) -> dict[str, Any]:
    chosen = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_BARS]
    if by_name:
        chosen.sort()
    most = max((number for _, number in chosen), default=1)
    bars = [
        {"name": _safe(name)[:24], "count": number, "width": round(190 * number / most, 1), "y": i * 20}
        for i, (name, number) in enumerate(chosen)
    ]
    return {"title": title, "bars": bars, "height": max(20, 20 * len(bars))}


def write_html(
    batches: Iterable[pa.RecordBatch], path: Path, *, summary: Summary, settings: Settings, version: str
) -> None:
    """Write the report. Every text is escaped; the page's policy forbids anything but its own script."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    t = _TEXTS[settings.locale]
    cards = [_card(row) for row in _strongest(batches)]
    script = (_TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    tiles = [
        (t["messages"], summary.messages),
        (t["conversations"], summary.conversations),
        (t["found"], summary.findings),
    ]
    tiles += [(t[name], summary.by_effect.get(name, 0)) for name in ("block", "warn")]
    if summary.broken:
        tiles.append((t["broken"], summary.broken))
    names: dict[str, int] = summary.top_conversations
    charts = [
        _chart(t["by_label"], summary.by_label),
        _chart(t["by_language"], summary.by_language),
        _chart(t["by_day"], summary.by_day, by_name=True),
        _chart(t["by_conversation"], names),
    ]
    keys = ("effect", "label", "language", "speaker", "day", "conversation")
    selects = [(key, t[key], sorted({str(card[key]) for card in cards if card[key]})) for key in keys]
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.j2").stream(
        t=t, locale=settings.locale, settings=settings, version=version, tiles=tiles, charts=charts, selects=selects,
        findings=cards, left_out=max(0, summary.findings - len(cards)), script=Markup(script), script_hash=digest,  # noqa: S704
    )  # fmt: skip
    with whole_text(path) as file:
        file.writelines(page)
