import numpy as np

from screener.detect.acts.gate import PAIRS, Gate, features


def gate(limit: float) -> Gate:
    pieces = np.zeros(100, dtype=np.float32)
    pieces[7] = 5.0
    return Gate(pieces, np.zeros(PAIRS, dtype=np.float32), np.zeros(4, dtype=np.float32), limit)


def test_it_clears_below_its_limit_only():
    assert gate(1.0).clears([3, 4, 5, 6], "buyer", context=False)
    assert not gate(1.0).clears([3, 7, 5, 6], "buyer", context=False)


def test_short_answers_with_context_are_never_cleared():
    assert not gate(1.0).clears([3], "buyer", context=True)
    assert gate(1.0).clears([3], "buyer", context=False)


def test_nothing_is_innocent():
    assert gate(-9.0).clears([], "buyer", context=False)


def test_pairs_stay_in_their_table():
    pairs = features(np.array([63_999, 63_999, 0, 5]))
    assert len(pairs) == 3
    assert ((pairs >= 0) & (pairs < PAIRS)).all()
