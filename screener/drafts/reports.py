"""Findings of draft files in the forms that editors and pipelines read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from screener import __version__
from screener.writers.plain import judged_dict
from screener.writers.sarif import SARIF_LEVELS, SARIF_SCHEMA, sarif_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screener.drafts.check import DraftFinding

__all__ = ["REPORTS"]


def _message(found: DraftFinding) -> str:
    finding, verdict = found.judged.finding, found.judged.verdict
    return f"{finding.explanation} {verdict.reason}".strip()


def _text(found: Sequence[DraftFinding], _: Sequence[str]) -> str:
    lines = []
    for one in found:
        effect, label = one.judged.verdict.effect.value, one.judged.finding.label.value
        lines.append(f"{one.path}:{one.line}:{one.column}: {effect} {label} [{one.judged.finding.rule_id}]")
        lines.append(f"    {_message(one)}")
        lines += [f"    instead: {suggestion}" for suggestion in one.judged.finding.suggestions[:1]]
    return "".join(line + "\n" for line in lines)


def _place(one: DraftFinding) -> dict[str, Any]:
    return {
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "end_line": one.end_line,
        "end_column": one.end_column,
        "start_in_file": one.start,
        "end_in_file": one.end,
        "fingerprint": one.fingerprint,
    }


def _json(found: Sequence[DraftFinding], paths: Sequence[str]) -> str:
    findings = [{**_place(one), **judged_dict(one.judged, one.text)} for one in found]
    return json.dumps({"files": list(paths), "findings": findings}, indent=1) + "\n"


def _sarif(found: Sequence[DraftFinding], _: Sequence[str]) -> str:
    rules: dict[str, dict[str, Any]] = {}
    results = []
    for one in found:
        row = judged_dict(one.judged, one.text)
        rules.setdefault(row["rule"], sarif_rule(row))
        region = {
            "startLine": one.line,
            "startColumn": one.column,
            "endLine": one.end_line,
            "endColumn": one.end_column,
            "charOffset": one.start,
            "charLength": one.end - one.start,
        }
        results.append(
            {
                "ruleId": row["rule"],
                "level": SARIF_LEVELS[row["verdict"]["effect"]],
                "message": {"text": _message(one)},
                "locations": [
                    {"physicalLocation": {"artifactLocation": {"uri": one.path.replace("\\", "/")}, "region": region}}
                ],
                "partialFingerprints": {"draft/v1": one.fingerprint},
            }
        )
    driver = {"name": "screener", "version": __version__, "rules": [rules[name] for name in sorted(rules)]}
    run = {"columnKind": "unicodeCodePoints", "results": results, "tool": {"driver": driver}}
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


_COMMANDS: Final = {"block": "error", "warn": "warning", "note": "notice"}


def _github(found: Sequence[DraftFinding], _: Sequence[str]) -> str:
    """Workflow commands of GitHub Actions; values are escaped as they ask for."""

    def value(text: object) -> str:
        plain = str(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return plain.replace(":", "%3A").replace(",", "%2C")

    lines = []
    for one in found:
        command = _COMMANDS[one.judged.verdict.effect.value]
        place = {"file": one.path, "line": one.line, "endLine": one.end_line}
        if one.line == one.end_line:
            place |= {"col": one.column, "endColumn": one.end_column}
        place["title"] = one.judged.finding.label.value
        said = _message(one).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        lines.append(f"::{command} " + ",".join(f"{k}={value(v)}" for k, v in place.items()) + f"::{said}\n")
    return "".join(lines)


_RDJSON: Final = {"block": "ERROR", "warn": "WARNING", "note": "INFO"}


def _rdjson(found: Sequence[DraftFinding], _: Sequence[str]) -> str:
    """Reviewdog's diagnostic format; its columns are bytes of UTF-8."""
    diagnostics = []
    for one in found:
        finding = one.judged.finding
        area = {
            "start": {"line": one.line, "column": one.column_bytes},
            "end": {"line": one.end_line, "column": one.end_column_bytes},
        }
        diagnostics.append(
            {
                "message": _message(one),
                "location": {"path": one.path, "range": area},
                "severity": _RDJSON[one.judged.verdict.effect.value],
                "code": {"value": finding.rule_id},
                "suggestions": [{"range": area, "text": text} for text in finding.suggestions],
            }
        )
    return json.dumps({"source": {"name": "screener"}, "diagnostics": diagnostics}, indent=1) + "\n"


_GITLAB: Final = {"block": "critical", "warn": "major", "note": "info"}


def _gitlab(found: Sequence[DraftFinding], _: Sequence[str]) -> str:
    """GitLab's code quality report."""
    rows = [
        {
            "description": _message(one),
            "check_name": one.judged.finding.rule_id,
            "fingerprint": one.fingerprint,
            "severity": _GITLAB[one.judged.verdict.effect.value],
            "location": {"path": one.path, "lines": {"begin": one.line, "end": one.end_line}},
        }
        for one in found
    ]
    return json.dumps(rows, indent=1) + "\n"


def _junit(found: Sequence[DraftFinding], paths: Sequence[str]) -> str:
    """One test case a file."""
    suite = ET.Element("testsuite", name="screener", tests=str(len(paths)))
    bad = 0
    for path in paths:
        case = ET.SubElement(suite, "testcase", classname="screener", name=path)
        own = [one for one in found if one.path == path]
        if own:
            bad += 1
            worst = max(own, key=lambda one: one.judged.verdict.effect.rank)
            failure = ET.SubElement(case, "failure", type=worst.judged.verdict.effect.value, message=_message(worst))
            failure.text = _text(own, ())
    suite.set("failures", str(bad))
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


REPORTS: Final[dict[str, Callable[[Sequence[DraftFinding], Sequence[str]], str]]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "rdjson": _rdjson,
    "gitlab": _gitlab,
    "junit": _junit,
}
"""Each form, made of the findings and the paths of all files that were read."""
