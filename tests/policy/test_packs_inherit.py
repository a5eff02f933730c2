"""Inheritance, precedence, dates, fallback: on packs written for the test."""

import datetime as dt

import pytest

from screener.errors import RuleError
from screener.policy.apply import judge
from screener.policy.packs import describe_regions, describe_rule, list_packs, test_packs
from screener.policy.registry import get_pack, reload
from screener.records import Channel, Effect, Finding, Label, Span, Speaker

DAY = dt.date(2026, 6, 1)


def judged(folder, marketplace, region, *, speaker="seller", channel="in_app", day=DAY, rule="x.y.z", phase=None):
    finding = Finding(rule, Label.ABUSE, Span(0, 1, 0, 1), "en", "")
    pack = get_pack(marketplace, region, folder=folder.path)
    verdict = judge(finding, pack=pack, speaker=Speaker(speaker), channel=Channel(channel), as_of=day, phase=phase)
    return verdict.rule_id, verdict.effect.value


def test_a_child_adds_replaces_and_disables(folder):
    rule = folder.rule
    folder.pack("generic/global", rule("generic.global.a", "note"), rule("generic.global.t", "warn", "threat"))
    folder.pack("shop/global", rule("shop.global.a", "warn"), inherits="generic/global")
    assert judged(folder, "shop", "US") == ("shop.global.a", "warn")
    folder.pack("shop/us", rule("shop.global.a", "block"), inherits="shop/global")
    folder.pack("shop/eu", inherits="shop/global", head="disables: [shop.global.a]\n")
    folder.pack("shop/de", inherits="shop/eu")
    reload()
    assert judged(folder, "shop", "US") == ("shop.global.a", "block")
    assert judged(folder, "shop", "EU") == ("generic.global.a", "note")
    assert judged(folder, "shop", "DE") == ("generic.global.a", "note")
    assert get_pack("shop", "DE", folder=folder.path).layers == (
        "generic/global", "shop/global", "shop/eu", "shop/de",
    )  # fmt: skip


def test_more_conditions_win_before_layers(folder):
    rule = folder.rule
    folder.pack(
        "generic/global",
        rule("generic.global.a", "note"),
        rule("generic.global.buyer", "allow", more=", speaker: [buyer]"),
        rule("generic.global.sms", "warn", more=", channel: [sms]"),
        rule("generic.global.both", "block", more=", channel: [sms], speaker: [buyer]"),
        rule("generic.global.late", "warn", more=", phase: [dispute]"),
        rule("generic.global.kind", "warn", more=", finding: ['*.strong', 'a.*.b']"),
    )
    folder.pack("shop/global", rule("shop.global.a", "block"), inherits="generic/global")
    assert judged(folder, "shop", "US")[0] == "shop.global.a"
    assert judged(folder, "shop", "US", speaker="buyer")[0] == "generic.global.buyer"
    assert judged(folder, "shop", "US", channel="sms")[0] == "generic.global.sms"
    assert judged(folder, "shop", "US", channel="sms", speaker="buyer")[0] == "generic.global.both"
    assert judged(folder, "shop", "US", phase="dispute")[0] == "generic.global.late"
    assert judged(folder, "shop", "US", phase="pre_sale")[0] == "shop.global.a"
    assert judged(folder, "shop", "US", rule="en.abuse.strong")[0] == "generic.global.kind"
    assert judged(folder, "shop", "US", rule="a.x.b")[0] == "generic.global.kind"
    assert judged(folder, "shop", "US", rule="en.abuse.stronger")[0] == "shop.global.a"


def test_the_later_rule_wins_and_dates_include_both_ends(folder):
    rule = folder.rule
    folder.pack(
        "generic/global",
        rule("generic.global.b_old", "note", extra="effective: {from: 2020-01-01}"),
        rule("generic.global.a_new", "block", extra="effective: {from: 2025-03-01, to: 2025-03-31}"),
    )

    def on(day):
        return judged(folder, "generic", "US", day=dt.date.fromisoformat(day))

    assert on("2025-02-28") == ("generic.global.b_old", "note")
    assert on("2025-03-01") == ("generic.global.a_new", "block")
    assert on("2025-03-31") == ("generic.global.a_new", "block")
    assert on("2025-04-01") == ("generic.global.b_old", "note")
    assert on("2019-12-31") == ("none", "note")


def test_the_order_in_the_file_does_not_matter(folder):
    rules = [folder.rule(f"generic.global.{name}", effect) for name, effect in zip("abc", Effect, strict=False)]
    folder.pack("generic/global", *rules)
    folder.pack("shop/global", inherits="generic/global")
    first = judged(folder, "generic", "US")
    folder.pack("generic/global", *reversed(rules))
    assert judged(folder, "shop", "US") == first


def test_region_first_then_marketplace(folder):
    rule = folder.rule
    folder.pack("generic/global", rule("generic.global.a", "note"))
    folder.pack("generic/de", rule("generic.de.a", "warn"), inherits="generic/global")
    folder.pack("shop/global", rule("shop.global.a", "block"), inherits="generic/global")
    assert judged(folder, "shop", "US") == ("shop.global.a", "block")
    assert judged(folder, "shop", "DE") == ("generic.de.a", "warn")
    folder.pack("shop/de", rule("shop.de.a", "allow"), inherits="shop/global")
    reload()
    assert judged(folder, "shop", "DE") == ("shop.de.a", "allow")


@pytest.mark.parametrize(
    ("asked", "pack", "says"),
    [
        ("DE", "shop/de", None),
        (
            "at",
            "shop/eu",
            "There is no pack shop/at; shop/eu is used, with the rules for the region of generic/global.",
        ),
        ("US", "shop/global", "There is no pack shop/us; shop/global is used."),
        ("KR", "shop/global", "There is no pack shop/kr; shop/global is used."),
        ("NO", "shop/global", "There is no pack shop/no; shop/global is used."),
        ("Global", "shop/global", None),
    ],
)
def test_fallback_says_what_is_used(folder, asked, pack, says):
    folder.pack("generic/global", folder.rule("generic.global.a", "note"))
    folder.pack("shop/global", inherits="generic/global")
    folder.pack("shop/eu", inherits="shop/global")
    folder.pack("shop/de", inherits="shop/eu")
    got = get_pack("My-Shop", asked, folder=folder.path)
    assert got.id == pack
    assert (got.fallback.en if got.fallback else None) == says


def test_a_country_without_a_pack_keeps_the_rules_of_its_region(folder):
    rule = folder.rule
    folder.pack("generic/global", rule("generic.global.a", "note"))
    folder.pack("generic/eu", rule("generic.eu.a", "warn"), inherits="generic/global")
    folder.pack("shop/global", inherits="generic/global")
    assert judged(folder, "shop", "BE") == ("generic.eu.a", "warn")
    assert get_pack("shop", "BE", folder=folder.path).fallback.en.endswith("the region of generic/eu.")


@pytest.mark.parametrize(("marketplace", "region"), [("shop", "XX"), ("shop", ""), ("shp", "US"), ("shop", "../x")])
def test_unknown_names_are_errors(folder, marketplace, region):
    folder.pack("generic/global", folder.rule("generic.global.a", "note"))
    folder.pack("shop/global", inherits="generic/global")
    with pytest.raises(RuleError) as error:
        get_pack(marketplace, region, folder=folder.path)
    assert error.value.code == "E304"


@pytest.mark.parametrize(
    ("marketplace", "region", "pack"),
    [
        ("TikTok", "gb", "tiktok_shop/uk"),
        ("tiktok-shop", "United Kingdom", "tiktok_shop/uk"),
        ("tiktok_shop", "nl", "tiktok_shop/eu"),
        ("tiktok_shop", "GR", "tiktok_shop/eu"),
        ("tiktok_shop", "KSA", "tiktok_shop/sa"),
        ("tiktok_shop", "KW", "tiktok_shop/gcc"),
        ("mercadolibre", "BR", "mercado_libre/br"),
        ("generic", "TW", "generic/global"),
    ],
)
def test_names_of_the_shipped_packs(marketplace, region, pack):
    assert get_pack(marketplace, region).id == pack


def test_only_the_files_of_the_chain_are_read(folder):
    folder.pack("generic/global", folder.rule("generic.global.a", "note"))
    folder.pack("shop/global", inherits="generic/global")
    folder.raw("shop/us", "rules: [")
    assert get_pack("shop", "EU", folder=folder.path).id == "shop/global"
    with pytest.raises(RuleError, match="E301"):
        get_pack("shop", "US", folder=folder.path)


def test_descriptions(folder):
    folder.pack("generic/global", folder.rule("generic.global.a", "block", more=", speaker: [buyer]"))
    folder.pack("shop/de", inherits="generic/global")
    described = describe_rule("generic.global.a", folder=folder.path)
    assert (described.kind, described.effect, described.speaker, described.line) == ("finding", "block", ("buyer",), 7)
    assert described.source_seen == "2026-01-02"
    assert describe_rule("generic.global.b", folder=folder.path) is None
    assert describe_rule("../../etc.x.y", folder=folder.path) is None
    assert list_packs(folder.path) == ("generic/global", "shop/de")
    regions = describe_regions("zh", as_of=DAY, folder=folder.path)
    assert [(r.pack, r.name) for r in regions] == [("generic/global", "全球"), ("shop/de", "德国")]
    shipped = {r.pack: r for r in describe_regions(as_of=DAY, marketplace="tiktok")}
    assert {c.channel: c.value for c in shipped["tiktok_shop/my"].channels}["whatsapp"] == "counts"
    assert len(shipped) == 22


def test_failing_examples_are_told_with_their_place(folder):
    wrong = folder.rule("generic.global.a", "block").replace("effect: block}]", "effect: note}]")
    hidden = folder.rule("generic.global.b", "block", extra="effective: {from: 2019-01-01}")
    folder.pack("generic/global", wrong, hidden)
    folder.raw("shop/global", "pack: [")
    count, failures = test_packs(folder.path, today=DAY)
    assert count == 2
    assert [f.rpartition("policies/")[2] for f in failures[:2]] == [
        "generic/global.yaml:7: generic.global.a: example 1 should give note, but generic.global.a gives block",
        "generic/global.yaml:13: generic.global.b: none of its examples is decided by the rule itself",
    ]
    assert "shop/global.yaml:2: " in failures[2]
    assert len(failures) == 3
