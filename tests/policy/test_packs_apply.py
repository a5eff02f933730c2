"""Judging is a function: the same arguments give the same answer, whatever order rules are kept in."""

import dataclasses
import datetime as dt
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from screener.policy.apply import admissibility, judge, overall
from screener.policy.packs import get_pack, list_packs
from screener.policy.schema import PHASES
from screener.records import STATEMENTS, Channel, Confidence, Effect, Finding, Label, Source, Span, Speaker, Verdict

DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2035, 1, 1))
PLACES = st.sampled_from([tuple(name.split("/")) for name in list_packs()])


def shuffled(pack, seed):
    rules = list(pack.rules)
    random.Random(seed).shuffle(rules)
    return dataclasses.replace(pack, rules=tuple(rules), _days={})


@settings(max_examples=100, deadline=None)
@given(
    place=PLACES,
    label=st.sampled_from(list(Label)),
    speaker=st.sampled_from(list(Speaker)),
    channel=st.sampled_from(list(Channel)),
    phase=st.sampled_from([None, *PHASES]),
    rule=st.sampled_from(["common.external_link.carrier_link", "x.y.z"]),
    locale=st.sampled_from(["en", "zh", "fr"]),
    day=DAYS,
    seed=st.integers(0, 99),
)
def test_the_answer_does_not_depend_on_the_order_of_rules(
    place, label, speaker, channel, phase, rule, locale, day, seed
):
    pack = get_pack(*place)
    other = shuffled(pack, seed)
    finding = Finding(rule, label, Span(0, 1, 0, 1), "en", "")
    first = judge(finding, pack=pack, speaker=speaker, channel=channel, as_of=day, locale=locale, phase=phase)
    again = judge(finding, pack=other, speaker=speaker, channel=channel, as_of=day, locale=locale, phase=phase)
    assert first == again
    if first.rule_id != "none":
        held = next(h for h in pack.rules if h.id == first.rule_id)
        assert held.holds(day)
        assert label in held.form.applies_to.labels
        assert not held.form.applies_to.speaker or speaker in held.form.applies_to.speaker
    if label in STATEMENTS:
        one = admissibility(label, pack=pack, channel=channel, as_of=day, locale=locale)
        assert one == admissibility(label, pack=other, channel=channel, as_of=day, locale=locale)


@settings(max_examples=50, deadline=None)
@given(effects=st.lists(st.sampled_from(list(Effect)), max_size=6), seed=st.integers(0, 99))
def test_overall_is_the_strongest(effects, seed):
    verdicts = [Verdict(e, "r", "p", Confidence.REPORTED, Source(""), "") for e in effects]
    random.Random(seed).shuffle(verdicts)
    assert overall(iter(verdicts)).rank == max((e.rank for e in effects), default=0)


def test_before_all_rules_a_finding_is_a_note_and_evidence_unknown():
    pack = get_pack("tiktok_shop", "US")
    day = dt.date(1999, 12, 31)
    finding = Finding("x.y.z", Label.THREAT, Span(0, 1, 0, 1), "en", "")
    verdict = judge(finding, pack=pack, speaker=Speaker.SELLER, channel=Channel.IN_APP, as_of=day)
    assert (verdict.effect, verdict.rule_id, verdict.confidence) == ("note", "none", "unverified")
    ruling = admissibility(Label.USED, pack=pack, channel=Channel.IN_APP, as_of=day)
    assert (ruling.admissibility, ruling.rule_id) == ("unknown", "none")


def test_many_days_do_not_fill_the_memory():
    pack = dataclasses.replace(get_pack("generic", "GLOBAL"), _days={})
    for day in range(1200):
        pack.at(dt.date(2020, 1, 1) + dt.timedelta(day))
    assert len(pack._days) <= 512
