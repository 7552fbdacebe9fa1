"""What the lamp shows: one table, for the LED and for the lamp on the screen.

Decides how each state looks; when a state holds is the coach's business, and how
a level becomes light is the device's. The patterns differ in rhythm, so they can
be told apart without colour, and on a lamp that knows only on and off.
"""

from dataclasses import dataclass

from assistant.coach.effects import Lamp

ON_FROM = 0.5
"""A lamp that knows only on and off is on from this level up."""


@dataclass(frozen=True, slots=True)
class Step:
    """Stay at `level` for `seconds`; or, gliding, get there evenly in that time."""

    level: float
    seconds: float
    glide: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the lamp does over and over."""

    words: str
    """For people: how it looks."""
    means: str
    steps: tuple[Step, ...]

    @property
    def period_s(self) -> float:
        """How long it takes to come round."""
        return sum(step.seconds for step in self.steps)


def _breath(rise_s: float, fall_s: float, dark_s: float) -> tuple[Step, ...]:
    return Step(1.0, rise_s, glide=True), Step(0.0, fall_s, glide=True), Step(0.0, dark_s)


PATTERNS: dict[Lamp, Pattern] = {
    Lamp.OFF: Pattern("dark", "switched off", (Step(0.0, 1.0),)),
    Lamp.IDLE: Pattern(
        "breathes slowly", "waiting for you: say the wake phrase, or press", _breath(2.5, 2.5, 1.0)
    ),
    Lamp.LISTENING: Pattern("stays lit", "listening: say what you want", (Step(1.0, 1.0),)),
    Lamp.READY: Pattern(
        "one short pulse a second", "get into position", (Step(1.0, 0.2), Step(0.0, 0.8))
    ),
    Lamp.HOLDING: Pattern(
        "lit, with a wink every two seconds",
        "hold, or keep moving",
        (Step(1.0, 1.8), Step(0.0, 0.2)),
    ),
    Lamp.RESTING: Pattern(
        "dark, with one blink every three seconds", "rest", (Step(1.0, 0.2), Step(0.0, 2.8))
    ),
    Lamp.PAUSED: Pattern(
        "blinks slowly, as long lit as dark",
        "paused: press to go on",
        (Step(1.0, 1.6), Step(0.0, 1.6)),
    ),
    Lamp.SOON: Pattern(
        "breathes, and faster than when it waits",
        "in two minutes it will be time to stand up",
        _breath(0.9, 0.9, 0.4),
    ),
    Lamp.DUE: Pattern(
        "breathes fast",
        "time to stand up, or to take the ice or the heat off",
        _breath(0.3, 0.3, 0.2),
    ),
    Lamp.OVERDUE: Pattern(
        "three short blinks, then dark",
        "still time to stand up; nothing more will be said",
        (
            *(Step(1.0, 0.2), Step(0.0, 0.2), Step(1.0, 0.2), Step(0.0, 0.2)),
            *(Step(1.0, 0.2), Step(0.0, 1.8)),
        ),
    ),
    Lamp.STANDING: Pattern(
        "a long and a short blink, over and over",
        "you are up, and it is being timed",
        (Step(1.0, 0.8), Step(0.0, 0.4), Step(1.0, 0.2), Step(0.0, 0.6)),
    ),
    Lamp.QUIET: Pattern(
        "dark, with one blink every six seconds",
        "no reminders for now: quiet, away, or after hours",
        (Step(1.0, 0.2), Step(0.0, 5.8)),
    ),
    Lamp.NOT_LISTENING: Pattern(
        "dark, but lit for a second in every six",
        "not listening: press, and it listens again",
        (Step(1.0, 1.0), Step(0.0, 5.0)),
    ),
    Lamp.FAULT: Pattern(
        "two short blinks, then a long dark",
        "something doesn't work: the screen says what",
        (Step(1.0, 0.2), Step(0.0, 0.2), Step(1.0, 0.2), Step(0.0, 4.4)),
    ),
}


def level(lamp: Lamp, t: float) -> float:
    """Brightness from 0 to 1 as an eye sees it, `t` seconds after the pattern began."""
    steps = PATTERNS[lamp].steps
    at, before = _place(lamp, t)
    step = steps[at]
    if not step.glide:
        return step.level
    start = steps[at - 1].level
    return start + (step.level - start) * (before / step.seconds)


def lit(lamp: Lamp, t: float) -> bool:
    """The same for a lamp that knows only on and off."""
    return level(lamp, t) >= ON_FROM


def next_change(lamp: Lamp, t: float, glide_s: float) -> float | None:
    """The next `t` at which the level is another; while it glides, `glide_s` later. None: never."""
    steps = PATTERNS[lamp].steps
    if len(steps) == 1:
        return None
    at, before = _place(lamp, t)
    left = steps[at].seconds - before
    return t + (min(left, glide_s) if steps[at].glide else left)


def _place(lamp: Lamp, t: float) -> tuple[int, float]:
    """The step at `t`, and how long it has lasted."""
    pattern = PATTERNS[lamp]
    into = max(0.0, t) % pattern.period_s
    for at, step in enumerate(pattern.steps):
        if into < step.seconds:
            return at, into
        into -= step.seconds
    return len(pattern.steps) - 1, pattern.steps[-1].seconds  # rounding at the very end
