"""The page's own process, asked by bytes: who is let in to what, and what a stranger may cost."""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.coach.events import Asked, Command, Found, Lost, Part, Source
from assistant.outside.door_protocol import PutOut
from assistant.outside.page.web_server import EACH
from assistant.outside.pairing import Pairing
from tests.outside.hostile import attack
from tests.outside.page_process import HERE, WORD, House, Page, free_port, page_and_house

EVERYWHERE = ("/", "/screen", "/live", "/history", "/settings", "/routines", "/page.js", "/nowhere")


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Page, House]]:
    with page_and_house() as opened:
        yield opened


@pytest.fixture
def page(both: tuple[Page, House]) -> Page:
    return both[0]


@pytest.fixture
def house(both: tuple[Page, House]) -> House:
    return both[1]


@pytest.fixture(scope="module")
def device(both: tuple[Page, House]) -> str:
    page, house = both
    return page.let_in(house)


# --- who is let in ------------------------------------------------------------


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_stranger_learns_that_there_is_a_page_and_no_more(page: Page, path: str) -> None:
    """The same question for six digits at every path; not even the program's name."""
    reply = page.ask("GET", path)
    assert reply.status == 403
    assert "Six digits" in reply.text
    assert reply.text == page.ask("GET", "/").text
    assert not {"Server", "Set-Cookie"} & set(reply.headers)
    assert "Exercise" not in reply.text


def test_the_right_code_lets_a_device_in_once(page: Page, house: House) -> None:
    code = house.code()
    reply = page.ask("POST", "/pair", f"code={code[:3]}+{code[3:]}")
    cookie = reply.headers["Set-Cookie"]
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    token = cookie.partition(";")[0].partition("=")[2]
    assert page.ask("GET", "/", cookie=token).status == 200
    assert page.ask("POST", "/pair", f"code={code}").status == 403


def test_three_wrong_codes_of_one_device_spend_it_for_that_one(page: Page, house: House) -> None:
    code = house.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    told = [page.ask("POST", "/pair", f"code={wrong}").text for _ in range(3)]
    assert all("Look again" in text for text in told[:2])
    assert "too often" in told[2]
    assert "too often" in page.ask("POST", "/pair", f"code={code}").text
    elsewhere = ("127.0.0.2", 0)
    with closing(HTTPConnection(HERE, page.port, timeout=15, source_address=elsewhere)) as line:
        origin = {"Origin": f"http://{HERE}:{page.port}"}
        line.request("POST", "/pair", f"code={code}", origin)
        assert line.getresponse().status == 303


def test_a_broken_cookie_is_a_stranger_s(page: Page) -> None:
    for value in ("x", '"', "a" * 2000, "%00", "a; device=b"):
        assert page.ask("GET", "/", cookie=value).status == 403


def test_what_others_left_in_a_browser_locks_nobody_out(page: Page, device: str) -> None:
    """A browser sends the cookies of all that is served at one address, whatever its port."""
    for others in ('theme={"dark": true}', "a b=c", "device=x", "path=/", "x"):
        reply = page.ask("GET", "/", Cookie=f"{others}; device={device}; y=[1, 2]")
        assert reply.status == 200, others


def test_a_device_that_is_put_out_is_out_at_once(page: Page, house: House) -> None:
    """Its open line ends, too."""
    token = page.let_in(house)
    mine = house.pairing.devices().devices[-1]
    with closing(live(page, token)) as line:
        assert b"event: now" in line.recv(4096)
        house.pairing.put_out(PutOut(0, mine.token_hash))
        rest = b""
        while b"event: out" not in rest:
            rest += line.recv(4096)
    assert page.ask("GET", "/", cookie=token).status == 403


def test_a_code_is_shown_to_who_may_do_everything(page: Page, house: House, device: str) -> None:
    """To the camera of another phone, too; not to who may only watch, who could let itself in."""
    watcher = page.let_in(house, watch_only=True)
    code = house.code()
    page.wait_for(f"{code[:3]} {code[3:]}", device)
    picture = page.ask("GET", "/code.svg", cookie=device)
    assert (picture.status, picture.text[:4]) == (200, "<svg")
    assert page.ask("GET", "/code.svg", cookie=watcher).status == 404
    assert code[:3] + " " not in page.ask("GET", "/", cookie=watcher).text
    page.ask("POST", "/pair", f"code={code}")
    assert page.ask("GET", "/code.svg", cookie=device).status == 404


def test_devices_are_known_again_by_another_process(page: Page, house: House, device: str) -> None:
    """What is kept of them is not what they show."""
    file = house.folder / "devices.json"
    again = Pairing(file, time.monotonic)
    assert again.devices().devices == house.pairing.devices().devices
    assert device not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_may_only_watch_sees_and_can_do_nothing(page: Page, house: House, device: str) -> None:
    token = page.let_in(house, watch_only=True)
    assert "<button" not in page.ask("GET", "/", cookie=token).text
    assert page.ask("GET", "/history", cookie=token).status == 404
    assert page.ask("POST", "/ask", "ask=start", cookie=token).status == 403
    page.ask("POST", "/ask", "ask=start", cookie=device)
    page.ask("POST", "/ask", "ask=hurts", cookie=device)
    asked = "go down your leg"
    assert asked in page.ask("GET", "/", cookie=device).text
    assert asked not in page.ask("GET", "/", cookie=token).text
    page.ask("POST", "/ask", "ask=stop", cookie=device)


# --- what is answered ---------------------------------------------------------


def test_a_tap_is_a_command_like_any_other(page: Page, house: House, device: str) -> None:
    reply = page.ask("POST", "/ask", "ask=louder", cookie=device, Accept="application/json")
    assert (reply.status, json.loads(reply.text)["obeyed"]) == (200, True)
    assert Asked(Command.LOUDER, Source.PAGE) in house.events


def test_without_script_a_tap_leads_back_or_says_why_not(page: Page, device: str) -> None:
    assert page.ask("POST", "/ask", "ask=louder", cookie=device).status == 303
    reply = page.ask("POST", "/ask", "ask=resume", cookie=device)
    assert reply.status == 409
    assert "<h1>Not just now</h1>" in reply.text


@pytest.mark.parametrize("name", ["", "quit", "start:../x", "number-11", "pause ", "wake"])
def test_nothing_but_buttons_can_be_asked_for(page: Page, device: str, name: str) -> None:
    assert page.ask("POST", "/ask", f"ask={name}", cookie=device).status == 400


def test_settings_are_kept_and_what_can_not_be_is_said(
    page: Page, house: House, device: str
) -> None:
    """In the person's own file, with their comments; one wrong value keeps no other one out."""
    before = house.config_file.read_text()
    house.config_file.write_text(f"# mine\n{before}")
    body = "voice.volume=0.4&voice.rate_wpm=fast&hours.monday=8:00-12:00&page.address=10.9.8.7"
    reply = page.ask("POST", "/settings", body, cookie=device)
    assert "expected a whole number from 80 to 300" in reply.text
    kept = house.config_file.read_text()
    assert kept.startswith("# mine")
    assert "volume = 0.4" in kept
    assert 'monday = "8:00-12:00"' in kept
    assert "10.9.8.7" not in kept
    shown = page.ask("GET", "/settings", cookie=device).text
    assert 'value="0.4" inputmode=decimal' in shown, "a phone shows its digits"
    assert "volume 40%" in shown, "it holds at once"
    house.config_file.write_text(before)


def test_a_setting_that_is_kept_holds_at_once_or_says_from_when(
    page: Page, house: House, device: str
) -> None:
    """By the same command as if it had been said; also where the file can't be written."""
    own, before = house.config_file, house.config_file.read_text()
    body = "reminder.sit_min=0x23&hours.on=false&voice.rate_wpm=0x8c&session.floor=false"
    shown = page.ask("POST", "/settings", body, cookie=device).text
    assert "speed 140" in shown
    assert Asked(Command.INTERVAL, Source.PAGE, seconds=2100.0) in house.events
    assert Asked(Command.NO_FLOOR, Source.PAGE) in house.events
    wished = "nothing there is led now"
    assert wished in shown, "whoever said it"
    page.ask("POST", "/ask", "ask=floor", cookie=device, Accept="application/json")
    assert wished not in page.ask("GET", "/settings", cookie=device).text
    house.config_file = own / "config.toml"  # below a file there can be none
    try:
        reply = page.ask("POST", "/settings", "voice.volume=0.3", cookie=device)
        assert "sudo assistant config set voice.volume 0.3" in reply.text
        assert "volume 30%" in reply.text
        assert "from the next start" in reply.text
    finally:
        house.config_file = own
        own.write_text(before)


def test_the_past_is_shown_to_who_was_let_in(page: Page, device: str) -> None:
    """Its own style sheet is allowed by its sum, and nothing else is."""
    reply = page.ask("GET", "/history?days=28", cookie=device)
    assert WORD in reply.text
    assert "style-src 'self' 'sha256-" in reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


def test_another_site_can_ask_for_nothing(page: Page, device: str) -> None:
    """Through the browser of who was let in, or under a name of its own for our address."""
    own = f"{HERE}:{page.port}"
    for origin in ("http://evil.example", "null", f"https://{own}", ""):
        reply = page.ask("POST", "/ask", "ask=louder", cookie=device, Origin=origin)
        assert (reply.status, reply.text) == (403, "")
    for host in ("evil.example", f"evil.example:{page.port}", HERE, f"{HERE}:1", "[::1]:1"):
        assert page.ask("GET", "/", cookie=device, Host=host).status == 421
    assert page.ask("GET", "/", cookie=device, Host=f"localhost:{page.port}").status == 200


# --- what it may cost ---------------------------------------------------------


def test_hundreds_of_hostile_requests_change_nothing(page: Page, house: House, device: str) -> None:
    """No traceback, no leak, nobody locked out; `python -m tests.outside.hostile` sends more."""
    attack(page, house, 60, seed=1)
    before = page.descriptors()
    told = attack(page, house, 240)
    assert told["403"] > 5
    assert page.ask("GET", "/", cookie=device).status == 200
    assert page.descriptors() <= before + 2
    assert page.log.read_text() == ""


def test_slow_strangers_keep_nobody_out(page: Page, device: str) -> None:
    """Who holds lines open and says nothing is dropped for who comes later."""
    lines = [socket.create_connection((HERE, page.port)) for _ in range(2 * EACH)]
    try:
        lines[-1].sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert page.ask("GET", "/", cookie=device).status == 200
        lines[0].settimeout(5)
        assert lines[0].recv(1) == b""
    finally:
        for line in lines:
            line.close()


def test_a_stranger_who_comes_again_and_again_drops_nobody_who_is_just_coming(
    page: Page, device: str
) -> None:
    """Until its first request a device is a stranger, too; but one of another address."""
    with closing(HTTPConnection(HERE, page.port, timeout=15)) as mine:
        mine.connect()
        elsewhere = ("127.0.0.2", 0)
        lines = [
            socket.create_connection((HERE, page.port), 15, elsewhere) for _ in range(2 * EACH)
        ]
        try:
            lines[0].settimeout(5)
            assert lines[0].recv(1) == b""  # all of them have come
            mine.request("GET", "/", headers={"Cookie": f"device={device}"})
            assert mine.getresponse().status == 200
        finally:
            for line in lines:
                line.close()


def test_one_device_with_many_screens_keeps_no_other_one_out(
    page: Page, house: House, device: str
) -> None:
    watcher = page.let_in(house, watch_only=True)
    lines = [live(page, watcher) for _ in range(3 * EACH)]
    try:
        with closing(live(page, device)) as mine:
            assert b"event: now" in mine.recv(4096)
        assert b"event: now" in lines[-1].recv(4096)
        while lines[0].recv(4096):
            pass
        assert page.descriptors() < 2 * EACH
    finally:
        for line in lines:
            line.close()


def test_who_asks_too_often_is_told_to_wait(page: Page, device: str) -> None:
    """A stranger does not use up what a device of the house may ask."""
    told = [page.once("GET", "/").status for _ in range(100)]
    assert 429 in told
    assert page.once("GET", "/", cookie=device).status == 200
    told = [page.once("GET", "/history", cookie=device).status for _ in range(150)]
    assert 429 in told


# --- what doesn't work ------------------------------------------------------------


def test_a_port_in_use_is_said_with_the_cure_and_tried_again(tmp_path: Path) -> None:
    """By the coach, once; and when the port is free the page is there by itself."""
    house = House(tmp_path)
    with closing(socket.create_server((HERE, 0))) as other:
        port = other.getsockname()[1]
        page = Page(tmp_path, port)
        lost = house.wait(Lost)
        assert isinstance(lost, Lost)
        assert lost.part is Part.PAGE
        assert lost.reason == "another program uses its port"
        assert f"config set page.port {port + 1}" in page.log.read_text()
    try:
        assert house.wait(Found) == Found(Part.PAGE)
        assert page.ask("GET", "/").status == 403
    finally:
        page.close()
        house.close()


def test_while_the_coach_is_away_the_page_says_so(tmp_path: Path) -> None:
    """Nobody is let in then, and nothing old is shown."""
    house = House(tmp_path)
    page = Page(tmp_path, free_port())
    try:
        token = page.let_in(house)
        house.close()
        page.wait_for("comes back by itself", token)
        reply = page.ask("POST", "/ask", "ask=start", cookie=token)
        assert (reply.status, "running at the moment" in reply.text) == (503, True)
    finally:
        page.close()


# --- a countdown ----------------------------------------------------


def test_a_countdown_is_told_with_what_is_left_of_it(page: Page, device: str) -> None:
    """At once, and again each second."""
    page.ask("POST", "/ask", "ask=start", cookie=device)
    with closing(live(page, device)) as line:
        text = b""
        while text.count(b"\n\n") < 4:
            text += line.recv(4096)
    page.ask("POST", "/ask", "ask=stop", cookie=device)
    told = [json.loads(one.split(b"data: ")[1]) for one in text.split(b"\n\n") if b"data: " in one]
    clocks = [one["clock"] for one in told if one["clock"]]
    assert len({clock["name"] for clock in clocks}) == 1
    passed_s = clocks[0]["left_s"] - clocks[-1]["left_s"]
    assert 0.9 * (len(clocks) - 1) < passed_s < 1.5 * len(clocks)


JUMPS = """\
import itertools, time
real, hours = time.time, itertools.cycle((0, 1, -1))
time.time = lambda: real() + 3600 * next(hours)
"""


def test_a_clock_that_jumps_changes_no_countdown_and_no_code(tmp_path: Path) -> None:
    """The page's process sees a wall clock that is an hour ahead or behind each time it is read."""
    (tmp_path / "sitecustomize.py").write_text(JUMPS)
    house = House(tmp_path)
    page = Page(tmp_path, free_port(), PYTHONPATH=str(tmp_path))
    try:
        token = page.let_in(house)
        page.ask("POST", "/ask", "ask=start", cookie=token)
        with closing(live(page, token)) as line:
            text = b""
            while text.count(b"event: beat") < 2:
                text += line.recv(4096)
        lefts = [float(left) for left in re.findall(rb'"left_s": ?([0-9.]+)', text)]
        assert len(lefts) > 1
        assert all(0 < one - other < 3 for one, other in pairwise(lefts)), lefts
        good = replace(house.pairing.devices(), code="407312", code_until=time.monotonic() + 1.0)
        house.door.notify(good)
        page.wait_for("407 312", token)
        while "407 312" in page.ask("GET", "/", cookie=token).text:
            assert time.monotonic() < good.code_until + 2.0, "good for longer"
        assert time.monotonic() >= good.code_until
    finally:
        page.close()
        house.close()


def live(page: Page, token: str) -> socket.socket:
    """An open line of a screen, past its headers."""
    line = socket.create_connection((HERE, page.port), 5)
    line.sendall(
        f"GET /live HTTP/1.1\r\nHost: {HERE}:{page.port}\r\nCookie: device={token}\r\n\r\n".encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += line.recv(1)
    assert b"200" in head.split(b"\r\n")[0], head
    return line
