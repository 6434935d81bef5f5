"""The page in real Chromium: what is seen, what is pressed, and whom it can be used by."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from shown_page import AXE, SIZES, Shown, caption, resize, tap, until

from voice_coach.screen.board import Board
from voice_coach.screen.process import as_json

RULES = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(driver: Any) -> list[str]:
    """What axe-core finds, all rules."""
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    found = driver.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        axe.run(document, {runOnly: arguments[0], resultTypes: ["violations", "incomplete"]})
           .then((result) => done(JSON.stringify(result)), (error) => done(String(error)));
        """,
        RULES,
    )
    result = json.loads(found)
    return [
        f"{kind} {each['id']}: {node['html']} {node['failureSummary']}"
        for kind in ("violations", "incomplete")
        for each in result[kind]
        for node in each["nodes"]
    ]


def facts(driver: Any, script: str, *arguments: Any) -> Any:
    return driver.execute_script(f"return {script}", *arguments)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_state_fits_every_size(
    chromium: Any, shown: Shown, board: Board, width: int, height: int
) -> None:
    chromium.get(shown.page.address)
    resize(chromium, width, height)
    caption(chromium, shown.enter("WELCOME"))
    views = {}
    for name, state in board.pack.states.items():
        shown.enter(name, "speaking" if state.listen == "none" else "listening")
        views[name] = json.loads(as_json(shown.screen.view, board))
    # Drawn by the page's own code, all of them in one go: over the stream they would take half a minute.
    for name, sizes in chromium.execute_script(MEASURE, views).items():
        where = f"{name} at {width} x {height}: {sizes}"
        assert sizes["shown"] == [views[name]["caption"], len(views[name]["choices"])], where
        assert sizes["across"] <= width, where
        assert sizes["down"] <= height, where
        assert sizes["caption"] >= 32, where
        assert sizes["smallest"] >= 44, where
        assert sizes["hidden"] == [], where
        assert sizes["lines"] >= 3 or sizes["whole"], where


MEASURE = """
  const caption = document.getElementById("caption");
  const cut = (b) => b.scrollWidth > b.clientWidth || b.scrollHeight > b.clientHeight;
  const outside = (r) => r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight;
  const found = {};
  for (const [name, view] of Object.entries(arguments[0])) {
    draw(view);
    const buttons = [...document.querySelectorAll("button")].map((b) => [b, b.getBoundingClientRect()]);
    const size = parseFloat(getComputedStyle(caption).fontSize);
    found[name] = {
      shown: [caption.textContent, document.querySelectorAll("#choices button").length],
      across: document.documentElement.scrollWidth,
      down: document.documentElement.scrollHeight,
      caption: size,
      lines: Math.floor(caption.clientHeight / size),
      whole: caption.scrollHeight <= caption.clientHeight,
      smallest: Math.min(...buttons.map(([, r]) => Math.min(r.width, r.height))),
      hidden: buttons.filter(([b, r]) => cut(b) || outside(r)).map(([b]) => b.innerText),
    };
  }
  return found;
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing(chromium: Any, shown: Shown, scheme: str) -> None:
    chromium.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    chromium.get(shown.page.address)
    for name, phase in (("WELCOME", "speaking"), ("CONSENT", "listening"), ("CONNECT_CHECK", "listening")):
        caption(chromium, shown.enter(name, phase))
        shown.screen.notice({"event": "key", "state": "CONSENT", "intent": "YES"})
        until(chromium, "return document.getElementById('sign').textContent === 'Press again'")
        for width, height in SIZES:
            resize(chromium, width, height)
            assert violations(chromium) == []


def test_ink_and_paper_are_at_least_seven_to_one(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    for scheme in ("light", "dark"):
        chromium.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        pairs = facts(chromium, COLOURS)
        assert len(pairs) > 10
        assert min(_contrast(*pair) for pair in pairs) >= 7


COLOURS = """[...document.querySelectorAll("p, button, footer")].map((element) => {
  let paper = element;
  while (getComputedStyle(paper).backgroundColor === "rgba(0, 0, 0, 0)") paper = paper.parentElement;
  return [getComputedStyle(element).color, getComputedStyle(paper).backgroundColor];
})"""


def _contrast(ink: str, paper: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(ink), luminance(paper)))
    return (light + 0.05) / (dark + 0.05)


def test_who_speaks_and_who_listens_is_told_by_picture_word_and_line(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    seen = set()
    for phase in ("speaking", "listening"):
        shown.enter("PLACE", phase)
        until(chromium, "return document.body.dataset.phase === arguments[0]", phase)
        seen.add(tuple(facts(chromium, LOOK)))
    assert len(seen) == 2
    assert all(len({one[part] for one in seen}) == 2 for part in range(3))
    assert len({one[3] for one in seen}) == 1, "the same colour"


LOOK = """[
  document.getElementById("phase").textContent,
  document.querySelector("#phase use").getAttribute("href"),
  getComputedStyle(document.querySelector("#ring circle")).strokeDasharray,
  getComputedStyle(document.getElementById("phase")).color,
]"""


def test_the_ring_grows_with_the_level(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    shown.enter("LISTEN")
    until(chromium, "return document.body.dataset.phase === 'listening'")
    width = "parseFloat(getComputedStyle(document.querySelector('#ring circle')).strokeWidth)"
    for level in (0.0, 0.9):
        shown.page.level(level)
        until(chromium, f"return Math.abs({width} - arguments[0]) < 0.2", 2 + level * 10)


def test_keys_are_pressed_by_pointer_digit_letter_and_enter(chromium: Any, shown: Shown) -> None:
    from selenium.webdriver.common.keys import Keys

    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    until(chromium, "return document.querySelectorAll('#choices button').length === 3")
    body = chromium.find_element("tag name", "body")
    tap(chromium, "STIRRED")
    body.send_keys("1")
    body.send_keys("S")
    body.send_keys("q")
    body.send_keys("9")
    chromium.execute_script("document.querySelector('[data-intent=HELP]').focus()")
    chromium.switch_to.active_element.send_keys(Keys.ENTER)
    chromium.switch_to.active_element.send_keys(Keys.SPACE)
    got = [shown.pressed.get(timeout=5) for _ in range(6)]
    assert got == ["STIRRED", "STEADY", "STOP", "HUSH", "HELP", "HELP"]
    assert shown.pressed.empty()


def test_a_held_key_is_one_press(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    until(chromium, "return document.querySelectorAll('#choices button').length === 3")
    for repeat in (False, True, True, True):
        chromium.execute_cdp_cmd(
            "Input.dispatchKeyEvent",
            {"type": "keyDown", "key": "1", "text": "1", "code": "Digit1", "autoRepeat": repeat},
        )
    chromium.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", "key": "1", "code": "Digit1"})
    chromium.find_element("tag name", "body").send_keys("s")
    assert [shown.pressed.get(timeout=5) for _ in range(2)] == ["STEADY", "STOP"]


def test_all_keys_can_be_reached_by_tab_and_arrows_and_are_named(chromium: Any, shown: Shown) -> None:
    from selenium.webdriver.common.keys import Keys

    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    until(chromium, "return document.querySelectorAll('#choices button').length === 3")
    names = facts(chromium, "[...document.querySelectorAll('button')].map((b) => b.dataset.intent || b.id)")
    for forwards in (Keys.TAB, Keys.ARROW_RIGHT):
        chromium.execute_script("document.activeElement.blur()")
        reached = []
        for _ in range(len(names) + 2):
            chromium.switch_to.active_element.send_keys(forwards)
            reached.append(
                facts(chromium, "document.activeElement.dataset.intent || document.activeElement.id")
            )
        assert set(names) <= set(reached), (forwards, reached)
    nodes = chromium.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    buttons = {n["name"]["value"] for n in nodes if n.get("role", {}).get("value") == "button"}
    assert {"steady", "in between", "stirred up", "stop", "pause", "skip", "again", "help"} <= buttons


def test_letters_can_be_turned_off(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    until(chromium, "return document.querySelectorAll('#choices button').length === 3")
    chromium.find_element("id", "shortcuts").click()
    assert facts(chromium, "document.getElementById('shortcuts').getAttribute('aria-pressed')") == "false"
    chromium.find_element("tag name", "body").send_keys("s1")
    tap(chromium, "PAUSE")
    assert shown.pressed.get(timeout=5) == "PAUSE"
    assert shown.pressed.empty()


def test_captions_and_signs_are_read_out_by_a_screen_reader(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    text = shown.enter("CONSENT")
    caption(chromium, text)
    chromium.execute_cdp_cmd("Accessibility.enable", {})
    nodes = chromium.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    status = [n for n in nodes if n.get("role", {}).get("value") == "status"]
    assert len(status) == 2
    live = {p["name"]: p["value"]["value"] for n in status for p in n.get("properties", [])}
    assert live["live"] == "polite"
    assert live["atomic"] is True
    assert any(n.get("name", {}).get("value") == text for n in nodes)
    assert not [n for n in nodes if n.get("role", {}).get("value") == "image"], (
        "pictures say no more than words"
    )
    chromium.execute_cdp_cmd("Accessibility.disable", {})


def test_focus_is_not_lost_when_the_keys_change(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    until(chromium, "const k = document.querySelector('[data-intent=STEADY]'); k && k.focus(); return !!k")
    caption(chromium, shown.enter("CONSENT"))
    until(chromium, "return document.activeElement.id === 'choices'")
    tap(chromium, "STOP")
    assert shown.pressed.get(timeout=5) == "STOP"


@pytest.mark.parametrize(("width", "height"), [(640, 360), (320, 568)])
def test_the_first_words_of_a_long_caption_are_seen_and_that_there_are_more(
    chromium: Any, shown: Shown, width: int, height: int
) -> None:
    chromium.get(shown.page.address)
    resize(chromium, width, height)
    caption(chromium, shown.enter("CR_OTHER"))
    place = """(() => { const range = document.createRange(), c = document.getElementById("caption");
      range.setStart(c.firstChild, 0); range.setEnd(c.firstChild, 5);
      return [range.getBoundingClientRect().top, c.classList.contains("more")]; })()"""
    top, more = facts(chromium, place)
    assert top >= 0
    assert more
    chromium.execute_script("document.getElementById('caption').scrollTop = 1e6")
    until(chromium, "return !document.getElementById('caption').classList.contains('more')")
    caption(chromium, shown.enter("PAUSED"))
    assert not facts(chromium, place)[1]


def test_everything_can_be_used_at_twice_and_four_times_the_size(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONSENT"))
    until(chromium, "return document.querySelectorAll('#choices button').length === 3")
    for width, height in ((640, 360), (320, 180)):
        resize(chromium, width, height)
        assert facts(chromium, "document.documentElement.scrollWidth") <= width
        for intent in ("YES", "NO", "STOP", "NUMBERS"):
            key = chromium.find_element("css selector", f"[data-intent={intent}]")
            chromium.execute_script("arguments[0].scrollIntoView({block: 'center'})", key)
            key.click()
            assert shown.pressed.get(timeout=5) == intent


def test_forced_colours_reduced_motion_and_right_to_left_are_kept_to(chromium: Any, shown: Shown) -> None:
    features = {"forced-colors": "active", "prefers-reduced-motion": "reduce"}
    chromium.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": n, "value": v} for n, v in features.items()]}
    )
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("CONNECT_CHECK"))
    until(chromium, "return document.querySelectorAll('#choices button').length === 3")
    assert facts(chromium, "matchMedia('(forced-colors: active)').matches")
    assert (
        facts(chromium, "getComputedStyle(document.querySelector('#ring circle')).transitionDuration") == "0s"
    )
    borders = facts(
        chromium, "[...document.querySelectorAll('button')].map((b) => getComputedStyle(b).borderTopWidth)"
    )
    assert all(float(border.removesuffix("px")) >= 3 for border in borders)
    chromium.execute_script("document.documentElement.dir = 'rtl'")
    resize(chromium, 390, 844)
    lefts = facts(chromium, "[...document.querySelectorAll('#choices button')].map((b) => b.offsetLeft)")
    assert lefts == sorted(lefts, reverse=True)
    assert facts(chromium, "document.documentElement.scrollWidth") <= 390


def test_a_second_window_is_told_and_shows_nothing_and_the_first_goes_on(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    text = shown.enter("CONNECT")
    caption(chromium, text)
    first = chromium.current_window_handle
    chromium.switch_to.new_window("tab")
    chromium.get(shown.page.address)
    until(chromium, "return document.body.innerText.includes('Open in another window')")
    assert text not in facts(chromium, "document.documentElement.outerHTML")
    assert facts(chromium, "document.querySelectorAll('#choices button, #always button').length") == 0
    assert violations(chromium) == []
    chromium.close()
    chromium.switch_to.window(first)
    caption(chromium, shown.enter("HOPE"))
    errors = [e for e in chromium.get_log("browser") if "409" not in e["message"]]
    assert errors == []


def test_a_page_that_is_loaded_again_goes_on_as_it_is(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    text = shown.enter("CONNECT")
    caption(chromium, text)
    chromium.refresh()
    caption(chromium, text)
    tap(chromium, "DONE")
    assert shown.pressed.get(timeout=5) == "DONE"


def test_nothing_is_kept_and_nothing_is_asked_of_anyone_else(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    for name in ("PLACE", "CONSENT", "LISTEN"):
        caption(chromium, shown.enter(name))
    assert facts(chromium, "[localStorage.length, sessionStorage.length, document.cookie, history.length]")[
        :3
    ] == [0, 0, ""]
    asked = facts(chromium, "performance.getEntriesByType('resource').map((r) => r.name)")
    assert asked
    assert all(name.startswith(shown.page.address) for name in asked), asked
    assert "Is it okay to talk here" not in facts(chromium, "document.documentElement.outerHTML")


def test_the_page_works_with_the_network_off() -> None:
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("needs a network namespace of its own")
    name = f"{__file__}::test_keys_are_pressed_by_pointer_digit_letter_and_enter"
    run = subprocess.run(
        [*alone, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", name],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "1 passed" in run.stdout, run.stdout + run.stderr


def test_the_end_is_seen_and_leaves_nothing(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    text = shown.enter("GOODBYE", "speaking")
    caption(chromium, text)
    shown.screen.notice({"event": "end", "why": "finished"})
    until(chromium, "return document.body.dataset.phase === 'off'")
    assert text not in facts(chromium, "document.documentElement.outerHTML")
    assert facts(chromium, "document.querySelectorAll('#choices button, #always button').length") == 0


def test_when_the_session_is_gone_the_screen_goes_dark(chromium: Any, shown: Shown) -> None:
    chromium.get(shown.page.address)
    caption(chromium, shown.enter("LISTEN"))
    shown.page._child.kill()
    until(chromium, "return document.body.dataset.phase === 'off'")
    assert facts(chromium, "document.getElementById('caption').textContent") == ""
    chromium.get_log("browser")  # that it was refused is what it complains of
