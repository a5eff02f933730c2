import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from screener.detect.acts.decode import best_run, sigmoid, span_of

scores = st.lists(st.floats(-10, 10, width=32), min_size=1, max_size=14)


@given(scores)
def test_best_run_is_the_best_of_all_runs(values):
    array = np.array(values, dtype=np.float32)
    start, end = best_run(array)
    runs = [float(array[a:b].sum()) for a in range(len(array)) for b in range(a + 1, len(array) + 1)]
    assert 0 <= start < end <= len(array)
    assert float(array[start:end].sum()) >= max(runs) - 1e-3


def test_span_of_takes_whole_words_and_leaves_out_punctuation():
    text = "well, it works fine."
    offsets = [(0, 4), (4, 5), (5, 8), (8, 14), (14, 17), (17, 19), (19, 20)]
    high = np.array([-5, -5, 2, 2, 2, -5, 1], dtype=np.float32)  # "it works fi" and a full stop far off
    assert span_of(text, offsets, high) == (6, 19)


def test_span_of_joins_nothing_in_scripts_without_blanks():
    text = "东西没问题就是不想要"
    offsets = [(i, i + 1) for i in range(len(text))]
    high = np.array([2, 2, 2, 2, 2, -4, -4, -4, -4, -4], dtype=np.float32)
    assert span_of(text, offsets, high) == (0, 5)


@given(st.text(min_size=1, max_size=30), st.data())
def test_span_of_stays_inside_the_text(text, data):
    offsets = [(i, i + 1) for i in range(len(text))]
    values = data.draw(st.lists(st.floats(-5, 5, width=32), min_size=len(text), max_size=len(text)))
    start, end = span_of(text, offsets, np.array(values, dtype=np.float32))
    assert 0 <= start < end <= len(text)


def test_a_text_without_pieces_is_its_own_span():
    assert span_of("  ", [], np.zeros((0,), dtype=np.float32)) == (0, 2)


def test_sigmoid_does_not_overflow():
    assert sigmoid(np.array([-1e4, 0, 1e4], dtype=np.float32)).tolist() == [0.0, 0.5, 1.0]
