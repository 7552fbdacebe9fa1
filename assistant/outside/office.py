"""The process between the door and an office's broker: `python -m assistant.outside.office`.

Decides when what is carried, and that of all that the door tells only the rows' kinds and lengths
go any further. What the desk tells its office, takes from it and refuses is decided in
`assistant.office.member`. It has a connection of its own: what `[mqtt]` tells a home never goes to
an office.
"""

import logging
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue

from assistant.coach.effects import Record
from assistant.coach.events import Offered, Source
from assistant.config import Config
from assistant.errors import AssistantError
from assistant.machine import places
from assistant.machine.child import when_abandoned
from assistant.machine.clock import clock_is_right
from assistant.office import seal
from assistant.office.handed_out import Refused
from assistant.office.member import Member, Out, Place
from assistant.office.topics import GONE, HERE, of_desk
from assistant.outside import mqtt_broker
from assistant.outside.broker_access import Access
from assistant.outside.door_protocol import Happened, Hello, Unwell, Visit
from assistant.outside.mqtt_broker import Connected, Denied, Disconnected, Heard, Message
from assistant.outside.own_process import configured

log = logging.getLogger("assistant.office")

KNOCK_S = 5.0
"""Between two tries at the door of a coach that isn't there."""
LOOK_S = 1800.0
"""Between two looks at the calendar. Up to this much later, by chance, a week is told of: else all
desks of an office would do so in one second."""
FIRST_YEAR = 2026
"""A clock that shows an earlier one was never set."""


@dataclass(frozen=True, slots=True)
class End:
    pass


@dataclass(frozen=True, slots=True)
class AtDoor:
    """The coach is there; None: no more."""

    visit: Visit | None


Fact = mqtt_broker.Fact | Record | AtDoor | End


def access(config: Config) -> Access:
    """Where the office's broker is."""
    office = config.office
    return Access(
        host=office.host,
        port=office.port,
        tls=office.tls,
        ca_file=Path(office.ca_file) if office.ca_file else None,
        user=office.desk,
        password_file=Path(office.password_file) if office.password_file else None,
    )


def has_key(config: Config) -> bool:
    """Whether there is a key that the office's signatures can be checked with."""
    return seal.is_key(config.office.key)


def member(config: Config) -> Member:
    """The desk, by its configuration. Raises AssistantError where it can keep nothing."""
    office = config.office
    place = Place(
        desk=office.desk,
        key=office.key,
        team=office.team,
        name=office.name,
        sums=office.sums,
        refused=office.refused,
    )
    others = places.written_folders(places.config_folder())
    return Member(place, places.office_folder(), others)


class Carrier:
    """Between a desk and its broker; everything is done on the thread that calls `run`."""

    def __init__(
        self,
        desk: Member,
        broker_access: Access,
        folders: Sequence[Path] | None = None,
        today: Callable[[], date | None] | None = None,
    ) -> None:
        """`folders`: where the door may be, if not at its usual places. `today`: None while
        nobody knows."""
        self._desk, self._folders = desk, folders
        self._today = today or today_if_known
        self._inbox: SimpleQueue[Fact] = SimpleQueue()
        self._newest: dict[str, Heard] = {}
        """What was heard and not yet looked at, by topic."""
        self._one_at_a_time = threading.Lock()
        self._refused = ""
        """Why something was refused last, as the log has it."""
        self._logged = ""
        self._unwell = ""
        """What is wrong now that only a person can mend; empty: nothing."""
        self._at_door: Visit | None = None
        self._topics = desk.topics()
        here = of_desk(desk.place.desk, "here")
        self._gone = Message(here, GONE, retain=True, sure=True)
        self._here = Message(here, HERE, retain=True, sure=True)
        self._line = mqtt_broker.Connection(
            broker_access,
            desk.place.desk,
            self._hear,
            will=self._gone,
            filters=self._topics,
        )

    def end(self) -> None:
        """Come to an end; from any thread, and from a signal's handler."""
        self._inbox.put(End())

    def run(self) -> None:
        """Until `end`."""
        threading.Thread(target=self._visit, name="visit", daemon=True).start()
        self._line.start()
        while True:
            try:
                # Chance, so that not all desks of an office tell of their week at once.
                fact = self._inbox.get(timeout=LOOK_S * random.uniform(0.5, 1))  # noqa: S311
            except Empty:
                if (today := self._today()) is not None:
                    self._tell(self._desk.turn(today))
                continue
            if isinstance(fact, End):
                break
            try:
                self._take(fact)
            except Refused as refused:
                if str(refused) != self._refused:
                    self._refused = str(refused)
                    log.warning("what came from the office's broker is refused: %s", refused)
            except (AssistantError, OSError) as error:
                log.warning("%s", error)
        self._line.close(self._gone)

    def _hear(self, fact: mqtt_broker.Fact) -> None:
        """From the connection's thread. Of each topic the newest message is all there is to know,
        so no flood fills the memory, or hides what came last."""
        if isinstance(fact, Heard):
            if fact.topic not in self._topics:
                return
            with self._one_at_a_time:
                waits = fact.topic in self._newest
                self._newest[fact.topic] = fact
            if waits:
                return
        self._inbox.put(fact)

    def _take(self, fact: Fact) -> None:
        today = self._today()
        match fact:
            case AtDoor(visit):
                self._at_door = visit
                if self._unwell:
                    self._tell_coach(Unwell(self._unwell))
                self._tell_news()
            case Connected():
                self._logged = ""
                self._say_unwell("")
                self._line.publish(self._here)
                self._tell(self._desk.greeting(today))
            case Disconnected(trouble):
                if trouble.reason != self._logged:
                    self._logged = trouble.reason
                    mend = trouble.mend.replace("[mqtt]", "[office]")
                    log.warning("no office: %s; %s", trouble.reason, mend)
                if trouble.aloud:
                    self._say_unwell(trouble.aloud)
            case Denied(topic):
                log.warning("the broker doesn't let us publish to %s: see its rights", topic)
            case Heard(topic):
                with self._one_at_a_time:
                    newest = self._newest.pop(topic)
                self._tell(self._desk.heard(topic, newest.payload, today))
                self._tell_news()
            case Record(kind=kind, seconds=seconds) if today is not None:
                self._desk.count(kind, seconds, today)

    def _tell(self, out: Sequence[Out]) -> None:
        for one in out:
            self._line.publish(Message(one.topic, one.text.encode(), retain=True, sure=True))

    def _tell_news(self) -> None:
        """What the office has handed out is told to the coach, once; later where it isn't there."""
        routines, suggestion = self._desk.news
        if (routines or suggestion) and self._tell_coach(Offered(routines, suggestion)):
            self._desk.news = ((), False)

    def _say_unwell(self, reason: str) -> None:
        """To the coach that is there now, once until it is well again, or to whichever comes."""
        before, self._unwell = self._unwell, reason
        if reason != before:
            self._tell_coach(Unwell(reason))

    def _tell_coach(self, message: Unwell | Offered) -> bool:
        """Whether there is one to be told."""
        if (visit := self._at_door) is not None:
            with suppress(OSError):
                visit.send(message)
                return True
        return False

    def _visit(self) -> None:
        """Be at the coach's door for as long as the process lives. A thread of its own."""
        while True:
            try:
                visit = Visit(Hello("office", Source.MQTT), self._folders)
            except AssistantError:
                time.sleep(KNOCK_S)
                continue
            self._inbox.put(AtDoor(visit))
            try:
                for message in visit.messages():
                    if isinstance(message, Happened):
                        self._inbox.put(message.record)
            except ValueError as error:  # another version's: the next start of either mends that
                log.warning("the coach says something that isn't known here: %s", error)
            visit.close()
            self._inbox.put(AtDoor(None))
            time.sleep(KNOCK_S)


def today_if_known() -> date | None:
    """The date; None where the clock was never set."""
    today = date.today()
    return today if today.year >= FIRST_YEAR or clock_is_right() else None


def main() -> None:
    """`[CONFIG]`: another configuration than the person's own."""
    config, _ = configured("office")
    try:
        carrier = Carrier(member(config), access(config))
    except AssistantError as error:
        sys.exit(f"assistant: {error}")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: carrier.end())
    when_abandoned(carrier.end)
    carrier.run()


if __name__ == "__main__":
    main()
