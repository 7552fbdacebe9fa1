"""Days that real programs saw, played again: the coach still orders the very same.

Each was written by `run --record`, with a virtual microphone and loudspeaker, typed lines, a mock
of the button's pin, and clocks that were set ahead: a session to its end, pauses, what hurt, the
questions, reminders, quiet, a power cut, ice and heat, typed lines, the button.

They are of version 1. Two things are written otherwise since, and translated here:
- A place in a routine was the index of a segment, and is an exercise, its part, side and repetition
  since: a routine may be another one after a power cut. So a recorded place is compared with the
  segment that the session is at, and the one that a day begins with is translated.
- The log calls the desk by its own state: what was "idle" is "sitting".
- How often a break was put off is kept while it is open; once it is taken, no more.
Everything else is compared effect by effect, field by field, in its order.
"""

import json
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Done, Effect, Keep, Place
from assistant.coach.place import keys
from assistant.coach.settings import Settings
from assistant.coach.state import Led, State
from assistant.coach.step import begin, step
from assistant.content.types import Kind
from assistant.machine.messages import build, plain
from assistant.simulation.recording import EVENTS

ARCHIVE = Path(__file__).parent / "recordings" / "days.tar.xz"
DAYS = ("session", "pause", "hurt", "questions", "reminder", "quiet", "power-cut", "power-cut-2",
        "timer", "typed", "button")  # fmt: skip


@cache
def lines_of(day: str) -> list[Any]:
    with tarfile.open(ARCHIVE) as archive:
        packed = archive.extractfile(f"{day}.jsonl")
        assert packed is not None
        return [json.loads(line) for line in packed.read().splitlines()]


def translated(old: dict[str, Any] | None, settings: Settings) -> Place | None:
    """A recorded place as it would be kept today. In this day the session had come to its segment
    through all the work before it."""
    if old is None:
        return None
    plan = settings.plans[old["routine"]]
    item, part, side, repetition = keys(plan)[old["segment"]]
    before = [s for s in plan.segments[: old["segment"]] if s.item == item and s.kind is Kind.WORK]
    assert len({s.side for s in before}) == len(before)
    return Place(
        plan.id,
        plan.exercise_ids[item],
        part,
        side,
        repetition,
        plan.segments[old["segment"]].length_s,
        old["elapsed_s"],
        plan.exercise_ids,
        tuple(Done(s.side, s.length_s, s.reps) for s in before),
    )


def as_recorded(effect: Effect, state: State) -> Any:
    """An effect as version 1 wrote it."""
    found = plain(effect)
    if isinstance(effect, Keep):
        place = effect.place
        index = state.lead.session.index if isinstance(state.lead, Led) else 0
        kept = ("routine", "elapsed_s", "sit_left_s", "snoozes", "quiet_left_s", "away_left_s")
        found["place"] = {name: getattr(place, name) for name in kept} | {"segment": index}
    return found


def as_compared(effect: Any) -> Any:
    if effect["is"] == "Ignored":
        return {**effect, "reason": effect["reason"].replace("while idle", "while sitting")}
    if effect["is"] == "Keep":
        left_out = ("is", "timer", "timer_s")
        place = {key: value for key, value in effect["place"].items() if key not in left_out}
        if place["sit_left_s"] is None:
            place["snoozes"] = 0
        return {**effect, "place": place}
    return effect


@pytest.mark.parametrize("day", DAYS)
def test_a_recorded_day_replays_to_the_very_same_effects(day: str) -> None:
    """Every effect of every event, in its order."""
    head, *steps = lines_of(day)
    settings = build(Settings, head["settings"])
    place = translated(head["place"], settings)
    state, _ = begin(settings, head["now"], greet=head["greet"], place=place)
    assert len(steps) > 40
    for number, recorded in enumerate(steps, 1):
        event = build(EVENTS[recorded["event"]["is"]], recorded["event"])
        state, effects = step(state, event, recorded["now"])
        now = [as_compared(as_recorded(effect, state)) for effect in effects]
        assert now == [as_compared(effect) for effect in recorded["effects"]], (number, event)


def test_every_recorded_day_is_played() -> None:
    """None lies there unread."""
    with tarfile.open(ARCHIVE) as archive:
        assert set(archive.getnames()) == {f"{day}.jsonl" for day in DAYS}
