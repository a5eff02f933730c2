"""The rules of docs/evidence.md, on conversations whose findings are given."""

import pytest

from screener.evidence.cues import failing_examples
from screener.evidence.orders import orders_of
from screener.evidence.statements import follow, unasserted
from screener.pipeline import Checked, Judged, Screened
from screener.records import (
    Admissibility,
    AdmissibilityRuling,
    Confidence,
    Conversation,
    Effect,
    Finding,
    Label,
    Manner,
    Message,
    Source,
    Span,
    Speaker,
    Verdict,
)

COUNTS = AdmissibilityRuling(Admissibility.COUNTS, "r", "p", Confidence.OFFICIAL, Source(""), "")
NOTE = Verdict(Effect.NOTE, "r", "p", Confidence.OFFICIAL, Source(""), "")


def talk(*turns, **of_all):
    """(speaker, text, labels, extra fields of the message) a turn; ids are 0, 1, 2 …"""
    checked = []
    for number, (speaker, text, labels, *rest) in enumerate(turns):
        extra = {**of_all, **(rest[0] if rest else {})}
        message = Message(id=str(number), text=text, speaker=Speaker(speaker), **extra)
        judged = tuple(
            Judged(Finding(f"x.{name}", Label(name), Span(0, len(text), 0, len(text)), "en", ""), NOTE, COUNTS)
            for name in labels.split()
        )
        checked.append(Checked(Effect.NOTE, judged, message))
    messages = tuple(one.message for one in checked)
    return follow(Screened(Conversation("c", messages), tuple(checked)), ("en",))


def states(statements):
    return [(s.message.id, s.finding.label.value, s.state.value) for s in statements]


def taints(statement):
    return {taint.kind.value: taint.message_id for taint in statement.taints}


def test_what_nobody_takes_back_stands_and_counts():
    (only,) = talk(("buyer", "nothing wrong with it", "no_defect"), ("seller", "ok", ""))
    assert (only.state, only.worth, only.taints) == ("standing", "counts", ())


def test_a_retraction_ends_what_it_speaks_against():
    first, second, third = talk(
        ("buyer", "it works fine, got it yesterday", "no_defect received"),
        ("buyer", "sorry, checked again, it is dead", "retraction defect"),
    )
    assert states([first, second, third]) == [
        ("0", "no_defect", "retracted"), ("0", "received", "standing"), ("1", "defect", "standing"),
    ]  # fmt: skip
    assert first.fell_by == "1"
    assert first.worth is Admissibility.DOES_NOT_COUNT


def test_a_bare_retraction_ends_the_last_statements_only():
    found = talk(
        ("buyer", "received it", "received"),
        ("buyer", "wrong size, my fault", "change_of_mind"),
        ("buyer", "forget what I said", "retraction"),
    )
    assert states(found) == [("0", "received", "standing"), ("1", "change_of_mind", "retracted")]


def test_the_opposite_without_a_word_of_regret_contradicts():
    found = talk(("buyer", "all good", "no_defect"), ("buyer", "it stopped charging", "defect"))
    assert states(found) == [("0", "no_defect", "contradicted"), ("1", "defect", "standing")]


def test_the_shop_cannot_take_back_the_buyers_words():
    found = talk(("buyer", "all good", "no_defect"), ("seller", "no, it is broken", "defect"))
    assert states(found)[0] == ("0", "no_defect", "standing")


def test_a_repair_overtakes_a_complaint():
    found = talk(
        ("buyer", "the pump is broken", "defect"),
        ("seller", "we have shipped a new one", ""),
        ("buyer", "the replacement you sent works great", "no_defect"),
    )
    assert states(found) == [("0", "defect", "superseded"), ("2", "no_defect", "standing")]


def test_arrival_overtakes_absence():
    found = talk(("buyer", "nothing came", "not_received"), ("buyer", "it came today", "received"))
    assert states(found)[0] == ("0", "not_received", "superseded")


def test_orders_are_kept_apart():
    found = talk(
        ("buyer", "the lamp is fine", "no_defect", {"order_id": "A-111111"}),
        ("buyer", "the kettle is broken", "defect", {"order_id": "B-222222"}),
    )
    assert states(found) == [("0", "no_defect", "standing"), ("1", "defect", "standing")]


def test_a_recalled_message_is_taken_back():
    (only,) = talk(("buyer", "all good", "no_defect", {"deleted": True}))
    assert only.state == "retracted"


def test_coaching_and_money_taint_and_weaken():
    statements = talk(
        ("seller", "please just say that it is fine and I'll refund you $10", ""),
        ("buyer", "ok, it is fine", "no_defect"),
    )
    assert taints(statements[-1]) == {"coached": "0", "incentive": "0"}
    assert statements[-1].worth is Admissibility.NEEDS_SUPPORT


def test_what_was_said_unasked_before_is_not_tainted():
    first, second = talk(
        ("buyer", "works fine, wrong colour", "no_defect"),
        ("seller", "please just confirm that it is fine", ""),
        ("buyer", "it works, as I said", "no_defect"),
    )
    assert taints(first) == {}
    assert taints(second) == {}


def test_a_bare_yes_to_a_leading_question():
    (only,) = talk(("seller", "so everything works fine, right?", ""), ("buyer", "yes", "no_defect"))
    assert taints(only) == {"leading_yes": "0"}
    assert only.worth is Admissibility.COUNTS


def test_a_bare_no_to_an_open_question_is_no_leading_yes():
    (only,) = talk(("seller", "is anything broken?", ""), ("buyer", "no", "no_defect"))
    assert taints(only) == {}


@pytest.mark.parametrize(
    ("turns", "cause"),
    [
        ([("buyer", "haven't opened it yet but it is perfect", "no_defect")], "0"),
        ([("buyer", "it is fine", "no_defect"), ("platform", "Your parcel has been delivered.", "")], "1"),
        ([("buyer", "still nothing", "not_received"), ("buyer", "it is fine", "no_defect")], "0"),
    ],
)
def test_said_before_delivery(turns, cause):
    statement = next(s for s in talk(*turns) if s.finding.label is Label.NO_DEFECT)
    assert taints(statement) == {"before_delivery": cause}


def test_said_after_delivery():
    statements = talk(("platform", "Your parcel has been delivered.", ""), ("buyer", "it is fine", "no_defect"))
    assert taints(statements[-1]) == {}


@pytest.mark.parametrize(
    ("text", "extra", "kind"),
    [
        ("my husband says it works well", {}, "relayed"),
        ("it works well", {"automated": True}, "relayed"),
        ("it works well", {"edited": True}, "edited"),
        ("I think it works", {}, "unsure"),
    ],
)
def test_taints_of_the_message_itself(text, extra, kind):
    (only,) = talk(("buyer", text, "no_defect", extra))
    assert taints(only) == {kind: "0"}


def test_liability_of_the_shop_is_listed():
    (only,) = talk(("seller", "our fault, we refund", "liability"))
    assert (only.finding.label, only.state) == ("liability", "standing")


def test_orders_named_by_their_last_digits():
    def message(text, order=None):
        return Message(id="x", text=text, order_id=order)

    given = [
        message("hi"),
        message("a", "5551111"),
        message("b", "5552222"),
        message("about 1111 again"),
        message("ok"),
    ]
    assert orders_of(given) == [None, "5551111", "5552222", "5551111", "5551111"]


def test_all_cues_hold_on_their_examples():
    assert list(failing_examples()) == []


def test_what_was_never_asserted_is_listed_with_its_reason():
    span = Span(0, 4, 0, 4)
    doubtful = Finding("x", Label.NO_DEFECT, span, "en", "", probability=0.5, unsure=True)
    sure = Finding("x", Label.RECEIVED, span, "en", "", probability=0.9)
    judged = tuple(Judged(finding, NOTE, COUNTS) for finding in (doubtful, sure))

    def said(number, speaker, manner=None, judged=()):
        return Checked(Effect.NOTE, judged, Message(id=str(number), text="is it ok", speaker=Speaker(speaker)), manner)

    checked = (said(0, "buyer", Manner.QUESTION), said(1, "seller", Manner.GUESS), said(2, "buyer", None, judged))
    screened = Screened(Conversation("c", tuple(one.message for one in checked)), checked)
    listed = [(one.message.id, one.manner, one.finding and one.finding.label) for one in unasserted(screened)]
    assert listed == [("0", "question", None), ("2", None, "no_defect")]
    assert [(s.message.id, s.finding.label) for s in follow(screened)] == [("2", "received")]
