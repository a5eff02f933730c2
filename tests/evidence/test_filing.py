"""Filing help: reasons, papers, deadlines and the note, on statements that are given."""

import datetime as dt
import json
import subprocess
import sys

import pytest

from screener.evidence.filing import Amount, deadline_of, file_help, filing_dict
from screener.evidence.statements import State, Statement, Taint, TaintKind
from screener.policy.packs import get_pack
from screener.policy.schema import DeadlineForm, Text
from screener.records import (
    Admissibility,
    AdmissibilityRuling,
    Channel,
    Confidence,
    Finding,
    Label,
    Message,
    Source,
    Span,
    Speaker,
)

TODAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 25, 20, tzinfo=dt.UTC)


def statement(label, text="it works fine", number="1", counts=Admissibility.COUNTS, state=State.STANDING, taints=()):
    message = Message(number, text, Speaker.BUYER, Channel.IN_APP, NOON)
    finding = Finding("x", label, Span(0, len(text), 0, len(text)), "en", "")
    ruling = AdmissibilityRuling(counts, "r", "p", Confidence.REPORTED, Source(""), "")
    return Statement(message, finding, state, None, tuple(Taint(t, number) for t in taints), ruling)


def us(statements, **given):
    return file_help(statements, get_pack("tiktok_shop", "US"), **{"as_of": TODAY, **given})


def test_supported_reasons_come_first_with_their_papers():
    filing = us([statement(Label.NO_DEFECT)])
    first = filing.reasons[0]
    assert first.held.id == "tiktok_shop.global.reason.functions_well"
    assert [s.message.id for s in first.statements] == ["1"]
    names = {paper.held.id.rsplit(".", 1)[1]: paper.second for paper in first.papers}
    assert names["function_video"] is False
    assert names["inspection"] is True
    assert not filing.reasons[-1].statements


def test_reasons_that_ended_are_offered_only_before():
    change = [statement(Label.CHANGE_OF_MIND)]
    code = "reverse_reject_request_reason_2"
    assert code not in {reason.held.form.code for reason in us(change).reasons}
    assert code in {reason.held.form.code for reason in us(change, as_of=dt.date(2024, 10, 3)).reasons}


@pytest.mark.parametrize(
    ("region", "there", "not_there"),
    [
        ("UK", "reverse_reject_request_reason_1_uk", "reverse_reject_request_reason_1"),
        ("TH", "reverse_reject_request_reason_1", "reverse_reject_request_reason_2"),
        ("MX", "reverse_reject_request_reason_5", "reverse_reject_request_reason_3"),
        ("JP", "seller_reject_apply_reason_delivered_jp", "reverse_reject_request_reason_4"),
        ("DE", "reverse_reject_request_reason_2_uk", "seller_reject_apply_item_is_correct"),
    ],
)
def test_codes_are_those_of_the_market(region, there, not_there):
    filing = file_help([], get_pack("tiktok_shop", region), as_of=TODAY)
    codes = {reason.held.form.code for reason in filing.reasons}
    assert there in codes
    assert not_there not in codes


def test_gulf_markets_have_the_culture_reason_marked_unverified():
    filing = file_help([], get_pack("tiktok_shop", "SA"), as_of=TODAY)
    culture = next(r for r in filing.reasons if r.held.id == "tiktok_shop.gcc.reason.culture")
    assert culture.held.confidence is Confidence.UNVERIFIED
    assert culture.held.form.code == ""


def test_statements_that_do_not_count_support_nothing_and_those_against_are_shown():
    fallen = statement(Label.NO_DEFECT, state=State.RETRACTED)
    useless = statement(Label.NO_DEFECT, number="2", counts=Admissibility.DOES_NOT_COUNT)
    tainted = statement(Label.NO_DEFECT, number="3", taints=[TaintKind.COACHED])
    defect = statement(Label.DEFECT, "the zip broke", "4")
    filing = us([fallen, useless, tainted, defect])
    assert {s.message.id for reason in filing.reasons for s in reason.statements} == {"3"}
    assert [s.message.id for s in filing.against] == ["4"]


def test_working_days_leave_out_weekend_and_thanksgiving():
    filing = us([], asked_at=NOON, amount=Amount(120, "USD"))
    review = next(d for d in filing.deadlines if d.held.form.task == "review")
    # Wednesday the 25th; Thursday is Thanksgiving: Friday, Monday, Tuesday, Wednesday.
    assert review.due == dt.datetime(2026, 12, 2, 20, tzinfo=dt.UTC)
    small = us([], asked_at=NOON, amount=Amount(100, "USD"))
    assert [d.due for d in small.deadlines if d.held.form.task == "review"] == [
        dt.datetime(2026, 11, 30, 20, tzinfo=dt.UTC)
    ]
    unknown = us([])
    assert len([d for d in unknown.deadlines if d.held.form.task == "review"]) == 2
    assert all(d.due is None for d in unknown.deadlines)


def test_days_keep_the_local_clock_over_a_change_of_summer_time():
    form = DeadlineForm(
        id="a.b.c", task="appeal", count=7, unit="days", country="US", zone="America/New_York", starts=Text("x", "x")
    )
    start = dt.datetime(2026, 10, 30, 16, tzinfo=dt.UTC)
    assert deadline_of(form, start) == dt.datetime(2026, 11, 6, 17, tzinfo=dt.UTC)


def test_unknown_deadlines_stay_unknown():
    assert file_help([], get_pack("tiktok_shop", "BR"), as_of=TODAY).deadlines == ()


def test_the_note_quotes_and_keeps_its_limit():
    filing = us([statement(Label.NO_DEFECT), statement(Label.USED, "wore it twice", "2")])
    assert filing.note.text == 'Buyer, 2026-11-25: "it works fine" Buyer, 2026-11-25: "wore it twice"'
    long = us([statement(Label.NO_DEFECT, "works " * 100), statement(Label.USED, "wore it", "2")])
    assert len(long.note.text) <= 200
    assert "…" in long.note.text
    assert long.note.left_out == 1
    thai = file_help([statement(Label.NO_DEFECT, "ใช้งานได้ปกติ")], get_pack("tiktok_shop", "TH"), as_of=TODAY)
    assert thai.note.text == 'ลูกค้า 2026-11-25: "ใช้งานได้ปกติ"'
    assert us([]).note.text == ""


def test_plain_data_is_json_in_both_languages():
    filing = us([statement(Label.NO_DEFECT)], asked_at=NOON)
    for locale in ("en", "zh"):
        data = json.loads(json.dumps(filing_dict(filing, locale)))
        assert all(reason["source"]["title"] for reason in data["reasons"])
    assert filing_dict(filing, "zh")["reasons"][0]["name"] == "商品功能正常/买家使用方式不当"


def test_command():
    command = [sys.executable, "-c", "from screener.cli.main import main; main()", "filing", "samples/tiktok-us.json"]
    done = subprocess.run(
        [*command, "--region", "US", "--asked-at", "2026-11-25T15:00:00-05:00"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Product functions well" in done.stdout
    assert "2026-11-30T20:00:00Z" in done.stdout
    wrong = subprocess.run([*command, "--asked-at", "2026-11-25T15:00:00"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert "offset from UTC" in wrong.stderr
