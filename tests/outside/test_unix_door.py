"""The door: who is let in, what is told, and that nobody outside can hold up the house."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from assistant.coach import situation
from assistant.coach.effects import Doing, Record, Situation
from assistant.coach.events import (
    Asked,
    Command,
    Event,
    Found,
    Lost,
    Part,
    Period,
    Present,
    Recalled,
    Source,
)
from assistant.coach.state import State
from assistant.errors import AssistantError, ExitCode
from assistant.outside.door_protocol import (
    Answer,
    Ask,
    Count,
    Devices,
    Happened,
    Hello,
    Offered,
    Somebody,
    Unwell,
    Visit,
    WantDevices,
    discreet,
)
from assistant.outside.unix_door import VISITORS, WAITING_BYTES, WISHES, Door
from tests.coach.driver import Drive


class House:
    """A real coach behind a real door; what is asked for is done when `serve` is called."""

    def __init__(self, folder: Path) -> None:
        self.inbox: Queue[Event] = Queue()
        self.folder = folder
        self.drive = Drive()
        self.counted: Recalled | None = None
        self.door: Door[State] = Door(
            self.inbox.put, situation.of, [folder], today=lambda: self.counted
        )
        self.door.saw(None, [], self.drive.state)

    def serve(self) -> Event:
        event = self.inbox.get(timeout=10)
        self.tell(event)
        return event

    def tell(self, event: Event) -> None:
        effects = self.drive.at(self.drive.now, event)
        self.door.saw(event, effects, self.drive.state)

    def visit(self, *, health: bool = False, source: Source = Source.PAGE) -> Visit:
        return Visit(Hello("a test", source, health), [self.folder])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / ("a folder with a long name " * 6))
    yield house
    house.door.close()


def test_who_comes_in_sees_the_moment_at_once(house: House) -> None:
    visit = house.visit()
    first = next(visit.messages())
    assert isinstance(first, Situation)
    assert first == situation.of(house.drive.state)
    visit.close()


def test_a_wish_is_obeyed_answered_and_seen(house: House) -> None:
    """It is the same fact as a word or a press; the answer tells what was said to it."""
    visit = house.visit(source=Source.MQTT)
    messages = visit.messages()
    next(messages)
    visit.send(Ask(7, Command.START, routine="sides"))
    event = house.serve()
    assert event == Asked(Command.START, Source.MQTT, routine="sides")
    seen = [next(messages) for _ in range(4)]
    answer = next(one for one in seen if isinstance(one, Answer))
    assert (answer.number, answer.obeyed, answer.reason) == (7, True, "")
    told = [one for one in seen if isinstance(one, Situation)]
    assert told[-1].doing is Doing.LEADING
    visit.close()


def test_what_can_not_be_done_is_answered_with_the_reason(house: House) -> None:
    visit = house.visit()
    messages = visit.messages()
    next(messages)
    visit.send(Ask(1, Command.PAUSE))
    house.serve()
    answer = next(one for one in messages if isinstance(one, Answer))
    assert (answer.number, answer.obeyed) == (1, False)
    assert "pause" in answer.reason
    visit.close()


def test_a_sensor_elsewhere_is_a_sensor(house: House) -> None:
    visit = house.visit()
    visit.send(Somebody(False))
    assert house.serve() == Present(False)
    visit.close()


def test_health_stays_inside_unless_somebody_is_let_in_for_it(house: House) -> None:
    """Nor does anybody else hear that an exercise was stopped because it hurt."""
    rows = [
        Record("pain", value=7),
        Record("command", "hurts", detail="voice"),
        Record("exercise", "plank", 3.0, "hurt"),
        Record("break_taken"),
    ]
    discreet, trusted = house.visit(), house.visit(health=True)
    ours, theirs = discreet.messages(), trusted.messages()
    next(ours)
    next(theirs)
    house.door.saw(Present(True), rows, house.drive.state)
    assert [next(theirs) for _ in rows] == [Happened(row) for row in rows]
    told = [next(ours), next(ours)]
    assert told == [Happened(Record("exercise", "plank", 3.0, "stopped")), Happened(rows[-1])]
    discreet.close()
    trusted.close()


def test_what_others_do_at_a_desk_stays_in_the_room(house: House) -> None:
    """The desk's own breaks are told all the same; who is there is told nobody."""
    state = house.drive.state
    others = replace(state, person=replace(state.person, id="ben"))
    kinds = ("person", "session_start", "felt", "morning", "break_taken")
    rows = [Record(kind, "ben") for kind in kinds]
    visit = house.visit(health=True)
    messages = visit.messages()
    next(messages)
    house.door.saw(Present(True), rows, others)
    house.door.saw(Present(True), rows, state)
    happened = (one.record.kind for one in messages if isinstance(one, Happened))
    assert [next(happened) for _ in kinds] == ["break_taken", *kinds[1:]]
    visit.close()


@pytest.mark.parametrize(
    "record",
    [
        *(Record(kind) for kind in ("pain", "screening", "level", "told")),
        *(Record(kind) for kind in ("felt", "morning", "of tomorrow")),
        *(Record("command", name) for name in ("compared", "back_hurts", "dizzy", "number")),
    ],
)
def test_what_tells_of_a_back_is_told_to_nobody_who_is_not_to_hear_it(record: Record) -> None:
    """Nor is a kind of row that nobody has thought about yet."""
    assert discreet(record) is None


def test_more_questions_than_can_be_answered_put_nobody_out(tmp_path: Path) -> None:
    """One that fails is forgotten, too."""
    slow = threading.Event()

    def devices(want: WantDevices) -> Devices:
        slow.wait(10)
        if want.number == 1:
            raise OSError
        return Devices(want.number, ())

    inbox: Queue[Event] = Queue()
    folder = tmp_path / "door"
    door: Door[State] = Door(inbox.put, situation.of, [folder], {WantDevices: devices})
    visit = Visit(Hello("a test", Source.PAGE), [folder])
    messages = visit.messages()
    try:
        for number in range(1, WISHES + 3):
            visit.send(WantDevices(number))
        visit.send(Somebody(True))  # what is asked is read in turn
        assert inbox.get(timeout=5) == Present(True)
        slow.set()
        for number in range(2, WISHES + 1):
            assert next(messages) == Devices(number, ())
        for number in range(WISHES):
            visit.send(WantDevices(100 + number))
            assert next(messages) == Devices(100 + number, ())
    finally:
        slow.set()
        visit.close()
        door.close()


def test_what_was_done_today_is_counted_for_whoever_asks(house: House) -> None:
    """Without a word of pain, but for whom that was allowed."""
    done = Recalled(Period.TODAY, breaks_taken=3, exercise_s=90.0, pain_before=4.0)
    house.counted = done
    for health, told in ((True, done), (False, replace(done, pain_before=None))):
        visit = house.visit(health=health)
        messages = visit.messages()
        next(messages)
        visit.send(Count())
        assert next(messages) == told
        visit.close()


def test_a_page_has_nothing_said_as_the_offices(house: House) -> None:
    """It is put out for it; from the broker's side it is told."""
    page, office = house.visit(source=Source.PAGE), house.visit(source=Source.MQTT)
    page.send(Offered(("of my own choosing",)))
    assert not [one for one in page.messages() if isinstance(one, Happened)]  # and that they end
    office.send(Offered(("the office break",)))
    assert house.serve() == Offered(("the office break",))
    office.close()


def test_a_visitor_says_what_only_a_person_can_mend(house: House) -> None:
    visit = house.visit(source=Source.MQTT)
    visit.send(Unwell("the broker doesn't take my password"))
    assert house.serve() == Lost(Part.BROKER, "the broker doesn't take my password")
    visit.send(Unwell(""))
    assert house.serve() == Found(Part.BROKER)
    visit.close()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b'{"is":"Ask","number":1,"command":"start"}\n',
        b'{"is":"Hello","who":"x","source":"nobody","health":false}\n',
        b'{"is":"Hello","who":"x","source":"page","health":false}\n{"is":"Quit"}\n',
        b"\xff\xfe\n",
        b"x" * 200_000,
    ],
)
def test_whoever_does_not_know_the_house_is_put_out(house: House, rubbish: bytes) -> None:
    """And who does is served on."""
    good, bad = house.visit(), house.visit()
    bad.close()
    stranger = socket.socket(socket.AF_UNIX)
    folder = os.open(house.folder, os.O_PATH)
    stranger.connect(f"/proc/self/fd/{folder}/door.socket")
    os.close(folder)
    stranger.settimeout(10)
    try:
        stranger.sendall(rubbish)
        stranger.shutdown(socket.SHUT_WR)
        while stranger.recv(65536):
            pass
    except ConnectionError:
        pass
    stranger.close()
    assert isinstance(next(good.messages()), Situation)
    good.close()


def test_one_that_does_not_read_is_put_out_and_nobody_waits_for_it(house: House) -> None:
    deaf, other = house.visit(), house.visit()
    messages = other.messages()
    next(messages)
    row = Record("break_taken", detail="x" * 10_000)
    count = 3 * WAITING_BYTES // 10_000
    slowest_s = 0.0
    for _ in range(count):
        began = time.monotonic()
        house.door.saw(Present(True), [row], house.drive.state)
        slowest_s = max(slowest_s, time.monotonic() - began)
        assert next(messages) == Happened(row)
    assert slowest_s < 0.5
    assert sum(1 for _ in deaf.messages()) < count
    deaf.close()
    other.close()


def test_only_so_many_come_in(house: House) -> None:
    visits = [house.visit() for _ in range(VISITORS)]
    assert all(isinstance(next(visit.messages()), Situation) for visit in visits)
    late = house.visit()
    assert list(late.messages()) == []
    for visit in (*visits, late):
        visit.close()


def test_the_door_of_one_that_was_killed_does_not_stay_shut(house: House) -> None:
    """Its socket lies there; the next one takes its place."""
    again = House(house.folder)
    visit = again.visit()
    assert isinstance(next(visit.messages()), Situation)
    visit.close()
    again.door.close()


def test_where_nobody_runs_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="assistant run") as no:
        Visit(Hello("a test", Source.PAGE), [tmp_path])
    assert no.value.code == ExitCode.FILE_ACCESS


def test_it_is_for_this_user_alone(house: House) -> None:
    assert (house.folder / "door.socket").stat().st_mode & 0o777 == 0o600
    assert house.folder.stat().st_mode & 0o777 == 0o700
