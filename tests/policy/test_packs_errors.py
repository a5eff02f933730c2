"""Wrong files: one coded error, with file and line, for every mistake."""

import pytest

from screener.errors import RuleError, ScreenerError
from screener.policy.loader import check_file
from screener.policy.registry import get_pack

GOOD = """\
pack: generic/global
title: {en: T, zh: 测}
sources:
  src: {title: A page, address: "https://shop.example", seen: 2026-01-02}
rules:
  - id: generic.global.a
    applies_to: {labels: [abuse]}
    effect: block
    overridable: false
    effective: {from: 2020-01-01}
    source: src
    confidence: official
    reason: {en: Because., zh: 因为。}
    examples: [{label: abuse, effect: block}]
admissibility:
  - id: generic.global.c
    channel: [in_app]
    value: counts
    effective: {from: 2020-01-01}
    source: src
    confidence: reported
    reason: {en: Because., zh: 因为。}
    examples: [{channel: in_app, value: counts}]
worth:
  - id: generic.global.w
    labels: [used]
    effective: {from: 2020-01-01}
    source: src
    confidence: reported
    helps_with: {en: This., zh: 此。}
    does_not_help_with: {en: That., zh: 彼。}
"""


def wrong(folder, old, new):
    assert GOOD.count(old) >= 1
    path = folder.raw("generic/global", GOOD.replace(old, new, 1))
    with pytest.raises(RuleError) as error:
        get_pack("generic", "US", folder=folder.path)
    assert error.value.code == "E301"
    assert error.value.params["path"] == path
    return error.value.params["line"], error.value.problem


def test_the_file_is_right(folder):
    path = folder.raw("generic/global", GOOD)
    assert check_file(path, "generic/global") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("effect: block\n", "effect: blok\n", 8, "blok"),
        ("overridable: false", "overridable: perhaps", 9, "bool"),
        ("labels: [abuse]}", "labels: [rude]}", 7, "rude"),
        ("labels: [abuse]}", "labels: []}", 7, "length"),
        ("labels: [abuse]}", "labels: [abuse], speakers: [buyer]}", 7, "speakers"),
        ("effective: {from: 2020-01-01}", "effective: {from: 2020-13-01}", 10, "date"),
        ("effective: {from: 2020-01-01}", "effective: {from: 2020-01-02, to: 2020-01-01}", 10, "ends before"),
        ("    effective: {from: 2020-01-01}\n", "", 6, "no dates"),
        ("    source: src\n", "    source: scr\n", 11, "unknown source 'scr'"),
        ("    source: src\n", "", 6, "no source"),
        ("    confidence: official\n", "", 6, "no confidence"),
        (', address: "https://shop.example"', "", 12, "address of the page"),
        ("zh: 因为。", "cn: 因为。", 13, "cn"),
        ("en: Because.", 'en: ""', 13, "length"),
        ("[{label: abuse, effect: block}]", "[]", 14, "length"),
        ("    examples: [{label: abuse, effect: block}]\n", "", 6, "examples"),
        ("id: generic.global.a", "id: Generic.a", 6, "regex"),
        ("id: generic.global.a", "id: generic.eu.a", 6, "does not start with generic.global."),
        ("id: generic.global.c", "id: generic.global.a", 16, "given twice"),
        ("labels: [used]", "labels: [abuse]", 26, "no statement"),
        ("value: counts\n", "value: maybe\n", 18, "maybe"),
        ("pack: generic/global", "pack: generic/eu", 1, "lies at"),
        ("pack: generic/global", "pack: generic/global\npack: generic/global", 2, "twice"),
        ("pack: generic/global", "pack: generic/global\ninherits: generic/none", 2, "does not exist"),
        ("pack: generic/global", "pack: generic/global\ninherits: generic/global", 2, "inherits itself"),
        ("pack: generic/global", "pack: generic/global\ndisables: [a.b.c]", 2, "no inherited pack has"),
        ("pack: generic/global", "pack: generic/global\nrule: []", 2, "rule"),
        ("title: {en: T", "title: {en: [T", 2, ""),
    ],
)
def test_each_mistake_names_its_line(folder, old, new, line, says):
    got, problem = wrong(folder, old, new)
    assert says in problem
    assert got == line


@pytest.mark.parametrize("text", ["", "[]", "just words", "- a\n- b\n", "\tpack: x", "a: *b", "!!python/object:x {}"])
def test_no_pack_at_all(folder, text):
    folder.raw("generic/global", text)
    with pytest.raises(RuleError) as error:
        get_pack("generic", "US", folder=folder.path)
    assert error.value.code == "E301"


def test_all_mistakes_of_a_file_are_found(folder):
    text = GOOD.replace("effect: block\n", "effect: blok\n").replace("value: counts\n", "value: maybe\n")
    path = folder.raw("generic/global", text.replace("labels: [used]", "labels: [abuse]"))
    assert [e.params["line"] for e in check_file(path, "generic/global")] == [8, 18, 26]
    with pytest.raises(RuleError, match=r"and 2 more, at line 18, 26"):
        get_pack("generic", "US", folder=folder.path)


def test_a_rule_of_a_stranger(folder):
    folder.raw("generic/global", GOOD)
    folder.pack("shop/global", folder.rule("other.global.a", "note"), inherits="generic/global")
    with pytest.raises(RuleError, match=r"global.yaml:8: the id other.global.a neither starts"):
        get_pack("shop", "US", folder=folder.path)


def test_a_circle_over_two_files(folder):
    folder.pack("generic/global", inherits="generic/eu")
    folder.pack("generic/eu", inherits="generic/global")
    with pytest.raises(RuleError, match="inherits itself: generic/global → generic/eu → generic/global"):
        get_pack("generic", "US", folder=folder.path)


def test_not_utf8(folder):
    path = folder.raw("generic/global", GOOD)
    path.write_bytes(b"pack: \xff\xfe")
    with pytest.raises(RuleError, match="not UTF-8"):
        get_pack("generic", "US", folder=folder.path)


def test_wrong_regions(folder, tmp_path):
    with pytest.raises(ScreenerError, match="E101"):
        get_pack("generic", "US", folder=tmp_path)
    file = folder.path / "regions.yaml"
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace("parent: EU", "parent: EZ"), encoding="utf-8")
    with pytest.raises(RuleError, match=r"regions.yaml:5: unknown parent EZ"):
        get_pack("generic", "US", folder=folder.path)
    file.write_text(
        good.replace("EU: {", "EU: {parent: DE, ").replace("欧盟}, parent: GLOBAL", "欧盟}"), encoding="utf-8"
    )
    with pytest.raises(RuleError, match="its own parent"):
        get_pack("generic", "US", folder=folder.path)
