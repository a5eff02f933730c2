import numpy as np
import pytest

from screener.detect.acts.artefact import Decision, Manifest
from screener.detect.acts.classifier import Reading
from screener.detect.acts.combine import combine, explanations, manner_of, may_say, probabilities_of, probability
from screener.records import Finding, Label, Span

LABELS = ["no_defect", "off_platform_contact"]
DECISION = Decision(slope=1.0, rule=2.0, bias=0.0, sure=0.8, unsure=0.4)
MANIFEST = Manifest(1, "test", LABELS, {}, dict.fromkeys(LABELS, DECISION), {})


def reading(*logits: float) -> Reading:
    from screener.detect.acts.classifier import _Part

    array = np.array(logits, dtype=np.float32)
    return Reading(array, (_Part(((0, 4), (4, 9)), array, np.array([[3, -3], [-3, 3]], dtype=np.float32)),))


def by_rule(label: str) -> Finding:
    return Finding("xx.rule", Label(label), Span(0, 3, 0, 3), "en", "why")


def made(act) -> Finding:
    return Finding(
        f"acts.{act.label}", act.label, Span(act.start, act.end, act.start, act.end), "en", "",
        probability=act.probability, unsure=act.unsure, trace=(act.trace,),
    )  # fmt: skip


def run(findings, *logits):
    read = reading(*logits)
    probabilities = probabilities_of(read, {f.label.value for f in findings}, "buyer", MANIFEST)
    return combine("fine thing", findings, read, probabilities, MANIFEST, made)


def test_the_classifier_alone_finds_with_its_own_span():
    (found,) = run([], 3.0, -9.0)
    assert (found.label, found.unsure, found.span.start, found.span.end) == ("no_defect", False, 0, 4)
    assert found.probability == pytest.approx(0.9526, abs=1e-3)


def test_between_the_limits_it_is_unsure():
    (found,) = run([], 0.5, -9.0)
    assert found.unsure


def test_below_the_lower_limit_there_is_nothing():
    assert run([], -1.0, -9.0) == []


def test_a_rule_supports_and_keeps_its_span_and_words():
    (found,) = run([by_rule("off_platform_contact")], -9.0, 0.0)
    assert not found.unsure
    assert (found.rule_id, found.span.end) == ("xx.rule", 3)
    assert [step.stage for step in found.trace] == ["classifier"]


def test_a_rule_is_vetoed_by_an_encoder_that_is_sure():
    assert run([by_rule("off_platform_contact")], -9.0, -6.0) == []


def test_a_rule_of_a_label_unknown_to_the_artefact_stands():
    finding = by_rule("culture")
    assert run([finding], -9.0, -9.0) == [finding]


def test_probability_never_overflows():
    assert probability(DECISION, 1e9, rule=True) == pytest.approx(1.0)
    assert probability(DECISION, -1e9, rule=False) == pytest.approx(0.0, abs=1e-9)


def test_every_label_is_explained_in_both_languages():
    entries = explanations()
    assert set(entries) == {label.value for label in Label}
    assert all(set(texts) == {"en", "zh"} and all(texts.values()) for texts in entries.values())


def test_only_those_who_can_say_it_say_it():
    assert may_say("no_defect", "buyer")
    assert not may_say("no_defect", "seller")
    assert may_say("liability", "seller")
    assert not may_say("absolute_claim", "buyer")
    assert may_say("threat", "buyer")
    assert all(may_say(label.value, "unknown") for label in Label)
    said = probabilities_of(reading(9.0, 9.0), set(), "seller", MANIFEST)
    assert said["no_defect"] == 0
    assert said["off_platform_contact"] > 0.9


@pytest.mark.parametrize(
    ("logits", "speaker", "expected"),
    [
        ((-9, -9, 3, 1), "buyer", "question"),
        ((-9, -9, 3, 4), "buyer", "sarcasm"),
        ((-9, -9, 3, 4), "seller", None),  # only buyers make statements
        ((-9, -9, 1, 1), "buyer", None),  # none of them sure
    ],
)
def test_the_manner_of_what_is_not_asserted(logits, speaker, expected):
    names = ["question", "sarcasm"]
    manifest = Manifest(1, "test", LABELS, {}, dict.fromkeys([*LABELS, *names], DECISION), {}, names)
    assert manner_of(reading(*logits), speaker, manifest) == expected
