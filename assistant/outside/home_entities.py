"""What Home Assistant finds by itself: one message that describes the coach and all its entities.

Decides which entities there are, what each is called and what kind it is. What stands in their
topics is `home_states`', what may be sent to them `home_commands`'. Home Assistant refuses a whole
device over one key that it doesn't know, so every key here has been seen to work in a real one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant import __version__
from assistant.coach.effects import Doing, Lamp
from assistant.outside.home_commands import BUTTONS

BIRTH = "homeassistant/status"
"""Where Home Assistant says that it is there."""
EVENTS = (
    *("button", "session_started", "session_done", "session_ended_early"),
    *("break_due", "break_taken", "break_put_off", "break_skipped", "break_missed"),
)
PRESSED = {"pause": "Pause", "resume": "Go on", "next": "Next exercise", "stop": "Stop"}
PRESSED |= {"up": "I'm up", "stretch": "Stretch"}
assert PRESSED.keys() == BUTTONS.keys()
GONE: dict[str, str] = {}
"""Entities of earlier versions, and their platforms. Left out of the message they would stay for
ever; named with their platform alone they go."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a coach is called at a broker."""

    name: str
    """For people."""

    @property
    def id(self) -> str:
        """In topics: letters, digits, - and _ only, which Home Assistant wants."""
        return re.sub(r"[^A-Za-z0-9_-]+", "-", self.name).strip("-").lower() or "coach"

    def topic(self, key: str) -> str:
        return f"coach/{self.id}/{key}"

    @property
    def commands(self) -> str:
        """The filter of all commands."""
        return self.topic("+/set")

    def command(self, topic: str) -> str | None:
        """The command of a topic that was heard; None: it is none of ours."""
        found = re.fullmatch(rf"coach/{re.escape(self.id)}/([^/]+)/set", topic)
        return found[1] if found else None

    @property
    def discovery(self) -> str:
        return f"homeassistant/device/{self.id}/config"


def discovery(name: Name, routines: Sequence[str], *, health: bool) -> dict[str, Any]:
    """The message, as JSON has it. `routines`: their names."""
    topic = name.topic
    sensors: dict[str, dict[str, Any]] = {
        "state": {
            "name": "State",
            "icon": "mdi:human",
            "device_class": "enum",
            "options": [doing.value for doing in Doing],
            "json_attributes_topic": topic("state/attributes"),
        },
        "led": {"name": "Routine in progress", "icon": "mdi:yoga"},
        "exercise": {"name": "Exercise", "icon": "mdi:yoga"},
        "ends": {"name": "Ends", "device_class": "timestamp"},
        "stand_up": {"name": "Next stand-up", "device_class": "timestamp"},
        "quiet_until": {"name": "Quiet until", "device_class": "timestamp"},
        "sitting": {
            "name": "Sitting time",
            "device_class": "duration",
            "unit_of_measurement": "min",
        },
        "breaks": {
            "name": "Breaks today",
            "icon": "mdi:walk",
            "state_class": "total_increasing",
            "unit_of_measurement": "breaks",
        },
        "sessions": {
            "name": "Sessions today",
            "icon": "mdi:counter",
            "state_class": "total_increasing",
            "unit_of_measurement": "sessions",
        },
        "exercised": {
            "name": "Exercise time today",
            "device_class": "duration",
            "state_class": "total_increasing",
            "unit_of_measurement": "min",
        },
        "lamp": {
            "name": "Lamp",
            "icon": "mdi:led-on",
            "device_class": "enum",
            "options": [lamp.value for lamp in Lamp],
            "json_attributes_topic": topic("lamp/attributes"),
        },
    }
    if health:
        sensors["pain"] = {
            "name": "Pain",
            "icon": "mdi:emoticon-neutral",
            "state_class": "measurement",
        }
    components: dict[str, dict[str, Any]] = {
        key: {"platform": "sensor", "state_topic": topic(key), **more}
        for key, more in sensors.items()
    }
    components |= {
        "here": _binary(topic("here"), "Somebody here", device_class="occupancy"),
        "listening": _binary(
            topic("listening"), "Listening", icon="mdi:microphone", entity_category="diagnostic"
        ),
        "faults": _binary(
            topic("faults"),
            "Faults",
            device_class="problem",
            entity_category="diagnostic",
            json_attributes_topic=topic("faults/attributes"),
        ),
        "start": _button(topic("start"), "Start", "mdi:play"),
        "snooze": _button(topic("snooze"), "Snooze", "mdi:alarm-snooze"),
        "meeting": _button(topic("meeting"), "In a meeting", "mdi:account-voice"),
        "routine": {
            "platform": "select",
            "name": "Routine",
            "icon": "mdi:playlist-play",
            "options": list(routines),
            "state_topic": topic("routine"),
            "command_topic": topic("routine/set"),
        },
        "reminders": {
            "platform": "switch",
            "name": "Reminders",
            "icon": "mdi:bell",
            "entity_category": "config",
            "state_topic": topic("reminders"),
            "command_topic": topic("reminders/set"),
        },
        "interval": {
            "platform": "number",
            "name": "Interval",
            "entity_category": "config",
            "device_class": "duration",
            "unit_of_measurement": "min",
            "min": 1,
            "max": 240,
            "step": 1,
            "mode": "box",
            "state_topic": topic("interval"),
            "command_topic": topic("interval/set"),
        },
        "event": {
            "platform": "event",
            "name": "Happening",
            "event_types": list(EVENTS),
            "state_topic": topic("event"),
        },
        "update": {
            "platform": "update",
            "name": "Software",
            "entity_category": "diagnostic",
            "state_topic": topic("update"),
        },
    }
    components |= {key: _button(topic(key), text, ICONS[key]) for key, text in PRESSED.items()}
    for key, component in components.items():
        component["unique_id"] = f"coach_{name.id}_{key}"
    gone = GONE | ({} if health else {"pain": "sensor"})
    return {
        "device": {
            "identifiers": [f"exercise-assistant-{name.id}"],
            "name": f"Coach {name.name}",
            "manufacturer": "Exercise Assistant",
            "model": "Voice coach",
            "sw_version": __version__,
        },
        "origin": {"name": "exercise-assistant", "sw_version": __version__},
        "availability_topic": topic("availability"),
        "qos": 1,
        "components": {
            **components,
            **{key: {"platform": platform} for key, platform in gone.items()},
        },
    }


ICONS = {"pause": "mdi:pause", "resume": "mdi:play-pause", "next": "mdi:skip-next"}
ICONS |= {"stop": "mdi:stop", "up": "mdi:human-handsup", "stretch": "mdi:yoga"}


def _binary(topic: str, name: str, **more: str) -> dict[str, Any]:
    return {"platform": "binary_sensor", "name": name, "state_topic": topic, **more}


def _button(topic: str, name: str, icon: str) -> dict[str, Any]:
    return {"platform": "button", "name": name, "icon": icon, "command_topic": f"{topic}/set"}
