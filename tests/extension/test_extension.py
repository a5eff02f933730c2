"""What a seller sees and what the site gets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("extension")

RISKY = "add me on whatsapp 081234567890"
CLEAN = "Thank you, your parcel leaves today."
OVERRIDABLE = "see https://www.example-shop.com/x"
WARNED = "This will cure your back pain"
BETTER = "Let's keep everything in this chat, so it stays on record."
IMAGES = Path(__file__).parents[2] / "docs" / "images"

MARKED = "name => [...(CSS.highlights.get('screener-' + name) ?? [])].map(range => range.toString())"
PLACE = """name => { const [range] = CSS.highlights.get('screener-' + name);
  const r = range.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; }"""


def marked(page: Any, name: str, wanted: list[str], seconds: float = 25) -> None:
    page.wait_for_function(
        f"([name, wanted]) => JSON.stringify(({MARKED})(name)) === JSON.stringify(wanted)",
        arg=[name, wanted],
        timeout=seconds * 1000,
        polling=50,
    )


def card(page: Any) -> Any:
    return page.get_by_role("dialog")


def write(page: Any, text: str) -> Any:
    field = page.get_by_role("textbox", name="Message")
    field.click()
    page.keyboard.type(text)
    return field


def test_underline_and_card(browser, until):
    page = browser.open("react.html")
    write(page, RISKY)
    marked(page, "block", [RISKY])
    page.mouse.click(*page.evaluate(PLACE, "block"))
    shown = card(page)
    shown.wait_for()
    assert shown.get_attribute("aria-labelledby")
    assert shown.get_by_role("heading", name="Contact outside the marketplace").is_visible()
    assert "no messengers" in shown.locator(".reason").inner_text()
    assert "seen 2026-11-01" in shown.locator(".source").inner_text()
    assert shown.get_by_role("link").get_attribute("href").startswith("https://global.lianlianpay.com/")
    page.keyboard.press("Escape")
    shown.wait_for(state="detached")
    # A card opened by the mouse leaves the caret in the text.
    page.keyboard.press("End")
    page.keyboard.type("!")
    until(page, "window.draft", RISKY + "!")


def test_card_by_keyboard(browser):
    page = browser.open("react.html")
    field = write(page, RISKY)
    marked(page, "block", [RISKY])
    page.keyboard.press("Alt+ArrowDown")
    card(page).wait_for()
    focused = card(page).locator(":focus")
    assert focused.get_attribute("aria-label") == f"Replace with: {BETTER}"
    for _ in range(8):
        page.keyboard.press("Tab")
        assert card(page).locator(":focus").count() == 1
    page.keyboard.press("Escape")
    card(page).wait_for(state="detached")
    assert field.evaluate("element => element === document.activeElement")


def test_underline_follows_edits(browser):
    page = browser.open("react.html")
    write(page, RISKY)
    marked(page, "block", [RISKY])
    page.keyboard.press("Home")
    page.keyboard.type("hi \U0001f600, ")
    marked(page, "block", [RISKY])
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    marked(page, "block", [])


@pytest.mark.parametrize("name", ["react.html", "prosemirror.html"])
def test_replacement_reaches_the_site_and_can_be_undone(browser, until, name):
    page = browser.open(name)
    write(page, RISKY)
    marked(page, "block", [RISKY])
    # Editors join changes of the same half second into one step of their history.
    page.wait_for_timeout(700)
    page.mouse.click(*page.evaluate(PLACE, "block"))
    card(page).get_by_role("button", name=BETTER).click()
    until(page, "window.draft", BETTER)
    marked(page, "block", [])
    page.keyboard.press("Control+z")
    until(page, "window.draft", RISKY)
    marked(page, "block", [RISKY])


@pytest.mark.parametrize("name", ["react.html", "prosemirror.html"])
@pytest.mark.parametrize("wait", [True, False], ids=["checked", "unchecked"])
@pytest.mark.parametrize("way", ["enter", "button"])
def test_block_is_held(browser, name, wait, way):
    page = browser.open(name)
    write(page, RISKY)
    if wait:
        marked(page, "block", [RISKY])
    if way == "enter":
        page.keyboard.press("Enter")
    else:
        page.get_by_role("button", name="Send", exact=True).click()
    card(page).wait_for()
    assert "cannot be sent as it is" in card(page).inner_text()
    assert card(page).get_by_role("button", name="Send anyway").count() == 0
    page.wait_for_timeout(300)
    assert page.evaluate("window.sent") == []
    assert page.evaluate("window.draft") == RISKY


@pytest.mark.parametrize("name", ["react.html", "prosemirror.html"])
@pytest.mark.parametrize("way", ["enter", "button"])
def test_clean_text_is_sent_at_once(browser, until, name, way):
    page = browser.open(name)
    write(page, CLEAN)
    if way == "enter":
        page.keyboard.press("Enter")
    else:
        page.get_by_role("button", name="Send", exact=True).click()
    until(page, "window.sent", [CLEAN])
    # Checked beforehand: the site's own handling is left alone.
    write(page, "Noted")
    page.wait_for_timeout(900)
    page.keyboard.press("Enter")
    until(page, "window.sent", [CLEAN, "Noted"])
    page.wait_for_timeout(200)
    assert page.evaluate("window.sent") == [CLEAN, "Noted"]


@pytest.mark.parametrize("way", ["enter", "button"])
def test_send_anyway_needs_a_reason(browser, until, way):
    page = browser.open("react.html")
    write(page, OVERRIDABLE)
    marked(page, "block", ["https://www.example-shop.com/x"])
    if way == "enter":
        page.keyboard.press("Enter")
    else:
        page.get_by_test_id("send").click()
    go = card(page).get_by_role("button", name="Send anyway")
    go.wait_for()
    assert go.is_disabled()
    card(page).get_by_label("Reason for sending it all the same").fill("Our own tracking page")
    assert page.evaluate("window.sent") == []
    go.click()
    until(page, "window.sent", [OVERRIDABLE])
    kept = browser.worker.evaluate("() => chrome.storage.local.get('overrides')")["overrides"][-1]
    assert kept["reason"] == "Our own tracking page"
    assert kept["rules"] == ["tiktok_shop.global.external_link"]
    assert OVERRIDABLE not in str(kept)
    # The leave was for once.
    page.wait_for_timeout(2100)
    write(page, OVERRIDABLE)
    page.keyboard.press("Enter")
    card(page).wait_for()
    assert page.evaluate("window.sent") == [OVERRIDABLE]


def test_warning_that_was_not_seen_is_shown_first(browser, until):
    page = browser.open("react.html")
    write(page, WARNED)
    page.keyboard.press("Enter")
    send = card(page).get_by_role("button", name="Send", exact=True)
    send.wait_for()
    assert page.evaluate("window.sent") == []
    send.click()
    until(page, "window.sent", [WARNED])


def test_warning_that_was_seen_does_not_hold(browser, until):
    page = browser.open("react.html")
    write(page, WARNED)
    page.wait_for_function("() => CSS.highlights.has('screener-warn')")
    page.keyboard.press("Enter")
    until(page, "window.sent", [WARNED])


def test_buyer_statements_are_marked(browser):
    page = browser.open("react.html")
    marked(page, "statement", ["No problem with it", "works fine", "don't need it any more"])
    page.get_by_role("button", name="Buyer's statements: 3").click()
    text = card(page).inner_text()
    assert "No defect: counts as evidence" in text
    assert "Change of mind: counts as evidence" in text
    assert "Does not help with:" in text


def test_generic_page_marks_buyer_messages(browser):
    page = browser.open("prosemirror.html")
    marked(page, "statement", ["I received the parcel yesterday"])


def test_closed_shadow_roots(browser, until):
    page = browser.open("shadow.html")
    page.evaluate("focusComposer()")
    page.keyboard.type(RISKY)
    marked(page, "block", [RISKY])
    page.keyboard.press("Enter")
    card(page).wait_for()
    assert page.evaluate("window.sent") == []
    card(page).get_by_role("button", name=BETTER).click()
    until(page, "composerText()", BETTER)
    marked(page, "block", [])
    page.keyboard.press("Control+z")
    until(page, "composerText()", RISKY)
    marked(page, "block", [RISKY])
    rect = page.evaluate("buttonRect().toJSON()")
    page.mouse.click(rect["x"] + 5, rect["y"] + 5)
    card(page).wait_for()
    assert page.evaluate("window.sent") == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.type(CLEAN)
    page.mouse.click(rect["x"] + 5, rect["y"] + 5)
    until(page, "window.sent", [CLEAN])


def test_frame(browser):
    page = browser.open("frame.html")
    frame = page.frame_locator("#chat")
    field = frame.get_by_role("textbox", name="Message")
    field.click()
    page.keyboard.type(RISKY)
    inner = next(one for one in page.frames if one.url.endswith("inner.html"))
    inner.wait_for_function("() => CSS.highlights.has('screener-block')")
    page.keyboard.press("Enter")
    frame.get_by_role("dialog").wait_for()
    assert inner.evaluate("window.sent") == []
    page.keyboard.press("Escape")
    frame.get_by_role("button", name="Send", exact=True).click()
    frame.get_by_role("dialog").wait_for()
    assert inner.evaluate("window.sent") == []
    page.keyboard.press("Escape")
    field.fill(CLEAN)
    field.press("Enter")
    inner.wait_for_function("text => JSON.stringify(window.sent) === JSON.stringify([text])", arg=CLEAN)


def test_frame_without_an_address(browser):
    page = browser.open("frame.html")
    page.frame_locator("#made").get_by_role("textbox").click()
    page.keyboard.type(RISKY)
    made = page.frames[-1]
    assert made.url == "about:srcdoc"
    made.wait_for_function("() => CSS.highlights.has('screener-block')")


def test_enter_that_nobody_takes_makes_a_new_line(browser, until):
    page = browser.open("plain.html")
    page.locator("#field").click()
    page.keyboard.type("One")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#field').value", "One\n")


def test_text_changed_while_held_is_not_sent(browser, until):
    page = browser.open("react.html")
    write(page, OVERRIDABLE)
    page.keyboard.press("Enter")
    card(page).wait_for()
    page.get_by_test_id("composer").fill("something else")
    card(page).wait_for(state="detached")
    assert page.evaluate("window.sent") == []


def test_input_method(browser, until):
    page = browser.open("react.html")
    page.get_by_role("textbox", name="Message").click()
    tools = page.context.new_cdp_session(page)
    tools.send("Input.imeSetComposition", {"text": "加我微信 abc", "selectionStart": 8, "selectionEnd": 8})
    page.wait_for_timeout(900)
    assert page.evaluate(MARKED, "block") == []
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    tools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    tools.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    page.wait_for_timeout(500)
    assert page.evaluate("window.sent") == []
    assert card(page).count() == 0
    tools.send("Input.insertText", {"text": "加我微信 abc12345"})
    page.wait_for_function("() => CSS.highlights.has('screener-block')")
    page.keyboard.press("Enter")
    card(page).wait_for()
    assert page.evaluate("window.sent") == []


def test_service_away_and_fail_open(browser, service, until):
    browser.set(server="http://127.0.0.1:9", locale="en", fail="open")
    page = browser.open("react.html")
    write(page, RISKY)
    page.get_by_role("button", name="Not checked: Screener does not answer").wait_for()
    page.keyboard.press("Enter")
    until(page, "window.sent", [RISKY])
    page.get_by_role("button", name="Let go without a check").wait_for()


def test_service_away_and_fail_closed(browser, service, until):
    browser.set(server=service.address, locale="en", fail="closed")
    page = browser.open("react.html")
    service.stop()
    try:
        write(page, CLEAN)
        page.keyboard.press("Enter")
        card(page).get_by_role("heading", name="Not checked: Screener does not answer").wait_for()
        assert page.evaluate("window.sent") == []
        page.keyboard.press("Escape")
        page.get_by_test_id("send").click()
        card(page).wait_for()
        assert page.evaluate("window.sent") == []
    finally:
        service.start()
    card(page).get_by_role("button", name="Try again").click()
    until(page, "window.sent", [CLEAN])


def test_changed_settings_reach_open_pages(browser, service):
    page = browser.open("react.html")
    write(page, RISKY)
    marked(page, "block", [RISKY])
    browser.set(server=service.address, locale="zh")
    page.get_by_role("button", name="发现 1 处，发送时会被拦截").wait_for()


def test_key_cannot_be_read_by_pages(browser, service):
    browser.set(server=service.address, key="scr_secret", locale="en")
    page = browser.open("react.html")
    assert page.evaluate("typeof window.chrome?.storage") == "undefined"
    tools = page.context.new_cdp_session(page)
    contexts: list[dict[str, Any]] = []
    tools.on("Runtime.executionContextCreated", lambda event: contexts.append(event["context"]))
    tools.send("Runtime.enable")
    page.wait_for_timeout(200)
    ours = next(one for one in contexts if one["origin"] == browser.origin)
    # Not even the extension's own script in the page, into whose process a hostile page may break.
    for area in ("get()", "get('settings')"):
        answer = tools.send(
            "Runtime.evaluate",
            {"contextId": ours["id"], "expression": f"chrome.storage.local.{area}", "awaitPromise": True},
        )
        assert "not allowed" in answer["exceptionDetails"]["exception"]["description"]
    answer = tools.send(
        "Runtime.evaluate",
        {
            "contextId": ours["id"],
            "expression": "chrome.runtime.sendMessage({type: 'settings'}).then(JSON.stringify)",
            "awaitPromise": True,
        },
    )
    assert "scr_secret" not in answer["result"]["value"]
    assert '"ok":true' in answer["result"]["value"]


def test_options_page(browser, service):
    page = browser.context.new_page()
    page.goto(f"{browser.origin}/options.html")
    address = page.get_by_label("Address of the service")
    assert address.input_value() == service.address
    page.get_by_label("Region").select_option("ID")
    page.get_by_label("Marketplace").select_option("shopee")
    page.get_by_label("Hold messages until they can be checked").check()
    page.get_by_role("button", name="Save and test the connection").click()
    page.get_by_text("Connected: Screener").wait_for()
    kept = browser.worker.evaluate("() => chrome.storage.local.get('settings')")["settings"]
    assert (kept["region"], kept["marketplace"], kept["fail"]) == ("ID", "shopee", "closed")
    address.fill("http://screener.example.com")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Only https may leave this machine").wait_for()
    address.fill("http://127.0.0.1:9")
    page.get_by_role("button", name="Save and test the connection").click()
    page.get_by_text("No connection").wait_for()
    page.get_by_label("Language of explanations").select_option("zh")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="Screener：选项").wait_for()


def test_marketplace_and_region_of_the_options_hold(browser, service):
    browser.set(server=service.address, locale="en", marketplace="mercado_libre")
    page = browser.open("react.html")
    write(page, OVERRIDABLE)
    page.keyboard.press("Enter")
    card(page).wait_for()
    assert "shortened links" in card(page).inner_text()


def test_rule_page_opens(browser, service):
    page = browser.open("react.html")
    write(page, RISKY)
    page.keyboard.press("Enter")
    with page.context.expect_page() as opened:
        card(page).get_by_role("button", name="About this rule").click()
    assert opened.value.url.startswith(f"{service.address}/v1/rules/en.off_platform_contact.messenger_phone")


@pytest.mark.skipif(os.environ.get("SCREENER_SCREENSHOTS") != "1", reason="set SCREENER_SCREENSHOTS=1 for new pictures")
@pytest.mark.parametrize(
    ("look", "locale", "draft"),
    [
        ("light", "en", "Good morning! Please add me on whatsapp 081234567890"),
        ("dark", "zh", "您好，台灯的照片麻烦您加微信 lamp_2026 发给我，谢谢"),
    ],
)
def test_pictures(browser, service, look, locale, draft):
    IMAGES.mkdir(parents=True, exist_ok=True)
    browser.set(server=service.address, locale=locale)
    page = browser.open("react.html")
    page.set_viewport_size({"width": 820, "height": 660})
    page.emulate_media(color_scheme=look)
    write(page, draft)
    page.wait_for_function("() => CSS.highlights.has('screener-block') && CSS.highlights.has('screener-statement')")
    page.mouse.click(*page.evaluate(PLACE, "block"))
    card(page).wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=IMAGES / f"extension-{look}-{locale}.png")
