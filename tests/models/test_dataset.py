import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.augment import augment
from models.dataset import DATA, LABELS, Item, load, parse
from models.train import split
from screener.records import LANGUAGES, STATEMENTS, Label

ITEMS = load()


def test_marks_become_spans_of_the_plain_text():
    text, marks = parse("ok ⟦no_defect,received⟧all fine⟦/⟧, but ⟦change_of_mind⟧too big⟦/⟧")
    assert text == "ok all fine, but too big"
    assert [(m.label, text[m.start : m.end]) for m in marks] == [
        ("no_defect", "all fine"), ("received", "all fine"), ("change_of_mind", "too big"),
    ]  # fmt: skip


@pytest.mark.parametrize("bad", ["⟦used⟧x", "x⟦/⟧", "⟦used⟧a⟦used⟧b⟦/⟧", "⟦nonsense⟧x⟦/⟧", "a⟦b", "a⟧"])
def test_wrong_marks_are_refused(bad):
    with pytest.raises(ValueError, match=r".+"):
        parse(bad)


def test_a_broken_line_is_named(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.jsonl").write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.jsonl:1: "):
        load(tmp_path)


def test_all_sixteen_languages_have_messages_of_several_writers():
    writers = Counter(language for language, _ in {(item.language, item.writer) for item in ITEMS})
    assert {language.partition("-")[0] for language in writers} == set(LANGUAGES)
    assert len(writers) == 16
    assert min(writers.values()) >= 4


def test_ids_are_unique_and_name_their_file():
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert all(item.id.startswith(f"{item.language}-{item.writer}-") for item in ITEMS)


def test_labels_fit_their_speakers():
    sellers_only = {"liability", "ambiguous", "absolute_claim", "regulated_claim"}
    for item in ITEMS:
        for label in item.labels:
            if label in sellers_only:
                assert item.speaker == "seller", item.id
            elif Label(label) in STATEMENTS:
                assert item.speaker == "buyer", item.id


def test_marks_are_not_empty_and_inside():
    for item in ITEMS:
        for mark in item.marks:
            assert item.text[mark.start : mark.end].strip(), item.id


def test_no_message_is_both_learnt_and_measured():
    train = {(item.text, item.context) for item in split(ITEMS, "train")}
    for part in ("dev", "test"):
        items = split(ITEMS, part)
        assert len({item.language for item in items}) == 16
        assert not train & {(item.text, item.context) for item in items}


def test_every_label_is_measured():
    for part in ("dev", "test"):
        seen = Counter(label for item in split(ITEMS, part) for label in item.labels)
        assert set(seen) == set(LABELS)


@given(st.integers(0, 2**32))
def test_augmented_marks_still_cover_their_words(seed):
    item = Item(
        "x", "en", "a", "buyer", "standing", "", "Got it, nothing wrong with the lamp, add me on Telegram!", (),
        parse("Got it, ⟦no_defect⟧nothing wrong with the lamp⟦/⟧, ⟦off_platform_contact⟧add me on Telegram⟦/⟧!")[1],
    )  # fmt: skip
    spoilt = augment(item, random.Random(seed))
    words = {"no_defect": "nothingwrongwiththelamp", "off_platform_contact": "addmeontelegram"}
    said = [mark.label for mark in spoilt.marks]
    assert said in (["no_defect", "off_platform_contact"], ["no_defect"], ["off_platform_contact"])
    for mark in spoilt.marks:
        letters = "".join(filter(str.isalpha, spoilt.text[mark.start : mark.end])).lower()
        assert set(letters) <= set(words[mark.label])
    if len(said) == 2:
        assert spoilt.marks[0].end <= spoilt.marks[1].start


def test_the_folder_holds_nothing_else():
    assert all(path.suffix in {".jsonl", ".md"} for path in DATA.rglob("*") if path.is_file())
