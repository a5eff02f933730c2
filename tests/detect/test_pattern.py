import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.detect.lexicon.pattern import Item, PatternError, Ref, parse_pattern, parse_reference


def test_words_form_one_phrase():
    assert parse_pattern("add me on {messenger}") == ((Item(Ref(phrases=("add me on",))), Item(Ref(set="messenger"))),)


def test_gap_and_alternatives():
    (variant,) = parse_pattern("(pay|send) ..3 <amount>")
    assert variant == (Item(Ref(phrases=("pay", "send"))), Item(Ref(slot="amount"), 3))


def test_sets_and_slots_inside_alternatives_are_expanded():
    variants = parse_pattern("send (it|{goods}|<amount>|them)")
    assert [v[1].ref for v in variants] == [Ref(phrases=("it", "them")), Ref(set="goods"), Ref(slot="amount")]


def test_optional_item_gives_both_variants_and_keeps_the_gap():
    with_it, without = parse_pattern("{give} ..2 (me|us)? {money}")
    assert [i.gap for i in with_it] == [0, 2, 0]
    assert [i.gap for i in without] == [0, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..2 a",
        "a ..2",
        "(a|)",
        "<nothing>",
        "{a}? {b}?",
        "a ) b",
        "(a|b",
        "{A}",
        "a? {b}? {c}? {d}? {e}? {f}?",
    ],
)
def test_unreadable_patterns_are_refused(text):
    with pytest.raises(PatternError):
        parse_pattern(text)


def test_reference_kinds():
    assert parse_reference("{courier}") == Ref(set="courier")
    assert parse_reference("<phone>") == Ref(slot="phone")
    assert parse_reference("the courier") == Ref(phrases=("the courier",))


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_text_is_parsed_or_refused(text):
    try:
        variants = parse_pattern(text)
    except PatternError:
        return
    assert variants
    assert all(items and items[0].gap == 0 for items in variants)
