"""A long conversation gives the same findings however many processes share it."""

import pickle

from screener.evidence.assemble import build_case
from screener.evidence.screening import LONG, screen
from screener.pipeline import Screener
from screener.records import Channel, Conversation, Message, Speaker

TEXTS = ["kak kirim ulasan bintang 5 nanti saya kasih cashback", "barangnya bagus gak ada yang rusak", "oke", ""]


def conversation(count):
    messages = tuple(
        Message(
            id=f"m{n}",
            text=TEXTS[n % len(TEXTS)],
            speaker=Speaker.SELLER if n % len(TEXTS) == 0 else Speaker.BUYER,
            channel=Channel.IN_APP,
        )
        for n in range(count)
    )
    return Conversation("c", messages, Channel.IN_APP)


def test_several_processes_find_the_same():
    screener = Screener("ID", classifier=False)
    talk = conversation(LONG + 3)
    alone, shared = (screen(talk, screener, workers=workers) for workers in (1, 2))
    assert alone == shared
    assert sum(one.effect != "allow" for one in alone[0].checked) >= LONG // 2


def test_a_case_of_thousands_of_statements_is_followed():
    case = build_case(conversation(LONG), Screener("ID", classifier=False), workers=1)
    stated = [one for one in case.statements if one.finding.label == "no_defect"]
    assert len(stated) == LONG // len(TEXTS)


def test_a_screener_is_pickled_as_its_settings():
    screener = Screener("EU", "amazon", locale="zh", classifier=False)
    copy = pickle.loads(pickle.dumps(screener))
    assert (copy.region, copy.marketplace, copy.as_of, copy.locale) == ("EU", "amazon", screener.as_of, "zh")
    assert copy.versions() == screener.versions()
