"""A house for tests: a real broker's client that listens to all, and a real coach behind a real
door, whose clock goes with the machine's."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue, SimpleQueue
from typing import Any

from assistant.coach import situation
from assistant.coach.effects import Effect
from assistant.coach.events import Event, Quit, Recalled
from assistant.coach.settings import Settings
from assistant.coach.state import State
from assistant.outside.broker_access import Access
from assistant.outside.home_bridge import Bridge
from assistant.outside.home_entities import Name
from assistant.outside.home_states import Names
from assistant.outside.mqtt_broker import Connected, Connection, Disconnected, Fact, Heard, Message
from assistant.outside.unix_door import Door
from tests.coach.driver import SETTINGS, Drive
from tests.mosquitto import Mosquitto

NAMES = Names(
    routines={"sides": "Sides", "gentle": "Gentle"},
    exercises={"plank": "Plank", "donkey-kick": "Donkey kick"},
    called={"sides": "sides", "gentle": "gentle"},
)


class Coach:
    """A real coach with an open door; what is asked for is done at once."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS) -> None:
        self.inbox: Queue[Event] = Queue()
        self.events: list[Event] = []
        self.counted: Recalled | None = None
        self.drive = Drive(settings, now=time.monotonic())
        self.door: Door[State] = Door(
            self.inbox.put, situation.of, [folder], today=lambda: self.counted
        )
        self.door.saw(None, [], self.drive.state)
        self._thread = threading.Thread(target=self._pump, daemon=True)
        self._thread.start()

    def _pump(self) -> None:
        while not isinstance(event := self.inbox.get(), Quit):
            self.events.append(event)
            effects = self.drive.at(time.monotonic(), event)
            self.door.saw(event, effects, self.drive.state)

    def wait_for(self, event: Event, within_s: float = 15.0) -> None:
        """Until the coach was told this."""
        until = time.monotonic() + within_s
        while event not in self.events:
            assert time.monotonic() < until, self.events
            threading.Event().wait(0.02)

    def happened(self, *effects: Effect) -> None:
        """As if the coach had ordered these."""
        self.door.saw(None, effects, self.drive.state)

    def close(self) -> None:
        self.inbox.put(Quit())
        self._thread.join()
        self.door.close()


class House:
    """Whoever listens at the broker: the last text of each topic, and what was heard in between."""

    def __init__(
        self, broker: Mosquitto, name: str = "desk", only: str = "#", **access: Any
    ) -> None:
        """`only`: which of the coach's topics are listened to."""
        self.name = Name(name)
        self.last: dict[str, str] = {}
        self.answers: SimpleQueue[Any] = SimpleQueue()
        self.happenings: SimpleQueue[Any] = SimpleQueue()
        self.heard: list[tuple[str, str]] = []
        self._news = threading.Condition()
        self._up = threading.Event()
        self.access = Access(host="127.0.0.1", port=broker.port, **access)
        self.line = Connection(
            self.access,
            f"house-{name}-{id(self)}",
            self._take,
            filters=(f"coach/{self.name.id}/{only}", f"homeassistant/device/{self.name.id}/config"),
            backoff_s=(0.05,),
        )
        self.line.start()
        self.wait_for_connection()

    def wait_for_connection(self) -> None:
        assert self._up.wait(15)

    def _take(self, fact: Fact) -> None:
        if isinstance(fact, Connected):
            self._up.set()
        if isinstance(fact, Disconnected):
            self._up.clear()
        if not isinstance(fact, Heard):
            return
        text = fact.payload.decode()
        with self._news:
            self.last[fact.topic] = text
            self.heard.append((fact.topic, text))
            self._news.notify_all()
        if fact.topic == self.name.topic("answer"):
            self.answers.put(json.loads(text))
        if fact.topic == self.name.topic("event"):
            self.happenings.put(json.loads(text))

    def wait(self, right: Callable[[], bool], within_s: float = 10.0) -> None:
        with self._news:
            came = self._news.wait_for(right, within_s)
            assert came, {topic: text[:40] for topic, text in self.last.items()}

    def shows(self, key: str, text: str, within_s: float = 10.0) -> None:
        """Wait until a topic of the coach's has this text."""
        topic = self.name.topic(key)
        self.wait(lambda: self.last.get(topic) == text, within_s)

    def state(self, key: str) -> str | None:
        return self.last.get(self.name.topic(key))

    def send(self, key: str, text: str, *, retain: bool = False) -> None:
        topic = self.name.topic(f"{key}/set")
        self.line.publish(Message(topic, text.encode(), retain=retain))

    def answer(self, within_s: float = 10.0) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.answers.get(timeout=within_s)
        except Empty:
            raise AssertionError("no answer came") from None
        return found

    def ask(self, key: str, text: str = "PRESS") -> dict[str, Any]:
        """Send a command and wait for what became of it."""
        self.send(key, text)
        return self.answer()

    def close(self) -> None:
        self.line.close()


class Running:
    """A bridge on a thread of its own."""

    def __init__(
        self,
        broker: Mosquitto,
        folder: Path,
        name: str = "desk",
        *,
        health: bool = False,
        **access: Any,
    ) -> None:
        self.bridge = Bridge(
            Access(host="127.0.0.1", port=broker.port, **access),
            Name(name),
            NAMES,
            chosen="sides",
            health=health,
            folders=[folder],
        )
        self._thread = threading.Thread(target=self.bridge.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.bridge.end()
        self._thread.join(10)
        assert not self._thread.is_alive()
