"""Agreement of two annotators."""

import pytest

from models.agreement import kappa, second


def test_kappa_of_known_tables():
    same = [(True, True)] * 3 + [(False, False)] * 5
    assert kappa(same) == 1
    # 20 both, 15 neither, 10 and 5 on one side only: the textbook's 0.4.
    table = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(table) == pytest.approx(0.4)
    assert kappa([(False, False)] * 4) == 1


def test_an_unknown_label_is_told_with_its_line(tmp_path):
    (tmp_path / "en.jsonl").write_text('{"id": "en-d-0001", "labels": ["no_fault"]}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"en\.jsonl:1: unknown label 'no_fault'"):
        second(tmp_path)
