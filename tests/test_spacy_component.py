"""The component in a real spaCy pipeline."""

import pytest

spacy = pytest.importorskip("spacy")

import screener.spacy_component  # noqa: E402, F401


@pytest.mark.parametrize(
    ("language", "text", "quote"),
    [
        ("en", "please add me on whatsapp +62 812 3456 7890 ok", "whatsapp"),
        ("zh", "亲加我微信聊", "微信"),
        ("th", "แอดไลน์มาเลยค่ะ", "ไลน์"),
    ],
)
def test_findings_are_spans(language, text, quote):
    nlp = spacy.blank("xx")
    nlp.add_pipe("screener", config={"region": "ID"})
    doc = nlp(text)
    spans = doc.spans["screener"]
    assert [span.label_ for span in spans] == [f.label.value for f in doc._.screener]
    assert any(quote in span.text for span in spans)
    assert language in {f.language for f in doc._.screener} | {"en"}


def test_speaker_comes_from_the_document():
    nlp = spacy.blank("en")
    nlp.add_pipe("screener")
    doc = nlp.make_doc("this is the best quality in the whole world, number one worldwide")
    doc.user_data["speaker"] = "buyer"
    assert not [s for s in nlp(doc).spans["screener"] if s.label_ == "absolute_claim"]
