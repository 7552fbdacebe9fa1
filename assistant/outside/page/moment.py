"""What one screen is told of the moment.

Decides what of a situation is shown to whom, in which words; how it looks stands in `markup` and in
the assets. Deadlines go out as seconds that are left, and the browser counts them down itself.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from assistant.coach.effects import Doing, LedNow, Situation, View
from assistant.content.types import Exercise, Kind, Mode
from assistant.outside.door_protocol import Devices
from assistant.outside.page import buttons
from assistant.outside.page.buttons import BY_NAME


@dataclass(frozen=True, slots=True)
class Clock:
    """A countdown."""

    name: str
    """The same as long as it is the same countdown."""
    left_s: float
    total_s: float
    still: bool
    """It stands still."""


@dataclass(frozen=True, slots=True)
class Moment:
    """As it is sent, and as a page without script shows it."""

    there: bool
    """Whether the coach is there at all."""
    title: str
    detail: str = ""
    doing: str = ""
    lamp: str = ""
    progress: str = ""
    next: str = ""
    heard: str = ""
    person: str = ""
    """Who is there, where people are told apart: "With Mia"."""
    exercise: str = ""
    side: str = ""
    figure: str = ""
    """Where its drawing is; empty: there is none."""
    clock: Clock | None = None
    code: str = ""
    """What lets another device in, while it is good."""
    stand_s: float | None = None
    """Until the next reminder to stand up."""
    faults: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    """The buttons that are needed at once, by name."""
    can: tuple[str, ...] = ()
    """Those that can be pressed besides."""


NO_DEVICES = Devices(0, ())
NOBODY = Moment(False, "The coach isn't running", "This page comes back by itself when it is.")
MOVING = (Kind.SETUP, Kind.STEPS, Kind.WORK)
A_QUESTION = "A question is open"


def moment(
    now: Situation | None,
    known: Mapping[str, Exercise],
    at: float,
    *,
    watch_only: bool,
    devices: Devices = NO_DEVICES,
    people: Mapping[str, str] = MappingProxyType({}),
) -> Moment:
    """`known`: the exercises, by id; `at`: monotonic seconds; `people`: what those are called who
    exercise here, by id, a guest too; none where nobody is told apart. Who may only watch is
    told nothing of what a person was asked or said, and no code that would let it do more."""
    if now is None:
        return NOBODY
    view, led = now.view, now.led
    asking = now.doing is Doing.ASKING
    hidden = watch_only and asking
    front = tuple(name for name, one in BY_NAME.items() if buttons.in_front(one, now))
    return Moment(
        there=True,
        title=A_QUESTION if hidden else view.title,
        detail="" if hidden else view.detail,
        doing=now.doing,
        lamp=view.lamp,
        progress="" if view.progress == view.title else view.progress,
        next=f"Next: {known[led.following].name}" if led and led.following in known else "",
        heard="" if watch_only else view.heard,
        person="" if watch_only or now.person not in people else f"With {people[now.person]}",
        exercise=led.exercise if led else "",
        side=led.side if led else "",
        figure=figure(led, known.get(led.exercise)) if led else "",
        clock=clock(view, at),
        code=devices.code if not watch_only and at < devices.code_until else "",
        stand_s=None if view.stand_at is None or led else round(view.stand_at - at, 3),
        faults=view.faults,
        front=() if watch_only else front,
        can=()
        if watch_only
        else tuple(
            name
            for name, one in BY_NAME.items()
            if buttons.possible(one, now) and name not in front
        )
        + tuple(f"{buttons.PERSON}:{one}" for one in people if one != now.person),
    )


def figure(led: LedNow, exercise: Exercise | None) -> str:
    """The drawing moves while the movement is told and done, and stands still in a hold, a rest and
    a pause."""
    if exercise is None or exercise.figure is None:
        return ""
    held = led.part == Kind.WORK and exercise.mode in (Mode.HOLD, Mode.HOLD_REPS)
    moves = led.began is not None and led.part in MOVING and not held
    return f"/figures/{exercise.id}.svg?side={led.side}&moves={int(moves)}"


def clock(view: View, at: float) -> Clock | None:
    if view.left_s is not None:
        return Clock("still", round(max(0.0, view.left_s), 3), view.total_s, still=True)
    if view.ends_at is None:
        return None
    left_s = round(max(0.0, view.ends_at - at), 3)
    return Clock(f"{view.ends_at:.3f}", left_s, view.total_s, still=False)


def news(moment: Moment) -> Moment:
    """Without what only runs down: two of one value are the same to see."""
    clock = moment.clock
    return replace(moment, stand_s=None, clock=clock and replace(clock, left_s=0.0))


def told(moment: Moment) -> dict[str, object]:
    """As JSON holds it."""
    return asdict(moment)
