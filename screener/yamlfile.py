"""YAML files with a strict schema: every mistake is told with its file and line.

PyYAML gives each node its line, msgspec gives each schema error its path (``$.entries[3].terms``);
joined, the author of a rule is sent to the right line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import yaml

from screener.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Located", "convert", "load", "localised", "parse"]

T = TypeVar("T")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
# Every plain value is text until the schema says otherwise: in YAML's own reading `no` is false and `1:1` is 61,
# which would silently spoil word lists.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Located:
    """A parsed document that knows the line of each of its parts."""

    def __init__(self, path: Path, root: yaml.Node | None, data: Any) -> None:
        self.path = path
        self.data = data
        self._root = root

    def line(self, *steps: str | int) -> int:
        """Line (from 1) of the part reached by ``steps``; of the nearest enclosing part when it is absent."""
        node = self._root
        line = 1
        for step in (None, *steps):
            if step is None:
                pass
            elif isinstance(node, yaml.MappingNode):
                pair = next((p for p in node.value if p[0].value == str(step)), None)
                if pair is None:
                    break
                line = pair[0].start_mark.line + 1
                node = pair[1]
                continue
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
            if node is not None:
                line = node.start_mark.line + 1
        return line

    def error(self, reason: str, hint: str, *steps: str | int) -> RuleError:
        """An E301 that points at the part reached by ``steps``."""
        return RuleError("E301", path=self.path, line=self.line(*steps), reason=reason, hint=hint)


def _unique_keys(path: Path, node: yaml.Node | None) -> None:
    """Refuse duplicate keys: YAML would silently keep the last."""
    todo = [node] if node is not None else []
    while todo:
        item = todo.pop()
        if isinstance(item, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in item.value:
                if key.value in seen:
                    raise RuleError(
                        "E301",
                        path=path,
                        line=key.start_mark.line + 1,
                        reason=f"the key {key.value!r} is given twice",
                        hint="keep one of the two",
                    )
                seen.add(key.value)
                todo.append(value)
        elif isinstance(item, yaml.SequenceNode):
            todo.extend(item.value)


def parse(text: str, path: Path) -> Located:
    """Parse YAML ``text`` read from ``path``.

    Raises:
        RuleError: E301 when the text is not YAML or a key is given twice.

    """
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            data = loader.construct_document(root) if root is not None else None
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not valid YAML"
        line = mark.line + 1 if mark is not None else 1
        raise RuleError("E301", path=path, line=line, reason=reason, hint="check indentation and quotes") from None
    _unique_keys(path, root)
    return Located(path, root, data)


def load(path: Path, schema: type[T], *, text: str | None = None) -> tuple[T, Located]:
    """Read ``path`` and validate it against the msgspec struct ``schema``.

    Raises:
        RuleError: E301 with the file and line of the first mistake.

    """
    document = parse(path.read_text(encoding="utf-8") if text is None else text, path)
    return convert(document, document.data, schema), document


def convert(document: Located, data: Any, schema: type[T], *prefix: str | int) -> T:
    """Validate ``data``, which stands at ``prefix`` in ``document``, against the msgspec struct ``schema``.

    Raises:
        RuleError: E301 with the file and line of the first mistake in ``data``.
    """
    try:
        return msgspec.convert(data, schema, strict=False)  # every YAML value arrives as text
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        steps: list[str | int] = []
        for name, index in _STEP.findall(where.rstrip("`")):
            if index == "...":
                break
            steps.append(int(index) if index else name)
        if unknown := re.search(r"unknown field `([^`]+)`", message):
            steps.append(unknown.group(1))
        hint = "see docs/lexicons.md and docs/rule-packs.md for the form"
        raise document.error(message, hint, *prefix, *steps) from None


def localised(texts: Mapping[str, str], locale: str) -> str:
    """The text in ``locale`` (``en`` or ``zh``), else English, else any."""
    return texts.get(locale) or texts.get("en") or next(iter(texts.values()), "")
