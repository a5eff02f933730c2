"""The packs that come with the package: they load, hold what they promise, and say sensible things."""

import datetime as dt
import re
from collections import Counter

import pytest

from screener.policy import packs
from screener.policy.apply import NO_RULE, admissibility, judge
from screener.policy.loader import read_pack
from screener.policy.pack import _judge_key
from screener.policy.registry import pack_folder
from screener.records import RISKS, STATEMENTS, Channel, Confidence, Finding, Label, Span, Speaker

DAY = dt.date(2026, 11, 22)
PACKS = packs.list_packs()
CJK = re.compile(r"[\u4e00-\u9fff]")


def files():
    return [read_pack(pack_folder() / f"{name}.yaml", name) for name in PACKS]


def finding(label: Label, rule: str = "x.y.z") -> Finding:
    return Finding(rule, label, Span(0, 1, 0, 1), "en", "")


def verdict(marketplace, region, label, speaker="seller", rule="x.y.z", day=DAY, phase=None):
    pack = packs.get_pack(marketplace, region)
    return judge(
        finding(Label(label), rule),
        pack=pack,
        speaker=Speaker(speaker),
        channel=Channel.IN_APP,
        as_of=day,
        phase=phase,
    )


def test_the_packs_asked_for_exist():
    tiktok = [
        "global",
        "us",
        "uk",
        "eu",
        "de",
        "fr",
        "it",
        "es",
        "ie",
        "sea",
        "id",
        "my",
        "th",
        "vn",
        "ph",
        "sg",
        "gcc",
        "sa",
        "ae",
        "mx",
        "br",
        "jp",
    ]
    assert {f"tiktok_shop/{region}" for region in tiktok} <= set(PACKS)
    others = ["generic", "shopee", "lazada", "aliexpress", "amazon", "ebay", "temu", "mercado_libre"]
    assert {f"{name}/global" for name in others} <= set(PACKS)


def test_all_examples_hold():
    count, failures = packs.test_packs(today=DAY)
    assert failures == []
    assert count > 100


def test_examples_hold_on_later_days_too():
    assert packs.test_packs(today=dt.date(2031, 1, 1))[1] == []


def test_ids_are_unique_over_all_files():
    ids = Counter(held.id for pack in files() for held in pack.all_rules())
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_text_is_in_both_languages():
    for pack in files():
        for held in pack.all_rules():
            for name in ("reason", "note", "helps_with", "does_not_help_with"):
                text = getattr(held.form, name, None)
                if text is not None:
                    assert CJK.search(text.zh), (held.id, name)
                    assert not CJK.search(text.en), (held.id, name)
                    assert len(text.en) <= 260, (held.id, name)


def test_official_rules_name_a_page_and_say_that_an_excerpt_was_read():
    official = [h for pack in files() for h in pack.all_rules() if h.confidence is Confidence.OFFICIAL]
    assert official
    for held in official:
        assert held.source.address, held.id
        assert held.excerpt, held.id


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_label_speaker_and_channel_has_a_rule(pack_id):
    pack = packs.get_pack(*pack_id.split("/"), DAY)
    for label in Label:
        for speaker in Speaker:
            answer = judge(finding(label), pack=pack, speaker=speaker, channel=Channel.EMAIL, as_of=DAY)
            assert answer.rule_id != NO_RULE, (label, speaker)
            assert answer.reason
            assert answer.source.title
    for label in STATEMENTS:
        for channel in Channel:
            ruling = admissibility(label, pack=pack, channel=channel, as_of=DAY)
            assert ruling.rule_id != NO_RULE, (label, channel)
            assert ruling.helps_with
            assert ruling.does_not_help_with
            assert "no legal advice" in ruling.note


@pytest.mark.parametrize("pack_id", PACKS)
def test_what_the_buyer_says_never_blocks(pack_id):
    for label in sorted(RISKS):
        stricter = pack_id == "temu/global" and label.startswith("off_platform")
        effect = verdict(*pack_id.split("/"), label, "buyer").effect
        assert effect == ("warn" if stricter else "note"), label


BLOCKED = [
    "off_platform_contact", "off_platform_payment", "external_link", "review_manipulation", "dispute_pressure",
    "threat", "abuse", "counterfeit", "personal_data",
]  # fmt: skip


@pytest.mark.parametrize("pack_id", PACKS)
def test_what_the_seller_says(pack_id):
    place = pack_id.split("/")
    assert {label: verdict(*place, label).effect.value for label in BLOCKED} == dict.fromkeys(BLOCKED, "block")
    assert verdict(*place, "absolute_claim").effect == "warn"
    assert verdict(*place, "liability").effect == "warn"
    assert verdict(*place, "no_defect", "buyer").effect == "note"
    assert verdict(*place, "external_link", rule="common.external_link.carrier_link").effect == "warn"


def test_what_depends_on_the_market():
    assert verdict("tiktok_shop", "ID", "regulated_claim").effect == "block"
    assert verdict("tiktok_shop", "US", "regulated_claim").effect == "warn"
    culture = {
        code: verdict("tiktok_shop", code, "culture").effect.value
        for code in ["SA", "AE", "GCC", "ID", "MY", "US", "JP"]
    }
    assert culture == {
        "SA": "warn",
        "AE": "warn",
        "GCC": "warn",
        "ID": "warn",
        "MY": "warn",
        "US": "note",
        "JP": "note",
    }
    assert verdict("temu", "US", "off_platform_contact", "buyer").effect == "warn"
    assert verdict("generic", "US", "ambiguous").effect == "note"
    assert verdict("generic", "US", "ambiguous", phase="dispute").effect == "warn"


@pytest.mark.parametrize("pack_id", PACKS)
def test_no_two_rules_are_told_apart_by_their_ids_alone(pack_id):
    def meet(a, b):
        return not a or not b or bool(set(a) & set(b))

    pack = packs.get_pack(*pack_id.split("/"), DAY)
    for label, rules in pack.at(DAY).rules.items():
        for number, one in enumerate(rules):
            for two in rules[number + 1 :]:
                a, b = one.form.applies_to, two.form.applies_to
                together = all(meet(getattr(a, n), getattr(b, n)) for n in ("speaker", "channel", "phase", "finding"))
                same = _judge_key(one)[:3] == _judge_key(two)[:3]
                assert not (together and same), (label, one.id, two.id)


def test_rules_begin_and_end_on_their_days():
    def rule(day):
        return verdict("tiktok_shop", "US", "review_manipulation", day=dt.date.fromisoformat(day)).rule_id

    assert rule("2025-10-24") == "tiktok_shop.us.review_manipulation"
    assert rule("2025-10-23") == "generic.us.review_manipulation"
    assert rule("2024-10-20") == "tiktok_shop.global.review_manipulation"
    assert rule("2020-01-01") == "generic.global.review_manipulation"
    vn = [
        verdict("tiktok_shop", "VN", "dispute_pressure", day=dt.date.fromisoformat(day)).rule_id
        for day in ("2023-12-25", "2023-12-26", "2025-06-28", "2025-06-29")
    ]
    assert vn[1:] == ["tiktok_shop.vn.cancel", "tiktok_shop.vn.cancel", "tiktok_shop.vn.dispute_pressure"]
    assert vn[0] == "tiktok_shop.global.dispute_pressure"


def worth(marketplace, region, label="no_defect", day=DAY, locale="en"):
    pack = packs.get_pack(marketplace, region)
    return admissibility(Label(label), pack=pack, channel=Channel.IN_APP, as_of=day, locale=locale)


@pytest.mark.parametrize("marketplace", ["tiktok_shop", "amazon", "generic"])
@pytest.mark.parametrize("region", ["EU", "DE", "FR", "PL", "UK"])
@pytest.mark.parametrize("label", ["no_defect", "change_of_mind"])
def test_no_defence_against_a_14_day_withdrawal(marketplace, region, label):
    ruling = worth(marketplace, region, label)
    assert "14 days" in ruling.does_not_help_with
    assert "14 天" in worth(marketplace, region, label, locale="zh").does_not_help_with


@pytest.mark.parametrize("region", ["TH", "VN", "US"])
@pytest.mark.parametrize("label", ["no_defect", "change_of_mind"])
def test_an_admission_moves_the_case_and_does_not_win_a_refusal(region, label):
    ruling = worth("tiktok_shop", region, label)
    assert ruling.helps_with.startswith("Moving the case from the shop's fault to")
    assert ruling.does_not_help_with.startswith("Refusing the return")


def test_the_law_of_a_country_is_not_hidden_by_a_rule_for_everywhere():
    assert "7 days" in worth("tiktok_shop", "KR").does_not_help_with
    assert "7 days" in worth("tiktok_shop", "SA").does_not_help_with
    assert "8 days" in worth("amazon", "JP").does_not_help_with


def test_a_note_says_each_thing_once():
    for place in (("tiktok_shop", "TH"), ("tiktok_shop", "DE"), ("shopee", "PH")):
        assert worth(*place).note.count("archived excerpt") == 1


def test_the_end_of_the_us_reject_reasons_has_its_day():
    assert "4 October 2024" in worth("tiktok_shop", "US", day=dt.date(2024, 10, 4)).does_not_help_with
    assert "4 October 2024" not in worth("tiktok_shop", "US", day=dt.date(2024, 10, 3)).does_not_help_with


def test_no_text_promises_to_win():
    for pack in files():
        for held in pack.worth:
            assert not re.search(r"\b(win|wins|guarantee[sd]?|always)\b", held.form.helps_with.en), held.id
