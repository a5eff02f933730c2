"""The page of an evidence pack: the buyer's statements first, each linked into the whole conversation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screener.evidence.assemble import Case
    from screener.records import Message

__all__ = ["render", "write_pdf"]

_TEMPLATES = Path(__file__).parents[1] / "writers" / "templates"
_CONTEXT: Final = 160
_TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Conversation record", "as_of": "rules as of", "order": "order",
        "chain": "chain of messages ends with",
        "for": "What the buyer stated", "fell": "Statements that do not stand",
        "never": "Said, but not asserted", "against": "What speaks against the shop",
        "evidence": "as evidence here:", "helps": "Helps with:", "helps_not": "Does not help with:", "none": "nothing",
        "gaps": "What is missing or cannot be shown", "no_gaps": "no gap was found",
        "conversation": "The whole conversation", "translation": "translation in the export:",
        "legal": "Prepared by a program from the attached export. This is no legal advice.",
    },
    "zh": {
        "title": "会话记录", "as_of": "规则日期", "order": "订单", "chain": "消息链末端",
        "for": "买家的陈述", "fell": "已不成立的陈述", "never": "提到但并未断言的内容", "against": "对店铺不利的内容",
        "evidence": "在此作为证据：", "helps": "有助于：", "helps_not": "无助于：", "none": "无",
        "gaps": "缺失或无法证明的内容", "no_gaps": "未发现缺失", "conversation": "完整会话",
        "translation": "导出文件中的译文：", "legal": "由程序根据所附导出文件生成，不构成法律意见。",
    },
}  # fmt: skip
_REASONS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "negation": "negated", "question": "a question", "condition": "under a condition", "wish": "a wish",
        "quotation": "quotes somebody else", "sarcasm": "ironic", "other_item": "about another item",
        "package_only": "about the packaging alone", "shop_claim": "repeats what the shop says", "guess": "a guess",
        "worked_then_failed": "worked, then failed", "unsure": "too unclear to count",
    },
    "zh": {
        "negation": "否定", "question": "提问", "condition": "附有条件", "wish": "愿望", "quotation": "转述他人",
        "sarcasm": "反话", "other_item": "说的是其他商品", "package_only": "只说了包装", "shop_claim": "复述店铺的说法",
        "guess": "猜测", "worked_then_failed": "曾经正常，后来出了问题", "unsure": "意思不够明确，不作数",
    },
}  # fmt: skip
_FOR: Final = frozenset({"no_defect", "change_of_mind", "used", "received"})


def _when(message: Message) -> str:
    if message.sent_at is not None:
        return message.sent_at.strftime("%Y-%m-%d %H:%M UTC")
    return message.local_time or ""


def _row(form: Mapping[str, Any], message: Message) -> dict[str, Any]:
    start, end = form["span"] if "span" in form else (form["start"], form["end"])
    text = message.text
    left, right = max(0, start - _CONTEXT), end + _CONTEXT
    return {
        **form,
        "speaker": message.speaker.value,
        "when": _when(message),
        "before": ("…" if left else "") + text[left:start],
        "quote": text[start:end],
        "after": text[end:right] + ("…" if right < len(text) else ""),
    }


def _message(number: int, message: Message) -> dict[str, Any]:
    flags = [name for name in ("edited", "deleted", "automated") if getattr(message, name)]
    return {
        "number": number, "speaker": message.speaker.value, "sender": message.sender, "when": _when(message),
        "channel": message.channel.value, "flags": ", ".join(flags), "text": message.text,
        "translation": message.translation,
    }  # fmt: skip


def render(
    case: Case,
    statements: Sequence[Mapping[str, Any]],
    never: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
    gaps: Sequence[Mapping[str, Any]],
    limits: Sequence[str],
    *,
    head: str,
    locale: str,
    version: str,
) -> str:
    """The page as HTML; every text is escaped, nothing is loaded from elsewhere."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    told_in = "zh" if locale == "zh" else "en"
    t = _TEXTS[told_in]
    messages = case.messages
    number_of = {message.id: number for number, message in enumerate(messages)}
    rulings = {id(s): s.ruling for s in case.statements}
    standing: list[dict[str, Any]] = []
    fallen: list[dict[str, Any]] = []
    for statement, form in zip(case.statements, statements, strict=True):
        if statement.finding.label.value not in _FOR:
            continue
        ruling = rulings[id(statement)]
        told = {
            "reason": ruling.reason if ruling else "", "helps_with": ruling.helps_with if ruling else "",
            "does_not_help_with": ruling.does_not_help_with if ruling else "", "note": ruling.note if ruling else "",
        }  # fmt: skip
        row = {**_row(form, statement.message), **told}
        (standing if form["state"] == "standing" else fallen).append(row)
    empty = {"counts": "", "taints": [], "reason": "", "helps_with": "", "does_not_help_with": "", "note": ""}
    unasserted = [
        {
            **_row(form, messages[form["number"]]),
            **empty,
            "label": _REASONS[told_in][form["reason"]],
            "state": form["label"] or "",
        }
        for form in never
    ]
    against = []
    for form in findings:
        if form["speaks_against_the_shop"]:
            row = _row(form, messages[form["number"]])
            effect, reason = form["verdict"]["effect"], form["explanation"]
            against.append({**row, **empty, "state": effect, "reason": reason})
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("evidence.html.j2").render(
        t=t, locale=locale, settings=case.settings, version=version, head=head, limits=limits,
        sections=[
            (t["for"], standing, ""), (t["fell"], fallen, "fell"), (t["never"], unasserted, "never"),
            (t["against"], against, "against"),
        ],
        gaps=[{**gap, "number": number_of.get(gap["message_id"] or "")} for gap in gaps],
        messages=[_message(number, message) for number, message in enumerate(messages)],
    )  # fmt: skip


def write_pdf(page: str, target: Path) -> None:
    """The page as PDF (extra ``pdf``). Fonts of the system are used; without one for a script its letters are boxes.

    Raises:
        ScreenerError: E501 without the extra.

    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError):
        from screener.errors import ScreenerError

        raise ScreenerError("E501", feature="PDF output", package="weasyprint", extra="pdf") from None
    HTML(string=page).write_pdf(str(target), uncompressed_pdf=False)
