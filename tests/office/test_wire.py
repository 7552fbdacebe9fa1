"""Five desks, their office and a real broker with the rights that `assistant office setup` makes:
what goes over the wire, who may say and read it, and what comes out at the end."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

import pytest

from assistant import config
from assistant.cli import main, office_broker
from assistant.coach.effects import Doing, Effect, Expects, Lamp, Record, Situation, View
from assistant.coach.events import Event, Found, Lost, Offered, Part
from assistant.content.routine_reader import load_usable
from assistant.machine import places
from assistant.machine.messages import encode
from assistant.machine.single_instance import only_instance
from assistant.office import office_folder, rights, seal
from assistant.office.member import Member, Place
from assistant.office.sums import week_of
from assistant.office.topics import ROOT, HandedOut, group_of, handed_to, of_desk
from assistant.outside.broker_access import Access, Trouble
from assistant.outside.mqtt_broker import (
    Connected,
    Connection,
    Denied,
    Disconnected,
    Fact,
    Heard,
    Message,
)
from assistant.outside.office import Carrier
from assistant.outside.unix_door import Door
from tests.eventually import eventually
from tests.mosquitto import Mosquitto, free_port, needed, running

pytestmark = [needed, pytest.mark.xdist_group("office at its broker")]
README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
MONDAY = date(2026, 11, 30)
DESKS = [f"sales-{n}" for n in range(1, 6)]
BREAK = """\
id = "office-break"
name = "Office break"
exercise = [{ use = "desk-back-bend" }]
"""


@dataclass
class House:
    """An office's folder and its broker."""

    folder: Path
    broker: Mosquitto
    spy: str = "spy-password"

    def access(self, user: str) -> Access:
        if user == "spy":
            file = self.folder / "spy.password"
            file.write_text(self.spy)
        elif user in DESKS:
            file = self.folder / f"{user}.password"
            found = office_folder.invitation(self.folder / "desks" / f"{user}.json")
            file.write_text(found.password)
        else:
            file = office_folder.password_file(self.folder, user)
        return Access(host="127.0.0.1", port=self.broker.port, user=user, password_file=file)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("office")
    assert main(["office", "setup", str(folder)]) == 0  # writes an example
    assert main(["office", "setup", str(folder)]) == 0
    conf = (
        (folder / "broker" / "office.conf")
        .read_text()
        .replace("/etc/mosquitto/office", str(folder / "broker"))
    )
    with (folder / "broker" / "passwords").open("a") as file:
        file.write(rights.passwords({"spy": House.spy}))
    with (folder / "broker" / "rights").open("a") as file:
        file.write("\nuser spy\ntopic read #\n")
    more = re.sub(r"(?m)^listener .*$", "", conf)
    with running(tmp_path_factory.mktemp("broker"), more) as broker:
        path = folder / office_folder.DESKS
        text = path.read_text().replace("broker.example.org", "127.0.0.1")
        path.write_text(re.sub(r"port = \d+", f"port = {broker.port}", text))
        yield House(folder, broker)


class Line:
    """A connection, and what came over it."""

    def __init__(self, house: House, user: str, *filters: str, called: str = "") -> None:
        self.facts: SimpleQueue[Fact] = SimpleQueue()
        self.heard: list[Heard] = []
        access = house.access(user)
        self.line = Connection(access, called or user, self.facts.put, filters=filters)
        self.line.start()
        self.until(lambda fact: isinstance(fact, Connected))

    def until(self, found: Callable[[Fact], bool], within_s: float = 10.0) -> Fact:
        limit = time.monotonic() + within_s
        while True:
            try:
                fact = self.facts.get(timeout=max(0.0, limit - time.monotonic()))
            except Empty:
                raise AssertionError("it didn't come") from None
            if isinstance(fact, Heard):
                self.heard.append(fact)
            if found(fact):
                return fact

    def heard_on(self, topic: str, payload: bytes | None = None) -> bytes:
        def it(fact: Fact) -> bool:
            same = isinstance(fact, Heard) and fact.topic == topic
            return same and (payload is None or fact.payload == payload)  # type: ignore[union-attr]

        fact = self.until(it)
        assert isinstance(fact, Heard)
        return fact.payload


@contextmanager
def line(house: House, user: str, *filters: str, called: str = "") -> Iterator[Line]:
    one = Line(house, user, *filters, called=called)
    try:
        yield one
    finally:
        one.line.close()


# --- rights -------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["about", "here", "has", "sums"])
def test_with_a_desks_password_nobody_speaks_for_another_desk(house: House, what: str) -> None:
    mine, anothers = of_desk("sales-1", what), of_desk("sales-2", what)
    with line(house, "sales-1") as thief, line(house, "spy", "#") as spy:
        thief.line.publish(Message(mine, b"stolen", sure=True))
        spy.heard_on(mine)
        thief.line.publish(Message(anothers, b"stolen", sure=True))
        thief.until(lambda fact: fact == Denied(anothers))
        assert anothers not in [one.topic for one in spy.heard]


@pytest.mark.parametrize(
    "topic", [handed_to(""), handed_to("sales"), group_of("sales-1"), "homeassistant/x", "$SYS/x"]
)
def test_with_a_desks_password_nobody_speaks_for_the_office(house: House, topic: str) -> None:
    with line(house, "sales-1") as thief:
        thief.line.publish(Message(topic, b"forged", sure=True))
        thief.until(lambda fact: fact == Denied(topic))


def test_with_a_desks_password_nobody_reads_what_is_anothers(house: House) -> None:
    """Whatever one listens to, one hears what is handed out and one's own group, and no more."""
    with line(house, "sales-2") as other, line(house, "office") as office:
        other.line.publish(Message(of_desk("sales-2", "about"), b"private", retain=True, sure=True))
        office.line.publish(Message(group_of("sales-2"), b"private", retain=True, sure=True))
        with line(house, "sales-1", "#", "$SYS/#") as thief:
            for topic in (of_desk("sales-2", "has"), of_desk("sales-2", "sums")):
                other.line.publish(Message(topic, b"private", sure=True))
            office.line.publish(Message(group_of("sales-1"), b"mine", sure=True))
            thief.heard_on(group_of("sales-1"), b"mine")
            office.line.publish(Message(f"{ROOT}/out/mark", b"", sure=True))
            thief.heard_on(f"{ROOT}/out/mark")
            assert b"private" not in [one.payload for one in thief.heard]
        for topic in (of_desk("sales-2", "about"), group_of("sales-2")):
            (other if "desk" in topic else office).line.publish(Message(topic, b"", retain=True))


def test_with_a_desks_password_nobody_takes_anothers_place(house: House) -> None:
    """A connection that calls itself as another desk's would end that one's, by the protocol."""
    with line(house, "sales-2") as other:
        with line(house, "sales-1", called="sales-2") as thief:
            thief.line.publish(Message(of_desk("sales-1", "has"), b"{}", sure=True))
            other.line.publish(Message(of_desk("sales-2", "has"), b"", sure=True))
        with pytest.raises(AssertionError, match="didn't come"):
            other.until(lambda fact: True, within_s=0.3)


def test_the_board_can_only_look(house: House) -> None:
    with line(house, "office-board") as board:
        board.line.publish(Message(handed_to(""), b"forged", sure=True))
        board.until(lambda fact: fact == Denied(handed_to("")))


# --- five desks, a month -------------------------------------------------------------


NOTHING = Situation(Doing.WAITING, View("", "", Lamp.IDLE), (), Expects.NOTHING)


@dataclass
class Desk:
    """The real process's carrier behind a real door, in a thread, with a calendar of its own."""

    name: str
    folder: Path
    house: House
    today: date = MONDAY
    exits: ExitStack = field(default_factory=ExitStack)

    def open(
        self,
        post: Callable[[Event], None] = lambda _: None,
        typed: str = "",
        coach: bool = True,
        **more: object,
    ) -> "Desk":
        if coach:
            self.door: Door[None] = Door(post, lambda _: NOTHING, [self.folder / "door"])
            self.exits.callback(self.door.close)
        found = office_folder.invitation(self.house.folder / "desks" / f"{self.name}.json")
        place = Place(found.desk, found.key, found.team, sums=True, **more)  # type: ignore[arg-type]
        shipped = [places.folder("routines")]
        self.member = Member(place, self.folder / "state", shipped)
        access = self.house.access(self.name)
        if typed and access.password_file is not None:
            access.password_file.write_text(typed)
        self.carrier = Carrier(
            self.member,
            access,
            [self.folder / "door"],
            today=lambda: self.today,
        )
        thread = Thread(target=self.carrier.run, daemon=True)
        thread.start()
        self.exits.callback(thread.join, 5)
        self.exits.callback(self.carrier.end)
        return self

    def happens(self, *records: Effect) -> None:
        self.door.saw(None, records, None)

    def close(self) -> None:
        self.exits.close()


A_DAY = (
    Record("screening", "surgery", value=1),
    Record("session_start", "desk-break"),
    Record("pain", "before", value=7),
    Record("break_due"),
    Record("break_taken", seconds=41.5, detail="voice"),
    Record("exercise", "back-bend", seconds=125.0, reps=3, detail="hurt"),
    Record("session_end", "desk-break", detail="hurt"),
    Record("level", "bridge", value=-1),
    Record("absence", seconds=1800.0, detail="lunch"),
    Record("command", "meeting", detail="voice"),
    Record("break_due"),
    Record("break_snoozed", seconds=300.0),
    Record("told", "back-bend"),
)


def desks_that_told(spy: Line, what: bytes) -> set[str]:
    """The desks in whose message about weeks this stood."""
    return {
        one.topic.split("/")[2]
        for one in spy.heard
        if one.topic.endswith("/sums") and what in one.payload
    }


def wire_table() -> dict[str, str]:
    """The README's table: what goes over the wire, and the row that tells of it."""
    found = re.search(r"<!-- office table -->\n(.*?)<!-- /office table -->", README, re.S)
    assert found is not None
    rows = [row.strip("| ").split(" | ") for row in found[1].strip().splitlines()[2:]]
    return {row[2].strip("` "): row[0] for row in rows if row[2].strip("` ") != "nothing"}


def test_the_wire_holds_what_the_readme_says_and_the_office_reads_sums_alone(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five people live through a week, with pain, answers and breaks; the whole wire is read."""
    desks = [Desk(name, tmp_path / name, house) for name in DESKS]
    with ExitStack() as exits, line(house, "spy", "#") as spy:
        for number, desk in enumerate(desks):
            exits.callback(desk.close)
            desk.open(name="Ada" if number == 0 else "")
        spy.until(lambda _: set(DESKS) == desks_that_told(spy, b""))

        # The office hands out a routine and makes a group of the five.
        (house.folder / "all" / "office-break.toml").write_text(BREAK)
        assert office_broker.publish(house.folder) == 0
        assert "5 desks are summed, in 1 groups" in capsys.readouterr().out
        for desk in desks:
            eventually(lambda desk=desk: (desk.folder / "state/all/office-break.toml").exists())  # type: ignore[misc]
            eventually(lambda desk=desk: bool(desk.member._memory.groups))  # type: ignore[misc]

        # A week passes: next week's days are counted, and not a word goes out meanwhile.
        before = len(spy.heard)
        for desk in desks:
            desk.today = MONDAY + timedelta(weeks=1)
            for _ in range(4):
                desk.happens(*A_DAY)
            week = week_of(desk.today)
            eventually(
                lambda desk=desk, week=week: (  # type: ignore[misc]
                    desk.member._memory.weeks.get(week) is not None
                    and desk.member._memory.weeks[week].breaks_due == 8
                    and desk.member._memory.weeks[week].sessions == 4
                )
            )
        with line(house, "office") as office:
            office.line.publish(Message(f"{ROOT}/out/mark", b"2", sure=True))
            spy.heard_on(f"{ROOT}/out/mark", b"2")
        said = [one for one in spy.heard[before:] if "/desk/" in one.topic]
        assert [
            one.topic.rpartition("/")[2]
            for one in said
            if b'weeks":{}' not in one.payload and not one.topic.endswith("has")
        ] == []

        # It has ended: each desk's next connection tells it.
        for desk in desks:
            desk.close()
            desk.exits = ExitStack()
            desk.today = MONDAY + timedelta(weeks=2)
            desk.open(name="Ada" if desk is desks[0] else "")
        spy.until(lambda _: set(DESKS) == desks_that_told(spy, b"masked"))
        assert office_broker.show(house.folder, once=True) == 0
        told = capsys.readouterr().out
        assert re.search(r"sales +5 +20 taken, 40 due +20 +40", told), told
        assert "Ada   sales  on" in told
        assert "What is handed out to all lies at 5 of 5 desks." in told

        # All that the desks ever said.
        said = [one for one in spy.heard if "/desk/" in one.topic]
        kinds = {one.topic.rpartition("/")[2] for one in said}
        assert {f"desk/ID/{kind}" for kind in kinds} == set(wire_table())
        text = b"\n".join(one.payload for one in said).decode()
        for word in (
            "pain",
            "bend",
            "hurt",
            "surgery",
            "lunch",
            "meeting",
            "snooz",
            "taken",
            "break",
            "session",
            "41.5",
            "voice",
            "minut",
        ):
            assert word not in text, word
        keys = {
            key
            for one in said
            if one.payload[:1] == b"{"
            for key in re.findall(r'"([a-z_]+)":', one.payload.decode())
        }
        assert keys <= {"is", "key", "name", "versions", "sales", "weeks", "group", "masked"}
        numbers = [
            share["masked"]
            for one in said
            if b"masked" in one.payload
            for share in json.loads(one.payload)["weeks"].values()
        ]
        assert [8, 4, 4, 8] not in numbers
        assert len({tuple(one) for one in numbers}) == len(DESKS)


def test_a_desk_that_was_off_has_what_was_handed_out_when_it_comes(
    house: House, tmp_path: Path
) -> None:
    """The broker keeps it; the routine can be led beside all others."""
    (house.folder / "team-sales" / "sunday.toml").write_text(
        BREAK.replace("office-break", "sunday").replace("Office break", "Sunday")
    )
    assert office_broker.publish(house.folder) == 0
    desk = Desk("sales-5", tmp_path / "late", house)
    try:
        desk.open()
        eventually((tmp_path / "late/state/team/sunday.toml").exists)
        folders = [tmp_path / "late/state/all", tmp_path / "late/state/team"]
        library, problems = load_usable([places.folder("routines"), *folders])
        assert not problems
        assert "sunday" in library.routines
    finally:
        desk.close()


def test_what_the_office_did_not_sign_is_not_led_though_the_broker_has_it(
    house: House, tmp_path: Path
) -> None:
    """Somebody got hold of the office's password, but not of its key."""
    (house.folder / "all" / "office-break.toml").write_text(BREAK)
    assert office_broker.publish(house.folder) == 0
    forged = seal.signed('{"is":"HandedOut"}', seal.new_secret()).encode()
    desk = Desk("sales-4", tmp_path / "forged", house)
    with line(house, "office") as office:
        office.line.publish(Message(handed_to("sales"), forged, retain=True, sure=True))
        try:
            desk.open()
            eventually((tmp_path / "forged/state/all/handed-out.json").exists)
            assert not (tmp_path / "forged/state/team").exists()
        finally:
            desk.close()
    assert office_broker.publish(house.folder) == 0  # puts it right


def test_a_flood_is_looked_at_by_its_newest_message_and_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It fills no memory, and what the office says after it is heard."""
    secret = seal.new_secret()
    place = Place("d1", seal.verify_key(secret), "sales")
    member = Member(place, tmp_path / "state", [places.folder("routines")])
    nowhere = Access(host="127.0.0.1", port=free_port())
    carrier = Carrier(member, nowhere, [tmp_path], today=lambda: MONDAY)
    topics = (handed_to(""), "of/nobody")
    for number in range(1000):
        carrier._hear(Heard(topics[number % 2], b"x" * number, True, 0.0))
    signed = seal.signed(encode(HandedOut("", 1, {"office-break": BREAK}, {})), secret)
    carrier._hear(Heard(handed_to("sales"), b"nonsense", True, 0.0))
    carrier._hear(Heard(handed_to(""), signed.encode(), True, 0.0))
    carrier.end()
    carrier.run()
    assert (tmp_path / "state/all/handed-out.json").exists()
    refused = [one for one in caplog.messages if "refused" in one]
    assert refused == ["what came from the office's broker is refused: it is not signed"]


def test_a_password_that_the_broker_does_not_take_is_told_once_at_the_desk(
    house: House, tmp_path: Path
) -> None:
    """A connection is tried for ever; a person is told what only a person can mend."""
    desk = Desk("sales-3", tmp_path / "wrong", house)
    told: SimpleQueue[Event] = SimpleQueue()
    try:
        desk.open(told.put, typed="wrong")
        lost = told.get(timeout=15)
        assert isinstance(lost, Lost)
        assert (lost.part, "password" in lost.reason) == (Part.BROKER, True)
        assert told.empty()
    finally:
        desk.close()


def test_a_coach_that_comes_later_is_told_what_is_wrong(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker's word comes before the coach is there, and it says no other for a minute."""
    monkeypatch.setattr("assistant.outside.office.KNOCK_S", 0.05)
    desk = Desk("sales-3", tmp_path / "later", house)
    told: SimpleQueue[Event] = SimpleQueue()
    try:
        desk.open(typed="wrong", coach=False)
        eventually(lambda: bool(desk.carrier._unwell))
        for _ in range(2):
            door: Door[None] = Door(told.put, lambda _: NOTHING, [tmp_path / "later" / "door"])
            lost = told.get(timeout=15)
            door.close()
            assert isinstance(lost, Lost)
            assert "password" in lost.reason
    finally:
        desk.close()


def test_what_went_wrong_while_the_coach_came_is_told_once(tmp_path: Path) -> None:
    """The broker refuses just when the door has opened, and nobody has looked at that yet."""
    place = Place("d1", seal.verify_key(seal.new_secret()), "sales")
    member = Member(place, tmp_path / "state", [places.folder("routines")])
    nowhere = Access(host="127.0.0.1", port=free_port())
    carrier = Carrier(member, nowhere, [tmp_path / "door"], today=lambda: MONDAY)
    told: SimpleQueue[Event] = SimpleQueue()
    door: Door[None] = Door(told.put, lambda _: NOTHING, [tmp_path / "door"])
    Thread(target=carrier._visit, daemon=True).start()
    opened = carrier._inbox.get(timeout=15)
    for fact in (Disconnected(Trouble("no", "mend it", aloud="no password")), opened, Connected()):
        carrier._take(fact)
    events = [told.get(timeout=15), told.get(timeout=15)]
    door.close()
    assert events == [Lost(Part.BROKER, "no password"), Found(Part.BROKER)]


def test_what_is_handed_out_is_told_to_the_coach_once(house: House, tmp_path: Path) -> None:
    """Also where the desk is switched off and on again; a person is told, and decides."""
    file = house.folder / "all" / "office-break.toml"
    file.write_text(BREAK)
    assert office_broker.publish(house.folder) == 0
    desk = Desk("sales-5", tmp_path / "told", house)
    came: SimpleQueue[Event] = SimpleQueue()
    told: list[str] = []

    def until(name: str) -> None:
        while name not in told:
            new = came.get(timeout=15)
            assert isinstance(new, Offered)
            told.extend(new.routines)

    try:
        desk.open(came.put)
        until("Office break")
        desk.close()
        desk.open(came.put)
        file.write_text(BREAK.replace("Office break", "Stairs"))
        assert office_broker.publish(house.folder) == 0
        until("Stairs")
        assert told.count("Office break") == 1
    finally:
        desk.close()


# --- the office's commands -------------------------------------------------------------


def test_whoever_sets_up_an_office_hears_where_its_desks_look_for_the_broker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Run twice with nothing changed, that is the example's."""
    for told in ("put your broker and your desks there", "at broker.example.org, port 1883"):
        assert main(["office", "setup", str(tmp_path)]) == 0
        assert told in capsys.readouterr().out


# --- a desk's commands -----------------------------------------------------------------


def test_a_desk_joins_takes_what_is_suggested_and_refuses_a_routine(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert main(["office", "join", str(house.folder / "desks" / "sales-1.json")]) == 0
    found = config.load()
    assert (found.office.on, found.office.desk, found.office.team) == (True, "sales-1", "sales")
    assert (found.office.sums, found.office.name) == (False, "")
    assert Path(found.office.password_file).stat().st_mode & 0o777 == 0o600

    (house.folder / "all" / "office-break.toml").write_text(BREAK)
    (house.folder / "all" / "suggestion.toml").write_text(
        '[hours]\non = true\nmonday = "9:00-17:00"\n[reminder]\nsit_min = 30\n'
    )
    assert office_broker.publish(house.folder) == 0
    office = found.office
    place = Place(office.desk, office.key, office.team, "Ada", sums=True)
    member = Member(place, places.office_folder(), [places.folder("routines")])
    decided = office_folder.ledger(house.folder)
    said = office_folder.messages(decided, office_folder.secret_key(house.folder))
    member.heard(handed_to(""), said[handed_to("")], MONDAY)
    assert member.news == (("Office break",), True)

    capsys.readouterr()
    assert main(["office", "offered"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"office-break +the office +led", told)
    assert main(["office"]) == 0
    assert capsys.readouterr().out == told
    assert 'monday = "9:00-17:00"' in told
    assert main(["office", "take"]) == 0
    taken = config.load()
    assert (taken.hours.on, taken.hours.monday, taken.reminder.sit_min) == (True, "9:00-17:00", 30)

    assert main(["office", "refuse", "office-break"]) == 0
    assert config.load().office.refused == ("office-break",)
    assert not (places.office_folder() / "all" / "office-break.toml").exists()
    assert main(["office", "refuse", "something"]) == 4
    assert main(["office", "accept", "something"]) == 4
    assert main(["office", "accept", "office-break"]) == 0
    assert (places.office_folder() / "all" / "office-break.toml").exists()
    assert main(["routines"]) == 0
    assert '"start office break" (from your office)' in capsys.readouterr().out

    assert main(["config", "set", "office.port", str(house.broker.port)]) == 0
    assert main(["config", "set", "office.host", "127.0.0.1"]) == 0
    with line(house, "sales-1") as own:
        for one in member.greeting(MONDAY):
            own.line.publish(Message(one.topic, one.text.encode(), retain=True, sure=True))
    with only_instance(places.writable_folders()):  # it would take all that back
        assert main(["office", "leave"]) == 5
        assert config.load().office.on
        assert (places.office_folder() / "all").exists()
    assert main(["office", "leave"]) == 0
    assert not config.load().office.on
    assert not (places.office_folder() / "all").exists()
    kinds = {"about", "has", "sums", "here"}
    with line(house, "spy", of_desk("sales-1", "+")) as spy:
        spy.until(lambda _: {one.topic.rpartition("/")[2] for one in spy.heard} == kinds)
        said = {one.topic.rpartition("/")[2]: one.payload for one in spy.heard}
    assert said["here"] == b"gone"
    assert json.loads(said["about"]) == {"is": "About", "key": "", "name": ""}
    assert json.loads(said["sums"]) == {"is": "Told", "weeks": {}}
    assert main(["office", "leave"]) == 3


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("bad.toml", BREAK.replace("desk-back-bend", "sit-up"), "crunches and sit-ups"),
        ("bad.toml", "id =", "bad.toml, line 1"),
        ("suggestion.toml", "[voice]\nvolume = 1\n", "may suggest hours, intervals, reminder"),
        ("suggestion.toml", '[hours]\nmonday = "nine"\n', 'write monday = "9:00-18:00"'),
        ("suggestion.toml", "[hours", "suggestion.toml"),
    ],
)
def test_what_cannot_be_led_or_suggested_is_not_handed_out(
    house: House, capsys: pytest.CaptureFixture[str], file: str, text: str, why: str
) -> None:
    path = house.folder / "all" / file
    before = path.read_text() if path.exists() else None
    path.write_text(text)
    try:
        assert main(["office", "publish", str(house.folder)]) == 3
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
    told = capsys.readouterr().err
    assert why in told, told
    assert "nothing was handed out" in told


def test_a_file_of_the_office_that_cannot_be_read_is_told_of_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Passwords are not made anew by themselves: each desk would be locked out."""
    (tmp_path / office_folder.DESKS).write_text(office_folder.EXAMPLE)
    office_folder.set_up(tmp_path)
    routine, passwords = tmp_path / "all" / "bad.toml", tmp_path / office_folder.PASSWORDS
    routine.write_bytes(b'name = "\xfcben"')
    assert main(["office", "publish", str(tmp_path)]) == 3
    assert f"{routine} can't be handed out (it isn't saved as UTF-8)" in capsys.readouterr().err
    passwords.write_text("{")
    assert main(["office", "setup", str(tmp_path)]) == 3
    assert f"{passwords} can't be read; bring it back" in capsys.readouterr().err
    passwords.unlink()
    assert main(["office", "setup", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[team]]\nname = 5\ndesks = []\n", "broker"),
        ('[broker]\nhost = "x"\n[[team]]\nname = "a b"\ndesks = ["d"]\n', "small letters"),
        ('[broker]\nhost = "x"\n[[team]]\nname = "a"\ndesks = ["d", "d"]\n', "name of its own"),
        ('[broker]\nhost = "x"\n[[team]]\nname = "a"\ndesks = ["office"]\n', "name of its own"),
    ],
)
def test_a_register_that_cannot_be_is_told_of_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    (tmp_path / office_folder.DESKS).write_text(text)
    assert main(["office", "setup", str(tmp_path)]) == 3
    assert why in capsys.readouterr().err


def test_with_tls_a_desk_gets_the_certificate_that_it_is_to_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    text = office_folder.EXAMPLE.replace("tls = false", "tls = true").replace('""', '"ca.pem"')
    (tmp_path / office_folder.DESKS).write_text(text)
    assert main(["office", "setup", str(tmp_path)]) == 7
    assert "ca.pem is no certificate" in capsys.readouterr().err
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    assert main(["office", "setup", str(tmp_path)]) == 0
    assert "\nkeyfile " in (tmp_path / "broker" / "office.conf").read_text()
    assert main(["office", "join", str(tmp_path / "desks" / "sales-1.json")]) == 0
    found = config.load().office
    assert found.tls
    assert Path(found.ca_file).read_text() == "-----BEGIN CERTIFICATE-----\n"


def test_who_joins_another_office_has_no_routine_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But has it still where the same one is joined again."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for office in ("one", "two"):
        (tmp_path / office).mkdir()
        (tmp_path / office / office_folder.DESKS).write_text(office_folder.EXAMPLE)
        office_folder.set_up(tmp_path / office)
    kept = places.office_folder() / "all" / "handed-out.json"
    for office, left in (("one", True), ("one", True), ("two", False)):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch()
        assert main(["office", "join", str(tmp_path / office / "desks" / "sales-1.json")]) == 0
        assert kept.exists() is left


def test_setting_up_again_changes_no_key_and_no_password(house: House, tmp_path: Path) -> None:
    (tmp_path / office_folder.DESKS).write_text(office_folder.EXAMPLE)
    office_folder.set_up(tmp_path)
    names = [office_folder.KEY, office_folder.PASSWORDS, "desks/sales-1.json", "broker/rights"]
    before = [(tmp_path / name).read_bytes() for name in names]
    office_folder.set_up(tmp_path)
    assert [(tmp_path / name).read_bytes() for name in names] == before
    secret = [tmp_path / name for name in (*names[:3], "broker/passwords", "office.password")]
    assert {path.stat().st_mode & 0o777 for path in secret} == {0o600}


# --- the process ---------------------------------------------------------------------------


def test_the_process_lives_as_a_service_and_ends_with_its_parent_as_a_child(
    house: House, tmp_path: Path
) -> None:
    """A service's input is closed from the beginning; a child's, when it is time to go."""
    homes = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "STATE")}
    homes["XDG_RUNTIME_DIR"] = str(tmp_path)
    environment = {**os.environ, **homes}
    file = tmp_path / "exercise-assistant" / "config.toml"
    found = office_folder.invitation(house.folder / "desks" / "sales-2.json")
    access = house.access("sales-2")
    file.parent.mkdir()
    file.write_text(
        f'[office]\non = true\nhost = "127.0.0.1"\nport = {house.broker.port}\n'
        f'desk = "sales-2"\nkey = "{found.key}"\npassword_file = "{access.password_file}"\n'
    )
    command = [sys.executable, "-P", "-m", "assistant.outside.office"]
    here = of_desk("sales-2", "here")
    with line(house, "spy", here) as spy:
        for given in (subprocess.DEVNULL, subprocess.PIPE):
            process = subprocess.Popen(command, stdin=given, env=environment)
            try:
                spy.heard_on(here, b"here")
                assert process.poll() is None
                if process.stdin is not None:
                    process.stdin.close()
                else:
                    process.terminate()
                spy.heard_on(here, b"gone")
                assert process.wait(5) == 0
            finally:
                process.kill()
