# ruff: noqa: DTZ001, E501
"""One invented conversation, and every way in which an exporting phone would write it down."""

import datetime as dt

SHOP, BUYER = "Toko Melati Resmi", "Dewi Anjani"


def _at(day, month, hour, minute, second=7):
    return dt.datetime(2022, month, day, hour, minute, second)


SCRIPT = [
    (BUYER, "Halo kak, ready?", _at(27, 3, 0, 5)),
    (SHOP, "Ready: warna merah, ukuran 38", _at(27, 3, 9, 41)),
    (BUYER, "ok", _at(27, 3, 11, 59)),
    (BUYER, "ok", _at(27, 3, 11, 59)),
    (SHOP, "baris satu\nbaris dua\n\nbaris empat: 3/4, 21:41 - benar", _at(28, 3, 12, 30)),
    (BUYER, "https://example.com/a:b 😀 漢字 ภาษาไทย", _at(2, 4, 13, 0)),
    (SHOP, "\u0645\u0631\u062d\u0628\u0627: \u0634\u0643\u0631\u0627", _at(3, 4, 23, 59)),
    (BUYER, "[27/03/22 ok", _at(13, 4, 16, 8)),
]

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
RLM, LRM, NNBSP, NBSP = "\u200f", "\u200e", "\u202f", "\u00a0"


def h12(t, words, *, before=False, gap=" ", seconds=False, sep=":", zero=False):
    am, pm = words
    hour = t.hour % 12 or (0 if zero else 12)
    clock = f"{hour}{sep}{t.minute:02}" + (f"{sep}{t.second:02}" if seconds else "")
    word = am if t.hour < 12 else pm
    return f"{word}{gap}{clock}" if before else f"{clock}{gap}{word}"


def h24(t, *, seconds=False, sep=":"):
    return f"{t.hour:02}{sep}{t.minute:02}" + (f"{sep}{t.second:02}" if seconds else "")


def cn(t, *, seconds=False):
    """Chinese day periods (CLDR): 凌晨 0-5, 早上 5-8, 上午 8-12, 中午 12-13, 下午 13-19, 晚上 19-24."""
    word = next(
        w
        for end, w in ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (19, "下午"), (24, "晚上"))
        if t.hour < end
    )
    return f"{word}{t.hour % 12 or 12}:{t.minute:02}" + (f":{t.second:02}" if seconds else "")


def android(date, time, between=", "):
    return lambda t: f"{date(t)}{between}{time(t)} - "


def ios(date, time, between=", "):
    return lambda t: f"[{date(t)}{between}{time(t)}] "


def dmy(sep="/", year=4, pad=True):
    return lambda t: sep.join(
        [f"{t.day:02}" if pad else str(t.day), f"{t.month:02}" if pad else str(t.month), str(t.year)[-year:]]
    )


def mdy(sep="/", year=2):
    return lambda t: sep.join([str(t.month), str(t.day), str(t.year)[-year:]])


def ymd(sep="/", pad=False):
    return lambda t: sep.join(
        [str(t.year), f"{t.month:02}" if pad else str(t.month), f"{t.day:02}" if pad else str(t.day)]
    )


def _arabic(text):
    return text.translate(ARABIC)


AM = {
    "en": ("AM", "PM"), "en_low": ("am", "pm"), "es": (f"a.{NBSP}m.", f"p.{NBSP}m."), "es_nn": (f"a.{NNBSP}m.", f"p.{NNBSP}m."),
    "zh": ("上午", "下午"), "ja": ("午前", "午後"), "ko": ("오전", "오후"), "ar": ("ص", "م"), "vi": ("SA", "CH"), "ms": ("PG", "PTG"),
}  # fmt: skip

SHAPES = {
    "android en-GB": android(dmy(), h24),
    "android en-US": android(mdy(), lambda t: h12(t, AM["en"])),
    "android en-US nnbsp": android(mdy(), lambda t: h12(t, AM["en"], gap=NNBSP)),
    "android en-IN": android(dmy(year=2), lambda t: h12(t, AM["en_low"])),
    "android de": android(dmy(".", year=2), h24),
    "android de 4": android(dmy("."), h24),
    "android fr": android(dmy(), h24, " à "),
    "android nl": android(dmy("-"), h24, " "),
    "android it": android(dmy(year=2), h24),
    "android es": android(dmy(year=2, pad=False), lambda t: h12(t, AM["es"])),
    "android es space": android(dmy(pad=False), lambda t: h12(t, AM["es_nn"]), " "),
    "android id": android(dmy(year=2), lambda t: h24(t, sep="."), " "),
    "android id comma": android(dmy(), lambda t: h24(t, sep=".")),
    "android ms": android(dmy(pad=False), lambda t: h12(t, AM["ms"])),
    "android vi": lambda t: f"{h24(t)}, {dmy()(t)} - ",
    "android vi 12": lambda t: h12(t, AM["vi"]) + f", {dmy()(t)} - ",
    "android th": android(dmy(pad=False), lambda t: h24(t) + " น.", " "),
    "android th 2565": android(lambda t: f"{t.day}/{t.month}/{t.year + 543}", h24, " "),
    "android th 65": android(lambda t: f"{t.day}/{t.month}/{t.year - 1957}", h24, " "),
    "android zh-CN": android(ymd(), cn, " "),
    "android zh-TW": android(ymd(), lambda t: h12(t, AM["zh"], before=True, gap=""), " "),
    "android zh 年": android(lambda t: f"{t.year}年{t.month}月{t.day}日", h24, " "),
    "android ja": android(ymd(pad=True), h24, " "),
    "android ja 12": android(ymd(pad=True), lambda t: h12(t, AM["ja"], before=True, gap="", zero=True), " "),
    "android ko": android(lambda t: f"{t.year}. {t.month}. {t.day}.", lambda t: h12(t, AM["ko"], before=True), " "),
    "android ar": android(lambda t: f"{t.day}{RLM}/{t.month}{RLM}/{t.year}", lambda t: h12(t, AM["ar"]), "، "),
    "android ar digits": lambda t: _arabic(f"{t.day}{RLM}/{t.month}{RLM}/{t.year}، " + h12(t, AM["ar"])) + " - ",
    "android pt": android(dmy(), h24, " "),
    "android iso": android(ymd("-", pad=True), h24),
    "ios en-US": ios(mdy(), lambda t: h12(t, AM["en"], seconds=True)),
    "ios en-US nnbsp": ios(mdy(), lambda t: h12(t, AM["en"], seconds=True, gap=NNBSP)),
    "ios en-GB": ios(dmy(), lambda t: h24(t, seconds=True)),
    "ios en minute": ios(dmy(year=2), h24, " "),
    "ios de": ios(dmy(".", year=2), lambda t: h24(t, seconds=True)),
    "ios fr": ios(dmy(), lambda t: h24(t, seconds=True), " "),
    "ios fr-CA": ios(ymd("-", pad=True), lambda t: f"{t.hour:02} h {t.minute:02} min {t.second:02} s", " "),
    "ios id": ios(dmy(year=2), lambda t: h24(t, seconds=True, sep="."), " "),
    "ios es": ios(dmy(year=2, pad=False), lambda t: h12(t, AM["es"], seconds=True)),
    "ios vi": lambda t: f"[{h24(t, seconds=True)}, {dmy()(t)}] ",
    "ios vi mdy": lambda t: f"[{h24(t, seconds=True)}, {mdy()(t)}] ",
    "ios ar": lambda t: "[" + _arabic(f"{t.day}{RLM}/{t.month}{RLM}/{t.year}، " + h12(t, AM["ar"], seconds=True)) + "] ",
    "ios ar latin": lambda t: f"{LRM}[{t.day}{RLM}/{t.month}{RLM}/{t.year}, " + h12(t, AM["ar"], seconds=True) + "] ",
    "ios zh-CN": ios(ymd(), lambda t: cn(t, seconds=True), " "),
    "ios zh-TW": ios(ymd(), lambda t: h12(t, AM["zh"], before=True, gap="", seconds=True), " "),
    "ios ja": ios(ymd(pad=True), lambda t: h24(t, seconds=True), " "),
    "ios ja era": ios(lambda t: f"R{t.year - 2018}/{t.month:02}/{t.day:02}", lambda t: h24(t, seconds=True), " "),
    "ios ja 令和": ios(lambda t: f"令和{t.year - 2018}年{t.month}月{t.day}日", lambda t: h24(t, seconds=True), " "),
    "ios en era": ios(lambda t: f"{t.month}/{t.day}/{t.year - 2018} R", lambda t: h24(t, seconds=True)),
    "ios ko": ios(lambda t: f"{t.year}. {t.month}. {t.day}.", lambda t: h12(t, AM["ko"], before=True, seconds=True), " "),
    "ios th BE": ios(lambda t: f"{t.day}/{t.month}/{t.year + 543} BE", lambda t: h24(t, seconds=True), " "),
    "ios th": ios(lambda t: f"{t.day}/{t.month}/{t.year + 543}", lambda t: h24(t, seconds=True), " "),
    "ios en BE": ios(lambda t: f"{t.month}/{t.day}/{t.year + 543} BE", lambda t: h12(t, AM["en"], seconds=True)),
    "ios tw minguo": ios(lambda t: f"民國{t.year - 1911}/{t.month}/{t.day}", lambda t: h24(t, seconds=True), " "),
    "ios lrm": lambda t: f"{LRM}[{dmy()(t)}, {h24(t, seconds=True)}] ",
}  # fmt: skip


def whatsapp(shape, newline="\n", script=SCRIPT):
    """The script as an export; ``shape`` names a header in SHAPES."""
    header = SHAPES[shape]
    text = "\n".join(f"{header(t)}{who}: {words}" for who, words, t in script) + "\n"
    return text.replace("\n", newline)


def expected(script=SCRIPT):
    return [(who, words, t.strftime("%Y-%m-%dT%H:%M")) for who, words, t in script]
