"""The page in a real browser, of the real assistant in a room: tapped, spoken to, read aloud."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.content.handout import html
from assistant.journal.store import open_store
from tests import room as rooms
from tests.content.voice import shipped
from tests.journal import decade
from tests.outside import browser as browsers
from tests.outside.browser import CONTRAST, PAPER, SIZES, Browser, Node
from tests.outside.page_process import free_port
from tests.product import UNASKED, Assistant, Folders, command
from tests.room import Room
from tests.synthetic import Speaker, voices

pytestmark = [
    pytest.mark.skipif(bool(rooms.missing()), reason="no room without pulseaudio"),
    pytest.mark.skipif(bool(browsers.missing()), reason="no browser: chromium, chromium-driver"),
    pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing"),
    pytest.mark.timeout(180),
]
SEEN_S = 0.3
"""A person sees what was said within this time."""


@dataclass(frozen=True)
class Home:
    room: Room
    assistant: Assistant
    environment: Mapping[str, str]
    browser: Browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """An assistant whose page is on, and one browser window in the same house."""
    port = free_port()
    folders = Folders(tmp_path_factory.mktemp("person"))
    folders.exercise("tall", "standing tall", hold_s=30.0)
    folders.exercise("short", "a short one", hold_s=2.0)
    folders.routine("page-test", "page test", "tall", "short")
    folders.routine("page-drawn", "page drawn", "donkey-kick")
    page = f'[page]\non = true\nport = {port}\naddress = "127.0.0.1"\n'
    (folders.config / "config.toml").write_text(UNASKED + page)
    with Room() as room:
        environment = room.env() | folders.env()
        with Assistant(["run"], environment) as assistant:
            assistant.wait_listening()
            with browsers.opened(f"http://127.0.0.1:{port}") as browser:
                browser.wait(lambda: _is_there(browser), "the page to be there")
                browser.let_in(environment)
                yield Home(room, assistant, environment, browser)


def _is_there(browser: Browser) -> bool:
    browser.open()
    return browser.seen("#code")


@pytest.fixture
def browser(home: Home) -> Browser:
    """Let in, at the page, as large as a phone, nothing led."""
    home.browser.script(on=True)
    home.browser.size("phone")
    home.browser.open()
    home.browser.wait(lambda: home.browser.seen("#first button"), "buttons")
    if home.browser.seen("button[value=stop]"):  # another test left it so
        home.browser.tap("stop")
        home.browser.wait_text("Ready")
    return home.browser


def test_a_session_by_tap_and_by_word(home: Home, browser: Browser, speaker: Speaker) -> None:
    """Started by a tap, paused by a word and seen within the blink of an eye, resumed by a tap,
    "that hurts", the question answered, and led to its end."""
    assistant = home.assistant
    browser.open("/routines/page-test")
    browser.tap("start:page-test")
    assistant.wait_asked("start", "page")
    hurry(browser, "tall")
    assistant.wait_lamp("holding", timeout_s=40)
    browser.wait_text("Next: short")
    assert re.fullmatch(r"0:[0-3]\d", browser.text("#left"))

    assistant.wait_listening()
    home.room.loudspeaker.wait_quiet(1.0)
    browser.note_text("Paused. Say go on, or press.")
    home.room.play(speaker.say(voices()[0], "pause"))
    paused = assistant.wait_asked("pause", "voice")
    assert browser.noted() - paused.at < SEEN_S
    browser.wait_text("Heard: “pause”")
    standing = browser.text("#left")

    browser.tap("resume")
    resumed = assistant.wait_asked("resume", "page")
    assert browser.text("#left") == standing
    assert assistant.wait_lamp("holding").at - resumed.at == pytest.approx(3.0, abs=0.2)

    browser.tap("hurts")
    assistant.wait_asked("hurts", "page")
    browser.wait_text("go down your leg?")
    assert browser.seen("button[value=yes]")
    home.room.loudspeaker.wait_quiet(1.0)  # a tap at once would be no answer
    browser.tap("no")
    assistant.wait_asked("no", "page")
    hurry(browser, "short")
    assistant.wait_step(
        lambda step: step.orders("Record", kind="session_end", detail="done"),
        "the end of the routine",
        timeout_s=60,
    )
    browser.wait_text("Ready")
    assert browser.seen("button[value=start]")


def hurry(browser: Browser, title: str) -> None:
    """Say "go" until this exercise is being done: what is said before it is known."""

    def at_work() -> bool:
        if browser.seen("#first button[value=go]"):
            browser.find("#first button[value=go]").click()
            return False
        return browser.text("#title") == title

    browser.wait(at_work, title, within_s=60)


def test_a_wrong_code_is_told_and_the_right_one_lets_in(home: Home, browser: Browser) -> None:
    browser.driver.delete_all_cookies()
    browser.open()
    digits = browsers.code(home.environment)
    said = " ".join(text for _, text in home.assistant.said()[-1:])
    assert said.startswith("The code is ")
    browser.enter("12")
    browser.wait_text("That isn't the code")
    browser.enter(digits)
    browser.wait_text("Stand up in")


def test_who_may_only_watch_has_no_buttons(home: Home, browser: Browser) -> None:
    browser.let_in(home.environment, "--watch")
    browser.wait_text("Stand up in")
    assert not browser.seen("button")
    browser.open("/history")
    assert "no such page" in browser.text()
    browser.let_in(home.environment)


def test_devices_are_listed_and_revoked(home: Home, browser: Browser) -> None:
    """The page of a device that is put out asks for six digits the moment after."""

    def devices(*options: str) -> str:
        words = command("page", "devices", *options)
        done = subprocess.run(words, env=dict(home.environment), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    browser.wait_text("Stand up in")
    assert "Chrome on" in devices()
    assert "No device is let in" in devices("--revoke", "all")
    browser.wait_text("Six digits", within_s=3)
    browser.let_in(home.environment)


PATHS = ("/", "/screen", "/routines", "/routines/page-test", "/history", "/settings", "/nowhere")


@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_every_size(browser: Browser, size: str) -> None:
    """Nothing to be pushed sideways, no button smaller than a thumb, and enough contrast on light
    and on dark."""
    for dark in (False, True):
        browser.size(size, dark=dark)
        for path in PATHS:
            browser.open(path)
            wide = browser.js("return document.documentElement.scrollWidth")
            assert wide <= SIZES[size][0], (path, wide)
            low = browser.js(
                "return [...document.querySelectorAll('button')].filter((b) => b.checkVisibility()"
                " && b.getBoundingClientRect().height < 44).map((b) => b.textContent)"
            )
            assert not low, (path, low)
            assert not browser.js(CONTRAST), (path, dark)


def test_style_and_script_are_asked_for_once(browser: Browser) -> None:
    """Asked for with each page, whoever turned pages quickly had asked too often, and saw one
    without its style."""
    for path in ("/", "/screen", "/history"):
        browser.open(path)
        assert browser.js("return document.styleSheets[0].cssRules.length") > 50, path
        assert not browser.js(
            "return performance.getEntriesByType('resource')"
            ".filter((one) => /[.](css|js)/.test(one.name) && one.transferSize > 0)"
            ".map((one) => one.name)"
        ), path


def test_a_full_history_fits_the_smallest_phone(browser: Browser, tmp_path: Path) -> None:
    """What is wider, a year or a table, is pushed sideways by itself, and the page isn't."""
    folders = Folders(tmp_path)
    environment = folders.env()
    state = Path(environment["XDG_STATE_HOME"]) / "exercise-assistant"
    state.mkdir(parents=True)
    with open_store(state / "journal.sqlite3") as store:
        decade.fill(store, years=0.2)
    page = tmp_path / "history.html"
    written = command("history", "--html", str(page))
    subprocess.run(written, env=os.environ | environment, check=True, capture_output=True)
    browser.size("small")
    browser.driver.get(page.as_uri())
    browser.js("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert browser.js("return document.querySelectorAll('table').length") > 2
    assert browser.js("return document.documentElement.scrollWidth") <= SIZES["small"][0]


def test_the_screen_on_the_wall_can_be_read_and_not_pressed(home: Home, browser: Browser) -> None:
    """From three metres: what is led is a twelfth of the height at least, and all is to be seen at
    once, with the figure that moves in the tempo of the exercise."""
    browser.tap("start")
    browser.tap("go")
    browser.wait(lambda: browser.text("#title") == "Standing back bend", "the first exercise")
    browser.open("/screen")
    browser.wait(lambda: browser.seen("#figure img"), "the figure")
    drawn = browser.find("#figure img").get_attribute("src")
    assert drawn is not None
    assert drawn.endswith("/figures/desk-back-bend.svg?side=&moves=1")
    fits = "const e = document.querySelector('.screen'); return e.scrollHeight <= e.clientHeight"
    for size in ("desk", "television", "phone"):
        browser.size(size)
        browser.wait(lambda: bool(browser.js(fits)), f"all of it to be seen ({size})")
        assert browser.js("return document.querySelector('#figure img').naturalWidth > 0")
    browser.size("desk")
    high = "return parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
    assert browser.js(high) >= 800 / 12
    assert not browser.seen("button, a, input")
    home.assistant.type("stop")


def test_what_is_needed_in_a_hold_is_seen_without_scrolling(home: Home, browser: Browser) -> None:
    """Title, figure, countdown and every large button, on the smallest phone and on one that lies
    on its side; from a television's width on, they are as large as it is."""
    browser.open("/routines/page-drawn")
    browser.tap("start:page-drawn")
    browser.wait_text("Ready, go", 40.0)
    browser.tap("go")
    browser.wait(lambda: browser.seen("#figure img") and browser.seen("#left"), "the exercise")
    unseen = (
        "const low = [...document.querySelectorAll('#title, #figure img, #left, #first button')]"
        ".filter((e) => e.checkVisibility()).filter((e) => {"
        " const at = e.getBoundingClientRect();"
        " const top = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);"
        " return at.height < 20 || at.bottom > innerHeight || !(e.contains(top)); });"
        "return low.map((e) => e.id || e.value || e.tagName)"
    )
    for size in ("small", "side", "phone"):
        browser.size(size)
        browser.wait(lambda: not browser.js(unseen), f"all of it at once ({size})")
    browser.size("television")
    share = "return document.querySelector('main').getBoundingClientRect().width / innerWidth"
    assert browser.js(share) > 0.5
    browser.size("phone")
    browser.tap("stop")
    browser.wait_text("Ready")


def test_a_screen_reader_is_told_what_things_are(browser: Browser) -> None:
    """Names and roles; what changes is said in one sentence, and the countdown isn't."""
    browser.wait_text("Ready")
    tree = browser.read_aloud()
    assert Node("heading", "Ready") in tree
    assert Node("navigation", "Pages") in tree
    assert Node("button", "Start") in tree
    assert Node("group", "What can be done now") in tree
    pressed = ("button", "link", "textbox", "DisclosureTriangle")
    assert not [node for node in tree if node.role in pressed and not node.name]
    loud = browser.js(
        "return [...document.querySelectorAll('[aria-live=polite],[role=status],[role=alert]')]"
        ".map((e) => e.id)"
    )
    assert sorted(loud) == ["aloud", "lost", "said"]
    browser.wait(
        lambda: browser.js("return document.getElementById('aloud').textContent").startswith(
            "Ready. "
        ),
        "it to be said",
    )


def test_an_answer_to_a_tap_stands_only_as_long_as_it_is_true(browser: Browser) -> None:
    """It is of the moment of the tap: half a minute later it would be about something else."""
    browser.wait_text("Ready")
    browser.js("const was = setTimeout; window.setTimeout = (f, ms) => was(f, ms / 10)")
    browser.find("#buttons summary").click()
    browser.tap("next_break")
    browser.wait(lambda: browser.text("#said") != "", "the answer", within_s=5)
    browser.wait(lambda: browser.text("#said") == "", "it to go", within_s=3)


def test_a_question_that_is_open_is_not_told_twice(browser: Browser) -> None:
    browser.wait_text("Ready")
    browser.find("#buttons summary").click()
    browser.tap("screening")
    browser.wait(
        lambda: browser.text("#title").endswith("legs or in your buttocks?"), "the question"
    )
    browser.wait(lambda: "short questions" in browser.text("#said"), "what was said before it")
    assert "?" not in browser.text("#said")
    told = "return document.getElementById('aloud').textContent"
    browser.wait(lambda: "buttocks? " in browser.js(told), "it to be read aloud")
    browser.tap("stop")
    browser.wait_text("Ready")


def test_large_letters_hide_no_question_behind_its_answers(browser: Browser) -> None:
    """Twice as large on the smallest phone: what is asked can be read, and each button pressed."""
    browser.wait_text("Ready")
    browser.size("small")
    browser.find("#buttons summary").click()
    browser.tap("screening")
    browser.wait(lambda: browser.text("#title").endswith("?"), "the question")
    browser.js("document.documentElement.style.fontSize = '200%'")
    covered = (
        "return [...document.querySelectorAll('#title, #detail, #first button')]"
        ".filter((e) => e.checkVisibility()).filter((e) => {"
        " e.scrollIntoView({ block: 'center' }); const at = e.getBoundingClientRect();"
        " return !e.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2));"
        "}).map((e) => e.id || e.value)"
    )
    browser.wait(lambda: browser.js(covered) == [], "nothing to be covered")
    browser.js("document.documentElement.style.fontSize = ''")
    browser.tap("stop")
    browser.wait_text("Ready")


def test_the_keyboard_is_enough(home: Home, browser: Browser) -> None:
    browser.wait_text("Ready")
    reached = []
    for _ in range(12):
        browser.tell("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Tab", "code": "Tab",
                                                "windowsVirtualKeyCode": 9})  # fmt: skip
        reached.append(browser.js("return document.activeElement.textContent"))
    wanted = ["Now", "Routines", "Start", "Stretch", "More"]
    assert [word for word in reached if word in wanted][: len(wanted)] == wanted


def test_without_script_everything_but_the_countdown_is_there(home: Home, browser: Browser) -> None:
    browser.script(on=False)
    browser.open("/routines")
    browser.find("a[href='/routines/page-test']").click()
    browser.wait_text("Stand tall.")
    browser.open("/history?days=28")
    browser.wait_text("What you did")
    browser.open("/settings")
    browser.tap("quieter")
    home.assistant.wait_asked("quieter", "page")
    browser.wait_text("Ready")
    assert not browser.seen("#clock")
    assert "Without script" in browser.text()


def test_routine_and_history_are_printed_without_what_is_for_the_screen(browser: Browser) -> None:
    for path in ("/routines/page-test", "/history"):
        browser.open(path)
        assert browser.printed_pages() == 1
        browser.tell("Emulation.setEmulatedMedia", {"media": "print"})
        assert not browser.seen("nav, button")
        browser.tell("Emulation.setEmulatedMedia", {"media": ""})


def test_a_handout_takes_one_page_or_two(browser: Browser, tmp_path: Path) -> None:
    """On A4 and on Letter, with the week to tick: the longest routines, and short ones that nearly
    fill one page."""
    known = shipped().routines
    longest = max(known.values(), key=lambda one: len(html(one, "")))
    for one, pages in (
        *((longest, 2), (known["lower-back-strength-3"], 2)),
        *((known["mcgill-three"], 1), (known["lying-extension"], 1), (known["morning"], 1)),
    ):
        file = tmp_path / f"{one.id}.html"
        file.write_text(html(one, "As of 30 September 2026."))
        browser.driver.get(file.as_uri())
        assert {paper: browser.printed_pages(paper) for paper in PAPER} == dict.fromkeys(
            PAPER, pages
        )


def test_a_page_that_is_killed_comes_back_and_shows_no_old_countdown(
    home: Home, browser: Browser
) -> None:
    """The coach goes on meanwhile, and the screen goes on with it."""
    assistant = home.assistant
    browser.tap("start")
    browser.wait(lambda: browser.seen("#left"), "a countdown")
    steps = len(assistant.steps)
    os.kill(assistant.child("assistant.outside.page"), signal.SIGKILL)
    browser.wait(lambda: browser.seen("#lost"), "the loss to be told", within_s=1.0)
    assert not browser.seen("#left")
    assert not browser.find("button[value=pause]").is_enabled()
    browser.wait(lambda: not browser.seen("#lost"), "the page again", within_s=6.0)
    browser.wait(lambda: browser.seen("#left"), "a countdown", within_s=1.0)
    told = [step for step in assistant.steps[steps:] if step.event["is"] in ("Lost", "Found")]
    assert not told
    browser.tap("stop")
    assistant.wait_asked("stop", "page")


def test_what_a_browser_loads_stays_small(browser: Browser) -> None:
    """All that a page takes, figures too: under 150 kB, and from nowhere else."""
    for path in ("/", "/routines/lower-back-gentle"):
        browser.open(path)
        loaded = browser.js(
            "return JSON.stringify([...performance.getEntriesByType('resource'),"
            " ...performance.getEntriesByType('navigation')]"
            ".map((e) => [e.name, e.encodedBodySize]))"
        )
        entries = json.loads(loaded)
        assert 5_000 < sum(size for _, size in entries) < 150_000
        assert all(name.startswith(browser.url) for name, _ in entries)
