"""What stands in the topics: a moment of the coach as short texts, and what happened as events.

Decides what of a person is told to the house, and that it never ticks: times are given as the
moment at which something ends. Of their health nothing is told unless they allow it, nor what
would give it away. Which entities there are stands in `home_entities`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant import __version__
from assistant.coach.effects import Doing, Record, Situation
from assistant.coach.events import Recalled
from assistant.outside.home_commands import OFF, ON
from assistant.outside.home_words import WORDS
from assistant.panel.lamp_patterns import PATTERNS

RELEASE = Path(__file__).parents[1] / "__init__.py"
"""What says which version lies on the disk, also after an update below a process that runs."""
NONE = "None"
"""Home Assistant's word for a state that there is none of."""
HAPPENED = {
    "session_start": "session_started",
    "break_due": "break_due",
    "break_taken": "break_taken",
    "break_snoozed": "break_put_off",
    "break_skipped": "break_skipped",
    "break_unanswered": "break_missed",
}
COUNTED = frozenset({"session_end", "exercise", "break_due", "break_taken"})
"""The rows after which today's sums are others."""


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called for people, by their ids."""

    routines: Mapping[str, str]
    exercises: Mapping[str, str]
    called: Mapping[str, str]
    """Ids of routines by all that they may be called, in lower case."""


@dataclass(frozen=True, slots=True)
class Offset:
    """The wall clock minus the monotonic one: how a time of the coach's becomes a moment."""

    seconds: float

    def text(self, monotonic: float | None) -> str:
        """As Home Assistant reads it; never without its zone."""
        if monotonic is None:
            return NONE
        moment = datetime.fromtimestamp(round(monotonic + self.seconds), UTC)
        return moment.isoformat()


def states(
    now: Situation, at: float, offset: Offset, names: Names, *, chosen: str, health: bool
) -> dict[str, str]:
    """Topic keys and their texts. `at`: now, in monotonic seconds; `chosen`: the routine that
    "start" means."""
    doing = now.doing
    if doing is Doing.ASKING and now.led is not None and not health:
        doing = Doing.PAUSED  # within a routine it is only asked where it hurts
    led = now.led
    sits_min = 0 if now.sits_since is None else max(0, int((at - now.sits_since) // 60))
    lamp = now.view.lamp
    pattern = PATTERNS[lamp]
    return {
        "state": doing.value,
        "state/attributes": _json(WORDS[doing]),
        "led": NONE if led is None else names.routines.get(led.routine, led.routine),
        "exercise": NONE
        if led is None or not led.exercise
        else names.exercises.get(led.exercise, led.exercise),
        "ends": offset.text(now.view.ends_at),
        "stand_up": offset.text(now.view.stand_at),
        "quiet_until": offset.text(now.quiet_until),
        "sitting": str(sits_min),
        "lamp": lamp.value,
        "lamp/attributes": _json(
            {
                "looks": pattern.words,
                "means": pattern.means,
                "period_s": pattern.period_s,
                "steps": [asdict(step) for step in pattern.steps],
            }
        ),
        "here": ON if now.here else OFF,
        "listening": ON if now.listening else OFF,
        "faults": ON if now.view.faults else OFF,
        "faults/attributes": _json({"faults": list(now.view.faults)}),
        "routine": names.routines.get(chosen, NONE),
        "reminders": ON if now.reminders and now.quiet_until is None else OFF,
        "interval": f"{now.interval_s / 60:g}",
    }


def sums(today: Recalled) -> dict[str, str]:
    """What was done today."""
    return {
        "breaks": str(today.breaks_taken),
        "sessions": str(today.sessions),
        "exercised": f"{today.exercise_s / 60:.1f}",
    }


def event(record: Record, names: Names) -> str | None:
    """What happened, for automations; None: nothing that the house is told."""
    told: dict[str, object]
    if record.kind == "command" and record.detail == "button":
        told = {"event_type": "button", "command": record.name}
    elif record.kind == "session_end":
        done = record.detail == "done"
        told = {"event_type": "session_done" if done else "session_ended_early"}
        told["minutes"] = round(record.seconds / 60, 1)
    elif record.kind in HAPPENED:
        told = {"event_type": HAPPENED[record.kind]}
    else:
        return None
    if record.kind.startswith("session"):
        told["routine"] = names.routines.get(record.name, record.name)
    return _json(told)


def pain(record: Record) -> str | None:
    """The number that was told; only for whom a person lets hear of it."""
    return str(record.value) if record.kind == "pain" and record.value is not None else None


def software() -> str:
    """The version that runs, and the one that lies on the disk now."""
    try:
        text = RELEASE.read_text(encoding="utf-8")
    except OSError:
        text = ""
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    latest = found[1] if found else __version__
    return _json({"installed_version": __version__, "latest_version": latest})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
