"""The channel rules as the owner of the project stated them, region by region."""

import datetime as dt

import pytest

from screener.policy.apply import admissibility
from screener.policy.registry import get_pack
from screener.records import Channel, Label

DAY = dt.date(2026, 11, 22)
SEA = ["ID", "MY", "TH", "VN", "PH", "SG"]
IN_APP_ONLY = ["US", "UK", "GB", "EU", "DE", "FR", "IT", "ES", "IE", "NL", "PL", "AT", "SE"]
OTHER = ["GCC", "SA", "AE", "MX", "BR", "JP", "KR", "CN", "TW", "AU", "NO", "GLOBAL"]
MARKETPLACES = [
    "generic",
    "tiktok_shop",
    "shopee",
    "lazada",
    "aliexpress",
    "amazon",
    "ebay",
    "temu",
    "mercado_libre",
    "etsy",
]


def expected(region: str, channel: Channel) -> str:
    if channel is Channel.IN_APP:
        return "counts"
    if channel is Channel.UNKNOWN:
        return "unknown"
    if region in SEA or region == "SEA":
        return "counts" if channel is Channel.WHATSAPP else "unknown"
    return "does_not_count" if region in IN_APP_ONLY else "unknown"


def ruling(marketplace, region, channel, label=Label.NO_DEFECT, locale="en"):
    return admissibility(label, pack=get_pack(marketplace, region), channel=channel, as_of=DAY, locale=locale)


@pytest.mark.parametrize("region", [*SEA, "SEA", *IN_APP_ONLY, *OTHER])
def test_every_channel_in_every_region(region):
    for marketplace in MARKETPLACES:
        got = {channel: ruling(marketplace, region, channel).admissibility.value for channel in Channel}
        assert got == {channel: expected(region, channel) for channel in Channel}, marketplace


@pytest.mark.parametrize("region", SEA)
@pytest.mark.parametrize("marketplace", ["generic", "tiktok_shop", "shopee"])
def test_whatsapp_in_southeast_asia_says_that_nobody_confirmed_it(region, marketplace):
    english = ruling(marketplace, region, Channel.WHATSAPP)
    assert english.confidence == "unverified"
    assert "Not confirmed" in english.note
    assert "10100.com" in english.note
    assert "未经证实" in ruling(marketplace, region, Channel.WHATSAPP, locale="zh").note


@pytest.mark.parametrize("region", ["US", "UK", "EU", "IE"])
def test_in_app_only_is_not_called_official(region):
    answer = ruling("tiktok_shop", region, Channel.EMAIL)
    assert answer.confidence == "reported"
    assert "No page that was read says this" in answer.note


def test_the_channel_rule_holds_for_every_statement():
    for label in (Label.USED, Label.RECEIVED, Label.DEFECT, Label.RETRACTION):
        assert ruling("tiktok_shop", "DE", Channel.WHATSAPP, label).admissibility == "does_not_count"
