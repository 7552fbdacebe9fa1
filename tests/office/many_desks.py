"""Thousands of desks at one broker, with a desk's own message code and simulated people:
`python -m tests.office.many_desks 500 1000 2000`.

Measured are the broker (a real Mosquitto with the rights that `assistant office setup` makes), the
board (`assistant office board` on a terminal of its own) and the time until what the office
publishes has arrived. All desks are in this one process, which is therefore the slowest part: the
times are what a desk sees at the worst. Each desk keeps its files in memory.
"""

import argparse
import json
import os
import pty
import re
import resource
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from assistant.config import Config
from assistant.config.for_coach import settings_for
from assistant.content.routine_reader import load
from assistant.machine import places
from assistant.office import office_folder
from assistant.office.member import Member, Out, Place, Week
from assistant.office.sums import Figures, week_of
from assistant.office.topics import GONE, HERE, of_desk
from assistant.simulation.desk_people import PEOPLE
from assistant.simulation.world import simulate
from tests.mosquitto import Mosquitto, running

TEAM = 25
"""Desks in a team."""
SEEDS = 4
"""Weeks that are lived by each kind of simulated person; a desk takes one of them."""
IDLE_S = 30.0
ROUTINE = """\
id = "office-break"
name = "Office break"
exercise = [{ use = "office-stand" }]
"""
EXERCISE = """\
id = "office-stand"
name = "Office stand"
spoken_name = "office stand"
position = "standing"
phase = "acute"
movements = []
mode = "hold"
sides = "none"
setup = "Stand tall."
steps = ["Stand tall, and let your shoulders sink."]
move = "Stay tall."
mistakes = ["Don't hold your breath."]
stop_if = "you feel dizzy"
dose = { hold_s = 20 }
sources = [{ org = "own", dose = "20 s" }]
"""


def lived_weeks() -> list[Week]:
    """What simulated people did in a week with the real coach."""
    known = load([places.folder("routines")])
    settings = settings_for(Config(), known, once=False)
    reports = [
        simulate(person, 7, seed, settings) for person in sorted(PEOPLE) for seed in range(SEEDS)
    ]
    return [
        Week(breaks_due=one.due, breaks_taken=one.taken, sessions=2, exercise_s=300.0)
        for one in reports
    ]


class Desk:
    """One desk: the real message code, and a connection that the fleet's loop serves."""

    def __init__(self, fleet: "Fleet", name: str, place: Place, password: str) -> None:
        self.fleet, self.name = fleet, name
        self.member = Member(place, fleet.folder / name, [])
        self.client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set(name, password)
        self.client.will_set(of_desk(name, "here"), GONE, 1, retain=True)
        self.client.on_connect = self._on_connect
        self.client.on_message = self._on_message
        self.up = False

    def connect(self, port: int) -> None:
        self.client.connect("127.0.0.1", port, 15, clean_start=True)

    def _on_connect(self, *_: object) -> None:
        self.client.subscribe([(topic, 0) for topic in self.member.topics()])
        self.publish(Out(of_desk(self.name, "here"), HERE.decode()))
        self.tell(self.member.greeting(self.fleet.today))
        self.up = True

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.fleet.waiting.append((self, message.topic, bytes(message.payload)))

    def tell(self, out: list[Out]) -> None:
        for one in out:
            self.publish(one)

    def publish(self, one: Out) -> None:
        self.fleet.sent += 1
        self.client.publish(one.topic, one.text, 1, retain=True)


class Fleet:
    """All desks, served by one thread."""

    def __init__(self, office: Path, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.today = date(2026, 11, 30)
        self.sent = 0
        self.looked_at = 0.0
        self.waiting: list[tuple[Desk, str, bytes]] = []
        """What came for desks, before they look at it: on machines of their own they would do that
        all at once."""
        self.selector = selectors.DefaultSelector()
        self.desks: list[Desk] = []
        for path in sorted(office.glob("desks/*.json")):
            found = office_folder.invitation(path)
            place = Place(found.desk, found.key, found.team, sums=True)
            self.desks.append(Desk(self, found.desk, place, found.password))

    def serve(self, until: Callable[[], bool], within_s: float) -> float:
        """Serve all desks until the condition holds; how long it took."""
        began = time.monotonic()
        while not until():
            if time.monotonic() - began > within_s:
                raise TimeoutError("it took too long")
            self.turn(0.05)
        return time.monotonic() - began

    def turn(self, wait_s: float = 0.0) -> None:
        """Take and send what there is."""
        if time.monotonic() - self.looked_at > 2.0:
            self.looked_at = time.monotonic()
            for desk in self.desks:
                if desk.client.socket() is not None:
                    desk.client.loop_misc()
        for key, _ in self.selector.select(wait_s):
            desk = key.data
            desk.client.loop_read()
            while desk.client.want_write():
                desk.client.loop_write()

    def look(self) -> float:
        """Have each desk look at what came for it; seconds for each of them."""
        began, waiting = time.monotonic(), self.waiting
        self.waiting = []
        for number, (desk, topic, payload) in enumerate(waiting):
            desk.tell(desk.member.heard(topic, payload, self.today))
            if number % 100 == 99:
                self.turn()
        return (time.monotonic() - began) / max(1, len(waiting))

    def connect(self) -> None:
        for number, desk in enumerate(self.desks):
            desk.connect(self.port)
            line = desk.client.socket()
            assert line is not None
            self.selector.register(line, selectors.EVENT_READ, desk)
            if number % 50 == 49:
                self.turn()


# --- what is measured -----------------------------------------------------------------


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss: +(\d+)", text, re.M)
    assert found is not None
    return int(found[1]) / 1024


class Terminal:
    """`assistant office board` on a terminal, and what it has drawn."""

    def __init__(self, office: Path) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "office", "board", str(office)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "LINES": "120", "COLUMNS": "160"},
        )
        os.close(slave)
        self.text, self.drawn_at = "", 0.0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                got = os.read(self.master, 1 << 16)
            except OSError:
                return
            text = self.text + got.decode(errors="replace")
            self.text = text[text.rfind("\x1b[H", 0, -4) if "\x1b[H" in text else 0 :]
            self.drawn_at = time.monotonic()

    def on(self) -> int:
        """How many desks it shows as on; -1: nothing yet."""
        found = re.findall(r"([\d,]+) of [\d,]+ desks are on", self.text)
        return int(found[-1].replace(",", "")) if found else -1

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


@contextmanager
def office_of(count: int, folder: Path) -> Iterator[tuple[Path, Mosquitto]]:
    office = folder / "office"
    office.mkdir()
    teams = [
        (f"team-{start // TEAM}", [f"desk-{n}" for n in range(start, min(start + TEAM, count))])
        for start in range(0, count, TEAM)
    ]
    text = '[broker]\nhost = "127.0.0.1"\nport = 1\n'
    for team, desks in teams:
        text += f"[[team]]\nname = {json.dumps(team)}\ndesks = {json.dumps(desks)}\n"
    (office / office_folder.DESKS).write_text(text)
    office_folder.set_up(office)
    conf = (office / "broker" / "office.conf").read_text()
    conf = conf.replace("/etc/mosquitto/office", str(office / "broker"))
    with running(folder, re.sub(r"(?m)^listener .*$", "", conf)) as broker:
        (office / office_folder.DESKS).write_text(
            text.replace("port = 1\n", f"port = {broker.port}\n")
        )
        yield office, broker


def measure(count: int, weeks: list[Week]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        with office_of(count, folder) as (office, broker):
            fleet = Fleet(office, folder / "desks", broker.port)
            board = Terminal(office)
            try:
                return _measured(count, weeks, office, broker, fleet, board)
            finally:
                board.close()


def _measured(
    count: int, weeks: list[Week], office: Path, broker: Mosquitto, fleet: Fleet, board: Terminal
) -> dict[str, Any]:
    found: dict[str, Any] = {"desks": count}
    # All come to work.
    busy = cpu_s(broker.pid)
    began = time.monotonic()
    fleet.connect()
    fleet.serve(lambda: board.on() == count, 180)
    took = time.monotonic() - began
    found["connected_s"] = round(took, 1)
    found["connected_messages_a_second"] = round(fleet.sent / took)
    found["broker_cpu_connecting_s"] = round(cpu_s(broker.pid) - busy, 2)

    # Something new for all, and the groups.
    (office / "all" / "office-break.toml").write_text(ROUTINE)
    (office / "all" / "exercises").mkdir()
    (office / "all" / "exercises" / "office-stand.toml").write_text(EXERCISE)
    busy, sent = cpu_s(broker.pid), fleet.sent
    publishing = subprocess.Popen(
        [sys.executable, "-m", "assistant", "office", "publish", str(office)],
        stdout=subprocess.PIPE,
        text=True,
    )
    fleet.serve(lambda: bool(fleet.waiting), 60)
    # One message with the routine and one with the group for each desk.
    found["first_until_last_desk_s"] = round(
        fleet.serve(lambda: len(fleet.waiting) >= 2 * count, 300), 2
    )
    fleet.serve(lambda: publishing.poll() is not None, 60)
    assert publishing.stdout is not None
    found["publish_said"] = publishing.stdout.read().strip().splitlines()
    found["broker_cpu_publishing_s"] = round(cpu_s(broker.pid) - busy, 2)
    found["each_desk_looks_at_a_message_ms"] = round(1000 * fleet.look(), 1)
    assert fleet.sent - sent == count
    fleet.serve(lambda: f"lies at {count:,} of {count:,} desks" in board.text, 60)

    # A week later.
    grouped = [desk for desk in fleet.desks if desk.member._memory.groups]
    found["summed"] = len(grouped)
    fleet.today += timedelta(weeks=1)
    week = week_of(fleet.today)
    total = Figures()
    for number, desk in enumerate(grouped):
        lived = weeks[number % len(weeks)]
        total += lived.figures if lived.figures else Figures()
        desk.member._remember(weeks={week: lived})
    fleet.today += timedelta(weeks=1)
    busy, sent, began = cpu_s(broker.pid), fleet.sent, time.monotonic()
    for desk in grouped:
        desk.tell(desk.member.turn(fleet.today))
    fleet.serve(lambda: f"{week}  all" in board.text, 120)
    fleet.serve(_still(board), 60)
    took = board.drawn_at - began
    found["week_told_s"] = round(took, 1)
    found["week_messages_a_second"] = round((fleet.sent - sent) / took)
    found["broker_cpu_week_s"] = round(cpu_s(broker.pid) - busy, 2)
    row = re.search(rf"{week}  all +([\d,]+) +([\d,]+) taken, ([\d,]+) due", board.text)
    assert row is not None, board.text
    people, taken, due = (int(cell.replace(",", "")) for cell in row.groups())
    assert (people, taken, due) == (len(grouped), total.breaks_taken, total.breaks_due), row[0]
    found["sum_is_right"] = row[0]

    # Nothing happens.
    pids = broker.pid, board.process.pid
    busy_s = [cpu_s(pid) for pid in pids]
    began = time.monotonic()
    fleet.serve(lambda: time.monotonic() - began > IDLE_S, IDLE_S + 5)
    shares = [100 * (cpu_s(pid) - was) / IDLE_S for pid, was in zip(pids, busy_s, strict=True)]
    found["idle_cpu_percent_broker_and_board"] = [round(share, 2) for share in shares]
    found["memory_mib_broker_and_board"] = [round(memory_mib(pid), 1) for pid in pids]

    # One comes and goes: until it stands on the board.
    late: list[float] = []
    for number in range(20):
        gone = number % 2 == 0
        began = time.monotonic()
        text = (GONE if gone else HERE).decode()
        fleet.desks[7].publish(Out(of_desk(fleet.desks[7].name, "here"), text))
        wanted = count - 1 if gone else count
        fleet.serve(lambda wanted=wanted: board.on() == wanted, 10)  # type: ignore[misc]
        late.append(board.drawn_at - began)
        fleet.serve(_after(0.25), 1)
    found["redraw_s_median_and_worst"] = [round(sorted(late)[10], 3), round(max(late), 3)]
    return found


def _after(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def _still(board: Terminal) -> Callable[[], bool]:
    """The board has drawn nothing new for a second."""
    return lambda: time.monotonic() - board.drawn_at > 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("desks", type=int, nargs="*", default=[500, 1000, 2000])
    asked = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536), most))
    if shutil.disk_usage("/dev/shm").free < 1 << 28:
        sys.exit("it needs 256 MiB in /dev/shm")
    weeks = lived_weeks()
    for count in asked.desks:
        print(json.dumps(measure(count, weeks), indent=1), flush=True)


if __name__ == "__main__":
    main()
