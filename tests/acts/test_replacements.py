"""What Screener proposes must itself pass: rules and classifier together raise nothing that warns."""

from screener.detect.lexicon.store import read_folder
from screener.pipeline import Screener
from screener.records import Effect
from screener.resources import resource_dir


def test_no_replacement_raises_a_warning():
    screener = Screener("US")
    proposed = {text for rule in read_folder(resource_dir("lexicons")).rules for text in rule.entry.replacements}
    assert len(proposed) > 300
    raised = {text for text in proposed if screener.check(text).effect.rank >= Effect.WARN.rank}
    assert not raised
