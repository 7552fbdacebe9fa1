"""The bridge: what the coach tells goes to the broker, what the house asks for goes to the coach.

Decides when what is told: everything, each time somebody new listens; otherwise what has changed;
that nobody is told of a coach that isn't there, and who keeps a name that two want. What is told
stands in `home_states` and `home_entities`, what is asked for in `home_commands` and
`home_pending`, how the broker is found in `mqtt_broker`.
"""

import json
import logging
import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue

from assistant.coach.effects import Situation
from assistant.coach.events import Recalled, Source
from assistant.errors import AssistantError
from assistant.outside import home_states, mqtt_broker
from assistant.outside.broker_access import Access
from assistant.outside.door_protocol import (
    Answer,
    Count,
    Happened,
    Hello,
    Inward,
    Outward,
    Unwell,
    Visit,
)
from assistant.outside.home_entities import BIRTH, Name, discovery
from assistant.outside.home_pending import Orders
from assistant.outside.home_states import COUNTED, Names, Offset
from assistant.outside.mqtt_broker import Connected, Denied, Disconnected, Heard, Message
from assistant.outside.name_claim import CLAIM_S, Claim, Verdict

log = logging.getLogger("assistant.mqtt")

KNOCK_S = (0.5, 1.0, 2.0, 5.0)
"""Between two tries at the door of a coach that isn't there; the last one repeats."""
AFTER_BIRTH_S = 3.0
"""Home Assistant has just come up: each coach tells it all within this time, not all at once."""
AGAIN_S = 1.0
"""After an announcement the states are told again: a choice that wasn't there a moment ago was
refused, and isn't looked at again."""
COUNT_S = 0.3
"""After something happened today's sums are asked for, once it is in the journal."""
LOOK_S = 600.0
"""The longest wait: midnight passes, and software is updated."""
YIELD_S = 600.0
"""Before the next try where another coach has our name."""
WAITING = 200
"""So many messages may wait; what comes then is a flood, and is let go by."""
SUMS = frozenset({"breaks", "sessions", "exercised", "pain"})
"""The topics of which we know only what we told last."""


@dataclass(frozen=True, slots=True)
class DoorOpened:
    send: Callable[[Inward], None]


@dataclass(frozen=True, slots=True)
class DoorClosed:
    pass


@dataclass(frozen=True, slots=True)
class End:
    pass


Fact = mqtt_broker.Fact | Outward | DoorOpened | DoorClosed | End


class Bridge:
    """Both sides' facts in one inbox; everything is done on the thread that calls `run`."""

    def __init__(
        self,
        access: Access,
        name: Name,
        names: Names,
        *,
        chosen: str,
        health: bool,
        folders: Sequence[Path] | None = None,
    ) -> None:
        """`chosen`: the routine that "start" means at first. `health`: whether the house may hear
        how much a back hurts. `folders`: where the door may be, if not at its usual places."""
        self._access, self._name, self._names = access, name, names
        self._health, self._folders = health, folders
        self._inbox: SimpleQueue[Fact] = SimpleQueue()
        self._line: mqtt_broker.Connection | None = None
        self._connected = False
        self._claim = Claim(secrets.token_hex(6))
        self._send: Callable[[Inward], None] | None = None
        self._now: Situation | None = None
        """None: no coach is there."""
        self._offset = Offset(time.time() - time.monotonic())
        self._told: dict[str, str] = {}
        """What stands in each topic, as far as we know."""
        self._due: dict[Callable[[], None], float] = {}
        """What is to be done, and when (monotonic)."""
        self._unwell = ""
        """What is wrong now that only a person can mend; empty: nothing."""
        self._logged = ""
        self._orders = Orders(names, chosen, self._tell_coach, self._answer, health=health)

    def end(self) -> None:
        """Come to an end; from any thread, and from a signal's handler."""
        self._inbox.put(End())

    def run(self) -> None:
        """Until `end`."""
        threading.Thread(target=self._visit, name="visit", daemon=True).start()
        self._connect()
        while True:
            for action in [do for do, at in self._due.items() if at <= time.monotonic()]:
                del self._due[action]
                action()
            wait_s = min(self._due.values(), default=0.0) - time.monotonic()
            try:
                fact = self._inbox.get(timeout=max(0.0, wait_s if self._due else LOOK_S))
            except Empty:
                continue
            if isinstance(fact, End):
                break
            self._take(fact)
        if self._line is not None:
            last = Message(self._name.topic("availability"), b"offline", retain=True, sure=True)
            self._line.close(last if self._connected and self._claim.held else None)

    # --- the door's side --------------------------------------------------------------------------

    def _visit(self) -> None:
        """Be at the coach's door for as long as the process lives. A thread of its own."""
        tries = 0
        hello = Hello("mqtt", Source.MQTT, self._health)
        while True:
            try:
                visit = Visit(hello, self._folders)
            except AssistantError:
                time.sleep(KNOCK_S[min(tries, len(KNOCK_S) - 1)])
                tries += 1
                continue
            tries = 0
            self._inbox.put(DoorOpened(visit.send))
            try:
                for message in visit.messages():
                    self._inbox.put(message)
            except ValueError as error:  # another version's: the next start of either mends that
                log.warning("the coach says something that isn't known here: %s", error)
                time.sleep(KNOCK_S[-1])
            visit.close()
            self._inbox.put(DoorClosed())
            time.sleep(KNOCK_S[0])

    def _tell_coach(self, message: Inward) -> bool:
        """Whether there is one to be told."""
        try:
            if self._send is not None:
                self._send(message)
                return True
        except OSError:
            self._send = None
        return False

    def _say_unwell(self, reason: str) -> None:
        """To the coach that is there now, once until it is well again, or to whichever comes."""
        before, self._unwell = self._unwell, reason
        if reason != before:
            self._tell_coach(Unwell(reason))

    # --- the broker's side ------------------------------------------------------------------------

    def _connect(self) -> None:
        self._line = mqtt_broker.Connection(
            self._access,
            f"{self._name.id}-{self._claim.token}",
            self._hear,
            will=Message(self._name.topic("availability"), b"offline", retain=True, sure=True),
            filters=(self._name.commands, BIRTH),
        )
        self._line.start()

    def _hear(self, fact: mqtt_broker.Fact) -> None:
        """From the connection's thread. A flood must not fill the memory, nor make us late."""
        if isinstance(fact, Heard) and self._inbox.qsize() > WAITING:
            self._orders.flooded = True
            return
        self._inbox.put(fact)

    def _publish(self, key: str, text: str, *, retain: bool = True) -> None:
        """In the coach's name, once it is ours."""
        if self._line is not None and self._connected and self._claim.held:
            self._line.publish(Message(self._name.topic(key), text.encode(), retain=retain))

    def _answer(self, text: str) -> None:
        self._publish("answer", text, retain=False)

    def _tell_states(self, found: dict[str, str]) -> None:
        """Publish what is another than before."""
        for key, text in found.items():
            if self._told.get(key) != text:
                self._told[key] = text
                self._publish(key, text)

    # --- what comes -------------------------------------------------------------------------------

    def _take(self, fact: Fact) -> None:
        match fact:
            case Connected():
                self._logged = ""
                self._connected = True
                self._publish_claim()
                self._due[self._hold] = time.monotonic() + (0 if self._claim.held else CLAIM_S)
            case Disconnected(trouble):
                self._connected = False
                self._due.pop(self._hold, None)
                if trouble.reason != self._logged:
                    self._logged = trouble.reason
                    log.warning("no broker: %s; %s", trouble.reason, trouble.mend)
                if trouble.aloud:
                    self._say_unwell(trouble.aloud)
            case Denied(topic):
                log.warning("the broker doesn't let us publish to %s: see its rights", topic)
                self._say_unwell("the broker doesn't give me the right to do so")
            case Heard():
                self._take_message(fact)
            case DoorOpened(send):
                self._send = send
                if self._unwell:
                    self._tell_coach(Unwell(self._unwell))
                self._tell_coach(Count())
            case DoorClosed():
                self._send = self._now = None
                self._orders.coach_gone()
                self._tell_states({"availability": "offline"})
            case Situation():
                self._see(fact)
            case Recalled():
                self._tell_states(home_states.sums(fact))
                self._due[self._count] = time.monotonic() + LOOK_S
            case Happened(record):
                if (text := home_states.event(record, self._names)) is not None:
                    self._publish("event", text, retain=False)
                if record.kind in COUNTED:
                    self._due[self._count] = time.monotonic() + COUNT_S
                if self._health and (number := home_states.pain(record)) is not None:
                    self._tell_states({"pain": number})
            case Answer():
                self._orders.answered(fact, self._now)

    def _see(self, now: Situation) -> None:
        new, self._now = self._now is None, now
        offset_s = time.time() - time.monotonic()
        if abs(offset_s - self._offset.seconds) > 0.5:  # the clock was set, or we slept
            self._offset = Offset(offset_s)
        self._tell_states(self._states(now))
        self._tick(now)
        if new:
            self._tell_states({"availability": "online"})

    def _states(self, now: Situation) -> dict[str, str]:
        return home_states.states(
            now,
            time.monotonic(),
            self._offset,
            self._names,
            chosen=self._orders.chosen,
            health=self._health,
        )

    def _tick(self, now: Situation) -> None:
        """Sitting time is told by the minute, while it counts."""
        self._due.pop(self._look, None)
        if now.sits_since is not None:
            at = time.monotonic()
            self._due[self._look] = at + 60 - (at - now.sits_since) % 60

    def _look(self) -> None:
        if self._now is not None:
            self._see(self._now)

    def _count(self) -> None:
        self._tell_states({"update": home_states.software()})
        self._tell_coach(Count())

    # --- being found, under a name of one's own ---------------------------------------------------

    def _hold(self) -> None:
        """Nobody objected: the name is ours."""
        self._claim = replace(self._claim, held=True)
        self._say_unwell("")
        self._announce()

    def _all_well(self) -> None:
        self._say_unwell("")

    def _publish_claim(self) -> None:
        if self._line is not None:
            self._line.publish(Message(self._name.topic("owner/set"), self._claim.payload()))

    def _take_claim(self, payload: bytes) -> None:
        match self._claim.judge(payload):
            case Verdict.OBJECT:
                self._publish_claim()
                if self._claim.held:
                    log.warning("another coach at this broker wants the name %s", self._name.name)
                    self._say_unwell("another coach in the house wants the same name")
                    self._due[self._all_well] = time.monotonic() + 2 * YIELD_S
                    self._announce()  # it may have told something in our name
            case Verdict.YIELD:
                log.warning(
                    "another coach at this broker has the name %s: give this one another, "
                    "name in [mqtt]",
                    self._name.name,
                )
                self._say_unwell("another coach in the house has the same name")
                self._connected = False
                self._claim = replace(self._claim, held=False)
                self._due.pop(self._hold, None)
                if self._line is not None:
                    self._line.close()
                self._line = None
                self._due[self._connect] = time.monotonic() + YIELD_S

    def _announce(self) -> None:
        """Tell whoever listens all there is."""
        if self._line is None or not self._connected:
            return
        routines = list(self._names.routines.values())
        told = discovery(self._name, routines, health=self._health)
        self._line.publish(
            Message(self._name.discovery, json.dumps(told).encode(), retain=True, sure=True)
        )
        self._tell_all()
        self._due[self._tell_all] = time.monotonic() + AGAIN_S

    def _tell_all(self) -> None:
        known, self._told = self._told, {}
        sums = {key: text for key, text in known.items() if key in SUMS}
        self._tell_states({"update": home_states.software(), **sums})
        if self._now is not None:
            self._tell_states(self._states(self._now))
            self._tick(self._now)
        self._tell_states({"availability": "offline" if self._now is None else "online"})

    def _take_message(self, heard: Heard) -> None:
        if heard.topic == BIRTH:
            if heard.payload == b"online" and self._claim.held:
                wait_s = random.uniform(0, AFTER_BIRTH_S)  # noqa: S311 - no secret
                self._due[self._announce] = time.monotonic() + wait_s
            return
        key = self._name.command(heard.topic)
        if key is None or key == "doctor":
            return
        if key == "owner":
            if not heard.retained:  # a claim that the broker kept is nobody's who is there now
                self._take_claim(heard.payload)
            return
        if not heard.payload:
            return  # somebody cleared what the broker had kept
        self._orders.take(key, heard, self._now)
        if key == "routine":
            self._look()
