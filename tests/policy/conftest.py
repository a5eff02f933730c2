from pathlib import Path
from textwrap import dedent

import pytest

REGIONS = """
regions:
  GLOBAL: {name: {en: Everywhere, zh: 全球}}
  EU: {name: {en: Union, zh: 欧盟}, parent: GLOBAL, members: AT BE}
  DE: {name: {en: Germany, zh: 德国}, parent: EU}
  US: {name: {en: States, zh: 美国}, parent: GLOBAL}
marketplaces:
  generic: {name: {en: Any, zh: 通用}}
  shop: {name: {en: Shop, zh: 商城}, aliases: [my_shop]}
aliases: {GB: UK}
countries: AT BE DE US KR NO
"""
HEAD = """
pack: {id}
title: {{en: Test, zh: 测试}}
sources:
  src: {{title: A page, address: "https://shop.example/rules", seen: 2026-01-02}}
defaults: {{source: src, confidence: reported, effective: {{from: 2020-01-01}}}}
"""
RULE = """
  - id: {id}
    applies_to: {{labels: [{labels}]{more}}}
    effect: {effect}
    overridable: true
    reason: {{en: "{id}", zh: 因为}}
    examples: [{{label: {labels}, effect: {effect}}}]
"""


class Folder:
    """A folder of packs for a test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        (path / "regions.yaml").write_text(REGIONS, encoding="utf-8")

    @staticmethod
    def rule(name: str, effect: str, labels: str = "abuse", more: str = "", extra: str = "") -> str:
        """A rule as YAML; ``more`` goes into ``applies_to``, ``extra`` are further lines of the rule."""
        text = RULE.format(id=name, effect=effect, labels=labels, more=more).strip("\n") + "\n"
        return text + "".join(f"    {line}\n" for line in dedent(extra).strip().splitlines())

    def pack(self, name: str, *rules: str, inherits: str | None = None, head: str = "") -> Path:
        text = HEAD.format(id=name).lstrip() + (f"inherits: {inherits}\n" if inherits else "") + dedent(head)
        if rules:
            text += "rules:\n" + "".join(rules)
        return self.raw(name, text)

    def raw(self, name: str, text: str) -> Path:
        file = self.path / f"{name}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "policies")
