"""Everyday talk carries nothing, and the rules find nothing in it."""

from models.observe import COUNTRIES
from models.simple import everyday
from screener.detect.detector import Detector
from screener.records import LANGUAGES, Speaker

ITEMS = [source.item for source in everyday()]


def test_every_language_has_everyday_talk_of_both_sides():
    sides = {(item.language.partition("-")[0], item.speaker) for item in ITEMS}
    assert sides == {(language, speaker) for language in LANGUAGES for speaker in ("buyer", "seller")}
    assert all(item.text.strip() and not item.marks for item in ITEMS)
    assert len({(item.language, item.text) for item in ITEMS}) == len(ITEMS)


def test_rules_raise_no_risk():
    rules = Detector(classifier=False)
    raised = [
        (item.text, finding.rule_id)
        for item in ITEMS
        for finding in rules.find(
            item.text,
            speaker=Speaker(item.speaker),
            region=COUNTRIES.get(item.language),
            hints=(item.language.partition("-")[0],),
        )
        if not finding.is_statement
    ]
    assert not raised
